"""The forms by which an item of the person's desk is settled, filled with what triage proposed."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import Optional

from app.pages.screen_words import DEMAND_LABELS
from app.pages.unit_choices import topic_choices, unit_choices
from app.web.fields import choices, one_of, several_of
from app.web.forms import ProtectedForm, at_most, needed
from app.web.language import in_language
from app.web.page import GRADE_LABELS
from casework.access import visibility
from casework.desk.unit import UnitOfWork
from casework.judgement import Routing
from casework.store.cases import CaseFilter, Order, case_page
from casework.store.posts import PostView
from casework.understanding.demand import LEAD_MAY_BE_MEANT
from casework.wording import MOST_OF_A_REASON
from rules.model import DemandClass, Grade, Pack

SUGGESTED_CASES = 100
"""Open cases offered for attaching, the newest first; the search of the form reaches the others."""
LONGEST_SEARCH = 60


class OpenForm(ProtectedForm):
    """A case opened by hand."""

    grade = one_of(_l("等级"))
    demand = one_of(_l("诉求类别"))
    topic = one_of(_l("主题"))
    lead = one_of(_l("主办单位（纪委监委须回避的检举控告件可不选）"), [Optional()])
    assist = several_of(_l("协办单位（可多选）"), [Optional()])
    accused = several_of(_l("被检举控告的单位（须回避，可多选；研判所列的不能去掉）"), [Optional()])
    reason = TextAreaField(_l("立案与交办依据"), [needed(), at_most(MOST_OF_A_REASON)])


class DismissForm(ProtectedForm):
    """A dismissal. Nothing is chosen beforehand and it needs a note, so that no slip of the mouse is one."""

    reason_id = one_of(_l("不立案理由"), [needed()])
    note = TextAreaField(_l("核实情况（写入经过，不对外）"), [needed(), at_most(MOST_OF_A_REASON)])


class RiskForm(DismissForm):
    """The dismissal of a post in which a life seems to be in danger."""

    note = TextAreaField(
        _l("怎样核实的、联系 110 / 120 的时间和结果（写入经过，不对外）"),
        [needed(), at_most(MOST_OF_A_REASON)],
    )


class AttachForm(ProtectedForm):
    """The post is put into a case of the same matter."""

    case_id = one_of(_l("并入哪一件"), [needed()])
    reason = TextAreaField(_l("理由"), [needed(), at_most(MOST_OF_A_REASON)])


class NoteForm(ProtectedForm):
    """An item is taken note of."""

    note = StringField(_l("处理情况"), [needed(), at_most(MOST_OF_A_REASON)])


@dataclass(frozen=True, slots=True)
class Ways:
    """The forms by which an item can be settled; None where a way is not open."""

    open: OpenForm | None = None
    attach: AttachForm | None = None
    dismiss: DismissForm | None = None
    acknowledge: NoteForm | None = None


def made(kind: type[ProtectedForm], *, is_sent: bool) -> ProtectedForm:
    """Return a form with what was sent, or a fresh one."""
    return kind() if is_sent else kind(formdata=None)


def open_form(post: PostView | None, pack: Pack, *, is_sent: bool) -> ProtectedForm:
    """Return the form to open a case, filled with what triage proposed."""
    form = made(OpenForm, is_sent=is_sent)
    form.grade.choices = choices((grade.value, in_language(GRADE_LABELS[grade])) for grade in Grade)
    form.demand.choices = choices((key.value, in_language(label)) for key, label in DEMAND_LABELS.items())
    form.topic.choices = [*choices([("", _("（无法判断）"))]), *topic_choices(pack)]
    decision = next(iter(post.decisions), None) if post else None
    routing = decision.routing if decision is not None else Routing(lead=None)
    proposed = [code for code in (routing.lead, *routing.candidates) if code]
    form.lead.choices = [*choices([("", _("（请选择）"))]), *unit_choices(pack, proposed)]
    form.assist.choices = unit_choices(pack, routing.assist)
    form.accused.choices = unit_choices(pack, decision.accused if decision is not None else ())
    if decision is not None and not is_sent:
        form.grade.data = (decision.grade or Grade.GENERAL).value
        form.demand.data = decision.demand or DemandClass.COMPLAINT.value
        form.topic.data = decision.topic or ""
        form.accused.data = list(decision.accused)
        # Where it may be the lead that is meant, one click would give it to whom it speaks against.
        if LEAD_MAY_BE_MEANT not in decision.reasons:
            form.lead.data = next(iter(proposed), "")
            form.assist.data = list(decision.routing.assist)
            form.reason.data = decision.routing.basis
    return form


def attach_form(uow: UnitOfWork, post: PostView, *, is_sent: bool) -> ProtectedForm:
    """Return the form to attach the post to an open case that is as open or as confidential as the post.

    The address may narrow the cases (`find`), also where the form is sent: then the same ones are offered.
    """
    form = made(AttachForm, is_sent=is_sent)
    page = case_page(
        uow.session,
        visibility(uow.actor),
        CaseFilter(
            text=request.args.get("find", "")[:LONGEST_SEARCH].replace("\0", ""),
            is_open=True,
            confidential=None if _is_only_suspected(post) else post.line.is_confidential,
            order=Order.NEWEST,
        ),
        now=uow.now,
        limit=SUGGESTED_CASES,
    )
    form.case_id.choices = choices(
        [
            ("", _("（请选择）")),
            *((str(line.id), f"{line.number or _('未编号')} {line.title}") for line in page.lines),
        ]
    )
    return form


def _is_only_suspected(post: PostView) -> bool:
    """Return whether it may be an accusation and the machine knew no more: it belongs to either kind."""
    decision = next(iter(post.decisions), None)
    return post.line.is_confidential and decision is not None and not decision.confidential


def dismiss_form(pack: Pack, *, about_life: bool, is_sent: bool) -> ProtectedForm:
    """Return the form to dismiss the post with a reason of the pack.

    Args:
        pack: in force.
        about_life: a life seems to be in danger; then it asks what was done about that.
        is_sent: the form was sent.
    """
    form = made(RiskForm if about_life else DismissForm, is_sent=is_sent)
    reasons = [(reason.id, in_language(reason.title)) for reason in pack.dismissals]
    form.reason_id.choices = choices([("", _("（请选择）")), *reasons])
    return form
