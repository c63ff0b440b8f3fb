"""Parts of a pack in plain Chinese and English, so that two of them can be laid side by side.

It compares nothing: `diff` does. What an author wrote (terms, names, clauses) is said as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

from rules.condition_words import ConditionWords
from rules.conditions import shown
from rules.model import (
    AllOf,
    AnyOf,
    ClockPolicy,
    Combine,
    Condition,
    Days,
    Example,
    Label,
    LadderStep,
    Matcher,
    Near,
    Not,
    Number,
    Pattern,
    Places,
    Quantifier,
    Rule,
    SignalRef,
    Target,
    Terms,
)

_COMBINED = {
    Quantifier.ANY: Label("任一", "any of"),
    Quantifier.ALL: Label("全部", "all of"),
    Quantifier.NONE: Label("都没有", "none of"),
}
NOTHING = Label("无", "none")
EXAMPLE = "example "
MATCHES = Label("应命中", "matches")
SPARES = Label("不应命中", "does not match")


def same(text: object) -> Label:
    """Return what reads alike in both languages."""
    return Label(str(text), str(text))


def listed(words: Iterable[Label]) -> Label:
    """Return several words as one list."""
    every = list(words)
    if not every:
        return NOTHING
    return Label("、".join(one.zh for one in every), ", ".join(one.en for one in every))


def condition(asked: Condition | None, words: ConditionWords, *, wanted: bool = True) -> Label:
    """Return a condition as one sentence with brackets; what stands under `not` is turned round."""
    if asked is None:
        return NOTHING
    if isinstance(asked, Not):
        return condition(asked.member, words, wanted=not wanted)
    if not isinstance(asked, AllOf | AnyOf):
        return words.requirement(asked, wanted=wanted)
    said = [condition(member, words, wanted=wanted) for member in asked.members]
    if len(said) == 1:
        return said[0]
    together = isinstance(asked, AllOf) is wanted  # not (a and b) = not a or not b
    zh, en = ("且", "and") if together else ("或", "or")
    return Label(
        f"（{f' {zh} '.join(one.zh for one in said)}）", f"({f' {en} '.join(one.en for one in said)})"
    )


def examples(rule: Rule) -> dict[str, Label]:
    """Return for every example, named by its text and features, whether the rule must match it.

    The name begins with `EXAMPLE`, so that one whose text is new reads as one removed and one added.
    """
    return {_example(one): MATCHES if one.matches else SPARES for one in rule.examples}


def _example(one: Example) -> str:
    features = ", ".join(f"{name}={shown(value)}" for name, value in one.features)
    text = f"「{one.text}」" if one.text is not None else ""
    return EXAMPLE + f"{text} {features}".strip()


def effect_dates(rule: Rule) -> Label:
    """Return from when to when a rule is in effect."""
    if rule.effective_from is None and rule.effective_to is None:
        return Label("始终", "always")
    return Label(
        f"{_day(rule.effective_from)} 至 {_day(rule.effective_to)} 前",
        f"{_day(rule.effective_from)} until {_day(rule.effective_to)}",
    )


def matcher(sought: Matcher) -> Label:  # noqa: PLR0911 - one line for each kind
    """Return what a signal looks for."""
    match sought:
        case Terms(terms=terms, lexicons=lexicons, whole_word=whole):
            zh = [f"“{term}”" for term in terms] + [f"词库 {name}" for name in lexicons]
            en = [f'"{term}"' for term in terms] + [f"lexicon {name}" for name in lexicons]
            return Label(
                "词语 " + "、".join(zh) + ("（整词）" if whole else ""),
                "terms " + ", ".join(en) + (" (whole words)" if whole else ""),
            )
        case Pattern(regex=regex):
            return Label(f"表达式 {regex}", f"expression {regex}")
        case Number():
            return _number(sought)
        case Near():
            return _near(sought)
        case Combine():
            return _combined(sought)
        case SignalRef(signal=signal):
            return Label(f"特征 {signal}", f"signal {signal}")
        case Places(ids=ids, kinds=kinds):
            return Label(f"地点 {'、'.join((*ids, *kinds))}", f"places {', '.join((*ids, *kinds))}")
        case Days(first=first, last=last):
            return Label(
                f"日期 {_month_day(first)} 至 {_month_day(last)}",
                f"days {_month_day(first)} to {_month_day(last)}",
            )


def target(named: Target) -> Label:
    """Return whom a route names, and by which law where it has one of its own."""
    who = Label("属地", "territory")
    if named.unit is not None:
        who = same(named.unit)
    elif named.designated is not None:
        who = Label(f"指定单位（{named.designated}）", f"designated ({named.designated})")
    return Label(f"{who.zh}（{named.basis}）", f"{who.en} ({named.basis})") if named.basis else who


def clock(policy: ClockPolicy) -> Label:
    """Return a limit with what it depends on."""
    night = Label("，夜间顺延", ", deferred at night") if policy.night_defer else Label("", "")
    return Label(
        f"{policy.limit}{night.zh}，依据：{policy.source}",
        f"{policy.limit}{night.en}; basis: {policy.source}",
    )


def step(one: LadderStep) -> Label:
    """Return when a step of the ladder is taken and what it does."""
    when = f"{one.share} × run" if one.share is not None else f"+{one.after}"
    about = f"{'/'.join(one.stages)} · {'/'.join(one.grades)} · {when} · {one.action}"
    extra = "".join(
        f" · {name} {value}"
        for name, value in (
            ("card", one.card),
            ("redo ≥", one.redo_at_least),
            ("dissatisfied ≥", one.dissatisfied_at_least),
        )
        if value is not None
    )
    return same(about + extra)


def hours(windows: Iterable[tuple[time, time]]) -> Label:
    """Return the working hours of a day."""
    return same(" ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in windows))


def days(some: Iterable[date]) -> Label:
    """Return days in order."""
    return same(" ".join(sorted(day.isoformat() for day in some)) or "—")


def _day(day: date | None) -> str:
    return day.isoformat() if day else "…"


def _month_day(number: int) -> str:
    return f"{number // 100:02d}-{number % 100:02d}"


def _number(sought: Number) -> Label:
    units = "/".join(sought.units)
    bounds = [f"≥ {sought.at_least}"] * (sought.at_least is not None)
    bounds += [f"≤ {sought.at_most}"] * (sought.at_most is not None)
    about = f"{units} {' '.join(bounds)}".strip()
    return Label(f"数量 {about}", f"number {about}")


def _near(sought: Near) -> Label:
    first, second = matcher(sought.first), matcher(sought.second)
    zh = "，同一句" * sought.same_sentence + "，先后有序" * sought.ordered
    en = ", one sentence" * sought.same_sentence + ", in this order" * sought.ordered
    return Label(
        f"（{first.zh}）与（{second.zh}）相距 {sought.within} 字内{zh}",
        f"({first.en}) within {sought.within} of ({second.en}){en}",
    )


def _combined(sought: Combine) -> Label:
    members = [matcher(one) for one in sought.members]
    how = _COMBINED.get(sought.quantifier, Label(f"至少 {sought.count} 项", f"at least {sought.count} of"))
    return Label(
        f"{how.zh}〔{'；'.join(one.zh for one in members)}〕",
        f"{how.en} [{'; '.join(one.en for one in members)}]",
    )
