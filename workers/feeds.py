"""The bytes of a feed as posts: RSS and Atom by feedparser behind defusedxml, JSON Feed by hand.

It fetches nothing. What an item says is taken as text; its markup is dropped. An item that is odd costs no
other: what of it does not fit is left out or shortened, and what cannot be read at all is told by its place.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from xml.etree.ElementTree import ParseError

import feedparser
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from casework.intake import LONGEST_NAME, LONGEST_TITLE, Author, IncomingPost, is_address
from rules.model import Label
from workers.failures import Failure, guarded
from workers.feed_dates import instant_of
from workers.feed_text import plain_text

MOST_ITEMS = 2000
"""Items that are looked at in one pull, the first of the feed. Its others are told of, not passed over.
**Source:** measured: to find that an item is known takes 2.4 ms, so that this many take 5 seconds."""
MOST_PIECES = 40_000
"""Tags and attributes of an XML feed. **Source:** measured: feedparser takes 25 microseconds for each,
however they are nested, so that this many take a second; ten of them make an item."""
_MOST_ATTRIBUTES = 200  # of one tag: feedparser compares each with all others
_TEXT_PIECES = 300_000  # runs of text between references, which cost a twentieth of a tag
_PROLOGUE = re.compile(r"^\s*<\?xml[^>]*\?>")
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*encoding=[\"']([A-Za-z0-9._-]+)[\"']")
_CHARSET = re.compile(r"charset=[\"']?([A-Za-z0-9._-]+)", re.IGNORECASE)
_CHINESE = {"gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936"}


class NotAFeed(Exception):  # noqa: N818 — named for the situation (style.md §2.8)
    """Bytes that are no feed of the kind that was registered."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An item as a post.

    Attributes:
        position: in the feed, from 1.
        is_date_lost: it gives a date that cannot be read; the post has none.
    """

    position: int
    post: IncomingPost
    is_date_lost: bool = False


@dataclass(frozen=True, slots=True)
class OddItem:
    """An item that no post can be made of; `is_ours` where the program failed and may do better later."""

    position: int
    why: Label
    is_ours: bool


@dataclass(frozen=True, slots=True)
class ReadFeed:
    """What a feed says.

    Attributes:
        items: the oldest last as feeds have them.
        odd: what could not be read.
        beyond: how many items stand after the first `MOST_ITEMS`, and were not looked at.
    """

    items: tuple[FeedItem, ...]
    odd: tuple[OddItem, ...] = ()
    beyond: int = 0


@dataclass(frozen=True, slots=True)
class _Said:
    """What an item says, before it is made to fit."""

    title: str
    text: str
    link: object
    own_id: str | None
    date: str
    author: Author | None


def read_feed(kind: str, body: bytes, content_type: str, *, source_code: str) -> ReadFeed:
    """Return the items of a feed.

    A date that cannot be read costs the item its `posted_at` and nothing else. A title too long for a post is
    cut and stands whole in the text; an own id too long is replaced by its digest.

    Args:
        kind: rss (also Atom) or json.
        body: as fetched.
        content_type: header, for the charset.
        source_code: whose posts they are.

    Raises:
        NotAFeed: it cannot be read as such; says why.
    """
    if kind == "json":
        return _read(_json_items(body), _said_in_json, source_code)
    return _read(_xml_items(body, content_type), _said_in_xml, source_code)


def _read(items: Sequence[object], said: Callable[[object], _Said | None], source_code: str) -> ReadFeed:
    found: list[FeedItem] = []
    odd: list[OddItem] = []
    for position, item in enumerate(items[:MOST_ITEMS], start=1):
        made = guarded(partial(_item, position, said=said, source_code=source_code), item)
        if isinstance(made, Failure):
            odd.append(
                OddItem(position, Label(f"程序出错（{made.where}）", f"error ({made.where})"), is_ours=True)
            )
        elif made.value is None:
            odd.append(OddItem(position, Label("不是一个对象", "it is no object"), is_ours=False))
        else:
            found.append(made.value)
    return ReadFeed(tuple(found), tuple(odd), max(0, len(items) - MOST_ITEMS))


def _item(
    position: int, item: object, *, said: Callable[[object], _Said | None], source_code: str
) -> FeedItem | None:
    what = said(item)
    if what is None:
        return None
    title, text = _fitting(what.title.strip(), what.text)
    posted_at = instant_of(what.date)
    post = IncomingPost(
        source_code=source_code,
        title=title,
        text=text,
        url=_address(what.link),
        external_id=_fitting_id(what.own_id),
        posted_at=posted_at,
        author=what.author,
    )
    return FeedItem(position, post, is_date_lost=bool(what.date.strip()) and posted_at is None)


def _fitting(title: str, text: str) -> tuple[str, str]:
    """Return title and text; a title that is too long is cut, and the text begins with all of it."""
    if len(title) <= LONGEST_TITLE:
        return title, text
    whole = text if " ".join(title.split()) in " ".join(text.split()) else f"{title}\n{text}".strip()
    return title[: LONGEST_TITLE - 1] + "…", whole


def _fitting_id(own_id: str | None) -> str | None:
    if own_id is None or len(own_id.strip()) <= LONGEST_NAME:
        return own_id
    return f"sha256:{hashlib.sha256(own_id.strip().encode('utf-8', 'surrogatepass')).hexdigest()}"


def _author(name: str, handle: str = "") -> Author | None:
    name, handle = name.strip()[:LONGEST_NAME], handle.strip()[:LONGEST_NAME]
    return Author(name=name or None, handle=handle or None) if name or handle else None


def _xml_items(body: bytes, content_type: str) -> Sequence[object]:
    utf8 = _decoded(body, content_type).encode()
    parser = DefusedXMLParser(target=_Measure(), forbid_dtd=False, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(utf8)
        parser.close()
    except DefusedXmlException as error:
        raise NotAFeed("含有实体声明，不予解析", "it declares entities: refused") from error
    except (ParseError, ValueError, RecursionError) as error:
        raise NotAFeed("不是有效的 XML", "it is not well-formed XML") from error
    feed = feedparser.parse(
        io.BytesIO(utf8),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,  # only text is taken of it, and that is ours to find
        resolve_relative_uris=False,
    )
    if not feed.version:
        raise NotAFeed("是 XML，但不是 RSS 或 Atom", "it is XML, but neither RSS nor Atom")
    entries: Sequence[object] = feed.entries
    return entries


class _Measure:
    """Counts what an XML document consists of while it is checked, and keeps nothing of it."""

    def __init__(self) -> None:
        self._pieces = self._texts = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002 - theirs
        self._pieces += 1 + len(attributes)
        if self._pieces > MOST_PIECES or len(attributes) > _MOST_ATTRIBUTES:
            raise NotAFeed(
                f"标签和属性超过 {MOST_PIECES} 个，嵌套太多或条目太多，不予解析；请发布方缩短订阅",
                f"it has more than {MOST_PIECES} tags and attributes, nested too deep or too many items: "
                "refused; ask the publisher for a shorter one",
            )

    def end(self, tag: str) -> None:
        """Do nothing: what was opened is counted."""

    def data(self, text: str) -> None:  # noqa: ARG002 - theirs
        self._texts += 1
        if self._texts > _TEXT_PIECES:
            raise NotAFeed(
                "文字被拆得太碎，不予解析；请发布方缩短订阅",
                "its text is in too many pieces: refused; ask the publisher for a shorter one",
            )

    def close(self) -> None:
        """Return nothing: no tree was built."""


def _said_in_xml(item: object) -> _Said | None:
    if not isinstance(item, feedparser.FeedParserDict):
        return None
    content = item.get("content") or []
    markup = content[0].get("value", "") if content else item.get("summary", "")
    link = item.get("link")
    return _Said(
        title=plain_text(item.get("title", "")),
        text=plain_text(markup),
        link=link,
        own_id=item.get("id") or link,
        date=item.get("published") or item.get("updated") or "",
        author=_author(item.get("author") or ""),
    )


def _decoded(body: bytes, content_type: str) -> str:
    """Return the text without its declaration: expat knows no Chinese encodings but Unicode."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if body.startswith(mark):
            return _PROLOGUE.sub("", _as(body, name))
    declared, sent = _DECLARED.match(body), _CHARSET.search(content_type)
    name = declared[1].decode() if declared else sent[1] if sent else "utf-8"
    return _PROLOGUE.sub("", _as(body, name))


