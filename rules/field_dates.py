"""Reads days and times of a pack. `fields` reads everything else."""

from __future__ import annotations

import re
from datetime import date, time

from rules.problem import Notes
from rules.yamltree import Leaf, Node

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_TIME = re.compile(r"[0-2][0-9]:[0-5][0-9]\Z")
_MONTH_DAY = re.compile(r"[0-9]{2}-[0-9]{2}\Z")
WHOLE_YEAR = (101, 1231)  # first and last day, as month x 100 + day


def as_date(node: Node, notes: Notes) -> date:
    """Return a day written as YYYY-MM-DD."""
    if isinstance(node, Leaf) and _DATE.match(node.text):
        try:
            return date.fromisoformat(node.text)
        except ValueError:
            pass  # e.g. 2026-02-30; reported below like any other word
    notes.error(node.at, "这里应当是日期，例如 2026-01-31", "a day such as 2026-01-31 is expected here")
    return date(1970, 1, 1)


def as_month_day(node: Node | None, notes: Notes) -> int:
    """Return a day of any year written as MM-DD, as month x 100 + day."""
    if node is None:
        return WHOLE_YEAR[0]
    if isinstance(node, Leaf) and _MONTH_DAY.match(node.text):
        try:
            day = date.fromisoformat(f"2000-{node.text}")  # a leap year
        except ValueError:
            pass  # e.g. 02-30; reported below like any other word
        else:
            return day.month * 100 + day.day
    notes.error(node.at, '这里应当是月日，例如 "06-07"', 'a day of the year such as "06-07" is expected here')
    return WHOLE_YEAR[0]


def as_time(node: Node | None, notes: Notes) -> time:
    """Return a time of day written as HH:MM."""
    if node is None:
        return time(0)
    if isinstance(node, Leaf) and _TIME.match(node.text):
        try:
            return time.fromisoformat(node.text)
        except ValueError:
            pass  # e.g. 29:00; reported below like any other word
    notes.error(node.at, '这里应当是时刻，例如 "08:30"', 'a time of day such as "08:30" is expected here')
    return time(0)
