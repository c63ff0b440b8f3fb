"""The page of one case, put together from what the reader may see of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask import render_template
from werkzeug.exceptions import NotFound

from app.accounts.current import current_actor
from app.extensions import house
from app.pages.case_clocks import shown_clocks, shown_scores
from app.pages.case_disputes import disputes
from app.pages.case_judgement import explained, shown_text
from app.pages.case_merges import absorbed, merged_into
from app.pages.case_offers import Failed, offers_for
from app.pages.case_timeline import looks_at_dismissals, shown_timeline
from app.pages.contact import PurposeForm
from app.pages.failing_form import FailingForm, failing_form
from app.pages.next_step import next_step
from app.pages.route_words import change_words, route_words
from app.pages.same_matter import likenesses
from app.pages.screen_words import feature_names
from app.web.language import in_language
from casework.access import visibility
from casework.desk.identity import contactable
from casework.desk.supervise import kept_late
from casework.in_charge import contact_of, issuer_of
from casework.judgement import Routing
from casework.recusal import SEAT_OF, Recused, Seat, who_acts
from casework.refusals import NoSuchCase
from casework.roles import SUPERVISING_DESK
from casework.route_line import RouteLine
from casework.store.case_view import CaseView, case_view
from casework.store.decisions import Decision
from casework.store.recused import recused_from
from casework.workdays import workdays_of
from rules.model import Pack


def case_screen(
    case_id: uuid.UUID, *, failed: Failed | None = None, failing: FailingForm | None = None
) -> str:
    """Return the page of a case.

    Args:
        case_id: of the case.
        failed: the action that did not work; its form is shown again with what was typed.
        failing: the same for the form by which a failing is confirmed.

    Raises:
        NotFound: there is none, or this person may not see it.
    """
    actor = current_actor()
    with house().transactions.read(actor) as uow:
        try:
            view = case_view(uow.session, visibility(actor), case_id)
        except NoSuchCase as error:
            raise NotFound from error
        pack = uow.rulebook.pack
        offered = offers_for(uow, view, failed)
        recused = recused_from(uow.session, case_id)
        accuses = offered.accuses
        alike = likenesses(uow, case_id)
        contacts = contactable(uow, [post.id for post in view.posts])
        argued = disputes(uow, view)
        clocks = shown_clocks(actor, view, workdays_of(pack.calendar))
        scores = shown_scores(view, clocks, uow.now)
        posts = [
            (post, shown_text((post.decision,) if post.decision else (), post.title, post.text, pack))
            for post in view.posts
        ]
        # Of the post that opened the case; the others have pages of their own.
        first = view.posts[0].decision if view.posts else None
        why = explained(uow, first)
    offers = offered.offers
    units = {code: in_language(name) for code, name in view.units.items()}
    is_offered = failed is None or any(offer.action is failed.action for offer in offers)
    return render_template(
        "pages/case.html",
        view=view,
        case=view.case,
        offers=offers,
        for_another=offered.for_another,
        accuses=accuses,
        who_acts=in_language(acts) if (acts := who_acts(recused)) else None,
        **_stand_ins(view, pack, recused),
        lost=() if failed is None or is_offered else failed.typed(),
        failing=failing or failing_form(actor, view),
        has_failed=failing is not None,
        clocks=clocks,
        stage_of={shown.kept.id: shown.kept.clock.stage for shown in clocks},
        posts=posts,
        contacts=[(post.id, shown.title) for post, shown in posts if post.id in contacts],
        purpose=PurposeForm(formdata=None),
        explained=why,
        timeline=shown_timeline(view, scores),
        looks_at_dismissals=looks_at_dismissals(view.timeline),
        scores=scores,
        kept_late=kept_late(view.commitments, view.clocks),
        names=feature_names(pack),
        topics={topic.id: topic.title for topic in pack.topics},
        units=units,
        **_routes(view, first, units),
        is_of_unit=actor.unit_id is not None,
        likenesses=alike,
        argued=argued,
        next_step=next_step(view, offers, recused),
        merged_into=merged_into(view),
        absorbed=absorbed(view),
    )


def _stand_ins(view: CaseView, pack: Pack, recused: Recused) -> dict[str, str | None]:
    """Return through whom the person is reached and who supervises; None where nobody stands in."""
    contact = contact_of(pack, recused)
    desk = SUPERVISING_DESK[view.case.grade]
    supervisor = issuer_of(pack, desk, recused)
    return {
        "contact": None if contact.seat is Seat.CYBERSPACE else in_language(contact.short),
        "supervisor": None if supervisor.seat is SEAT_OF[desk] else in_language(supervisor.short),
    }


def _routes(view: CaseView, first: Decision | None, units: Mapping[str, str]) -> dict[str, object]:
    """Return who was to have the case, who has it, and each change, as far as the reader is told."""

    def named(code: str) -> str:
        return units.get(code, code)

    told = first if first and not _names(first.routing) & view.untold else None
    case = view.case
    return {
        "routed": told,
        "route_proposed": route_words(RouteLine(told.routing.lead, told.routing.assist), named)
        if told
        else "—",
        "route_now": route_words(RouteLine(case.lead_unit, case.assist_units), named),
        "reroutes": [
            (one, change_words(one.old, one.new, named)) for one in view.corrections if one.field == "route"
        ],
    }


def _names(routing: Routing) -> frozenset[str]:
    return frozenset((routing.lead or "", *routing.assist, *routing.candidates))
