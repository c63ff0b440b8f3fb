"""Whether two posts tell of the same thing happening, with the reason in words.

Pure and careful: joining what does not belong together silences somebody, while two cases for one matter
only cost a merge. It searches nothing; `casework.store.matters` brings the candidates.
"""

from __future__ import annotations

import re
import uuid
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from rules.model import Label

WINDOW = timedelta(days=30)
"""Posts farther apart are told apart: whatever is still wrong after a month deserves its own answer."""
SPECIFIC_PLACES = frozenset({"village", "estate", "river", "road", "school", "site"})
"""Kinds of places small enough that topic and place together name one matter; a town is not."""
SAME_PLACE_SIMILARITY = 0.08
"""Share of common wording that two posts on one topic and one specific place need at least."""
NEAR_COPY_SIMILARITY = 0.5
"""Share of common wording from which two posts are one text with changes."""
SKETCH_SIZE = 64  # hashes kept of a text; the estimate of a share is then right to about ±0.06
KEY_COUNT = 6
"""Keys by which candidates are found. **Measured** on 7,386 public messages: four candidates a post, and of
texts in which every tenth character was changed 96 of 100 are found."""
_RUN = 3  # characters that are compared
_KEY_RUN = 8  # characters of a key: long enough that common phrases are rare among the smallest
_WIDTH = 2  # bytes of a unit of UTF-16
_HASH_BITS = 32
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Telling:
    """What one post says of a matter.

    Attributes:
        place, place_kind: id and kind in the gazetteer of the pack; None if not known.
        said_at: aware UTC.
        sketch, keys: of its normalised text, see `Fingerprint`.
    """

    topic: str | None
    place: str | None
    place_kind: str | None
    confidential: bool
    said_at: datetime
    sketch: tuple[int, ...]
    keys: tuple[int, ...]

    @property
    def has_specific_place(self) -> bool:
        """Return whether the place is small enough to name a matter together with the topic."""
        return self.place is not None and self.place_kind in SPECIFIC_PLACES


@dataclass(frozen=True, slots=True)
class Candidate:
    """A matter that a post may belong to.

    Attributes:
        keys: those under which it was found, or all.
        stands_for: the matter that a person found to be the same; a post of this one belongs to that.
    """

    id: uuid.UUID
    topic: str | None
    place: str | None
    confidential: bool
    first_seen_at: datetime
    last_seen_at: datetime
    sketch: tuple[int, ...]
    keys: tuple[int, ...] = ()
    stands_for: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """The matter that a post belongs to and why."""

    matter_id: uuid.UUID
    reason: Label
    similarity: float  # 0..1


class Fingerprint(NamedTuple):
    """What is kept of a text to compare it and to find it again.

    Attributes:
        sketch: the smallest hashes of its runs of three characters, ascending. **Source:** bottom-k sketches
            (Broder 1997): common hashes estimate the share of common runs.
        keys: the smallest hashes of those runs of eight characters that begin with a run of the sketch.
    """

    sketch: tuple[int, ...]
    keys: tuple[int, ...]


def fingerprint(text: str) -> Fingerprint:
    """Return the fingerprint of a text.

    Args:
        text: normalised; letters and digits count, nothing else does.
    """
    letters = _NO_LETTER.sub("", text).encode("utf-16-le", "surrogatepass")
    if not letters:
        return Fingerprint((), ())
    starts = range(0, max(_WIDTH, len(letters) - (_RUN - 1) * _WIDTH), _WIDTH)
    hashes = [zlib.crc32(letters[at : at + _RUN * _WIDTH]) for at in starts]
    sketch = _smallest(hashes)
    chosen = {
        zlib.crc32(letters[place * _WIDTH : (place + _KEY_RUN) * _WIDTH])
        for place, value in enumerate(hashes)
        if value <= sketch[-1]
    }
    return Fingerprint(sketch, tuple(sorted(chosen)[:KEY_COUNT]))


