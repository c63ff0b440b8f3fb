"""Reads deadlines.yaml, calendar.yaml and supervision.yaml. It computes no due date."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from decimal import Decimal

from rules.field_dates import as_date, as_time
from rules.fields import Fields, as_choice, as_decimal, one_of
from rules.model import (
    CalendarTable,
    CalendarYear,
    ClockPolicy,
    DeadlinePolicy,
    DemandClass,
    Grade,
    LadderStep,
    Limit,
    LimitUnit,
    Stage,
    StepAction,
)
from rules.problem import Notes
from rules.yamltree import Items, Leaf, Node

NO_DEADLINES = DeadlinePolicy("", time(8, 30), time(18), time(9), ())
NO_CALENDAR = CalendarTable("", (), (), frozenset())

CARDS = ("blue", "yellow", "red")
LONGEST_HOLIDAY = 60  # days of one range in `off`; longer is a slip of the pen
_LIMIT = re.compile(r"([0-9]{1,4})(m|h|wh|wd|d)\Z")
_RANGE = re.compile(r"([0-9-]{10})\.\.([0-9-]{10})\Z")
_WINDOW = 2  # a window of the working day: opening and closing
_COUNT_HIGH = 100  # redos or dissatisfied answers; nobody counts further


def read_deadlines(fields: Fields) -> DeadlinePolicy:
    """Return the limits of deadlines.yaml."""
    inner = Fields(fields.required("deadlines"), fields.notes)
    version = inner.text("version")
    day = Fields(inner.required("day"), fields.notes)
    start, end, resume = (as_time(day.required(key), fields.notes) for key in ("start", "end", "resume"))
    day.close()
    inner.required("clocks")
    clocks = inner.each("clocks", _clock)
    inner.close()
    return DeadlinePolicy(version, start, end, resume, clocks)


def read_calendar(fields: Fields) -> CalendarTable:
    """Return the calendar of calendar.yaml."""
    inner = Fields(fields.required("calendar"), fields.notes)
    inner.required("hours")
    inner.required("years")
    table = CalendarTable(
        version=inner.text("version"),
        hours=tuple(_window(node, fields.notes) for node in inner.items("hours")),
        years=inner.each("years", _year),
        closures=_days(inner, "closures"),
    )
    inner.close()
    for (_, end), (start, _) in zip(table.hours, table.hours[1:], strict=False):
        if start < end:
            fields.notes.error(inner.key_at("hours"), "工作时段重叠或颠倒", "working windows overlap")
    return table


def read_ladder(fields: Fields) -> tuple[LadderStep, ...]:
    """Return the steps of supervision.yaml."""
    return fields.each("ladder", _step)


def as_limit(node: Node | None, notes: Notes) -> Limit:
    """Return an amount of time such as 30m, 24h, 4wh, 5wd or 15d."""
    if node is None:
        return Limit(0, LimitUnit.HOURS)
    found = _LIMIT.match(node.text) if isinstance(node, Leaf) else None
    if found is None:
        notes.error(
            node.at,
            "时限应写成 30m、24h、4wh（工作小时）、5wd（工作日）或 15d（自然日）",
            "write a limit as 30m, 24h, 4wh (working hours), 5wd (working days) or 15d",
        )
        return Limit(0, LimitUnit.HOURS)
    return Limit(int(found[1]), LimitUnit(found[2]))


def _clock(fields: Fields) -> ClockPolicy:
    demand = fields.node("class")
    return ClockPolicy(
        stage=fields.choice("stage", Stage),
        grade=fields.choice("grade", Grade),
        demand=None if demand is None else as_choice(demand, DemandClass, fields.notes),
        limit=as_limit(fields.required("limit"), fields.notes),
        night_defer=fields.flag("night_defer", default=False),
        source=fields.text("source"),
        at=fields.at,
    )


def _window(node: Node, notes: Notes) -> tuple[time, time]:
    if not isinstance(node, Items) or len(node.items) != _WINDOW:
        notes.error(node.at, '时段应写成 ["08:30", "12:00"]', 'write a window as ["08:30", "12:00"]')
        return time(0), time(0)
    start, end = (as_time(item, notes) for item in node.items)
    if start >= end:
        notes.error(node.at, "时段的结束不晚于开始", "the window ends before it starts")
    return start, end


def _year(fields: Fields) -> CalendarYear:
    year = fields.integer("year", low=2000, high=2100)
    provisional = fields.flag("provisional", default=False)
    notice = fields.text_or_empty("notice")
    if not provisional and not notice:
        fields.notes.error(
            fields.at,
            "已公布的年份要写通知文号（notice）；未公布的写 provisional: true",
            "an announced year needs the number of its notice; otherwise write provisional: true",
        )
    off, work = _days(fields, "off"), _days(fields, "work")
    for day in sorted(off | work):
        if day.year != year:
            fields.notes.error(fields.at, f"{day} 不在 {year} 年", f"{day} is not in {year}")
    for day in sorted(off & work):
        fields.notes.error(fields.at, f"{day} 既放假又上班", f"{day} is both off and worked")
    return CalendarYear(year, notice, provisional, off, work)


def _days(fields: Fields, key: str) -> frozenset[date]:
    days: set[date] = set()
    for node in fields.items(key):
        found = _RANGE.match(node.text) if isinstance(node, Leaf) else None
        if found is None:
            days.add(as_date(node, fields.notes))
            continue
        first, last = (as_date(Leaf(text, quoted=False, at=node.at), fields.notes) for text in found.groups())
        count = (last - first).days + 1
        if not 1 <= count <= LONGEST_HOLIDAY:
            fields.notes.error(
                node.at,
                f"日期范围应当是 1 到 {LONGEST_HOLIDAY} 天",
                f"a range of days must have 1 to {LONGEST_HOLIDAY} days",
            )
            continue
        days.update(first + timedelta(days=n) for n in range(count))
    return frozenset(days)


def _step(fields: Fields) -> LadderStep:
    name = fields.name("id")
    notes = fields.notes = fields.notes.about(name)
    when = one_of(fields, ("share", "after"), "步骤时点", "a step")
    share: Decimal | None = None
    after: Limit | None = None
    if when == "share":
        share = as_decimal(fields.node("share"), notes)
        if not 0 < share <= 1:
            notes.error(
                fields.key_at("share"), "share 应大于 0 且不超过 1", "share must be above 0, at most 1"
            )
    elif when == "after":
        after = as_limit(fields.node("after"), notes)
    action = fields.choice("action", StepAction)
    card = fields.text_or_none("card")
    if card is not None and card not in CARDS:
        notes.unknown(fields.key_at("card"), "颜色（blue、yellow、red）", "card", card, CARDS)
    if (card is not None) != (action is StepAction.CARD):
        notes.error(
            fields.key_at("card"), "只有 action: card 要写颜色", "a card colour goes with action: card"
        )
    return LadderStep(
        id=name,
        title=fields.label("title"),
        stages=fields.choices("stages", Stage),
        grades=fields.choices("grades", Grade),
        share=share,
        after=after,
        redo_at_least=fields.integer_or_none("redo_at_least", low=1, high=_COUNT_HIGH),
        dissatisfied_at_least=fields.integer_or_none("dissatisfied_at_least", low=1, high=_COUNT_HIGH),
        action=action,
        card=card,
        source=fields.text("source"),
        at=fields.at,
    )
