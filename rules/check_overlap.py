"""Checks rules against each other: one that another always covers, and two that grade the same facts apart.

Both are sound and not complete: what is reported is so, but signals and conclusions are taken as independent
of each other, and a rule with too many ways to hold is passed by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice, product

from rules import checks
from rules.check_facts import Facts
from rules.check_ways import Ways
from rules.conditions import shown
from rules.domains import Domain
from rules.model import Location, Pack, Rule, RuleKind, Scalar
from rules.paths import Path, TooManyPaths, merged
from rules.problem import Notes
from rules.reference import ACTIVE
from rules.vocabulary import of_pack

MOST_OVERLAPS = 20  # notes on overlapping grades of one pack; the next line says how many were left out
MOST_COMPARISONS = 400_000  # of two ways to hold; a second or two
_MOST_PARTNERS = 3  # rules that one note names
_MOST_PAIRS = 400  # pairs of paths that are tried for two rules


class _TooMuch(Exception):  # noqa: N818 - control flow inside this module
    """More comparisons than an author should wait for."""


@dataclass(frozen=True)
class _Known:
    """An active rule with the ways in which it holds."""

    order: int  # place in the pack
    rule: Rule
    paths: tuple[Path, ...]
    features: frozenset[str]


def check_overlap(pack: Pack, notes: Notes, ways: Ways | None = None) -> None:
    """File shadowed rules, twins with different grades, and overlaps of different grades with an example."""
    words = of_pack(pack, RuleKind.SEVERITY)
    known = _known(pack, ways or Ways(lambda _: words))
    covers = _Covers(known)
    told: set[tuple[int, int]] = set()
    try:
        for one in known:
            by = covers.of(one)
            if by is None:
                continue
            told.add((one.order, by.order))
            _tell_covered(one, by, notes.about(one.rule.id), twins=covers.is_covered(by, one))
        _overlaps(known, covers, told, Facts(pack, words), notes)
    except _TooMuch:
        zh, en = (
            "规则太多、太相似，没有全部互相比较",
            "too many rules on the same features to compare them all",
        )
        notes.found(checks.NOT_COMPARED, Location("severity.yaml", 1, 1), zh, en)


def _known(pack: Pack, ways: Ways) -> list[_Known]:
    known = []
    for order, rule in enumerate(pack.severity):
        if rule.status not in ACTIVE:
            continue
        try:
            paths = ways.of(rule)
        except TooManyPaths:
            continue
        if paths and () not in paths:  # else it never or always fires, and another check says so
            features = frozenset(name for path in paths for name, _ in path)
            known.append(_Known(order, rule, paths, features))
    return known


class _Covers:
    """Finds for a rule another one that fires whenever it does. Cost grows with shared features."""

    def __init__(self, known: list[_Known]) -> None:
        self._left = MOST_COMPARISONS
        frequency = Counter(name for one in known for path in one.paths for name, _ in path)
        # A path covers only paths that ask for all of its features, so its rarest one is enough to find it.
        self._by_feature: dict[str, list[tuple[Path, _Known]]] = {}
        self._mentions: dict[str, list[_Known]] = {}
        self._rarest: dict[int, str] = {}
        for one in known:
            for path in one.paths:
                rarest = min(path, key=lambda item: (frequency[item[0]], item[0]))[0]
                self._by_feature.setdefault(rarest, []).append((path, one))
            for name in one.features:
                self._mentions.setdefault(name, []).append(one)
            self._rarest[one.order] = min(one.features, key=lambda name: (frequency[name], name))

    def spend(self, comparisons: int = 1) -> None:
        """Take comparisons from those that are left.

        Raises:
            _TooMuch: none are left.
        """
        self._left -= comparisons
        if self._left < 0:
            raise _TooMuch

    def with_more_features(self, one: _Known) -> list[_Known]:
        """Return the rules that may ask for all features of this one."""
        return self._mentions[self._rarest[one.order]]

    def of(self, one: _Known) -> _Known | None:
        """Return the first rule that leaves this one nothing to decide."""
        first = dict(one.paths[0])
        self.spend(sum(len(self._by_feature.get(name, ())) for name in first))
        candidates = {
            other.order: other
            for name in first
            for wide, other in self._by_feature.get(name, ())
            if other.order != one.order and _lies_in(first, wide)
        }
        for order in sorted(candidates):
            other = candidates[order]
            if _outranks(other, one) and self.is_covered(one, other):
                # Of two rules that cover each other the later one is superfluous.
                if order > one.order and _outranks(one, other) and self.is_covered(other, one):
                    continue
                return other
        return None

    def is_covered(self, narrow: _Known, wide: _Known) -> bool:
        """Return whether `wide` holds wherever `narrow` does, way by way."""
        self.spend(len(narrow.paths) * len(wide.paths))
        return all(any(_lies_in(dict(path), other) for other in wide.paths) for path in narrow.paths)


def _lies_in(narrow: Mapping[str, Domain], wide: Path) -> bool:
    return all(name in narrow and narrow[name] & domain == narrow[name] for name, domain in wide)


def _outranks(one: _Known, other: _Known) -> bool:
    """Return whether `one` firing leaves `other` without effect: the same kind, at least as strong."""
    a, b = one.rule, other.rule
    if a.priority < b.priority or not _is_in_effect_throughout(a, b):
        return False
    if a.grade is not None and b.grade is not None:
        return a.grade.rank >= b.grade.rank
    if a.dismisses is not None and b.dismisses is not None:
        return a.priority > b.priority or one.order < other.order
    return False


def _is_in_effect_throughout(wide: Rule, narrow: Rule) -> bool:
    first, last = _effect(wide)
    since, until = _effect(narrow)
    return first <= since and until <= last


def _effect(rule: Rule) -> tuple[date, date]:
    return rule.effective_from or date.min, rule.effective_to or date.max


def _tell_covered(one: _Known, by: _Known, notes: Notes, *, twins: bool) -> None:
    other, at = by.rule, one.rule.at
    where = f"{other.at.file}:{other.at.line}"
    if twins and one.rule.grade is not None and other.grade is not one.rule.grade:
        grades = f"{one.rule.grade.value} / {other.grade.value if other.grade else ''}"
        notes.found(
            checks.SAME_FACTS,
            at,
            f"与规则「{other.id}」（{where}）条件相同，等级不同：{grades}，总是取较高的",
            f'same conditions as the rule "{other.id}" ({where}) but another grade: {grades}; '
            "the higher always stands",
        )
        return
    notes.found(
        checks.SHADOWED,
        at,
        f"本规则命中时，「{other.id}」（{where}）总会命中，等级和优先级都不低于它：本规则从不改变结果",
        f'whenever it fires, "{other.id}" ({where}) fires with at least its grade and priority: '
        "it never changes the result",
    )


@dataclass(frozen=True)
class _Overlap:
    """Two rules, and facts on which both fire."""

    low: _Known
    high: _Known
    facts: Mapping[str, Scalar]


def _overlaps(
    known: list[_Known], covers: _Covers, told: set[tuple[int, int]], examples: Facts, notes: Notes
) -> None:
    found: dict[int, list[_Overlap]] = {}
    graded = [one for one in known if one.rule.grade is not None]
    for low, high in _pairs(graded, covers):
        if not _grades_apart(low, high) or (low.order, high.order) in told:
            continue
        if covers.is_covered(high, low) or covers.is_covered(low, high):
            continue  # a step up (over 100, over 1,000) is how grades are written
        facts = _common_facts(low, high, examples, covers)
        if facts is not None:
            found.setdefault(low.order, []).append(_Overlap(low, high, facts))
    for order in sorted(found)[:MOST_OVERLAPS]:
        _tell_overlap(found[order], notes)
    left = len(found) - MOST_OVERLAPS
    if left > 0:
        at = found[sorted(found)[MOST_OVERLAPS]][0].low.rule.at
        notes.found(
            checks.OVERLAP,
            at,
            f"还有 {left} 条规则与等级更高的规则重叠，未逐一列出",
            f"{left} more rules overlap with rules of a higher grade; they are not listed one by one",
        )


def _pairs(graded: list[_Known], covers: _Covers) -> Iterator[tuple[_Known, _Known]]:
    """Yield pairs of which one may ask for all features of the other, in both orders."""
    for one in graded:
        others = covers.with_more_features(one)
        covers.spend(len(others))
        for other in others:
            if other.rule.grade is None or other.order == one.order:
                continue
            yield one, other
            if one.features != other.features:
                yield other, one


def _grades_apart(low: _Known, high: _Known) -> bool:
    """Return whether both speak of the same features and grade apart, `low` below `high`."""
    if low.rule.grade is None or high.rule.grade is None or low.rule.grade.rank >= high.rule.grade.rank:
        return False
    # Rules on different features nearly always can meet on one post: saying so would tell an author nothing.
    return low.features <= high.features or high.features <= low.features


def _common_facts(low: _Known, high: _Known, facts: Facts, covers: _Covers) -> Mapping[str, Scalar] | None:
    starts, ends = zip(_effect(low.rule), _effect(high.rule), strict=True)
    if max(starts) >= min(ends):
        return None
    for one, other in islice(product(low.paths, high.paths), _MOST_PAIRS):
        covers.spend()
        path = merged(one, other)
        if path is None:
            continue
        covers.spend(facts.cost)
        found = facts.of(path, (low.rule, high.rule))
        if found is not None:
            return found
    return None


def _tell_overlap(overlaps: list[_Overlap], notes: Notes) -> None:
    low = overlaps[0].low.rule
    named = ", ".join(
        f"{o.high.rule.id} ({o.high.rule.grade.value if o.high.rule.grade else ''})"
        for o in overlaps[:_MOST_PARTNERS]
    )
    more = len(overlaps) - _MOST_PARTNERS
    tail_zh, tail_en = (f" 等 {len(overlaps)} 条", f" and {more} more") if more > 0 else ("", "")
    facts = ", ".join(f"{name}: {shown(value)}" for name, value in overlaps[0].facts.items())
    grade = low.grade.value if low.grade else ""
    notes.about(low.id).found(
        checks.OVERLAP,
        low.at,
        f"本规则给 {grade}，而 {named}{tail_zh} 在同样的事实上给更高等级，取最高；例如 {{{facts}}}",
        f"it gives {grade} where {named}{tail_en} gives a higher grade on the same facts, "
        f"and the highest stands; for example {{{facts}}}",
    )
