"""What a person is offered on the page of a case, each with its form.

Whether an action is offered comes from `casework.lifecycle`; here are only its form and where it stands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField

from app.pages.case_disputes import may_object_until
from app.pages.case_fill import duty_words, fill, is_of_another_topic
from app.pages.case_forms import (
    OF_A_DISMISSAL,
    WAYS,
    AcceptForm,
    CaseForm,
    ReauditForm,
)
from app.pages.for_another import told_of_another
from app.web.fields import choices
from app.web.language import either, in_language
from casework.access import Actor, Reach, visibility
from casework.actions import ACTION_LABELS, Action
from casework.desk.accused import accused_now
from casework.desk.lowering import grades_open_to
from casework.desk.unit import UnitOfWork
from casework.in_charge import contact_of
from casework.lifecycle import allowed_actions
from casework.outcome import Outcome
from casework.performers import Part
from casework.roles import Desk
from casework.states import CaseState
from casework.store.case_view import CaseView
from casework.store.recused import recused_from

_UNSEEN = frozenset({"version", "csrf_token"})
LOOKS_AT_DUTY = frozenset({Action.CORRECT_ROUTE, Action.DESIGNATE, Action.REASSIGN})
GRADED = frozenset({Action.CORRECT_GRADE, Action.REGRADE})
STAND_IN_DESKS = frozenset({Desk.OFFICE, Desk.SUPERVISION, Desk.TARGET})


_NOTES: Mapping[Action, LazyString] = MappingProxyType(
    {
        Action.FILE_REPORT: _l("首报是报给督办方的，不能代替与诉求人的首次联系。"),
        Action.CORRECT_TOPIC: _l(
            "更正主题不会自动更换责任单位：职责表所列的单位会在更换主办单位的地方提示。"
        ),
        Action.RECORD_CONTACT: _l(
            "单位没有诉求人的联系方式：通过县网信办联系诉求人，或者公开告知“已受理”，再在此登记。"
            "首报不能代替首次联系。"
        ),
        Action.RECORD_PUBLIC_REPLY: _l("写明公开回应的内容和位置。尚未登记首次联系的，公开回应一并代替。"),
        Action.OBJECT: _l(
            "裁定以前仍由本单位负责，各项时限照常计算；经裁定后不得再退回。由单位主要负责人提交。"
        ),
        Action.REPLY: _l("由主要负责人填写并签发；承办人报送的办理情况见“报告与联系”。"),
        Action.TAKE_OVER: _l(
            "写明按管理权限自行办理，还是报上级机关，以及文号。本件在本系统即告结束，全程留痕。"
            "单位正在办理的，其办理一并结束。"
        ),
        Action.LIFT_SECRECY: _l(
            "须由两人分别提交才生效，列为检举控告件的人不在其中。解除后，原须回避的单位和机构只看到解除以后的内容。"
        ),
        Action.CORRECT_ACCUSED: _l(
            "网帖被误读、所列单位并非被检举单位的，在此更正。"
            "会让原须回避的单位看到此件的，须由另一人以相同内容再提交一次才生效。"
        ),
    }
)
"""What is to be known before a form is filled in."""


@dataclass(frozen=True, slots=True)
class Failed:
    """An action that did not work, with what was typed. `is_stale`: somebody else was faster."""

    action: Action
    form: CaseForm
    is_stale: bool = False

    def typed(self) -> tuple[tuple[str, str], ...]:
        """Return what was typed by field, for a page that no longer offers the action."""
        fields = (field for field in self.form if field.name not in _UNSEEN and isinstance(field.data, str))
        return tuple((str(field.label.text), field.data) for field in fields if field.data)


@dataclass(frozen=True, slots=True)
class Offer:
    """An action that this person may take now, with its form; `is_main`: shown open, the others folded.

    `contact`: through whom the person of a confidential case is reached, and nobody else is told.
    `accuses`: the units that it accuses, to be looked at before it is dispatched.
    `until`: how long the action is possible, in words.
    `duty`: whom the duty table names, where that is somebody else than who is to have the case.
    """

    action: Action
    text: str
    form: CaseForm
    is_main: bool
    contact: str | None = None
    accuses: str | None = None
    until: str | None = None
    duty: str | None = None

    @property
    def note(self) -> str | None:
        """Return what is to be known before the form is filled in, None where the form says it all."""
        if self.action is Action.RECORD_CONTACT and self.contact:
            return _(
                "单位没有诉求人的联系方式：通过%(office)s联系诉求人，再在此登记；不得公开告知。"
                "首报不能代替首次联系。",
                office=self.contact,
            )
        if self.action is Action.DISPATCH and self.accuses:
            return _(
                "交办前请再核对：此件检举控告 %(units)s，交办后不得让其知悉。列错的，先更正被检举单位。",
                units=self.accuses,
            )
        note = _NOTES.get(self.action)
        said = [one for one in (self.until, self.duty) if one]
        said += [str(note)] if note is not None else []
        return "".join(said) or None

    def asks(self) -> Iterator[Field]:
        """Return the fields that a person fills in."""
        return (
            field for field in self.form if field.name not in _UNSEEN and not isinstance(field, HiddenField)
        )

    def carries(self) -> Iterator[Field]:
        """Return the fields that go with the button."""
        return (field for field in self.form if isinstance(field, HiddenField) and field.name not in _UNSEEN)


@dataclass(frozen=True, slots=True)
class Offered:
    """What a person may do now, and in words what only another person of the same role may.

    `accuses`: the units that a confidential case accuses, for those who may be told.
    """

    offers: tuple[Offer, ...]
    for_another: str | None
    accuses: str | None = None


def offers_for(uow: UnitOfWork, view: CaseView, failed: Failed | None = None) -> Offered:
    """Return what this person may do now, in the order of the page.

    Args:
        uow: a reading one.
        view: the case as this person sees it.
        failed: keeps its form with what was typed and what is wrong.
    """
    actor = uow.actor
    allowed = allowed_actions(
        view.case.state,
        roles=actor.roles,
        grade=view.case.grade,
        part=part_of(actor, view),
        recused=recused_from(uow.session, view.case.id),
    )
    wanted = [
        action
        for action in allowed
        if action in WAYS
        and not _is_done(action, actor, view)
        and not (action is Action.REOPEN and _was_taken_over(view))
        and not (action in GRADED and not grades_open_to(actor, view.case))
    ]
    until = may_object_until(uow, view) if Action.OBJECT in wanted else None
    if until is None:
        wanted = [action for action in wanted if action is not Action.OBJECT]
    told = told_of_another(uow, view, wanted)
    # Who confirms is told only where the units were found by another topic than the case has now.
    at_duty = LOOKS_AT_DUTY | ({Action.CONFIRM} if is_of_another_topic(view) else set())
    duty = duty_words(uow, view) if at_duty.intersection(wanted) else None
    accuses = _accuses(uow, view, allowed)
    offers = tuple(
        replace(
            _offer(uow, action, view, failed),
            accuses=accuses,
            until=until if action is Action.OBJECT else None,
            duty=duty if action in at_duty else None,
        )
        for action in wanted
        if action not in told.withheld
    )
    return Offered(offers, told.words, accuses)


def _accuses(uow: UnitOfWork, view: CaseView, allowed: Collection[Action]) -> str | None:
    """Return the units that a case accuses; None for an ordinary one, and for who is not to learn of them."""
    is_told = visibility(uow.actor).cases is Reach.ALL or Action.CORRECT_ACCUSED in allowed
    if not view.case.is_confidential or not is_told:
        return None
    names = [
        in_language(view.units[code]) if code in view.units else code
        for code in accused_now(uow, view.case.id)
    ]
    return either("、", ", ").join(names) or _("（未列明）")


def part_of(actor: Actor, view: CaseView) -> Part:
    """Return the part that the actor's unit has in the case now."""
    own = [one for one in view.assignments if one.unit == actor.unit_id and one.ended_at is None]
    if not own:
        return Part.NONE
    return Part.LEAD if any(one.is_lead for one in own) else Part.ASSIST


