"""Printed numbers, taken inside the transaction that uses them: a rollback gives the number back.

Only printed numbers are sequential, and those of confidential cases are not even that: in a series that
others read each would be a gap, and tell whoever is accused how many papers there are, since when and whose.
What is done with a number is the use case's business.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from casework.recusal import Seat
from casework.store.tables import CaseRow, DocumentRow, NumberSeriesRow, StepRow
from casework.workdays import local_day
from rules.model import Pack

NUMBER_PREFIX = "number_prefix"
"""Name of the pack's setting with the county's character, e.g. 云."""


class Issuer(StrEnum):
    """Whose numbers of ordinary cases: the value is printed between the county's character and the year.

    **Source:** domain.md §6.2 (交办单 平网信交〔2026〕35号); supervision orders are numbered by the desk that
    issues them, §0.
    """

    OFFICE_SLIP = "网信交"
    OFFICE_ORDER = "网信督"
    SUPERVISION_ORDER = "督查督"
    TARGET_ORDER = "目督督"


ORDERS: Mapping[Seat, Issuer] = MappingProxyType(
    {
        Seat.CYBERSPACE: Issuer.OFFICE_ORDER,
        Seat.SUPERVISION: Issuer.SUPERVISION_ORDER,
        Seat.TARGET: Issuer.TARGET_ORDER,
    }
)
"""Whose numbers orders get, by who gives them."""

SECRET: Mapping[Seat, str] = MappingProxyType(
    {
        Seat.CYBERSPACE: "网信密",
        Seat.SUPERVISION: "督查密",
        Seat.TARGET: "目督密",
        Seat.DISCIPLINE: "纪检密",
        Seat.HIGHER: "密",  # nobody of the county issues a paper then
    }
)
"""What stands in numbers of confidential cases in the place of `Issuer`, by who issues the paper."""

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 of them: a digit is never taken for a letter."""
SECRET_LENGTH = 6  # letters: 2^30, so that nobody meets one by trying


def take_number(session: Session, *, county: str, issuer: Issuer, prefix: str, now: datetime) -> str:
    """Return the next printed number of an issuer, e.g. 云网信交〔2026〕35号.

    The row of the series stays locked until the transaction ends, so there is no gap and no double.

    Args:
        session: of the transaction that prints the number.
        county: whose series.
        issuer: which series.
        prefix: the county's character.
        now: aware UTC; the year is that of the county's calendar.

    **Source:** GB/T 9704-2012: whole year in 〔〕, no leading zeros.
    """
    year = local_day(now).year
    key = {"county_id": county, "issuer": issuer.value, "year": year}
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    taken = session.execute(
        insert(NumberSeriesRow)
        .values(**key, last=1)
        .on_conflict_do_update(
            index_elements=["county_id", "issuer", "year"], set_={"last": NumberSeriesRow.last + 1}
        )
        .returning(NumberSeriesRow.last)
    ).scalar_one()
    return f"{prefix}{issuer.value}〔{year}〕{taken}号"


def secret_number(
    session: Session,
    *,
    county: str,
    seat: Seat,
    prefix: str,
    now: datetime,
    new_id: Callable[[], uuid.UUID],
) -> str:
    """Return a number for a paper of a confidential case, e.g. 云督查密〔2026〕7QF3KM号.

    Nothing follows from it but who issued the paper and in which year; it is in no series.

    Args:
        session: of the transaction that prints the number.
        county: whose paper.
        seat: that issues it.
        prefix: the county's character.
        now: aware UTC; the year is that of the county's calendar.
        new_id: source of ids, of whose chance it is made; these ids serve for nothing else.
    """
    while True:
        number = f"{prefix}{SECRET[seat]}〔{local_day(now).year}〕{_code(new_id())}号"
        if not _is_taken(session, county, number):
            return number


def is_secret_number(number: InstrumentedAttribute[str]) -> sa.ColumnElement[bool]:
    """Return the condition that a number is one of `secret_number`."""
    return number.like(f"%{SECRET[Seat.HIGHER]}〔%")  # the end of each word there is


def _code(made: uuid.UUID) -> str:
    """Return letters of the random end of an id; what is before it is the time."""
    value = made.int
    letters = []
    for _ in range(SECRET_LENGTH):
        value, place = divmod(value, len(LETTERS))
        letters.append(LETTERS[place])
    return "".join(letters)


def _is_taken(session: Session, county: str, number: str) -> bool:
    rows = (CaseRow, StepRow, DocumentRow)
    taken = [sa.exists().where(row.county_id == county, row.number == number) for row in rows]
    return bool(session.scalar(sa.select(sa.or_(*taken))))


def county_prefix(pack: Pack) -> str:
    """Return the character that numbers of the pack's county begin with.

    It is the pack's setting `number_prefix`, else the first character of the county's name.
    """
    for name, value in pack.settings:
        if name == NUMBER_PREFIX and isinstance(value, str) and value:
            return value
    return pack.county.zh[:1]
