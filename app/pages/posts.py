"""The pages of posts: the table, one post with its decision, the form of the duty officer.

No page lists, filters or counts by author; the identity is shown once, to the duty desk, for a purpose.
"""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import NotFound
from wtforms import StringField, TextAreaField
from wtforms.validators import Optional

from app.accounts.current import current_actor
from app.extensions import house
from app.guard import permitted
from app.pages.case_forms import OF_A_DISMISSAL
from app.pages.case_judgement import explained, shown_text
from app.pages.contact import PurposeForm
from app.pages.event_words import sentence
from app.pages.for_another import told_of_own_dismissal
from app.pages.screen_words import feature_names
from app.web.fields import instant, radio
from app.web.forms import ProtectedForm, at_most, flash_error, put_error
from app.web.language import either
from app.web.times import COUNTY_ZONE
from casework.access import is_permitted, visibility
from casework.desk import assess
from casework.desk.identity import contactable, require_reveal, reveal_identity
from casework.desk.receive import note_gone, receive_post
from casework.errors import CaseworkError
from casework.intake import LONGEST_NAME, LONGEST_TITLE, LONGEST_URL, Author, IncomingPost
from casework.post import TriageState
from casework.post_refusals import BadPost, NoSuchPost
from casework.roles import Permission
from casework.store.case_view import unit_names
from casework.store.posts import PostFilter, post_page, post_view
from casework.store.stored_posts import seen_of
from casework.wording import MOST_OF_A_REASON

blueprint = Blueprint("posts", __name__, url_prefix="/posts")

FORM_SOURCE = "form"
LONGEST_SEARCH = 60
WAITING = frozenset({TriageState.PENDING, TriageState.CLAIMED})


class PostForm(ProtectedForm):
    """A post that the duty officer registers by hand."""

    title = StringField(_l("标题"), [at_most(LONGEST_TITLE)])
    text = TextAreaField(_l("正文"))
    platform = StringField(_l("平台"), [at_most(LONGEST_NAME)])
    url = StringField(_l("原帖链接"), [at_most(LONGEST_URL)])
    posted_at = instant(_l("发帖时间"), [Optional()])
    author_handle = StringField(_l("发帖人网名"), [at_most(LONGEST_NAME)])
    author_contact = StringField(_l("联系方式"), [at_most(LONGEST_NAME)])


class ReauditForm(ProtectedForm):
    """An inspector's verdict on a dismissal."""

    verdict = radio(
        _l("抽查结论"),
        _l("请选择抽查结论。"),
        OF_A_DISMISSAL,
    )
    notes = TextAreaField(_l("核查经过"), [at_most(MOST_OF_A_REASON)])


@blueprint.get("")
@permitted(Permission.POST_LIST)
def table() -> ResponseReturnValue:
    """Show the posts that this person may see."""
    actor = current_actor()
    triage = request.args.get("triage", "")
    wanted = PostFilter(
        triage=TriageState(triage) if triage in set(TriageState) else None,
        text=request.args.get("text", "").replace("\0", "")[:LONGEST_SEARCH],
    )
    after = _cursor(request.args.get("after"))
    with house().transactions.read(actor) as uow:
        page = post_page(uow.session, visibility(actor), wanted, after=after)
    values = {name: value for name, value in (("triage", triage), ("text", wanted.text)) if value}
    return render_template(
        "pages/posts.html",
        page=page,
        wanted=wanted,
        first=url_for("posts.table", **values) if after else None,
        older=url_for("posts.table", **values, after=page.after) if page.after else None,
    )


@blueprint.get("/new")
@permitted(Permission.POST_CREATE)
def form() -> ResponseReturnValue:
    """Show the form for a post."""
    return render_template("pages/post_new.html", form=PostForm())


@blueprint.post("/new")
@permitted(Permission.POST_CREATE)
def create() -> ResponseReturnValue:
    """Take a post in; it is triaged by the worker.

    One that is there already is shown. Where it may not be shown, the answer is that of a new one: anything
    else would tell that it is there.
    """
    form = PostForm()
    if not form.validate():
        return render_template("pages/post_new.html", form=form), 400
    author = Author(handle=form.author_handle.data or None, contact=form.author_contact.data or None)
    posted_at = form.posted_at.data
    incoming = IncomingPost(
        source_code=FORM_SOURCE,
        title=form.title.data or "",
        text=form.text.data or "",
        platform=form.platform.data or None,
        url=form.url.data or None,
        posted_at=posted_at.replace(tzinfo=COUNTY_ZONE) if posted_at else None,
        author=None if author.is_empty else author,
    )
    try:
        with house().transactions.write(current_actor()) as uow:
            received = receive_post(uow, incoming)
            is_shown = bool(seen_of(uow.session, visibility(uow.actor), (received.post_id,)))
            named = received.post_id if received.is_new or is_shown else uow.new_id()
    except BadPost as error:
        for field, message in error.problems.items():
            target = form[field] if field in form else form.text  # noqa: SIM401 - a form has no get
            target.errors = [*target.errors, either(message.zh, message.en)]
        return render_template("pages/post_new.html", form=form), 400
    if is_shown and not received.is_new:
        flash(_("这条网帖此前已经登记过，没有重复收录。"), "info")
        return redirect(url_for("posts.show", post_id=named))
    return redirect(url_for("posts.taken", post_id=named))


