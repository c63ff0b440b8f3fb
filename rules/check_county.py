"""Checks units, routes, places, limits and calendar of a pack for gaps that a case would fall into."""

from __future__ import annotations

from collections import Counter

from rules import checks_county as checks
from rules.model import DemandClass, Grade, Location, Pack, Stage, UnitEntry
from rules.periods import overlapping
from rules.problem import Notes

# Codes of grading.md; the figures of `evaluate routing` are counted by them.
FAMILIES = (
    "HOUSING",
    "ENFORCE",
    "ENVIRON",
    "POLICE",
    "TRANSPORT",
    "EDUCATION",
    "HEALTH",
    "MEDINS",
    "LABOUR",
    "CIVIL",
    "MARKET",
    "LAND",
    "AGRI",
    "WATER",
    "CULTURE",
    "COMMERCE",
    "FINANCE",
    "EMERGENCY",
    "DISCIPLINE",
    "JUSTICE",
    "TOWNSHIP",
    "OTHER",
)
_ROLES = (
    ("first_responsible", "第一责任人"),
    ("deputy", "分管负责人"),
    ("liaison", "联络员"),
)
_NEEDED_DUTIES = {
    "cyberspace": "网信办",
    "supervision": "书记督查室",
    "target": "目督办",
    "discipline": "纪委监委",
    "backstop": "兜底单位",
}
_NEEDED_STAGES = (Stage.SIGN_FOR, Stage.FIRST_REPORT, Stage.PUBLIC_REPLY, Stage.CLOSE)
_SATURDAY = 5  # date.weekday()


def check_county(pack: Pack, notes: Notes) -> None:
    """File gaps: contact roles, duties, topics without a route, places of nobody, limits, calendar."""
    for unit in pack.units:
        _check_unit(unit, notes.about(unit.id))
    _check_duties(pack, notes)
    _check_routes(pack, notes)
    _check_places(pack, notes)
    _check_deadlines(pack, notes)
    _check_calendar(pack, notes)
    for one, other, day in overlapping(pack.periods):
        notes.found(
            checks.PERIODS,
            other.at,
            f"{day} 同属 {one.kind} 和 {other.kind}，取先列出的 {one.kind}（{one.title.zh}）",
            f"{day} lies in {one.kind} and in {other.kind}; {one.kind} is listed first ({one.title.en})",
        )
    if not pack.dismissals:
        notes.found(
            checks.NO_DISMISSAL,
            Location("pack.yaml", 1, 1),
            "没有不立案理由",
            "there is no reason of dismissal",
        )


def _check_unit(unit: UnitEntry, notes: Notes) -> None:
    for role, zh in _ROLES:
        if not getattr(unit, role).name:
            notes.found(checks.CONTACT, unit.at, f"缺少{zh}", f'the contact role "{role}" is missing')
    if unit.family and unit.family not in FAMILIES:
        notes.unknown(unit.at, "单位类别", "family", unit.family, FAMILIES)


def _check_duties(pack: Pack, notes: Notes) -> None:
    holders: dict[str, list[UnitEntry]] = {}
    for unit in pack.units:
        for duty in unit.duties:
            holders.setdefault(duty, []).append(unit)
    for duty, zh in _NEEDED_DUTIES.items():
        units = holders.get(duty, [])
        if not units:
            notes.found(
                checks.DUTY,
                Location("units.yaml", 1, 1),
                f"没有单位承担 {duty}（{zh}）",
                f'no unit has the duty "{duty}"',
            )
        for unit in units[1:]:
            notes.about(unit.id).found(
                checks.DUTY,
                unit.at,
                f"{duty}（{zh}）已由 {units[0].id} 承担",
                f'the duty "{duty}" is held by {units[0].id} already',
            )


def _check_routes(pack: Pack, notes: Notes) -> None:
    routed = {route.topic for route in pack.routes}
    for topic in pack.topics:
        if topic.id not in routed:
            notes.about(topic.id).found(
                checks.NO_ROUTE,
                topic.at,
                f"主题「{topic.id}」没有路由",
                f'the topic "{topic.id}" has no route',
            )
    seen: dict[tuple[str, str | None, str | None, str], str] = {}
    for route in pack.routes:
        key = (route.topic, route.zone, route.place_kind, route.basis_kind.value)
        if key in seen:
            notes.about(route.id).found(
                checks.TWIN_ROUTES,
                route.at,
                f"与路由「{seen[key]}」条件和依据种类相同，无法取舍",
                f'same case and kind of basis as the route "{seen[key]}": nothing decides between them',
            )
        seen.setdefault(key, route.id)
    named = {t.designated for route in pack.routes for t in (route.lead, *route.assist)}
    for designation in pack.designations:
        mine = notes.about(designation.id)
        if designation.unit is None:
            mine.found(
                checks.UNSET,
                designation.at,
                "尚未指定单位，案件将送裁定",
                "no unit designated yet: cases go to arbitration",
            )
        elif designation.document is None:
            mine.found(
                checks.NO_DOCUMENT,
                designation.at,
                "已指定单位但没有文号",
                "a unit is designated without a document",
            )
        if designation.id not in named:
            mine.found(
                checks.UNUSED_DESIGNATION,
                designation.at,
                "没有路由使用该指定事项",
                "no route uses this designation",
            )


def _check_places(pack: Pack, notes: Notes) -> None:
    by_id = {place.id: place for place in pack.places}
    for place in pack.places:
        current = place
        while current.unit is None and current.within is not None:
            current = by_id[current.within]
        if current.unit is None:
            notes.about(place.id).found(
                checks.NOBODYS_PLACE,
                place.at,
                "该地点没有属地单位",
                "no unit is responsible for the territory of this place",
            )


def _check_deadlines(pack: Pack, notes: Notes) -> None:
    clocks = Counter((c.stage, c.grade, c.demand) for c in pack.deadlines.clocks)
    for clock in pack.deadlines.clocks:
        if clocks[clock.stage, clock.grade, clock.demand] > 1:
            notes.found(
                checks.LIMIT,
                clock.at,
                "同一阶段、等级和类别有两个时限",
                "two limits for one stage, grade and class",
            )
    top = Location("deadlines.yaml", 1, 1)
    for stage in _NEEDED_STAGES:
        for grade in Grade:
            covered = (stage, grade, None) in clocks or all(
                (stage, grade, demand) in clocks for demand in DemandClass
            )
            if not covered:
                notes.found(
                    checks.LIMIT,
                    top,
                    f"缺少时限：{stage.value} / {grade.value}",
                    f"no limit for {stage.value} of {grade.value} cases",
                )


def _check_calendar(pack: Pack, notes: Notes) -> None:
    top = Location("calendar.yaml", 1, 1)
    years = [year.year for year in pack.calendar.years]
    for year, count in Counter(years).items():
        if count > 1:
            notes.found(checks.CALENDAR, top, f"{year} 年出现两次", f"the year {year} stands twice")
    if years and sorted(set(years)) != list(range(min(years), max(years) + 1)):
        notes.found(checks.CALENDAR, top, "年份不连续", "the years have a gap")
    for table in pack.calendar.years:
        for day in sorted(table.work):
            if day.weekday() < _SATURDAY:
                notes.found(
                    checks.CALENDAR,
                    top,
                    f"{day} 不是周末，不必列为调休上班",
                    f"{day} is no weekend: it is worked anyway",
                )
