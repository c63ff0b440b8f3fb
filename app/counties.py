"""The row of the county that this installation serves, and the demo's shifted clock."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

from app.accounts.demo import OnlyInTheDemo
from app.config import DEMO_COUNTY
from app.parts import House
from casework.access import CountyId, machine
from casework.desk.sweep import next_sweep_at, sweep
from casework.desk.unit import UnitOfWork
from casework.errors import CaseworkError
from casework.store.outage_rows import keep_watch
from casework.store.tables import CountyRow

_SPAN = re.compile(r"([1-9][0-9]{0,3})([dhm])")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}
_DEMO_NAMES = ("云岭县（演示）", "Yunling County (demo)")


class UnreadableSpan(CaseworkError):  # noqa: N818 — named for the situation (style.md §2.8)
    """A span of time that cannot be read."""

    code = "unreadable-span"

    def __init__(self, text: str) -> None:
        super().__init__(
            f"看不懂时长“{text}”，请写成 3d、12h 或 30m。", f"Cannot read '{text}': write 3d, 12h or 30m."
        )


LONGEST_LEAP = timedelta(days=60)
FARTHEST = timedelta(days=366)


class TooFarAhead(CaseworkError):  # noqa: N818 — named for the situation (style.md §2.8)
    """The demo's clock would leave the years that its calendar knows."""

    code = "too-far-ahead"

    def __init__(self, shift: timedelta, data_dir: Path) -> None:
        super().__init__(
            f"演示时钟一次最多前移 {LONGEST_LEAP.days} 天，总共最多 {FARTHEST.days} 天"
            f"（现已前移 {shift.days} 天）。时钟不能往回拨；要从头开始，请停止演示后删除 {data_dir}。",
            f"The demo's clock goes {LONGEST_LEAP.days} days ahead at once and {FARTHEST.days} in all "
            f"({shift.days} so far), and never back. To begin anew, stop the demo and remove {data_dir}.",
        )


def ensure_county(uow: UnitOfWork, *, name_zh: str = "", name_en: str = "") -> None:
    """Add the county's row if it is missing; an existing one is left as it is."""
    if uow.session.get(CountyRow, uow.county) is not None:
        return
    names = _DEMO_NAMES if uow.county == DEMO_COUNTY else (uow.county, uow.county)
    uow.session.add(
        CountyRow(
            id=uow.county,
            name_zh=name_zh or names[0],
            name_en=name_en or names[1],
            clock_offset_seconds=0,
            created_at=uow.now,
        )
    )
    uow.session.flush()


def parse_span(text: str) -> timedelta:
    """Return the span that `3d`, `12h` or `30m` means.

    Raises:
        UnreadableSpan: it is none of these, or not positive: the demo's clock never runs backwards.
    """
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise UnreadableSpan(text)
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def advance_demo_clock(home: House, span: timedelta) -> timedelta:
    """Move the demo's clock forward and return the whole shift.

    It goes from one moment at which the sweep has something to do to the next and sweeps there, so that
    reminders, orders and charges come from the ordinary sweep and none is late by the demo's own doing.

    Raises:
        OnlyInTheDemo: this installation is no demo.
        TooFarAhead: more than `LONGEST_LEAP` at once or `FARTHEST` in all: there is no way back.
    """
    if not home.settings.demo:
        raise OnlyInTheDemo
    goal = _shift(home, timedelta()) + span
    if span > LONGEST_LEAP or goal > FARTHEST:
        raise TooFarAhead(goal - span, home.settings.data_dir)
    before: datetime | None = None
    while (moment := _next_moment(home)) is not None and (before is None or moment > before):
        ahead = moment - home.now() + _JUST_AFTER
        if _shift(home, timedelta()) + ahead > goal:
            break
        if ahead > timedelta():
            _shift(home, ahead)
        _sweep_all(home)
        before = moment
    return _shift(home, goal - _shift(home, timedelta()))


_JUST_AFTER = timedelta(seconds=1)


def _shift(home: House, more: timedelta) -> timedelta:
    """Add to the demo's shift, a whole number of seconds, and return all of it."""
    with home.transactions.write(machine(CountyId(home.county))) as uow:
        ensure_county(uow)
        row = uow.session.get_one(CountyRow, uow.county)
        row.clock_offset_seconds += int(more.total_seconds())
        if more > timedelta():  # a leap of the demo's clock is no outage
            keep_watch(uow.session, uow.county, now=uow.now + more)
        return timedelta(seconds=row.clock_offset_seconds)


def _next_moment(home: House) -> datetime | None:
    with home.transactions.read(machine(CountyId(home.county))) as uow:
        return next_sweep_at(uow)


def _sweep_all(home: House) -> None:
    more = True
    while more:
        with home.transactions.write(machine(CountyId(home.county))) as uow:
            more = sweep(uow).more
