"""Printed numbers, taken inside the transaction that uses them: a rollback gives the number back.

Only printed numbers are sequential; what is done with a number is the use case's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from casework.recusal import Seat
from casework.store.tables import NumberSeriesRow
from casework.workdays import local_day
from rules.model import Pack

NUMBER_PREFIX = "number_prefix"
"""Name of the pack's setting with the county's character, e.g. 云."""


class Issuer(StrEnum):
    """Whose numbers: the value is printed between the county's character and the year.

    **Source:** domain.md §6.2 (交办单 平网信交〔2026〕35号); supervision orders are numbered by the desk that
    issues them, §0.
    """

    OFFICE_SLIP = "网信交"
    OFFICE_ORDER = "网信督"
    SUPERVISION_ORDER = "督查督"
    # Of whoever stands in: a number of the office's own series would be a gap that the accused can count.
    SUPERVISION_SLIP = "督查交"
    TARGET_SLIP = "目督交"
    TARGET_ORDER = "目督督"
    DISCIPLINE_ORDER = "纪检督"


SLIPS: Mapping[Seat, Issuer] = MappingProxyType(
    # Discipline inspection and higher authorities dispatch nothing here.
    {Seat.SUPERVISION: Issuer.SUPERVISION_SLIP, Seat.TARGET: Issuer.TARGET_SLIP}
)
"""Whose numbers slips get from who stands in for the office; from everybody else those of the office."""

ORDERS: Mapping[Seat, Issuer] = MappingProxyType(
    {
        Seat.CYBERSPACE: Issuer.OFFICE_ORDER,
        Seat.SUPERVISION: Issuer.SUPERVISION_ORDER,
        Seat.TARGET: Issuer.TARGET_ORDER,
        Seat.DISCIPLINE: Issuer.DISCIPLINE_ORDER,
    }
)
"""Whose numbers orders get, by who gives them."""


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


def county_prefix(pack: Pack) -> str:
    """Return the character that numbers of the pack's county begin with.

    It is the pack's setting `number_prefix`, else the first character of the county's name.
    """
    for name, value in pack.settings:
        if name == NUMBER_PREFIX and isinstance(value, str) and value:
            return value
    return pack.county.zh[:1]
