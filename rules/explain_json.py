"""Explanations as JSON: one form only, so that equal explanations are equal bytes. It decides nothing.

Names are sorted, nothing is left out and there is no floating number: figures with a fraction are text.
"""

from __future__ import annotations

import json

from rules.explained import ExplainedCondition, ExplainedRule, ExplainedTest, Explanation, SeenFeature
from rules.model import Label

FORMAT = 1
"""Raised whenever a name, a meaning or a wording changes, so that other bytes have a reason."""

JsonValue = None | bool | int | str | list["JsonValue"] | dict[str, "JsonValue"]
Object = dict[str, JsonValue]


def canonical(value: JsonValue) -> bytes:
    """Return a value as UTF-8: names sorted, no blanks.

    Raises:
        TypeError: it holds a floating number, which has more than one way to be written.
    """
    _refuse_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def explanation_json(explanation: Explanation) -> Object:
    """Return an explanation as plain values."""
    return {
        "format": FORMAT,
        "pack": explanation.pack,
        "kind": explanation.kind.value,
        "on": explanation.on.isoformat() if explanation.on else None,
        "evaluated": explanation.evaluated,
        "not_fired": explanation.not_fired,
        "fired": [_rule(rule) for rule in explanation.fired],
        "nearest": [_rule(rule) for rule in explanation.nearest],
        "seen": [_seen(one) for one in explanation.seen],
    }


def label_json(label: Label | None) -> JsonValue:
    """Return both languages of a text, null for None."""
    return None if label is None else {"zh": label.zh, "en": label.en}


def _rule(rule: ExplainedRule) -> Object:
    return {
        "rule": rule.rule,
        "title": label_json(rule.title),
        "clause": rule.clause,
        "owner": rule.owner,
        "priority": rule.priority,
        "conclusion": rule.conclusion,
        "conclusion_words": label_json(rule.conclusion_words),
        "fired": rule.fired,
        "unmet": rule.unmet,
        "in_effect": rule.in_effect,
        "effective_from": rule.effective_from.isoformat() if rule.effective_from else None,
        "effective_to": rule.effective_to.isoformat() if rule.effective_to else None,
        "condition": _condition(rule.condition),
    }


def _condition(condition: ExplainedCondition) -> Object:
    common: Object = {
        "part": condition.part.value,
        "met": condition.met,
        "missing": condition.missing,
        "exception": condition.is_exception,
        "words": label_json(condition.words),
    }
    if isinstance(condition, ExplainedTest):
        return common | {
            "feature": condition.feature,
            "op": condition.op,
            "expected": condition.expected,
            "seen": condition.seen,
            "seen_words": label_json(condition.seen_words),
            "holds": condition.holds,
            "wanted": condition.wanted,
            "set_by": list(condition.set_by),
        }
    return common | {"members": [_condition(member) for member in condition.members]}


def _seen(one: SeenFeature) -> Object:
    return {
        "feature": one.feature,
        "value": one.value,
        "name": label_json(one.name),
        "words": label_json(one.words),
    }


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("an explanation holds no floating numbers")
    if isinstance(value, dict):
        for member in value.values():
            _refuse_floats(member)
    elif isinstance(value, list):
        for member in value:
            _refuse_floats(member)
