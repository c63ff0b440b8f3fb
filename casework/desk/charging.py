"""Enters into the ledger what confirmed failings cost, once each, with a line in the timeline.

What a failing is, is `casework.scoring`; nothing here charges for anything else.
"""

from __future__ import annotations

from collections.abc import Iterable

from casework.desk.unit import UnitOfWork
from casework.events import EventKind
from casework.scoring import Failing, ScoredCase, ScoreDraft, features_of, score_draft
from casework.store.case_parts import ScoreLine
from casework.store.case_records import CaseHead
from casework.store.score_ledger import add_entries
from casework.workdays import local_day
from rules.model import RuleKind


def scored_case(case: CaseHead) -> ScoredCase:
    """Return what scoring needs to know of a case."""
    return ScoredCase(case.id, case.grade, case.demand)


def charge(uow: UnitOfWork, failings: Iterable[Failing]) -> tuple[ScoreLine, ...]:
    """Enter what the failings cost by the scoring rules in force and return the new entries.

    A failing that was entered before, is not confirmed, or that no rule prices costs nothing.
    """
    found = tuple(failings)
    if not found:
        return ()
    rules, today = uow.rulebook, local_day(uow.now)
    drafts = (
        score_draft(failing, rules.evaluate(RuleKind.SCORING, features_of(failing), on=today))
        for failing in found
    )
    return enter(uow, [draft for draft in drafts if draft is not None])


def enter(uow: UnitOfWork, drafts: Iterable[ScoreDraft]) -> tuple[ScoreLine, ...]:
    """Add drafts to the county's ledger, each with its line in the timeline of its case.

    Raises:
        AlreadyReversed: a draft takes back what was taken back already.
    """
    entered = add_entries(uow.session, uow.county, drafts, by=uow.actor.name, now=uow.now, new_id=uow.new_id)
    for line in entered:
        uow.note(
            EventKind.SCORE_REVERSED if line.reverses_id else EventKind.SCORED,
            case_id=line.case_id,
            data={
                "unit": line.unit,
                "entry": str(line.id),
                "failing": line.failing,
                "points": f"{line.points:f}",
                "rule": line.rule,
                "clause": line.clause,
                "reason": line.reason,
            },
        )
    return entered
