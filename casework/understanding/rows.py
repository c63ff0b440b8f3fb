"""Annotated rows for `evaluate`: a CSV read line by line, with clear errors. It opens no file."""

# ruff: noqa: N818 — an error is named for the situation (style.md §2.8), not for its being an error.
from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from casework.errors import CaseworkError
from rules.model import Grade, Pack

NO_CASE = "none"  # the grade of a row that needs no case
SEPARATOR = "|"  # between several accepted answers
_LONGEST_CELL = 1 << 20  # characters; a row is one message
_MOST_SHOWN = 60


class Kind(StrEnum):
    """What is evaluated."""

    GRADES = "grades"
    ROUTING = "routing"
    TOPICS = "topics"


COLUMNS = {
    Kind.GRADES: ("text", "grade"),
    Kind.ROUTING: ("text", "lead"),
    Kind.TOPICS: ("text", "label"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One message with its answer.

    Attributes:
        line: of the file, from 1.
        gold: the annotated answer.
        accepted: all answers that count as right, `gold` among them.
    """

    line: int
    text: str
    gold: str
    accepted: frozenset[str]


class BadRows(CaseworkError):
    """The file of annotated rows cannot be used; `line` is where, from 1."""

    code = "bad-rows"

    def __init__(self, line: int, zh: str, en: str) -> None:
        super().__init__(f"第 {line} 行：{zh}", f"Line {line}: {en}")
        self.line = line


def read_rows(kind: Kind, lines: Iterable[bytes | str], pack: Pack) -> tuple[Row, ...]:
    """Return the rows of a CSV file with a header.

    Args:
        kind: grades needs text,grade; routing needs text,lead (and may have alt); topics needs text,label.
        lines: of the file as they stand, bytes in UTF-8 (a byte order mark is fine) or text.
        pack: whose unit families and groups the answers must be.

    Raises:
        BadRows: wrong encoding, missing column, no row, unknown answer, a row that is too short.
    """
    numbered = csv.reader(_decoded(lines), strict=True)
    try:
        header = next(numbered, None)
        if header is None:
            raise BadRows(1, "文件是空的。", "the file is empty.")
        names = [name.strip() for name in header]
        for column in COLUMNS[kind]:
            if column not in names:
                wanted = "、".join(COLUMNS[kind])
                raise BadRows(
                    1,
                    f"缺少列「{column}」，评测 {kind} 需要：{wanted}。",
                    f'the column "{column}" is missing; {kind} needs {", ".join(COLUMNS[kind])}.',
                )
        known = _answers(kind, pack)
        rows = tuple(
            _row(kind, dict(zip(names, cells, strict=False)), numbered.line_num, known)
            for cells in numbered
            if cells
        )
    except csv.Error as error:
        raise BadRows(numbered.line_num, f"不是有效的 CSV：{error}", f"not valid CSV: {error}") from error
    if not rows:
        raise BadRows(2, "只有表头，没有数据。", "there is a header but no row.")
    return rows


def _decoded(lines: Iterable[bytes | str]) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        if isinstance(line, bytes):
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError as error:
                raise BadRows(
                    number,
                    "不是 UTF-8 编码，请另存为 UTF-8 后重试。",
                    "not UTF-8: save the file as UTF-8 and try again.",
                ) from error
        else:
            text = line
        text = text.removeprefix("\ufeff") if number == 1 else text
        if "\0" in text:
            raise BadRows(number, "含有空字符，可能不是文本文件。", "a NUL character: not a text file?")
        if len(text) > _LONGEST_CELL:
            raise BadRows(number, "一行太长。", "the line is too long.")
        yield text


def _answers(kind: Kind, pack: Pack) -> Collection[str]:
    if kind is Kind.GRADES:
        return (NO_CASE, *(grade.value for grade in Grade))
    if kind is Kind.ROUTING:
        return sorted({unit.family for unit in pack.units})
    return pack.groups


def _row(kind: Kind, cells: dict[str, str], line: int, known: Collection[str]) -> Row:
    column = COLUMNS[kind][1]
    for name in COLUMNS[kind]:
        if not cells.get(name, "").strip():
            raise BadRows(line, f"「{name}」为空。", f'"{name}" is empty.')
    gold = _split(cells[column])
    more = _split(cells.get("alt", "")) if kind is Kind.ROUTING else ()
    if kind is not Kind.TOPICS and len(gold) != 1:
        raise BadRows(line, f"「{column}」只能有一个值。", f'"{column}" must be one answer.')
    for answer in (*gold, *more):
        if answer not in known:
            shown = answer[:_MOST_SHOWN]
            listed = "、".join(known)
            raise BadRows(
                line,
                f"「{column}」的值「{shown}」不认识，可用：{listed}。",
                f'"{shown}" is no known {column}; known: {", ".join(known)}.',
            )
    return Row(line, cells["text"], gold[0], frozenset((*gold, *more)))


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in (piece.strip() for piece in cell.split(SEPARATOR)) if part)
