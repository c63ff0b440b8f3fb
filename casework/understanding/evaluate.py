"""Scores `propose` on annotated rows: grades, routing or topics. No server, no database, no clock of its own.

A row is triaged where the proposal goes to a person; its first answer is scored all the same, so that
sending everything to a person does not look good.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from casework.judgement import Disposition
from casework.routing import Routed, routing_table_of
from casework.understanding.inputs import NOTHING_KNOWN, PostText
from casework.understanding.metrics import ClassFigures, figures, share
from casework.understanding.propose import Proposal, propose
from casework.understanding.rows import NO_CASE, Kind, Row, read_rows
from rules.rulebook import Rulebook

NOBODY = "none"  # given answer where no unit or no topic could be named
_PLACES = 4  # decimal places of printed shares


@dataclass(frozen=True, slots=True)
class Report:
    """Figures of one evaluation; shares are 0..1.

    Attributes:
        accepted: first answer is the right one or another that is accepted, over all rows.
        triaged: rows that go to a person, over all rows.
        confident_wrong: rows not accepted that do not go to a person either, over all rows.
        per_class: by class: precision, recall, F1, support.
        confusion: right answer → given answer → count.
        seconds: taken for judging, reading not included.
    """

    kind: Kind
    n: int
    accuracy: float
    macro_f1: float
    kappa: float
    accepted: float
    triaged: float
    confident_wrong: float
    per_class: Mapping[str, ClassFigures]
    confusion: Mapping[str, Mapping[str, int]]
    seconds: float

    def as_json(self) -> dict[str, object]:
        """Return the report as plain values, shares rounded, for one line of JSON."""
        return {
            "kind": self.kind.value,
            "n": self.n,
            **{
                name: round(value, _PLACES)
                for name, value in (
                    ("accuracy", self.accuracy),
                    ("macro_f1", self.macro_f1),
                    ("kappa", self.kappa),
                    ("accepted", self.accepted),
                    ("triaged", self.triaged),
                    ("confident_wrong", self.confident_wrong),
                )
            },
            "per_class": {
                name: {
                    "precision": round(one.precision, _PLACES),
                    "recall": round(one.recall, _PLACES),
                    "f1": round(one.f1, _PLACES),
                    "support": one.support,
                }
                for name, one in self.per_class.items()
            },
            "confusion": {gold: dict(given) for gold, given in self.confusion.items()},
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """The first answer to a row, and whether the row goes to a person."""

    given: str
    triaged: bool


def answer_of(kind: Kind, proposal: Proposal, rulebook: Rulebook) -> Answer:
    """Return what a proposal answers.

    | kind | first answer | goes to a person |
    |---|---|---|
    | grades | the grade; none for a dismissal | the post goes to the desk |
    | routing | family of the lead, of the first candidate, or of the backstop | … or a ruling is needed |
    | topics | group with the largest sum of shares, else the one with most topics | … to the desk |
    """
    desk = proposal.verdict.disposition is Disposition.DESK
    if kind is Kind.GRADES:
        grade = proposal.verdict.grade
        return Answer(grade.value if grade is not None else NO_CASE, desk)
    if kind is Kind.ROUTING:
        family = routing_table_of(rulebook).family_of(proposal.route)
        return Answer(family or NOBODY, desk or not isinstance(proposal.route, Routed))
    return Answer(proposal.topics.group or _largest_group(rulebook), desk)


def _largest_group(rulebook: Rulebook) -> str:
    return Counter(topic.group for topic in rulebook.pack.topics).most_common(1)[0][0]


def evaluate(kind: Kind, rows: Sequence[Row], rulebook: Rulebook, *, seconds: float = 0.0) -> Report:
    """Return the figures of the proposals for these rows.

    Args:
        kind: what is scored.
        rows: annotated messages.
        rulebook: whose rules judge.
        seconds: that the caller measured, passed through.
    """
    answers = [
        answer_of(kind, propose(PostText("", row.text), rulebook, None, NOTHING_KNOWN), rulebook)
        for row in rows
    ]
    return report_of(kind, rows, answers, seconds=seconds)


def report_of(kind: Kind, rows: Sequence[Row], answers: Sequence[Answer], *, seconds: float) -> Report:
    """Return the figures of given answers.

    With several right topics the one that was given counts as the right one; otherwise the first.
    """
    pairs = []
    accepted = triaged = confident_wrong = 0
    for row, answer in zip(rows, answers, strict=True):
        right = answer.given in row.accepted
        gold = answer.given if kind is Kind.TOPICS and right else row.gold
        pairs.append((gold, answer.given))
        accepted += right
        triaged += answer.triaged
        confident_wrong += not right and not answer.triaged
    found, n = figures(pairs), len(rows)
    return Report(
        kind=kind,
        n=n,
        accuracy=found.accuracy,
        macro_f1=found.macro_f1,
        kappa=found.kappa,
        accepted=share(accepted, n),
        triaged=share(triaged, n),
        confident_wrong=share(confident_wrong, n),
        per_class=found.per_class,
        confusion=found.confusion,
        seconds=seconds,
    )


def evaluate_file(
    kind: Kind, lines: Iterable[bytes | str], rulebook: Rulebook, clock: Callable[[], float]
) -> Report:
    """Return the figures for a CSV file of annotated rows.

    Args:
        kind: what is scored.
        lines: of the file, see `read_rows`.
        rulebook: whose rules judge.
        clock: monotonic, in seconds.

    Raises:
        BadRows: the file cannot be used.
    """
    rows = read_rows(kind, lines, rulebook.pack)
    started = clock()
    answers = [
        answer_of(kind, propose(PostText("", row.text), rulebook, None, NOTHING_KNOWN), rulebook)
        for row in rows
    ]
    return report_of(kind, rows, answers, seconds=clock() - started)
