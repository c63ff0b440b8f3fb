"""The forms of the case page: one for each action, and the use case that each calls.

Which of them a person is shown is decided by `casework.lifecycle`, not here.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from app.web.fields import day, one_of, radio, several_of
from app.web.forms import ProtectedForm, at_most, needed
from casework.actions import Action
from casework.desk import (
    accused,
    assess,
    assign,
    dismissing,
    handle,
    last_resort,
    merging,
    objecting,
    secrecy,
    supervise,
    topics,
)
from casework.desk.unit import UnitOfWork
from casework.outcome import Outcome
from casework.wording import MOST_OF_A_REASON, MOST_OF_A_TEXT
from rules.model import DemandClass, Grade

A = Action


class CaseForm(ProtectedForm):
    """A button on a case, as the page showed it."""

    version = IntegerField(validators=[InputRequired()])


class NoteForm(CaseForm):
    """An action that may carry a remark."""

    note = TextAreaField(_l("备注"), [at_most(MOST_OF_A_REASON)])


class ReasonForm(CaseForm):
    """An action that needs a reason."""

    reason = TextAreaField(_l("理由"), [needed(), at_most(MOST_OF_A_REASON)])


class GradeForm(CaseForm):
    """Another grade, with the reason."""

    grade = one_of(
        _l("等级"),
        offered=[
            (Grade.GENERAL.value, _l("一般")),
            (Grade.MAJOR.value, _l("较大")),
            (Grade.SERIOUS.value, _l("重大")),
        ],
    )
    reason = TextAreaField(_l("更正理由"), [needed(), at_most(MOST_OF_A_REASON)])


class TopicForm(CaseForm):
    """Another topic or class of demand, with the reason. The choices are filled in by the page."""

    topic = one_of(_l("主题"))
    demand = one_of(_l("诉求类别"))
    reason = TextAreaField(_l("更正理由"), [needed(), at_most(MOST_OF_A_REASON)])


class RouteForm(CaseForm):
    """Other units, with basis and reason. The choices are filled in by the page."""

    lead = one_of(_l("主办单位"), [needed()])
    assist = several_of(_l("协办单位（可多选）"), [Optional()])
    basis = StringField(_l("职责依据"), [needed(), at_most(MOST_OF_A_REASON)])
    reason = TextAreaField(_l("更正理由"), [needed(), at_most(MOST_OF_A_REASON)])


class RulingForm(RouteForm):
    """A ruling on who leads."""

    reason = TextAreaField(_l("裁定理由"), [needed(), at_most(MOST_OF_A_REASON)])


class ReassignForm(RouteForm):
    """Another lead for a case that a unit has; from the second time on others have to be heard."""

    review = StringField(_l("会审意见或会议纪要（第二次改派起必填）"), [at_most(MOST_OF_A_REASON)])


class ObjectForm(CaseForm):
    """What a unit says against having a case. The units are filled in by the page."""

    clause = StringField(
        _l("职责依据（法律、三定规定或权责清单的条款）"), [needed(), at_most(MOST_OF_A_REASON)]
    )
    reason = TextAreaField(_l("为什么不属于本单位职责"), [needed(), at_most(MOST_OF_A_REASON)])
    proposed = one_of(_l("建议由哪个单位承办"), [Optional()])


class UpholdForm(CaseForm):
    """The unit keeps the case."""

    reason = TextAreaField(_l("裁定理由"), [needed(), at_most(MOST_OF_A_REASON)])


class AcceptForm(NoteForm):
    """A reply is accepted; `keeps` where the page showed an open commitment that the reply keeps."""

    keeps = HiddenField()


class TextForm(CaseForm):
    """A report, a contact or a public reply."""

    text = TextAreaField(_l("内容"), [needed(), at_most(MOST_OF_A_TEXT)])


class ReplyForm(CaseForm):
    """The unit's reply with one of three outcomes."""

    outcome = radio(
        _l("办理结果"),
        _l("请选择一种办理结果。"),
        [
            (Outcome.RESOLVED.value, _l("办结：问题已经解决")),
            (Outcome.PROMISED.value, _l("承诺：定下日期解决")),
            (Outcome.EXPLAINED.value, _l("解释：不能办理，说明依据")),
        ],
    )
    text = TextAreaField(_l("答复内容"), [needed(), at_most(MOST_OF_A_TEXT)])
    promised_on = day(_l("承诺日期（选“承诺”时必填）"), [Optional()])
    basis = TextAreaField(_l("法律政策依据（选“解释”时必填）"), [at_most(MOST_OF_A_REASON)])


