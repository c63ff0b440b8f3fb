"""Judging a post again because its figures changed: it may propose more to a person, and never takes away.

Every new verdict is kept beside the old ones. The case keeps its grade until a person changes it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from casework.access import Permission, require
from casework.desk.asking import Writing, ask_person, propose_upgrade
from casework.desk.receive import REDECIDE
from casework.desk.surrounding import surroundings_of_joined
from casework.desk.unit import UnitOfWork
from casework.judgement import Disposition, Judged, Judgement, Outcome
from casework.post import PostToJudge, TriageState
from casework.store.decisions import decision_values
from casework.store.desk_items import ItemKind, is_asked
from casework.store.outbox import mark_done, mark_tried, waiting_errands
from casework.store.redecisions import Standing, standings
from casework.store.tables import DecisionRow
from casework.store.triage_rows import posts_to_judge
from casework.store.turns import turn_by_post
from casework.surroundings import Surroundings
from casework.urgency import turn_of
from rules.model import Label

MOST_ATTEMPTS = 5
"""After so many failures to judge a post again the errand is left; its old verdict stands."""


@dataclass(frozen=True, slots=True)
class Redecision:
    """A post to be judged again, with the errands that ask for it."""

    post: PostToJudge
    surroundings: Surroundings
    errands: tuple[uuid.UUID, ...]


def posts_to_redecide(uow: UnitOfWork, limit: int) -> tuple[Redecision, ...]:
    """Return decided posts whose figures changed since, each once.

    Args:
        uow: reading is enough.
        limit: errands looked at.
    """
    errands = waiting_errands(uow.session, uow.county, REDECIDE, limit=limit, most_attempts=MOST_ATTEMPTS)
    by_post: dict[uuid.UUID, list[uuid.UUID]] = {}
    for errand in errands:
        by_post.setdefault(uuid.UUID(errand.object_id), []).append(errand.id)
    posts = posts_to_judge(uow.session, uow.county, by_post)
    standing = standings(uow.session, [post.id for post in posts])
    around = surroundings_of_joined(uow, posts, [standing[post.id].matter_id for post in posts])
    return tuple(
        Redecision(post, surroundings, tuple(by_post[post.id]))
        for post, surroundings in zip(posts, around, strict=True)
    )


def apply_redecision(uow: UnitOfWork, tasks: Sequence[Redecision], outcomes: Sequence[Outcome]) -> int:
    """Write new verdicts and what they propose; return how many.

    | before | now | then |
    |---|---|---|
    | in an open case | a higher grade | a person is asked to raise it, once a grade |
    | dismissed | a case | a person is asked to look at it again, once a grade |
    | anything else | | the verdict is kept, nothing more |

    Args:
        uow: a writing one, of the machine.
        tasks: as `posts_to_redecide` returned them.
        outcomes: of those that could be judged; the others count one more attempt.
    """
    require(uow.actor, Permission.CASE_CORRECT)
    judged = {outcome.post.id: outcome for outcome in outcomes if isinstance(outcome, Judged)}
    standing = standings(uow.session, list(judged))
    written = 0
    for task in tasks:
        outcome = judged.get(task.post.id)
        if outcome is None:
            mark_tried(uow.session, task.errands)
            continue
        if mark_done(uow.session, task.errands, now=uow.now):
            _write(uow, outcome, standing[task.post.id])
            written += 1
    return written


def _write(uow: UnitOfWork, outcome: Judged, standing: Standing) -> None:
    writing, judgement = Writing(uow), outcome.judgement
    writing.rows.add(
        DecisionRow,
        id=uow.new_id(),
        county_id=uow.county,
        post_id=outcome.post.id,
        decided_at=uow.now,
        **decision_values(judgement),
    )
    if standing.state is TriageState.DISMISSED and judgement.disposition is Disposition.CASE:
        _ask_to_look_again(writing, outcome.post, judgement)
    writing.rows.write(uow.session)
    case, grade = standing.case, judgement.grade
    if case is None:
        turn_by_post(uow.session, outcome.post.id, turn_of(grade, judgement.features))
    if case is not None and grade is not None and grade.rank > case.grade.rank:
        propose_upgrade(uow, case, outcome.post.id, grade)


def _ask_to_look_again(writing: Writing, post: PostToJudge, judgement: Judgement) -> None:
    grade = judgement.grade.value if judgement.grade else "none"
    key = f"upgrade/{post.id}/{grade}"
    if is_asked(writing.uow.session, writing.uow.county, key):
        return
    ask_person(
        writing,
        ItemKind.UPGRADE,
        key,
        LOOK_AGAIN,
        post_id=post.id,
        data={"from": "dismissed", "to": grade},
    )


LOOK_AGAIN = Label(
    "该帖原不立案，传播数据更新后符合立案标准，请决定是否立案。",
    "This post was dismissed; with its new figures it calls for a case. Decide on it.",
)
