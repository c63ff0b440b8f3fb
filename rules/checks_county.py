"""Checks on units, routes, places, limits, calendar and periods: codes R3…; see `checks`."""

from __future__ import annotations

from rules.problem import Check, Level

_E, _W, _N = Level.ERROR, Level.WARNING, Level.NOTE

CONTACT = Check.of(
    "R301",
    _E,
    ("单位缺少联系人", "A contact role of a unit is missing"),
    ("补上联系人", "name a person for it"),
)
DUTY = Check.of(
    "R302",
    _E,
    ("专门职责无人承担或重复承担", "A special duty is held by no unit, or by two"),
    ("在 units.yaml 的 duties 中只写一家", "give it to exactly one unit in units.yaml"),
)
NO_ROUTE = Check.of(
    "R303",
    _E,
    ("主题没有路由", "A topic has no route"),
    ("在 routing.yaml 中补一条", "add one to routing.yaml"),
)
TWIN_ROUTES = Check.of(
    "R304",
    _W,
    ("两条路由无法取舍", "Nothing decides between two routes"),
    ("改 zone、place_kind 或 basis_kind", "change zone, place_kind or basis_kind of one"),
)
UNSET = Check.of(
    "R305",
    _N,
    ("指定事项尚未指定单位", "No unit is designated yet"),
    ("请县政府发文指定", "ask the county government to designate one"),
)
NO_DOCUMENT = Check.of(
    "R306",
    _W,
    ("指定单位没有文号", "A unit is designated without a document"),
    ("写上文号（document）", "give the number of the document"),
)
UNUSED_DESIGNATION = Check.of(
    "R307",
    _W,
    ("没有路由使用该指定事项", "No route uses a designation"),
    ("在路由中引用，或删去", "use it in a route or take it out"),
)
NOBODYS_PLACE = Check.of(
    "R308",
    _W,
    ("地点没有属地单位", "No unit is responsible for a place"),
    ("写上 unit 或 within", "give it a unit, or a larger place with one"),
)
LIMIT = Check.of(
    "R309",
    _E,
    ("时限缺少或重复", "A limit is missing or stands twice"),
    ("每个阶段和等级恰好一个时限", "give one limit for each stage and grade"),
)
CALENDAR = Check.of(
    "R310",
    _E,
    ("日历有缺口或错误", "The calendar has a gap or an impossible day"),
    ("按国务院通知核对", "compare it with the notice of the State Council"),
)
NO_DISMISSAL = Check.of(
    "R311",
    _E,
    ("没有不立案理由", "There is no reason of dismissal"),
    ("在 pack.yaml 的 dismissals 中写", "list them under dismissals in pack.yaml"),
)
PERIODS = Check.of(
    "R312",
    _N,
    ("两个服务时段重叠", "Two service periods overlap; the first listed stands"),
    ("需要时调整先后次序", "change their order if the other should stand"),
)

CHECKS: tuple[Check, ...] = tuple(value for value in tuple(globals().values()) if isinstance(value, Check))
