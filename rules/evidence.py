"""What speaks for the topics of a pack in one post, given the leaves found in it. It chooses no topic."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from rules.matchers import Finder
from rules.model import Pack, Span, Terms
from rules.plan import Plan, by_leaf
from rules.post import Post, merged
from rules.post_text import Prepared
from rules.scan import TopicEvidence, Wording

_new = tuple.__new__  # half the cost of the constructor that a named tuple comes with


class _Part(NamedTuple):
    """One piece of evidence of a topic (its index in the pack)."""

    topic: int
    weight: Decimal
    force: float  # the same weight, as it is added up
    finder: Finder
    leaf: int | None  # of terms that count wherever they stand; None for every other matcher


class Evidence:
    """All pieces of evidence of one pack, indexed by the leaves that they need.

    Attributes:
        leaves: every leaf that some evidence looks at.
    """

    def __init__(self, pack: Pack, plan: Plan) -> None:
        self._topics = [topic.id for topic in pack.topics]
        self.parts: list[_Part] = []
        asked: list[tuple[int, frozenset[int]]] = []
        looked_at: set[int] = set()
        for topic, entry in enumerate(pack.topics):
            for piece in entry.evidence:
                found, leaves = plan.finder(piece.match)
                plain = isinstance(piece.match, Terms) and not piece.match.whole_word
                leaf = next(iter(leaves)) if plain else None
                looked_at |= leaves
                if found.needs is not None:
                    asked.append((len(self.parts), found.needs))
                self.parts.append(_Part(topic, piece.weight, float(piece.weight), found, leaf))
        self._by_leaf = by_leaf(asked)
        self.leaves = frozenset(looked_at)
        self._silent = [n for n, part in enumerate(self.parts) if part.finder.needs is None]

    @property
    def is_silent(self) -> bool:
        """Return whether nothing can speak for a topic because it is lacking."""
        return not self._silent

    def of(self, post: Post, prepared: Prepared) -> tuple[TopicEvidence, ...]:
        """Return what speaks for each topic, in the order of the pack; topics without any are left out."""
        known = self._by_leaf
        due = {*self._silent}
        for found in post.touched:
            if found in known:
                due.update(known[found])
        terms_of = post.terms if post.has_torn else None
        parts: dict[int, list[int]] = {}
        wordings: dict[int, list[Wording]] = {}
        touched, plain = post.touched, post.plain
        for index in sorted(due):
            topic, _, force, finder, leaf = self.parts[index]
            if leaf is None:
                if not finder.holds(post):
                    continue
                said = _wordings(finder, force, post)
            elif terms_of is None:
                said = [_new(Wording, (force, len(plain[term]), plain[term][0][0])) for term in touched[leaf]]
            else:
                said = [Wording(force, count, start) for count, start in terms_of(leaf)]
            if topic in parts:
                parts[topic].append(index)
                wordings[topic] += said
            else:
                parts[topic], wordings[topic] = [index], said
        source = _Source(self, post, prepared)
        topics = self._topics
        return tuple(
            [TopicEvidence(topics[n], tuple(said), tuple(parts[n]), source) for n, said in wordings.items()]
        )


class _Source:
    """Sums and places of the evidence in one post, worked out when asked."""

    __slots__ = ("_evidence", "_post", "_prepared")

    def __init__(self, evidence: Evidence, post: Post, prepared: Prepared) -> None:
        self._evidence = evidence
        self._post = post
        self._prepared = prepared

    def weight(self, parts: tuple[int, ...]) -> Decimal:
        return sum((self._evidence.parts[index].weight for index in parts), Decimal(0))

    def support(self, parts: tuple[int, ...]) -> int:
        return sum(self._evidence.parts[index].weight > 0 for index in parts)

    def spans(self, parts: tuple[int, ...]) -> tuple[Span, ...]:
        finders = [self._evidence.parts[index].finder for index in parts]
        return self._prepared.spans(
            merged(spot for finder in finders for spot in finder.find(self._post) or ())
        )


def _wordings(finder: Finder, force: float, post: Post) -> list[Wording]:
    """Return each different wording that hit; a hit that stands nowhere counts as one at the end."""
    counts: dict[str, int] = {}
    starts: dict[str, int] = {}
    for spot in finder.find(post) or ():
        wording = post.text[spot.start : spot.end]
        counts[wording] = counts.get(wording, 0) + 1
        starts.setdefault(wording, spot.start)
    if not counts:
        return [Wording(force, 1, len(post.text))]
    return [Wording(force, counts[wording], starts[wording]) for wording in counts]
