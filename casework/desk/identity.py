"""Who wrote a post: sealed on the way in, shown to the duty desk, counted and never searched.

Where the duty desk is recused, it is shown to whoever has the accusation in hand in its place: else nobody
could reach the person. To nobody else, and of an ordinary case to nobody else ever.

The only query over pseudonyms is `store.voices`. Nothing here lists, filters or scores authors.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import unicodedata
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from casework.access import Permission, is_permitted, require, visibility
from casework.desk.unit import Sealed, UnitOfWork
from casework.intake import Author
from casework.post_refusals import NoIdentity, NoSuchPost, PurposeMissing
from casework.store.contacts import in_cases_in_hand, with_identity
from casework.store.identity_rows import (
    MonthKey,
    SealedBytes,
    destroy_month_keys,
    identity_of,
    insert_identity,
    insert_month_key,
    insert_pseudonym,
    month_key,
)
from casework.store.intake_rows import state_of_seen

COUNTY_TIME = ZoneInfo("Asia/Shanghai")
BURST_WINDOW = timedelta(days=7)
"""After the end of a month its pseudonym key still serves posts of that month that arrive late.

Then it is destroyed, and no pseudonym of that month can be made, or compared with a name, again.
**Source:** design.md "Who may see what".
"""
SHORTEST_PURPOSE = 4  # characters; "回访" alone says too little
PSEUDONYM_KEY_BYTES = 32
PSEUDONYM_ALG = "HMAC-SHA256"


def seal_author(uow: UnitOfWork, post_id: uuid.UUID, author: Author, *, said_at: datetime) -> None:
    """Keep who wrote a new post: sealed for the duty desk, and as this month's pseudonym for counting.

    Args:
        uow: of the intake; the post is inserted already.
        post_id: new.
        author: known in some part.
        said_at: aware UTC; decides, within the burst window, whose month's key is used.
    """
    plain = {"name": author.name, "handle": author.handle, "contact": author.contact}
    sealed = uow.cipher.seal(
        json.dumps(plain, ensure_ascii=False).encode(), purpose=_identity_purpose(uow.county, post_id)
    )
    kept = SealedBytes(sealed.alg, sealed.key_id, sealed.ciphertext)
    insert_identity(uow.session, uow.county, post_id, kept, now=uow.now)
    key_id, key = _pseudonym_key(uow, _month_for(said_at, uow.now))
    digest = hmac.new(key, _voice_of(author), hashlib.sha256).hexdigest()
    insert_pseudonym(uow.session, uow.county, post_id, key_id=key_id, digest=digest)


def reveal_identity(uow: UnitOfWork, post_id: uuid.UUID, *, purpose: str) -> Author:
    """Return who wrote a post; the look and its purpose are audited in the same transaction.

    Args:
        uow: a writing one.
        post_id: of a post that the actor may see.
        purpose: why, in words; kept in the audit log.

    Raises:
        NotPermitted: see `require_reveal`.
        PurposeMissing: no purpose, or hardly one.
        NoSuchPost: none, or not visible; see `require_reveal`, too.
        NoIdentity: nothing is known, or it was destroyed.
    """
    require_reveal(uow, post_id)
    purpose = " ".join(purpose.split())
    if len(purpose) < SHORTEST_PURPOSE:
        raise PurposeMissing(SHORTEST_PURPOSE)
    if state_of_seen(uow.session, visibility(uow.actor), post_id) is None:
        raise NoSuchPost(post_id)
    kept = identity_of(uow.session, post_id)
    if kept is None or kept.ciphertext is None:
        raise NoIdentity(post_id, destroyed=kept is not None)
    plain = uow.cipher.open(
        Sealed(kept.alg, kept.key_id, kept.ciphertext), purpose=_identity_purpose(uow.county, post_id)
    )
    uow.audit("identity_revealed", "post", str(post_id), data={"purpose": purpose})
    return Author(**json.loads(plain))


def require_reveal(uow: UnitOfWork, post_id: uuid.UUID) -> None:
    """Do nothing if the actor may ask who wrote a post.

    Raises:
        NotPermitted: not at the duty desk, and at no desk that ever stands in for it.
        NoSuchPost: there is none in a case that the actor has in hand for the recused cyberspace office.
    """
    if is_permitted(uow.actor, Permission.IDENTITY_REVEAL):
        return
    require(uow.actor, Permission.IDENTITY_REVEAL_IN_HAND)
    if not in_cases_in_hand(uow.session, visibility(uow.actor), (post_id,)):
        raise NoSuchPost(post_id)


def contactable(uow: UnitOfWork, post_ids: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Return those of the posts whose author is known and may be asked for in place of the duty desk."""
    if not is_permitted(uow.actor, Permission.IDENTITY_REVEAL_IN_HAND):
        return frozenset()
    mine = in_cases_in_hand(uow.session, visibility(uow.actor), post_ids)
    return with_identity(uow.session, mine)


