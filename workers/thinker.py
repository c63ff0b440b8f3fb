"""A child process that thinks about one question after another and is killed when one takes too long.

The parent keeps the database; the child has no connection, dies with the parent, and takes nothing with it
but the question it hung on. It knows nothing of what the questions are about.
"""

from __future__ import annotations

import fcntl
import gc
import logging
import multiprocessing
import os
import resource
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from types import TracebackType
from typing import Generic, Self, TypeVar

from app.tether import die_with_parent
from rules.pickling import pickled
from workers.failures import Done, Failure, FailureKind, guarded

log = logging.getLogger(__name__)

Q = TypeVar("Q")
A = TypeVar("A")

LIMIT_SECONDS = 1.5
"""For one question. An ordinary post takes under 5 ms, the longest allowed under 200.

**Source:** issue 2 and reliability.md R19: a poison post delays others by at most 2 s.
"""
MEMORY_BYTES = 1 << 30  # that a child may take beyond what it was born with
_F_SETPIPE_SZ = 1031  # Source: linux/fcntl.h; fcntl has them where Python was built to know them
_F_GETPIPE_SZ = 1032
_PIPE_BYTES = 1 << 20  # room for the answers to a batch, so that the child need not wait for the parent
_STANDARD_STREAMS = 3
_FORK = multiprocessing.get_context("fork")


@dataclass(slots=True)
class _Batch:
    """Questions that were begun, as they travel.

    Attributes:
        is_sent: they are in the pipe, or were.
        is_read: the child has taken them out of it.
    """

    packed: bytes
    count: int
    is_sent: bool = False
    is_read: bool = False


class Thinker(Generic[Q, A]):
    """Thinks in a child process. Start it before anything is opened that a child must not share.

    Several batches may be begun before the first is answered, so that the child need not wait for the caller.

    Args:
        think: pure; whatever it needs is loaded before the child is forked.
        limit_seconds: for one question.
    """

    def __init__(self, think: Callable[[Q], A], *, limit_seconds: float = LIMIT_SECONDS) -> None:
        self._think = think
        self._limit = limit_seconds
        self._batches: deque[_Batch] = deque()
        self._room = 0
        self._child: ForkProcess | None = None
        self._questions: Connection | None = None
        self._answers: Connection | None = None

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def begin(self, questions: Sequence[Q]) -> None:
        """Let the child think about questions, after those begun before."""
        self._batches.append(_Batch(pickled(questions), len(questions)))
        self._send()

    def answers(self) -> list[Done[A] | Failure]:
        """Return what came of the batch begun first, in order, up to and with the first that ended the child.

        The list is shorter than the questions where one hung or died: those after it were not thought
        about, so that what is done can be put to use before they are asked again. Later batches go on.
        """
        batch = self._batches[0]
        outcomes: list[Done[A] | Failure] = []
        while len(outcomes) < batch.count and self._child is not None:
            outcomes.append(self._next())
            if self._child is not None and not batch.is_read:
                batch.is_read = True
                self._send()
        self._batches.popleft()
        self._send()
        return outcomes

    def _send(self) -> None:
        """Put into the pipe what can be put there without waiting for the child.

        Waiting could be for ever: a child with more answers than its pipe holds waits for us.
        """
        if self._child is None and self._batches:
            self._start()
        unread = sum(len(batch.packed) for batch in self._batches if batch.is_sent and not batch.is_read)
        for place, batch in enumerate(self._batches):
            if batch.is_sent:
                continue
            # The child does nothing but read where no batch is before this one.
            if place and unread + len(batch.packed) > self._room:
                return
            batch.is_sent = True
            unread += len(batch.packed)
            self._ask(batch.packed)

    def _ask(self, packed: bytes) -> None:
        assert self._questions is not None  # noqa: S101 - started by `_send`
        try:
            self._questions.send_bytes(packed)
        except BrokenPipeError:
            log.warning("the thinking child was gone")  # its end of the answers says so, too

    def _next(self) -> Done[A] | Failure:
        assert self._answers is not None  # noqa: S101 - started by `answers`
        try:
            if self._answers.poll(self._limit):
                answer: Done[A] | Failure = self._answers.recv()
                return answer
            failure = Failure(FailureKind.HUNG)
        except (EOFError, ConnectionResetError):
            failure = Failure(FailureKind.DIED)
        log.warning("the thinking child was replaced", extra={"failure": failure.kind})
        self._end()
        return failure

    def _start(self) -> None:
        questions_out, questions_in = _FORK.Pipe(duplex=False)
        answers_out, answers_in = _FORK.Pipe(duplex=False)
        _widen(answers_in)
        # Half of it: what a message takes is rounded up to whole pages.
        self._room = _widen(questions_in) // 2
        self._child = _FORK.Process(
            target=_live,
            args=(self._think, questions_out, answers_in, (questions_in, answers_out), os.getpid()),
            name="thinker",
            daemon=True,
        )
        self._child.start()
        questions_out.close()
        answers_in.close()
        self._questions, self._answers = questions_in, answers_out

    def _end(self) -> None:
        if self._child is None:
            return
        self._child.kill()
        self._child.join()
        self._child.close()
        for batch in self._batches:
            batch.is_sent = batch.is_read = False
        for end in (self._questions, self._answers):
            if end is not None:
                end.close()
        self._child = self._questions = self._answers = None


def _live(
    think: Callable[[Q], A],
    questions: Connection,
    answers: Connection,
    not_mine: tuple[Connection, Connection],
    parent: int,
) -> None:
    """Be the child: answer until the parent closes the pipe or dies."""
    die_with_parent(parent)
    for end in not_mine:
        end.close()
    _close_all_but(questions.fileno(), answers.fileno())
    _limit_memory()
    gc.freeze()  # rules and dictionaries live as long as the child: they need not be looked through
    while True:
        try:
            batch = questions.recv()
        except EOFError:
            return
        for question in batch:
            answers.send_bytes(_packed(guarded(think, question)))


def _packed(outcome: Done[A] | Failure) -> bytes:
    """Return an outcome as bytes; one that cannot be packed is a failure like any other."""
    packed = guarded(pickled, outcome)
    return pickled(packed) if isinstance(packed, Failure) else packed.value


def _close_all_but(*kept: int) -> None:
    """Close what was inherited (connections of the parent above all), but for the standard streams."""
    edges = sorted({*range(_STANDARD_STREAMS), *kept})
    for low, high in zip(edges, [*edges[1:], os.sysconf("SC_OPEN_MAX")], strict=True):
        os.closerange(low + 1, high)


def _limit_memory() -> None:
    pages = int(open("/proc/self/statm", encoding="ascii").read().split()[0])  # noqa: SIM115, PTH123 - procfs
    limit = pages * resource.getpagesize() + MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _widen(end: Connection) -> int:
    """Make a pipe as wide as is allowed; return how many bytes it takes."""
    try:
        fcntl.fcntl(end.fileno(), _F_SETPIPE_SZ, _PIPE_BYTES)
    except OSError as error:  # not root and beyond the machine's limit: slower, not wrong
        log.info("pipe stays narrow", extra={"error": str(error)})
    return fcntl.fcntl(end.fileno(), _F_GETPIPE_SZ)
