"""What differs between two packs, in words that a person who is no programmer can read.

Pure. It says what was written differently; what that comes to on posts is `backtest`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile

from rules.diff_names import Names, read_both
from rules.diff_parts import Said, Subject, things_of
from rules.diff_words import EXAMPLE, NOTHING, listed, same
from rules.model import Label, Pack


class ChangeKind(StrEnum):
    """What happened to a thing."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


SUBJECT_LABELS: Mapping[Subject, Label] = {
    Subject.RULE: Label("定级规则", "Rule"),
    Subject.SCORING: Label("计分规则", "Scoring rule"),
    Subject.SIGNAL: Label("特征", "Signal"),
    Subject.LEXICON: Label("词库", "Lexicon"),
    Subject.TOPIC: Label("主题", "Topic"),
    Subject.ROUTE: Label("路由", "Route"),
    Subject.DESIGNATION: Label("指定事项", "Designation"),
    Subject.UNIT: Label("责任单位", "Unit"),
    Subject.PLACE: Label("地点", "Place"),
    Subject.DEADLINE: Label("时限", "Deadline"),
    Subject.LADDER: Label("督办阶梯", "Supervision ladder"),
    Subject.CALENDAR: Label("日历", "Calendar"),
    Subject.SETTING: Label("参数", "Setting"),
    Subject.DISMISSAL: Label("不立案理由", "Dismissal"),
    Subject.HEAD: Label("规则包", "Pack"),
}
KIND_LABELS: Mapping[ChangeKind, Label] = {
    ChangeKind.ADDED: Label("新增", "added"),
    ChangeKind.REMOVED: Label("删除", "removed"),
    ChangeKind.CHANGED: Label("修改", "changed"),
}
TITLE = "title"
LONG = 120  # characters; nobody finds by eye what differs in longer texts that lie side by side
AROUND = 30  # characters that are shown on both sides of what differs
_PARTS: Mapping[str, str] = {
    TITLE: "名称",
    "status": "状态",
    "when": "条件",
    "unless": "除非",
    "conclusion": "结论",
    "priority": "优先级",
    "source": "依据",
    "owner": "维护单位",
    "in effect": "有效期",
    "examples": "例子数",
    "looks for": "查找",
    "denied hits": "否定语境",
    "title only": "仅看标题",
    "kind": "类别",
    "group": "大类",
    "class": "诉求类别",
    "evidence": "证据",
    "topic": "主题",
    "zone": "区域",
    "place kind": "地点类别",
    "lead": "主办",
    "assist": "协办",
    "basis": "依据",
    "unit": "单位",
    "document": "文件",
    "candidates": "候选单位",
    "short name": "简称",
    "superior": "上级",
    "duties": "职责",
    "mentions": "别称",
    "contacts": "联系人",
    "family": "类型代码",
    "aliases": "别名",
    "within": "隶属",
    "limit": "时限",
    "step": "措施",
    "hours": "工作时间",
    "off": "放假",
    "work": "调休上班",
    "notice": "通知",
    "provisional": "暂定",
    "closures": "临时休息",
    "version": "版本",
    "value": "值",
    "county": "区县",
    "groups": "大类",
    "day": "日间时段",
    "dates": "日期",
    "sensitive": "敏感时段",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. `zh` and `en` say all of it in one line.

    Attributes:
        object: id of the thing, as its author wrote it.
        part: of a changed thing, in English; empty for one that was added or removed.
        before, after: what the part says; of a lexicon, the terms that went and those that came.
    """

    kind: ChangeKind
    subject: Subject
    object: str
    part: str
    before: Label
    after: Label
    zh: str
    en: str


def differences(old: Pack, new: Pack) -> tuple[Change, ...]:
    """Return everything in which a pack differs from another, by subject, then in the order of the packs."""
    compared = _Compared(Names(old), Names(new))
    found: list[Change] = []
    said_old, said_new = things_of(old), things_of(new)
    for subject in Subject:
        before, after = said_old[subject], said_new[subject]
        for name in dict.fromkeys((*before, *after)):
            if name not in after:
                found.append(compared.whole(ChangeKind.REMOVED, subject, name, before[name]))
            elif name not in before:
                found.append(compared.whole(ChangeKind.ADDED, subject, name, after[name]))
            else:
                found += compared.parts(subject, name, before[name], after[name])
    found += _terms(old, new)
    order = list(Subject)
    return tuple(sorted(found, key=lambda change: order.index(change.subject)))


class _Compared:
    """Makes changes of what two packs say, each side read with the titles of its own pack."""

    def __init__(self, old: Names, new: Names) -> None:
        self._old, self._new = old, new

    def whole(self, kind: ChangeKind, subject: Subject, name: str, said: Said) -> Change:
        """Return that a thing came or went."""
        removed = kind is ChangeKind.REMOVED
        names = self._old if removed else self._new
        silent = {NOTHING, same("—"), same("")}
        # Its title stands before all of it; of examples the number is enough.
        shown = {
            part: names.read(words)
            for part, words in said.items()
            if words not in silent and part != TITLE and not part.startswith(EXAMPLE)
        }
        label = Label(
            "；".join(f"{_part_zh(part)} {words.zh}" for part, words in shown.items()),
            "; ".join(f"{part} {words.en}" for part, words in shown.items()),
        )
        sides = (label, NOTHING) if removed else (NOTHING, label)
        return _change(kind, subject, (name, names.read(said.get(TITLE, same("")))), "", sides)

    def parts(self, subject: Subject, name: str, before: Said, after: Said) -> Iterable[Change]:
        """Yield what a thing says differently."""
        title = self._new.read(after.get(TITLE, same("")))
        for part in dict.fromkeys((*before, *after)):
            was, now = before.get(part, NOTHING), after.get(part, NOTHING)
            if was != now:
                sides = read_both(was, now, self._old, self._new)
                yield _change(ChangeKind.CHANGED, subject, (name, title), part, sides)


def apart(before: str, after: str) -> tuple[str, str]:
    """Return two texts without what long ones have in common at their beginning and their end."""
    if max(len(before), len(after)) <= LONG:
        return before, after
    first = _shared(before, after)
    last = _shared(before[first:][::-1], after[first:][::-1])
    start = first - AROUND if first > AROUND + 1 else 0

    def piece(text: str) -> str:
        end = len(text) - last + AROUND
        return "…" * (start > 0) + text[start:end] + "…" * (end < len(text))

    return piece(before), piece(after)


def _shared(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _part_zh(part: str) -> str:
    if part.startswith(EXAMPLE):
        return f"示例{part.removeprefix(EXAMPLE)}"
    return _PARTS.get(part, part)


def _change(
    kind: ChangeKind, subject: Subject, named: tuple[str, Label], part: str, sides: tuple[Label, Label]
) -> Change:
    (name, title), (before, after) = named, sides
    what, how = SUBJECT_LABELS[subject], KIND_LABELS[kind]
    called = Label(f"「{title.zh}」{name}", f'"{title.en}" {name}') if title.zh else same(name)
    head_zh, head_en = f"{how.zh}{what.zh}{called.zh}", f"{what.en} {called.en} {how.en}"
    if kind is ChangeKind.CHANGED:
        if before.zh == after.zh:  # only the English differs, and whoever reads Chinese has to see that
            before, after = (Label(f"{side.zh}（{side.en}）", side.en) for side in (before, after))
        (was_zh, now_zh), (was_en, now_en) = apart(before.zh, after.zh), apart(before.en, after.en)
        zh = f"{head_zh}·{_part_zh(part)}：{was_zh} → {now_zh}"
        en = f"{head_en}, {part}: {was_en} -> {now_en}"
    else:
        words = after if kind is ChangeKind.ADDED else before
        zh, en = f"{head_zh}：{words.zh}", f"{head_en}: {words.en}"
    return Change(kind, subject, name, part, before, after, zh, en)


def _terms(old: Pack, new: Pack) -> Iterable[Change]:
    """Yield the terms that lexicons lost and gained; their other parts stand among the parts."""
    before = {lexicon.id: lexicon.terms for lexicon in old.lexicons}
    for lexicon in new.lexicons:
        was = before.get(lexicon.id)
        if was is None:
            continue
        went = [term for term in was if term not in set(lexicon.terms)]
        came = [term for term in lexicon.terms if term not in set(was)]
        if went or came:
            gone, new_terms = listed(map(same, went)), listed(map(same, came))
            zh = f"修改词库「{lexicon.title}」{lexicon.id}：去掉 {gone.zh}；加上 {new_terms.zh}"
            en = f'Lexicon "{lexicon.title}" {lexicon.id} changed: without {gone.en}; with {new_terms.en}'
            yield Change(ChangeKind.CHANGED, Subject.LEXICON, lexicon.id, "terms", gone, new_terms, zh, en)