def _smallest(hashes: Sequence[int]) -> tuple[int, ...]:
    """Return the smallest different hashes, `SKETCH_SIZE` at most, ascending."""
    few: Sequence[int] = hashes
    if len(hashes) > 2 * SKETCH_SIZE:
        # Hashes are spread evenly: those below this bound are as a rule enough, and a third to sort.
        bound = (SKETCH_SIZE * 3 // 2 << _HASH_BITS) // len(hashes)
        few = [value for value in hashes if value <= bound]
    different = set(few)
    if len(different) < SKETCH_SIZE:
        different = set(hashes)
    return tuple(sorted(different)[:SKETCH_SIZE])


def similarity(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Return the estimated share (0..1) of common runs of two texts."""
    if not one or not other:
        return 0.0
    first, second = set(one), set(other)
    union = sorted(first | second)[: min(SKETCH_SIZE, max(len(one), len(other)))]
    return sum(1 for value in union if value in first and value in second) / len(union)


def same_matter(telling: Telling, candidates: Iterable[Candidate]) -> Match | None:
    """Return the matter that a post belongs to, None where it tells of a new one.

    | topic | place | common wording | within 30 days |
    |---|---|---|---|
    | the same | the same village, estate, river, road, school or site | ≥ 8 % | the same matter |
    | the same, or one unknown | not two different ones | ≥ 50 % | the same matter |
    | anything else | | | another matter |

    A confidential accusation and an ordinary post are never the same matter. Among several the most
    similar wins, then the one seen last.
    """
    fitting = [match for candidate in candidates if (match := _match(telling, candidate)) is not None]
    return max(fitting, key=lambda pair: (pair[0].similarity, pair[1]))[0] if fitting else None


@dataclass(frozen=True, slots=True)
class Joining:
    """The matter of one post of a batch.

    Attributes:
        match: why it joins one that was there before it; None where it begins a new one.
        earlier: places in the batch of the posts of the same matter before it.
    """

    matter_id: uuid.UUID
    match: Match | None
    earlier: tuple[int, ...] = ()


def join_matters(
    tellings: Sequence[Telling | None],
    candidates: Iterable[Candidate],
    new_id: Callable[[], uuid.UUID],
) -> tuple[Joining | None, ...]:
    """Return for each post of a batch, in order, the matter it belongs to: a known one, or a new one.

    A later post may join a matter that an earlier one of the same batch began. None stays None.
    """
    known = _Known(candidates)
    members: dict[uuid.UUID, list[int]] = {}
    joinings: list[Joining | None] = []
    for index, telling in enumerate(tellings):
        if telling is None:
            joinings.append(None)
            continue
        match = same_matter(telling, known.near(telling))
        told_as = match.matter_id if match else new_id()
        known.grow(told_as, telling)
        matter_id = known.standing_for(told_as)
        before = members.setdefault(matter_id, [])
        joinings.append(Joining(matter_id, match, tuple(before)))
        before.append(index)
    return tuple(joinings)


class _Known:
    """Matters that posts may join, found as the store finds them: by key, or by topic and small place."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._all: dict[uuid.UUID, Candidate] = {}
        self._by_key: dict[int, list[uuid.UUID]] = {}
        self._by_spot: dict[tuple[str | None, str | None], list[uuid.UUID]] = {}
        for candidate in candidates:
            self._add(candidate)

    def near(self, telling: Telling) -> Iterable[Candidate]:
        """Return the few matters that are worth a look."""
        found = [matter for key in telling.keys for matter in self._by_key.get(key, ())]
        if telling.has_specific_place:
            found += self._by_spot.get((telling.topic, telling.place), ())
        return [self._all[matter] for matter in dict.fromkeys(found)]

    def grow(self, matter_id: uuid.UUID, telling: Telling) -> None:
        """Add a matter, or let one that is known reach to the instant of a further post."""
        before = self._all.get(matter_id)
        grown = _grown(before, matter_id, telling)
        if before is None:
            self._add(grown)
        else:
            self._all[matter_id] = grown

    def standing_for(self, matter_id: uuid.UUID) -> uuid.UUID:
        """Return the matter that a known one stands for, which is itself as a rule."""
        return self._all[matter_id].stands_for or matter_id

    def _add(self, candidate: Candidate) -> None:
        self._all[candidate.id] = candidate
        for key in candidate.keys:
            self._by_key.setdefault(key, []).append(candidate.id)
        self._by_spot.setdefault((candidate.topic, candidate.place), []).append(candidate.id)


def _grown(candidate: Candidate | None, matter_id: uuid.UUID, telling: Telling) -> Candidate:
    if candidate is None:
        return Candidate(
            id=matter_id,
            topic=telling.topic,
            place=telling.place,
            confidential=telling.confidential,
            first_seen_at=telling.said_at,
            last_seen_at=telling.said_at,
            sketch=telling.sketch,
            keys=telling.keys,
        )
    return replace(
        candidate,
        first_seen_at=min(candidate.first_seen_at, telling.said_at),
        last_seen_at=max(candidate.last_seen_at, telling.said_at),
    )


def _match(telling: Telling, candidate: Candidate) -> tuple[Match, datetime] | None:
    if telling.confidential is not candidate.confidential or not _in_window(telling.said_at, candidate):
        return None
    if telling.place and candidate.place and telling.place != candidate.place:
        return None
    if telling.topic and candidate.topic and telling.topic != candidate.topic:
        return None
    share = similarity(telling.sketch, candidate.sketch)
    percent = round(share * 100)
    same_spot = telling.has_specific_place and telling.place == candidate.place
    same_topic = telling.topic is not None and telling.topic == candidate.topic
    if same_spot and same_topic and share >= SAME_PLACE_SIMILARITY:
        reason = Label(
            f"主题和地点相同，{WINDOW.days} 天内，文字相近 {percent}%",
            f"same topic and place within {WINDOW.days} days, {percent} % common wording",
        )
    elif share >= NEAR_COPY_SIMILARITY:
        reason = Label(
            f"文字相近 {percent}%，{WINDOW.days} 天内，主题和地点不矛盾",
            f"{percent} % common wording within {WINDOW.days} days, topic and place do not differ",
        )
    else:
        return None
    return Match(candidate.id, reason, share), candidate.last_seen_at


def _in_window(said_at: datetime, candidate: Candidate) -> bool:
    return candidate.first_seen_at - WINDOW <= said_at <= candidate.last_seen_at + WINDOW
