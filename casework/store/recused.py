"""Recusal of desks as SQL: whether a seat may read a case or a post, and whether it has one in hand.

It mirrors `casework.recusal`; `visible` puts it into its one predicate. Which unit a seat belongs to is what
the register says of the unit's duties. Each condition is one element with its SQL written out: built from
expressions it is so large that making it took longer than running it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from dataclasses import replace
from enum import StrEnum
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import InternalTraversal

from casework.access import UnitId
from casework.recusal import ASKED, KEEPERS, LAST_RESORT, Recused, Seat, named_mark
from casework.store.tables import CaseRow, ExclusionRow, PostRow, UnitRow

Predicate = sa.ColumnElement[bool]


class Question(StrEnum):
    """What is asked of a seat about the row of `CaseRow` or of `PostRow`."""

    CASE_SHUTS = "case_shuts"
    CASE_NAMES = "case_names"
    CASE_READ = "case_read"
    CASE_IN_HAND = "case_in_hand"
    POST_SHUTS = "post_shuts"
    POST_NAMES = "post_names"
    POST_READ = "post_read"
    POST_IN_HAND = "post_in_hand"


class _Asked(sa.ColumnElement[bool]):
    """A question about a seat; it is compiled to SQL that names the tables of the row around it."""

    inherit_cache = True
    type = sa.Boolean()
    _traverse_internals = [  # noqa: RUF012 - as SQLAlchemy declares it
        ("question", InternalTraversal.dp_string),
        ("seat", InternalTraversal.dp_string),
    ]

    def __init__(self, question: Question, seat: Seat) -> None:
        self.question, self.seat = question.value, seat.value


def case_shuts(seat: Seat) -> Predicate:
    """Return whether the unit of a seat is accused in the row of `CaseRow`, or below the accused."""
    return _Asked(Question.CASE_SHUTS, seat)


def case_read_by(seat: Seat) -> Predicate:
    """Return whether `recusal.is_shut_out` is false for the row of `CaseRow`."""
    return _Asked(Question.CASE_READ, seat)


def case_in_hand_of(seat: Seat) -> Predicate:
    """Return whether `recusal.keeper_of` the row of `CaseRow` is this seat."""
    return _Asked(Question.CASE_IN_HAND, seat)


def post_shuts(seat: Seat) -> Predicate:
    """Return whether the unit of a seat, or one above it, is accused in what `PostRow` was judged to be."""
    return _Asked(Question.POST_SHUTS, seat)


def post_read_by(seat: Seat) -> Predicate:
    """Return whether `recusal.is_shut_out` is false for what `PostRow` was judged to be."""
    return _Asked(Question.POST_READ, seat)


def post_in_hand_of(seat: Seat) -> Predicate:
    """Return whether `recusal.keeper_of` what `PostRow` was judged to be is this seat."""
    return _Asked(Question.POST_IN_HAND, seat)


def holds(seat: Seat) -> Predicate:
    """Return whether the row of `UnitRow` has the duty of a seat; duties are a short list of plain words."""
    return sa.cast(UnitRow.duties, sa.Text).contains(f'"{seat.value}"')


def recused_from(session: Session, case_id: uuid.UUID) -> Recused:
    """Return the seats that a case concerns; nobody's where it is not confidential."""
    found = recused_from_cases(session, CaseRow.id == case_id, CaseRow.confidential.is_(True))
    asked = sa.select(ExclusionRow.case_id).where(
        ExclusionRow.case_id == case_id, ExclusionRow.unit_code == ASKED
    )
    return next((replace(one, asked=session.scalar(asked) is not None) for one in found), Recused())


def recused_from_cases(session: Session, *conditions: Predicate) -> tuple[Recused, ...]:
    """Return the seats that each case concerns of which these conditions hold."""
    asked = _asked(Question.CASE_SHUTS, Question.CASE_NAMES)
    rows = session.execute(sa.select(*asked).select_from(CaseRow).where(*conditions))
    return tuple(_recused(tuple(map(bool, row))) for row in rows)


def recused_from_posts(session: Session, *conditions: Predicate) -> tuple[Recused, ...]:
    """Return the seats that each post concerns of which these conditions hold, as it was judged last."""
    asked = _asked(Question.POST_SHUTS, Question.POST_NAMES)
    rows = session.execute(sa.select(*asked).select_from(PostRow).where(*conditions))
    return tuple(_recused(tuple(map(bool, row))) for row in rows)


def recused_among(session: Session, county: str, shut_out: Collection[str]) -> Recused:
    """Return the seats that a case would concern from which these were shut out.

    Args:
        session: open.
        county: whose register.
        shut_out: codes of units and `recusal.named_mark`s, as a case keeps them.
    """
    rows = session.execute(
        sa.select(UnitRow.code, UnitRow.superior, UnitRow.duties).where(
            UnitRow.county_id == county, UnitRow.code.in_(sorted(shut_out))
        )
    ).all()
    itself = {row.code for row in rows if row.superior not in shut_out or named_mark(row.code) in shut_out}
    return Recused(
        shut=frozenset(seat for seat in KEEPERS for row in rows if seat.value in row.duties),
        named=frozenset(
            seat for seat in KEEPERS for row in rows if seat.value in row.duties and row.code in itself
        ),
        asked=ASKED in shut_out,
    )


