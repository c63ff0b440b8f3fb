"""What makes a case confidential in the database: its flag, its posts, its matter and who is shut out.

It decides nothing: that is `casework.desk.secrecy`.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import Reach, Visibility
from casework.events import EventKind
from casework.recusal import ASKED
from casework.roles import GRANTS, Permission, Role
from casework.states import CaseState
from casework.store.case_links import shut_out_too
from casework.store.recused import units_of_discipline
from casework.store.tables import CasePostRow, CaseRow, EventRow, ExclusionRow, MatterRow, PostRow, UserRow
from rules.model import DemandClass


@dataclass(frozen=True, slots=True)
class LastMark:
    """How a person made a case confidential: who, and what it was before."""

    by: uuid.UUID | None
    lead: str | None
    assist: tuple[str, ...]
    basis: str
    demand: DemandClass


def last_mark(session: Session, case_id: uuid.UUID) -> LastMark | None:
    """Return how a case was marked last, as its timeline keeps it; None where the machine judged it."""
    row = session.execute(
        sa.select(EventRow.actor_id, EventRow.data)
        .where(EventRow.case_id == case_id, EventRow.kind == EventKind.MARKED_ACCUSATION.value)
        .order_by(EventRow.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    data = row.data
    return LastMark(
        by=row.actor_id,
        lead=data["was_lead"],
        assist=tuple(data["was_assist"]),
        basis=data["was_basis"],
        demand=DemandClass(data["was_demand"]),
    )


_ENDS = (
    EventKind.ACCUSED_CORRECTED,
    EventKind.MARKED_ACCUSATION,
    EventKind.SECRECY_LIFTED,
    EventKind.REQUEST_LAPSED,
)
"""After these a request that waited for a second person has to be made anew."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A correction of who is accused that one person asked for and nobody has confirmed yet.

    `counts`: whoever asked has an account in use and might still ask; else the next one asks anew.
    """

    by: uuid.UUID | None
    name: str
    was: tuple[str, ...]
    accused: tuple[str, ...]
    reason: str
    counts: bool


_MAY_NAME: Mapping[EventKind, Permission] = MappingProxyType(
    {
        EventKind.ACCUSED_DOUBTED: Permission.CASE_NAME_ACCUSED,
        EventKind.MARKED_ACCUSATION: Permission.CASE_CORRECT,
        EventKind.ACCUSED_NAMED: Permission.CASE_CONFIRM,
    }
)
"""Lines that say whom a person named, and what it takes to do so. Whoever makes a case an accusation names
some units at once and asks for others."""


def open_doubt(session: Session, case_id: uuid.UUID) -> Doubt | None:
    """Return the correction of who is accused that waits for a second person; None where none does."""
    row = _waiting(session, case_id, *_MAY_NAME)
    if row is None:
        return None
    data, kind = row.data, EventKind(row.kind)
    if kind is EventKind.ACCUSED_DOUBTED:
        was, accused = data["was"], data["accused"]
    elif data.get("asked"):
        was, accused = data["accused"], [*data["accused"], *data["asked"]]
    else:
        return None
    counts = _may_still_ask(session, row, _MAY_NAME[kind])
    return Doubt(row.actor_id, row.actor, tuple(was), tuple(accused), data["reason"], counts=counts)


_BY_HAND = (EventKind.MARKED_ACCUSATION, EventKind.ACCUSED_NAMED)


def markers_of(session: Session, case_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Return who made an accusation of a case, or of one that was merged into it and still is.

    By marking it or opening it so, since its secrecy was lifted last; nobody where the machine did.
    """
    found = set[uuid.UUID]()
    for one in (case_id, *absorbed_cases(session, case_id)):
        last = session.execute(
            sa.select(EventRow.kind, EventRow.actor_id)
            .where(
                EventRow.case_id == one,
                EventRow.kind.in_([kind.value for kind in (*_BY_HAND, EventKind.SECRECY_LIFTED)]),
            )
            .order_by(EventRow.id.desc())
            .limit(1)
        ).one_or_none()
        if last is not None and last.kind != EventKind.SECRECY_LIFTED.value and last.actor_id is not None:
            found.add(last.actor_id)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class LiftAsked:
    """The lifting of secrecy that one person asked for and nobody has confirmed; `counts`: see `Doubt`."""

    by: uuid.UUID | None
    name: str
    accused: tuple[str, ...]
    reason: str
    counts: bool


def open_lift(session: Session, case_id: uuid.UUID) -> LiftAsked | None:
    """Return the lifting that waits for a second person; None where none does."""
    row = _waiting(session, case_id, EventKind.LIFT_ASKED)
    if row is None:
        return None
    return LiftAsked(
        row.actor_id,
        row.actor,
        tuple(row.data["accused"]),
        row.data["reason"],
        counts=_may_still_ask(session, row, Permission.CASE_DESIGNATE),
    )


def _may_still_ask(session: Session, asked: EventRow, needed: Permission) -> bool:
    """Return whether whoever asked has an account in use and a role that may ask.

    The head of a unit may only as long as it is that of discipline inspection.
    """
    user = session.execute(
        sa.select(UserRow.roles, UserRow.unit_code).where(
            UserRow.id == asked.actor_id, UserRow.disabled_at.is_(None)
        )
    ).one_or_none()
    if user is None:
        return False
    if user.unit_code is not None and user.unit_code not in units_of_discipline(session, asked.county_id):
        return False
    return any(needed in GRANTS[role] for role in Role if role.value in user.roles)


