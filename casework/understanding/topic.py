"""Which topic a post is about: evidence is added term by term, topics are compared by their shares.

| what | counts |
|---|---|
| a wording that stands in the post | its weight, once |
| … in the title or among the first 40 characters | half as much again |
| … three times or more | a quarter as much again |
| evidence of the general topic of a group (`other_…`) | for every topic of that group |
| all together less than 0.8 | nothing: the topic is unknown |

The share of a topic is e^score over the sum for all topics that anything speaks for, so that a close second
shows. It routes nothing.

**Source:** weights and the three constants were chosen on public messages, see docs/rules/understanding.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import exp

from rules.model import DemandClass
from rules.rulebook import Rulebook
from rules.scan import Scan, Wording

HEAD = 40  # folded characters that count like a title
HEAD_BONUS = 0.5
OFTEN = 3  # times
OFTEN_BONUS = 0.25
GENERAL_TOPIC = "other_"  # prefix of the id of the general topic of a group
LEAST_SCORE = 0.8  # of the best topic; less is an accident of words, and the topic counts as unknown
SHOWN = 5  # candidates kept


@dataclass(frozen=True, slots=True)
class TopicCandidate:
    """A topic that a post may be about; `share` is 0..1."""

    topic: str
    group: str
    score: float
    share: float


@dataclass(frozen=True, slots=True)
class TopicView:
    """What a post is about.

    Attributes:
        candidates: best first, at most `SHOWN`; empty where nothing speaks for any topic.
        shares: of the topics that anything speaks for; they sum to 1.
        group: with the largest sum of shares, which need not be that of the best topic.
        group_share: of that group, 0..1.
        margin: share of the best topic less that of the second.
    """

    candidates: tuple[TopicCandidate, ...]
    shares: Mapping[str, float]
    group: str | None
    group_share: float
    margin: float

    @property
    def best(self) -> TopicCandidate | None:
        """Return the best candidate, if any."""
        return self.candidates[0] if self.candidates else None


NO_TOPIC = TopicView((), {}, None, 0.0, 0.0)


class Topics:
    """The topics of one pack, made ready for comparing."""

    def __init__(self, rulebook: Rulebook) -> None:
        topics = rulebook.pack.topics
        self.groups = {topic.id: topic.group for topic in topics}
        self.demands: Mapping[str, DemandClass] = {topic.id: topic.demand for topic in topics}
        self._general = {topic.group: topic.id for topic in topics if topic.id.startswith(GENERAL_TOPIC)}
        self._sizes = Counter(self.groups.values())

    def view(self, scan: Scan, suggested: Mapping[str, float] | None = None) -> TopicView:
        """Return what the post is about.

        Args:
            scan: of the post.
            suggested: shares of a learned model by topic; they are averaged with those of the evidence.
        """
        head = max(scan.title_length, HEAD)
        own: dict[str, float] = {}
        spoken_for: set[str] = set()
        for found in scan.topics:
            own[found.topic] = strength(found.wordings, head)
            if max(found.wordings)[0] > 0:  # the weight stands first
                spoken_for.add(found.topic)
        if not spoken_for and not suggested:
            return NO_TOPIC
        general = {group: own.pop(topic, 0.0) for group, topic in self._general.items()}
        scores = {topic: general.get(self.groups[topic], 0.0) + score for topic, score in own.items()}
        for group, topic in self._general.items():
            scores[topic] = general[group]
        for topic in suggested or ():
            if topic in self.groups:
                scores.setdefault(topic, general.get(self.groups[topic], 0.0))
        named = {topic for topic in spoken_for if scores[topic] >= LEAST_SCORE}
        named |= set(suggested or ()) & set(scores)
        return self._view(scores, general, named, suggested) if named else NO_TOPIC

    def _view(
        self,
        scores: dict[str, float],
        general: dict[str, float],
        named: set[str],
        suggested: Mapping[str, float] | None,
    ) -> TopicView:
        shares, by_group = self._shares(scores, general)
        if suggested:
            shares, by_group = self._mixed(shares, by_group, suggested)
        # A topic for which nothing speaks has what its group's general topic has: it counts for the group,
        # but it is never named and takes nothing from those that are.
        total = sum(shares[topic] for topic in named) or 1.0
        own = {topic: shares[topic] / total for topic in named}
        ranked = sorted(own, key=lambda topic: (-own[topic], topic))
        group = max(by_group, key=lambda name: by_group[name])
        return TopicView(
            candidates=tuple(
                TopicCandidate(t, self.groups[t], round(scores[t], 4), round(own[t], 4))
                for t in ranked[:SHOWN]
            ),
            shares={topic: own[topic] for topic in ranked},
            group=group,
            group_share=by_group[group],
            margin=round(own[ranked[0]] - (own[ranked[1]] if len(ranked) > 1 else 0.0), 4),
        )

    def _shares(
        self, scores: dict[str, float], general: dict[str, float]
    ) -> tuple[dict[str, float], dict[str, float]]:
        """Return the shares of the topics that have a score of their own, and those of all groups.

        The topics of a group without one are all alike; they are counted, not looked at one by one.
        """
        highest = max(*scores.values(), *general.values(), 0.0)
        powers = {topic: exp(score - highest) for topic, score in scores.items()}
        silent = self._sizes.copy()
        for topic in scores:
            silent[self.groups[topic]] -= 1
        by_group = {g: count * exp(general.get(g, 0.0) - highest) for g, count in silent.items()}
        for topic, power in powers.items():
            by_group[self.groups[topic]] += power
        total = sum(by_group.values())
        return (
            {topic: power / total for topic, power in powers.items()},
            {group: power / total for group, power in by_group.items()},
        )

    def _mixed(
        self, shares: dict[str, float], by_group: dict[str, float], suggested: Mapping[str, float]
    ) -> tuple[dict[str, float], dict[str, float]]:
        """Return the shares averaged with those of a learned model."""
        known = {topic: share for topic, share in suggested.items() if topic in self.groups}
        total = sum(known.values()) or 1.0
        groups = {group: share / 2 for group, share in by_group.items()}
        for topic, share in known.items():
            groups[self.groups[topic]] += share / total / 2
        return {topic: (share + known.get(topic, 0.0) / total) / 2 for topic, share in shares.items()}, groups


@lru_cache(maxsize=8)
def topics_of(rulebook: Rulebook) -> Topics:
    """Return the topics of a rulebook, made ready once."""
    return Topics(rulebook)


def strength(wordings: tuple[Wording, ...], head: int) -> float:
    """Return the evidence of these wordings added up, see the table above.

    Args:
        wordings: found for one topic.
        head: folded characters from the start that count like a title.
    """
    total = 0.0
    for weight, times, start in wordings:
        factor = 1.0
        if start < head:
            factor += HEAD_BONUS
        if times >= OFTEN:
            factor += OFTEN_BONUS
        total += weight * factor
    return total
