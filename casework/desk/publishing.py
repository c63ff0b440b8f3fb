"""Putting approved packs in force, at once or at a time, and taking them back: activations are only added.

Units follow when a pack takes effect, not when it is approved: `put_in_effect`, run with the sweep.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.access import Permission, require
from casework.desk.decidable import require_intact, require_no_change_lost
from casework.desk.drafting import begin_step, take_step
from casework.desk.govern import ensure_sources
from casework.desk.unit import UnitOfWork
from casework.errors import ReasonMissing
from casework.pack_refusals import NoSuchPack, PersonNeeded, StaleDraft, TooSoon, VersionTaken
from casework.packs import DraftStep
from casework.store.packs import (
    PackIdentity,
    active_ref,
    find_ref,
    free_version,
    hold_county,
    note_units_ref,
    ref_of_version,
    store_pack,
    sync_units,
    units_ref,
)
from casework.store.tables import PackActivationRow

GRACE = timedelta(minutes=5)
"""A form that asked for "now" and was sent this much later still means now."""


@dataclass(frozen=True, slots=True)
class PutInForce:
    """A pack and the instant from which it is in force."""

    ref: str
    effective_at: datetime


def publish_draft(
    uow: UnitOfWork, draft_id: uuid.UUID, *, version: int, effective_at: datetime | None = None
) -> PutInForce:
    """Store an approved draft as a pack that never changes again, and say from when it is in force.

    Args:
        uow: a writing one, of a person.
        draft_id: of the draft.
        version: of the draft as it was shown.
        effective_at: aware UTC; None for now.

    Raises:
        TooSoon: the time lies in the past.
        DraftAltered: its files are not those of its digest.
        TriedOnOtherRules: its back-test was on other rules than those it would replace.
        VersionTaken: its id and version were published with other content meanwhile.
        NotPermitted, PersonNeeded, StaleDraft, DraftStepRefused: see `drafting.begin_step`.
    """
    row = begin_step(uow, draft_id, version=version, step=DraftStep.PUBLISH)
    hold_county(uow.session, uow.county)
    at = _instant(uow, effective_at)
    require_intact(row)
    identity = PackIdentity(row.pack_id, row.pack_version, row.digest)
    if row.checked_digest != row.digest:
        raise StaleDraft(draft_id, seen=version, now=row.version)
    known = ref_of_version(uow.session, uow.county, identity.id, identity.version)
    if known is not None and known != identity.ref:
        free = free_version(uow.session, uow.county, identity.id)
        raise VersionTaken(identity.id, identity.version, free)
    require_no_change_lost(uow, row, at)
    store_pack(
        uow.session,
        uow.new_id(),
        county=uow.county,
        identity=identity,
        files=row.files,
        people=(row.author_id, row.approver_id),
        now=uow.now,
    )
    row.effective_at = at
    take_step(uow, row, DraftStep.PUBLISH, note=f"生效时间 {at.isoformat()}")
    _activate(uow, identity.ref, at, reason=None)
    uow.audit(
        "pack_published",
        "pack",
        identity.ref,
        data={"draft": str(draft_id), "effective_at": at.isoformat(), "approver": row.approver},
    )
    return PutInForce(identity.ref, at)


def take_back(
    uow: UnitOfWork, *, named: str, reason: str, effective_at: datetime | None = None
) -> PutInForce:
    """Put a stored pack back in force, so that the one in force is superseded; nothing is removed.

    To call off a publication that lies ahead, name the pack that is to stay and the time of that publication.

    Args:
        uow: a writing one, of a person.
        named: reference or `id@version` of a stored pack.
        reason: why; kept with the activation.
        effective_at: aware UTC; None for now.

    Raises:
        ReasonMissing, PersonNeeded, NotPermitted.
        NoSuchPack: nothing is stored under that name.
        TooSoon: the time lies in the past.
    """
    require(uow.actor, Permission.RULES_PUBLISH)
    if uow.actor.user_id is None:
        raise PersonNeeded
    if not reason.strip():
        raise ReasonMissing("take_back")
    ref = find_ref(uow.session, uow.county, named)
    if ref is None:
        raise NoSuchPack(named)
    hold_county(uow.session, uow.county)
    at = _instant(uow, effective_at)
    _activate(uow, ref, at, reason=reason.strip())
    uow.audit("pack_put_back", "pack", ref, data={"effective_at": at.isoformat(), "reason": reason.strip()})
    return PutInForce(ref, at)


def is_to_be_put_in_effect(uow: UnitOfWork) -> bool:
    """Return whether the pack in force is not yet the one whose units are registered; reading is enough."""
    ref = active_ref(uow.session, uow.county, uow.now)
    return ref is not None and ref != units_ref(uow.session, uow.county)


def put_in_effect(uow: UnitOfWork) -> int | None:
    """Make the register of units that of the pack in force; return how many changed, None if all was done.

    Run every minute, as often as one likes: the pack is noted once its units are registered.
    """
    require(uow.actor, Permission.CASE_SUPERVISE)
    if not is_to_be_put_in_effect(uow):
        return None
    pack = uow.rulebook.pack
    changed = sync_units(uow.session, uow.county, pack.units)
    ensure_sources(uow)
    note_units_ref(uow.session, uow.county, pack.ref)
    uow.audit("pack_in_effect", "pack", pack.ref, data={"units_changed": changed})
    return changed


def _instant(uow: UnitOfWork, asked: datetime | None) -> datetime:
    if asked is None:
        return uow.now
    if asked < uow.now - GRACE:
        raise TooSoon
    return max(asked, uow.now)


def _activate(uow: UnitOfWork, ref: str, at: datetime, *, reason: str | None) -> None:
    uow.session.add(
        PackActivationRow(
            id=uow.new_id(),
            county_id=uow.county,
            ref=ref,
            effective_at=at,
            by=uow.actor.name,
            created_at=uow.now,
            reason=reason,
        )
    )
    uow.session.flush()
    if at <= uow.now:
        uow.rings.add("sweep")  # its units follow at once
