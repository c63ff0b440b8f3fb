"""Findings to a grade and to what becomes of the post. A person decides wherever this says so.

Pure and small on purpose: the worker applies it to the reference's findings and to the engine's.

| findings | disposition | grade |
|---|---|---|
| a dismissal and a grade | a person: the rules contradict | the highest |
| a dismissal, and a rule asks for a person or no machine could read it | a person | general |
| a dismissal | dismissal with its reason | none |
| nothing was found in the text, and there is no word in it | dismissal "no_signal" | none |
| a rule or a doubt asks for a person | a person | the highest, else general |
| anything else | case | the highest, else general |

What a rule asks comes first among the reasons for a person, then that no machine could read it, then other
doubts. A doubt about the topic alone keeps nothing from being dismissed: thanks and opinion have no topic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from casework.judgement import Disposition, Grounds, grade_of
from rules.model import ASK_PERSON, DismissalReason, Finding, Grade, Label, Pack

NO_SIGNAL = "no_signal"  # id of the dismissal of a post without a word
_DISMISSES, _CONCLUDES = "dismisses=", "concludes="

CONTRADICTION = Label(
    "有的规则认为不需立案，有的给出了等级，请人工决定。",
    "One rule would dismiss it, another grades it: decide by hand.",
)
_NOTHING = DismissalReason(
    NO_SIGNAL, Label("没有发现任何诉求、主题或风险特征", "No demand, topic or risk was found in it")
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a post. `doubt` says why a person must decide; only for the desk."""

    disposition: Disposition
    grade: Grade | None
    dismissal: DismissalReason | None = None
    doubt: Label | None = None


def dismissals_of(pack: Pack) -> Mapping[str, DismissalReason]:
    """Return the dismissal reasons of a pack by id."""
    return {reason.id: reason for reason in pack.dismissals}


def verdict(
    findings: Iterable[Finding],
    dismissals: Mapping[str, DismissalReason],
    grounds: Grounds,
) -> Verdict:
    """Return what becomes of the post, see the table above.

    Args:
        findings: of one evaluator, in the order of their priority.
        dismissals: reasons by id.
        grounds: what else it rests on.
    """
    found = tuple(findings)
    grade = grade_of(found)
    dismissing = [f.conclusion.removeprefix(_DISMISSES) for f in found if f.conclusion.startswith(_DISMISSES)]
    asking = tuple(f.title for f in found if f.conclusion == f"{_CONCLUDES}{ASK_PERSON}")
    if dismissing and grade is not None:
        return Verdict(Disposition.DESK, grade, doubt=_together((*asking, CONTRADICTION)))
    if dismissing and not asking and not grounds.unread:
        return Verdict(Disposition.DISMISSAL, None, dismissal=dismissals[dismissing[0]])
    if not grounds.anything_found and grade is None:
        return Verdict(Disposition.DISMISSAL, None, dismissal=dismissals.get(NO_SIGNAL, _NOTHING))
    grade = grade or Grade.GENERAL
    why = (*asking, *grounds.unread, *grounds.doubts)
    if why:
        return Verdict(Disposition.DESK, grade, doubt=_together(why))
    return Verdict(Disposition.CASE, grade)


def _together(doubts: tuple[Label, ...]) -> Label:
    return Label(
        "；".join(d.zh.rstrip("。") for d in doubts) + "。", "; ".join(d.en.rstrip(".") for d in doubts) + "."
    )
