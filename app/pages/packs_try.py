"""One text under the rules of a draft, beside what it comes to under those in force. Nothing is stored."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField

from app.accounts.current import current_actor
from app.extensions import house
from app.guard import permitted
from app.pages import trial
from app.pages.packs_books import book_of
from app.pages.packs_draft import head_of, plain
from app.pages.packs_words import FILE_LABELS
from app.web.forms import ProtectedForm, at_most, needed
from app.web.language import in_language
from casework.intake import LONGEST_TEXT, LONGEST_TITLE
from casework.roles import Permission
from casework.workdays import local_day

blueprint = Blueprint("try", __name__, url_prefix="/drafts/<uuid:draft_id>/try")


class TryForm(ProtectedForm):
    """A text to be tried under two packs; nothing of it is kept."""

    tried_title = StringField(_l("标题"), [at_most(LONGEST_TITLE)])
    tried_text = TextAreaField(_l("正文"), [needed(), at_most(LONGEST_TEXT)])


@blueprint.post("")
@permitted(Permission.RULES_VIEW)
def attempt(draft_id: uuid.UUID) -> ResponseReturnValue:
    """Show what a text comes to under the draft, as it stands in the editor, and under the rules in force."""
    form = TryForm()
    with house().transactions.read(current_actor()) as uow:
        head = head_of(uow, draft_id)
        base, today = uow.rulebook, local_day(uow.now)
    is_live = bool(request.headers.get("HX-Request"))
    template = "pages/_pack_tried.html" if is_live else "pages/pack_tried.html"
    if is_live and not (form.tried_text.data or "").strip():
        book_of(_files(head.draft.files))  # the text is pasted in a moment: what it needs is ready then
        return render_template(template, head=head, form=form, sides=(), is_empty=True)
    if not form.validate():
        return render_template(template, head=head, form=form, sides=()), 400
    draft = book_of(_files(head.draft.files))
    title, text = form.tried_title.data or "", form.tried_text.data
    cache = house().settings.data_dir / "jieba"
    sides = tuple(
        trial.of(book, title, text, cache=cache, on=today) if book else None for book in (draft, base)
    )
    return render_template(
        template,
        head=head,
        form=form,
        sides=sides,
        units={
            unit.id: in_language(unit.name)
            for book in (base, draft)
            if book is not None
            for unit in book.pack.units
        },
    )


def _files(stored: Mapping[str, str]) -> dict[str, bytes]:
    """Return the files of a draft with the one that is being typed."""
    files = {name: text.encode() for name, text in stored.items()}
    name = request.form.get("file", "")
    if name in FILE_LABELS and "text" in request.form:
        files[name] = plain(request.form["text"]).encode("utf-8", "replace")
    return files
