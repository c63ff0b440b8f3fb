"""Checks lexicons, signals and topics: words that cannot hit, and things that nothing uses."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from rules import checks
from rules.model import (
    ASK_PERSON,
    Lexicon,
    Location,
    Matcher,
    Near,
    Pack,
    Place,
    SignalKind,
    SignalRef,
    Terms,
)
from rules.normalise import normalise
from rules.plan import Plan
from rules.post import Post
from rules.problem import Notes
from rules.walk import features_of, walk

_MOST_NAMED = 4  # pairs of terms that one line names
READ_BY_CASEWORK = frozenset({ASK_PERSON})  # conclusions that no rule needs to use: triage does
SIGNALS_READ_BY_CASEWORK = frozenset(
    {
        "accuses_village_or_town",
        "danger_to_life",
        "may_accuse",
        "says_accusation",
        "says_complaint",
        "says_praise",
        "says_question",
        "says_request",
        "says_rural",
        "says_urban",
    }
)  # signals that the understanding of a post reads by name; docs/rules/understanding.md lists them


def check_words(pack: Pack, notes: Notes) -> None:
    """File terms that vanish or stand twice, and lexicons, signals and conclusions that nothing uses."""
    for lexicon in pack.lexicons:
        _terms(lexicon, notes.about(lexicon.id))
    _contained(pack, notes)
    for place in pack.places:
        _names(place, notes.about(place.id))
    for owner, matcher in _matchers(pack):
        if isinstance(matcher, Terms):
            _vanishing(matcher.terms, matcher.at, notes.about(owner))
    _unused(pack, notes)
    _always_on(pack, notes)


def _matchers(pack: Pack) -> Iterator[tuple[str, Matcher]]:
    for signal in pack.signals:
        yield from ((signal.id, matcher) for matcher in walk(signal.match))
    for topic in pack.topics:
        for part in topic.evidence:
            yield from ((topic.id, matcher) for matcher in walk(part.match))


def _vanishing(terms: tuple[str, ...], at: Location, notes: Notes) -> None:
    for term in terms:
        if not normalise(term).text.strip():
            notes.found(
                checks.INVISIBLE,
                at,
                "有词语只含不可见字符，永远不会命中",
                "a term has no visible character: never hits",
            )


def _terms(lexicon: Lexicon, notes: Notes) -> None:
    _vanishing(lexicon.terms, lexicon.at, notes)
    seen: dict[str, str] = {}
    for term in lexicon.terms:
        folded = normalise(term).text
        if folded in seen:
            notes.found(
                checks.SAME_TERM,
                lexicon.at,
                f"词语「{term}」与「{seen[folded]}」归一后相同",
                f'the terms "{term}" and "{seen[folded]}" are the same once folded',
            )
        seen.setdefault(folded, term)


def _contained(pack: Pack, notes: Notes) -> None:
    """File longer terms that add no hit.

    Evidence of topics counts each wording, whole words have edges, `near` measures from the end of a term.
    """
    telling = {name for t in pack.topics for e in t.evidence for name in _lexicons_of(e.match)}
    edged = {name for _, m in _matchers(pack) if isinstance(m, Terms) and m.whole_word for name in m.lexicons}
    measured = {name for _, m in _matchers(pack) if isinstance(m, Near) for name in _lexicons_of(m)}
    for lexicon in pack.lexicons:
        if lexicon.id in telling | edged | measured:
            continue
        by_folded = {normalise(term).text: term for term in lexicon.terms}
        pairs = [(by_folded[f], by_folded[inner]) for f in by_folded for inner in _inner(f, by_folded)[:1]]
        if pairs:
            few = pairs[:_MOST_NAMED]
            more = "…" if len(pairs) > len(few) else ""
            notes.about(lexicon.id).found(
                checks.CONTAINED,
                lexicon.at,
                f"{len(pairs)} 个词语包含同一词库的更短词语，很少增加命中："
                + "、".join(f"「{long}」含「{short}」" for long, short in few)
                + more,
                f"{len(pairs)} terms contain a shorter term of the lexicon and add hardly a hit: "
                + ", ".join(f'"{long}" holds "{short}"' for long, short in few)
                + more,
            )


def _lexicons_of(matcher: Matcher) -> Iterator[str]:
    for inner in walk(matcher):
        if isinstance(inner, Terms):
            yield from inner.lexicons


def _inner(term: str, others: Collection[str]) -> list[str]:
    """Return the terms that stand inside this one, from the left."""
    size = len(term)
    parts = (term[i:j] for i in range(size) for j in range(i + 1, size + 1) if j - i < size)
    return [part for part in parts if part in others]


def _names(place: Place, notes: Notes) -> None:
    for name in (place.name, *place.aliases):
        if len(normalise(name).text) < 2:  # noqa: PLR2004 - one character is in every text
            notes.found(
                checks.SHORT_PLACE,
                place.at,
                f"地名「{name}」太短，会到处命中",
                f'the place name "{name}" is too short: hits anywhere',
            )


def _unused(pack: Pack, notes: Notes) -> None:
    lexicons: set[str] = set()
    signals: set[str] = set()
    for _, matcher in _matchers(pack):
        if isinstance(matcher, Terms):
            lexicons.update(matcher.lexicons)
        elif isinstance(matcher, SignalRef):
            signals.add(matcher.signal)
    used = {name for rule in (*pack.severity, *pack.scoring) for name in features_of(rule)}
    for lexicon in pack.lexicons:
        if lexicon.id not in lexicons:
            notes.about(lexicon.id).found(
                checks.UNUSED_LEXICON,
                lexicon.at,
                f"词库「{lexicon.id}」没有被使用",
                f'nothing uses the lexicon "{lexicon.id}"',
            )
    for signal in pack.signals:
        if signal.id not in signals | used | SIGNALS_READ_BY_CASEWORK:
            # Only a note: the screen shows every signal.
            notes.about(signal.id).found(
                checks.UNUSED_SIGNAL,
                signal.at,
                f"没有规则使用特征「{signal.id}」",
                f'no rule uses the signal "{signal.id}"',
            )
    for rule in (*pack.severity, *pack.scoring):
        if rule.concludes is not None and rule.concludes not in used | READ_BY_CASEWORK:
            notes.about(rule.id).found(
                checks.UNUSED_CONCLUSION,
                rule.at,
                f"结论「{rule.concludes}」没有被使用",
                f'nothing uses the conclusion "{rule.concludes}"',
            )


def _always_on(pack: Pack, notes: Notes) -> None:
    for index in Plan(pack).signals_of(Post("", 0, None)):
        signal = pack.signals[index]
        if signal.kind is SignalKind.FLAG:
            notes.about(signal.id).found(
                checks.ALWAYS_ON,
                signal.at,
                f"特征「{signal.id}」在什么都没说的网帖上也成立",
                f'the signal "{signal.id}" holds for a post that says nothing',
            )
