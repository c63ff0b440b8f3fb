"""Parts of a pack in plain Chinese and English, so that two of them can be laid side by side.

It compares nothing: `diff` does. What an author wrote (terms, names, clauses) is said as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

from rules.condition_words import ConditionWords
from rules.conditions import shown
from rules.diff_names import Named, by_id
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
    Limit,
    Matcher,
    Near,
    Not,
    Number,
    Pattern,
    Places,
    Quantifier,
    Rule,
    ServicePeriod,
    SignalRef,
    Target,
    Terms,
)
from rules.value_words import (
    CARD_WORDS,
    DEMAND_WORDS,
    GRADE_WORDS,
    LIMIT_UNIT_WORDS,
    PLACE_KIND_WORDS,
    STAGE_WORDS,
    STEP_WORDS,
    Words,
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
            named = [by_id(Named.LEXICON, name) for name in lexicons]
            zh = [f"“{term}”" for term in terms] + [f"词库「{name.zh}」" for name in named]
            en = [f'"{term}"' for term in terms] + [f'lexicon "{name.en}"' for name in named]
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
            name = by_id(Named.SIGNAL, signal)
            return Label(f"特征「{name.zh}」", f'signal "{name.en}"')
        case Places(ids=ids, kinds=kinds):
            places = listed(
                [*(by_id(Named.PLACE, one) for one in ids), *(word(PLACE_KIND_WORDS, kind) for kind in kinds)]
            )
            return Label(f"地点 {places.zh}", f"places {places.en}")
        case Days(first=first, last=last):
            return Label(
                f"日期 {_month_day(first)} 至 {_month_day(last)}",
                f"days {_month_day(first)} to {_month_day(last)}",
            )


def target(named: Target) -> Label:
    """Return whom a route names, and by which law where it has one of its own."""
    who = Label("属地", "territory")
    if named.unit is not None:
        who = by_id(Named.UNIT, named.unit)
    elif named.designated is not None:
        item = by_id(Named.DESIGNATION, named.designated)
        who = Label(f"县里指定的单位（{item.zh}）", f"designated ({item.en})")
    return Label(f"{who.zh}（{named.basis}）", f"{who.en} ({named.basis})") if named.basis else who


def clock(policy: ClockPolicy) -> Label:
    """Return a limit with what it depends on."""
    night = Label("，夜间顺延", ", deferred at night") if policy.night_defer else Label("", "")
    return Label(
        f"{limit(policy.limit).zh}{night.zh}，依据：{policy.source}",
        f"{limit(policy.limit).en}{night.en}; basis: {policy.source}",
    )


def step(one: LadderStep) -> Label:
    """Return when a step of the ladder is taken and what it does."""
    whens = [
        Label(f"用时达 {one.share}", f"{one.share} of the run")
        if one.share is not None
        else Label(f"到期后 {limit(one.after).zh}", f"{limit(one.after).en} after it was due")
    ]
    whens += [
        Label(f"{zh} ≥ {least}", f"{en} ≥ {least}")
        for zh, en, least in (
            ("退回重办", "redos", one.redo_at_least),
            ("不满意", "dissatisfied", one.dissatisfied_at_least),
        )
        if least is not None
    ]
    does = [STEP_WORDS[one.action.value]] + ([word(CARD_WORDS, one.card)] if one.card is not None else [])
    parts = (
        listed(STAGE_WORDS[stage.value] for stage in one.stages),
        listed(GRADE_WORDS[grade.value] for grade in one.grades),
        listed(whens),
        listed(does),
    )
    return Label(" · ".join(part.zh for part in parts), " · ".join(part.en for part in parts))


def limit(amount: Limit | None) -> Label:
    """Return an amount of time."""
    if amount is None:
        return NOTHING
    unit = LIMIT_UNIT_WORDS[amount.unit.value]
    return Label(f"{amount.amount} {unit.zh}", f"{amount.amount} {unit.en}")


def stage(policy: ClockPolicy) -> Label:
    """Return which clock a limit is for."""
    which = [STAGE_WORDS[policy.stage.value], GRADE_WORDS[policy.grade.value]]
    which += [DEMAND_WORDS[policy.demand.value]] if policy.demand is not None else []
    return Label(" · ".join(one.zh for one in which), " · ".join(one.en for one in which))


def word(words: Words, key: str | None) -> Label:
    """Return what one of a closed set is called; of nothing, a dash."""
    return same("—") if key is None else words.get(key, same(key))


def hours(windows: Iterable[tuple[time, time]]) -> Label:
    """Return the working hours of a day."""
    return same(" ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in windows))


def days(some: Iterable[date]) -> Label:
    """Return days in order."""
    return same(" ".join(sorted(day.isoformat() for day in some)) or "—")


def season(period: ServicePeriod) -> Label:
    """Return the first and the last day of a service period."""
    first, last = (str(day) for day in period.dates) if period.dates else map(_month_day, period.days)
    return Label(f"{first} 至 {last}", f"{first} to {last}")


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
