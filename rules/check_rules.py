"""Checks severity and scoring rules: contradicting examples, rules that never or always fire, limits."""

from __future__ import annotations

from rules import checks
from rules.check_overlap import check_overlap
from rules.check_ways import Ways
from rules.compiler import fault_in
from rules.conditions import compiled
from rules.model import Example, Label, Location, Pack, Rule, RuleKind, RuleStatus, Scalar
from rules.paths import OutOfEffort, TooManyPaths
from rules.post import WordStarts
from rules.problem import Notes
from rules.reference import ACTIVE
from rules.rulebook import Rulebook
from rules.strata import whole_condition
from rules.vocabulary import Vocabulary
from rules.walk import features_of

_LIVE = frozenset({RuleStatus.ACTIVE, RuleStatus.DRAFT})
MOST_EXAMPLES = 20_000  # tried in one check: some 5 s
MOST_EXAMPLE_CHARACTERS = 1_000_000  # of all examples that are tried
_MOST_REASONS = 4  # conditions that a message about an example names


def check_rules(
    pack: Pack, notes: Notes, words: WordStarts | None = None, like: Rulebook | None = None
) -> None:
    """File what is wrong with the rules of a pack; retired rules are left in peace."""
    book = Rulebook(pack, _LIVE, like)
    ways = Ways(book.vocabulary)
    trials = _Trials()
    check_overlap(pack, notes, ways)
    _check_grades(pack, notes)
    idle = {RuleKind.SEVERITY: _idle(pack.severity), RuleKind.SCORING: _idle(pack.scoring)}
    for rule in (*pack.severity, *pack.scoring):
        if rule.status not in _LIVE:
            continue
        mine = notes.about(rule.id)
        _check_reach(rule, book.vocabulary(rule.kind), ways, mine)
        if rule.status in ACTIVE:
            _check_waiting(rule, idle[rule.kind], ways, mine)
        _check_kinds_of_examples(rule, mine)
        for example in rule.examples:
            if trials.may_try(rule, example):
                _check_example(rule, example, book, mine, words)
    _tell_left_out(ways, trials, notes)


def example_features(
    example: Example, book: Rulebook, kind: RuleKind, words: WordStarts | None = None
) -> dict[str, Scalar]:
    """Return the features of an example: those of its text, then its own, which win."""
    features: dict[str, Scalar] = {}
    if example.text is not None and kind is RuleKind.SEVERITY:
        scan = book.scan("", example.text, words)
        features.update(scan.features)
        features["text_length"] = scan.text_length
    features.update(example.features)
    return features


def _check_grades(pack: Pack, notes: Notes) -> None:
    if not any(rule.grade is not None and rule.status in ACTIVE for rule in pack.severity):
        notes.found(
            checks.NOTHING_GRADED,
            Location("severity.yaml", 1, 1),
            "没有启用的定级规则，任何网帖都不会立案",
            "no active rule gives a grade: no post would open a case",
        )


class _Trials:
    """Counts the examples that are tried; those beyond the bounds are left out."""

    def __init__(self) -> None:
        self._examples, self._characters = MOST_EXAMPLES, MOST_EXAMPLE_CHARACTERS
        self.left_out: list[Rule] = []

    def may_try(self, rule: Rule, example: Example) -> bool:
        self._examples -= 1
        self._characters -= len(example.text or "")
        may = self._examples >= 0 and self._characters >= 0
        if not may:
            self.left_out.append(rule)
        return may


def _tell_left_out(ways: Ways, trials: _Trials, notes: Notes) -> None:
    for check, left, zh, en in (
        (checks.TOO_MANY_WAYS, ways.left_out(), "条规则的条件没有检查", "rules were not examined"),
        (
            checks.NOT_COMPARED,
            ways.left_out(wanted=False),
            "条规则没有检查是否总会命中",
            "rules were not examined for always firing",
        ),
        (checks.NOT_TRIED, tuple(trials.left_out), "个示例没有试", "examples were not tried"),
    ):
        if left:
            first = left[0]
            said_zh = f"从规则「{first.id}」起，{len(left)} {zh}"
            notes.found(check, first.at, said_zh, f'from "{first.id}" on {len(left)} {en}')


