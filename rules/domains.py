"""Sets of values of one feature: what a comparison leaves of them. Values are whole numbers here.

Flags are 0 and 1, words and grades their place in the closed set, decimals are scaled. It knows no rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from rules.model import Op, Scalar, Test
from rules.vocabulary import DECIMAL_PLACES, LARGEST, Feature, FeatureType

SCALE = 10**DECIMAL_PLACES
_CLOSE = 512  # values that may be left out of a domain; a pack has fewer topics than this
_HIGH = LARGEST * SCALE  # no encoded value is larger


@dataclass(frozen=True, slots=True)
class Domain:
    """All whole numbers from `low` to `high` apart from `without`. Empty where `low` exceeds `high`."""

    low: int
    high: int
    without: frozenset[int] = frozenset()

    def __and__(self, other: Domain) -> Domain:
        low, high = max(self.low, other.low), min(self.high, other.high)
        return _trimmed(low, high, self.without | other.without)

    def __or__(self, other: Domain) -> Domain | None:
        """Return the union as one domain, or None where it would need too many gaps."""
        low, high = min(self.low, other.low), max(self.high, other.high)
        first, second = sorted((self, other), key=lambda d: d.low)
        between = range(first.high + 1, second.low)
        if len(between) > _CLOSE:
            return None
        candidates = (*between, *self.without, *other.without)
        return _trimmed(low, high, [v for v in candidates if v not in self and v not in other])

    @property
    def is_empty(self) -> bool:
        """Return whether no value is left."""
        return self.low > self.high

    def __contains__(self, value: int) -> bool:
        return self.low <= value <= self.high and value not in self.without


def _trimmed(low: int, high: int, without: Iterable[int]) -> Domain:
    """Return the one way to write these values, so that equal sets are equal."""
    gaps = {value for value in without if low <= value <= high}
    while low in gaps:
        gaps.discard(low)
        low += 1
    while high in gaps:
        gaps.discard(high)
        high -= 1
    return Domain(low, high, frozenset(gaps)) if low <= high else EMPTY


EMPTY = Domain(1, 0)


def encoded(feature: Feature, value: Scalar) -> int:
    """Return the whole number that stands for a value of the feature; order and equality are kept."""
    if feature.type is FeatureType.FLAG:
        return int(bool(value))
    if feature.type is FeatureType.DECIMAL:
        return int(Decimal(value) * SCALE)
    if feature.type is FeatureType.INTEGER:
        return int(value)
    return feature.rank(str(value))


def whole(feature: Feature) -> Domain:
    """Return every value that the feature may have. Counts and durations are never below 0."""
    if feature.type is FeatureType.FLAG:
        return Domain(0, 1)
    if feature.type in {FeatureType.INTEGER, FeatureType.DECIMAL}:
        return Domain(0, _HIGH)
    return Domain(0, len(feature.values) - 1)


def allowed(test: Test, feature: Feature, *, wanted: bool) -> tuple[Domain, ...]:
    """Return the values for which the comparison holds (or, if not `wanted`, fails), as disjoint domains."""
    everything = whole(feature)
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    points = sorted({encoded(feature, value) for value in values})
    op = test.op
    if op in {Op.IS, Op.IS_NOT, Op.ONE_OF}:
        among = (op is not Op.IS_NOT) == wanted
        parts = _runs(points) if among else (Domain(everything.low, everything.high, frozenset(points)),)
    else:
        parts = (_half(op if wanted else _OPPOSITE[op], points[0], everything),)
    trimmed = (_trimmed(p.low, p.high, p.without) & everything for p in parts)
    return tuple(part for part in trimmed if not part.is_empty)


_OPPOSITE = {
    Op.AT_LEAST: Op.LESS_THAN,
    Op.LESS_THAN: Op.AT_LEAST,
    Op.AT_MOST: Op.MORE_THAN,
    Op.MORE_THAN: Op.AT_MOST,
}


def _half(op: Op, point: int, everything: Domain) -> Domain:
    if op is Op.AT_LEAST:
        return Domain(point, everything.high)
    if op is Op.MORE_THAN:
        return Domain(point + 1, everything.high)
    if op is Op.AT_MOST:
        return Domain(everything.low, point)
    return Domain(everything.low, point - 1)


def _runs(points: list[int]) -> tuple[Domain, ...]:
    """Return points as one domain with gaps where they lie close together, else as runs of neighbours.

    One domain is one path for the engine; a gap costs it one comparison.
    """
    if points[-1] - points[0] < _CLOSE:
        gaps = frozenset(range(points[0], points[-1])) - frozenset(points)
        return (Domain(points[0], points[-1], gaps),)
    return tuple(Domain(point, point) for point in points)