class DismissCaseForm(CaseForm):
    """A case that should not have been opened. The reasons are filled in by the page."""

    reason_id = one_of(_l("不立案理由"), [needed()])
    note = TextAreaField(_l("说明（写入经过，不对外）"), [needed(), at_most(MOST_OF_A_REASON)])


class MergeForm(CaseForm):
    """A case that tells of the same matter as another one. The cases are filled in by the page."""

    into = one_of(_l("并入哪一件"), [needed()])
    reason = TextAreaField(_l("理由"), [needed(), at_most(MOST_OF_A_REASON)])


class AccusationForm(CaseForm):
    """A case is an accusation after all. The units are filled in by the page."""

    accused = several_of(_l("被检举控告的单位（连同下属单位一律回避，可多选）"), [needed()])
    reason = TextAreaField(_l("理由"), [needed(), at_most(MOST_OF_A_REASON)])


class AccusedForm(AccusationForm):
    """Other units are accused than the case says. They are filled in by the page."""

    accused = several_of(_l("被检举控告的单位（没有的不选；连同下属单位一律回避，可多选）"), [Optional()])


OF_A_DISMISSAL = (
    (assess.ReauditVerdict.CONFIRMED.value, _l("不立案成立")),
    (assess.ReauditVerdict.NOT_CONFIRMED.value, _l("应当办理，退回人工研判台")),
)
"""The verdicts on a dismissal: nobody answered anything that could be true or not."""


class ReauditForm(CaseForm):
    """An inspector's verdict."""

    verdict = radio(
        _l("抽查结论"),
        _l("请选择抽查结论。"),
        [
            (assess.ReauditVerdict.CONFIRMED.value, _l("属实：问题已按答复解决")),
            (assess.ReauditVerdict.NOT_CONFIRMED.value, _l("不属实：与答复不符")),
        ],
    )
    notes = TextAreaField(_l("核查经过"), [needed(), at_most(MOST_OF_A_REASON)])


Run = Callable[[UnitOfWork, uuid.UUID, CaseForm], object]


@dataclass(frozen=True, slots=True)
class Way:
    """How an action is taken on the page.

    Attributes:
        form: what is asked.
        run: calls the use case.
        is_main: shown open, as the next thing to do; others are folded.
    """

    form: type[CaseForm]
    run: Run
    is_main: bool = True


def _report(kind: handle.ReportKind) -> Run:
    def run(uow: UnitOfWork, case_id: uuid.UUID, form: CaseForm) -> object:
        return handle.file_report(uow, case_id, version=form.version.data, kind=kind, text=form["text"].data)

    return run


def _route(uow: UnitOfWork, case_id: uuid.UUID, form: CaseForm) -> object:
    return assign.correct_route(
        uow,
        case_id,
        version=form.version.data,
        lead=form["lead"].data,
        assist=form["assist"].data or (),
        basis=form["basis"].data,
        reason=form["reason"].data,
        review=(form["review"].data or "") if "review" in form else "",
    )


def _object(uow: UnitOfWork, case_id: uuid.UUID, form: CaseForm) -> object:
    return objecting.object_to(
        uow,
        case_id,
        version=form.version.data,
        clause=form["clause"].data,
        reason=form["reason"].data,
        proposed=form["proposed"].data or None,
    )


def _grade(uow: UnitOfWork, case_id: uuid.UUID, form: CaseForm) -> object:
    return assign.correct_grade(
        uow,
        case_id,
        version=form.version.data,
        grade=Grade(form["grade"].data),
        reason=form["reason"].data,
    )


def _topic(uow: UnitOfWork, case_id: uuid.UUID, form: CaseForm) -> object:
    return topics.correct_topic(
        uow,
        case_id,
        version=form.version.data,
        topic=form["topic"].data or None,
        demand=DemandClass(form["demand"].data),
        reason=form["reason"].data,
    )


def _reply(uow: UnitOfWork, case_id: uuid.UUID, form: CaseForm) -> object:
    return handle.reply(
        uow,
        case_id,
        version=form.version.data,
        outcome=Outcome(form["outcome"].data),
        text=form["text"].data,
        basis=form["basis"].data or "",
        promised_on=form["promised_on"].data,
    )


def _accept(uow: UnitOfWork, case_id: uuid.UUID, form: CaseForm) -> object:
    note = form["note"].data or ""
    if "keeps" in form and form["keeps"].data:
        return supervise.meet_commitment(uow, case_id, version=form.version.data, note=note)
    return supervise.accept_reply(uow, case_id, version=form.version.data, note=note)


def _dismiss(uow: UnitOfWork, case_id: uuid.UUID, form: CaseForm) -> object:
    return dismissing.dismiss_case(
        uow,
        case_id,
        version=form.version.data,
        reason_id=form["reason_id"].data,
        note=form["note"].data,
    )


