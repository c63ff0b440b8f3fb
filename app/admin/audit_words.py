"""What stands in a line of the audit log, in the reader's language: names for keys, units and values.

Only what is empty is left out: what has no name stands as it is kept, the whole value is there on hover.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from app.accounts.audit_log import Value
from app.pages.event_words import RESOLUTION_LABELS, SOURCE_LABELS
from app.pages.score_words import points_text
from app.pages.screen_words import (
    DEMAND_LABELS,
    DOCUMENT_LABELS,
    FAILING_LABELS,
    ITEM_LABELS,
    REPORT_LABELS,
    STAGE_LABELS,
)
from app.pages.sources import KIND_LABELS
from app.web.language import either, in_language
from app.web.page import GRADE_LABELS
from app.web.times import county_time
from casework.outcome import OUTCOME_LABELS
from casework.recusal import WHO_IS_MEANT
from casework.roles import ROLE_LABELS
from casework.states import STATE_LABELS
from rules.model import Label
from rules.value_words import CARD_WORDS

SHORT = 12
"""Characters of an id or a hash that a line shows."""
LONG_ID = 32
"""From here on a value without a blank is an id or a hash."""

KEYS: Mapping[str, Label] = MappingProxyType(
    {
        "accused": Label("被检举单位", "Accused units"),
        "action": Label("措施", "Measure"),
        "after": Label("改后", "After"),
        "approver": Label("批准人", "Approver"),
        "asked": Label("另行提请", "Also asked for"),
        "assist": Label("协办", "Assisting"),
        "backtest": Label("回测", "Back-test"),
        "base": Label("所据规则包", "Based on pack"),
        "before": Label("改前", "Before"),
        "began_at": Label("开始于", "Began"),
        "candidates": Label("候选单位", "Candidate units"),
        "card": Label("牌", "Card"),
        "case": Label("舆情件", "Case"),
        "clause": Label("条款", "Clause"),
        "client": Label("来访地址", "Client address"),
        "clock": Label("时限", "Clock"),
        "comments": Label("评论", "Comments"),
        "confidence": Label("把握", "Confidence"),
        "count": Label("数量", "Count"),
        "days": Label("天数", "Days"),
        "demand": Label("诉求类别", "Class of demand"),
        "desk": Label("以何名义", "In whose name"),
        "digest": Label("摘要", "Digest"),
        "document": Label("文书", "Document"),
        "draft": Label("草稿", "Draft"),
        "due_since": Label("应于", "Due since"),
        "effective_at": Label("生效于", "In force from"),
        "entry": Label("计分条目", "Entry"),
        "errors": Label("问题数", "Errors"),
        "failing": Label("失误", "Failing"),
        "file": Label("文件", "File"),
        "from": Label("由", "From"),
        "gave_matter": Label("事项一并转入", "Matter handed over"),
        "given": Label("所定等级", "Grade given"),
        "grade": Label("等级", "Grade"),
        "into": Label("并入", "Into"),
        "kind": Label("种类", "Kind"),
        "late_by_system": Label("系统迟延", "Late by system"),
        "late_minutes": Label("迟延分钟", "Minutes late"),
        "lead": Label("主办", "Lead"),
        "likes": Label("点赞", "Likes"),
        "matter": Label("事项", "Matter"),
        "mended_characters": Label("修正的字符", "Characters mended"),
        "method": Label("方式", "Method"),
        "minutes": Label("分钟", "Minutes"),
        "name": Label("名称", "Name"),
        "new": Label("改为", "New"),
        "note": Label("说明", "Note"),
        "notes": Label("核查经过", "Notes"),
        "number": Label("文号", "Number"),
        "old": Label("原为", "Old"),
        "opened": Label("新立", "Opened"),
        "origin": Label("来历", "Origin"),
        "other": Label("另一件", "Other case"),
        "outcome": Label("办理结果", "Outcome"),
        "points": Label("扣分", "Points lost"),
        "posts": Label("网帖", "Posts"),
        "promised_on": Label("承诺日期", "Promised for"),
        "purpose": Label("目的", "Purpose"),
        "reads": Label("阅读", "Reads"),
        "reason": Label("理由", "Reason"),
        "redo": Label("重办次数", "Times sent back"),
        "resolution": Label("处理", "Resolution"),
        "role": Label("身份", "Part"),
        "roles": Label("角色", "Roles"),
        "round": Label("第几次", "Round"),
        "rule": Label("规则编号", "Rule"),
        "run": Label("试运行", "Run"),
        "scopes": Label("权限范围", "Scopes"),
        "sha256": Label("校验值", "SHA-256"),
        "shares": Label("转发", "Shares"),
        "signed": Label("已签名", "Signed"),
        "source": Label("来源", "Source"),
        "stage": Label("环节", "Stage"),
        "step": Label("步骤", "Step"),
        "title": Label("名称", "Title"),
        "to": Label("新等级", "To"),
        "topic": Label("主题", "Topic"),
        "unit": Label("单位", "Unit"),
        "units_changed": Label("变动单位数", "Units changed"),
        "verdict": Label("结论", "Verdict"),
        "was": Label("原为", "Was"),
        "was_assist": Label("原协办", "Assisting before"),
        "was_basis": Label("原依据", "Basis before"),
        "was_demand": Label("原诉求类别", "Class of demand before"),
        "was_lead": Label("原主办", "Lead before"),
        "was_state": Label("原状态", "State before"),
        "why": Label("原因", "Why"),
    }
)
UNIT_KEYS = frozenset({"unit", "lead", "assist", "accused", "candidates", "was_lead", "was_assist"})
TIME_KEYS = frozenset({"due_since", "began_at", "effective_at"})
_ROLES = {role.value: label for role, label in ROLE_LABELS.items()}
_GRADES = {grade.value: label for grade, label in GRADE_LABELS.items()}
_STATES = {state.value: label for state, label in STATE_LABELS.items()}
_FROM = _GRADES | {
    "dismissed": Label("不立案", "dismissed"),
    **{seat.value: label for seat, label in WHO_IS_MEANT.items()},
}
_DEMANDS = {demand.value: label for demand, label in DEMAND_LABELS.items()}
_KINDS = {one.value: label for one, label in ITEM_LABELS.items()} | {
    **REPORT_LABELS,
    **DOCUMENT_LABELS,
    **KIND_LABELS,
}
VALUES: Mapping[str, Mapping[str, Label]] = MappingProxyType(
    {
        "action": {
            "reminder": Label("提醒", "reminder"),
            "card": Label("亮牌", "card"),
            "order": Label("督办单", "order"),
            "summons": Label("约谈", "summons"),
        },
        "after": _ROLES,
        "before": _ROLES,
        "card": CARD_WORDS,
        "demand": _DEMANDS,
        "desk": {
            "office": Label("县网信办", "Cyberspace office"),
            "supervision": Label("书记督查室", "Supervision office"),
            "target": Label("目督办", "Target office"),
        },
        "failing": {one.value: label for one, label in FAILING_LABELS.items()},
        "from": _FROM,
        "given": _GRADES,
        "grade": _GRADES,
        "kind": _KINDS,
        "new": _GRADES,
        "old": _GRADES,
        "outcome": {one.value: label for one, label in OUTCOME_LABELS.items()},
        "resolution": RESOLUTION_LABELS,
        "role": {"lead": Label("主办", "lead"), "assist": Label("协办", "assisting")},
        "roles": _ROLES,
        "source": SOURCE_LABELS,
        "stage": {one.value: label for one, label in STAGE_LABELS.items()},
        "to": _GRADES,
        "verdict": {
            "confirmed": Label("成立", "confirmed"),
            "not_confirmed": Label("不成立", "not confirmed"),
        },
        "was": _STATES,
        "was_demand": _DEMANDS,
        "was_state": _STATES,
    }
)
TRUTH: Mapping[str, Label] = MappingProxyType({"true": Label("是", "yes"), "false": Label("否", "no")})
EITHER = ("_zh", "_en")
"""Endings of keys of which a line shows the one in the reader's language."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A part of a line: its name, its value as shown, and the value as kept where that is longer."""

    name: str
    text: str
    whole: str | None


