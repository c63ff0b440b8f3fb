"""Reads the service periods of calendar.yaml. Which one holds a day is for `periods`."""

from __future__ import annotations

from datetime import date

from rules.builtin_features import PERIOD_KINDS
from rules.field_dates import WHOLE_YEAR, as_date, as_month_day
from rules.fields import Fields
from rules.model import ServicePeriod
from rules.yamltree import Leaf, Node

LONGEST_PERIOD = 366  # days; a period that never ends is no period
_YEARLY = 5  # characters of MM-DD; of YYYY-MM-DD there are ten


def read_periods(fields: Fields) -> tuple[ServicePeriod, ...]:
    """Return the periods in the order of the file; of several that hold a day the first listed stands."""
    return fields.each("periods", _period)


def _period(fields: Fields) -> ServicePeriod:
    first, last = fields.required("from"), fields.required("to")
    yearly = _is_yearly(first) and _is_yearly(last)
    dates: tuple[date, date] | None = None
    days = WHOLE_YEAR
    if yearly:
        days = as_month_day(first, fields.notes), as_month_day(last, fields.notes)
    elif first is not None and last is not None:
        dates = as_date(first, fields.notes), as_date(last, fields.notes)
        if not 0 <= (dates[1] - dates[0]).days < LONGEST_PERIOD:
            fields.notes.error(
                fields.at,
                f"时段应当是 1 到 {LONGEST_PERIOD} 天；每年的时段写 MM-DD",
                f"a period has 1 to {LONGEST_PERIOD} days; write MM-DD for one of every year",
            )
            dates = dates[0], dates[0]
    return ServicePeriod(
        kind=_kind(fields),
        title=fields.label("title"),
        dates=dates,
        days=days,
        sensitive=fields.flag("sensitive", default=True),
        at=fields.at,
    )


def _is_yearly(node: Node | None) -> bool:
    return isinstance(node, Leaf) and len(node.text) == _YEARLY


def _kind(fields: Fields) -> str:
    kind = fields.text("kind")
    known = PERIOD_KINDS[1:]
    if kind and kind not in known:
        listed_zh, listed = "、".join(known), ", ".join(known)
        at = fields.key_at("kind")
        fields.notes.unknown(at, f"时段（可选：{listed_zh}）", f"kind of period ({listed})", kind, known)
        return known[0]
    return kind or known[0]
