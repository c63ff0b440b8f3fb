"""What triage concluded about one post: the proposal, and whether the second evaluator agrees with it.

Pure. It proposes nothing itself (`casework.understanding` does) and writes nothing (`desk.triage` does).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from casework.matter import Telling
from casework.post import PostToJudge
from rules.errors import EngineFailed
from rules.model import DemandClass, DismissalReason, Finding, Grade, Hit, Label, Scalar

_GRADE = "grade="


class Disposition(StrEnum):
    """What becomes of a post."""

    CASE = "case"
    DISMISSAL = "dismissal"
    DESK = "desk"


class Agreement(StrEnum):
    """How the two evaluators stand to each other.

    **Source:** design.md "Two layers of declarative rules": both run on every live decision.
    """

    EQUAL = "equal"
    DIFFERENT = "different"
    ENGINE_FAILED = "failed"
    NOT_NEEDED = "not_needed"  # no rule could have fired: nothing to evaluate


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """The engine's verdict beside the reference's.

    Attributes:
        grade: by the engine's findings alone.
        only_reference, only_engine: ids of rules that one evaluator fired and the other did not.
        failure: why the engine gave no verdict.
    """

    agreement: Agreement
    grade: Grade | None = None
    only_reference: tuple[str, ...] = ()
    only_engine: tuple[str, ...] = ()
    failure: str = ""


UNASKED = SecondOpinion(Agreement.NOT_NEEDED)


@dataclass(frozen=True, slots=True)
class Routing:
    """Who is to handle it, on what ground.

    Attributes:
        lead: unit code; None where a ruling is needed.
        assist: unit codes.
        basis: the law or document that it stands on.
        ruling_needed: why no unit can be named without a ruling; None where one is.
        candidates: unit codes that a ruling may choose from, in the order of the law.
        reasons: each step of the routing in words.
    """

    lead: str | None
    assist: tuple[str, ...] = ()
    basis: str = ""
    ruling_needed: Label | None = None
    candidates: tuple[str, ...] = ()
    reasons: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a verdict rests on beside the findings: all of it from the text, none from around the post.

    Attributes:
        anything_found: a signal or a topic was found in the text.
        doubts: reasons for a person from outside the rules, e.g. a topic that is not clear. A dismissal by
            the rules overrules them.
        unread: why no machine could read it; no rule dismisses what it could not read.
    """

    anything_found: bool
    doubts: tuple[Label, ...] = ()
    unread: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """One verdict on one post with everything needed to rebuild it.

    Attributes:
        dismissal: only for a dismissal.
        doubt: why a person must decide; only for the desk.
        confidential: it is an accusation.
        suspects: it may be one of units that it names, and somebody else can decide on that.
        accused: units that the post complains about, or may complain about.
        confidence: share, 0..1.
        telling: what it says of a matter; None where there is nothing to be found again.
        normalised: folded title and text; kept with the post, so that other rules can be tried on it soon.
        words: offsets of word starts in it, None where no rule asked for them.
        grounds: what the disposition rests on beside the findings; it is not kept.
    """

    pack_ref: str
    calendar_version: str
    disposition: Disposition
    grade: Grade | None
    demand: DemandClass | None
    topic: str | None
    place: str | None
    confidential: bool
    confidence: Decimal
    routing: Routing
    telling: Telling | None = None
    dismissal: DismissalReason | None = None
    doubt: Label | None = None
    accused: tuple[str, ...] = ()
    model_digest: str | None = None
    features: Mapping[str, Scalar] = field(default_factory=dict)  # a plain one: it travels between processes
    context: Mapping[str, Scalar] = field(default_factory=dict)
    hits: tuple[Hit, ...] = ()
    findings: tuple[Finding, ...] = ()
    reasons: tuple[Label, ...] = ()
    opinion: SecondOpinion = UNASKED
    normalised: str | None = None
    words: tuple[int, ...] | None = None
    grounds: Grounds = Grounds(anything_found=True)
    suspects: bool = False

    @property
    def is_kept_apart(self) -> bool:
        """Return whether those whom the post names must not read it: an accusation, or perhaps one.

        **Source:** 信访工作条例 §30 ¶3; while it is unclear, the accused stay outside.
        """
        return self.confidential or (self.suspects and self.disposition is Disposition.DESK)