def _waiting(session: Session, case_id: uuid.UUID, *asked: EventKind) -> EventRow | None:
    """Return the newest request of these kinds, None where none was made or something has ended it since."""
    row = session.scalar(
        sa.select(EventRow)
        .where(EventRow.case_id == case_id, EventRow.kind.in_([kind.value for kind in (*asked, *_ENDS)]))
        .order_by(EventRow.id.desc())
        .limit(1)
    )
    return row if row is not None and row.kind in asked else None


def unread_until(session: Session, sight: Visibility, case_id: uuid.UUID) -> datetime | None:
    """Return from when on somebody reads a case whose secrecy was lifted; None: everything.

    Whoever was shut out while it was secret reads what came since: units, everybody without the reach for
    confidential cases, and the seats that were recused then.
    """
    rows = session.execute(
        sa.select(EventRow.at, EventRow.data).where(
            EventRow.case_id == case_id, EventRow.kind == EventKind.SECRECY_LIFTED.value
        )
    ).all()
    is_never_told = sight.cases is Reach.ASSIGNED or sight.confidential is not Reach.ALL
    seat = sight.seat.value if sight.seat is not None else ""
    shut_out = (row.at for row in rows if is_never_told or seat in row.data.get("shut", ()))
    return max(shut_out, default=None)


def absorbed_cases(session: Session, case_id: uuid.UUID) -> tuple[uuid.UUID, ...]:
    """Return the cases that were merged into this one, however deep, and still are merged."""
    found: list[uuid.UUID] = []
    ahead = [case_id]
    while ahead:
        data = session.scalars(
            sa.select(EventRow.data).where(
                EventRow.case_id == ahead.pop(), EventRow.kind == EventKind.CASE_ABSORBED.value
            )
        )
        named = {uuid.UUID(one["case"]) for one in data} - {case_id, *found}
        merged = session.scalars(
            sa.select(CaseRow.id).where(CaseRow.id.in_(named), CaseRow.state == CaseState.MERGED.value)
        ).all()
        found += merged
        ahead += merged
    return tuple(found)


def make_secret(session: Session, county: str, case_id: uuid.UUID, shut_out: Collection[str]) -> None:
    """Make a case, its posts and its matter confidential and shut these units out of it."""
    _flag(session, case_id, is_secret=True)
    shut_out_too(session, county, case_id, shut_out)


def make_open(session: Session, case_id: uuid.UUID) -> None:
    """Make a case, its posts and its matter ordinary; nobody is shut out of it, and its number goes."""
    _flag(session, case_id, is_secret=False)
    session.execute(
        sa.update(CaseRow).where(CaseRow.id == case_id).values(number=None),
        execution_options={"synchronize_session": False},
    )
    _let_in(session, case_id)


def give_back(session: Session, case_id: uuid.UUID, was: LastMark) -> None:
    """Give a merged case that is no accusation any more the class and the units that it had before."""
    session.execute(
        sa.update(CaseRow)
        .where(CaseRow.id == case_id, CaseRow.demand == DemandClass.ACCUSATION.value)
        .values(
            demand=was.demand.value,
            lead_unit=was.lead,
            assist_units=list(was.assist),
            route_basis=was.basis,
            version=CaseRow.version + 1,
        ),
        execution_options={"synchronize_session": False},
    )


def shut_out_instead(session: Session, county: str, case_id: uuid.UUID, shut_out: Collection[str]) -> None:
    """Shut these units out of a confidential case, and nobody else."""
    _let_in(session, case_id)
    shut_out_too(session, county, case_id, shut_out)


def ask_higher_authority(session: Session, county: str, case_id: uuid.UUID) -> None:
    """Let the higher authority read a case, as the second person, until who is accused is corrected."""
    mark = sa.select(ExclusionRow.case_id).where(
        ExclusionRow.case_id == case_id, ExclusionRow.unit_code == ASKED
    )
    if session.scalar(mark) is None:
        shut_out_too(session, county, case_id, [ASKED])


def _let_in(session: Session, case_id: uuid.UUID) -> None:
    session.execute(
        sa.delete(ExclusionRow).where(ExclusionRow.case_id == case_id),
        execution_options={"synchronize_session": False},
    )


def _flag(session: Session, case_id: uuid.UUID, *, is_secret: bool) -> None:
    posts = sa.select(CasePostRow.post_id).where(CasePostRow.case_id == case_id)
    matter = sa.select(CaseRow.matter_id).where(CaseRow.id == case_id).scalar_subquery()
    for change in (
        sa.update(CaseRow).where(CaseRow.id == case_id).values(confidential=is_secret),
        sa.update(PostRow)
        .where(PostRow.id.in_(posts))
        .values(confidential=is_secret, version=PostRow.version + 1),
        sa.update(MatterRow).where(MatterRow.id == matter).values(confidential=is_secret),
    ):
        session.execute(change, execution_options={"synchronize_session": False})
