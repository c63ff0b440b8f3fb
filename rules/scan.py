"""What scanning a post yields: signals with spans, evidence for topics, places and units that it names.

Named tuples throughout: a post yields dozens of them, and they cost a third of what frozen dataclasses do.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple, Protocol

from rules.model import Hit, Span


class Wording(NamedTuple):
    """One wording that speaks for or against a topic. A list of terms yields one for each term found."""

    weight: float  # of the evidence that it belongs to, as it is added up
    times: int  # how often it stands in the post
    start: int  # where first, in characters of the folded post; the title comes before the text


class EvidenceSource(Protocol):
    """Knows the pieces of evidence of a pack, and where they stand in one post."""

    def weight(self, parts: tuple[int, ...]) -> Decimal:
        """Return the sum of the weights of these pieces."""

    def support(self, parts: tuple[int, ...]) -> int:
        """Return how many of these pieces have a positive weight."""

    def spans(self, parts: tuple[int, ...]) -> tuple[Span, ...]:
        """Return where these pieces stand in the original."""


class TopicEvidence(NamedTuple):
    """What speaks for a topic. Sums and places are worked out when asked: few of many topics are shown."""

    topic: str
    wordings: tuple[Wording, ...]
    parts: tuple[int, ...]  # pieces of evidence that hit, by their number in the pack
    source: EvidenceSource

    @property
    def weight(self) -> Decimal:
        """Return the sum of the weights that hit."""
        return self.source.weight(self.parts)

    @property
    def support(self) -> int:
        """Return how many pieces of evidence spoke for it."""
        return self.source.support(self.parts)

    @property
    def spans(self) -> tuple[Span, ...]:
        """Return where the evidence stands."""
        return self.source.spans(self.parts)

    def __eq__(self, other: object) -> bool:
        """Return whether the same was found, whichever post it was found in."""
        return isinstance(other, TopicEvidence) and self[:3] == other[:3]

    def __hash__(self) -> int:
        return hash(self[:3])


class Mention(NamedTuple):
    """A place of the gazetteer, or a unit, that the post names."""

    id: str
    spans: tuple[Span, ...]


class Scan(NamedTuple):
    """All that the signal layer finds in one post. Equal posts and packs give equal scans."""

    hits: tuple[Hit, ...]  # in the order of the pack; flags that hold and numbers above 0
    features: Mapping[str, bool | int]  # of the same signals; every other has its default, False or 0
    topics: tuple[TopicEvidence, ...]  # in the order of the pack; those with any evidence
    places: tuple[Mention, ...]  # in the order of the pack; a name inside a longer one is not counted
    units: tuple[Mention, ...]
    folded: str  # title, line break, text, as they were scanned
    title_length: int  # characters of the folded title, where `Wording.start` counts from
    cut: bool  # the post was longer than what is scanned

    @property
    def text_length(self) -> int:
        """Return the number of characters of title and text that are not blank or invisible."""
        return len(self.folded) - self.folded.count(" ") - self.folded.count("\n")
