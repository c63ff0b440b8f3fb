"""The time limits and the ladder that a case was dispatched under, frozen into its row as JSON.

A pack that is published later changes nothing for a case under way. The calendar is frozen by its version
alone: it is a table of facts, and a new notice corrects it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import TypedDict, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.clock_entries import read_allowance
from casework.store.tables import CaseRow
from rules.model import (
    ClockPolicy,
    DeadlinePolicy,
    DemandClass,
    Grade,
    Label,
    LadderStep,
    Limit,
    Location,
    Stage,
    StepAction,
)


@dataclass(frozen=True, slots=True)
class FrozenPolicy:
    """What a dispatched case is held to, whatever packs say later.

    Attributes:
        pack_ref: the pack that it was taken from.
        deadlines: limits of every grade, so that a regrade stays within the same policy.
        ladder: steps of every grade.
    """

    pack_ref: str
    deadlines: DeadlinePolicy
    ladder: tuple[LadderStep, ...]


def freeze(session: Session, case_id: uuid.UUID, policy: FrozenPolicy) -> None:
    """Write the policy into the row of its case."""
    session.execute(
        sa.update(CaseRow)
        .where(CaseRow.id == case_id)
        .values(policy=_policy_data(policy))
        .execution_options(synchronize_session=False)
    )


def policies_of(session: Session, case_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, FrozenPolicy]:
    """Return the policies of those of the cases that have been dispatched."""
    rows = session.execute(sa.select(CaseRow.id, CaseRow.policy).where(CaseRow.id.in_(tuple(case_ids))))
    return {case_id: _policy(cast("_PolicyData", data)) for case_id, data in rows if data}


def ladders_of(session: Session, case_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, tuple[LadderStep, ...]]:
    """Return the ladders alone, for the sweep, which needs no limits: its clocks have theirs."""
    rows = session.execute(sa.select(CaseRow.id, CaseRow.policy).where(CaseRow.id.in_(tuple(case_ids))))
    return {case_id: _ladder(cast("_PolicyData", data)) for case_id, data in rows if data}


class _ClockData(TypedDict):
    stage: str
    grade: str
    demand: str | None
    limit: str
    night_defer: bool
    source: str
    at: tuple[str, int, int]


class _StepData(TypedDict):
    id: str
    zh: str
    en: str
    stages: list[str]
    grades: list[str]
    share: str | None
    after: str | None
    redo: int | None
    dissatisfied: int | None
    action: str
    card: str | None
    source: str
    at: tuple[str, int, int]


class _PolicyData(TypedDict):
    pack: str
    version: str
    day: list[str]
    clocks: list[_ClockData]
    ladder: list[_StepData]


def _policy_data(policy: FrozenPolicy) -> _PolicyData:
    deadlines = policy.deadlines
    return {
        "pack": policy.pack_ref,
        "version": deadlines.version,
        "day": [at.isoformat() for at in (deadlines.day_start, deadlines.day_end, deadlines.night_resume)],
        "clocks": [_clock_data(line) for line in deadlines.clocks],
        "ladder": [_step_data(step) for step in policy.ladder],
    }


def _policy(data: _PolicyData) -> FrozenPolicy:
    start, end, resume = (time.fromisoformat(text) for text in data["day"])
    return FrozenPolicy(
        pack_ref=data["pack"],
        deadlines=DeadlinePolicy(
            version=data["version"],
            day_start=start,
            day_end=end,
            night_resume=resume,
            clocks=tuple(_clock(line) for line in data["clocks"]),
        ),
        ladder=_ladder(data),
    )


def _ladder(data: _PolicyData) -> tuple[LadderStep, ...]:
    return tuple(_step(step) for step in data["ladder"])


def _clock_data(line: ClockPolicy) -> _ClockData:
    return {
        "stage": line.stage.value,
        "grade": line.grade.value,
        "demand": line.demand.value if line.demand else None,
        "limit": str(line.limit),
        "night_defer": line.night_defer,
        "source": line.source,
        "at": _place(line.at),
    }


def _clock(data: _ClockData) -> ClockPolicy:
    limit = _limit(data["limit"])
    return ClockPolicy(
        stage=Stage(data["stage"]),
        grade=Grade(data["grade"]),
        demand=DemandClass(data["demand"]) if data["demand"] else None,
        limit=limit,
        night_defer=data["night_defer"],
        source=data["source"],
        at=Location(*data["at"]),
    )


def _step_data(step: LadderStep) -> _StepData:
    return {
        "id": step.id,
        "zh": step.title.zh,
        "en": step.title.en,
        "stages": [stage.value for stage in step.stages],
        "grades": [grade.value for grade in step.grades],
        "share": None if step.share is None else str(step.share),
        "after": None if step.after is None else str(step.after),
        "redo": step.redo_at_least,
        "dissatisfied": step.dissatisfied_at_least,
        "action": step.action.value,
        "card": step.card,
        "source": step.source,
        "at": _place(step.at),
    }


def _step(data: _StepData) -> LadderStep:
    return LadderStep(
        id=data["id"],
        title=Label(data["zh"], data["en"]),
        stages=tuple(map(Stage, data["stages"])),
        grades=tuple(map(Grade, data["grades"])),
        share=None if data["share"] is None else Decimal(data["share"]),
        after=None if data["after"] is None else _limit(data["after"]),
        redo_at_least=data["redo"],
        dissatisfied_at_least=data["dissatisfied"],
        action=StepAction(data["action"]),
        card=data["card"],
        source=data["source"],
        at=Location(*data["at"]),
    )


def _place(at: Location) -> tuple[str, int, int]:
    return at.file, at.line, at.column


def _limit(text: str) -> Limit:
    limit = read_allowance(text)
    if not isinstance(limit, Limit):
        message = f"a frozen limit is a date: {text}"
        raise TypeError(message)
    return limit
