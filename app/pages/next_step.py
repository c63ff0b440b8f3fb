"""What a case waits for and who does it, in one sentence for those who cannot do it themselves."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from app.pages.case_offers import Offer
from app.web.language import either, in_language
from casework.actions import ACTION_LABELS, Action
from casework.lifecycle import NEXT_STEP, PERFORMERS
from casework.performers import Part
from casework.roles import ROLE_LABELS
from casework.store.case_records import CaseHead

_ALSO = {Action.ACCEPT: Action.ACCEPT_PROMISE}
"""What stands for the next step where the reply is a promise."""


def next_step(case: CaseHead, offers: Iterable[Offer]) -> str | None:
    """Return what happens next and who does it; None for a settled case and for who can do it now.

    Args:
        case: as the reader sees it.
        offers: what the reader may do.
    """
    action = NEXT_STEP.get(case.state)
    if action is None or {offer.action for offer in offers} & {action, _ALSO.get(action)}:
        return None
    performers = [who for who in PERFORMERS[action] if who.grades is None or case.grade in who.grades]
    roles = either("或", " or ").join(in_language(ROLE_LABELS[who.role]) for who in performers)
    if any(who.part is Part.LEAD for who in performers):
        roles = _("主办单位的%(roles)s", roles=roles)
    return _("下一步：由%(who)s%(what)s", who=roles, what=in_language(ACTION_LABELS[action]))
