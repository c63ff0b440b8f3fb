"""Which features can wake a rule: while all of them have their defaults, it cannot hold.

A short list of rare features saves evaluating a rule that mentions a common one, such as the number of reads.
"""

from __future__ import annotations

from rules.conditions import Values, compiled
from rules.model import AllOf, Condition, Not, Test
from rules.vocabulary import FeatureType, Vocabulary

# A flag is seldom set, while topics, counts and lengths differ from their defaults in most posts.
_COST_OF_A_FLAG = 1
_COST_OF_OTHERS = 50


def guards_of(condition: Condition, words: Vocabulary, defaults: Values) -> frozenset[str] | None:
    """Return features one of which must differ from its default for the condition to hold.

    Args:
        condition: of a rule.
        words: types of the features.
        defaults: of all features.

    Returns:
        The cheapest set that was found; None where the condition may hold on defaults alone.
    """
    return _guards(condition, words, defaults, wanted=True)


def _guards(
    condition: Condition, words: Vocabulary, defaults: Values, *, wanted: bool
) -> frozenset[str] | None:
    if isinstance(condition, Test):
        holds = compiled(condition, words)(defaults)
        return None if holds == wanted else frozenset({condition.feature})
    if isinstance(condition, Not):
        return _guards(condition.member, words, defaults, wanted=not wanted)
    found = [_guards(member, words, defaults, wanted=wanted) for member in condition.members]
    known = [guards for guards in found if guards is not None]
    if isinstance(condition, AllOf) == wanted:
        # All members must hold, so any one that cannot is enough.
        return min(known, key=lambda guards: (_cost(guards, words), sorted(guards)), default=None)
    # Any member may hold, so each must be kept from it.
    return frozenset().union(*known) if len(known) == len(found) else None


def _cost(guards: frozenset[str], words: Vocabulary) -> int:
    return sum(
        _COST_OF_A_FLAG if words[name].type is FeatureType.FLAG else _COST_OF_OTHERS for name in guards
    )
