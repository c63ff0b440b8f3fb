"""Records of sources, posts, matters and the decisions about posts.

There is no way to mark a post deleted or hidden: `gone_at_source_at` only notes that its author or
platform took it down, and closes nothing.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.base import Base, InCounty, Versioned


class SourceRow(Base, InCounty, Versioned):
    """Where posts come from: a form, an API client, an import or a feed its publisher offers."""

    __tablename__ = "sources"
    __table_args__ = (sa.UniqueConstraint("county_id", "code"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(60))
    name: Mapped[str]
    kind: Mapped[str]  # form, api, import, rss, json
    platform: Mapped[str]
    media_level: Mapped[str] = mapped_column(default="none")  # none, city, province, national
    url: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    every_minutes: Mapped[int] = mapped_column(default=15)
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    failures: Mapped[int] = mapped_column(default=0)
    next_due_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class SourceRunRow(Base, InCounty):
    """One pull of a feed or one import, with its counts."""

    __tablename__ = "source_runs"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    source_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("sources.id"), index=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str]  # running, done, unchanged, failed
    taken: Mapped[int] = mapped_column(default=0)
    duplicate: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(default="")


class MatterRow(Base, InCounty, Versioned):
    """The same thing happening, as told by one or many posts."""

    __tablename__ = "matters"
    __table_args__ = (sa.Index("ix_matters_lookup", "county_id", "topic", "place", "last_seen_at"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    title: Mapped[str]
    topic: Mapped[str | None] = mapped_column(sa.String(60))
    place: Mapped[str | None] = mapped_column(sa.String(60))
    confidential: Mapped[bool] = mapped_column(default=False)  # accusations never mix with other posts
    sketch: Mapped[list[Any]] = mapped_column(default=list)  # of the text of its first post: casework.matter
    first_seen_at: Mapped[datetime]  # by the instants at which its posts were written
    last_seen_at: Mapped[datetime]
    # A matter whose case a person merged stands for the other one: what is found under it joins that.
    same_as: Mapped[uuid.UUID | None]


class MatterKeyRow(Base, InCounty):
    """Finds matters whose text is nearly the same: posts that are share most of their keys."""

    __tablename__ = "matter_keys"
    __table_args__ = (sa.Index("ix_matter_keys_key", "county_id", "key", "seen_at"),)
    matter_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("matters.id"), primary_key=True)
    key: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    seen_at: Mapped[datetime]


class PostRow(Base, InCounty, Versioned):
    """A post as it was received. Title and text never change."""

    __tablename__ = "posts"
    __table_args__ = (
        sa.UniqueConstraint("county_id", "content_key"),
        sa.UniqueConstraint("county_id", "source_id", "external_id"),
        sa.Index("ix_posts_matter", "county_id", "matter_id", "said_at"),
        sa.Index("ix_posts_triage", "county_id", "triage_state", "in_bulk", "received_at"),
        sa.Index("ix_posts_received", "county_id", "received_at", "id"),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    source_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("sources.id"), index=True)
    external_id: Mapped[str | None]
    content_key: Mapped[str] = mapped_column(sa.String(64))
    title: Mapped[str]
    text: Mapped[str]
    url: Mapped[str | None]
    platform: Mapped[str]
    media_level: Mapped[str] = mapped_column(default="none")
    posted_at: Mapped[datetime | None]
    # posted_at where it is known and not in the future, else received_at
    said_at: Mapped[datetime] = mapped_column(default=lambda row: row.get_current_parameters()["received_at"])
    received_at: Mapped[datetime]
    gone_at_source_at: Mapped[datetime | None]
    confidential: Mapped[bool] = mapped_column(default=False)
    # triage: pending -> claimed -> case | merged | dismissed | desk
    triage_state: Mapped[str] = mapped_column(sa.String(12), default="pending")
    claim_token: Mapped[uuid.UUID | None]
    claimed_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None]  # process that holds the claim, so that a dead one is seen at once
    attempts: Mapped[int] = mapped_column(default=0)
    in_bulk: Mapped[bool] = mapped_column(default=False)  # of an import: judged after what comes in live
    normalised: Mapped[str | None]
    word_starts: Mapped[list[Any] | None]  # offsets in `normalised` where jieba sees a word begin
    matter_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("matters.id"))
    decision_id: Mapped[uuid.UUID | None]


class PostRevisionRow(Base, InCounty):
    """Another wording of a post, handed over later by its source; each is kept once. Append-only."""

    __tablename__ = "post_revisions"
    __table_args__ = (sa.UniqueConstraint("county_id", "post_id", "words_key"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    post_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("posts.id"))
    words_key: Mapped[str] = mapped_column(sa.String(64))
    title: Mapped[str]
    text: Mapped[str]
    received_at: Mapped[datetime]


class PostMetricsRow(Base, InCounty):
    """Reads, likes, comments and shares as seen at one instant. Append-only."""

    __tablename__ = "post_metrics"
    __table_args__ = (sa.UniqueConstraint("county_id", "post_id", "observed_at"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    post_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("posts.id"))
    observed_at: Mapped[datetime]
    reads: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    likes: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    comments: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    shares: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    on_hot_list: Mapped[bool] = mapped_column(default=False)
    unseen: Mapped[str | None]  # names of `post.FIGURES` by commas; None: all were looked at


class IdentityRow(Base, InCounty):
    """Who wrote a post, encrypted, apart from the post. Read only by the duty desk, each time audited."""

    __tablename__ = "post_identities"
    post_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("posts.id"), primary_key=True)
    alg: Mapped[str]
    key_id: Mapped[str]
    ciphertext: Mapped[bytes | None]  # emptied when retention destroys it
    created_at: Mapped[datetime]
    destroyed_at: Mapped[datetime | None]


class PseudonymKeyRow(Base, InCounty):
    """The HMAC key of one county and month, itself encrypted; destroyed after the burst window."""

    __tablename__ = "pseudonym_keys"
    __table_args__ = (sa.UniqueConstraint("county_id", "month"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(sa.String(7))  # 2026-11, county time
    key_id: Mapped[str]
    alg: Mapped[str]
    ciphertext: Mapped[bytes | None]
    destroyed_at: Mapped[datetime | None]


class PseudonymRow(Base, InCounty):
    """Serves one question only: how many distinct voices has a matter?"""

    __tablename__ = "pseudonyms"
    post_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("posts.id"), primary_key=True)
    pseudonym_key_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("pseudonym_keys.id"))
    digest: Mapped[str] = mapped_column(sa.String(64))


class PackRow(Base, InCounty):
    """A published rule pack with the bytes of its files. Immutable; status changes are events."""

    __tablename__ = "packs"
    __table_args__ = (
        sa.UniqueConstraint("county_id", "pack_id", "version"),
        sa.UniqueConstraint("county_id", "ref"),
        sa.CheckConstraint("author_id <> approver_id", name="two_people"),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    pack_id: Mapped[str]
    version: Mapped[int]
    digest: Mapped[str]
    ref: Mapped[str]  # id@version+digest
    files: Mapped[dict[str, Any]]  # file name -> text
    author_id: Mapped[uuid.UUID | None]
    approver_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]


class PackActivationRow(Base, InCounty):
    """From when a pack is in force. The newest one not after now is active. Append-only."""

    __tablename__ = "pack_activations"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    ref: Mapped[str]
    effective_at: Mapped[datetime] = mapped_column(index=True)
    by: Mapped[str]
    created_at: Mapped[datetime]
    reason: Mapped[str | None]  # why an earlier pack was put back in force


class DecisionRow(Base, InCounty):
    """One verdict on a post with everything needed to rebuild it. Append-only."""

    __tablename__ = "decisions"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    post_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("posts.id"), index=True)
    decided_at: Mapped[datetime]
    pack_ref: Mapped[str]
    model_digest: Mapped[str | None]
    calendar_version: Mapped[str]
    disposition: Mapped[str]  # case, dismissal, desk
    grade: Mapped[str | None]
    demand: Mapped[str | None]
    topic: Mapped[str | None]
    place: Mapped[str | None]
    confidential: Mapped[bool]
    confidence: Mapped[str]  # share 0..1 as text
    route: Mapped[dict[str, Any]]
    features: Mapped[dict[str, Any]]
    context: Mapped[dict[str, Any]]
    hits: Mapped[list[Any]]
    findings: Mapped[list[Any]]
    reasons: Mapped[list[Any]]
    engine: Mapped[dict[str, Any]]  # state: equal, different, failed; and its findings


class DismissalRow(Base, InCounty):
    """A post that opened no case, with a reason a person can read. Counted and re-audited like cases."""

    __tablename__ = "dismissals"
    __table_args__ = (sa.UniqueConstraint("county_id", "post_id"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    post_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("posts.id"))
    reason: Mapped[str]
    reason_zh: Mapped[str]
    reason_en: Mapped[str]
    by: Mapped[str]
    decided_at: Mapped[datetime]
    reaudited_at: Mapped[datetime | None]
    reaudit_verdict: Mapped[str | None]


class DeskItemRow(Base, InCounty, Versioned):
    """Something a person must decide: fail closed, to a person, never to silence."""

    __tablename__ = "desk_items"
    __table_args__ = (
        sa.UniqueConstraint("county_id", "effect_key"),
        sa.Index("ix_desk_items_open", "county_id", "closed_at", "opened_at"),
        sa.Index(
            "ix_desk_items_turn",
            "county_id",
            "turn",
            "id",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]  # of `desk_items.ItemKind`
    turn: Mapped[int] = mapped_column(server_default=sa.text("3"))  # of `urgency.Turn`
    effect_key: Mapped[str]
    post_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("posts.id"), index=True)
    case_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    reason_zh: Mapped[str]
    reason_en: Mapped[str]
    data: Mapped[dict[str, Any]]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]
    resolution: Mapped[str | None]
