"""What only another person may do to a case, in words: lift what one marked, confirm what one asked for.

What each is offered is `case_offers`.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import gettext as _

from app.web.language import either, in_language
from casework.access import Reach, visibility
from casework.actions import Action
from casework.desk.lowering import waits_for_a_director
from casework.desk.secrecy import is_own_mark
from casework.desk.unit import UnitOfWork
from casework.grade_refusals import UpgradeUndecided
from casework.roles import ROLE_LABELS, Role
from casework.states import OPEN_STATES
from casework.store.case_records import CaseHead
from casework.store.case_view import CaseView
from casework.store.deciding import deciders, has_another_inspector
from casework.store.second_looks import Lacking, lacking_for
from casework.store.secrets import open_doubt, open_lift

BRINGS_ON = frozenset({Action.CONFIRM, Action.DISPATCH, Action.CLOSE})
"""What a duty officer leaves to a director as long as it is asked whether the case is serious."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is not offered to this person although it would be to others, and the words for it."""

    withheld: frozenset[Action]
    words: str | None


def told_of_another(uow: UnitOfWork, view: CaseView, wanted: Collection[Action]) -> Told:
    """Return which of the wanted actions are for another person, and what is said of it."""
    withheld, words = set[Action](), []
    if Action.LIFT_SECRECY in wanted and is_own_mark(uow, view.case.id):
        withheld.add(Action.LIFT_SECRECY)
        words.append(
            _(
                "此件（或者并入此件的另一件）由您列为检举控告件。确属误列的，须由另外两人"
                "（主任或目督办保密件专人）解除保密，您本人不能解除。"
            )
        )
    elif Action.LIFT_SECRECY in wanted and (lift := open_lift(uow.session, view.case.id)):
        if lift.by == uow.actor.user_id:
            withheld.add(Action.LIFT_SECRECY)
            words.append(_("您已提请解除保密，尚未生效。须由另一位有权解除的人员确认。"))
        elif not lift.counts:
            words.append(_not_counted(lift.name, _("解除保密")))
        else:
            words.append(
                _(
                    "%(name)s 已提请解除保密（理由：%(reason)s）。同意的，请在“解除保密”中写明理由提交。",
                    name=lift.name,
                    reason=lift.reason,
                )
            )
    held = BRINGS_ON.intersection(wanted)
    if held and waits_for_a_director(uow, view.case):
        withheld |= held
        words.append(in_language(UpgradeUndecided.words))
    may_name = Action.CORRECT_ACCUSED in wanted
    if (may_name or is_told_of_accused(uow, view)) and (asked := _doubted(uow, view, may_name=may_name)):
        words.append(asked)
    if Action.RE_AUDIT in wanted and (own := told_of_own_decision(uow, view.case)):
        withheld.add(Action.RE_AUDIT)
        words.append(own)
    elif Action.RE_AUDIT not in wanted and (lacking := lacking_for(uow.session, view.case.id)):
        words.append(_nobody(lacking))
    return Told(frozenset(withheld), either("", " ").join(words) or None)


def told_of_own_decision(uow: UnitOfWork, case: CaseHead) -> str | None:
    """Return what is said to whoever decided on this case and so does not re-audit it; None to others."""
    decided = deciders(uow.session, case_id=case.id)
    if uow.actor.user_id not in decided:
        return None
    role = Role.SECRET_INSPECTOR if case.is_confidential else Role.INSPECTOR
    return _own(uow, decided, role)


def told_of_own_dismissal(uow: UnitOfWork, post_id: uuid.UUID, *, is_secret: bool) -> str | None:
    """Return what is said to somebody who dismissed this post and so does not re-audit it; None to others."""
    decided = deciders(uow.session, post_id=post_id)
    if uow.actor.user_id not in decided:
        return None
    return _own(uow, decided, Role.SECRET_INSPECTOR if is_secret else Role.INSPECTOR)


def _own(uow: UnitOfWork, decided: frozenset[uuid.UUID], role: Role) -> str:
    who, is_secret = in_language(ROLE_LABELS[role]), role is Role.SECRET_INSPECTOR
    if has_another_inspector(uow.session, uow.county, but=decided, is_secret=is_secret):
        return _(
            "您在此件中作过决定（确认、交办、审核、办结等），不能抽查此件，由另一位“%(who)s”抽查。", who=who
        )
    return _(
        "您在此件中作过决定（确认、交办、审核、办结等），不能抽查此件。现在没有其他人可以抽查："
        "请系统管理员增设一个“%(who)s”账号。",
        who=who,
    )


def _nobody(lacking: Lacking) -> str:
    """Return what is said to those who see a settled accusation that nobody may look at again."""
    if lacking is Lacking.OFFICE:
        return _("目督办须回避，本县无人可以抽查此件；需要抽查的，报上级机关。")
    who = in_language(ROLE_LABELS[Role.SECRET_INSPECTOR])
    return _("现在无人可以抽查此件：请系统管理员增设一个“%(who)s”账号。", who=who)


def is_told_of_accused(uow: UnitOfWork, view: CaseView) -> bool:
    """Return whether this reader is told whom an open accusation names: the desks are, units are not."""
    is_open = view.case.is_confidential and view.case.state in OPEN_STATES
    return is_open and visibility(uow.actor).cases is Reach.ALL


def _doubted(uow: UnitOfWork, view: CaseView, *, may_name: bool) -> str | None:
    asked = open_doubt(uow.session, view.case.id)
    if asked is None:
        return None
    names = [in_language(view.units[code]) if code in view.units else code for code in asked.accused]
    units = either("、", ", ").join(names) or "—"
    if not asked.counts:
        return _not_counted(asked.name, _("更正被检举单位"))
    if asked.by == uow.actor.user_id:
        return _("您已提请把被检举单位更正为：%(units)s。须由另一位有权办理此件的人员确认。", units=units)
    if not may_name:
        return _(
            "%(name)s 已提请把被检举单位更正为：%(units)s（理由：%(reason)s），"
            "须由另一位有权更正的人员确认。",
            name=asked.name,
            units=units,
            reason=asked.reason,
        )
    return _(
        "%(name)s 已提请把被检举单位更正为：%(units)s（理由：%(reason)s）。"
        "同意的，请在“更正被检举单位”中以相同内容提交。",
        name=asked.name,
        units=units,
        reason=asked.reason,
    )


def _not_counted(name: str, what: str) -> str:
    return _(
        "%(name)s 曾提请%(what)s，但其账号已停用或不再有此权限，该次提请不算数：现在提交的，仍是第一人提请。",
        name=name,
        what=what,
    )
