"""Who is to have a case, as units and the office argued it: objections, rulings, and earlier ones like it.

Who may object or rule now is decided by `casework`, not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from app.web.times import county_time
from casework.access import Permission, is_permitted
from casework.desk.objecting import earlier_rulings, window_of
from casework.desk.unit import UnitOfWork
from casework.objections import Objection, Ruling, RulingKind
from casework.states import CaseState
from casework.store.case_view import CaseView
from rules.model import Label

RULING_LABELS: Mapping[RulingKind, Label] = {
    RulingKind.DESIGNATED: Label("指定主办单位", "Lead designated"),
    RulingKind.UPHELD: Label("驳回异议", "Objection rejected"),
    RulingKind.REASSIGNED: Label("改派", "Given to another unit"),
}
ASKED_IN = frozenset({CaseState.ARBITRATION, CaseState.REGISTERED, CaseState.CONFIRMED, CaseState.OBJECTED})
"""Where a person is about to say who leads, so that earlier rulings are of use."""


@dataclass(frozen=True, slots=True)
class Disputes:
    """What was said about who leads, for the page."""

    objections: tuple[Objection, ...]
    rulings: tuple[tuple[Label, Ruling], ...]
    earlier: tuple[tuple[Label, Ruling], ...]


def disputes(uow: UnitOfWork, view: CaseView) -> Disputes:
    """Return objections and rulings of a case, and to who decides on it earlier rulings on its like."""
    earlier: tuple[Ruling, ...] = ()
    if view.case.state in ASKED_IN and is_permitted(uow.actor, Permission.CASE_CORRECT):
        candidates = (post.decision.routing.candidates for post in view.posts if post.decision)
        named = {view.case.lead_unit, *(one.proposed_unit for one in view.objections)}
        units = frozenset(unit for unit in named if unit) | {unit for some in candidates for unit in some}
        earlier = earlier_rulings(uow, view.case, units)
    return Disputes(view.objections, _labelled(view.rulings), _labelled(earlier))


def may_object_until(uow: UnitOfWork, view: CaseView) -> str | None:
    """Return until when the lead unit may object, in words; None where it may not, or may no more."""
    part = next((one for one in view.assignments if one.is_lead and one.ended_at is None), None)
    time = window_of(uow, view.case, part) if part is not None else None
    if time is None or not time.is_open:
        return None
    until = county_time(time.until)
    return (
        _("%(until)s 前可提出一次异议（暂定），逾期视为受理。", until=until)
        if time.is_provisional
        else _("%(until)s 前可提出一次异议，逾期视为受理。", until=until)
    )


def _labelled(rulings: tuple[Ruling, ...]) -> tuple[tuple[Label, Ruling], ...]:
    return tuple((RULING_LABELS[one.kind], one) for one in rulings)
