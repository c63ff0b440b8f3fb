"""YAML bytes to a tree whose every node knows its line and column.

It gives no value a type: the reader of a field knows which one it wants, so `08:30`, `no` and `2026-01-01`
stay the words that the author wrote. It is built from parser events, not by a recursive composer, so that
depth and size are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import yaml

from rules.model import Location
from rules.problem import Notes, shown
from rules.yaml_slips import slip_in

LARGEST_FILE = 4 * 1024 * 1024  # bytes
DEEPEST = 24  # levels of nesting
MOST_NODES = 200_000  # nodes of one file

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BEGUN = re.compile("flow|quoted|simple key")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar as written. A quoted scalar is always text."""

    text: str
    quoted: bool
    at: Location

    @property
    def is_null(self) -> bool:
        """Return whether nothing (or null, ~) stands here."""
        return not self.quoted and self.text in {"", "null", "~"}


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a mapping with its value."""

    key: str
    at: Location
    value: Node


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping in the order of the file; duplicate keys have been reported and left out."""

    entries: tuple[Entry, ...]
    at: Location


Node = Leaf | Items | Entries


class _Mark(Protocol):
    """What the marks of both YAML parsers have in common; counted from 0."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read; `keys` is None for a list."""

    at: Location
    values: list[Node]
    keys: list[Leaf] | None


class _TooBig(Exception):  # noqa: N818 - control flow inside this module
    """The file is deeper or has more nodes than is allowed."""


def read_tree(file: str, raw: bytes, notes: Notes) -> Node | None:
    """Return the tree of one YAML document, or None where it cannot be read at all.

    Args:
        file: name for locations.
        raw: content, UTF-8 with or without a byte order mark.
        notes: receives every problem: syntax, limits, anchors, aliases, tags, duplicate keys.
    """
    start = Location(file, 1, 1)
    if len(raw) > LARGEST_FILE:
        notes.error(start, f"文件超过 {LARGEST_FILE} 字节", f"the file is larger than {LARGEST_FILE} bytes")
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        notes.error(Location(file, line, 1), "文件不是 UTF-8 编码", "the file is not UTF-8")
        return None
    return _Builder(file, notes).build(text)


class _Builder:
    def __init__(self, file: str, notes: Notes) -> None:
        self._file = file
        self._notes = notes
        self._open: list[_Open] = []
        self._root: Node | None = None
        self._nodes = 0
        self._documents = 0

    def build(self, text: str) -> Node | None:
        try:
            for event in _events(text):
                self._take(event)
        except yaml.MarkedYAMLError as error:
            self._misread(error, text)
            return None
        except yaml.YAMLError as error:
            self._notes.error(
                self._character_at(error, text),
                "YAML 文件含有不允许的字符",
                "the file holds a character that YAML does not allow",
            )
            return None
        except _TooBig:
            return None
        return self._root

    def _misread(self, error: yaml.MarkedYAMLError, text: str) -> None:
        at = self._location(error.problem_mark or error.context_mark)
        begun = self._location(error.context_mark)
        is_near = error.context_mark is not None and _BEGUN.search(
            error.context or ""
        )  # a block begins far above
        what = shown(str(error.problem or error.context or "syntax"))
        slip = slip_in(text, what, (at.line, at.column), (begun.line, begun.column) if is_near else None)
        where = Location(self._file, slip.line, slip.column)
        self._notes.error(where, f"YAML 语法错误：{slip.zh}", f"YAML syntax error: {slip.en} ({what})")

    def _take(self, event: yaml.Event) -> None:
        # Eight of ten events are scalars, and an author waits while they are read: they come first.
        if isinstance(event, yaml.ScalarEvent):
            at = self._location(event.start_mark)
            if event.anchor is not None or event.tag is not None:
                self._refuse_decoration(event, at)
            self._put(Leaf(event.value, quoted=bool(event.style), at=at))
        elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            self._end()
        elif isinstance(event, yaml.DocumentStartEvent):
            self._begin_document(event)
        elif isinstance(event, yaml.AliasEvent):
            at = self._location(event.start_mark)
            self._notes.error(at, "不允许使用 YAML 别名（*）", "aliases (*) are not allowed")
            self._put(Leaf("", quoted=False, at=at))

    def _begin_document(self, event: yaml.DocumentStartEvent) -> None:
        self._documents += 1
        at = self._location(event.start_mark)
        if self._documents > 1:
            self._notes.error(at, "一个文件只能有一个 YAML 文档", "a file may hold one YAML document only")
            raise _TooBig
        if event.tags or event.version:
            self._notes.error(at, "不允许使用 YAML 指令（%）", "directives (%) are not allowed")

    def _refuse_decoration(
        self, event: yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent, at: Location
    ) -> None:
        if event.anchor is not None:
            self._notes.error(at, "不允许使用 YAML 锚点（&）", "anchors (&) are not allowed")
        if event.tag is not None:
            self._notes.error(at, "不允许使用 YAML 标签（!）", "tags (!) are not allowed")

    def _begin(self, event: yaml.SequenceStartEvent | yaml.MappingStartEvent) -> None:
        at = self._location(event.start_mark)
        self._refuse_decoration(event, at)
        if len(self._open) >= DEEPEST:
            self._notes.error(at, f"嵌套超过 {DEEPEST} 层", f"nested more than {DEEPEST} levels deep")
            raise _TooBig
        keys: list[Leaf] | None = [] if isinstance(event, yaml.MappingStartEvent) else None
        self._open.append(_Open(at, [], keys))

    def _end(self) -> None:
        done = self._open.pop()
        if done.keys is None:
            self._put(Items(tuple(done.values), done.at))
        else:
            self._put(self._mapping(done, done.keys))

    def _mapping(self, done: _Open, keys: list[Leaf]) -> Entries:
        seen: dict[str, Entry] = {}
        for key, value in zip(keys, done.values, strict=False):
            if key.text in seen:
                first = seen[key.text].at.line
                word = shown(key.text)
                self._notes.error(
                    key.at,
                    f"键「{word}」重复，第 {first} 行已有",
                    f'duplicate key "{word}", first seen on line {first}',
                )
            else:
                seen[key.text] = Entry(key.text, key.at, value)
        return Entries(tuple(seen.values()), done.at)

    def _put(self, node: Node) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            self._notes.error(node.at, f"超过 {MOST_NODES} 个节点", f"more than {MOST_NODES} nodes")
            raise _TooBig
        if not self._open:
            self._root = node
            return
        top = self._open[-1]
        if top.keys is None or len(top.keys) > len(top.values):
            top.values.append(node)
        elif isinstance(node, Leaf):
            top.keys.append(node)
        else:
            self._notes.error(node.at, "键必须是单个词", "a key must be a single word")
            top.keys.append(Leaf("", quoted=True, at=node.at))

    def _location(self, mark: _Mark | None) -> Location:
        if mark is None:
            return Location(self._file, 1, 1)
        return Location(self._file, mark.line + 1, mark.column + 1)

    def _character_at(self, error: yaml.YAMLError, text: str) -> Location:
        position = getattr(error, "position", None)
        if not isinstance(position, int):
            return Location(self._file, 1, 1)
        before = text[:position] if position >= 0 else ""
        return Location(self._file, before.count("\n") + 1, len(before) - before.rfind("\n"))


def _events(text: str) -> Iterator[yaml.Event]:
    loader = _PARSER(text)
    try:
        event = loader.get_event()
        while not isinstance(event, yaml.StreamEndEvent):
            yield event
            event = loader.get_event()
    finally:
        loader.dispose()
