"""Every feature that a rule may mention: name, type, unit, meaning and who supplies it.

It computes no feature. The signals and conclusions of a pack join the built-in features in `of_pack`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rules.builtin_features import SCORING_ROWS, SEVERITY_ROWS, Row
from rules.model import Grade, Label, Op, Pack, RuleKind, Scalar, SignalKind

NONE = "none"  # the value of a word feature about which nothing is known
GRADES = tuple(grade.value for grade in Grade)
LARGEST = 10**12  # largest size of a number a feature may hold; both evaluators are exact below it
DECIMAL_PLACES = 4  # of a decimal feature; both evaluators are exact to it


class FeatureType(StrEnum):
    """What a feature holds."""

    FLAG = "bool"
    INTEGER = "int"
    DECIMAL = "decimal"
    WORD = "word"  # one of a closed set
    LEVEL = "level"  # one of a closed set that has an order
    GRADE = "grade"  # general < major < serious

    @property
    def has_order(self) -> bool:
        """Return whether at_least, at_most, more_than and less_than make sense."""
        return self not in {FeatureType.FLAG, FeatureType.WORD}


ORDERED_OPS = frozenset({Op.AT_LEAST, Op.AT_MOST, Op.MORE_THAN, Op.LESS_THAN})


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature: `default` is the value where nothing is known, `values` the closed set in order."""

    name: str
    type: FeatureType
    unit: str
    meaning: Label
    supplier: str
    default: Scalar
    values: tuple[str, ...] = ()

    def rank(self, value: str) -> int:
        """Return the place of a word in the order of its closed set, from 0."""
        return self.values.index(value)

    def fault(self, value: Scalar) -> Label | None:
        """Return what is wrong with a value of this feature, or None where it is of the right type."""
        if self.type is FeatureType.FLAG:
            return None if isinstance(value, bool) else Label("应为 true 或 false", "must be true or false")
        if self.type is FeatureType.INTEGER:
            return _integer_fault(value)
        if self.type is FeatureType.DECIMAL:
            return _decimal_fault(value)
        if isinstance(value, str) and value in self.values:
            return None
        few = self.values[:8] + (("…",) if len(self.values) > 8 else ())  # noqa: PLR2004 - a readable line
        return Label(f"应为下列之一：{'、'.join(few)}", f"must be one of {', '.join(few)}")


def _integer_fault(value: Scalar) -> Label | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST:
        return None
    return Label("应为不小于 0 的整数", "must be a whole number from 0")


def _decimal_fault(value: Scalar) -> Label | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return _integer_fault(value)
    # Decimal("NaN") fails the comparison only with an exception, so finiteness comes first.
    if isinstance(value, Decimal) and value.is_finite() and 0 <= value <= LARGEST:
        if value == value.quantize(Decimal(10) ** -DECIMAL_PLACES):
            return None
        return Label(f"小数最多 {DECIMAL_PLACES} 位", f"has more than {DECIMAL_PLACES} decimal places")
    return Label("应为不小于 0 的数字", "must be a number from 0")


Features = Mapping[str, Scalar]


class Vocabulary:
    """The features that rules of one kind may mention."""

    def __init__(self, features: tuple[Feature, ...]) -> None:
        self._features = {feature.name: feature for feature in features}

    def __contains__(self, name: str) -> bool:
        return name in self._features

    def __getitem__(self, name: str) -> Feature:
        return self._features[name]

    def __iter__(self) -> Iterator[Feature]:
        return iter(self._features.values())

    def get(self, name: str) -> Feature | None:
        """Return the feature of that name, or None."""
        return self._features.get(name)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all features."""
        return tuple(self._features)

    def defaults(self) -> dict[str, Scalar]:
        """Return a fresh mapping of every feature to its default."""
        return {feature.name: feature.default for feature in self._features.values()}


def builtin(kind: RuleKind, words: Mapping[str, tuple[str, ...]] | None = None) -> Vocabulary:
    """Return the built-in features of severity or scoring rules.

    Args:
        kind: which set of rules.
        words: values of the word features that a pack defines (topic, topic_group).
    """
    rows = SEVERITY_ROWS if kind is RuleKind.SEVERITY else SCORING_ROWS
    return Vocabulary(tuple(_feature(row, words or {}) for row in rows))


def of_pack(pack: Pack, kind: RuleKind) -> Vocabulary:
    """Return the built-in features of `kind` with the signals and conclusions of the pack."""
    words = {
        "topic": (NONE, *(topic.id for topic in pack.topics)),
        "topic_group": (NONE, *pack.groups),
    }
    features = list(builtin(kind, words))
    if kind is RuleKind.SEVERITY:
        for signal in pack.signals:
            number = signal.kind is SignalKind.NUMBER
            features.append(
                Feature(
                    name=signal.id,
                    type=FeatureType.INTEGER if number else FeatureType.FLAG,
                    unit="",
                    meaning=signal.title,
                    supplier="rules.signals",
                    default=0 if number else False,
                )
            )
    rules = pack.severity if kind is RuleKind.SEVERITY else pack.scoring
    features.extend(
        Feature(rule.concludes, FeatureType.FLAG, "", rule.title, "rules.reference", default=False)
        for rule in rules
        if rule.concludes is not None
    )
    return Vocabulary(tuple(features))


def _feature(row: Row, words: Mapping[str, tuple[str, ...]]) -> Feature:
    kind = FeatureType(row.type)
    values = row.values
    if kind is FeatureType.GRADE:
        values = GRADES
    elif row.name in words:
        values = words[row.name]
    default: Scalar
    if kind is FeatureType.FLAG:
        default = False
    elif kind is FeatureType.INTEGER:
        default = 0
    elif kind is FeatureType.DECIMAL:
        default = Decimal(0)
    else:
        default = values[0]
    return Feature(row.name, kind, row.unit, Label(row.zh, row.en), row.supplier, default, values)
