"""The bytes of a feed as posts: RSS and Atom by feedparser behind defusedxml, JSON Feed by hand.

It fetches nothing. What an item says is taken as text; its markup is dropped.
"""

from __future__ import annotations

import codecs
import io
import json
import re
from calendar import timegm
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from xml.etree.ElementTree import ParseError

import feedparser
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from casework.intake import Author, IncomingPost, is_address

MOST_ITEMS = 500  # of one pull; a feed shows its newest dozens
_PROLOGUE = re.compile(r"^\s*<\?xml[^>]*\?>")
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*encoding=[\"']([A-Za-z0-9._-]+)[\"']")
_CHARSET = re.compile(r"charset=[\"']?([A-Za-z0-9._-]+)", re.IGNORECASE)
_CHINESE = {"gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936"}
_BLOCKS = frozenset({"p", "br", "div", "li", "tr", "h1", "h2", "h3", "blockquote"})
_SILENT = frozenset({"script", "style"})


class NotAFeed(Exception):  # noqa: N818 — named for the situation (style.md §2.8)
    """Bytes that are no feed of the kind that was registered."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")


def posts_of(kind: str, body: bytes, content_type: str, *, source_code: str) -> tuple[IncomingPost, ...]:
    """Return the items of a feed, the oldest last as feeds have them.

    Args:
        kind: rss (also Atom) or json.
        body: as fetched.
        content_type: header, for the charset.
        source_code: whose posts they are.

    Raises:
        NotAFeed: it cannot be read as such; says why.
    """
    items = _json_items(body) if kind == "json" else _xml_items(body, content_type)
    return tuple(
        IncomingPost(source_code=source_code, **fields)  # type: ignore[arg-type]  # built below
        for _, fields in zip(range(MOST_ITEMS), items, strict=False)
    )


def plain_text(markup: str) -> str:
    """Return what a reader sees of HTML: its text, a line for each block."""
    reader = _Text()
    reader.feed(markup)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).splitlines())
    return "\n".join(line for line in lines if line)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - theirs
        self._silent += tag in _SILENT
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def _xml_items(body: bytes, content_type: str) -> Iterator[Mapping[str, object]]:
    utf8 = _decoded(body, content_type).encode()
    try:
        fromstring(utf8, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise NotAFeed("含有实体声明，不予解析", "it declares entities: refused") from error
    except (ParseError, ValueError, RecursionError) as error:
        raise NotAFeed("不是有效的 XML", "it is not well-formed XML") from error
    feed = feedparser.parse(
        io.BytesIO(utf8), response_headers={"content-type": "application/xml; charset=utf-8"}
    )
    if not feed.version:
        raise NotAFeed("是 XML，但不是 RSS 或 Atom", "it is XML, but neither RSS nor Atom")
    return (_xml_fields(entry) for entry in feed.entries)


def _xml_fields(entry: feedparser.FeedParserDict) -> Mapping[str, object]:
    content = entry.get("content") or []
    markup = content[0].get("value", "") if content else entry.get("summary", "")
    when = entry.get("published_parsed") or entry.get("updated_parsed")
    link, author = entry.get("link"), entry.get("author")
    return {
        "title": plain_text(entry.get("title", "")),
        "text": plain_text(markup),
        "url": _address(link),
        "external_id": entry.get("id") or link,
        "posted_at": datetime.fromtimestamp(timegm(when), UTC) if when else None,
        "author": Author(name=author) if author else None,
    }


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


def _json_items(body: bytes) -> Iterator[Mapping[str, object]]:
    try:
        feed = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NotAFeed("不是有效的 JSON", "it is not valid JSON") from error
    version = feed.get("version") if isinstance(feed, dict) else None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not (isinstance(version, str) and "jsonfeed.org/version/1" in version and isinstance(items, list)):
        raise NotAFeed("不是 JSON Feed（jsonfeed.org）1.x", "it is not JSON Feed 1.x (jsonfeed.org)")
    return (_json_fields(item) for item in items if isinstance(item, dict))


def _json_fields(item: Mapping[str, object]) -> Mapping[str, object]:
    text = _word(item, "content_text")
    authors = item.get("authors")
    first = authors[0] if isinstance(authors, list) and authors and isinstance(authors[0], dict) else {}
    name, handle = _word(first, "name"), _word(first, "url")
    return {
        "title": _word(item, "title"),
        "text": text or plain_text(_word(item, "content_html") or _word(item, "summary")),
        "url": _address(_word(item, "url")),
        "external_id": _word(item, "id") or _word(item, "url") or None,
        "posted_at": _instant(_word(item, "date_published")),
        "author": Author(name=name or None, handle=handle or None) if name or handle else None,
    }


def _address(link: object) -> str | None:
    """Return a link that can be opened, else None: an odd one is no reason to lose what the item says.

    An Atom entry needs no link, a bare guid stands in its place, and some feeds give a path alone.
    """
    return link if isinstance(link, str) and is_address(link) else None


def _word(item: Mapping[str, object], name: str) -> str:
    value = item.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