def offer_text(action: Action, view: CaseView) -> str:
    """Return the words on the button of an action."""
    if action is Action.ACCEPT and _has_open_promise(view):
        return _("确认承诺兑现，验收通过")
    if action is Action.REASSIGN and view.case.state is CaseState.OBJECTED:
        return _("异议成立，改派")
    return in_language(ACTION_LABELS[action])


def act_words(actor: Actor, action: Action) -> str:
    """Return what an action is called for this person."""
    if action is Action.TAKE_OVER and actor.desk in STAND_IN_DESKS:
        return _("报上级机关并结束本系统流转")
    return in_language(ACTION_LABELS[action])


def sent_form(uow: UnitOfWork, action: Action) -> CaseForm:
    """Return the form of an action as it was sent."""
    form = WAYS[action].form()
    fill(uow, form, None)
    return form


def _offer(uow: UnitOfWork, action: Action, view: CaseView, failed: Failed | None) -> Offer:
    is_failed = failed is not None and failed.action is action
    form = failed.form if failed is not None and is_failed else _fresh_form(uow, action, view)
    if not is_failed or (failed is not None and failed.is_stale):
        form.version.data, form.version.raw_data = view.case.version, None
    if isinstance(form, ReauditForm) and view.case.state is CaseState.DISMISSED:
        form.verdict.choices = choices(OF_A_DISMISSAL)
    contact = _contact(uow, view) if action is Action.RECORD_CONTACT else None
    text = act_words(uow.actor, action) if action is Action.TAKE_OVER else offer_text(action, view)
    is_ruling = action is Action.REASSIGN and view.case.state is CaseState.OBJECTED
    is_main = WAYS[action].is_main or is_failed or is_ruling
    return Offer(action, text, form, is_main, contact)


