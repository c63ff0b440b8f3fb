"""Judging a batch of posts, in no transaction: the reference in one child, the engine in another.

What is judged is pure (`casework.understanding`); what surrounds a post is read here, in between.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from types import TracebackType
from typing import Protocol, Self

from app.transaction import Transactions
from casework.access import Actor
from casework.desk.surrounding import surroundings_of
from casework.desk.triage import MOST_ATTEMPTS
from casework.judgement import Judged, Judgement, Outcome, Unjudged, reconciled, slim, telling_of
from casework.post import PostToJudge
from casework.store.decisions import decision_values, with_opinion, with_surroundings
from casework.surroundings import Spot, Surroundings, alone
from rules.errors import EngineFailed
from rules.model import Finding, Label, RuleKind
from rules.vocabulary import Features
from workers.failures import Done, Failure, FailureKind
from workers.thinker import LIMIT_SECONDS, Thinker

RAISED = Label("研判程序出错，请人工研判。", "Judging failed with an error. Decide by hand.")
UNFINISHED = Label(
    f"连续 {MOST_ATTEMPTS} 次未能完成研判，请人工研判。",
    f"Judging did not come to an end in {MOST_ATTEMPTS} attempts. Decide by hand.",
)


@dataclass(frozen=True, slots=True)
class Question:
    """A post and what surrounds it, as the thinking child is asked about it; `on` is the local date."""

    post: PostToJudge
    surroundings: Surroundings
    on: date


@dataclass(frozen=True, slots=True)
class Ready:
    """A judgement on its way back from the child: slim, with the columns of its row made already."""

    judgement: Judgement
    columns: Mapping[str, object]


def _ready(judgement: Judgement) -> Ready:
    return Ready(slim(judgement), decision_values(judgement))


class Mind(Protocol):
    """Judges by the reference, `judging.Thinking` or its double in tests."""

    def judge(self, question: Question) -> Judgement:
        """Return the judgement on a post, read from its text."""

    def regard(self, judgement: Judgement, question: Question) -> Judgement:
        """Return the judgement with what surrounds its post now; the text is not read again."""


class SecondEvaluator(Protocol):
    """The engine, or its double in tests."""

    def begin(self, kind: RuleKind, items: Sequence[Features], on: date | None = None) -> None:
        """Begin with items that are about to be asked for."""

    def evaluate_many(
        self,
        kind: RuleKind,
        items: Sequence[Features],
        on: date | None = None,
        *,
        known: Sequence[tuple[Finding, ...]] = (),
    ) -> tuple[tuple[Finding, ...] | EngineFailed, ...]:
        """Return for each item its findings, or the failure to decide it; `known` are the reference's."""

    def close(self) -> None:
        """End what it runs in."""


@dataclass
class Thought:
    """A batch on its way.

    Attributes:
        on: local date, for rules with dates of effect.
        outcomes: of posts that could not be judged, for a person.
        judged: by the reference, each post as if it were alone.
        tried: posts whose judging did not end; they wait for another attempt.
        untouched: posts that were not looked at, because one before them took the child along.
    """

    on: date
    outcomes: list[Outcome] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    tried: list[PostToJudge] = field(default_factory=list)
    untouched: list[PostToJudge] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Begun:
    """A batch that the child has been asked about; nobody is asked about posts that were tried too often."""

    fit: Sequence[PostToJudge]
    worn: Sequence[PostToJudge]
    on: date


