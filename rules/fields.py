"""Reads the fields of one mapping of a pack, each with its type, and files every problem it meets.

It knows no item of a pack: `pack_*` modules say which fields an item has. A field that cannot be read yields
a harmless stand-in, so that the rest of the item is still read; the error keeps the pack from being used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from rules.model import Label, Location, Scalar
from rules.problem import LONGEST_SHOWN, Notes, shown
from rules.yamltree import Entries, Items, Leaf, Node

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")
_INTEGER = re.compile(r"[+-]?[0-9]{1,15}\Z")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,6})?\Z")

LARGEST_INTEGER = 10**12  # no count of people, reads or hours comes near it
NOWHERE = Location("", 1, 1)


class Fields:
    """The fields of one mapping. Every field asked for is known; `close` reports all others."""

    def __init__(self, node: Node | None, notes: Notes) -> None:
        self.at = node.at if node is not None else NOWHERE
        # Who asked for an absent mapping has said so; what it would have held is not reported on top.
        self.notes = notes if node is not None else Notes()
        self._asked: dict[str, None] = {}
        if isinstance(node, Entries):
            self._values = {entry.key: entry for entry in node.entries}
        else:
            self._values = {}
            if node is not None:
                notes.error(node.at, "这里应当是「键: 值」", "a mapping (key: value) is expected here")

    def close(self) -> None:
        """Report the keys that nobody asked for."""
        for key, entry in self._values.items():
            if key in self._asked:
                continue
            if "：" in key:
                word = shown(key)
                self.notes.error(
                    entry.at,
                    f"「{word}」中用了全角冒号「：」，请改成半角冒号加空格「: 」",
                    f'a full-width colon ： in "{word}": type `: `',
                )
                continue
            self.notes.unknown(entry.at, "键", "key", key, self._asked)

    def has(self, key: str) -> bool:
        """Return whether the key is there with a value other than null, and take it as known."""
        return self.node(key) is not None

    def node(self, key: str) -> Node | None:
        """Return the value as it stands; None where it is absent or null."""
        self._asked[key] = None
        entry = self._values.get(key)
        if entry is None or (isinstance(entry.value, Leaf) and entry.value.is_null):
            return None
        return entry.value

    def key_at(self, key: str) -> Location:
        """Return where the key stands, or the item if it is absent."""
        entry = self._values.get(key)
        return entry.at if entry is not None else self.at

    def required(self, key: str) -> Node | None:
        """Return the value; file a problem where it is absent."""
        node = self.node(key)
        if node is None:
            self.notes.error(self.at, f"缺少「{key}」", f'"{key}" is missing')
        return node

    def text(self, key: str) -> str:
        """Return a required, non-blank text."""
        return as_text(self.required(key), self.notes)

    def text_or_none(self, key: str) -> str | None:
        """Return a text, or None where it is absent."""
        node = self.node(key)
        return None if node is None else as_text(node, self.notes) or None

    def text_or_empty(self, key: str) -> str:
        """Return a text that may be absent or empty."""
        node = self.node(key)
        if isinstance(node, Leaf):
            return node.text.strip()
        return as_text(node, self.notes)

    def name(self, key: str) -> str:
        """Return a required name: lower-case letters, digits and _, starting with a letter."""
        return as_name(self.required(key), self.notes)

    def name_or_none(self, key: str) -> str | None:
        """Return a name, or None where it is absent."""
        node = self.node(key)
        return None if node is None else as_name(node, self.notes) or None

    def names(self, key: str) -> tuple[str, ...]:
        """Return a list of names, empty where it is absent."""
        return tuple(as_name(n, self.notes) for n in self.items(key))

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of non-blank texts, empty where it is absent."""
        return tuple(t for t in (as_text(n, self.notes) for n in self.items(key)) if t)

    def label(self, key: str) -> Label:
        """Return a required text in both languages."""
        node = self.required(key)
        if node is None:
            return Label("", "")
        fields = Fields(node, self.notes)
        label = Label(fields.text("zh"), fields.text("en")) if isinstance(node, Entries) else Label("", "")
        fields.close()
        return label

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        node = self.node(key)
        return default if node is None else as_flag(node, self.notes)

    def integer(self, key: str, *, low: int, high: int) -> int:
        """Return a required whole number within both bounds."""
        return as_integer(self.required(key), self.notes, low=low, high=high)

    def integer_or_none(self, key: str, *, low: int, high: int) -> int | None:
        """Return a whole number within both bounds, or None where it is absent."""
        node = self.node(key)
        return None if node is None else as_integer(node, self.notes, low=low, high=high)

    def choice(self, key: str, options: type[E]) -> E:
        """Return a required member of a closed set."""
        return as_choice(self.required(key), options, self.notes)

    def choices(self, key: str, options: type[E]) -> tuple[E, ...]:
        """Return a list of members of a closed set; an absent list is a problem."""
        self.required(key)
        return tuple(as_choice(n, options, self.notes) for n in self.items(key))

    def items(self, key: str) -> tuple[Node, ...]:
        """Return the members of a list, none where it is absent."""
        node = self.node(key)
        if node is None:
            return ()
        if isinstance(node, Items):
            return node.items
        self.notes.error(node.at, f"「{key}」应当是列表", f'"{key}" must be a list')
        return ()

    def each(self, key: str, read: Callable[[Fields], T]) -> tuple[T, ...]:
        """Return what `read` makes of every mapping in a list; absent lists give none."""
        return tuple(
            _closed(Fields(n, self.notes), read) for n in self.items(key) if _is_mapping(n, self.notes)
        )


