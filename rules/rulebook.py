"""One pack, compiled once: scan a post, evaluate rules, explain a rule. It reads no file and no clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from rules.errors import NoSuchRule
from rules.model import Finding, Pack, Rule, RuleKind, RuleStatus, Scalar
from rules.post import WordStarts
from rules.post_text import Prepared
from rules.reference import ACTIVE, Explanation, Reference
from rules.scan import Scan
from rules.signals import Scanner, compile_signals
from rules.vocabulary import Vocabulary


class Rulebook:
    """The scanner and both sets of rules of a pack that `load_pack` found free of errors.

    It takes the scanner of `like` where that was made of the very same words.
    """

    def __init__(
        self, pack: Pack, statuses: frozenset[RuleStatus] = ACTIVE, like: Rulebook | None = None
    ) -> None:
        self.pack = pack
        self.statuses = statuses
        is_like = like is not None and _words_of(like.pack) == _words_of(pack)
        self.scanner: Scanner = like.scanner if like is not None and is_like else compile_signals(pack)
        self._kinds = {rule.id: rule.kind for rule in (*pack.scoring, *pack.severity)}
        self._references = {kind: Reference(pack, kind, statuses) for kind in RuleKind}

    def scan(
        self, title: str, text: str, words: WordStarts | None = None, *, everywhere: bool = False
    ) -> Scan:
        """Return what the signals of the pack find in a post; see `Scanner.scan`."""
        return self.scanner.scan(title, text, words, everywhere=everywhere)

    def scan_prepared(self, prepared: Prepared, words: WordStarts | None = None) -> Scan:
        """Return what the signals of the pack find in a post that was made ready before.

        For many packs and one post, and for stored posts: `prepare_folded` takes the folded text that was
        kept with them, and `words` may be `lambda _: starts` with the word starts that were kept.
        """
        return self.scanner.scan_prepared(prepared, words)

    def rules(self, kind: RuleKind) -> tuple[Rule, ...]:
        """Return the rules of a kind that are evaluated."""
        rules = self.pack.severity if kind is RuleKind.SEVERITY else self.pack.scoring
        return tuple(rule for rule in rules if rule.status in self.statuses)

    def vocabulary(self, kind: RuleKind) -> Vocabulary:
        """Return every feature that rules of this kind may mention."""
        return self._references[kind].vocabulary

    def complete(self, kind: RuleKind, features: Mapping[str, Scalar]) -> dict[str, Scalar]:
        """Return all features of a kind: those given, and the default of every other.

        Raises:
            BadFeatures: a name is unknown or a value is of the wrong type.
        """
        return self._references[kind].complete(features)

    def changed(self, kind: RuleKind, features: Mapping[str, Scalar]) -> dict[str, Scalar]:
        """Return those of the given features that differ from their defaults.

        Raises:
            BadFeatures: a name is unknown or a value is of the wrong type.
        """
        return self._references[kind].changed(features)

    def evaluate(
        self, kind: RuleKind, features: Mapping[str, Scalar], on: date | None = None
    ) -> tuple[Finding, ...]:
        """Return a finding for every active rule that holds, by the reference evaluator.

        Args:
            kind: severity or scoring.
            features: by name; what is left out has its default.
            on: local date for rules with dates of effect; without it the dates do not matter.

        Raises:
            BadFeatures: a name is unknown or a value is of the wrong type.
        """
        return self._references[kind].evaluate(features, on)

    def reference(self, kind: RuleKind) -> Reference:
        """Return the reference evaluator of a kind, e.g. to compare with the engine."""
        return self._references[kind]

    def explain(self, rule_id: str, features: Mapping[str, Scalar], on: date | None = None) -> Explanation:
        """Return every condition of a rule with its value, whether the rule fires or not.

        Raises:
            NoSuchRule: an id that the pack does not have.
            BadFeatures: a name is unknown or a value is of the wrong type.
        """
        kind = self._kinds.get(rule_id)
        if kind is None:
            raise NoSuchRule(rule_id)
        return self._references[kind].explain(rule_id, features, on)


def _words_of(pack: Pack) -> tuple[int, ...]:
    """Return which objects a scanner was made of; comparing all that they say costs as much as making it."""
    return tuple(map(id, (pack.lexicons, pack.signals, pack.topics, pack.places, pack.units)))
