"""Sources: registering and switching them, and keeping a record of every pull and import.

Fetching is `workers.sources`; taking a post in is `receive`. A source is switched off, never removed.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from casework.access import Permission, require
from casework.addresses import leads_inward
from casework.desk.unit import UnitOfWork
from casework.post_refusals import SourceExists, UnknownSource, UnsuitableSource
from casework.store import sources as rows
from casework.store.sources import PULLED_KINDS, Feed, SourceLine
from rules.builtin_features import MEDIA_LEVELS

_CODE = re.compile(r"[a-z][a-z0-9-]{0,59}")
LONGEST_NAME = 100
LONGEST_URL = 2000
SHORTEST_EVERY, LONGEST_EVERY = 5, 24 * 60
"""Minutes between two pulls. **Source:** ours; a publisher's feed is not to be asked more often than that."""
LONGEST_BACKOFF = timedelta(hours=24)
LONGEST_MESSAGE = 1000
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Controls, marks that turn the direction of writing, halves of surrogate pairs, breaks of lines."""


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source to be registered.

    Attributes:
        kind: api, import, rss (also Atom) or json (JSON Feed).
        url: of a feed that its publisher offers.
        every_minutes: between two pulls.
    """

    code: str
    name: str
    kind: str
    platform: str
    url: str | None = None
    media_level: str = "none"
    every_minutes: int = 15


@dataclass(frozen=True, slots=True)
class RunCounts:
    """What a run brought."""

    taken: int = 0
    duplicate: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class PullEnd:
    """How a pull ended.

    Attributes:
        outcome: done, unchanged or failed.
        message: why it failed, what was left, or what was refused: items of a feed are named by their place
            and the masked beginning of their title; never a word of their text.
        etag, last_modified: to be shown next time; only where nothing is left that a later pull could take.
        wait: at least so long before the next pull, if the publisher asked for it.
    """

    outcome: str
    counts: RunCounts = RunCounts()
    message: str = ""
    etag: str | None = None
    last_modified: str | None = None
    wait: timedelta = timedelta()


def add_source(uow: UnitOfWork, new: NewSource, *, allowed: Collection[str] = ()) -> None:
    """Register a source.

    Args:
        uow: of a writing transaction.
        new: the source.
        allowed: hosts that may be registered though they are not public; for tests only.

    Raises:
        NotPermitted, UnsuitableSource, SourceExists.
    """
    require(uow.actor, Permission.SOURCE_MANAGE)
    check_source(new, allowed=allowed)
    added = rows.insert_source(
        uow.session,
        {
            "id": uow.new_id(),
            "county_id": uow.county,
            "code": new.code,
            "name": new.name.strip(),
            "kind": new.kind,
            "platform": new.platform.strip(),
            "media_level": new.media_level,
            "url": new.url,
            "every_minutes": new.every_minutes,
            "created_at": uow.now,
        },
    )
    if not added:
        raise SourceExists(new.code)
    uow.audit("source_added", "source", new.code, data={"kind": new.kind})


def switch_source(uow: UnitOfWork, code: str, *, on: bool) -> None:
    """Switch a source on or off; what it handed over stays.

    Raises:
        NotPermitted, UnknownSource.
    """
    require(uow.actor, Permission.SOURCE_MANAGE)
    values = {"active": on} | ({"failures": 0, "next_due_at": None} if on else {})
    if not rows.change_source(uow.session, uow.county, code, **values):
        raise UnknownSource(code)
    uow.audit("source_enabled" if on else "source_disabled", "source", code)


def list_sources(uow: UnitOfWork, *, runs: int = 1) -> tuple[SourceLine, ...]:
    """Return every source with its newest `runs` runs.

    Raises:
        NotPermitted.
    """
    require(uow.actor, Permission.SOURCE_VIEW)
    return rows.source_lines(uow.session, uow.county, runs=runs)


def begin_import(uow: UnitOfWork, code: str) -> uuid.UUID:
    """Note that an import has begun and return the id of its run.

    Raises:
        NotPermitted, UnknownSource.
    """
    require(uow.actor, Permission.POST_IMPORT)
    source_id = rows.source_id_of(uow.session, uow.county, code)
    if source_id is None:
        raise UnknownSource(code)
    run_id = uow.new_id()
    rows.begin_run(uow.session, run_id, county=uow.county, source_id=source_id, now=uow.now)
    uow.audit("import_begun", "source", code)
    return run_id


def end_import(uow: UnitOfWork, run_id: uuid.UUID, outcome: str, counts: RunCounts, message: str) -> None:
    """Write how an import ended.

    Raises:
        NotPermitted.
    """
    require(uow.actor, Permission.POST_IMPORT)
    _end(uow, run_id, outcome, counts, message)


