"""The page of one case, put together from what the reader may see of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import render_template
from werkzeug.exceptions import NotFound

from app.accounts.current import current_actor
from app.extensions import house
from app.pages.case_judgement import explained, shown_text
from app.pages.case_merges import absorbed, merged_into
from app.pages.case_offers import Failed, offers_for
from app.pages.event_words import sentence
from app.pages.failing_form import FailingForm, failing_form
from app.pages.next_step import next_step
from app.pages.same_matter import likenesses
from app.pages.screen_words import feature_names
from app.web.language import in_language
from casework.access import Actor, visibility
from casework.clocks import Due, due
from casework.refusals import NoSuchCase
from casework.store.case_view import CaseView, case_view
from casework.store.clock_rows import KeptClock
from casework.workdays import Workdays, workdays_of

VOID = "void"


@dataclass(frozen=True, slots=True)
class ShownClock:
    """A clock with the sum behind its due instant."""

    kept: KeptClock
    due: Due

    @property
    def end(self) -> str:
        """Return how it stands: running, void, in_time or late."""
        if self.kept.stopped_at is None:
            return "running"
        if self.kept.stopped_by == VOID:
            return VOID
        return "in_time" if self.kept.stopped_at <= self.due.at else "late"


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
        offers = offers_for(uow, view, failed)
        alike = likenesses(uow, case_id)
        clocks = _clocks(actor, view, workdays_of(pack.calendar))
        posts = [
            (post, shown_text((post.decision,) if post.decision else (), post.title, post.text, pack))
            for post in view.posts
        ]
        # Of the post that opened the case; the others have pages of their own.
        why = explained(uow, view.posts[0].decision if view.posts else None)
    is_offered = failed is None or any(offer.action is failed.action for offer in offers)
    return render_template(
        "pages/case.html",
        view=view,
        case=view.case,
        offers=offers,
        lost=() if failed is None or is_offered else failed.typed(),
        failing=failing or failing_form(actor, view),
        has_failed=failing is not None,
        clocks=clocks,
        stage_of={shown.kept.id: shown.kept.clock.stage for shown in clocks},
        posts=posts,
        explained=why,
        timeline=[(line, sentence(line, view.units)) for line in view.timeline],
        names=feature_names(pack),
        topics={topic.id: topic.title for topic in pack.topics},
        units={code: in_language(name) for code, name in view.units.items()},
        is_of_unit=actor.unit_id is not None,
        likenesses=alike,
        next_step=next_step(view, offers),
        merged_into=merged_into(view),
        absorbed=absorbed(view),
    )


def _clocks(actor: Actor, view: CaseView, workdays: Workdays) -> tuple[ShownClock, ...]:
    """Return the clocks with their sums; a unit reads its own, for another's lateness is not its business."""
    return tuple(
        ShownClock(kept, due(kept.clock, workdays))
        for kept in view.clocks
        if actor.unit_id is None or kept.unit == actor.unit_id
    )
