"""The page on which a draft of a rule pack is written: a file at a time, checked while one types.

What a check finds is kept only where somebody asks for it; how a draft is tried and decided on stands in
`packs_trials` and `packs_steps`.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import InputRequired

from app.accounts.current import current_actor
from app.errors import status_of
from app.extensions import house
from app.guard import permitted
from app.pages.packs_books import examined, make_ready, pack_of
from app.pages.packs_offers import Offers, offers
from app.pages.packs_words import FILE_LABELS
from app.web.forms import ProtectedForm, flash_error
from casework.desk.decidable import hindrance
from casework.desk.drafting import counted_in, edit_file, files_to_check, note_check
from casework.desk.unit import UnitOfWork
from casework.errors import CaseworkError
from casework.pack_refusals import StaleDraft
from casework.packs import PackDraft
from casework.roles import Permission
from casework.store.drafts import DraftView, draft_view, find_draft
from casework.store.packs import active_ref, pack_files
from casework.store.sample_texts import sample_texts
from rules.check import has_errors
from rules.problem import Level, Problem

_ID = re.compile(r"[ ]*- (?:\{ *)?id: *([a-z][a-z0-9_]*)")
_TITLE = re.compile(r"\b(?:zh|name): *([^,}]+)")
LARGEST_TYPED = 900_000
"""Bytes of a file that can be edited here: the application takes forms of up to 1 MiB."""
TITLE_WITHIN = 1  # lines below the id

blueprint = Blueprint("draft", __name__, url_prefix="/drafts/<uuid:draft_id>")


class VersionForm(ProtectedForm):
    """A button on a draft, as the page showed it."""

    version = IntegerField(validators=[InputRequired()])


class EditForm(VersionForm):
    """A file as it was typed; `seen` is the digest of the file when the page was made."""

    file = HiddenField()
    text = TextAreaField()
    seen = HiddenField()


@dataclass(frozen=True, slots=True)
class Clash:
    """Two texts of one file: the one that was typed here and the one that somebody saved meanwhile."""

    typed: str
    stored: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a file by its id, and the line on which it begins; `title` may be empty."""

    id: str
    title: str
    line: int


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of every page of a draft shows."""

    view: DraftView
    draft: PackDraft
    offers: Offers


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found, for the page: the file that is open first, then by level.

    Attributes:
        problems: those that the draft brings with it.
        old: those that the rules in force have as well; nobody has to read them again for this draft.
    """

    problems: tuple[Problem, ...]
    old: tuple[Problem, ...]
    counts: dict[Level, int]
    by_file: dict[str, int]


@blueprint.get("")
@permitted(Permission.RULES_VIEW)
def show(draft_id: uuid.UUID) -> ResponseReturnValue:
    """Show one file of a draft with the last check."""
    make_ready()
    return _page(draft_id, _file_asked(request.args.get("file", "")))


@blueprint.post("/save")
@permitted(Permission.RULES_EDIT)
def save(draft_id: uuid.UUID) -> ResponseReturnValue:
    """Save one file; where somebody else changed the same file, show both texts and save nothing."""
    form = EditForm()
    name, text = _file_asked(form.file.data or ""), plain(form.text.data or "")
    if not form.validate():
        return _page(draft_id, name, typed=text), 400
    try:
        version = _saved(draft_id, form.version.data, name, text, form.seen.data or "")
    except StaleDraft:
        return _page(draft_id, name, typed=text, is_clash=True), 409
    except CaseworkError as error:
        flash_error(error)
        return _page(draft_id, name, typed=text), status_of(error)
    if request.form.get("then") == "check":
        return _checked(draft_id, version, name)
    flash(_("已保存。"), "success")
    return redirect(url_for("packs.draft.show", draft_id=draft_id, file=name))


@blueprint.post("/check")
@permitted(Permission.RULES_EDIT)
def check(draft_id: uuid.UUID) -> ResponseReturnValue:
    """Check the stored files and keep what was found."""
    form = VersionForm()
    name = _file_asked(request.form.get("file", ""))
    if not form.validate():
        return _page(draft_id, name), 400
    return _checked(draft_id, form.version.data, name)


@blueprint.post("/live")
@permitted(Permission.RULES_EDIT)
def live(draft_id: uuid.UUID) -> ResponseReturnValue:
    """Show what a check finds in the draft with the text that is being typed. Nothing is stored."""
    name = _file_asked(request.form.get("file", ""))
    with house().transactions.read(current_actor()) as uow:
        files = files_to_check(uow, draft_id)
        active = files_in_force(uow)
    files[name] = plain(request.form.get("text", "")).encode("utf-8", "replace")
    found = found_in(examined(files).problems, name, active)
    return render_template(
        "pages/_pack_problems.html", draft_id=draft_id, file=name, found=found, is_live=True
    )


