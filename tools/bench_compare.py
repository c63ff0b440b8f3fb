"""Peers of the reference for `make bench`: the same rules, posts and features; are the verdicts equal?

They are installed into an environment of their own, never into the project's; without a package index the row
says so.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rules.model import AllOf, Rule, RuleKind, Scalar, Test
from rules.rulebook import Rulebook

HERE = Path(__file__).resolve().parent / "bench_peers"
PLACE = Path(__file__).resolve().parent.parent / "var" / "bench-venv"
INSTALL_SECONDS = 300
RUN_SECONDS = 600
WANTED = {"clipspy": 10, "zen-engine": 20, "rule-engine": 50}
"""How many times faster than each the reference has to be. Source: issue 3."""

Features = dict[str, Scalar]


class NoPeers(Exception):  # noqa: N818 - says what happened
    """The peers cannot be installed or run; the message says why."""


@dataclass(frozen=True, slots=True)
class Peer:
    """What came of one peer; `equal`: its verdicts are those of the reference."""

    name: str
    version: str
    per_second: float
    equal: bool


def peers(book: Rulebook, features: Sequence[Features]) -> Iterator[Peer]:
    """Yield how fast each peer is on the rules of a generated pack.

    Args:
        book: of a pack of `bench_packs`.
        features: of each post, sparse; all of them are flags but `reads`.

    Raises:
        NoPeers: they cannot be installed or run.
    """
    python = _installed()
    reference = book.reference(RuleKind.SEVERITY)
    ours = [sorted(reference.fired(values)) for values in features]
    digest = hashlib.sha256(json.dumps(ours).encode()).hexdigest()
    given = {
        "rules": [_plain(rule) for rule in book.rules(RuleKind.SEVERITY)],
        "posts": [
            ([name for name, value in values.items() if value is True], values["reads"])
            for values in features
        ],
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "given.json"
        file.write_text(json.dumps(given), "utf-8")
        for line in _run([str(python), str(HERE / "peers.py"), str(file)], RUN_SECONDS).splitlines():
            said = json.loads(line)
            yield Peer(said["name"], said["version"], said["speed"], said["verdicts"] == digest)


def _plain(rule: Rule) -> tuple[str, str, int]:
    """Return id, flag and least number of reads of a generated rule."""
    tests = rule.when.members if isinstance(rule.when, AllOf) else (rule.when,)
    least = {test.feature: test.value for test in tests if isinstance(test, Test)}
    reads = least.pop("reads", 0)
    return rule.id, next(iter(least)), int(str(reads))


def _installed() -> Path:
    """Return the Python of the peers' environment, made where it is missing or older than its list."""
    wanted = HERE / "requirements.txt"
    python, stamp = PLACE / "bin" / "python", PLACE / ".installed"
    if python.exists() and stamp.exists() and stamp.read_text("utf-8") == wanted.read_text("utf-8"):
        return python
    if shutil.which("uv"):
        _run(["uv", "venv", "--quiet", "--clear", "--python", sys.executable, str(PLACE)], INSTALL_SECONDS)
        pip = ["uv", "pip", "install", "--quiet", "--python", str(python)]
    else:
        _run([sys.executable, "-m", "venv", "--clear", str(PLACE)], INSTALL_SECONDS)
        pip = [str(python), "-m", "pip", "install", "--quiet"]
    _run([*pip, "--requirement", str(wanted)], INSTALL_SECONDS)
    stamp.write_text(wanted.read_text("utf-8"), "utf-8")
    return python


def _run(argv: list[str], seconds: float) -> str:
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=seconds, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoPeers(str(error)) from error
    if done.returncode:
        raise NoPeers((done.stderr.strip().splitlines() or [f"{argv[0]} ended with {done.returncode}"])[-1])
    return done.stdout
