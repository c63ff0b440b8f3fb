"""Why a post came to what it came to: its signals, every condition of the rules, topic, unit and advice.

Of a text it is made by the way of `propose`; of a stored decision from what was kept with it and the pack of
its version. Both are the same function, so that the bytes of an explanation are the same years later.
It decides nothing and leaves out what a person corrected afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from casework.judgement import Disposition, Judgement, Routing, SecondOpinion
from casework.routing import as_routing
from casework.understanding.inputs import NOTHING_KNOWN, Context, PostText, Suggester
from casework.understanding.propose import Proposal, propose
from casework.understanding.verdict import NO_SIGNAL, dismissals_of
from rules.conditions import shown
from rules.explain import explain
from rules.explained import Explanation
from rules.model import Grade, Hit, Label, Pack, RuleKind, Scalar, Span
from rules.post import WordStarts
from rules.rulebook import Rulebook
from rules.scan import Scan
from rules.vocabulary import FeatureType, Vocabulary

_DISMISSES = "dismisses="


class OtherPack(ValueError):  # noqa: N818 — named for the situation (style.md §2.8)
    """A decision was to be explained by another pack than its own."""


class Decided(Protocol):
    """What an explanation needs of a verdict: a fresh judgement has it, and a stored decision."""

    @property
    def pack_ref(self) -> str:
        """Return the reference of the pack that judged."""

    @property
    def model_digest(self) -> str | None:
        """Return what tells the learned model, None without one."""

    @property
    def disposition(self) -> str:
        """Return what became of the post."""

    @property
    def grade(self) -> Grade | None:
        """Return its grade."""

    @property
    def demand(self) -> str | None:
        """Return the class of demand."""

    @property
    def topic(self) -> str | None:
        """Return the id of the topic."""

    @property
    def place(self) -> str | None:
        """Return the id of the place."""

    @property
    def confidential(self) -> bool:
        """Return whether it is an accusation."""

    @property
    def confidence(self) -> Decimal:
        """Return the share, 0..1."""

    @property
    def routing(self) -> Routing:
        """Return who is to handle it."""

    @property
    def features(self) -> Mapping[str, Scalar]:
        """Return the features that differ from their defaults; decimals may be text."""

    @property
    def context(self) -> Mapping[str, Scalar]:
        """Return what surrounded the post; `on` is the local date as text."""

    @property
    def hits(self) -> tuple[Hit, ...]:
        """Return the signals."""

    @property
    def reasons(self) -> tuple[Label, ...]:
        """Return the reasons of the routing and what the desk is told to do."""

    @property
    def opinion(self) -> SecondOpinion:
        """Return how the engine stands to it."""


@dataclass(frozen=True, slots=True)
class SignalSeen:
    """A signal that the post trips, with the characters of the original text."""

    signal: str
    title: Label
    value: str
    is_hidden: bool  # found only by taking out marks between letters
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """Something of the pack: its id and its name, which is the id where the pack has none."""

    id: str
    name: Label


@dataclass(frozen=True, slots=True)
class Explained:
    """Everything that led to a verdict.

    Attributes:
        rules: conditions of the rules that fired and of the nearest that did not.
        graded_by: ids of the fired rules whose grade is that of the verdict; empty where no rule gave it.
        why: reason of a dismissal.
        confidence: share (0..1) of the topics that lead to the chosen unit, as text.
        advice: what the desk is told to do at once.
    """

    rules: Explanation
    model: str | None
    disposition: str
    why: Named | None
    grade: Grade | None
    graded_by: tuple[str, ...]
    demand: str | None
    topic: Named | None
    place: Named | None
    confidential: bool
    confidence: str
    signals: tuple[SignalSeen, ...]
    routing: Routing
    units: tuple[Named, ...]  # those that the routing names, in the order of their ids
    advice: tuple[Label, ...]
    opinion: SecondOpinion


@dataclass(frozen=True, slots=True)
class TopicSeen:
    """A topic that the text may be about: `share` (0..1) and `score` as text, and where its words stand."""

    topic: Named
    share: str
    score: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ExplainedText:
    """A text that is judged alone: the explanation, and what a stored decision does not keep.

    Attributes:
        topics: candidates, best first.
        doubt: why a person would decide.
        hits: with the places of signals that are not shown, too.
    """

    explained: Explained
    topics: tuple[TopicSeen, ...]
    doubt: Label | None
    hits: tuple[Hit, ...]


def explanation_of(decided: Decided, book: Rulebook) -> Explained:
    """Return why a verdict is what it is.

    Args:
        decided: fresh or stored.
        book: of the pack that judged; no other can tell.

    Raises:
        OtherPack: the rulebook is not that of the decision.
        BadFeatures: the pack has features that this version of the program does not know.
    """
    pack = book.pack
    if decided.pack_ref != pack.ref:
        raise OtherPack(decided.pack_ref)
    rules = explain(book, _typed(decided.features, book.vocabulary(RuleKind.SEVERITY)), _day(decided.context))
    wanted = f"grade={decided.grade.value}" if decided.grade is not None else ""
    routing = decided.routing
    return Explained(
        rules=rules,
        model=decided.model_digest,
        disposition=str(decided.disposition),
        why=_dismissal(decided, rules, pack),
        grade=decided.grade,
        graded_by=tuple(rule.rule for rule in rules.fired if rule.conclusion == wanted),
        demand=str(decided.demand) if decided.demand else None,
        topic=_named(decided.topic, {topic.id: topic.title for topic in pack.topics}),
        place=_named(decided.place, {place.id: Label(place.name, place.name) for place in pack.places}),
        confidential=decided.confidential,
        confidence=shown(decided.confidence),
        signals=_signals(decided.hits, pack),
        routing=routing,
        units=_units(routing, pack),
        advice=tuple(reason for reason in decided.reasons if reason not in routing.reasons),
        opinion=decided.opinion,
    )


def explain_text(
    post: PostText,
    book: Rulebook,
    model: Suggester | None = None,
    context: Context = NOTHING_KNOWN,
    words: WordStarts | None = None,
) -> ExplainedText:
    """Return what would become of a post, and why; the arguments are those of `propose`."""
    proposal = propose(post, book, model, context, words)
    told = book.scan(post.title, post.text, words, everywhere=True)
    return ExplainedText(
        explained=explanation_of(_judgement(proposal, book, context), book),
        topics=_topics(proposal, told, book),
        doubt=proposal.verdict.doubt,
        hits=told.hits,
    )


def _judgement(proposal: Proposal, book: Rulebook, context: Context) -> Judgement:
    defaults = book.vocabulary(RuleKind.SEVERITY).defaults()
    return Judgement(
        pack_ref=proposal.pack_ref,
        calendar_version=book.pack.calendar.version,
        disposition=proposal.verdict.disposition,
        grade=proposal.verdict.grade,
        demand=proposal.demand,
        topic=proposal.topic,
        place=proposal.place.place,
        confidential=proposal.confidential,
        confidence=proposal.confidence,
        routing=as_routing(proposal.route),
        model_digest=proposal.model_digest,
        features={name: value for name, value in proposal.features.items() if value != defaults[name]},
        context={"on": context.on.isoformat()} if context.on is not None else {},
        hits=proposal.hits,
        reasons=(*proposal.reasons, *proposal.advice),
    )


def _typed(features: Mapping[str, Scalar], vocabulary: Vocabulary) -> dict[str, Scalar]:
    """Return stored features with decimals as decimals again."""
    return {
        name: Decimal(value) if isinstance(value, str) and _is_decimal(vocabulary, name) else value
        for name, value in features.items()
    }


def _is_decimal(vocabulary: Vocabulary, name: str) -> bool:
    feature = vocabulary.get(name)
    return feature is not None and feature.type is FeatureType.DECIMAL


def _day(context: Mapping[str, Scalar]) -> date | None:
    on = context.get("on")
    return date.fromisoformat(on) if isinstance(on, str) else None


def _dismissal(decided: Decided, rules: Explanation, pack: Pack) -> Named | None:
    if decided.disposition != Disposition.DISMISSAL:
        return None
    titles = {reason.id: reason.title for reason in dismissals_of(pack).values()}
    ids = [
        rule.conclusion.removeprefix(_DISMISSES)
        for rule in rules.fired
        if rule.conclusion.startswith(_DISMISSES)
    ]
    return _named(ids[0] if ids else NO_SIGNAL, titles)


def _signals(hits: tuple[Hit, ...], pack: Pack) -> tuple[SignalSeen, ...]:
    titles = {signal.id: signal.title for signal in pack.signals}
    return tuple(
        SignalSeen(
            signal=hit.signal,
            title=titles.get(hit.signal, Label(hit.signal, hit.signal)),
            value=shown(hit.value),
            is_hidden=hit.hidden,
            spans=hit.spans,
        )
        for hit in hits
    )


def _units(routing: Routing, pack: Pack) -> tuple[Named, ...]:
    codes = {*routing.assist, *routing.candidates, *((routing.lead,) if routing.lead else ())}
    names = {unit.id: unit.name for unit in pack.units}
    return tuple(Named(code, names.get(code, Label(code, code))) for code in sorted(codes))


def _topics(proposal: Proposal, told: Scan, book: Rulebook) -> tuple[TopicSeen, ...]:
    found = {evidence.topic: evidence for evidence in told.topics}
    titles = {topic.id: topic.title for topic in book.pack.topics}
    return tuple(
        TopicSeen(
            topic=Named(one.topic, titles[one.topic]),
            share=shown(Decimal(str(one.share))),
            score=shown(Decimal(str(one.score))),
            spans=found[one.topic].spans if one.topic in found else (),
        )
        for one in proposal.topics.candidates
    )


def _named(name: str | None, titles: Mapping[str, Label]) -> Named | None:
    return None if name is None else Named(name, titles.get(name, Label(name, name)))