def _check_reach(rule: Rule, words: Vocabulary, ways: Ways, notes: Notes) -> None:
    try:
        paths = ways.of(rule)
    except OutOfEffort:
        return  # told of all such rules together
    except TooManyPaths:
        _tell_fault(fault_in(rule, None, words), rule, notes)
        return
    if not paths:
        notes.found(
            checks.NEVER,
            rule.at,
            "条件自相矛盾，规则永远不会命中",
            "the conditions contradict: it never fires",
        )
    elif _always_fires(rule, words, ways):
        notes.found(
            checks.ALWAYS,
            rule.at,
            "条件总是成立，规则对每个网帖都命中",
            "the conditions always hold: it always fires",
        )
    _tell_fault(fault_in(rule, paths, words), rule, notes)


def _always_fires(rule: Rule, words: Vocabulary, ways: Ways) -> bool:
    if not compiled(whole_condition(rule), words)(words.defaults()):
        return False  # not on a post that says nothing: the many ways to fail need not be listed
    try:
        return not ways.of(rule, wanted=False)
    except TooManyPaths:
        return False  # where there are many ways to fail it does not always fire


def _tell_fault(fault: Label | None, rule: Rule, notes: Notes) -> None:
    if fault is not None:
        notes.found(checks.ENGINE, rule.at, fault.zh, fault.en)


def _idle(rules: tuple[Rule, ...]) -> frozenset[str]:
    """Return the conclusions that only drafts and retired rules draw: they never hold."""
    drawn = {rule.concludes for rule in rules if rule.status in ACTIVE}
    return frozenset(rule.concludes for rule in rules if rule.concludes and rule.concludes not in drawn)


def _check_waiting(rule: Rule, idle: frozenset[str], ways: Ways, notes: Notes) -> None:
    """File an active rule that waits, in every way to hold, for a conclusion that never holds."""
    if not idle & features_of(rule):
        return
    try:
        paths = ways.of(rule)
    except TooManyPaths:
        return
    waited = [{name for name, domain in path if name in idle and 0 not in domain} for path in paths]
    if paths and all(waited):
        named = ", ".join(sorted(set().union(*waited)))
        notes.found(
            checks.NEVER,
            rule.at,
            f"只有草稿或停用的规则得出「{named}」，本规则永远不会命中",
            f'only drafts or retired rules conclude "{named}": it never fires',
        )


def _check_kinds_of_examples(rule: Rule, notes: Notes) -> None:
    if not any(example.matches for example in rule.examples):
        notes.found(checks.NO_EXAMPLE, rule.at, "缺少应当命中的示例", "an example that matches is missing")
    if all(example.matches for example in rule.examples):
        notes.found(
            checks.NO_COUNTER, rule.at, "缺少不应命中的示例", "an example that does not match is missing"
        )


def _check_example(
    rule: Rule, example: Example, book: Rulebook, notes: Notes, words: WordStarts | None
) -> None:
    if example.text is not None and rule.kind is RuleKind.SCORING:
        notes.found(
            checks.SCORING_TEXT,
            example.at,
            "计分规则的示例只能写 features",
            "examples of scoring rules have features only",
        )
        return
    explained = book.explain(rule.id, example_features(example, book, rule.kind, words))
    if explained.fires == example.matches:
        return
    if example.matches:
        unmet = [r for r in explained.reasons if r.holds != r.wanted][:_MOST_REASONS]
        seen = "; ".join(f"{r.feature}={r.seen}" for r in unmet)
        notes.found(
            checks.CONTRADICTING,
            example.at,
            f"示例应当命中却没有命中（{seen}）",
            f"the example should match but does not ({seen})",
        )
    else:
        met = [r for r in explained.reasons if r.holds == r.wanted][:_MOST_REASONS]
        seen = "; ".join(f"{r.feature}={r.seen}" for r in met)
        notes.found(
            checks.CONTRADICTING,
            example.at,
            f"示例不应命中却命中了（{seen}）",
            f"the example should not match but does ({seen})",
        )
