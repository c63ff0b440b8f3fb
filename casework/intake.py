"""A post as a source hands it over: what is taken, what is refused, and by which key it is known again.

It stores nothing and judges no content: a rude post is taken like a polite one.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from casework.post_refusals import BadPost
from casework.workdays import CHINA
from rules.builtin_features import MEDIA_LEVELS
from rules.model import Label

LONGEST_TEXT = 64 * 1024
"""Bytes of UTF-8. **Source:** issue 2 "Intake"."""
LONGEST_TITLE = 500  # characters
LONGEST_URL = 2000
LONGEST_NAME = 200  # characters of an external id, a platform, a name
LARGEST_COUNT = 10**12
EARLIEST = datetime(1994, 4, 20, tzinfo=UTC)
"""No post is older than China's first full connection to the internet; an earlier date is a slip."""
CLOCK_SLACK = timedelta(days=1)
"""A source whose clock or zone is wrong by more than this is told so; within it the post is taken."""

_NUL_SHOWN = "\u2400"  # SYMBOL FOR NULL
_SILENT = frozenset({"Cc", "Cf", "Mn", "Mc", "Me", "Zs", "Zl", "Zp"})
_DRAWS_NOTHING = frozenset("\u115f\u1160\u3164\uffa0\u2800\u2065" + _NUL_SHOWN)
"""Fillers and blanks that are letters or signs by category, and what stands for NUL."""
_HALF = re.compile("[\ud800-\udfff]")  # of a surrogate pair: no character by itself


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a post. Goes into the sealed identity and nowhere else; `repr` shows nothing."""

    name: str | None = None
    handle: str | None = None
    contact: str | None = None

    def __repr__(self) -> str:
        return "Author(…)"

    @property
    def is_empty(self) -> bool:
        """Return whether nothing at all is known."""
        return not any((self.name, self.handle, self.contact))


@dataclass(frozen=True, slots=True)
class Metrics:
    """How far a post has spread, as seen at one instant.

    Attributes:
        reads, likes, comments, shares, on_hot_list: None for what nobody looked at.
        observed_at: aware UTC; None means now.
    """

    reads: int | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    on_hot_list: bool | None = None
    observed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IncomingPost:
    """A post before anything was checked.

    Attributes:
        source_code: of a source of the county.
        external_id: the source's own id; the same id of the same source is the same post.
        posted_at: aware; when it was written, if the source says so.
        platform, media_level: None takes those of the source.
    """

    source_code: str
    text: str
    title: str = ""
    url: str | None = None
    external_id: str | None = None
    posted_at: datetime | None = None
    platform: str | None = None
    media_level: str | None = None
    metrics: Metrics | None = None
    author: Author | None = None


def checked(post: IncomingPost, now: datetime) -> tuple[IncomingPost, int]:
    """Return the post as it will be kept, and how many characters had to be made visible.

    NUL becomes ␀, because PostgreSQL and PDF cannot hold it; how many did is told. Half a surrogate pair is
    no character: what stood there is lost already, so the post is refused. Nothing else is touched.

    Args:
        post: as handed over.
        now: aware UTC.

    Raises:
        BadPost: with every problem found, not only the first.
    """
    if broken := _broken(post):
        raise BadPost(broken)
    title, mended_title = _storable(post.title)
    text, mended_text = _storable(post.text)
    post = replace(
        post,
        title=title.strip(),
        text=text,
        url=_blank_to_none(post.url),
        external_id=_blank_to_none(post.external_id),
        platform=_blank_to_none(post.platform),
        author=_known(post.author),
    )
    problems = {
        **_problems_of_text(post),
        **_problems_of_names(post),
        **_problems_of_times(post, now),
        **_problems_of_metrics(post.metrics, now),
    }
    if problems:
        raise BadPost(problems)
    return post, mended_title + mended_text


def content_key(post: IncomingPost, *, platform: str) -> str:
    """Return the key (64 hex digits) under which the same content of the same source is known again.

    Source, platform, address, instant, title and text count. Where a source gives neither address nor
    instant, its own id counts too: two citizens may send the same words, and each keeps an answer.

    Args:
        post: checked.
        platform: of the post, or of its source.
    """
    told_apart = post.url is not None or post.posted_at is not None
    parts = (
        post.source_code,
        platform,
        post.url or "",
        post.posted_at.astimezone(UTC).isoformat() if post.posted_at else "",
        "" if told_apart else post.external_id or "",
        " ".join(post.title.split()),
        "\n".join(line.rstrip() for line in post.text.strip().splitlines()),
    )
    total = hashlib.sha256()
    for part in parts:  # with lengths, so that no two different posts give the same stream
        encoded = part.encode()
        total.update(len(encoded).to_bytes(8, "big"))
        total.update(encoded)
    return total.hexdigest()


def words_key(title: str, text: str) -> str:
    """Return the key (64 hex digits) of the words of a post, blanks at the ends of lines left out."""
    words = "\n".join((" ".join(title.split()), *(line.rstrip() for line in text.strip().splitlines())))
    return hashlib.sha256(words.encode()).hexdigest()


def said_at(post: IncomingPost, now: datetime) -> datetime:
    """Return when the post was said: as its source has it, but never after it was received."""
    return min(post.posted_at, now) if post.posted_at else now


def _storable(text: str) -> tuple[str, int]:
    return text.replace("\x00", _NUL_SHOWN), text.count("\x00")


def _says_something(text: str) -> bool:
    """Return whether a reader sees anything: marks, controls, blanks and fillers alone draw nothing."""
    return any(char not in _DRAWS_NOTHING and unicodedata.category(char) not in _SILENT for char in text)


def _broken(post: IncomingPost) -> dict[str, Label]:
    """Return the fields that hold half a surrogate pair, each with where."""
    author = post.author or Author()
    fields = {
        "title": post.title,
        "text": post.text,
        "url": post.url,
        "external_id": post.external_id,
        "platform": post.platform,
        "author.name": author.name,
        "author.handle": author.handle,
        "author.contact": author.contact,
    }
    found = {name: _HALF.search(text) for name, text in fields.items() if text}
    return {
        name: Label(
            f"{name} 第 {half.start() + 1} 个字符是不成对的代理码 U+{ord(half[0]):04X}，请改正编码后重交",
            f"{name}: character {half.start() + 1} is half a surrogate pair (U+{ord(half[0]):04X}) and no "
            "character: mend the encoding and send it again",
        )
        for name, half in found.items()
        if half is not None
    }


def _blank_to_none(value: str | None) -> str | None:
    return _storable(value)[0].strip() or None if value is not None else None


def _known(author: Author | None) -> Author | None:
    if author is None:
        return None
    cleaned = Author(
        name=_blank_to_none(author.name),
        handle=_blank_to_none(author.handle),
        contact=_blank_to_none(author.contact),
    )
    return None if cleaned.is_empty else cleaned


def _problems_of_text(post: IncomingPost) -> dict[str, Label]:
    problems: dict[str, Label] = {}
    size = len(post.text.encode())
    if size > LONGEST_TEXT:
        problems["text"] = Label(
            f"正文为 {size} 字节，最多 {LONGEST_TEXT} 字节，请分开提交或附原文链接",
            f"the text has {size} bytes, at most {LONGEST_TEXT} are taken: split it or give a link",
        )
    elif not post.text.strip() and not post.title:
        problems["text"] = Label("标题和正文都是空的", "title and text are both empty")
    elif not _says_something(post.title) and not _says_something(post.text):
        problems["text"] = Label(
            "标题和正文里没有一个看得见的字，请写明内容",
            "title and text hold not one character that can be seen: say what it is about",
        )
    if len(post.title) > LONGEST_TITLE:
        problems["title"] = Label(
            f"标题有 {len(post.title)} 字，最多 {LONGEST_TITLE} 字",
            f"the title has {len(post.title)} characters, at most {LONGEST_TITLE} are taken",
        )
    return problems


def _problems_of_names(post: IncomingPost) -> dict[str, Label]:
    problems: dict[str, Label] = {}
    author = post.author or Author()
    named = {
        "external_id": post.external_id,
        "platform": post.platform,
        "author.name": author.name,
        "author.handle": author.handle,
        "author.contact": author.contact,
    }
    for field, value in named.items():
        if value is not None and len(value) > LONGEST_NAME:
            problems[field] = Label(
                f"{field} 有 {len(value)} 字，最多 {LONGEST_NAME} 字",
                f"{field} has {len(value)} characters, at most {LONGEST_NAME} are taken",
            )
    if post.url is not None and not is_address(post.url):
        problems["url"] = Label(
            f"链接须以 http:// 或 https:// 开头，且不超过 {LONGEST_URL} 字",
            f"the address must begin with http:// or https:// and have at most {LONGEST_URL} characters",
        )
    if post.media_level is not None and post.media_level not in MEDIA_LEVELS:
        problems["media_level"] = Label(
            f"媒体层级应为 {'、'.join(MEDIA_LEVELS)} 之一",
            f"media_level must be one of {', '.join(MEDIA_LEVELS)}",
        )
    return problems


def is_address(url: str) -> bool:
    """Return whether a link can be kept: http or https with a host, without blanks, of bounded length."""
    if len(url) > LONGEST_URL or any(char.isspace() or char < " " for char in url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _problems_of_times(post: IncomingPost, now: datetime) -> dict[str, Label]:
    problem = _problem_of_time(post.posted_at, now, Label("发帖时间", "posted_at"))
    return {"posted_at": problem} if problem else {}


def _problem_of_time(at: datetime | None, now: datetime, name: Label) -> Label | None:
    if at is None:
        return None
    if at.tzinfo is None:
        return Label(f"{name.zh}缺少时区", f"{name.en} has no time zone")
    if not EARLIEST <= at <= now + CLOCK_SLACK:
        return Label(
            f"{name.zh} {_in_county_time(at)}（北京时间）不合理，请检查年份和时区",
            f"{name.en} {_in_county_time(at)} (county time) cannot be right: check year and time zone",
        )
    return None


def _in_county_time(at: datetime) -> str:
    # The message names the time as the county's people write it, whatever zone it came in.
    with suppress(OverflowError):  # the first or last hours that a date can tell stay as they came
        at = at.astimezone(CHINA)
    return f"{at:%Y-%m-%d %H:%M}"


def _problems_of_metrics(metrics: Metrics | None, now: datetime) -> dict[str, Label]:
    if metrics is None:
        return {}
    counts = {
        "metrics.reads": metrics.reads,
        "metrics.likes": metrics.likes,
        "metrics.comments": metrics.comments,
        "metrics.shares": metrics.shares,
    }
    problems = {
        field: Label(
            f"{field} 应为 0 到 {LARGEST_COUNT} 的整数", f"{field} must be from 0 to {LARGEST_COUNT}"
        )
        for field, count in counts.items()
        if count is not None and not 0 <= count <= LARGEST_COUNT
    }
    if metrics.on_hot_list is None and all(count is None for count in counts.values()):
        problems["metrics"] = Label(
            "传播数据没有任何一项：请至少给出 reads、likes、comments、shares、on_hot_list 之一",
            "the metrics hold no figure: give at least one of reads, likes, comments, shares, on_hot_list",
        )
    of_time = _problem_of_time(metrics.observed_at, now, Label("观测时间", "observed_at"))
    return problems if of_time is None else {**problems, "metrics.observed_at": of_time}


def check_metrics(metrics: Metrics, now: datetime) -> None:
    """Do nothing if the figures can be taken.

    Args:
        metrics: as handed over.
        now: aware UTC.

    Raises:
        BadPost: naming each figure that cannot.
    """
    problems = _problems_of_metrics(metrics, now)
    if problems:
        raise BadPost(problems)
