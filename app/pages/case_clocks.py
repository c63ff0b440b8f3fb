"""The clocks and score entries of a case as its page shows them, each entry with the clock behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.pages.score_words import NOT_DONE, REPLACED, evidence_lines, score_sentence, span_text
from app.web.language import either, in_language
from app.web.times import county_time
from casework.access import Actor
from casework.clock_words import how_counted
from casework.clocks import Due, due
from casework.desk.watching import is_owed
from casework.scoring import LATE
from casework.store.case_parts import ScoreLine
from casework.store.case_view import CaseView
from casework.store.clock_rows import KeptClock
from casework.workdays import Workdays
from rules.model import Label

VOID = "void"


@dataclass(frozen=True, slots=True)
class ShownClock:
    """A clock with the sum behind its due instant."""

    kept: KeptClock
    due: Due

    @property
    def how(self) -> Label:
        """Return in words how it was counted, as the dispatch slip says it."""
        return how_counted(self.kept.clock, self.due)

    @property
    def end(self) -> str:
        """Return how it stands: running, void, in_time or late."""
        if self.kept.stopped_at is None:
            return "running"
        if self.kept.stopped_by == VOID:
            return VOID
        return "in_time" if self.kept.stopped_at <= self.due.at else "late"

    @property
    def replaced(self) -> Label | None:
        """Return what stood in for the duty, None where it was done and recorded itself."""
        return REPLACED.get(self.kept.stood_in or "")


@dataclass(frozen=True, slots=True)
class ShownScore:
    """A score entry with the facts behind it and the clock that they are about, if it is one of lateness."""

    line: ScoreLine
    facts: tuple[str, ...]
    clock: ShownClock | None
    sentence: str


def shown_clocks(actor: Actor, view: CaseView, workdays: Workdays) -> tuple[ShownClock, ...]:
    """Return the clocks with their sums; a unit reads its own, for another's lateness is not its business.

    What nobody owes any more is left out: an accusation of an older version may still carry a public reply.
    """
    return tuple(
        ShownClock(kept, due(kept.clock, workdays))
        for kept in view.clocks
        if (actor.unit_id is None or kept.unit == actor.unit_id)
        and (kept.stopped_at is not None or is_owed(view.case, kept.clock.stage))
    )


def shown_scores(view: CaseView, clocks: Iterable[ShownClock], now: datetime) -> tuple[ShownScore, ...]:
    """Return the score entries of a case, oldest first.

    Args:
        view: the case as the reader sees it.
        clocks: those that the reader sees.
        now: aware UTC, for what is still not done.
    """
    known = tuple(clocks)
    return tuple(_shown(view, line, known, now) for line in view.scores)


def _shown(view: CaseView, line: ScoreLine, clocks: tuple[ShownClock, ...], now: datetime) -> ShownScore:
    facts = evidence_lines(line.evidence)
    clock = _clock_behind(line, clocks)
    since = _since(clock, now) if clock and in_language(NOT_DONE) in facts else None
    facts = (*facts, since) if since else facts
    name = in_language(view.units[line.unit]) if line.unit in view.units else line.unit
    return ShownScore(line, facts, clock, score_sentence(line, name, facts[:2]))


def _clock_behind(line: ScoreLine, clocks: tuple[ShownClock, ...]) -> ShownClock | None:
    """Return the clock whose lateness was charged: of that unit and stage, due at that instant."""
    due_at = next((one.text for one in line.evidence if one.key == "due_at"), None)
    if due_at is None:
        return None
    return next(
        (
            one
            for one in clocks
            if one.kept.unit == line.unit
            and LATE.get(one.kept.clock.stage) == line.failing
            and one.due.at == datetime.fromisoformat(due_at)
        ),
        None,
    )


def _since(clock: ShownClock, now: datetime) -> str | None:
    """Return what came of a duty that was not done when it was charged."""
    stopped = clock.kept.stopped_at
    if clock.end == VOID:
        return None
    late = span_text((stopped or now) - clock.due.at)
    if stopped is None:
        return either(f"至今逾期 {late}", f"late by {late} so far")
    at = county_time(stopped)
    if clock.replaced:
        return either(
            f"{clock.replaced.zh}（{at}，逾期 {late}）", f"{clock.replaced.en} ({at}, late by {late})"
        )
    return either(f"后于 {at} 办理，逾期 {late}", f"done later, {at}, late by {late}")
