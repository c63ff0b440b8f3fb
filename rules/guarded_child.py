"""The process in which files from outside are read first. Run by `guarded` and `guarded_warm`.

Limits are set by the kernel, so nothing in a file can talk its way around them. With `--warm` it waits for
files and forks for each set of them; only a fork, with limits of its own, reads what nobody read before, and
hands the readings on, so that an author waits for one reading and not for three.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import select
import signal
import sys
import time

from rules.pack import load_pack_bytes
from rules.pack_parts import Parts

OUT_OF_MEMORY = 3  # exit status
BROKEN = 4  # exit status of a fork that failed in any other way
LONGEST_IDLE = 900.0  # seconds without a request after which a waiting process ends
_AT_ONCE = 1 << 16  # bytes read from a fork


def _limit(cpu_seconds: int, memory: int) -> None:
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    most = int(used) + 1 + cpu_seconds  # importing ourselves is not the author's fault
    resource.setrlimit(resource.RLIMIT_CPU, (most, most + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _answer(files: dict[str, bytes], parts: Parts | None = None) -> tuple[bool, str]:
    loaded = load_pack_bytes(files, parts)
    problems = [
        (
            p.level.value,
            p.rule_id,
            (p.location.file, p.location.line, p.location.column),
            p.zh,
            p.en,
            p.code,
        )
        for p in loaded.problems
    ]
    usable = loaded.draft is not None
    return usable, json.dumps({"usable": usable, "problems": problems})


def _files(header: bytes) -> dict[str, bytes]:
    return {name: sys.stdin.buffer.read(size) for name, size in json.loads(header)}


def _once(cpu_seconds: int, memory: int) -> None:
    """Read files from standard input under limits, and print what is wrong with them."""
    _limit(cpu_seconds, memory)
    try:
        _, answer = _answer(_files(sys.stdin.buffer.readline()))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # nothing that needs memory any more
    sys.stdout.write(answer)


def _wait(cpu_seconds: int, memory: int, wall_seconds: float) -> None:
    """Answer one set of files after the other, as `_once` does; end with the parent or when idle."""
    parts = Parts()
    gc.collect()
    gc.freeze()  # pages that a fork does not touch are not copied
    while select.select([sys.stdin.buffer], [], [], LONGEST_IDLE)[0]:
        header = sys.stdin.buffer.readline()
        if not header:
            return
        files = _files(header)
        status, answer = _in_fork(files, parts, (cpu_seconds, memory, wall_seconds))
        sys.stdout.buffer.write(b"%d %d\n%b" % (status, len(answer), answer))
        sys.stdout.buffer.flush()
        if status == 0:
            parts.take(files, answer.partition(b"\n")[2])


def _in_fork(files: dict[str, bytes], parts: Parts, limits: tuple[int, int, float]) -> tuple[int, bytes]:
    cpu_seconds, memory, wall_seconds = limits
    incoming, outgoing = os.pipe()
    child = os.fork()
    if child == 0:
        os._exit(_forked(files, parts, outgoing, cpu_seconds, memory))
    os.close(outgoing)
    end, answer = time.monotonic() + wall_seconds, b""
    while select.select([incoming], [], [], max(end - time.monotonic(), 0))[0]:
        piece = os.read(incoming, _AT_ONCE)
        if not piece:
            break
        answer += piece
    else:
        os.kill(child, signal.SIGKILL)
    os.close(incoming)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), answer


def _forked(files: dict[str, bytes], parts: Parts, outgoing: int, cpu_seconds: int, memory: int) -> int:
    status = BROKEN
    try:
        gc.disable()  # a short life: looking for garbage costs a third of the reading, and copies every page
        _limit(cpu_seconds, memory)
        unknown = parts.unknown(files)
        usable, answer = _answer(files, parts)
        readings = parts.packed(unknown if usable else {})  # of others only what is wrong is of use
        with os.fdopen(outgoing, "wb") as stream:
            stream.write(answer.encode() + b"\n" + readings)
        status = 0
    except MemoryError:
        status = OUT_OF_MEMORY
    finally:
        os._exit(status)  # whatever happened: a fork never goes on as its parent


def main() -> None:
    """Read files under limits: those on standard input, or with `--warm` set after set of them."""
    cpu_seconds, memory = int(sys.argv[1]), int(sys.argv[2])
    if len(sys.argv) > 3:  # noqa: PLR2004 - --warm and its limit on time
        _wait(cpu_seconds, memory, float(sys.argv[4]))
    else:
        _once(cpu_seconds, memory)


if __name__ == "__main__":
    main()
