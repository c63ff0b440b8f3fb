"""Pairs of cases that are possibly one matter, as pages show them: which one would go into which."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from casework.access import visibility
from casework.actions import Action
from casework.desk.same_matter import AFTER_NAME
from casework.desk.unit import UnitOfWork
from casework.lifecycle import TRANSITIONS
from casework.performers import is_performer
from casework.store.case_records import CaseHead
from casework.store.same_matters import Pair, open_pairs, pair_of
from rules.model import Label


@dataclass(frozen=True, slots=True)
class Likeness:
    """A pair as its panel shows it.

    Attributes:
        other: the case that the reader is not looking at.
        mover: the case that would be merged, and `into` the one that stays; None where neither can move or
            this person may not merge.
    """

    pair: Pair
    other: CaseHead
    mover: CaseHead | None
    into: CaseHead | None

    @property
    def why(self) -> Label:
        """Return what they have in common; the stored sentence names the older one, which may be this."""
        zh, en = self.pair.reason.zh, self.pair.reason.en
        return Label(zh.rpartition(AFTER_NAME.zh)[2], en.rpartition(AFTER_NAME.en)[2])


def likenesses(uow: UnitOfWork, case_id: uuid.UUID) -> tuple[Likeness, ...]:
    """Return the open questions about a case; for the desks only, a unit sees its own cases and no others."""
    if uow.actor.unit_id is not None:
        return ()
    return tuple(
        _shown(uow, pair, case_id) for pair in open_pairs(uow.session, visibility(uow.actor), case_id)
    )


def likeness_of(uow: UnitOfWork, item_id: uuid.UUID) -> Likeness | None:
    """Return the pair of an item, seen from its newer case; None if the item is of another kind."""
    pair = pair_of(uow.session, visibility(uow.actor), item_id)
    return _shown(uow, pair, pair.newer.id) if pair else None


def _shown(uow: UnitOfWork, pair: Pair, case_id: uuid.UUID) -> Likeness:
    mine, other = (pair.newer, pair.older) if pair.newer.id == case_id else (pair.older, pair.newer)
    for mover, into in ((mine, other), (other, mine)):
        can_move = (mover.state, Action.MERGE_INTO) in TRANSITIONS
        can_take = (into.state, Action.MERGE_POST) in TRANSITIONS
        may = is_performer(Action.MERGE_INTO, roles=uow.actor.roles, grade=mover.grade)
        if can_move and can_take and may:
            return Likeness(pair, other, mover, into)
    return Likeness(pair, other, None, None)
