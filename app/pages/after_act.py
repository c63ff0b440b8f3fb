"""Where a person goes after an act on a case: back to it, or to the worklist where the act took it away."""

from __future__ import annotations

import uuid

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.extensions import house
from app.pages.case_offers import act_words
from app.web.language import in_language
from app.web.page import GRADE_LABELS
from casework.access import CaseSight, Visibility, may_see, visibility
from casework.actions import Action
from casework.recusal import is_shut_out
from casework.roles import SUPERVISING_DESK, Desk
from casework.store.case_records import heads_of
from casework.store.secrets import open_doubt, open_lift
from casework.store.visible import sight_of


def after_act(case_id: uuid.UUID, action: Action) -> ResponseReturnValue:
    """Say that an action is done, or only asked for as yet, and lead the actor on."""
    if asked := _asked_for(case_id, action):
        return led_on(case_id, asked, tone="warning")
    return led_on(case_id, _("已完成：%(action)s", action=act_words(current_actor(), action)))


def _asked_for(case_id: uuid.UUID, action: Action) -> str | None:
    """Return what is said of an act that takes effect only once another person asks for the same."""
    actor = current_actor()
    with house().transactions.read(actor) as uow:
        match action:
            case Action.CORRECT_ACCUSED:
                asked = open_doubt(uow.session, case_id)
                words = _(
                    "已提请更正被检举单位，尚未生效：须由另一位有权办理此件的人员以相同内容再提交一次。"
                )
            case Action.MARK_ACCUSATION:
                asked = open_doubt(uow.session, case_id)
                words = _(
                    "已列为检举控告件。所列单位一并回避后，网信办、书记督查室、目督办都看不到此件，"
                    "因此有的须由另一人用“更正被检举单位”确认后才生效。"
                )
            case Action.LIFT_SECRECY:
                asked = open_lift(uow.session, case_id)
                words = _("已提请解除保密，尚未生效：须由另一位有权解除的人员再提交一次。")
            case _:
                return None
    return words if asked is not None and asked.by == actor.user_id else None


def led_on(case_id: uuid.UUID, done: str, *, tone: str = "success") -> ResponseReturnValue:
    """Lead the actor to the case.

    Whoever does not see it any more goes to the worklist and is told where the case is now.

    Args:
        case_id: of the case that was acted on.
        done: what was done, in the reader's language.
        tone: how it is shown; "warning" for what has no effect yet.
    """
    actor = current_actor()
    sight = visibility(actor)
    with house().transactions.read(actor) as uow:
        case = sight_of(uow.session, case_id)
        number = heads_of(uow.session, [case_id], sight)[case_id].number if case else None
    if case is None or may_see(sight, case):
        flash(done, tone)
        return redirect(url_for("cases.show", case_id=case_id))
    name = number or _("未编号")
    flash(_("%(done)s（%(name)s）。%(where)s", done=done, name=name, where=whereabouts(sight, case)), tone)
    return redirect(url_for("worklist.mine"))


def whereabouts(sight: Visibility, case: CaseSight) -> str:
    """Return where a case went that this reader does not see any more; it says nothing about who has it."""
    if case.confidential and sight.seat is not None and is_shut_out(sight.seat, case.recused):
        return _("此件涉及您所在的机构，您须回避；现按保密件办理，只有指定的人员可以查看。")
    if case.grade is not None and case.grade not in sight.grades:
        grade = in_language(GRADE_LABELS[case.grade])
        if SUPERVISING_DESK[case.grade] is Desk.OFFICE:
            return _("此件现为%(grade)s件，转由网信办督办，已不在您的查看范围内。", grade=grade)
        return _("此件现为%(grade)s件，转由书记督查室督办，已不在您的查看范围内。", grade=grade)
    if case.confidential:
        return _("此件现按保密件办理，只有指定的人员可以查看。")
    return _("此件已转由其他单位办理，已不在您的查看范围内。")
