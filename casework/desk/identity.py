"""Who wrote a post: sealed on the way in, shown to the duty desk alone, counted and never searched.

`voices` is the only query over pseudonyms. Nothing here lists, filters or scores authors.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import unicodedata
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import Permission, require, visibility
from casework.desk.unit import Sealed, UnitOfWork
from casework.intake import Author
from casework.post_refusals import NoIdentity, NoSuchPost, PurposeMissing
from casework.store.inserting import insert_if_new
from casework.store.tables import IdentityRow, PostRow, PseudonymKeyRow, PseudonymRow
from casework.store.visible import visible_posts

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
    uow.session.add(
        IdentityRow(
            post_id=post_id,
            county_id=uow.county,
            alg=sealed.alg,
            key_id=sealed.key_id,
            ciphertext=sealed.ciphertext,
            created_at=uow.now,
        )
    )
    key_id, key = _pseudonym_key(uow, _month_for(said_at, uow.now))
    digest = hmac.new(key, _voice_of(author), hashlib.sha256).hexdigest()
    uow.session.add(
        PseudonymRow(post_id=post_id, county_id=uow.county, pseudonym_key_id=key_id, digest=digest)
    )


def reveal_identity(uow: UnitOfWork, post_id: uuid.UUID, *, purpose: str) -> Author:
    """Return who wrote a post; the look and its purpose are audited in the same transaction.

    Args:
        uow: a writing one.
        post_id: of a post that the actor may see.
        purpose: why, in words; kept in the audit log.

    Raises:
        NotPermitted: not at the duty desk.
        PurposeMissing: no purpose, or hardly one.
        NoSuchPost: none, or not visible.
        NoIdentity: nothing is known, or it was destroyed.
    """
    require(uow.actor, Permission.IDENTITY_REVEAL)
    purpose = " ".join(purpose.split())
    if len(purpose) < SHORTEST_PURPOSE:
        raise PurposeMissing(SHORTEST_PURPOSE)
    seen = sa.select(PostRow.id).where(PostRow.id == post_id, visible_posts(visibility(uow.actor)))
    if uow.session.scalar(seen) is None:
        raise NoSuchPost(post_id)
    row = uow.session.get(IdentityRow, post_id)
    if row is None or row.ciphertext is None:
        raise NoIdentity(post_id, destroyed=row is not None)
    plain = uow.cipher.open(
        Sealed(row.alg, row.key_id, row.ciphertext), purpose=_identity_purpose(uow.county, post_id)
    )
    uow.audit("identity_revealed", "post", str(post_id), data={"purpose": purpose})
    return Author(**json.loads(plain))


def voices(session: Session, county: str, matter_id: uuid.UUID, joining: Sequence[uuid.UUID] = ()) -> int:
    """Return how many distinct voices speak of a matter. The only query over pseudonyms.

    Posts of nobody known count as one voice together: without a name nobody can say how many they are.
    Somebody who writes in two months counts twice, because pseudonyms of two months cannot be compared.

    Args:
        session: reading is enough.
        county: of the matter.
        matter_id: whose posts are counted.
        joining: posts that are about to join it.
    """
    known, nameless = session.execute(
        _VOICES, {"county": county, "matter": matter_id, "joining": list(joining)}
    ).one()
    return int(known) + (1 if nameless else 0)


# Built once: a burst asks it for each of its posts. A union, for with OR no index would serve.
_SPEAKING = sa.union(
    sa.select(PostRow.id).where(
        PostRow.county_id == sa.bindparam("county"), PostRow.matter_id == sa.bindparam("matter")
    ),
    sa.select(PostRow.id).where(
        PostRow.county_id == sa.bindparam("county"),
        PostRow.id.in_(sa.bindparam("joining", expanding=True)),
    ),
).subquery()
_VOICES = sa.select(
    sa.func.count(sa.distinct(PseudonymRow.digest)),
    sa.func.max(sa.case((PseudonymRow.digest.is_(None), 1), else_=0)),
).select_from(_SPEAKING.outerjoin(PseudonymRow, PseudonymRow.post_id == _SPEAKING.c.id))


def destroy_pseudonym_keys(uow: UnitOfWork) -> int:
    """Destroy the keys of months that ended more than the burst window ago; return how many."""
    last = _month(uow.now - BURST_WINDOW)
    rows = uow.session.scalars(
        sa.select(PseudonymKeyRow).where(
            PseudonymKeyRow.county_id == uow.county,
            PseudonymKeyRow.month < last,
            PseudonymKeyRow.destroyed_at.is_(None),
        )
    ).all()
    for row in rows:
        row.ciphertext = None
        row.destroyed_at = uow.now
        uow.audit("pseudonym_key_destroyed", "pseudonym_key", row.month)
    return len(rows)


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
    found = _stored_key(uow, month)
    if found is None:
        fresh = uow.cipher.seal(secrets.token_bytes(PSEUDONYM_KEY_BYTES), purpose=purpose)
        insert_if_new(
            uow.session,
            PseudonymKeyRow,
            {
                "id": uow.new_id(),
                "county_id": uow.county,
                "month": month,
                "key_id": fresh.key_id,
                "alg": fresh.alg,
                "ciphertext": fresh.ciphertext,
            },
        )
        found = _stored_key(uow, month)
    if found is None or found.ciphertext is None:
        # Cannot be: a month within the burst window has its key. Nothing is counted under a wrong one.
        message = f"the pseudonym key of {month} is gone though posts of that month still arrive"
        raise RuntimeError(message)
    return found.id, uow.cipher.open(Sealed(found.alg, found.key_id, found.ciphertext), purpose=purpose)


def _stored_key(uow: UnitOfWork, month: str) -> PseudonymKeyRow | None:
    return uow.session.scalar(
        sa.select(PseudonymKeyRow).where(
            PseudonymKeyRow.county_id == uow.county, PseudonymKeyRow.month == month
        )
    )
