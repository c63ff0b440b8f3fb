"""The person's desk: what the system would not decide alone, and the ways to settle it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.accounts.current import current_actor
from app.errors import status_of
from app.extensions import house
from app.guard import permitted
from app.pages.after_act import led_on
from app.pages.case_judgement import ShownPost, explained, shown_text
from app.pages.desk_forms import (
    AttachForm,
    DismissForm,
    NoteForm,
    OpenForm,
    Ways,
    attach_form,
    dismiss_form,
    made,
    open_form,
)
from app.pages.desk_list import desk_list
from app.pages.error_words import in_names
from app.pages.next_step import awaited
from app.pages.same_matter import likeness_of
from app.pages.screen_words import feature_names
from app.web.forms import ProtectedForm, flash_error, put_error
from app.web.language import either, in_language
from casework.access import is_permitted, visibility
from casework.desk import settle
from casework.desk.by_hand import open_by_hand
from casework.desk.same_matter import say_different
from casework.desk.unit import UnitOfWork
from casework.errors import CaseworkError
from casework.post_refusals import ItemClosed, NoSuchItem
from casework.roles import Permission
from casework.store.case_records import CaseHead, heads_of
from casework.store.case_view import unit_names
from casework.store.desk_items import DeskItem, ItemKind, Place, item
from casework.store.posts import PostView, post_view
from casework.store.turns import Turn
from rules.model import DemandClass, Grade

blueprint = Blueprint("person_desk", __name__, url_prefix="/desk")


@dataclass(frozen=True, slots=True)
class Opened:
    """An item as its page shows it; `for_director`: why it is not this person's to take note of."""

    item: DeskItem
    case: CaseHead | None
    post: PostView | None
    shown: ShownPost | None
    ways: Ways
    for_director: str | None = None


@blueprint.get("")
@permitted(Permission.CASE_DISMISS)
def items() -> ResponseReturnValue:
    """Show what waits for a person, the gravest first, and below it the cases that stand still."""
    actor = current_actor()
    wanted = request.args.get("kind", "")
    kind = ItemKind(wanted) if wanted in set(ItemKind) else None
    after = request.args.get("after", type=Place.read)
    with house().transactions.read(actor) as uow:
        found = desk_list(uow, visibility(actor), kind, after)
        units = {code: in_language(name) for code, name in unit_names(uow.session, uow.county).items()}
    values = {"kind": kind.value} if kind else {}
    return render_template(
        "pages/desk.html",
        desk=found,
        kind=kind,
        units=units,
        first=url_for("person_desk.items", **values) if after else None,
        older=url_for("person_desk.items", **values, after=found.after) if found.after else None,
    )


@blueprint.get("/<uuid:item_id>")
@permitted(Permission.CASE_DISMISS)
def show(item_id: uuid.UUID) -> ResponseReturnValue:
    """Show one item and the ways to settle it."""
    return _page(item_id)


@blueprint.post("/<uuid:item_id>/open")
@permitted(Permission.CASE_CONFIRM)
def open_case(item_id: uuid.UUID) -> ResponseReturnValue:
    """Open a case by hand."""

    def run(uow: UnitOfWork, form: OpenForm) -> uuid.UUID:
        return open_by_hand(
            uow,
            item_id,
            grade=Grade(form.grade.data),
            demand=DemandClass(form.demand.data),
            topic=form.topic.data or None,
            lead=form.lead.data or None,
            assist=form.assist.data or (),
            accused=form.accused.data or (),
            reason=form.reason.data,
        )

    return _settled(item_id, "open", run)


@blueprint.post("/<uuid:item_id>/attach")
@permitted(Permission.CASE_MERGE)
def attach(item_id: uuid.UUID) -> ResponseReturnValue:
    """Put the post into an open case."""

    def run(uow: UnitOfWork, form: AttachForm) -> uuid.UUID:
        case_id = uuid.UUID(form.case_id.data)
        settle.attach(uow, item_id, case_id=case_id, reason=form.reason.data)
        return case_id

    return _settled(item_id, "attach", run)


@blueprint.post("/<uuid:item_id>/dismiss")
@permitted(Permission.CASE_DISMISS)
def dismiss(item_id: uuid.UUID) -> ResponseReturnValue:
    """Dismiss the post."""

    def run(uow: UnitOfWork, form: DismissForm) -> None:
        settle.dismiss(uow, item_id, reason_id=form.reason_id.data, note=form.note.data)

    return _settled(item_id, "dismiss", run)


