"""A draft pack against posts that were judged before: what would change, counted so that counts can be added.

Pure. It judges no post (`casework.understanding` does), reads none, and nothing of it can act.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from rules.model import Pack
from rules.reference import conclusion

MOST_SAMPLES = 20
"""Posts that are named for one change. **Source:** issue 3: sample of 20 each."""
NOBODY = ""  # no grade, no topic, no unit, no rule
DISMISSAL = "dismissal"

JsonScalar = str | int
Kept = Mapping[str, object]
"""A tally as it is stored: plain JSON."""


class Aspect(StrEnum):
    """What can differ between two verdicts on one post."""

    GRADE = "grade"
    DISPOSITION = "disposition"
    TOPIC = "topic"
    LEAD = "lead"
    ASSIST = "assist"


_CONCLUDED = frozenset({Aspect.GRADE, Aspect.DISPOSITION})


class Verdict(NamedTuple):
    """What a pack makes of a post. Words are keys; `NOBODY` where there is none."""

    disposition: str
    grade: str
    topic: str
    lead: str
    assist: tuple[str, ...]
    rules: tuple[str, ...]  # that fired, sorted

    def said(self, aspect: Aspect) -> str:
        """Return one aspect as a word; assisting units joined by a space."""
        if aspect is Aspect.ASSIST:
            return " ".join(self.assist)
        return str(getattr(self, aspect.value))

    def to_json(self) -> dict[str, object]:
        """Return it as it is stored."""
        return {**self._asdict(), "assist": list(self.assist), "rules": list(self.rules)}


def verdict_from(kept: Mapping[str, object]) -> Verdict:
    """Return the verdict that `Verdict.to_json` stored."""
    return Verdict(
        str(kept["disposition"]),
        str(kept["grade"]),
        str(kept["topic"]),
        str(kept["lead"]),
        tuple(map(str, _listed(kept["assist"]))),
        tuple(map(str, _listed(kept["rules"]))),
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """One aspect in which two verdicts differ."""

    aspect: Aspect
    before: str
    after: str


def compare(old: Verdict, new: Verdict) -> tuple[Difference, ...]:
    """Return in what two verdicts on one post differ, in the order of `Aspect`; rules that fired apart."""
    if old[:5] == new[:5]:
        return ()
    said = ((aspect, old.said(aspect), new.said(aspect)) for aspect in Aspect)
    return tuple(Difference(aspect, before, after) for aspect, before, after in said if before != after)


@dataclass(slots=True)
class Sampled:
    """How often something happened, and up to 20 posts with which it did.

    Which posts is decided by their ids read backwards, whose ends are random: the same whatever the order in
    which posts are added, and spread over the whole period.
    """

    count: int = 0
    keys: list[str] = field(default_factory=list)

    def add(self, key: str | None) -> None:
        """Count one post; `key` is its id read backwards, None where it must not be named."""
        self.count += 1
        if key is not None and (len(self.keys) < MOST_SAMPLES or key < self.keys[-1]):
            insort(self.keys, key)
            del self.keys[MOST_SAMPLES:]

    def merge(self, other: Sampled) -> None:
        """Add what was counted elsewhere."""
        self.count += other.count
        self.keys = sorted({*self.keys, *other.keys})[:MOST_SAMPLES]

    @property
    def posts(self) -> tuple[str, ...]:
        """Return the ids, as 32 hexadecimal digits."""
        return tuple(key[::-1] for key in self.keys)


Move = tuple[str, str, str]  # aspect, before, after


@dataclass(slots=True)
class Tally:
    """What a draft would have changed. Two tallies of different posts are added by `merge`.

    Attributes:
        changed: posts with any difference but the rules that fired.
        failed: posts that could not be judged again.
        recomputed: posts whose old verdict was worked out anew, because another pack than the base made it.
        moves: by aspect, before and after.
        gained, lost: by rule: posts on which only the draft fires it, or only the base.
        rule_moves: by rule whose firing changed on the post, or that fires in both and concludes something
            else; `NOBODY` for changes without any such rule.
        unit_moves: by unit that leads before or after.
        work: by unit: posts that it leads or assists, before and after; dismissals are no work.
        fired: by rule: posts on which base and draft fire it.
    """

    posts: int = 0
    changed: int = 0
    failed: int = 0
    recomputed: int = 0
    moves: dict[Move, Sampled] = field(default_factory=dict)
    gained: dict[str, Sampled] = field(default_factory=dict)
    lost: dict[str, Sampled] = field(default_factory=dict)
    rule_moves: dict[tuple[str, Move], Sampled] = field(default_factory=dict)
    unit_moves: dict[tuple[str, Move], Sampled] = field(default_factory=dict)
    work_before: Counter[str] = field(default_factory=Counter)
    work_after: Counter[str] = field(default_factory=Counter)
    fired_before: Counter[str] = field(default_factory=Counter)
    fired_after: Counter[str] = field(default_factory=Counter)

    def add(
        self, post: str | None, old: Verdict, new: Verdict, rewritten: Collection[str] = frozenset()
    ) -> None:
        """Count one post.

        Args:
            post: its id as hexadecimal digits; None for one that must not be named in a sample.
            old: by the base.
            new: by the draft.
            rewritten: rules that conclude something else in the draft; see `rewritten_rules`.
        """
        self.posts += 1
        _work(old, self.work_before)
        _work(new, self.work_after)
        self.fired_before.update(old.rules)
        self.fired_after.update(new.rules)
        if old != new:
            self._add_changes(None if post is None else post[::-1], old, new, rewritten)

    def fail(self) -> None:
        """Count a post that could not be judged."""
        self.posts += 1
        self.failed += 1

    def _add_changes(self, key: str | None, old: Verdict, new: Verdict, rewritten: Collection[str]) -> None:
        came = [rule for rule in new.rules if rule not in old.rules]
        went = [rule for rule in old.rules if rule not in new.rules]
        for rule in came:
            self.gained.setdefault(rule, Sampled()).add(key)
        for rule in went:
            self.lost.setdefault(rule, Sampled()).add(key)
        stayed = [rule for rule in new.rules if rule in old.rules and rule in rewritten]
        found = compare(old, new)
        self.changed += bool(found)
        units = dict.fromkeys(unit for unit in (old.lead, new.lead) if unit)
        for one in found:
            move = (one.aspect.value, one.before, one.after)
            self.moves.setdefault(move, Sampled()).add(key)
            # Conclusions set grade and disposition; a case that opens or closes gains or loses units.
            is_concluded = one.aspect in _CONCLUDED or (
                one.aspect is not Aspect.TOPIC and old.disposition != new.disposition
            )
            for rule in (*came, *went, *(stayed if is_concluded else ())) or (NOBODY,):
                self.rule_moves.setdefault((rule, move), Sampled()).add(key)
            for unit in units:
                self.unit_moves.setdefault((unit, move), Sampled()).add(key)

    def merge(self, other: Tally) -> None:
        """Add the tally of other posts."""
        for name in ("posts", "changed", "failed", "recomputed"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("moves", "gained", "lost", "rule_moves", "unit_moves"):
            mine: dict[object, Sampled] = getattr(self, name)
            for key, counted in getattr(other, name).items():
                mine.setdefault(key, Sampled()).merge(counted)
        for name in ("work_before", "work_after", "fired_before", "fired_after"):
            getattr(self, name).update(getattr(other, name))

    def to_json(self) -> dict[str, object]:
        """Return it as it is stored."""
        return {
            "posts": self.posts,
            "changed": self.changed,
            "failed": self.failed,
            "recomputed": self.recomputed,
            "moves": [[*move, one.count, one.keys] for move, one in sorted(self.moves.items())],
            "gained": [[rule, one.count, one.keys] for rule, one in sorted(self.gained.items())],
            "lost": [[rule, one.count, one.keys] for rule, one in sorted(self.lost.items())],
            "rule_moves": [
                [r, *move, one.count, one.keys] for (r, move), one in sorted(self.rule_moves.items())
            ],
            "unit_moves": [
                [u, *move, one.count, one.keys] for (u, move), one in sorted(self.unit_moves.items())
            ],
            "work": _pairs(self.work_before, self.work_after),
            "fired": _pairs(self.fired_before, self.fired_after),
        }


def rewritten_rules(old: Pack, new: Pack) -> frozenset[str]:
    """Return the severity rules that both packs have and that conclude something else in the new one."""
    before = {rule.id: conclusion(rule) for rule in old.severity}
    return frozenset(
        rule.id for rule in new.severity if before.get(rule.id, conclusion(rule)) != conclusion(rule)
    )


def tally_from(kept: Kept) -> Tally:
    """Return the tally that `Tally.to_json` stored; an empty one from nothing."""
    if not kept:
        return Tally()
    posts, changed, failed, again = (_number(kept[n]) for n in ("posts", "changed", "failed", "recomputed"))
    tally = Tally(posts=posts, changed=changed, failed=failed, recomputed=again)
    for aspect, before, after, count, keys in _rows(kept, "moves"):
        tally.moves[aspect, before, after] = Sampled(count, keys)
    for name, into in (("gained", tally.gained), ("lost", tally.lost)):
        for rule, count, keys in _rows(kept, name):
            into[rule] = Sampled(count, keys)
    for name, moves in (("rule_moves", tally.rule_moves), ("unit_moves", tally.unit_moves)):
        for whose, aspect, before, after, count, keys in _rows(kept, name):
            moves[whose, (aspect, before, after)] = Sampled(count, keys)
    for name, old, new in (
        ("work", tally.work_before, tally.work_after),
        ("fired", tally.fired_before, tally.fired_after),
    ):
        for whose, before, after in _rows(kept, name):
            old[whose], new[whose] = before, after
    return tally


def _work(verdict: Verdict, counts: Counter[str]) -> None:
    if verdict.disposition == DISMISSAL:
        return
    if verdict.lead:
        counts[verdict.lead] += 1
    counts.update(verdict.assist)


def _pairs(before: Counter[str], after: Counter[str]) -> list[list[JsonScalar]]:
    return [[name, before[name], after[name]] for name in sorted(before.keys() | after.keys())]


def _listed(kept: object) -> Collection[object]:
    return kept if isinstance(kept, list | tuple) else ()


def _number(kept: object) -> int:
    return kept if isinstance(kept, int) else 0


def _rows(kept: Kept, name: str) -> Iterable[list]:  # type: ignore[type-arg] # as `to_json` wrote them
    return (row for row in _listed(kept.get(name)) if isinstance(row, list))