def begin_pull(uow: UnitOfWork, but: Collection[uuid.UUID]) -> tuple[uuid.UUID, Feed] | None:
    """Take the feed that has been due longest and return its run; None where none is due.

    It is due again only after its interval, so that no second process pulls it meanwhile.

    Args:
        uow: a writing one.
        but: ids of feeds that had their turn in this drain.
    """
    require(uow.actor, Permission.POST_CREATE)
    feed = rows.due_feed(uow.session, uow.county, now=uow.now, but=but)
    if feed is None:
        return None
    run_id = uow.new_id()
    rows.change_source(uow.session, uow.county, feed.code, next_due_at=uow.now + feed.every)
    rows.begin_run(uow.session, run_id, county=uow.county, source_id=feed.id, now=uow.now)
    return run_id, feed


def end_pull(uow: UnitOfWork, run_id: uuid.UUID, feed: Feed, end: PullEnd) -> None:
    """Write how a pull ended and when the feed is due again: later each time that it fails."""
    require(uow.actor, Permission.POST_CREATE)
    _end(uow, run_id, end.outcome, end.counts, end.message)
    failures = feed.failures + 1 if end.outcome == "failed" else 0
    wait = max(pause_after(feed.every, failures), min(end.wait, LONGEST_BACKOFF))
    values: dict[str, object] = {"failures": failures, "next_due_at": uow.now + wait}
    if end.outcome == "done":
        values |= {"etag": end.etag, "last_modified": end.last_modified}
    rows.change_source(uow.session, uow.county, feed.code, **values)


def pause_after(every: timedelta, failures: int) -> timedelta:
    """Return how long to wait before the next pull: twice as long per failure in a row, up to a day."""
    doubled: timedelta = every * (1 << min(failures, 16))
    return max(every, min(doubled, LONGEST_BACKOFF))


def _end(uow: UnitOfWork, run_id: uuid.UUID, outcome: str, counts: RunCounts, message: str) -> None:
    rows.end_run(
        uow.session,
        run_id,
        finished_at=uow.now,
        outcome=outcome,
        taken=counts.taken,
        duplicate=counts.duplicate,
        refused=counts.refused,
        message=_printable(message)[:LONGEST_MESSAGE],
    )


def _printable(message: str) -> str:
    """Return a message that databases hold and pages show: it may quote what somebody else wrote."""
    return "".join("\ufffd" if unicodedata.category(char) in _UNPRINTABLE else char for char in message)


def check_source(new: NewSource, *, allowed: Collection[str] = ()) -> None:
    """Do nothing if a source can be registered as described.

    Raises:
        UnsuitableSource: it cannot; says what to change.
    """
    pulled = new.kind in PULLED_KINDS
    if not _CODE.fullmatch(new.code):
        raise UnsuitableSource(
            "代码须为小写字母、数字和横线，以字母开头", "a code is small letters, digits, -"
        )
    if not 1 <= len(new.name.strip()) <= LONGEST_NAME or not 1 <= len(new.platform.strip()) <= LONGEST_NAME:
        raise UnsuitableSource("须写明名称和平台", "it needs a name and a platform")
    if new.kind not in {"api", "import", *PULLED_KINDS}:
        raise UnsuitableSource("类型应为 api、import、rss 或 json", "its kind is api, import, rss or json")
    if new.media_level not in MEDIA_LEVELS:
        known = "、".join(MEDIA_LEVELS)
        raise UnsuitableSource(f"媒体层级应为 {known} 之一", f"its media level is one of {known}")
    if pulled != (new.url is not None) or (new.url is not None and not _is_feed_address(new.url)):
        raise UnsuitableSource(
            "rss 和 json 来源须有 http(s) 地址且不含账号，其他来源没有地址",
            "rss and json need an http(s) address without a login, other kinds have none",
        )
    host = urlsplit(new.url).hostname if new.url is not None else None
    if host is not None and host not in allowed and leads_inward(host):
        raise UnsuitableSource(
            f"{host} 是内部网络地址，只能登记公开的订阅地址",
            f"{host} lies in an inner network; only public feeds are read",
        )
    if not SHORTEST_EVERY <= new.every_minutes <= LONGEST_EVERY:
        raise UnsuitableSource(
            f"拉取间隔应为 {SHORTEST_EVERY} 至 {LONGEST_EVERY} 分钟",
            f"it is pulled every {SHORTEST_EVERY} to {LONGEST_EVERY} minutes",
        )


def _is_feed_address(url: str) -> bool:
    if len(url) > LONGEST_URL or any(char.isspace() or char < " " for char in url):
        return False
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
