"""Checks lexicons, signals and topics: words that cannot hit, and things that nothing uses."""

from __future__ import annotations

from collections.abc import Iterator

from rules.model import Lexicon, Location, Matcher, Pack, Place, SignalKind, SignalRef, Terms
from rules.normalise import normalise
from rules.plan import Plan
from rules.post import Post
from rules.problem import Notes
from rules.walk import features_of, walk

READ_BY_CASEWORK = frozenset({"ask_person"})  # conclusions that no rule needs to use: triage does


def check_words(pack: Pack, notes: Notes) -> None:
    """File terms that vanish or stand twice, and lexicons, signals and conclusions that nothing uses."""
    for lexicon in pack.lexicons:
        _terms(lexicon, notes.about(lexicon.id))
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
            notes.error(
                at, "有词语只含不可见字符，永远不会命中", "a term has no visible character: never hits"
            )


def _terms(lexicon: Lexicon, notes: Notes) -> None:
    _vanishing(lexicon.terms, lexicon.at, notes)
    seen: dict[str, str] = {}
    for term in lexicon.terms:
        folded = normalise(term).text
        if folded in seen:
            notes.note(
                lexicon.at,
                f"词语「{term}」与「{seen[folded]}」归一后相同",
                f'the terms "{term}" and "{seen[folded]}" are the same once folded',
            )
        seen.setdefault(folded, term)


def _names(place: Place, notes: Notes) -> None:
    for name in (place.name, *place.aliases):
        if len(normalise(name).text) < 2:  # noqa: PLR2004 - one character is in every text
            notes.error(
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
            notes.about(lexicon.id).warning(
                lexicon.at, f"词库「{lexicon.id}」没有被使用", f'nothing uses the lexicon "{lexicon.id}"'
            )
    for signal in pack.signals:
        if signal.id not in signals and signal.id not in used:
            # Only a note: the screen shows every signal, and other layers may read some by name.
            notes.about(signal.id).note(
                signal.at, f"没有规则使用特征「{signal.id}」", f'no rule uses the signal "{signal.id}"'
            )
    for rule in (*pack.severity, *pack.scoring):
        if rule.concludes is not None and rule.concludes not in used | READ_BY_CASEWORK:
            notes.about(rule.id).warning(
                rule.at,
                f"结论「{rule.concludes}」没有被使用",
                f'nothing uses the conclusion "{rule.concludes}"',
            )


def _always_on(pack: Pack, notes: Notes) -> None:
    for index in Plan(pack).signals_of(Post("", 0, None)):
        signal = pack.signals[index]
        if signal.kind is SignalKind.FLAG:
            notes.about(signal.id).warning(
                signal.at,
                f"特征「{signal.id}」在什么都没说的网帖上也成立",
                f'the signal "{signal.id}" holds for a post that says nothing',
            )