def _as(body: bytes, name: str) -> str:
    try:
        return body.decode("gb18030" if name.lower() in _CHINESE else name)
    except (UnicodeDecodeError, LookupError) as error:
        raise NotAFeed(
            f"不是所声明的编码 {name}", f"it is not in the encoding {name} that it declares"
        ) from error


def _json_items(body: bytes) -> Sequence[object]:
    try:
        feed = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NotAFeed("不是有效的 JSON", "it is not valid JSON") from error
    version = feed.get("version") if isinstance(feed, dict) else None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not (isinstance(version, str) and "jsonfeed.org/version/1" in version and isinstance(items, list)):
        raise NotAFeed("不是 JSON Feed（jsonfeed.org）1.x", "it is not JSON Feed 1.x (jsonfeed.org)")
    return items


def _said_in_json(item: object) -> _Said | None:
    if not isinstance(item, dict):
        return None
    authors = item.get("authors")
    first = authors[0] if isinstance(authors, list) and authors and isinstance(authors[0], dict) else {}
    url = _word(item, "url")
    return _Said(
        title=_word(item, "title"),
        text=_word(item, "content_text") or plain_text(_word(item, "content_html") or _word(item, "summary")),
        link=url,
        own_id=_word(item, "id") or url or None,
        date=_word(item, "date_published"),
        author=_author(_word(first, "name"), _word(first, "url")),
    )


def _address(link: object) -> str | None:
    """Return a link that can be opened, else None: an odd one is no reason to lose what the item says.

    An Atom entry needs no link, a bare guid stands in its place, and some feeds give a path alone.
    """
    return link if isinstance(link, str) and is_address(link) else None


def _word(item: Mapping[str, object], name: str) -> str:
    value = item.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
