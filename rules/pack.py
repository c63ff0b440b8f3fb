"""YAML files to a `Pack`, with ALL problems of all files at once.

It judges form, names and types; `check` judges sense.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar, cast

from rules import checks, pack_places, pack_rules, pack_signals, pack_times
from rules.fields import Fields, as_name, as_scalar
from rules.model import (
    CalendarTable,
    Designation,
    DismissalReason,
    Label,
    Location,
    Pack,
    Route,
    RuleKind,
    Scalar,
    ServicePeriod,
)
from rules.pack_names import check_names
from rules.pack_parts import Part, Parts
from rules.pack_periods import read_periods
from rules.pack_settings import with_settings
from rules.problem import Notes, Problem, shown
from rules.yamltree import LARGEST_FILE, Entries, Leaf, read_tree

T = TypeVar("T")

FILES = (
    "pack.yaml",
    "lexicons.yaml",
    "signals.yaml",
    "topics.yaml",
    "places.yaml",
    "units.yaml",
    "routing.yaml",
    "severity.yaml",
    "deadlines.yaml",
    "calendar.yaml",
    "supervision.yaml",
    "scoring.yaml",
)
HIGHEST_VERSION = 1_000_000


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of reading a pack.

    `pack` is there only when no problem is an error. `draft` is also there where nothing but whole files is
    missing, for an author who checks a half-written pack.
    """

    pack: Pack | None
    problems: tuple[Problem, ...]
    draft: Pack | None = None
    missing: frozenset[str] = frozenset()


def load_pack(folder: Path) -> Loaded:
    """Return the pack of a folder and all of its problems, by file and line; nothing in a file raises."""
    notes = Notes()
    files = pack_files(folder, notes)
    if not folder.is_dir():
        return Loaded(None, notes.problems)  # not a dozen missing files as well
    return _load(files, notes)


def load_pack_bytes(files: Mapping[str, bytes], parts: Parts | None = None) -> Loaded:
    """Return the pack of these files (name -> content), e.g. one stored in the database.

    Args:
        files: name -> content.
        parts: readings of single files that may be taken from there and are kept there.
    """
    return _load(files, Notes(), parts)


def digest_of(files: Mapping[str, bytes]) -> str:
    """Return "sha256:" + hex over names and contents of the files of the pack format, sorted by name."""
    total = hashlib.sha256()
    for name in sorted(name for name in files if name in FILES):
        # Lengths keep two different sets of files from giving the same stream.
        for part in (name.encode(), files[name]):
            total.update(len(part).to_bytes(8, "big"))
            total.update(part)
    return f"sha256:{total.hexdigest()}"


def pack_files(folder: Path, notes: Notes | None = None) -> dict[str, bytes]:
    """Return the files of the pack format in a folder, as bytes to store or to load.

    Args:
        folder: of the pack.
        notes: receives unreadable, oversized and foreign files.
    """
    notes = notes if notes is not None else Notes()
    files: dict[str, bytes] = {}
    if not folder.is_dir():
        at = Location("pack.yaml", 1, 1)
        notes.found(checks.FILE, at, "规则包目录不存在", "the folder of the pack does not exist")
        return files
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in {".yaml", ".yml"}:
            continue
        at = Location(path.name, 1, 1)
        if path.name not in FILES:
            notes.unknown(at, "文件名", "file name", path.name, FILES)
            continue
        try:
            with path.open("rb") as stream:
                files[path.name] = stream.read(LARGEST_FILE + 1)
        except OSError as error:
            reason = shown(error.strerror or "")
            notes.found(checks.FILE, at, f"文件无法读取：{reason}", f"the file cannot be read: {reason}")
    return files


def _load(files: Mapping[str, bytes], notes: Notes, parts: Parts | None = None) -> Loaded:
    reader = _Reader(files, notes, parts)
    draft = reader.pack()
    whole = not notes.has_errors
    for name in FILES:
        if name not in files:
            at = Location(name, 1, 1)
            notes.found(checks.FILE, at, f"缺少文件 {name}", f"the file {name} is missing")
    if draft is not None:
        checked = Notes()
        check_names(draft, reader.read, checked)
        for problem in checked.problems:
            notes.again(problem)
        whole = whole and not checked.has_errors
    return Loaded(
        pack=None if notes.has_errors else draft,
        problems=notes.problems,
        draft=draft if whole else None,
        missing=frozenset(FILES) - frozenset(files),
    )