def _contact(uow: UnitOfWork, view: CaseView) -> str | None:
    """Return through whom the person of a confidential case is reached; None for an ordinary one."""
    if not view.case.is_confidential:
        return None
    return in_language(contact_of(uow.rulebook.pack, recused_from(uow.session, view.case.id)).short)


def _fresh_form(uow: UnitOfWork, action: Action, view: CaseView) -> CaseForm:
    form = WAYS[action].form(formdata=None)
    fill(uow, form, view)
    if isinstance(form, AcceptForm) and _has_open_promise(view):
        form.keeps.data = "1"
    return form


def _has_open_promise(view: CaseView) -> bool:
    return any(one.met_at is None for one in view.commitments)


def _was_taken_over(view: CaseView) -> bool:
    """Return whether no unit has the case any more, so that nobody could handle it again."""
    return not any(part.is_lead and part.ended_at is None for part in view.assignments)


def _is_done(action: Action, actor: Actor, view: CaseView) -> bool:
    """Return whether an action that the state allows has no object any more for this person."""
    pending = next((reply for reply in view.replies if reply.verdict is None), None)
    match action:
        case Action.ASSIST_SIGN_FOR:
            own = [one for one in view.assignments if one.unit == actor.unit_id and one.ended_at is None]
            return all(one.signed_for_at for one in own)
        case Action.ACCEPT:
            return pending is None or pending.outcome is Outcome.PROMISED
        case Action.ACCEPT_PROMISE:
            return pending is None or pending.outcome is not Outcome.PROMISED
        case (
            Action.MARK_ACCUSATION | Action.RECORD_PUBLIC_REPLY | Action.LIFT_SECRECY | Action.CORRECT_ACCUSED
        ):
            is_for_ordinary = action in {Action.MARK_ACCUSATION, Action.RECORD_PUBLIC_REPLY}
            return view.case.is_confidential is is_for_ordinary
        case Action.RE_AUDIT:
            return any(look.at >= (view.case.closed_at or look.at) for look in view.reaudits)
    return False
