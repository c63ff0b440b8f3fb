"""The words that the desk pages have for keys: stages, outcomes, reports, cards, conclusions, conditions.

No decision is here; a key without a word is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Flask

from app.web.language import either, in_language
from app.web.page import GRADE_LABELS
from casework.outcome import OUTCOME_LABELS, Outcome
from casework.post import TriageState
from casework.scoring import FailingKind
from casework.states import CaseState
from casework.store.desk_items import ItemKind
from casework.understanding.demand import CALL_FOR_HELP
from rules.builtin_features import SCORING_ROWS, SEVERITY_ROWS
from rules.explained import ExplainedRule, comparisons_in
from rules.model import DemandClass, Grade, Label, Op, Pack, Reason, RuleStatus, Stage, Target
from rules.value_words import (
    CARD_WORDS,
    DEMAND_WORDS,
    FAILING_WORDS,
    OP_WORDS,
    STAGE_WORDS,
    STATUS_WORDS,
    UNIT_KIND_WORDS,
    ZONE_WORDS,
)

STAGE_LABELS: Mapping[Stage, Label] = MappingProxyType({one: STAGE_WORDS[one.value] for one in Stage})
REPORT_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "first": Label("首报", "First report"),
        "progress": Label("续报", "Progress report"),
        "final": Label("终报", "Final report"),
        "contact": Label("首次联系", "First contact"),
        "public_reply": Label("公开回应", "Public reply"),
    }
)
TRIAGE_LABELS: Mapping[TriageState, Label] = MappingProxyType(
    {
        TriageState.PENDING: Label("等待研判", "Waiting for triage"),
        TriageState.CLAIMED: Label("正在研判", "Being triaged"),
        TriageState.CASE: Label("已立案", "Case opened"),
        TriageState.MERGED: Label("已并案", "Attached to a case"),
        TriageState.DISMISSED: Label("不立案", "Dismissed"),
        TriageState.DESK: Label("人工研判", "With a person"),
    }
)
ITEM_LABELS: Mapping[ItemKind, Label] = MappingProxyType(
    {
        ItemKind.TRIAGE: Label("研判存疑", "Unclear triage"),
        ItemKind.ARBITRATION: Label("待裁定单位", "Ruling on the unit"),
        ItemKind.ENGINE_DIFFERENT: Label("两套研判不一致", "Evaluators differ"),
        ItemKind.ENGINE_FAILED: Label("规则引擎无结果", "Engine failed"),
        ItemKind.UPGRADE: Label("建议升级", "Higher grade proposed"),
        ItemKind.STALLED: Label("停滞", "Stalled"),
        ItemKind.DOCUMENT: Label("文书未生成", "Document not made"),
        ItemKind.REAUDIT: Label("抽查不成立", "Did not hold on re-audit"),
        ItemKind.SAME_MATTER: Label("可能是同一事项", "Possibly the same matter"),
        ItemKind.REVISED: Label("来文有修改", "Post edited"),
    }
)
DEMAND_LABELS: Mapping[DemandClass, Label] = MappingProxyType(
    {one: DEMAND_WORDS[one.value] for one in DemandClass}
)
FAILING_LABELS: Mapping[FailingKind, Label] = MappingProxyType(
    {one: FAILING_WORDS[one.value] for one in FailingKind}
)
STATUS_LABELS: Mapping[RuleStatus, Label] = MappingProxyType(
    {one: STATUS_WORDS[one.value] for one in RuleStatus}
)
DOCUMENT_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "dispatch_slip": Label("交办单", "Dispatch slip"),
        "reminder": Label("催办单", "Reminder"),
        "supervision_order": Label("督办单", "Supervision order"),
        "summons": Label("约谈通知", "Summons"),
        "score_sheet": Label("计分单", "Score sheet"),
    }
)
DISPOSITION_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "case": Label("立案", "Opens a case"),
        "dismissal": Label("不立案", "No case"),
        "desk": Label("转人工研判", "Goes to a person"),
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
    app.add_template_global(lambda: either("：", ": "), "colon")
    app.add_template_global(lambda: either("、", ", "), "comma")
    app.add_template_global(lambda: tuple(TriageState), "triage_states")
    app.add_template_filter(lambda key: TRIAGE_LABELS[TriageState(key)], "triage_label")
    app.add_template_filter(lambda key: ITEM_LABELS[ItemKind(key)], "item_label")
    app.add_template_filter(lambda key: FAILING_LABELS[FailingKind(key)], "failing_label")
    app.add_template_filter(lambda key: UNIT_KIND_WORDS.get(key, Label(key, key)), "unit_kind")
    app.add_template_filter(lambda key: STATUS_LABELS[RuleStatus(key)], "rule_status")
    app.add_template_filter(lambda key: ZONE_WORDS.get(key, Label(key, key)), "zone")
    app.add_template_filter(lambda key: DISPOSITION_LABELS[str(key)], "disposition_label")
    app.add_template_filter(lambda key: DOCUMENT_LABELS.get(key, Label(key, key)), "document_label")
    app.add_template_test(lambda reason: reason == CALL_FOR_HELP, "urgent")
    app.add_template_filter(target, "target")
    app.add_template_filter(conclusion, "conclusion")
    app.add_template_filter(reason_words, "reason_words")
    app.add_template_filter(short_of, "short_of")
    app.add_template_filter(lambda key: OUTCOME_LABELS[Outcome(key)], "outcome_label")
    app.add_template_filter(lambda key: DEMAND_LABELS[DemandClass(key)], "demand_label")
    app.add_template_filter(lambda key: REPORT_LABELS.get(key, Label(key, key)), "report_label")
    app.add_template_filter(lambda key: STAGE_LABELS[Stage(key)], "stage_label")
    app.add_template_filter(lambda key: CARD_WORDS.get(key, Label(key, key)), "card_label")


def case_states() -> tuple[CaseState, ...]:
    """Return every state that a case can come to, in the order of its life."""
    return tuple(state for state in CaseState if state not in _NO_WAY_TO)


_NO_WAY_TO = frozenset({CaseState.DRAFTED, CaseState.ARCHIVED})
"""Known to the lifecycle, but no page has a form that leads there yet; a test looks at the forms."""


def conclusion(text: str) -> str:
    """Return the conclusion of a finding in words: `grade=major` becomes 较大."""
    kind, _, value = text.partition("=")
    if kind == "grade" and value in set(Grade):
        return in_language(GRADE_LABELS[Grade(value)])
    if kind == "dismisses":
        return in_language(Label("建议不立案", "Suggests no case"))
    if kind == "points":
        return value
    return in_language(Label("中间结论", "Intermediate conclusion"))


def reason_words(reason: Reason, names: Mapping[str, Label]) -> str:
    """Return one condition of a fired rule in words, with the value that was seen."""
    name = in_language(names.get(reason.feature, Label(reason.feature, reason.feature)))
    if reason.expected.lower() in {"true", "false"}:
        seen = in_language(VALUE_LABELS.get(reason.seen.lower(), Label(reason.seen, reason.seen)))
        return in_language(Label(f"{name}：{seen}", f"{name}: {seen}"))
    operator = in_language(OP_WORDS[Op(reason.op)])
    return in_language(
        Label(
            f"{name} {operator} {reason.expected}（实际 {reason.seen}）",
            f"{name} {operator} {reason.expected} (seen: {reason.seen})",
        )
    )


def short_of(rule: ExplainedRule) -> tuple[Label, ...]:
    """Return what a rule that did not fire is short of."""
    return tuple(test.words for test in comparisons_in(rule.condition) if test.missing)


def target(wanted: Target, units: Mapping[str, str]) -> str:
    """Return whom a route names, in words."""
    if wanted.territory:
        return in_language(Label("属地乡镇（街道）", "Township of the place"))
    if wanted.designated:
        return in_language(Label("县政府指定部门", "Designated by the county"))
    return units.get(wanted.unit or "", wanted.unit or "")


def feature_names(pack: Pack) -> Mapping[str, Label]:
    """Return the names of everything that a rule of `pack` may mention, by name of the feature."""
    built_in = {row.name: Label(row.zh, row.en) for row in (*SEVERITY_ROWS, *SCORING_ROWS)}
    concluded = {rule.concludes: rule.title for rule in reversed(pack.severity) if rule.concludes}
    return built_in | {signal.id: signal.title for signal in pack.signals} | concluded
