"""Conditions of rules in words, one line a condition, indented as they nest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from app.pages.screen_words import OP_LABELS
from app.web.language import either, in_language
from rules.model import AllOf, AnyOf, Condition, Label, Not, Test


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """One line; `depth` is how far it is indented."""

    depth: int
    text: str


def condition_lines(condition: Condition, names: Mapping[str, Label]) -> tuple[ConditionLine, ...]:
    """Return a condition as lines.

    Args:
        condition: of a rule.
        names: of features, see `screen_words.feature_names`.
    """
    return tuple(_lines(condition, names, 0))


def _lines(condition: Condition, names: Mapping[str, Label], depth: int) -> Iterator[ConditionLine]:
    match condition:
        case Test():
            yield ConditionLine(depth, _test(condition, names))
        case Not(member=member):
            yield ConditionLine(depth, _("以下不成立："))
            yield from _lines(member, names, depth + 1)
        case AllOf(members=members) | AnyOf(members=members):
            heading = _("以下全部成立：") if isinstance(condition, AllOf) else _("以下任一成立：")
            yield ConditionLine(depth, heading)
            for one in members:
                yield from _lines(one, names, depth + 1)


def _test(test: Test, names: Mapping[str, Label]) -> str:
    name = in_language(names.get(test.feature, Label(test.feature, test.feature)))
    if isinstance(test.value, bool):
        return name if test.value else _("不是：%(name)s", name=name)
    value = (
        either("、", ", ").join(map(str, test.value)) if isinstance(test.value, tuple) else str(test.value)
    )
    return f"{name} {in_language(OP_LABELS[test.op.value])} {value}"
