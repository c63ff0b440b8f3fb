"""A CSV file as posts, row by row: encoding, columns, times and numbers, each fault with its line.

It stores nothing. Whether a post is acceptable is `casework.intake`'s to say; a file of any size is streamed.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from casework.errors import CaseworkError
from casework.intake import Author, IncomingPost, Metrics
from rules.model import Label

COUNTY_TIME = ZoneInfo("Asia/Shanghai")
"""Zone of times that name none: tables come from offices of the county."""
FIELDS = (
    "text",
    "title",
    "url",
    "external_id",
    "posted_at",
    "platform",
    "media_level",
    "reads",
    "likes",
    "comments",
    "shares",
    "author",
    "handle",
    "contact",
)
"""What a column can be mapped to."""
COUNTS = ("reads", "likes", "comments", "shares")
LONGEST_CELL = 1024 * 1024
"""Characters. A longer one is most likely a quotation mark that is never closed."""
_ENCODINGS = ("utf-8", "gb18030")
_MOST_SHOWN, _LONGEST_SHOWN = 50, 100  # columns, and characters of their names, that a message quotes
_SAVE_AS_UTF8 = (
    "。列名里有控制字符，编码可能不对：请在表格软件中另存为“CSV UTF-8（逗号分隔）”后重试",
    ". Their names hold control characters: save the file as 'CSV UTF-8 (comma delimited)' and try again",
)
_PIECE = 1024 * 1024
_BEGINNING = 64 * 1024  # bytes by which UTF-16 without a mark is recognised
_ENDS_OF_CELLS = frozenset(",\r\n")
_TIMES = ("%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日")


class BadTable(CaseworkError):  # noqa: N818 — named for the situation (style.md §2.8)
    """A table, or a --map, that cannot be used as a whole."""

    code = "bad-table"


@dataclass(frozen=True, slots=True)
class RowRefused:
    """A row that is no post; `why` quotes nothing of it."""

    line: int
    why: Label


@dataclass(frozen=True, slots=True)
class RowPost:
    """A row as a post; `line` is where it begins, from 1."""

    line: int
    post: IncomingPost


@dataclass(frozen=True, slots=True)
class RowEmpty:
    """A row whose cells are all empty, as tables have them below their last post."""

    line: int


def parsed_map(texts: Iterable[str]) -> Mapping[str, str]:
    """Return field -> column of `text=detail,title=title`; a field alone means the column of that name.

    Raises:
        BadTable: an unknown field, one mapped twice, or none that says something.
    """
    found: dict[str, str] = {}
    for pair in (pair for text in texts for pair in text.split(",") if pair.strip()):
        field, _, column = (part.strip() for part in pair.partition("="))
        if field not in FIELDS or field in found:
            known = ", ".join(FIELDS)
            raise BadTable(
                f"--map 中的“{field}”不可用或重复，可用：{known}",
                f"'{field}' in --map is unknown or there twice; known: {known}",
            )
        found[field] = column or field
    if not found.keys() & {"text", "title"}:
        raise BadTable("--map 至少要指明 text 或 title 的列", "--map must name the column of text or title")
    return found


def encoding_of(path: Path) -> str:
    """Return the encoding of a file.

    By its mark; else UTF-16 where its beginning is that, else UTF-8 if all of it is, else GB18030 if all is.

    Raises:
        BadTable: it is neither; names the line.
    """
    with path.open("rb") as stream:
        start = stream.read(_BEGINNING)
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if (unmarked := _utf16_of(start)) is not None:
        return unmarked
    lines = [_first_bad_line(path, name) for name in _ENCODINGS]
    for name, line in zip(_ENCODINGS, lines, strict=True):
        if line is None:
            return name
    raise BadTable(
        f"文件既不是 UTF-8（第 {lines[0]} 行）也不是 GB18030（第 {lines[1]} 行），请另存为 UTF-8",
        f"neither UTF-8 (line {lines[0]}) nor GB18030 (line {lines[1]}): save the file as UTF-8",
    )


def rows_of(
    path: Path, columns: Mapping[str, str], *, source_code: str, progress: Callable[[int], None]
) -> Iterator[RowPost | RowRefused | RowEmpty]:
    """Yield the rows of a file with a header; a line with nothing in it is no row.

    Args:
        path: of the file.
        columns: field -> column, see `parsed_map`.
        source_code: whose posts they are.
        progress: is told how many bytes were read since it was told last.

    Raises:
        BadTable: no header, a column is missing or there twice, or a cell never ends.
    """
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=encoding_of(path), newline="") as stream:
        lines = _Lines(stream)
        reader = csv.reader(lines, strict=True)  # else a lost quotation mark joins two people's posts
        at = _header(next(reader, None), columns)
        width, seen = at.pop(""), 0
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader, None)
            except UnicodeDecodeError as error:
                raise BadTable(
                    f"第 {line} 行起有读不出的字符（{error.encoding}），文件可能不完整；此前各行已处理",
                    f"from line {line} on there are characters that cannot be read ({error.encoding}), "
                    "perhaps the file is cut short; the rows before it stand",
                ) from error
            except csv.Error as error:
                if lines.is_one_long_line(since=line):
                    yield RowRefused(line, _TOO_LONG)
                    continue
                raise BadTable(
                    f"第 {line} 行起无法读取，可能是引号没有闭合；此前各行已处理",
                    f"cannot be read from line {line} on, perhaps a quotation mark is never closed; "
                    "the rows before it stand",
                ) from error
            told = stream.buffer.tell()
            progress(told - seen)
            seen = told
            if cells is None:
                return
            if any(cells):
                yield _row(line, cells, width, at, source_code)
            elif cells:
                yield RowEmpty(line)


_TOO_LONG = Label(
    f"有一格超过 {LONGEST_CELL // 1024 // 1024} MB，不像是一条网帖",
    f"a cell is longer than {LONGEST_CELL // 1024 // 1024} MB, which no post is",
)


class _Lines:
    """The lines of a file; by the last one a cell that is too long is told from one that never ends."""

    def __init__(self, stream: Iterable[str]) -> None:
        self._stream = iter(stream)
        self._last, self._number = "", 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        self._last = next(self._stream)
        self._number += 1
        return self._last

    def is_one_long_line(self, *, since: int) -> bool:
        """Return whether a row that began on line `since` ended there, its quotes closed, and is too long."""
        is_closed = self._last.count('"') % 2 == 0
        return self._number == since and len(self._last) > LONGEST_CELL and is_closed


def _header(cells: list[str] | None, columns: Mapping[str, str]) -> dict[str, int]:
    """Return field -> place of its column, and under "" how many columns there are."""
    names = [name.strip() for name in cells or []]
    if not any(names):
        raise BadTable("文件没有表头", "the file has no header")
    for column in columns.values():
        if names.count(column) != 1:
            raise _column_missing(column, names)
    return {field: names.index(column) for field, column in columns.items()} | {"": len(names)}


def _column_missing(column: str, names: list[str]) -> BadTable:
    zh, en = ("有多个", "more than one") if column in names else ("没有", "no")
    shown = [_shown(name)[:_LONGEST_SHOWN] for name in names[:_MOST_SHOWN]]
    hint_zh, hint_en = ("", "") if all(name.isprintable() for name in names) else _SAVE_AS_UTF8
    return BadTable(
        f"表中{zh}“{_shown(column)}”列，现有的列：{'、'.join(name or '（空）' for name in shown)}{hint_zh}",
        f"the table has {en} column '{_shown(column)}'; it has: {', '.join(shown)}{hint_en}",
    )


def _shown(name: str) -> str:
    """Return the name of a column as a message may quote it: no control reaches a screen or a database."""
    return "".join(char if char.isprintable() else "\ufffd" for char in name)


def _utf16_of(start: bytes) -> str | None:
    """Return which UTF-16 a file without a mark begins in; None if in neither.

    Judged by the header, which ends and is divided in characters that are two bytes in UTF-16 and one byte in
    the others; text in UTF-16 holds no character that is NUL, though a NUL may stand in any other.
    """
    if b"\x00" not in start:
        return None
    ends: dict[str, int] = {}
    for name in ("utf-16-le", "utf-16-be"):
        try:
            text = codecs.getincrementaldecoder(name)().decode(start)
        except UnicodeDecodeError:
            continue
        header, ended, _ = text.partition("\n")
        header += ended
        marks = sum(char in _ENDS_OF_CELLS for char in header)
        bytes_like_them = sum(header.encode(name).count(end.encode()) for end in _ENDS_OF_CELLS)
        if "\x00" not in text and 2 * marks > bytes_like_them:
            ends[name] = marks
    return max(ends, key=lambda name: ends[name], default=None)


def _row(
    line: int, cells: list[str], width: int, at: Mapping[str, int], source_code: str
) -> RowPost | RowRefused:
    if len(cells) != width:
        return RowRefused(
            line, Label(f"有 {len(cells)} 列，应为 {width} 列", f"has {len(cells)} cells, not {width}")
        )
    values = {field: cells[place] for field, place in at.items()}
    counts: dict[str, int] = {}
    for field in COUNTS:
        text = values.get(field, "").strip().replace(",", "")
        if text and not (text.isascii() and text.isdigit() and len(text) < 20):  # noqa: PLR2004 - digits
            return RowRefused(line, Label(f"{field} 应为整数", f"{field} must be a whole number"))
        if text:
            counts[field] = int(text)
    when = values.get("posted_at", "").strip()
    posted_at = _instant(when) if when else None
    if when and posted_at is None:
        return RowRefused(
            line,
            Label(
                "发帖时间看不懂，请写成 2026-11-16 09:00", "posted_at cannot be read: write 2026-11-16 09:00"
            ),
        )
    post = IncomingPost(
        source_code=source_code,
        text=values.get("text", ""),
        title=values.get("title", ""),
        url=values.get("url"),
        external_id=values.get("external_id"),
        posted_at=posted_at,
        platform=values.get("platform"),
        media_level=values.get("media_level", "").strip() or None,
        metrics=Metrics(**counts) if counts else None,
        author=Author(values.get("author"), values.get("handle"), values.get("contact")),
    )
    return RowPost(line, post)


def _instant(text: str) -> datetime | None:
    """Return the instant that a cell names, of the county where it names no zone; None if it names none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        parsed = [_parsed(text, form) for form in _TIMES]
        at = next((one for one in parsed if one is not None), None)
    if at is None:
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=COUNTY_TIME)


def _parsed(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007 - the caller adds the zone
    except ValueError:
        return None


def _first_bad_line(path: Path, encoding: str) -> int | None:
    """Return the line where a file stops being of an encoding, from 1; None if all of it is."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    with path.open("rb") as stream:
        while True:
            piece = stream.read(_PIECE)
            try:
                decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                return lines + piece.count(b"\n", 0, max(0, error.start))
            if not piece:
                return None
            lines += piece.count(b"\n")