def plain(text: str) -> str:
    """Return what was typed with the line ends of files; a browser sends others."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def files_in_force(uow: UnitOfWork) -> Mapping[str, bytes]:
    """Return the files of the rules in force; empty where there are none."""
    ref = active_ref(uow.session, uow.county, uow.now)
    return (pack_files(uow.session, uow.county, ref) if ref else None) or {}


def found_in(problems: tuple[Problem, ...], name: str, active: Mapping[str, bytes]) -> Found:
    """Return problems as the page lists them: errors first, those of the open file before others.

    Args:
        problems: of a draft.
        name: of the open file.
        active: the files in force. They are examined, some tenths of a second once a process: call it outside
            every transaction.
    """
    levels = list(Level)
    order = sorted(problems, key=lambda one: (one.location.file != name, levels.index(one.level)))
    by_file: dict[str, int] = {}
    for one in problems:
        by_file[one.location.file] = by_file.get(one.location.file, 0) + 1
    known = {_said(one) for one in examined(active).problems} if active and problems else set()
    return Found(
        tuple(one for one in order if _said(one) not in known),
        tuple(one for one in order if _said(one) in known),
        {level: sum(p.level is level for p in problems) for level in Level},
        by_file,
    )


def _said(problem: Problem) -> tuple[str, str, str, str]:
    return problem.code, problem.location.file, problem.rule_id, problem.zh  # lines move with every edit


def items_of(text: str) -> tuple[Item, ...]:
    """Return the items of a file in its order, found by the look of their lines: it need not be sound."""
    rows = text.split("\n")
    found = []
    for number, row in enumerate(rows, start=1):
        if named := _ID.match(row):
            near = _TITLE.search(" ".join(rows[number - 1 : number + TITLE_WITHIN]))
            found.append(Item(named[1], near[1].strip() if near else "", number))
    return tuple(found)


def head_of(uow: UnitOfWork, draft_id: uuid.UUID) -> Head:
    """Return what the head of a page of this draft shows to the person at the screen."""
    view = draft_view(uow.session, uow.county, draft_id)
    return Head(view, view.draft, offers(view.draft, uow.actor, hindrance(uow, view.draft)))


def _page(draft_id: uuid.UUID, name: str, *, typed: str | None = None, is_clash: bool = False) -> str:
    with house().transactions.read(current_actor()) as uow:
        head = head_of(uow, draft_id)
        active = files_in_force(uow)
    stored = head.draft.files.get(name, "")
    line = request.args.get("line", type=int)
    rows = stored.split("\n")
    return render_template(
        "pages/pack_draft.html",
        head=head,
        files=FILE_LABELS,
        file=name,
        text=stored if typed is None else typed,
        is_unsaved=typed is not None,
        is_too_long=len(stored.encode()) > LARGEST_TYPED,
        seen=_digest(stored),
        clash=_clash(typed or "", stored) if is_clash else None,
        found=found_in(head.view.problems, name, active),
        items=items_of(stored if typed is None else typed),
        line=line,
        line_text=rows[line - 1] if line and 0 < line <= len(rows) else None,
        column=request.args.get("column", default=1, type=int),
    )


def _file_asked(name: str) -> str:
    if not name:
        return next(iter(FILE_LABELS))
    if name not in FILE_LABELS:
        raise NotFound
    return name


def _saved(draft_id: uuid.UUID, version: int, name: str, text: str, seen: str) -> int:
    """Save a file; a change of another file, or a check, since the page was made is no clash."""
    with house().transactions.write(current_actor()) as uow:
        try:
            return edit_file(uow, draft_id, version=version, name=name, text=text)
        except StaleDraft:
            draft = find_draft(uow.session, uow.county, draft_id)
            if _digest(draft.files.get(name, "")) != seen:
                raise
            return edit_file(uow, draft_id, version=draft.version, name=name, text=text)


def _checked(draft_id: uuid.UUID, version: int, name: str) -> ResponseReturnValue:
    actor = current_actor()
    with house().transactions.read(actor) as uow:
        files = files_to_check(uow, draft_id)
        texts = sample_texts(uow.session, uow.county)
    # Outside every transaction: it takes a second.
    found = counted_in(examined(files), pack_of(files), texts)
    try:
        with house().transactions.write(actor) as uow:
            note_check(uow, draft_id, version=version, found=found)
    except CaseworkError as error:
        flash_error(error)
        return redirect(url_for("packs.draft.show", draft_id=draft_id, file=name))
    errors = sum(one.level is Level.ERROR for one in found.problems)
    if has_errors(found.problems):
        flash(_("检查发现 %(n)s 处错误，请按右侧提示改正。", n=errors), "warning")
    else:
        flash(_("检查通过。"), "success")
    return redirect(url_for("packs.draft.show", draft_id=draft_id, file=name))


def _clash(typed: str, stored: str) -> Clash:
    lines = difflib.unified_diff(stored.split("\n"), typed.split("\n"), lineterm="", n=2)
    return Clash(typed, stored, tuple(line for line in lines if not line.startswith(("---", "+++"))))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
