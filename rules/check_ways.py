"""The ways in which the rules of one pack hold, worked out once for all checks and within a bound.

It judges nothing; checks ask it.
"""

from __future__ import annotations

from collections.abc import Callable

from rules.model import Rule, RuleKind
from rules.paths import Effort, OutOfEffort, Path, TooManyPaths, paths_of
from rules.strata import whole_condition
from rules.vocabulary import Vocabulary

MOST_EFFORT = 4_000_000
"""Features looked at for all rules of a pack, once for how they hold and once for how they fail: 2 to 4 s
each. The demo pack takes 3,000; 3,000 rules on two or three features each take 70,000."""


class Ways:
    """What `paths_of` says of each rule."""

    def __init__(self, words: Callable[[RuleKind], Vocabulary], most: int = MOST_EFFORT) -> None:
        self._words = words
        self._efforts = {wanted: Effort(most) for wanted in (True, False)}
        self._known: dict[tuple[RuleKind, str, bool], tuple[Path, ...] | None] = {}
        self._left_out: dict[bool, dict[str, Rule]] = {True: {}, False: {}}

    def left_out(self, *, wanted: bool = True) -> tuple[Rule, ...]:
        """Return the rules of which it was asked in vain how they hold or, if not `wanted`, fail."""
        return tuple(self._left_out[wanted].values())

    def of(self, rule: Rule, *, wanted: bool = True) -> tuple[Path, ...]:
        """Return the ways in which a rule holds or, if not `wanted`, fails.

        Raises:
            TooManyPaths: this rule has too many.
            OutOfEffort: those before it took all the effort; nothing is known of this one.
        """
        key = (rule.kind, rule.id, wanted)
        if key not in self._known:
            try:
                words, effort = self._words(rule.kind), self._efforts[wanted]
                self._known[key] = paths_of(whole_condition(rule), words, wanted=wanted, effort=effort)
            except OutOfEffort:
                self._left_out[wanted][rule.id] = rule
                raise
            except TooManyPaths:
                self._known[key] = None
        found = self._known[key]
        if found is None:
            raise TooManyPaths
        return found