class _Reader:
    """Reads file after file; `read` names those that hold a mapping."""

    def __init__(self, files: Mapping[str, bytes], notes: Notes, parts: Parts | None) -> None:
        self._files = files
        self._notes = notes
        self._parts = parts
        self.read: set[str] = set()

    def pack(self) -> Pack:
        """Return the pack; parts that could not be read are empty, and a problem says so."""
        head = self._file("pack.yaml", _read_head, _NO_HEAD)
        designations, routes = self._file("routing.yaml", _read_routing, _NO_ROUTING)
        calendar, periods = self._file("calendar.yaml", _read_calendar, _NO_CALENDAR)
        pack = replace(
            head,
            digest=digest_of(self._files),
            lexicons=self._file("lexicons.yaml", pack_signals.read_lexicons, ()),
            signals=self._file("signals.yaml", pack_signals.read_signals, ()),
            topics=self._file("topics.yaml", pack_signals.read_topics, ()),
            places=self._file("places.yaml", pack_places.read_places, ()),
            units=self._file("units.yaml", pack_places.read_units, ()),
            designations=designations,
            routes=routes,
            severity=self._file("severity.yaml", lambda f: pack_rules.read_rules(f, RuleKind.SEVERITY), ()),
            scoring=self._file("scoring.yaml", lambda f: pack_rules.read_rules(f, RuleKind.SCORING), ()),
            deadlines=self._file("deadlines.yaml", pack_times.read_deadlines, pack_times.NO_DEADLINES),
            calendar=calendar,
            periods=periods,
            ladder=self._file("supervision.yaml", pack_times.read_ladder, ()),
        )
        return with_settings(pack)

    def _file(self, name: str, read: Callable[[Fields], T], nothing: T) -> T:
        raw = self._files.get(name)
        if raw is None:
            return nothing
        part = self._parts.get(name, raw) if self._parts is not None else None
        if part is None:
            part = _read(name, raw, read, nothing)
            if self._parts is not None:
                self._parts.keep(name, raw, part)
        for problem in part.problems:
            self._notes.again(problem)
        if part.is_mapping:
            self.read.add(name)
        return cast("T", part.value)  # the same reader made it: one name has one reader


def _read(name: str, raw: bytes, read: Callable[[Fields], T], nothing: T) -> Part:
    notes = Notes()
    tree = read_tree(name, raw, notes)
    if tree is None or (isinstance(tree, Leaf) and tree.is_null):
        if not notes.problems:
            notes.error(Location(name, 1, 1), "文件是空的", "the file is empty")
        return Part(nothing, notes.problems, is_mapping=False)
    fields = Fields(tree, notes)
    value = read(fields)
    fields.close()
    return Part(value, notes.problems, isinstance(tree, Entries))


def _read_routing(fields: Fields) -> tuple[tuple[Designation, ...], tuple[Route, ...]]:
    return pack_places.read_designations(fields), pack_places.read_routes(fields)


def _read_calendar(fields: Fields) -> tuple[CalendarTable, tuple[ServicePeriod, ...]]:
    return pack_times.read_calendar(fields), read_periods(fields)


_NO_CALENDAR: tuple[CalendarTable, tuple[ServicePeriod, ...]] = (pack_times.NO_CALENDAR, ())
_NO_ROUTING: tuple[tuple[Designation, ...], tuple[Route, ...]] = ((), ())

_NO_HEAD = Pack(
    id="",
    version=0,
    digest="",
    title=Label("", ""),
    county_code="",
    county=Label("", ""),
    groups=(),
    lexicons=(),
    signals=(),
    topics=(),
    places=(),
    units=(),
    designations=(),
    routes=(),
    severity=(),
    scoring=(),
    dismissals=(),
    deadlines=pack_times.NO_DEADLINES,
    calendar=pack_times.NO_CALENDAR,
    ladder=(),
)


def _read_head(fields: Fields) -> Pack:
    county = Fields(fields.required("county"), fields.notes)
    head = replace(
        _NO_HEAD,
        id=fields.name("pack"),
        version=fields.integer("version", low=1, high=HIGHEST_VERSION),
        title=fields.label("title"),
        county_code=county.text("code"),
        county=Label(county.text("zh"), county.text("en")),
        groups=fields.texts("groups"),
        settings=_settings(fields),
        dismissals=fields.each("dismissals", _dismissal),
    )
    county.close()
    return head


def _settings(fields: Fields) -> tuple[tuple[str, Scalar], ...]:
    node = fields.node("settings")
    if node is None:
        return ()
    if not isinstance(node, Entries):
        fields.notes.error(node.at, "settings 应当是「名称: 值」", "settings must be name: value")
        return ()
    return tuple(
        (
            as_name(Leaf(entry.key, quoted=False, at=entry.at), fields.notes),
            as_scalar(entry.value, fields.notes),
        )
        for entry in node.entries
    )


def _dismissal(fields: Fields) -> DismissalReason:
    name = fields.name("id")
    fields.notes = fields.notes.about(name)
    return DismissalReason(name, fields.label("title"))
