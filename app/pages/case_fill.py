"""What the lists of a case's forms offer, and what stands in a fresh form.

Which forms a person gets is `case_offers`.
"""

from __future__ import annotations

from flask_babel import gettext as _

from app.pages.case_forms import (
    AccusationForm,
    AccusedForm,
    CaseForm,
    DismissCaseForm,
    GradeForm,
    MergeForm,
    ObjectForm,
    RouteForm,
    TopicForm,
)
from app.pages.merge_choices import merge_choices
from app.pages.screen_words import DEMAND_LABELS
from app.pages.unit_choices import topic_choices, unit_choices
from app.web.fields import choices
from app.web.language import either, in_language
from app.web.page import GRADE_LABELS
from casework.desk.accused import accused_now
from casework.desk.leading import units_for_accusation
from casework.desk.lowering import grades_open_to
from casework.desk.topics import by_duty, demands_for, topics_for
from casework.desk.unit import UnitOfWork
from casework.routing import Routed
from casework.store.case_view import CaseView
from casework.store.case_writes import excluded_from
from casework.store.secrets import open_doubt
from rules.model import DemandClass, Pack


def fill(uow: UnitOfWork, form: CaseForm, view: CaseView | None) -> None:
    """Fill in what the lists of a form offer; `view` where the form is fresh."""
    if isinstance(form, GradeForm) and view is not None:
        offered = grades_open_to(uow.actor, view.case)
        form.grade.choices = choices((one.value, in_language(GRADE_LABELS[one])) for one in offered)
    if isinstance(form, RouteForm):
        _fill_units(uow, form, view)
    if isinstance(form, TopicForm):
        _fill_topics(uow, form, view)
    if isinstance(form, ObjectForm):
        form.proposed.choices = [
            *choices([("", _("（说不准）"))]),
            *unit_choices(uow.rulebook.pack, among=_may_have(uow, uow.rulebook.pack, view)),
        ]
    if isinstance(form, AccusationForm):
        form.accused.choices = unit_choices(uow.rulebook.pack)
    if isinstance(form, AccusedForm) and view is not None:
        asked = open_doubt(uow.session, view.case.id)
        form.accused.data = list(asked.accused if asked and asked.counts else accused_now(uow, view.case.id))
    if isinstance(form, DismissCaseForm):
        reasons = [(one.id, in_language(one.title)) for one in uow.rulebook.pack.dismissals]
        form.reason_id.choices = choices([("", _("（请选择）")), *reasons])
    if isinstance(form, MergeForm):
        form.into.choices = merge_choices(uow, view, form.into.data)


def duty_words(uow: UnitOfWork, view: CaseView) -> str | None:
    """Return whom the duty table names by topic and place; None where the case goes there anyway."""
    found = by_duty(uow, view.case)
    named = (found.lead,) if isinstance(found, Routed) else found.candidates if found is not None else ()
    if found is None or view.case.lead_unit in named:
        return None
    names = {unit.id: in_language(unit.name) for unit in uow.rulebook.pack.units}
    units = either("、", ", ").join(names[unit] for unit in named)
    if isinstance(found, Routed):
        return _(
            "按现定主题和地点，职责表所列主办单位是%(units)s（依据：%(basis)s）。",
            units=units,
            basis=found.basis,
        )
    return _(
        "按现定主题和地点，县里尚未指定主办单位，可由%(units)s承办（依据：%(basis)s）。",
        units=units,
        basis=found.basis,
    )


def is_of_another_topic(view: CaseView) -> bool:
    """Return whether a person has given the case another topic than it was opened with."""
    return any(one.field == "topic" for one in view.corrections)


def _fill_units(uow: UnitOfWork, form: RouteForm, view: CaseView | None) -> None:
    """Offer the county's units, those first that triage named for a ruling."""
    pack = uow.rulebook.pack
    may_have = _may_have(uow, pack, view)
    form.lead.choices = [*choices([("", _("（请选择）"))]), *unit_choices(pack, _candidates(view), may_have)]
    form.assist.choices = unit_choices(pack, among=may_have)
    if view is not None:
        form.lead.data = view.case.lead_unit or ""
        form.assist.data = list(view.case.assist_units)
        form.basis.data = view.case.route_basis
        if is_of_another_topic(view):
            _fill_duty(uow, form, view)


def _fill_duty(uow: UnitOfWork, form: RouteForm, view: CaseView) -> None:
    """Propose whom the duty table names: the topic was corrected, and the units were found by the old one."""
    found = by_duty(uow, view.case)
    if isinstance(found, Routed) and found.lead != view.case.lead_unit:
        form.lead.data, form.basis.data = found.lead, found.basis
        form.assist.data = list(found.assist)


def _fill_topics(uow: UnitOfWork, form: TopicForm, view: CaseView | None) -> None:
    among = topics_for(uow, view.case) if view is not None else None
    form.topic.choices = [*choices([("", _("（无法判断）"))]), *topic_choices(uow.rulebook.pack, among)]
    demands = demands_for(view.case) if view is not None else tuple(DemandClass)
    form.demand.choices = choices((one.value, in_language(DEMAND_LABELS[one])) for one in demands)
    if view is not None:
        form.topic.data, form.demand.data = view.case.topic or "", view.case.demand.value


def _may_have(uow: UnitOfWork, pack: Pack, view: CaseView | None) -> frozenset[str] | None:
    """Return the units that may have a confidential case; None where any may, or the desk will say so."""
    if view is None or not view.case.is_confidential:
        return None
    return units_for_accusation(pack, excluded_from(uow.session, view.case.id))


def _candidates(view: CaseView | None) -> tuple[str, ...]:
    if view is None:
        return ()
    found = (post.decision.routing.candidates for post in view.posts if post.decision)
    return next((candidates for candidates in found if candidates), ())