def _is_mapping(node: Node, notes: Notes) -> bool:
    if isinstance(node, Entries):
        return True
    notes.error(node.at, "这里应当是「键: 值」", "a mapping (key: value) is expected here")
    return False


def _closed(fields: Fields, read: Callable[[Fields], T]) -> T:
    value = read(fields)
    fields.close()
    return value


def as_text(node: Node | None, notes: Notes) -> str:
    """Return the text of a scalar, without blanks at both ends; a blank one is a problem."""
    if node is None:
        return ""
    if not isinstance(node, Leaf):
        notes.error(node.at, "这里应当是文字", "a text is expected here")
        return ""
    text = node.text.strip()
    if not text:
        notes.error(node.at, "文字不能为空", "the text is empty")
    return text


def as_name(node: Node | None, notes: Notes) -> str:
    """Return a name; one that does not look like a name is a problem and yields an empty one."""
    text = as_text(node, notes)
    if text and node is not None and not _NAME.match(text):
        word = shown(text)
        notes.error(
            node.at,
            f"「{word}」不是有效名称：只能用小写字母、数字和下划线，字母开头，最多 60 个字符",
            f'"{word}" is no name: use lower-case letters, digits and _, a letter first, at most 60',
        )
        return ""
    return text


def as_reference(node: Node | None, notes: Notes) -> str:
    """Return what should be the id of something else: whatever is written, for `pack_names` to tell of."""
    text = as_text(node, notes)
    return text if len(text) <= LONGEST_SHOWN else as_name(node, notes)


def as_flag(node: Node, notes: Notes) -> bool:
    """Return true or false, written exactly so."""
    if isinstance(node, Leaf) and not node.quoted and node.text in {"true", "false"}:
        return node.text == "true"
    notes.error(node.at, "这里应当是 true 或 false", "true or false is expected here")
    return False


def as_integer(node: Node | None, notes: Notes, *, low: int, high: int) -> int:
    """Return a whole number within both bounds."""
    if node is None:
        return low
    if isinstance(node, Leaf) and _INTEGER.match(node.text) and low <= int(node.text) <= high:
        return int(node.text)
    notes.error(
        node.at, f"这里应当是 {low} 到 {high} 的整数", f"a whole number from {low} to {high} is expected"
    )
    return low


def as_decimal(node: Node | None, notes: Notes) -> Decimal:
    """Return a number with at most 12 digits before and 6 after the point."""
    if node is None:
        return Decimal(0)
    if isinstance(node, Leaf) and _DECIMAL.match(node.text):
        return Decimal(node.text)
    notes.error(node.at, '这里应当是数字，例如 "0.5"', 'a number such as "0.5" is expected here')
    return Decimal(0)


def as_choice(node: Node | None, options: type[E], notes: Notes) -> E:
    """Return a member of a closed set; the first one stands in for a wrong word."""
    members = {member.value: member for member in options}
    first = next(iter(options))
    if node is None:
        return first
    text = node.text if isinstance(node, Leaf) else ""
    if text in members:
        return members[text]
    notes.unknown(
        node.at, f"选项（可选：{'、'.join(members)}）", f"option ({', '.join(members)})", text, members
    )
    return first


def as_scalar(node: Node, notes: Notes) -> Scalar:
    """Return a value as written: true/false, a whole number, a decimal number, else a text."""
    if not isinstance(node, Leaf):
        notes.error(node.at, "这里应当是单个值", "a single value is expected here")
        return False
    text = node.text.strip()
    if node.quoted:
        return text
    if text in {"true", "false"}:
        return text == "true"
    if _INTEGER.match(text):
        return int(text)
    return Decimal(text) if _DECIMAL.match(text) else text


def one_of(fields: Fields, keys: Iterable[str], zh: str, en: str) -> str | None:
    """Return the one key of `keys` that is written; none or several of them is a problem."""
    options = tuple(keys)
    written = [key for key in options if fields.has(key)]
    if len(written) == 1:
        return written[0]
    listed = ", ".join(options)
    fields.notes.error(
        fields.at,
        f"{zh}必须且只能有一项：{listed}",
        f"{en} needs exactly one of: {listed}",
    )
    return written[0] if written else None
