"""How triage of a batch of posts ends: a case, the open case of the matter, a dismissal, or a person's desk.

It decides nothing: the judgements are made, and whether posts tell of one matter is `casework.matter`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from casework.desk.asking import (
    ENGINES_DIFFER,
    Writing,
    ask_person,
    propose_upgrade,
    tell_of_failed_engine,
)
from casework.desk.opening import Opening, attach_post, begin_matter, open_case
from casework.desk.same_matter import ask_about_same
from casework.desk.unit import UnitOfWork
from casework.events import EventKind
from casework.judgement import (
    Agreement,
    Disposition,
    Judged,
    Judgement,
    Outcome,
    Unjudged,
    telling_of,
)
from casework.matter import Joining, Telling, join_matters
from casework.post import PostToJudge, TriageState
from casework.store.case_writes import excluded_from
from casework.store.decisions import decision_values
from casework.store.desk_items import ItemKind
from casework.store.matters import OpenCase, candidates, open_cases, seen_again
from casework.store.tables import DecisionRow, DismissalRow
from casework.store.triage_rows import Ending, end_triage
from casework.urgency import Turn, turn_of
from rules.model import DemandClass, DismissalReason, Grade, Label

UNSURE = Label("机器无法可靠判断，请人工研判。", "The machine is not sure enough. Decide by hand.")


@dataclass
class Applied:
    """What came of a batch: how many posts ended how, and how many had been lost to somebody else."""

    ended: dict[TriageState, int] = field(default_factory=dict)
    lost: int = 0

    def count(self, state: TriageState) -> None:
        """Count one post that ended so."""
        self.ended[state] = self.ended.get(state, 0) + 1


def end_batch(uow: UnitOfWork, outcomes: Sequence[Outcome]) -> Applied:
    """Write the outcomes of posts whose claims are held; later posts may join what earlier ones began."""
    writer = _Writer(uow, outcomes)
    for index in range(len(outcomes)):
        writer.take(index)
    writer.finish()
    return writer.applied


class _Writer:
    """Writes the outcomes of one batch; later posts may join the cases that earlier ones opened."""

    def __init__(self, uow: UnitOfWork, outcomes: Sequence[Outcome]) -> None:
        self.applied = Applied()
        self._uow = uow
        self._writing = Writing(uow)
        self._outcomes = outcomes
        self._endings: list[Ending] = []
        tellings = [_telling(outcome) for outcome in outcomes]
        found = candidates(uow.session, uow.county, [told for told in tellings if told is not None])
        self._joinings = join_matters(tellings, found, uow.new_id)
        known = {joining.matter_id for joining in self._joinings if joining and joining.match}
        self._open: dict[uuid.UUID, OpenCase] = open_cases(uow.session, uow.county, known)
        self._after_rows: list[Callable[[], object]] = []
        self._said: dict[uuid.UUID, list[datetime]] = {}
        self._shut_out: dict[uuid.UUID, frozenset[str]] = {}
        self._failing: tuple[uuid.UUID, Judgement] | None = None
        self._opened: dict[uuid.UUID, uuid.UUID] = {}
        self._places: set[str] = set()

    def take(self, index: int) -> None:
        """Write one outcome."""
        outcome, joining = self._outcomes[index], self._joinings[index]
        if isinstance(outcome, Unjudged):
            self._to_person(outcome.post, outcome.reason, {"where": outcome.where}, Turn.UNGRADED)
            self._end(Ending(outcome.post.id, TriageState.DESK))
            return
        post, judgement = outcome.post, outcome.judgement
        if joining is not None:
            self._tell(joining, judgement, post)
        decision_id = self._decide(outcome)
        state = self._dispose(outcome, joining)
        self._tell_of_engine(post, judgement)
        self._end(
            Ending(
                post.id,
                state,
                judgement.is_kept_apart,
                decision_id,
                joining.matter_id if joining else None,
                judgement.normalised,
                judgement.words,
            )
        )

    def finish(self) -> None:
        """Write everything that was gathered."""
        self._writing.rows.write(self._uow.session)
        end_triage(self._uow.session, self._endings)
        seen_again(self._uow.session, self._said)
        for write in self._after_rows:
            write()
        ask_about_same(self._uow, self._opened, self._places)
        if self._failing is not None:
            tell_of_failed_engine(self._uow, *self._failing)

    def _dispose(self, outcome: Judged, joining: Joining | None) -> TriageState:
        post, judgement = outcome.post, outcome.judgement
        if judgement.disposition is Disposition.DISMISSAL and judgement.dismissal is not None:
            dismiss_post(self._writing, post.id, judgement.dismissal)
            return TriageState.DISMISSED
        if judgement.disposition is not Disposition.CASE or judgement.grade is None:
            doubt, turn = judgement.doubt or UNSURE, turn_of(judgement.grade, judgement.features)
            self._to_person(post, doubt, _suggestion(judgement), turn)
            return TriageState.DESK
        known = self._open.get(joining.matter_id) if joining else None
        if joining and joining.match and known and self._may_join(judgement, known):
            self._attach(outcome, joining.match.reason, known)
            return TriageState.MERGED
        case_id = open_case(self._writing, _opening(post, judgement, joining, judgement.grade))
        telling = judgement.telling
        if telling is not None and telling.place is not None and telling.has_specific_place:
            self._opened[case_id] = post.id
            self._places.add(telling.place)
        if joining:
            self._shut_out[case_id] = self._writing.shut_out(judgement.accused)
            self._open[joining.matter_id] = OpenCase(
                case_id, judgement.grade, judgement.confidential, redo_count=0, dissatisfied_count=0
            )
        return TriageState.CASE

    def _may_join(self, judgement: Judgement, case: OpenCase) -> bool:
        """Return whether a post may go into a case: never where somebody whom it accuses could read it."""
        if case.confidential is not judgement.confidential:
            return False
        if not case.confidential or not judgement.accused:
            return True
        if case.id not in self._shut_out:
            self._shut_out[case.id] = excluded_from(self._uow.session, case.id)
        return self._writing.shut_out(judgement.accused) <= self._shut_out[case.id]

    def _attach(self, outcome: Judged, reason: Label, case: OpenCase) -> None:
        attach_post(self._writing, case.id, outcome.post.id, reason)
        grade = outcome.judgement.grade
        if grade is not None and grade.rank > case.grade.rank:
            self._after_rows.append(partial(propose_upgrade, self._uow, case, outcome.post.id, grade))

    def _decide(self, outcome: Judged) -> uuid.UUID:
        decision_id = self._uow.new_id()
        columns = outcome.columns if outcome.columns is not None else decision_values(outcome.judgement)
        self._writing.rows.add(
            DecisionRow,
            id=decision_id,
            county_id=self._uow.county,
            post_id=outcome.post.id,
            decided_at=self._uow.now,
            **columns,
        )
        return decision_id

    def _tell(self, joining: Joining, judgement: Judgement, post: PostToJudge) -> None:
        if joining.match is not None:
            self._said.setdefault(joining.matter_id, []).append(post.said_at)
        elif judgement.telling is not None:
            begin_matter(self._writing, joining.matter_id, judgement.telling, title=post.title or post.text)

    def _tell_of_engine(self, post: PostToJudge, judgement: Judgement) -> None:
        opinion = judgement.opinion
        if opinion.agreement is Agreement.DIFFERENT:
            ask_person(
                self._writing,
                ItemKind.ENGINE_DIFFERENT,
                f"engine_different/{post.id}",
                ENGINES_DIFFER,
                post_id=post.id,
                data={
                    "only_reference": list(opinion.only_reference),
                    "only_engine": list(opinion.only_engine),
                },
                turn=turn_of(judgement.grade, judgement.features),
            )
        elif opinion.agreement is Agreement.ENGINE_FAILED:
            self._failing = (post.id, judgement)

    def _to_person(self, post: PostToJudge, reason: Label, data: Mapping[str, object], turn: Turn) -> None:
        key = f"triage/{post.id}"
        ask_person(self._writing, ItemKind.TRIAGE, key, reason, post_id=post.id, data=data, turn=turn)
        self._uow.note(
            EventKind.POST_TO_DESK, post_id=post.id, data={"reason_zh": reason.zh, "reason_en": reason.en}
        )

    def _end(self, ending: Ending) -> None:
        self._endings.append(ending)
        self.applied.count(ending.state)


def dismiss_post(writing: Writing, post_id: uuid.UUID, reason: DismissalReason) -> None:
    """Dismiss a post with a reason a citizen can read."""
    uow = writing.uow
    writing.rows.add(
        DismissalRow,
        id=uow.new_id(),
        county_id=uow.county,
        post_id=post_id,
        reason=reason.id,
        reason_zh=reason.title.zh,
        reason_en=reason.title.en,
        by=uow.actor.name,
        decided_at=uow.now,
    )
    uow.note(
        EventKind.POST_DISMISSED,
        post_id=post_id,
        data={"reason": reason.id, "reason_zh": reason.title.zh, "reason_en": reason.title.en},
    )


def _telling(outcome: Outcome) -> Telling | None:
    return telling_of(outcome.judgement) if isinstance(outcome, Judged) else None


def _opening(post: PostToJudge, judgement: Judgement, joining: Joining | None, grade: Grade) -> Opening:
    routing = judgement.routing
    return Opening(
        post_id=post.id,
        title=post.title,
        text=post.text,
        grade=grade,
        demand=judgement.demand or DemandClass.COMPLAINT,
        topic=judgement.topic,
        place=judgement.place,
        confidential=judgement.confidential,
        matter_id=joining.matter_id if joining else None,
        pack_ref=judgement.pack_ref,
        calendar_version=judgement.calendar_version,
        lead=routing.lead,
        assist=routing.assist,
        basis=routing.basis,
        ruling_needed=routing.ruling_needed,
        candidates=routing.candidates,
        accused=judgement.accused,
        confidence=str(judgement.confidence),
    )


def _suggestion(judgement: Judgement) -> dict[str, object]:
    """Return what the machine would have proposed, to start the person's form with."""
    return {
        "grade": judgement.grade.value if judgement.grade else None,
        "demand": judgement.demand.value if judgement.demand else None,
        "topic": judgement.topic,
        "lead": judgement.routing.lead,
        "assist": list(judgement.routing.assist),
    }
