"""Signals that are only parts of others: what they find says nothing by itself. It reads no post."""

from __future__ import annotations

from collections.abc import Iterator

from rules.check_words import SIGNALS_READ_BY_CASEWORK
from rules.model import Combine, Matcher, Pack, Quantifier, SignalRef
from rules.walk import features_of, walk


def building_blocks(pack: Pack) -> frozenset[str]:
    """Return the ids of signals that others need beside something else, and that nothing else reads.

    One that is enough for another signal by itself is a kind of that, and says something.
    """
    parts, enough = set[str](), set[str]()
    for signal in pack.signals:
        parts |= {one.signal for one in walk(signal.match) if isinstance(one, SignalRef)}
        enough |= set(_alternatives(signal.match))
    read = {name for rule in (*pack.severity, *pack.scoring) for name in features_of(rule)}
    return frozenset(parts - enough - read - SIGNALS_READ_BY_CASEWORK)


def _alternatives(matcher: Matcher) -> Iterator[str]:
    if isinstance(matcher, SignalRef):
        yield matcher.signal
    elif isinstance(matcher, Combine) and matcher.quantifier is Quantifier.ANY:
        for member in matcher.members:
            yield from _alternatives(member)