def destroy_pseudonym_keys(uow: UnitOfWork) -> int:
    """Destroy the keys of months that ended more than the burst window ago; return how many."""
    last = _month(uow.now - BURST_WINDOW)
    months = destroy_month_keys(uow.session, uow.county, before=last, now=uow.now)
    for month in months:
        uow.audit("pseudonym_key_destroyed", "pseudonym_key", month)
    return len(months)


def _identity_purpose(county: str, post_id: uuid.UUID) -> str:
    return f"identity/{county}/{post_id}"


def _voice_of(author: Author) -> bytes:
    """Return what tells one author from another: the handle, else the contact, else the name."""
    kind, value = next(
        (kind, value)
        for kind, value in (("handle", author.handle), ("contact", author.contact), ("name", author.name))
        if value
    )
    folded = "".join(unicodedata.normalize("NFKC", value).casefold().split())
    return f"{kind}:{folded}".encode()


def _month(at: datetime) -> str:
    return at.astimezone(COUNTY_TIME).strftime("%Y-%m")


def _month_for(said_at: datetime, now: datetime) -> str:
    """Return the month whose key a post gets: that of its own instant if it is recent, else this one."""
    return _month(said_at if now - said_at < BURST_WINDOW else now)


def _pseudonym_key(uow: UnitOfWork, month: str) -> tuple[uuid.UUID, bytes]:
    """Return the key of a month, opened once a transaction."""
    opened: dict[str, tuple[uuid.UUID, bytes]] = uow.session.info.setdefault("pseudonym_keys", {})
    if month not in opened:
        opened[month] = _opened_key(uow, month)
    return opened[month]


def _opened_key(uow: UnitOfWork, month: str) -> tuple[uuid.UUID, bytes]:
    """Return the key of a month, made and sealed on first use."""
    purpose = f"pseudonym/{uow.county}/{month}"
    found = month_key(uow.session, uow.county, month) or _made_key(uow, month, purpose)
    sealed = found.sealed if found else None
    if found is None or sealed is None or sealed.ciphertext is None:
        # Cannot be: a month within the burst window has its key. Nothing is counted under a wrong one.
        message = f"the pseudonym key of {month} is gone though posts of that month still arrive"
        raise RuntimeError(message)
    plain = uow.cipher.open(Sealed(sealed.alg, sealed.key_id, sealed.ciphertext), purpose=purpose)
    return found.id, plain


def _made_key(uow: UnitOfWork, month: str, purpose: str) -> MonthKey | None:
    fresh = uow.cipher.seal(secrets.token_bytes(PSEUDONYM_KEY_BYTES), purpose=purpose)
    sealed = SealedBytes(fresh.alg, fresh.key_id, fresh.ciphertext)
    insert_month_key(uow.session, uow.new_id(), uow.county, month, sealed)
    return month_key(uow.session, uow.county, month)  # ours, or that of whoever was quicker