def _merge(uow: UnitOfWork, case_id: uuid.UUID, form: CaseForm) -> object:
    return merging.merge_case(
        uow,
        case_id,
        version=form.version.data,
        into=uuid.UUID(form["into"].data),
        reason=form["reason"].data,
    )


def _accusing(act: Callable[..., object]) -> Run:
    return lambda uow, case_id, form: act(
        uow,
        case_id,
        version=form.version.data,
        accused=form["accused"].data or (),
        reason=form["reason"].data,
    )


def _reasoned(act: Callable[..., object]) -> Run:
    return lambda uow, case_id, form: act(uow, case_id, version=form.version.data, reason=form["reason"].data)


def _reaudit(uow: UnitOfWork, case_id: uuid.UUID, form: CaseForm) -> object:
    verdict = assess.ReauditVerdict(form["verdict"].data)
    return assess.reaudit_case(uow, case_id, verdict=verdict, notes=form["notes"].data or "")


WAYS: Mapping[Action, Way] = MappingProxyType(
    {
        A.CONFIRM: Way(CaseForm, lambda u, c, f: assign.confirm_case(u, c, version=f.version.data)),
        A.CORRECT_GRADE: Way(GradeForm, _grade, is_main=False),
        A.CORRECT_TOPIC: Way(TopicForm, _topic, is_main=False),
        A.CORRECT_ROUTE: Way(RouteForm, _route, is_main=False),
        A.DESIGNATE: Way(RulingForm, _route),
        A.DISPATCH: Way(CaseForm, lambda u, c, f: assign.dispatch_case(u, c, version=f.version.data)),
        A.REASSIGN: Way(ReassignForm, _route, is_main=False),
        A.OBJECT: Way(ObjectForm, _object, is_main=False),
        A.UPHOLD: Way(UpholdForm, _reasoned(objecting.uphold)),
        A.SIGN_FOR: Way(CaseForm, lambda u, c, f: handle.sign_for(u, c, version=f.version.data)),
        A.ASSIST_SIGN_FOR: Way(CaseForm, lambda u, c, f: handle.sign_for(u, c, version=f.version.data)),
        A.FILE_REPORT: Way(TextForm, _report(handle.ReportKind.FIRST)),
        A.FILE_PROGRESS: Way(TextForm, _report(handle.ReportKind.PROGRESS), is_main=False),
        A.ASSIST_REPORT: Way(TextForm, _report(handle.ReportKind.PROGRESS)),
        A.RECORD_CONTACT: Way(
            TextForm,
            lambda u, c, f: handle.record_contact(u, c, version=f.version.data, note=f["text"].data),
            is_main=False,
        ),
        A.RECORD_PUBLIC_REPLY: Way(
            TextForm,
            lambda u, c, f: handle.record_public_reply(u, c, version=f.version.data, text=f["text"].data),
            is_main=False,
        ),
        A.REPLY: Way(ReplyForm, _reply),
        A.REGRADE: Way(GradeForm, _grade, is_main=False),
        A.ACCEPT: Way(AcceptForm, _accept),
        A.ACCEPT_PROMISE: Way(NoteForm, _accept),
        A.SEND_BACK: Way(ReasonForm, _reasoned(supervise.send_back), is_main=False),
        A.CLOSE: Way(
            NoteForm,
            lambda u, c, f: supervise.close_case(u, c, version=f.version.data, note=f["note"].data or ""),
        ),
        A.RE_AUDIT: Way(ReauditForm, _reaudit),
        A.REOPEN: Way(ReasonForm, _reasoned(supervise.reopen_case), is_main=False),
        A.DISMISS: Way(DismissCaseForm, _dismiss, is_main=False),
        A.REINSTATE: Way(ReasonForm, _reasoned(dismissing.reinstate_case), is_main=False),
        A.MERGE_INTO: Way(MergeForm, _merge, is_main=False),
        A.MARK_ACCUSATION: Way(AccusationForm, _accusing(secrecy.mark_accusation), is_main=False),
        A.TAKE_OVER: Way(
            ReasonForm,
            lambda u, c, f: last_resort.take_over(u, c, version=f.version.data, note=f["reason"].data),
        ),
        A.CORRECT_ACCUSED: Way(AccusedForm, _accusing(accused.correct_accused), is_main=False),
        A.LIFT_SECRECY: Way(ReasonForm, _reasoned(secrecy.lift_secrecy), is_main=False),
    }
)
"""What the case page can do. An action of the lifecycle that is not here has no form yet."""