class Bench:
    """The two evaluators of one rulebook. Use it as a context manager.

    Args:
        mind: judges by the reference; in a child where it reads the text of a post.
        engine: judges features once more.
        transactions: for reading what surrounds posts.
        actor: the machine.
        limit_seconds: for one post.
    """

    def __init__(
        self,
        mind: Mind,
        engine: SecondEvaluator,
        *,
        transactions: Transactions,
        actor: Actor,
        limit_seconds: float = LIMIT_SECONDS,
    ) -> None:
        self._mind = mind
        self._thinker: Thinker[Question, Ready] = Thinker(
            lambda question: _ready(mind.judge(question)), limit_seconds=limit_seconds
        )
        self._engine = engine
        self._transactions = transactions
        self._actor = actor
        self._stack = ExitStack()
        self._begun: deque[_Begun] = deque()

    def __enter__(self) -> Self:
        self._stack.enter_context(self._thinker)
        self._stack.callback(self._engine.close)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def begin(self, posts: Sequence[PostToJudge], *, on: date) -> None:
        """Begin to judge a batch, after those begun before; the child thinks meanwhile.

        Args:
            posts: in the order in which they came in.
            on: local date, for rules with dates of effect.
        """
        fit = [post for post in posts if post.attempts <= MOST_ATTEMPTS]
        worn = [post for post in posts if post.attempts > MOST_ATTEMPTS]
        self._begun.append(_Begun(fit, worn, on))
        self._thinker.begin([Question(post, alone(_spot(post)), on) for post in fit])

    def collect(self) -> Thought:
        """Return what the child made of the batch that was begun first.

        The engine begins with the features of each post alone, which are as a rule its final ones.
        """
        begun = self._begun.popleft()
        thought = Thought(begun.on, [Unjudged(post, UNFINISHED) for post in begun.worn])
        answers = self._thinker.answers()
        for post, answer in zip(begun.fit, answers, strict=False):
            if isinstance(answer, Done):
                thought.judged.append(Judged(post, answer.value.judgement, answer.value.columns))
            else:
                _file(post, answer, thought)
        thought.untouched = [*begun.fit[len(answers) :]]
        self._engine.begin(RuleKind.SEVERITY, _features(thought.judged), thought.on)
        return thought

    def finish(self, thought: Thought) -> list[Outcome]:
        """Return the outcomes of a batch: with what surrounds each post, and with the engine's opinion."""
        with self._transactions.read(self._actor) as uow:
            around = surroundings_of(
                uow,
                [one.post for one in thought.judged],
                [telling_of(one.judgement) for one in thought.judged],
            )
        judged = self._confirmed(thought.judged, thought.on)
        crowded = {
            place: Question(one.post, found, thought.on)
            for place, (one, found) in enumerate(zip(thought.judged, around, strict=True))
            if found != alone(_spot(one.post))
        }
        among = [self._among_others(thought.judged[place], asked) for place, asked in crowded.items()]
        for place, one in zip(crowded, self._confirmed(among, thought.on), strict=True):
            judged[place] = one
        return [*thought.outcomes, *judged]

    def _among_others(self, one: Judged, question: Question) -> Judged:
        """Judge a post once more, with what surrounds it."""
        judgement = self._mind.regard(one.judgement, question)
        return Judged(one.post, judgement, with_surroundings(one.columns or {}, judgement))

    def again(self, questions: Sequence[Question]) -> list[Outcome]:
        """Return the outcomes of posts that were decided before, with what surrounds them now."""
        if not questions:
            return []
        thought = Thought(questions[0].on)
        self._thinker.begin(questions)
        for question, answer in zip(questions, self._thinker.answers(), strict=False):
            if isinstance(answer, Done):
                thought.judged.append(Judged(question.post, answer.value.judgement, answer.value.columns))
        return [*self._confirmed(thought.judged, thought.on)]

    def _confirmed(self, judged: Sequence[Judged], on: date) -> list[Judged]:
        """Return the judgements reconciled with the engine's, ready to be written."""
        known = [one.judgement.findings for one in judged if one.judgement.features]
        verdicts = iter(self._engine.evaluate_many(RuleKind.SEVERITY, _features(judged), on, known=known))
        return [_confirmed(one, next(verdicts)) if one.judgement.features else one for one in judged]


def _features(judged: Sequence[Judged]) -> list[Features]:
    return [one.judgement.features for one in judged if one.judgement.features]


def _confirmed(one: Judged, engine: tuple[Finding, ...] | EngineFailed) -> Judged:
    after = reconciled(one.judgement, engine)
    known = len(one.judgement.findings)
    columns = with_opinion(one.columns or {}, after, after.findings[known:])
    return Judged(one.post, after, columns)


def _file(post: PostToJudge, failure: Failure, thought: Thought) -> None:
    """Put a post that could not be judged where it belongs."""
    if failure.kind is FailureKind.RAISED:
        thought.outcomes.append(Unjudged(post, RAISED, failure.where))
    elif post.attempts >= MOST_ATTEMPTS:
        thought.outcomes.append(Unjudged(post, UNFINISHED))
    else:
        thought.tried.append(post)


def _spot(post: PostToJudge) -> Spot:
    return Spot(post.said_at, post.platform, post.media_level)