@blueprint.post("/<uuid:item_id>/acknowledge")
@permitted(Permission.CASE_CONFIRM)
def acknowledge(item_id: uuid.UUID) -> ResponseReturnValue:
    """Take note."""

    def run(uow: UnitOfWork, form: NoteForm) -> None:
        settle.acknowledge(uow, item_id, note=form.note.data)

    return _settled(item_id, "acknowledge", run)


@blueprint.post("/<uuid:item_id>/different")
@permitted(Permission.CASE_MERGE)
def different(item_id: uuid.UUID) -> ResponseReturnValue:
    """Say that two cases are not one matter."""
    try:
        with house().transactions.write(current_actor()) as uow:
            say_different(uow, item_id)
    except NoSuchItem as error:
        raise NotFound from error
    except CaseworkError as error:
        flash_error(error)
    else:
        flash(_("已记下：不是同一事项，不再提示。"), "success")
    return redirect(url_for("person_desk.items"))


def _settled(
    item_id: uuid.UUID, way: str, run: Callable[[UnitOfWork, ProtectedForm], uuid.UUID | None]
) -> ResponseReturnValue:
    """Settle the item in one way, or show it again with what was typed and what is wrong."""
    with house().transactions.read(current_actor()) as uow:
        form = getattr(_opened(uow, item_id, sent=way).ways, way)
    if form is None:
        flash(_("这一项不能这样处理。"), "danger")
        return redirect(url_for("person_desk.show", item_id=item_id))
    if not form.validate():
        return _page(item_id, failed=(way, form)), 400
    try:
        with house().transactions.write(current_actor()) as uow:
            case_id = run(uow, form)
    except ItemClosed as error:
        flash_error(error)
        return redirect(url_for("person_desk.items"))
    except CaseworkError as error:
        field = getattr(error, "field", None)
        if field in form:
            put_error(form[field], in_names(error))
        else:
            flash_error(in_names(error))
        return _page(item_id, failed=(way, form)), status_of(error)
    if case_id:
        return led_on(case_id, _("已处理"))
    flash(_("已处理"), "success")
    return redirect(url_for("person_desk.items"))


def _page(item_id: uuid.UUID, *, failed: tuple[str, ProtectedForm] | None = None) -> str:
    with house().transactions.read(current_actor()) as uow:
        opened = _opened(uow, item_id)
        likeness = likeness_of(uow, item_id) if opened.item.closed_at is None else None
        units = {code: in_language(name) for code, name in unit_names(uow.session, uow.county).items()}
        names = feature_names(uow.rulebook.pack)
        why = explained(uow, opened.shown.decision if opened.shown else None)
    forms = {way: getattr(opened.ways, way) for way in ("open", "attach", "dismiss", "acknowledge")}
    if failed is not None:
        forms[failed[0]] = failed[1]
    return render_template(
        "pages/desk_item.html",
        opened=opened,
        likeness=likeness,
        item=opened.item,
        forms=forms,
        failed=failed[0] if failed else None,
        units=units,
        waits=awaited(opened.case) if opened.case else None,
        names=names,
        explained=why,
    )


def _opened(uow: UnitOfWork, item_id: uuid.UUID, *, sent: str = "") -> Opened:
    sight = visibility(uow.actor)
    found = item(uow.session, sight, item_id)
    if found is None:
        raise NotFound from NoSuchItem(item_id)
    post = post_view(uow.session, sight, found.post_id) if found.post_id else None
    pack = uow.rulebook.pack
    shown = shown_text(post.decisions, post.line.title, post.text, pack) if post else None
    case = heads_of(uow.session, [found.case_id]).get(found.case_id) if found.case_id else None
    if found.closed_at is not None:
        return Opened(found, case, post, shown, Ways())
    is_loose = post is not None and post.line.case_id is None
    told = settle.left_to_a_director(uow.actor, found)
    return Opened(
        found,
        case,
        post,
        shown,
        Ways(
            open=open_form(post, pack, is_sent=sent == "open") if is_loose else None,
            attach=attach_form(uow, post, is_sent=sent == "attach")
            if post and is_loose and is_permitted(uow.actor, Permission.CASE_MERGE)
            else None,
            dismiss=dismiss_form(pack, about_life=found.turn is Turn.LIFE, is_sent=sent == "dismiss")
            if is_loose and found.kind is ItemKind.TRIAGE
            else None,
            acknowledge=made(NoteForm, is_sent=sent == "acknowledge")
            if found.kind not in settle.TO_BE_RULED and settle.left_to_a_director(uow.actor, found) is None
            else None,
        ),
        for_director=either(told.zh, told.en) if told else None,
    )
