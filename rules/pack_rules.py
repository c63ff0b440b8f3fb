"""Reads severity.yaml and scoring.yaml. Features are checked against the vocabulary in `pack_names`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from rules.field_dates import as_date
from rules.fields import NOWHERE, Fields, as_decimal, as_flag, as_scalar, one_of
from rules.model import (
    AllOf,
    AnyOf,
    Condition,
    Example,
    Grade,
    Not,
    Op,
    Rule,
    RuleKind,
    RuleStatus,
    Scalar,
    Test,
)
from rules.problem import Notes
from rules.yamltree import Entries, Items, Leaf, Node

_GROUPS = ("all", "any", "not")
_OPS = {op.value: op for op in Op}
_CONCLUSIONS = {
    RuleKind.SEVERITY: ("grade", "concludes", "dismisses"),
    RuleKind.SCORING: ("points", "concludes"),
}
HIGHEST_PRIORITY = 1000


def read_rules(fields: Fields, kind: RuleKind) -> tuple[Rule, ...]:
    """Return the rules of severity.yaml or scoring.yaml."""
    return fields.each("rules", lambda one: _rule(one, kind))


def _rule(fields: Fields, kind: RuleKind) -> Rule:
    name = fields.name("id")
    notes = fields.notes = fields.notes.about(name)
    conclusion = one_of(fields, _CONCLUSIONS[kind], "规则结论", "a rule")
    since, until = _effective(fields)
    unless = fields.node("unless")
    return Rule(
        id=name,
        kind=kind,
        title=fields.label("title"),
        status=fields.choice("status", RuleStatus),
        owner=fields.text("owner"),
        source=fields.text("source"),
        when=_condition(fields.required("when"), notes),
        unless=None if unless is None else _condition(unless, notes),
        priority=fields.integer_or_none("priority", low=-HIGHEST_PRIORITY, high=HIGHEST_PRIORITY) or 0,
        grade=fields.choice("grade", Grade) if conclusion == "grade" else None,
        concludes=fields.name("concludes") if conclusion == "concludes" else None,
        dismisses=fields.name("dismisses") if conclusion == "dismisses" else None,
        points=_points(fields) if conclusion == "points" else (),
        effective_from=since,
        effective_to=until,
        examples=fields.each("examples", _example),
        at=fields.at,
    )


def _effective(fields: Fields) -> tuple[date | None, date | None]:
    node = fields.node("effective")
    if node is None:
        return None, None
    inner = Fields(node, fields.notes)
    first, last = inner.node("from"), inner.node("to")
    since = None if first is None else as_date(first, fields.notes)
    until = None if last is None else as_date(last, fields.notes)
    if since is not None and until is not None and since >= until:
        fields.notes.error(node.at, "失效日期不晚于生效日期", '"to" must be later than "from"')
    inner.close()
    return since, until


def _points(fields: Fields) -> tuple[tuple[str, Decimal], ...]:
    node = fields.node("points")
    if not isinstance(node, Entries):
        return (("any", as_decimal(node, fields.notes)),)
    inner = Fields(node, fields.notes)
    points = tuple(
        (grade.value, as_decimal(inner.node(grade.value), fields.notes))
        for grade in Grade
        if inner.has(grade.value)
    )
    inner.close()
    if not points:
        fields.notes.error(node.at, "至少写一个等级的分值", "give the points of at least one grade")
    return points


def _example(fields: Fields) -> Example:
    features: list[tuple[str, Scalar]] = []
    node = fields.node("features")
    if isinstance(node, Entries):
        features = [(entry.key, as_scalar(entry.value, fields.notes)) for entry in node.entries]
    elif node is not None:
        fields.notes.error(node.at, "这里应当是「特征: 值」", "feature: value is expected here")
    text = fields.text_or_none("text")
    if text is None and not features:
        fields.notes.error(fields.at, "示例要有 text 或 features", "an example needs text or features")
    matches = fields.required("matches")
    return Example(
        text=text,
        features=tuple(features),
        matches=as_flag(matches, fields.notes) if matches is not None else False,
        at=fields.at,
    )


def _condition(node: Node | None, notes: Notes) -> Condition:
    """Read a condition; the tree's depth limit bounds the recursion."""
    nothing = AllOf((), NOWHERE if node is None else node.at)
    if node is None:
        return nothing
    if not isinstance(node, Entries) or len(node.entries) != 1:
        notes.error(
            node.at,
            "每个条件只写一个键（特征、all、any 或 not）；多个条件请放进 all:",
            "a condition has exactly one key (a feature, all, any or not); put several under all:",
        )
        return nothing
    entry = node.entries[0]
    if entry.key == "not":
        return Not(_condition(entry.value, notes), entry.at)
    if entry.key in _GROUPS:
        members = _members(entry.value, notes)
        return AllOf(members, entry.at) if entry.key == "all" else AnyOf(members, entry.at)
    return _test(entry.key, entry.value, Fields(node, notes))


def _members(node: Node, notes: Notes) -> tuple[Condition, ...]:
    if not isinstance(node, Items) or not node.items:
        notes.error(node.at, "这里应当是非空的条件列表", "a list of at least one condition is expected here")
        return ()
    return tuple(_condition(item, notes) for item in node.items)


def _test(feature: str, node: Node, fields: Fields) -> Condition:
    at, notes = fields.key_at(feature), fields.notes
    if isinstance(node, Leaf):
        return Test(feature, Op.IS, as_scalar(node, notes), at)
    if isinstance(node, Items) or not node.entries:
        notes.error(
            node.at,
            "列表请写成 {one_of: [...]}；比较请写成 {at_least: 5}",
            "write a list as {one_of: [...]} and a comparison as {at_least: 5}",
        )
        return AllOf((), at)
    tests: list[Condition] = []
    for entry in node.entries:
        if entry.key not in _OPS:
            notes.unknown(entry.at, "比较", "comparison", entry.key, _OPS)
            continue
        op = _OPS[entry.key]
        tests.append(Test(feature, op, _expected(op, entry.value, notes), entry.at))
    return tests[0] if len(tests) == 1 else AllOf(tuple(tests), at)


def _expected(op: Op, node: Node, notes: Notes) -> Scalar | tuple[Scalar, ...]:
    if op is not Op.ONE_OF:
        return as_scalar(node, notes)
    if not isinstance(node, Items) or not node.items:
        notes.error(node.at, "one_of 需要非空列表", "one_of needs a list of at least one value")
        return ()
    return tuple(as_scalar(item, notes) for item in node.items)
