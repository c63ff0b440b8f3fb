"""The one way from a post to a proposal: worker, web preview and `evaluate` all call `propose`.

Pure: equal arguments give equal proposals. It writes nothing and runs no second evaluator; the worker hands
the engine's findings to `verdict`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from casework.judgement import Disposition, Grounds
from casework.recusal import NOBODY, blames_each_desk, may_wait_apart
from casework.routing import About, Decision, RoutingTable, Unrouted, routing_table_of
from casework.understanding.demand import (
    ASKS,
    accused_units,
    advice_of,
    demand_of,
    may_accuse,
    speaks_of_whom_it_names,
)
from casework.understanding.features import known_features
from casework.understanding.inputs import NONE, NOTHING_KNOWN, Context, PostText, Suggester
from casework.understanding.lead import doubt_about, held_back
from casework.understanding.place import PlaceView, gazetteer_of
from casework.understanding.strange import unreadable
from casework.understanding.topic import TopicView, topics_of
from casework.understanding.verdict import Verdict, dismissals_of, verdict
from rules.model import DemandClass, Finding, Hit, Label, Pack, RuleKind, Scalar
from rules.post import WordStarts
from rules.rulebook import Rulebook
from rules.scan import Scan

LEAST_LEAD_SHARE = 0.34
"""Share (0..1) that topics leading to the chosen kind of unit must have together; below it a person decides.
**Source:** on annotated public messages about one post in twenty falls below it, and every second of those
would have gone to the wrong unit."""


@dataclass(frozen=True)
class Proposal:
    """What triage proposes for one post, with everything that led to it.

    Attributes:
        pack_ref: of the pack that judged.
        model_digest: of the learned model, None without one.
        normalised: folded title and text.
        hits: signals with spans in the original.
        features: what the rules saw, by name; what is left out has its default.
        findings: rules that fired, with reasons.
        grounds: what the verdict rests on beside them.
        accused: units that an accusation concerns, or a post that may be one; `excluded` holds those of an
            accusation and all units below them.
        confidence: share (0..1) of the topics that lead to the chosen unit.
        words: offsets of word starts in the folded text, where a rule asked for them.
        advice: what the desk is told to do at once.
        suspects: it may be an accusation of units that it names; they are kept out until a person decided.
    """

    pack_ref: str
    model_digest: str | None
    normalised: str
    hits: tuple[Hit, ...]
    features: Mapping[str, Scalar]
    topics: TopicView
    place: PlaceView
    demand: DemandClass
    findings: tuple[Finding, ...]
    verdict: Verdict
    grounds: Grounds
    route: Decision
    confidential: bool
    accused: tuple[str, ...]
    excluded: frozenset[str]
    confidence: Decimal
    reasons: tuple[Label, ...]
    advice: tuple[Label, ...]
    words: tuple[int, ...] | None
    suspects: bool

    @property
    def topic(self) -> str | None:
        """Return the id of the best topic, None where there is none."""
        return self.topics.best.topic if self.topics.best is not None else None

    @property
    def is_kept_apart(self) -> bool:
        """Return whether those whom the post names must not read it, see `Judgement.is_kept_apart`."""
        return self.confidential or (self.suspects and self.verdict.disposition is Disposition.DESK)


class _Words:
    """Asks for word starts at most once and remembers the answer."""

    def __init__(self, ask: WordStarts | None) -> None:
        self._ask = ask
        self.starts: tuple[int, ...] | None = None

    def __call__(self, folded: str) -> Collection[int]:
        if self.starts is None and self._ask is not None:
            self.starts = tuple(self._ask(folded))
        return self.starts or ()


@dataclass(frozen=True, slots=True)
class _Reading:
    """One post with everything that was read out of it before the rules are asked."""

    post: PostText
    scan: Scan
    topics: TopicView
    place: PlaceView
    demand: DemandClass
    accused: tuple[str, ...]
    suspects: bool

    @property
    def topic(self) -> str | None:
        return self.topics.best.topic if self.topics.best is not None else None

    @property
    def confidential(self) -> bool:
        return self.demand is DemandClass.ACCUSATION

    def about(self) -> About:
        place = self.place
        return About(self.topic, self.demand, place.zone, place.kind, place.territory, self.accused)


def propose(
    post: PostText,
    rulebook: Rulebook,
    model: Suggester | None = None,
    context: Context = NOTHING_KNOWN,
    words: WordStarts | None = None,
) -> Proposal:
    """Return what should become of a post, and why.

    Args:
        post: as written, with its figures.
        rulebook: of the county.
        model: a learned suggester of topics, or None.
        context: of the matter and its case.
        words: returns word starts of a folded text; asked only where a rule wants whole words.
    """
    asked = _Words(words)
    scan = rulebook.scan(post.title, post.text, asked if words is not None else None)
    read = _read(post, scan, rulebook, model, context)
    features = rulebook.changed(RuleKind.SEVERITY, _features(read, rulebook.pack, context))
    findings = rulebook.evaluate(RuleKind.SEVERITY, features, context.on)
    table = routing_table_of(rulebook)
    route, grounds, share = _placed(read, table)
    judged = verdict(findings, dismissals_of(rulebook.pack), grounds)
    return Proposal(
        pack_ref=rulebook.pack.ref,
        model_digest=model.digest if model is not None else None,
        normalised=scan.folded,
        hits=scan.hits,
        features=features,
        topics=read.topics,
        place=read.place,
        demand=read.demand,
        findings=findings,
        verdict=judged,
        grounds=grounds,
        route=route,
        confidential=read.confidential,
        accused=read.accused,
        excluded=route.excluded,
        confidence=Decimal(str(round(share, 4))),
        reasons=route.reasons,
        advice=advice_of(scan, read.demand, read.accused),
        words=asked.starts,
        suspects=read.suspects,
    )


@dataclass(frozen=True, slots=True)
class Brief:
    """What a proposal comes to, without its grounds."""

    topic: str | None
    verdict: Verdict
    route: Decision


def brief(
    post: PostText,
    scan: Scan,
    rulebook: Rulebook,
    fired: Callable[[Mapping[str, Scalar]], tuple[Finding, ...]],
    context: Context,
) -> Brief:
    """Return what `propose` comes to, for many stored posts; a test holds the two equal.

    Args:
        post: as written, or as stored folded where `scan` is of the folded text.
        scan: of the post.
        rulebook: of the county.
        fired: returns the rules that hold on features, with their conclusions; reasons are not looked at.
        context: of the matter and its case.
    """
    read = _read(post, scan, rulebook, None, context)
    findings = fired(_features(read, rulebook.pack, context))
    table = routing_table_of(rulebook)
    route, grounds, _ = _placed(read, table)
    judged = verdict(findings, dismissals_of(rulebook.pack), grounds)
    return Brief(read.topic, judged, route)


def make_ready(rulebook: Rulebook) -> None:
    """Derive from a rulebook what `propose` would otherwise derive at its first post."""
    topics_of(rulebook)
    gazetteer_of(rulebook)
    routing_table_of(rulebook)
    dismissals_of(rulebook.pack)
    rulebook.evaluate(RuleKind.SEVERITY, {})


def _read(
    post: PostText, scan: Scan, rulebook: Rulebook, model: Suggester | None, context: Context
) -> _Reading:
    known = topics_of(rulebook)
    topics = known.view(scan, model.shares(post, scan) if model is not None else None)
    place = gazetteer_of(rulebook).view(scan, context.place_hint)
    best = topics.best
    demand = demand_of(scan, known.demands[best.topic] if best is not None else None)
    table = routing_table_of(rulebook)
    accused: tuple[str, ...] = ()
    recused = NOBODY
    desks = table.desks_among(mention.id for mention in scan.units)
    may = demand is DemandClass.ACCUSATION or may_accuse(scan)
    if may or (desks and speaks_of_whom_it_names(scan, demand)):
        named = accused_units(
            scan, rulebook.pack, title=post.title, text=post.text, territory=place.territory
        )
        accused = named if may else tuple(unit for unit in named if unit in desks)
        recused = table.recused(accused)
    if may and blames_each_desk(recused):
        demand = DemandClass.ACCUSATION
    suspects = bool(accused) and demand is not DemandClass.ACCUSATION and may_wait_apart(recused)
    return _Reading(post, scan, topics, place, demand, accused, suspects)


def _features(read: _Reading, pack: Pack, context: Context) -> dict[str, Scalar]:
    best = read.topics.best
    return {
        **known_features(read.post, pack, context),
        **read.scan.features,
        "topic": best.topic if best is not None else NONE,
        "topic_group": best.group if best is not None else NONE,
        "demand": read.demand.value,
        "zone": read.place.zone or NONE,
        "place_known": read.place.place is not None,
        "accuses_unit": bool(read.accused),
        "text_length": read.scan.text_length,
    }


def _placed(read: _Reading, table: RoutingTable) -> tuple[Decision, Grounds, float]:
    """Return who is to handle it, what the verdict rests on, and the share of topics that lead there."""
    routed = table.route(read.about())
    share = _lead_share(read, table, routed)
    route = held_back(routed, table.family_of(routed), read.scan, read.topics, share, table.backstop)
    return route, _grounds(read, route, share), share


def _lead_share(read: _Reading, table: RoutingTable, route: Decision) -> float:
    """Return the share of all topics that would go to the same family of units."""
    if read.confidential:
        return 1.0  # an accusation goes to discipline inspection whatever it is about
    family = table.family_of(route)
    place = read.place
    return sum(
        share
        for topic, share in read.topics.shares.items()
        if share > _LEAST_SHARE
        and table.family_of_topic(topic, place.zone, place.kind, place.territory) == family
    )


def _grounds(read: _Reading, route: Decision, share: float) -> Grounds:
    strange = unreadable(read.scan.folded)
    # Where there are words, that no list knows them does not mean that nobody asks for anything.
    # **Source:** measured on 3,000 real messages: none ended so, while new ways to say that a life is in
    # danger did; a person reads them last in turn.
    said = any(map(str.isalpha, read.scan.folded))
    anything = said or bool(read.scan.hits) or read.topic is not None or bool(strange)
    return Grounds(anything, _unclear(read, route, share), strange)


def _unclear(read: _Reading, route: Decision, share: float) -> tuple[Label, ...]:
    if read.confidential:
        if isinstance(route, Unrouted):
            return () if route.is_read_without_desk else route.reasons
        return () if read.accused else (_ACCUSED_UNKNOWN,)
    apart = (_NAMED_STAY_OUT,) if read.suspects else ()
    if read.topic is None:
        return (*apart, _NO_TOPIC if any(map(read.scan.features.get, ASKS)) else _NO_DEMAND)
    held = (*apart, *doubt_about(route))
    return (*held, _TOPIC_UNCLEAR) if share < LEAST_LEAD_SHARE else held


_LEAST_SHARE = 0.005  # topics below it change no sum that matters
_ACCUSED_UNKNOWN = Label(
    "属检举控告，但不知道被检举控告的是哪个单位，请人工确认回避范围。",
    "An accusation, but whom it accuses is unknown: say who must be kept out.",
)
_NAMED_STAY_OUT = Label(
    "可能指称其中点名的单位，人工决定之前对这些单位保密。",
    "It may speak against units that it names: they do not see it until a person has decided.",
)
_NO_TOPIC = Label("有诉求但不能判断主题，请人工确定。", "It asks for something, but about what is unclear.")
_NO_DEMAND = Label(
    "看不出说的是什么事、有没有诉求，请人工阅读。",
    "What it is about, and whether it asks for anything, is unclear.",
)
_TOPIC_UNCLEAR = Label(
    "几个主题难以取舍，且主办单位不同，请人工确定。",
    "Several topics come close and lead to different units: choose one.",
)
