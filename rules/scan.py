"""What scanning a post yields: signals with spans, evidence for topics, places and units that it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from rules.model import Hit, Span


class Wording(NamedTuple):
    """One wording that speaks for or against a topic. A list of terms yields one for each term found."""

    weight: Decimal  # of the evidence that it belongs to
    times: int  # how often it stands in the post
    start: int  # where first, in characters of the folded post; the title comes before the text


@dataclass(frozen=True, slots=True)
class TopicEvidence:
    """What speaks for a topic: the sum of the weights that hit, and how many of them spoke for it."""

    topic: str
    weight: Decimal
    support: int  # pieces of evidence with a positive weight
    locate: Callable[[], tuple[Span, ...]] = field(compare=False, repr=False)
    wordings: tuple[Wording, ...] = ()

    @property
    def spans(self) -> tuple[Span, ...]:
        """Return where the evidence stands; worked out when asked, because few of many topics are shown."""
        return self.locate()


@dataclass(frozen=True, slots=True)
class Mention:
    """A place of the gazetteer, or a unit, that the post names."""

    id: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """All that the signal layer finds in one post. Equal posts and packs give equal scans."""

    hits: tuple[Hit, ...]  # in the order of the pack; flags that hold and numbers above 0
    features: Mapping[str, bool | int]  # every signal of the pack
    topics: tuple[TopicEvidence, ...]  # in the order of the pack; those with any evidence
    places: tuple[Mention, ...]  # in the order of the pack; a name inside a longer one is not counted
    units: tuple[Mention, ...]
    folded: str  # title, line break, text, as they were scanned
    title_length: int  # characters of the folded title, where `Wording.start` counts from
    text_length: int  # characters of title and text that are not blank or invisible
    cut: bool  # the post was longer than what is scanned