@dataclass(frozen=True, slots=True)
class Judged:
    """A post with its judgement.

    Attributes:
        columns: the judgement as `store.decisions.decision_values` writes it, made before the transaction;
            None leaves that to the transaction.
    """

    post: PostToJudge
    judgement: Judgement
    columns: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A post that could not be judged: it goes to a person, with the reason, ungraded."""

    post: PostToJudge
    reason: Label
    where: str = ""


Outcome = Judged | Unjudged


def slim(judgement: Judgement) -> Judgement:
    """Return the judgement without what only its row needs, for the way between processes."""
    return replace(
        judgement,
        hits=(),
        reasons=(),
        context={},
        findings=tuple(replace(finding, reasons=()) for finding in judgement.findings),
        routing=replace(judgement.routing, reasons=()),
    )


def telling_of(judgement: Judgement) -> Telling | None:
    """Return what a post says of a matter; nothing where it is dismissed: thanks are no matter."""
    return None if judgement.disposition is Disposition.DISMISSAL else judgement.telling


def grade_of(findings: Iterable[Finding]) -> Grade | None:
    """Return the highest grade that any of the findings concludes, None where none does."""
    grades = [
        Grade(finding.conclusion.removeprefix(_GRADE))
        for finding in findings
        if finding.conclusion.startswith(_GRADE)
    ]
    return max(grades, key=lambda grade: grade.rank, default=None)


def compare(reference: tuple[Finding, ...], engine: tuple[Finding, ...] | EngineFailed) -> SecondOpinion:
    """Return how the engine's findings stand to the reference's."""
    if isinstance(engine, EngineFailed):
        return SecondOpinion(Agreement.ENGINE_FAILED, failure=engine.reason)
    ours = {finding.rule for finding in reference}
    theirs = {finding.rule for finding in engine}
    agreement = Agreement.EQUAL if ours == theirs else Agreement.DIFFERENT
    return SecondOpinion(
        agreement, grade_of(engine), tuple(sorted(ours - theirs)), tuple(sorted(theirs - ours))
    )


def reconciled(judgement: Judgement, engine: tuple[Finding, ...] | EngineFailed) -> Judgement:
    """Return the judgement with the engine's opinion; where they differ the higher grade stands.

    | engine | verdict | a person is told |
    |---|---|---|
    | same rules | as proposed | no |
    | other rules, higher grade | that grade; a dismissal goes to the desk | yes |
    | other rules, no higher grade | as proposed | yes |
    | failed | as proposed by the reference | yes |

    Nothing is dropped, and nothing is made serious by a fault: a failure has no grade.
    """
    opinion = compare(judgement.findings, engine)
    judgement = replace(judgement, opinion=opinion)
    if opinion.agreement is not Agreement.DIFFERENT or isinstance(engine, EngineFailed):
        return judgement
    findings = _joined(judgement.findings, engine)
    judgement = replace(judgement, findings=findings)
    if opinion.grade is None or not _is_higher(opinion.grade, judgement.grade):
        return judgement
    judgement = replace(judgement, grade=opinion.grade)
    if judgement.disposition is Disposition.DISMISSAL:
        doubt = Label(
            "两套研判结果不一致：一套认为不需立案，另一套给出了等级，请人工决定。",
            "The two evaluators differ: one would dismiss it, the other grades it. Decide by hand.",
        )
        return replace(judgement, disposition=Disposition.DESK, dismissal=None, doubt=doubt)
    return judgement


def _is_higher(one: Grade, other: Grade | None) -> bool:
    return other is None or one.rank > other.rank


def _joined(ours: tuple[Finding, ...], theirs: tuple[Finding, ...]) -> tuple[Finding, ...]:
    known = {finding.rule for finding in ours}
    return (*ours, *(finding for finding in theirs if finding.rule not in known))
