"""What a text would come to under the rules in force, for the page of the rules. Nothing is stored.

It takes the way of the worker, `propose`, without the second evaluator and without what surrounds a post.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from app.pages.case_judgement import ShownText, marked
from casework import tokens
from casework.judgement import UNASKED, Disposition, Routing, SecondOpinion
from casework.routing import as_routing
from casework.understanding.inputs import PostText
from casework.understanding.propose import propose
from rules.model import Finding, Grade, Label
from rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class TriedDecision:
    """The verdict, with the names that a stored decision has."""

    pack_ref: str
    grade: Grade | None
    topic: str | None
    confidential: bool
    confidence: Decimal
    routing: Routing
    findings: tuple[Finding, ...]
    reasons: tuple[Label, ...]
    opinion: SecondOpinion = UNASKED


@dataclass(frozen=True, slots=True)
class Tried:
    """A text as the page shows it; `why` for a dismissal, `doubt` where a person would decide."""

    disposition: Disposition
    why: Label | None
    doubt: Label | None
    decision: TriedDecision
    shown: ShownText


def of(rulebook: Rulebook, title: str, text: str, *, cache: Path) -> Tried:
    """Return what a post of this title and text would come to, alone and unread by anybody.

    Args:
        rulebook: in force.
        title: may be empty.
        text: at most as long as a post may be.
        cache: private directory for the dictionary of words, see `casework.tokens`.
    """
    tokens.load(cache)
    proposal = propose(PostText(title=title, text=text), rulebook, words=tokens.word_starts)
    verdict = proposal.verdict
    decision = TriedDecision(
        pack_ref=proposal.pack_ref,
        grade=verdict.grade,
        topic=proposal.topic,
        confidential=proposal.confidential,
        confidence=proposal.confidence,
        routing=as_routing(proposal.route),
        findings=proposal.findings,
        reasons=(*proposal.reasons, *proposal.advice),
    )
    return Tried(
        disposition=verdict.disposition,
        why=verdict.dismissal.title if verdict.dismissal else None,
        doubt=verdict.doubt,
        decision=decision,
        shown=marked(proposal.hits, title, text, rulebook.pack),
    )
