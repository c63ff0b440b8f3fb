"""The words that the desk pages have for keys: stages, outcomes, reports, cards, conclusions, conditions.

No decision is here; a key without a word is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Flask

from app.web.language import in_language
from app.web.page import GRADE_LABELS
from casework.outcome import OUTCOME_LABELS, Outcome
from casework.states import CaseState
from rules.builtin_features import SCORING_ROWS, SEVERITY_ROWS
from rules.model import Grade, Label, Op, Pack, Reason, Stage

STAGE_LABELS: Mapping[Stage, Label] = MappingProxyType(
    {
        Stage.SIGN_FOR: Label("签收", "Sign for"),
        Stage.OBJECTION: Label("异议", "Objection"),
        Stage.FIRST_CONTACT: Label("首次联系", "First contact"),
        Stage.FIRST_REPORT: Label("首报", "First report"),
        Stage.PUBLIC_REPLY: Label("公开回应", "Public reply"),
        Stage.CLOSE: Label("办结", "Close"),
        Stage.COMMITMENT: Label("承诺事项", "Commitment"),
    }
)
REPORT_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "first": Label("首报", "First report"),
        "progress": Label("续报", "Progress report"),
        "final": Label("终报", "Final report"),
        "contact": Label("首次联系", "First contact"),
        "public_reply": Label("公开回应", "Public reply"),
    }
)
CARD_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "blue": Label("蓝牌", "Blue card"),
        "yellow": Label("黄牌", "Yellow card"),
        "red": Label("红牌", "Red card"),
    }
)
OP_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        Op.IS.value: Label("是", "is"),
        Op.IS_NOT.value: Label("不是", "is not"),
        Op.AT_LEAST.value: Label("不少于", "is at least"),
        Op.AT_MOST.value: Label("不超过", "is at most"),
        Op.MORE_THAN.value: Label("大于", "is more than"),
        Op.LESS_THAN.value: Label("小于", "is less than"),
        Op.ONE_OF.value: Label("属于", "is one of"),
    }
)
VALUE_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "true": Label("是", "yes"),
        "false": Label("否", "no"),
        "True": Label("是", "yes"),
        "False": Label("否", "no"),
    }
)


def speak_of_cases(app: Flask) -> None:
    """Give the templates of `app` the words for keys."""
    app.add_template_global(case_states)
    app.add_template_filter(conclusion, "conclusion")
    app.add_template_filter(reason_words, "reason_words")
    app.add_template_filter(lambda key: OUTCOME_LABELS[Outcome(key)], "outcome_label")
    app.add_template_filter(lambda key: REPORT_LABELS.get(key, Label(key, key)), "report_label")
    app.add_template_filter(lambda key: STAGE_LABELS[Stage(key)], "stage_label")
    app.add_template_filter(lambda key: CARD_LABELS.get(key, Label(key, key)), "card_label")


def case_states() -> tuple[CaseState, ...]:
    """Return every state, in the order of a case's life."""
    return tuple(CaseState)


def conclusion(text: str, names: Mapping[str, Label]) -> str:
    """Return the conclusion of a finding in words: `grade=major` becomes 较大.

    Args:
        text: as the finding holds it.
        names: of the features of the pack, see `feature_names`.
    """
    kind, _, value = text.partition("=")
    if kind == "grade" and value in set(Grade):
        return in_language(GRADE_LABELS[Grade(value)])
    if kind == "dismisses":
        return in_language(Label("建议不立案", "Suggests no case"))
    if kind == "points":
        return value
    return in_language(names.get(value, Label(value, value)))


def reason_words(reason: Reason, names: Mapping[str, Label]) -> str:
    """Return one condition of a fired rule in words, with the value that was seen."""
    name = in_language(names.get(reason.feature, Label(reason.feature, reason.feature)))
    if reason.expected.lower() in {"true", "false"}:
        seen = in_language(VALUE_LABELS.get(reason.seen, Label(reason.seen, reason.seen)))
        return in_language(Label(f"{name}：{seen}", f"{name}: {seen}"))
    operator = in_language(OP_LABELS.get(reason.op, Label(reason.op, reason.op)))
    return in_language(
        Label(
            f"{name} {operator} {reason.expected}（实际 {reason.seen}）",
            f"{name} {operator} {reason.expected} (seen: {reason.seen})",
        )
    )


def feature_names(pack: Pack) -> Mapping[str, Label]:
    """Return the names of everything that a rule of `pack` may mention, by name of the feature."""
    built_in = {row.name: Label(row.zh, row.en) for row in (*SEVERITY_ROWS, *SCORING_ROWS)}
    return built_in | {signal.id: signal.title for signal in pack.signals}
