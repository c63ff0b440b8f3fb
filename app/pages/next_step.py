"""What a case waits for and who does it, in one sentence for those who cannot do it themselves."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from app.pages.case_offers import Offer, offer_text
from app.web.language import either, in_language
from casework.actions import ACTION_LABELS, Action
from casework.lifecycle import NEXT_STEP, PERFORMERS
from casework.outcome import Outcome
from casework.performers import STAND_INS, Part
from casework.recusal import Recused
from casework.roles import ROLE_LABELS
from casework.states import CaseState
from casework.store.case_records import CaseHead
from casework.store.case_view import CaseView
from rules.model import Label

REVIEW = Label("审核答复", "Review the reply")
"""Where it is not known whether the reply is a promise."""


def next_step(view: CaseView, offers: Iterable[Offer], recused: Recused) -> str | None:
    """Return what happens next and who does it; None for a settled case and for who can do it now.

    Args:
        view: the case as the reader sees it.
        offers: what the reader may do.
        recused: desks that are shut out; the page says in their place who does their work.
    """
    action = NEXT_STEP.get(view.case.state)
    if action is None:
        return None
    if action is Action.ACCEPT and _is_promise(view):
        action = Action.ACCEPT_PROMISE
    if action in {offer.action for offer in offers}:
        return None
    if any(action in STAND_INS[seat] for seat in recused.shut & STAND_INS.keys()):
        return None
    return _sentence(view.case, action, offer_text(action, view)) + _who_writes(view.case.state)


def awaited(case: CaseHead) -> str | None:
    """Return the same from the case alone, as a list shows it; None for a settled case."""
    action = NEXT_STEP.get(case.state)
    if action is None:
        return None
    return _sentence(case, action, in_language(REVIEW if action is Action.ACCEPT else ACTION_LABELS[action]))


def _sentence(case: CaseHead, action: Action, what: str) -> str:
    performers = [who for who in PERFORMERS[action] if who.grades is None or case.grade in who.grades]
    roles = either("或", " or ").join(in_language(ROLE_LABELS[who.role]) for who in performers)
    if any(who.part is Part.LEAD for who in performers):
        roles = _("主办单位的%(roles)s", roles=roles)
    return _("下一步：由%(who)s%(what)s", who=roles, what=what)


def _is_promise(view: CaseView) -> bool:
    """Return whether the reply under review is a promise."""
    return any(reply.verdict is None and reply.outcome is Outcome.PROMISED for reply in view.replies)


def _who_writes(state: CaseState) -> str:
    """Return who writes the reply and where, while one is waited for."""
    if state not in {CaseState.HANDLING, CaseState.DRAFTED, CaseState.PROMISED}:
        return ""
    return _("。答复由其在本页填写并签发；承办人可在本页报送续报，写明办理情况和答复要点。")
