"""A tally of a back-test as people read it: what changes most first, with the units and rules it concerns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rules.backtest import Aspect, Move, Sampled, Tally
from rules.model import Pack, RuleStatus


@dataclass(frozen=True, slots=True)
class Change:
    """Posts of which one aspect changes in one way; `posts` names up to 20 of them, as hexadecimal ids."""

    aspect: Aspect
    before: str
    after: str
    count: int
    posts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleEffect:
    """What a rule does differently. `rule` is empty for changes that no rule explains (topic, place, route).

    Attributes:
        fired_before, fired_after: posts on which it fires.
        gained, lost: posts on which only the draft, or only the base, fires it.
        changes: of posts on which its firing changed, or it still fires and concludes something else.
    """

    rule: str
    fired_before: int
    fired_after: int
    gained: int
    gained_posts: tuple[str, ...]
    lost: int
    lost_posts: tuple[str, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class UnitEffect:
    """More or less work for a unit: posts that it leads or assists before and after, dismissals left out."""

    unit: str
    before: int
    after: int
    changes: tuple[Change, ...]

    @property
    def more(self) -> int:
        """Return by how many posts its work grows; below 0 where it shrinks."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Report:
    """A back-test, worked out for reading.

    Attributes:
        changes: of each aspect, the most frequent first.
        rules: whose firing changes, the most affected first; the row of no rule comes last.
        units: with any change, the one whose work changes most first.
        never_fired: active rules of the draft that fired on no post.
        fell_silent: rules that fired before and no longer do, though the draft still has them.
    """

    posts: int
    changed: int
    failed: int
    recomputed: int
    changes: tuple[Change, ...]
    rules: tuple[RuleEffect, ...]
    units: tuple[UnitEffect, ...]
    never_fired: tuple[str, ...]
    fell_silent: tuple[str, ...]

    def of(self, aspect: Aspect) -> tuple[Change, ...]:
        """Return the changes of one aspect."""
        return tuple(one for one in self.changes if one.aspect is aspect)


def report_of(tally: Tally, draft: Pack | None) -> Report:
    """Return a tally for reading; `draft` names the rules that could have fired, None leaves them out."""
    active = [rule.id for rule in draft.severity if rule.status is RuleStatus.ACTIVE] if draft else []
    never = tuple(rule for rule in active if not tally.fired_after[rule])
    return Report(
        posts=tally.posts,
        changed=tally.changed,
        failed=tally.failed,
        recomputed=tally.recomputed,
        changes=_changes(tally.moves.items()),
        rules=_rules(tally),
        units=_units(tally),
        never_fired=never,
        fell_silent=tuple(rule for rule in never if tally.fired_before[rule]),
    )


def _changes(moves: Iterable[tuple[Move, Sampled]]) -> tuple[Change, ...]:
    order = list(Aspect)
    found = [Change(Aspect(a), before, after, one.count, one.posts) for (a, before, after), one in moves]
    return tuple(sorted(found, key=lambda one: (order.index(one.aspect), -one.count, one.before, one.after)))


def _rules(tally: Tally) -> tuple[RuleEffect, ...]:
    moves: dict[str, list[tuple[Move, Sampled]]] = {}
    for (rule, move), one in tally.rule_moves.items():
        moves.setdefault(rule, []).append((move, one))
    nothing = Sampled()
    effects = []
    for rule in moves.keys() | tally.gained.keys() | tally.lost.keys():
        gained, lost = tally.gained.get(rule, nothing), tally.lost.get(rule, nothing)
        effects.append(
            RuleEffect(
                rule,
                tally.fired_before[rule],
                tally.fired_after[rule],
                gained.count,
                gained.posts,
                lost.count,
                lost.posts,
                _changes(moves.get(rule, ())),
            )
        )
    return tuple(sorted(effects, key=lambda one: (not one.rule, -(one.gained + one.lost), one.rule)))


def _units(tally: Tally) -> tuple[UnitEffect, ...]:
    moves: dict[str, list[tuple[Move, Sampled]]] = {}
    for (unit, move), one in tally.unit_moves.items():
        moves.setdefault(unit, []).append((move, one))
    names = tally.work_before.keys() | tally.work_after.keys() | moves.keys()
    found = [
        UnitEffect(unit, tally.work_before[unit], tally.work_after[unit], _changes(moves.get(unit, ())))
        for unit in names
    ]
    changed = [one for one in found if one.more or one.changes]
    return tuple(sorted(changed, key=lambda one: (-abs(one.more), one.unit)))
