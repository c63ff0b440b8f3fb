"""The process in which files from outside are read first. Run by `guarded`, never imported.

Limits are set by the kernel, so nothing in a file can talk its way around them.
"""

from __future__ import annotations

import json
import os
import resource
import sys

from rules.pack import load_pack_bytes

OUT_OF_MEMORY = 3  # exit status


def _limit(cpu_seconds: int, memory: int) -> None:
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    most = int(used) + 1 + cpu_seconds  # importing ourselves is not the author's fault
    resource.setrlimit(resource.RLIMIT_CPU, (most, most + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _answer() -> str:
    header = sys.stdin.buffer.readline()
    files = {name: sys.stdin.buffer.read(size) for name, size in json.loads(header)}
    loaded = load_pack_bytes(files)
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
    return json.dumps({"usable": loaded.draft is not None, "problems": problems})


def main() -> None:
    """Read files from standard input under limits, and print what is wrong with them."""
    _limit(int(sys.argv[1]), int(sys.argv[2]))
    try:
        answer = _answer()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # nothing that needs memory any more
    sys.stdout.write(answer)


if __name__ == "__main__":
    main()
