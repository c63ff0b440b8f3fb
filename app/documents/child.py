"""The child process that draws one document under limits and ends.

It reads a pickled `Task` from its parent on standard input, writes the PDF to standard output, and says in
its exit status why there is none. `limited` starts it, through `start_child`.
"""

from __future__ import annotations

import json
import pickle
import resource
import sys
from dataclasses import dataclass

from app.documents.errors import DocumentError
from app.documents.render import Document, Press, render

EXIT_REFUSED = 3
EXIT_OUT_OF_MEMORY = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost.

    Attributes:
        memory: bytes of address space the drawing may add.
        cpu_seconds: of the child as a whole.
        wall_seconds: after which the parent kills it.
    """

    memory: int = 256 * 1024 * 1024
    cpu_seconds: int = 20
    wall_seconds: float = 30.0


USUAL_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Task:
    """What the parent hands over."""

    document: Document
    press: Press
    limits: Limits


def main() -> int:
    """Draw the document on standard input; 0 when standard output holds it."""
    # The parent wrote these bytes: the pickle crosses no border of trust.
    task: Task = pickle.load(sys.stdin.buffer)  # noqa: S301
    _bind(task.limits)
    try:
        pdf = render(task.document, task.press)
    except DocumentError as problem:
        sys.stderr.write(json.dumps({"code": problem.code, "zh": problem.zh, "en": problem.en}))
        return EXIT_REFUSED
    except MemoryError:
        return EXIT_OUT_OF_MEMORY
    sys.stdout.buffer.write(pdf)
    return 0


def _bind(limits: Limits) -> None:
    """Take from this process what drawing does not need: endless memory and time, files to write."""
    memory = _address_space() + limits.memory
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _address_space() -> int:
    """Return the bytes of address space in use, read from the kernel."""
    with open("/proc/self/statm", encoding="ascii") as numbers:  # noqa: PTH123 - no Path in a bare child
        return int(numbers.read().split()[0]) * resource.getpagesize()