def facts_of(
    data: Iterable[tuple[str, Value]], units: Mapping[str, str], topics: Mapping[str, str] | None = None
) -> tuple[Fact, ...]:
    """Return what a line says, in its order, in the reader's language.

    Args:
        data: of the line.
        units: names by code, in the reader's language.
        topics: names by id, in the reader's language; None where none are known.
    """
    given = tuple(data)
    in_words = {key.removesuffix(EITHER[0]) for key, _ in given if key.endswith(EITHER[0])}
    return tuple(
        _fact(key.removesuffix(either(*EITHER)), value, units, topics or {})
        for key, value in given
        # Of what is said in words its id is not shown beside it.
        if value and key not in in_words and not key.endswith(either(*reversed(EITHER)))
    )


def roles_of(roles: Iterable[str]) -> str:
    """Return the roles of somebody, in the reader's language."""
    return either("、", ", ").join(in_language(_ROLES[one]) for one in roles if one in _ROLES) or "—"


def _fact(key: str, value: Value, units: Mapping[str, str], topics: Mapping[str, str]) -> Fact:
    label = KEYS.get(key)
    name = in_language(label) if label else key
    parts = (value,) if isinstance(value, str) else value
    shown = [_worded(key, part, topics if key == "topic" else units) for part in parts]
    text = either("、", ", ").join(shown)
    kept = ", ".join(parts)
    return Fact(name, text, kept if text != kept else None)


def _worded(key: str, part: str, names: Mapping[str, str]) -> str:
    if key in UNIT_KEYS or key == "topic":
        return names.get(part, part)
    if key in TIME_KEYS:
        return _time(part)
    if key == "points":
        return _points(part)
    label = VALUES.get(key, {}).get(part) or TRUTH.get(part)
    if label:
        return in_language(label)
    if key == "was" and part in names:  # who was accused before
        return names[part]
    is_id = len(part) >= LONG_ID and part.isascii() and " " not in part
    return f"{part[:SHORT]}…" if is_id else part


def _points(text: str) -> str:
    try:
        return points_text(Decimal(text))
    except InvalidOperation:
        return text


def _time(text: str) -> str:
    try:
        return county_time(datetime.fromisoformat(text))
    except ValueError:
        return text
