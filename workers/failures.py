"""The edge where any exception of a job is caught: one bad post or job never stops the others.

It decides nothing about what failed; it names it in a way that tells nothing of a post's content.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

Q = TypeVar("Q")
A = TypeVar("A")


class FailureKind(StrEnum):
    """How work on one thing came to nothing."""

    RAISED = "raised"
    HUNG = "hung"
    DIED = "died"


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, without the words of the post: exception messages may quote it.

    Attributes:
        where: class of the exception and the line that raised it; empty if it hung or died.
    """

    kind: FailureKind
    where: str = ""


@dataclass(frozen=True, slots=True)
class Done(Generic[A]):
    """What came of work that succeeded."""

    value: A


def guarded(work: Callable[[Q], A], about: Q) -> Done[A] | Failure:
    """Return what `work` makes of `about`, or the failure it ended in."""
    try:
        return Done(work(about))
    except Exception as error:  # noqa: BLE001 - this is the edge
        failure = Failure(FailureKind.RAISED, where_of(error))
        log.warning("work on one thing failed", extra={"where": failure.where})
        return failure


def where_of(error: BaseException) -> str:
    """Return class and place of an exception, e.g. `ValueError at rules/scan.py:12`, without its message."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    last = frames[-1]
    path = "/".join(last.filename.replace("\\", "/").split("/")[-2:])
    return f"{type(error).__name__} at {path}:{last.lineno}"
