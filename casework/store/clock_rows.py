"""Clocks as they are kept: a row that can be swept by time, and the ledger of its events.

What a clock is and when it is due is `casework.clocks`; the row repeats the due instant so that the
database can find what falls due. Nothing here decides.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.clock_entries import allowance_text, read_allowance
from casework.clocks import Clock, ClockEvent, ClockEventKind
from casework.store.tables import ClockEventRow, ClockRow
from rules.model import Grade, Limit, Stage


@dataclass(frozen=True, slots=True)
class KeptClock:
    """A clock with its place in the database.

    Attributes:
        unit: code of the unit that is held to it.
        round: 1, or more where the same unit gets the same clock again.
        due_at: aware UTC, as the ledger computes; kept so that it can be swept and listed.
        next_step_at: when the sweep looks at it next; None: never again.
    """

    id: uuid.UUID
    case_id: uuid.UUID
    unit: str
    round: int
    clock: Clock
    due_at: datetime
    is_provisional: bool
    stopped_at: datetime | None
    stopped_by: str | None
    next_step_at: datetime | None

    @property
    def is_void(self) -> bool:
        """Return whether it ended without anybody having done what was due."""
        return self.stopped_by == "void"

    @property
    def stood_in(self) -> str | None:
        """Return what ended the duty without its being recorded itself: reply or public_reply; else None."""
        if self.stopped_by is None or self.clock.stage not in {Stage.FIRST_CONTACT, Stage.PUBLIC_REPLY}:
            return None
        if self.stopped_by.startswith("reply/"):
            return "reply"
        is_other = self.clock.stage is Stage.FIRST_CONTACT and self.stopped_by == "public_reply"
        return "public_reply" if is_other else None


def clocks_of(session: Session, case_id: uuid.UUID, *, for_change: bool = False) -> tuple[KeptClock, ...]:
    """Return all clocks of a case, oldest first.

    Args:
        session: open.
        case_id: of a case that the caller may see.
        for_change: lock the rows until the transaction ends (PostgreSQL; SQLite has one writer anyway), so
            that the sweep and a person never assess the same clock at once.
    """
    query = sa.select(ClockRow).where(ClockRow.case_id == case_id).order_by(ClockRow.id)
    return _kept(session, query.with_for_update(key_share=True) if for_change else query)


def due_clocks(session: Session, county: str, *, now: datetime, most: int) -> tuple[KeptClock, ...]:
    """Return running clocks whose next step is due, longest waiting first, locked for this transaction.

    Clocks that another sweep holds are skipped, not waited for (PostgreSQL).
    """
    query = (
        sa.select(ClockRow)
        .where(
            ClockRow.county_id == county,
            ClockRow.stopped_at.is_(None),
            ClockRow.next_step_at <= now,
        )
        .order_by(ClockRow.next_step_at, ClockRow.id)
        .limit(most)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return _kept(session, query)


def next_moment(session: Session, county: str) -> datetime | None:
    """Return when the sweep has something to do next, None if no clock runs."""
    return session.scalar(
        sa.select(sa.func.min(ClockRow.next_step_at)).where(
            ClockRow.county_id == county, ClockRow.stopped_at.is_(None)
        )
    )


def add_clock(session: Session, county: str, kept: KeptClock, event_ids: Iterable[uuid.UUID]) -> None:
    """Add a clock with the events it has so far."""
    clock = kept.clock
    session.add(
        ClockRow(
            id=kept.id,
            county_id=county,
            case_id=kept.case_id,
            unit_code=kept.unit,
            stage=clock.stage.value,
            round=kept.round,
            grade=clock.grade.value,
            limit=allowance_text(clock),
            night_defer=clock.counts_from > clock.started_at,
            source=clock.source,
            policy_version=clock.policy_version,
            calendar_version=clock.calendar_version,
            started_at=clock.started_at,
            due_at=kept.due_at,
            provisional=kept.is_provisional,
            stopped_at=kept.stopped_at,
            stopped_by=kept.stopped_by,
            next_step_at=kept.next_step_at,
        )
    )
    session.flush()  # the events point to the row
    _add_events(session, county, kept, already=0, event_ids=event_ids)


def save_clock(
    session: Session, county: str, *, before: KeptClock, after: KeptClock, event_ids: Iterable[uuid.UUID] = ()
) -> None:
    """Write what changed between two states of a clock; new events are added to its ledger.

    Raises:
        ValueError: the ledger of `after` does not begin with that of `before`.
    """
    already = len(before.clock.events)
    if after.clock.events[:already] != before.clock.events:
        message = "the ledger of a clock may only grow"
        raise ValueError(message)
    session.execute(
        sa.update(ClockRow)
        .where(ClockRow.id == after.id)
        .values(
            due_at=after.due_at,
            provisional=after.is_provisional,
            stopped_at=after.stopped_at,
            stopped_by=after.stopped_by,
            next_step_at=after.next_step_at,
            calendar_version=after.clock.calendar_version,
            version=ClockRow.version + 1,
        )
    )
    _add_events(session, county, after, already=already, event_ids=event_ids)


def save_looks(session: Session, looks: Mapping[uuid.UUID, datetime | None]) -> None:
    """Write when the sweep looks at clocks next, all in one statement."""
    if looks:
        change = (
            sa.update(ClockRow)
            .where(ClockRow.id == sa.bindparam("clock"))
            .values(next_step_at=sa.bindparam("look"))
        )
        session.connection().execute(
            change, [{"clock": clock_id, "look": at} for clock_id, at in looks.items()]
        )


def _add_events(
    session: Session, county: str, kept: KeptClock, *, already: int, event_ids: Iterable[uuid.UUID]
) -> None:
    fresh = kept.clock.events[already:]
    for seq, (event, event_id) in enumerate(zip(fresh, event_ids, strict=False), start=already + 1):
        session.add(
            ClockEventRow(
                id=event_id,
                county_id=county,
                clock_id=kept.id,
                seq=seq,
                kind=event.kind.value,
                at=event.at,
                by=event.by,
                data=_event_data(event),
            )
        )


def _kept(session: Session, query: sa.Select[ClockRow]) -> tuple[KeptClock, ...]:
    rows = session.scalars(query.execution_options(populate_existing=True)).all()
    ledgers: dict[uuid.UUID, list[ClockEvent]] = {row.id: [] for row in rows}
    if rows:
        events = session.scalars(
            sa.select(ClockEventRow)
            .where(ClockEventRow.clock_id.in_(ledgers))
            .order_by(ClockEventRow.clock_id, ClockEventRow.seq)
        )
        for event in events:
            ledgers[event.clock_id].append(_event(event))
    return tuple(_of_row(row, tuple(ledgers[row.id])) for row in rows)


def _of_row(row: ClockRow, events: tuple[ClockEvent, ...]) -> KeptClock:
    stage = Stage(row.stage)
    clock = Clock(
        stage=stage,
        grade=Grade(row.grade),
        allowance=read_allowance(row.limit),
        source=row.source,
        policy_version=row.policy_version,
        calendar_version=row.calendar_version,
        events=events,
    )
    return KeptClock(
        id=row.id,
        case_id=row.case_id,
        unit=row.unit_code,
        round=row.round,
        clock=clock,
        due_at=row.due_at,
        is_provisional=row.provisional,
        stopped_at=row.stopped_at,
        stopped_by=row.stopped_by,
        next_step_at=row.next_step_at,
    )


def _event_data(event: ClockEvent) -> dict[str, str]:
    data = {
        "reason": event.reason,
        "until": _written(event.until),
        "limit": str(event.limit) if event.limit else "",
        "asked_at": _written(event.asked_at),
        "grade": event.grade.value if event.grade else "",
    }
    return {name: value for name, value in data.items() if value}


def _event(row: ClockEventRow) -> ClockEvent:
    data: Mapping[str, str] = row.data
    return ClockEvent(
        kind=ClockEventKind(row.kind),
        at=row.at,
        by=row.by,
        reason=data.get("reason", ""),
        until=_read(data.get("until")),
        limit=_limit(data.get("limit")),
        asked_at=_read(data.get("asked_at")),
        grade=Grade(data["grade"]) if "grade" in data else None,
    )


def _limit(text: str | None) -> Limit | None:
    allowance = read_allowance(text) if text else None
    return allowance if isinstance(allowance, Limit) else None


def _written(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at else ""


def _read(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
