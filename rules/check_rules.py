"""Checks severity and scoring rules: contradicting examples, rules that never or always fire, limits."""

from __future__ import annotations

from rules import checks
from rules.check_overlap import check_overlap
from rules.compiler import fault_of
from rules.model import Example, Location, Pack, Rule, RuleKind, RuleStatus, Scalar
from rules.paths import TooManyPaths, paths_of
from rules.post import WordStarts
from rules.problem import Notes
from rules.reference import ACTIVE
from rules.rulebook import Rulebook
from rules.strata import whole_condition
from rules.vocabulary import Vocabulary
from rules.walk import features_of

_LIVE = frozenset({RuleStatus.ACTIVE, RuleStatus.DRAFT})
_MOST_REASONS = 4  # conditions that a message about an example names


def check_rules(
    pack: Pack, notes: Notes, words: WordStarts | None = None, like: Rulebook | None = None
) -> None:
    """File what is wrong with the rules of a pack; retired rules are left in peace."""
    book = Rulebook(pack, _LIVE, like)
    check_overlap(pack, notes)
    _check_grades(pack, notes)
    idle = {RuleKind.SEVERITY: _idle(pack.severity), RuleKind.SCORING: _idle(pack.scoring)}
    for rule in (*pack.severity, *pack.scoring):
        if rule.status not in _LIVE:
            continue
        mine = notes.about(rule.id)
        _check_reach(rule, book.vocabulary(rule.kind), mine)
        if rule.status in ACTIVE:
            _check_waiting(rule, idle[rule.kind], book.vocabulary(rule.kind), mine)
        _check_kinds_of_examples(rule, mine)
        for example in rule.examples:
            _check_example(rule, example, book, mine, words)


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


def _check_reach(rule: Rule, words: Vocabulary, notes: Notes) -> None:
    condition = whole_condition(rule)
    try:
        if not paths_of(condition, words):
            notes.found(
                checks.NEVER,
                rule.at,
                "条件自相矛盾，规则永远不会命中",
                "the conditions contradict: it never fires",
            )
        elif not paths_of(condition, words, wanted=False):
            notes.found(
                checks.ALWAYS,
                rule.at,
                "条件总是成立，规则对每个网帖都命中",
                "the conditions always hold: it always fires",
            )
    except TooManyPaths:
        pass  # named below as a limit of the engine, or its negation is merely long
    fault = fault_of(rule, words)
    if fault is not None:
        notes.found(checks.ENGINE, rule.at, fault.zh, fault.en)


def _idle(rules: tuple[Rule, ...]) -> frozenset[str]:
    """Return the conclusions that only drafts and retired rules draw: they never hold."""
    drawn = {rule.concludes for rule in rules if rule.status in ACTIVE}
    return frozenset(rule.concludes for rule in rules if rule.concludes and rule.concludes not in drawn)


def _check_waiting(rule: Rule, idle: frozenset[str], words: Vocabulary, notes: Notes) -> None:
    """File an active rule that waits, in every way to hold, for a conclusion that never holds."""
    if not idle & features_of(rule):
        return
    try:
        paths = paths_of(whole_condition(rule), words)
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