@blueprint.get("/<uuid:post_id>/taken")
@permitted(Permission.POST_CREATE)
def taken(post_id: uuid.UUID) -> ResponseReturnValue:
    """Say that a post was taken, and go on to it once it is judged and may be seen.

    The page is the same for one that is not judged yet, one that may not be seen and one that does not exist.
    """
    actor = current_actor()
    with house().transactions.read(actor) as uow:
        view = post_view(uow.session, visibility(actor), post_id)
    if view is None or view.line.triage in WAITING:
        return render_template("pages/post_taken.html", post_id=post_id)
    address = url_for("posts.show", post_id=post_id)
    if "HX-Request" in request.headers:
        return Response(status=204, headers={"HX-Redirect": address})
    return redirect(address)


@blueprint.get("/<uuid:post_id>")
@permitted(Permission.POST_LIST)
def show(post_id: uuid.UUID) -> ResponseReturnValue:
    """Show one post."""
    return _page(post_id)


@blueprint.post("/<uuid:post_id>/gone")
@permitted(Permission.CASE_MERGE)
def gone(post_id: uuid.UUID) -> ResponseReturnValue:
    """Note that the post can no longer be seen at its source. That closes nothing."""
    return _changed(post_id, lambda uow: note_gone(uow, post_id))


@blueprint.post("/<uuid:post_id>/identity")
@permitted(Permission.IDENTITY_REVEAL, Permission.IDENTITY_REVEAL_IN_HAND)
def identity(post_id: uuid.UUID) -> ResponseReturnValue:
    """Show who wrote the post, this once, and write the look into the audit log."""
    with house().transactions.read(current_actor()) as uow:
        try:
            require_reveal(uow, post_id)
        except NoSuchPost as error:
            raise NotFound from error
    form = PurposeForm()
    if not form.validate():
        return _page(post_id, purpose=form), 400
    try:
        with house().transactions.write(current_actor()) as uow:
            author = reveal_identity(uow, post_id, purpose=form.purpose.data)
    except CaseworkError as error:
        put_error(form.purpose, error)
        return _page(post_id, purpose=form), 400
    return _page(post_id, author=author)


@blueprint.post("/<uuid:post_id>/reaudit")
@permitted(Permission.CASE_REAUDIT)
def reaudit(post_id: uuid.UUID) -> ResponseReturnValue:
    """Record a second look at a dismissal."""
    form = ReauditForm()
    if not form.validate():
        return _page(post_id, second_look=form), 400
    verdict = assess.ReauditVerdict(form.verdict.data)
    return _changed(
        post_id,
        lambda uow: assess.reaudit_dismissal(uow, post_id, verdict=verdict, notes=form.notes.data or ""),
    )


def _changed(post_id: uuid.UUID, change) -> ResponseReturnValue:  # noqa: ANN001 - a use case of this module
    try:
        with house().transactions.write(current_actor()) as uow:
            change(uow)
    except CaseworkError as error:
        flash_error(error)
    else:
        flash(_("已保存。"), "success")
    return redirect(url_for("posts.show", post_id=post_id))


def _page(
    post_id: uuid.UUID,
    *,
    author: Author | None = None,
    purpose: PurposeForm | None = None,
    second_look: ReauditForm | None = None,
) -> str:
    actor = current_actor()
    with house().transactions.read(actor) as uow:
        view = post_view(uow.session, visibility(actor), post_id)
        if view is None:
            raise NotFound
        pack = uow.rulebook.pack
        shown = shown_text(view.decisions, view.line.title, view.text, pack)
        why = explained(uow, shown.decision)
        units = unit_names(uow.session, uow.county)
        names = feature_names(pack)
        topics = {topic.id: topic.title for topic in pack.topics}
        can_reveal = is_permitted(actor, Permission.IDENTITY_REVEAL) or bool(contactable(uow, [post_id]))
        own = told_of_own_dismissal(uow, post_id, is_secret=view.line.is_confidential)
        timeline = [(line, sentence(line, units)) for line in view.timeline]
    return render_template(
        "pages/post.html",
        view=view,
        line=view.line,
        shown=shown,
        explained=why,
        names=names,
        topics=topics,
        units={code: either(name.zh, name.en) for code, name in units.items()},
        timeline=timeline,
        own_decision=own,
        author=author,
        can_reveal=can_reveal,
        purpose=purpose or PurposeForm(formdata=None),
        second_look=second_look or ReauditForm(formdata=None),
        is_waiting=view.line.triage in WAITING,
    )


def _cursor(text: str | None) -> uuid.UUID | None:
    if not text:
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        abort(400)
