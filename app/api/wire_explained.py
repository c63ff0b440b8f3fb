"""The JSON of explanations as the interface's document describes it.

The bytes themselves are made by `casework.understanding.explain_json`; tests keep the two together.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from app.api.wire import Text, Wire, Words
from casework.intake import LONGEST_TEXT, LONGEST_TITLE, IncomingPost

GradeKey = Literal["general", "major", "serious"]


class TextToExplain(Wire):
    """A text that nobody posted. Nothing of it is kept."""

    text: Text(LONGEST_TEXT, "bytes of UTF-8") = ""  # type: ignore[valid-type]
    title: Text(LONGEST_TITLE) = ""  # type: ignore[valid-type]
    on: date | None = Field(None, description="day for dates of effect and service periods; or today")

    def incoming(self, source_code: str) -> IncomingPost:
        """Return the text as a post, to be checked as posts are."""
        return IncomingPost(source_code=source_code, text=self.text, title=self.title)


class Span(Wire):
    """Characters of the text that was sent, from 0, the end not counted."""

    part: Literal["title", "text"]
    start: int
    end: int


class Named(Wire):
    """Something of the rule pack."""

    id: str
    name: Words


class ConditionTest(Wire):
    """One comparison. `words` says what is asked, turned round where it is not `wanted`."""

    part: Literal["test"]
    met: bool = Field(description="it is as the rule wants it")
    missing: bool = Field(description="one of the conditions that a rule that did not fire is short of")
    exception: bool = Field(description="it stands under `unless`")
    words: Words
    feature: str
    op: str
    expected: str
    seen: str
    seen_words: Words
    holds: bool
    wanted: bool = Field(description="false: the rule wants it not to hold")
    set_by: list[str] = Field(description="rules that conclude this feature")


class ConditionGroup(Wire):
    """Conditions of which all or any must be met."""

    part: Literal["all", "any"]
    met: bool
    missing: bool
    exception: bool
    words: Words
    members: list[Condition]


Condition = Annotated[ConditionTest | ConditionGroup, Field(discriminator="part")]


class ExplainedRule(Wire):
    """A rule that fired, or came near."""

    rule: str
    title: Words
    clause: str
    owner: str
    priority: int
    conclusion: str
    conclusion_words: Words
    fired: bool
    unmet: int = Field(description="conditions that it is short of")
    in_effect: bool
    effective_from: date | None
    effective_to: date | None
    condition: Condition


class SeenFeature(Wire):
    """A feature that differs from its default."""

    feature: str
    value: str
    name: Words
    words: Words


class ExplainedRules(Wire):
    """Every condition of the rules that fired and of the nearest that did not."""

    format: int
    pack: str
    kind: Literal["severity", "scoring"]
    on: date | None
    evaluated: int
    not_fired: int
    fired: list[ExplainedRule]
    nearest: list[ExplainedRule]
    seen: list[SeenFeature]


class SignalSeen(Wire):
    """A signal with the characters where it stands."""

    signal: str
    title: Words
    value: str
    hidden: bool = Field(description="found only by taking out marks between letters")
    spans: list[Span]


class ExplainedRouting(Wire):
    """Who is to handle it, on what ground."""

    lead: str | None
    assist: list[str]
    basis: str
    ruling_needed: Words | None
    candidates: list[str]
    reasons: list[Words]


class SecondOpinion(Wire):
    """How the second evaluator stands to it."""

    agreement: Literal["equal", "different", "failed", "not_needed"]
    grade: GradeKey | None
    only_reference: list[str]
    only_engine: list[str]
    failure: str


class Explained(Wire):
    """Everything that led to a verdict: the same bytes for the same decision, whenever it is asked for."""

    rules: ExplainedRules
    model: str | None
    disposition: Literal["case", "dismissal", "desk"]
    why: Named | None
    grade: GradeKey | None
    graded_by: list[str]
    demand: str | None
    topic: Named | None
    place: Named | None
    confidential: bool
    confidence: str
    signals: list[SignalSeen]
    routing: ExplainedRouting
    units: list[Named]
    advice: list[Words]
    second_opinion: SecondOpinion


class TopicSeen(Wire):
    """A topic that the text may be about; `share` is 0 to 1."""

    topic: Named
    share: str
    score: str
    spans: list[Span]


class ExplainedText(Wire):
    """What a text would come to under the rules in force, and why."""

    explained: Explained
    topics: list[TopicSeen]
    doubt: Words | None = Field(description="why a person would decide")


class DecisionPath(Wire):
    """Which decision."""

    decision_id: uuid.UUID
