"""What differs between two stored versions of the rules, or between a draft and the version it began from."""

from __future__ import annotations

import difflib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import NotFound

from app.accounts.current import current_actor
from app.extensions import house
from app.guard import permitted
from app.pages.packs_books import pack_of, stored_pack_of
from app.pages.packs_draft import Head, head_of
from app.pages.packs_words import FILE_LABELS, short_ref
from app.web.fields import choices, one_of
from app.web.forms import ProtectedForm
from casework.desk.unit import UnitOfWork
from casework.roles import Permission
from casework.store.packs import pack_files, pack_lines
from rules.diff import SUBJECT_LABELS, Change, differences
from rules.diff_parts import Subject
from rules.model import Label, Pack

AROUND = 2
"""Lines of context around a change."""


class PairForm(ProtectedForm):
    """Which two versions."""

    old = one_of(_l("从哪一版"))
    new = one_of(_l("到哪一版"))


@dataclass(frozen=True, slots=True)
class FileDifference:
    """A file in which two packs differ, line by line."""

    name: str
    lines: tuple[str, ...]
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Compared:
    """Two packs by reference, and in what they differ.

    Attributes:
        words: by subject; None where one of the two cannot be read as a pack.
    """

    old: str
    new: str
    words: tuple[tuple[Label, tuple[Change, ...]], ...] | None
    files: tuple[FileDifference, ...]


def add_to(blueprint: Blueprint) -> None:
    """Add the page to a blueprint."""
    blueprint.add_url_rule("/difference", "difference", difference)


@permitted(Permission.RULES_VIEW)
def difference() -> ResponseReturnValue:
    """Show what differs between two versions, and ask which where they are not named."""
    old, new = request.args.get("old", ""), request.args.get("new", "")
    draft_id = request.args.get("draft", type=uuid.UUID)
    with house().transactions.read(current_actor()) as uow:
        head = head_of(uow, draft_id) if draft_id else None
        refs = [line.ref for line in pack_lines(uow.session, uow.county)]
        before = _stored(uow, old) if old else None
        after = _draft_files(head) if head else _stored(uow, new) if new else None
    form = PairForm(formdata=None, data={"old": old, "new": new})
    form.old.choices = form.new.choices = choices((ref, short_ref(ref)) for ref in refs)
    compared = None
    if before is not None and after is not None:
        packs = (stored_pack_of(before, old), pack_of(after) if head else stored_pack_of(after, new))
        compared = Compared(old, head.draft.ref if head else new, in_words(*packs), differing(before, after))
    return render_template("pages/pack_difference.html", head=head, form=form, compared=compared)


def in_words(old: Pack | None, new: Pack | None) -> tuple[tuple[Label, tuple[Change, ...]], ...] | None:
    """Return what differs between two packs, by subject in the order in which it first comes."""
    if old is None or new is None:
        return None
    groups: dict[Subject, list[Change]] = {}
    for change in differences(old, new):
        groups.setdefault(change.subject, []).append(change)
    return tuple((SUBJECT_LABELS[subject], tuple(found)) for subject, found in groups.items())


def differing(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> tuple[FileDifference, ...]:
    """Return the files that differ, in the order of the tabs."""
    return tuple(
        _of_file(name, old.get(name, b""), new.get(name, b""))
        for name in FILE_LABELS
        if old.get(name, b"") != new.get(name, b"")
    )


def _of_file(name: str, old: bytes, new: bytes) -> FileDifference:
    before, after = (content.decode().split("\n") for content in (old, new))
    lines = [
        line
        for line in difflib.unified_diff(before, after, lineterm="", n=AROUND)
        if not line.startswith(("---", "+++"))
    ]
    added, removed = (sum(line.startswith(mark) for line in lines) for mark in "+-")
    return FileDifference(name, tuple(lines), added, removed)


def _stored(uow: UnitOfWork, ref: str) -> dict[str, bytes]:
    files = pack_files(uow.session, uow.county, ref)
    if files is None:
        raise NotFound
    return files


def _draft_files(head: Head) -> dict[str, bytes]:
    return {name: text.encode() for name, text in head.draft.files.items()}