def _asked(*questions: Question) -> tuple[_Asked, ...]:
    return tuple(_Asked(question, seat) for question in questions for seat in KEEPERS)


def _recused(told: tuple[bool, ...]) -> Recused:
    seats = KEEPERS
    shut, named = told[: len(seats)], told[len(seats) :]
    return Recused(
        shut=frozenset(seat for seat, is_so in zip(seats, shut, strict=True) if is_so),
        named=frozenset(seat for seat, is_so in zip(seats, named, strict=True) if is_so),
    )


def units_of_discipline(session: Session, county: str) -> frozenset[UnitId]:
    """Return the units that hold the duty of discipline inspection: one, in a checked pack."""
    found = session.scalars(
        sa.select(UnitRow.code).where(UnitRow.county_id == county, holds(Seat.DISCIPLINE))
    )
    return frozenset(map(UnitId, found))


# Nothing that anybody typed comes into these: the words are those of `Seat`.
_BARRED = """EXISTS (SELECT 1 FROM case_exclusions AS barred
 JOIN units AS sitting ON sitting.county_id = barred.county_id AND sitting.code = barred.unit_code
 WHERE barred.case_id = cases.id AND CAST(sitting.duties AS TEXT) LIKE '%%"{seat}"%%'{further})"""

# The mark is that of `recusal.named_mark`.
_ITSELF = """
 AND (NOT EXISTS (SELECT 1 FROM case_exclusions AS above
 WHERE above.case_id = barred.case_id AND above.unit_code = sitting.superior)
 OR EXISTS (SELECT 1 FROM case_exclusions AS mark
 WHERE mark.case_id = barred.case_id AND mark.unit_code = 'named:' || sitting.code))"""

_ACCUSED = """EXISTS (WITH RECURSIVE line (county_id, code, superior) AS (
 SELECT county_id, code, superior FROM units WHERE CAST(duties AS TEXT) LIKE '%%"{seat}"%%'{further})
 SELECT 1 FROM decisions AS judged JOIN line ON line.county_id = judged.county_id
 WHERE judged.id = posts.decision_id AND CAST({accused} AS TEXT) LIKE '%%"' || line.code || '"%%')"""

_AND_ABOVE = """ UNION
 SELECT units.county_id, units.code, units.superior FROM units
 JOIN line ON units.county_id = line.county_id AND units.code = line.superior"""

_Render = Callable[[Seat], str]


@compiles(_Asked)
def _written(element: _Asked, compiler: SQLCompiler, **_: Any) -> str:  # noqa: ANN401 - as SQLAlchemy calls it
    accused = "json_extract(judged.route, '$.accused')"
    if compiler.dialect.name == "postgresql":
        accused = "(judged.route -> 'accused')"
    is_doubled = compiler.preparer._double_percents  # noqa: SLF001 - drivers differ in what % means
    sql = _sql(Question(element.question), Seat(element.seat), accused)
    return sql if is_doubled else sql.replace("%%", "%")


def _sql(question: Question, seat: Seat, accused: str) -> str:
    if question.value.startswith("case"):
        shut, named = (
            partial(_written_out, _BARRED, further=""),
            partial(_written_out, _BARRED, further=_ITSELF),
        )
    else:
        post = partial(_written_out, _ACCUSED, accused=accused)
        shut, named = partial(post, further=_AND_ABOVE), partial(post, further="")
    match question:
        case Question.CASE_SHUTS | Question.POST_SHUTS:
            return shut(seat)
        case Question.CASE_NAMES | Question.POST_NAMES:
            return named(seat)
        case Question.CASE_READ | Question.POST_READ:
            return _readable(seat, shut, named)
        case Question.CASE_IN_HAND | Question.POST_IN_HAND:
            return _kept(seat, shut, named)


def _written_out(template: str, seat: Seat, **words: str) -> str:
    return template.format(seat=seat.value, **words)


def _readable(seat: Seat, shut: _Render, named: _Render) -> str:
    if seat is Seat.HIGHER:
        return _beyond(named)
    return f"(NOT {shut(seat)} OR {_in_the_end(seat, shut, named)})"


def _kept(seat: Seat, shut: _Render, named: _Render) -> str:
    if seat is Seat.HIGHER:
        return _beyond(named)
    before = [shut(other) for other in KEEPERS[: KEEPERS.index(seat)]]
    return f"(({_all([*before, f'NOT {shut(seat)}'])}) OR {_in_the_end(seat, shut, named)})"


def _beyond(named: _Render) -> str:
    return f"({_all([named(seat) for seat in LAST_RESORT])})"


def _in_the_end(seat: Seat, shut: _Render, named: _Render) -> str:
    earlier = [named(other) for other in LAST_RESORT[: LAST_RESORT.index(seat)]]
    return f"({_all([*map(shut, KEEPERS), *earlier, f'NOT {named(seat)}'])})"


def _all(conditions: list[str]) -> str:
    return " AND ".join(conditions)
