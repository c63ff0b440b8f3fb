"""Documents -> PDF bytes, in a child process with limits on memory and time.

Requests and jobs use this one: a hostile text or a county's odd font costs a child, never the server.
It draws nothing itself.
"""

from __future__ import annotations

import json
import pickle
import signal
import subprocess
import sys
from pathlib import Path

from app.documents.child import EXIT_OUT_OF_MEMORY, EXIT_REFUSED, USUAL_LIMITS, Limits, Task
from app.documents.errors import DocumentRefused, RenderFailed, RenderLimitReached
from app.documents.render import OUR_PRESS, Document, Press

_START = Path(__file__).resolve().parent / "start_child.py"
_MOST_OF_A_DETAIL = 4_000  # characters of a traceback worth logging


def render_limited(
    document: Document,
    press: Press = OUR_PRESS,
    limits: Limits = USUAL_LIMITS,
) -> bytes:
    """Return the document as PDF, the same bytes that `render` gives.

    Raises:
        DocumentRefused: the child refused it; `reason` is the code of its `DocumentError`.
        RenderLimitReached: it took more memory or time than allowed.
        RenderFailed: the child ended in any other way.
    """
    handed = pickle.dumps(Task(document, press, limits))
    # An empty environment: the child needs none, and secrets have no business there.
    command = [sys.executable, "-X", "utf8", str(_START)]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command
            command,
            input=handed,
            capture_output=True,
            env={},
            timeout=limits.wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as problem:
        raise RenderLimitReached("时间", "time") from problem
    if done.returncode == 0:
        return done.stdout
    raise _failure(done.returncode, done.stderr.decode("utf-8", "replace"))


def _failure(status: int, said: str) -> DocumentRefused | RenderLimitReached | RenderFailed:
    if status == EXIT_REFUSED:
        told = json.loads(said)
        return DocumentRefused(told["code"], told["zh"], told["en"])
    # Python itself breaks now and then where memory ends in the middle of its own work (seen on 3.13).
    if status == EXIT_OUT_OF_MEMORY or MemoryError.__name__ in said:
        return RenderLimitReached("内存", "memory")
    if status in {-signal.SIGXCPU, -signal.SIGKILL}:
        return RenderLimitReached("时间", "time")
    return RenderFailed(said[-_MOST_OF_A_DETAIL:])
