"""Conditions, values and conclusions in plain Chinese and English. It decides nothing and knows no screen.

A condition is said as the rule wants it: what stands under `not` or `unless` is turned round, so that every
line reads as something that must be so.
"""

from __future__ import annotations

from collections.abc import Mapping

from rules.conditions import shown
from rules.model import ASK_PERSON, Label, Op, Pack, Rule, Scalar, Test
from rules.value_words import (
    GRADE_WORDS,
    LEVEL_OP_WORDS,
    NO,
    NONE_MEANS_NOTHING,
    NONE_OF,
    NOTHING,
    OP_WORDS,
    OPPOSITE,
    UNKNOWN,
    VALUE_WORDS,
    YES,
)
from rules.vocabulary import NONE, FeatureType, Vocabulary

ALL_OF = Label("以下须全部成立", "All of these")
ANY_OF = Label("以下须有一项成立", "At least one of these")
_BUILT_IN = "casework."  # how the suppliers of built-in features begin


class ConditionWords:
    """The words for what the rules of a pack ask, about the features of a vocabulary."""

    def __init__(self, pack: Pack, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        titles = {topic.id: topic.title for topic in pack.topics}
        self._values: dict[str, Mapping[str, Label]] = dict(VALUE_WORDS) | {"topic": titles}
        self._dismissals = {reason.id: reason.title for reason in pack.dismissals}

    def name(self, feature: str) -> Label:
        """Return what a feature is called: its meaning, without what explains it."""
        known = self._vocabulary.get(feature)
        if known is None:
            return Label(feature, feature)
        meaning = known.meaning
        if not known.supplier.startswith(_BUILT_IN):
            return meaning
        return Label(_first_part(meaning.zh, "；：，"), _first_part(meaning.en, ";,"))

    def value(self, feature: str, value: Scalar) -> Label:
        """Return a value in words, with its unit where it is counted."""
        if isinstance(value, bool):
            return YES if value else NO
        if isinstance(value, str):
            if value == NONE:
                return NOTHING if feature in NONE_MEANS_NOTHING else UNKNOWN
            return self._values.get(feature, {}).get(value, Label(value, value))
        known = self._vocabulary.get(feature)
        number = shown(value)
        return Label(f"{number} {known.unit}" if known is not None and known.unit else number, number)

    def requirement(self, test: Test, *, wanted: bool = True) -> Label:
        """Return what a comparison asks; turned round where the rule wants it not to hold."""
        name = self.name(test.feature)
        if isinstance(test.value, bool):
            says = test.value is ((test.op is Op.IS) is wanted)
            return name if says else Label(f"不是：{name.zh}", f"not: {name.en}")
        values = test.value if isinstance(test.value, tuple) else (test.value,)
        spoken = [self.value(test.feature, value) for value in values]
        op = self._op(test, wanted=wanted)
        return Label(
            f"{name.zh}{op.zh} {'、'.join(word.zh for word in spoken)}",
            f"{name.en} {op.en} {', '.join(word.en for word in spoken)}",
        )

    def seen(self, feature: str, value: Scalar) -> Label:
        """Return the value that was seen, as the end of a sentence."""
        word = self.value(feature, value)
        return Label(f"实际：{word.zh}", f"seen: {word.en}")

    def conclusion(self, rule: Rule, points: str = "") -> Label:
        """Return what a rule concludes.

        Args:
            rule: of the pack.
            points: of a scoring rule that fired; without them all of its points are said.
        """
        if rule.grade is not None:
            grade = GRADE_WORDS[rule.grade.value]
            return Label(f"定为{grade.zh}", f"grade {grade.en}")
        if rule.concludes == ASK_PERSON:
            return Label("转人工研判", "asks a person")
        if rule.concludes is not None:
            return Label(f"得出中间结论 {rule.concludes}", f"concludes {rule.concludes}")
        if rule.dismisses is not None:
            title = self._dismissals.get(rule.dismisses, Label(rule.dismisses, rule.dismisses))
            return Label(f"建议不立案：{title.zh}", f"suggests no case: {title.en}")
        amounts = points or " / ".join(str(amount) for _, amount in rule.points)
        return Label(f"计 {amounts} 分", f"{amounts} points")

    def _op(self, test: Test, *, wanted: bool) -> Label:
        if not wanted and test.op is Op.ONE_OF:
            return NONE_OF
        op = test.op if wanted else OPPOSITE[test.op]
        feature = self._vocabulary.get(test.feature)
        is_level = feature is not None and feature.type in {FeatureType.LEVEL, FeatureType.GRADE}
        return LEVEL_OP_WORDS.get(op, OP_WORDS[op]) if is_level else OP_WORDS[op]


def _first_part(text: str, marks: str) -> str:
    for mark in marks:
        text = text.partition(mark)[0]
    return text
