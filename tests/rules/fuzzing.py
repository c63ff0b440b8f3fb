"""Makes hostile packs out of the tiny one and reads them; run as a program in a child with little memory."""

from __future__ import annotations

import re
import resource
import sys
import time
from random import Random

from rules.check import check_pack
from rules.pack import FILES, load_pack_bytes
from rules.problem import Level
from tests.rules.tiny import tiny_bytes

MEMORY = 256 * 1024 * 1024  # bytes of data that the child may own

_SYNTAX = (
    b"{ } [ ] : - & * ' \" | > # , ? ~ \\ &a *a <<: --- ... null .nan 1e999 -0x1F 2026-13-99 99:99".split()
)
_WORDS = b"at_least signal:death all:[ crowd !!python/object:os.system (a{1000}){1000}".split()
_BYTES = (b"\n", b"  ", b"\t", b"|\n", b">-\n", b"%YAML 1.1\n", b"---\n", b"\x00", b"\xff", b"\xed\xa0\x80")
_LONG = (b"9" * 40, b"a" * 3000, b"[" * 60, b"{a: " * 60, "死亡".encode(), "\u2028".encode())
_PIECES = (*_SYNTAX, *_WORDS, *_BYTES, *_LONG)


def mutated(random: Random) -> dict[str, bytes]:
    """Return the files of a pack in which a few things are wrong, or just one word is another."""
    files = tiny_bytes()
    if random.random() < 0.4:
        name = random.choice(list(files))
        files[name] = _one_word(files[name], random)
        return files
    for _ in range(random.randint(1, 6)):
        name = random.choice(list(files))
        files[name] = _one_change(files[name], files, random)
    if random.random() < 0.1:
        del files[random.choice(list(files))]
    return files


def _one_word(content: bytes, random: Random) -> bytes:
    words = list(re.finditer(rb"[\w\x80-\xff.]+", content))
    old, new = random.choice(words), random.choice(words)
    return content[: old.start()] + new[0] + content[old.end() :]


def _one_change(content: bytes, files: dict[str, bytes], random: Random) -> bytes:
    at = random.randint(0, len(content))
    upto = min(len(content), at + random.randint(0, 30))
    words = content.split(b" ")
    random.shuffle(words)
    return random.choice(
        (
            content[:at] + content[upto:],
            content[:at] + random.choice(_PIECES) + content[upto:],
            content[:at] + random.choice(_PIECES) * random.choice((1, 2, 50)) + content[at:],
            content[:at] + content[at:upto] * random.choice((2, 100)) + content[upto:],
            random.choice(list(files.values())),
            b" ".join(words),
            random.randbytes(200),
        )
    )


def read_and_judge(files: dict[str, bytes]) -> float:
    """Return the seconds that reading took; fails where the answer makes no sense."""
    start = time.process_time()
    loaded = load_pack_bytes(files)
    found = () if loaded.draft is None else check_pack(loaded.draft, missing=loaded.missing)
    seconds = time.process_time() - start
    assert (loaded.pack is None) == any(p.level is Level.ERROR for p in loaded.problems)
    for problem in (*loaded.problems, *found):
        assert problem.location.file in FILES, problem
        assert problem.location.line > 0, problem
        assert "\n" not in str(problem), problem
    return seconds


def main() -> None:
    """Print the seconds of the slowest of many packs."""
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    randoms = (Random(f"{seed}/{n}") for n in range(count))  # noqa: S311 - no secret
    print(max(read_and_judge(mutated(random)) for random in randoms))  # noqa: T201


if __name__ == "__main__":
    main()
