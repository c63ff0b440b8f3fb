from __future__ import annotations

import pytest

from casework.judgement import Disposition, Grounds
from casework.understanding.verdict import CONTRADICTION, NO_SIGNAL, Verdict, verdict
from rules.model import DismissalReason, Finding, Grade, Label, RuleKind

PRAISE = DismissalReason("praise", Label("感谢", "Thanks"))
DISMISSALS = {"praise": PRAISE}
UNREAD = Label("不是中文。", "Not Chinese.")
DOUBT = Label("看不清。", "Unclear.")


def finding(conclusion: str) -> Finding:
    return Finding("r", RuleKind.SEVERITY, "p@1", Label("规则", "Rule"), "依据", conclusion, ())


def judged(
    *conclusions: str, found: bool = True, doubts: tuple[Label, ...] = (), unread: tuple[Label, ...] = ()
) -> Verdict:
    return verdict(map(finding, conclusions), DISMISSALS, Grounds(found, doubts, unread))


@pytest.mark.parametrize(
    ("conclusions", "disposition", "grade"),
    [
        ((), Disposition.CASE, Grade.GENERAL),  # a demand without any risk
        (("concludes=mass_matter",), Disposition.CASE, Grade.GENERAL),  # a conclusion is no grade
        (("grade=major",), Disposition.CASE, Grade.MAJOR),
        (("grade=major", "grade=serious", "grade=general"), Disposition.CASE, Grade.SERIOUS),  # highest wins
        (("dismisses=praise",), Disposition.DISMISSAL, None),
        (("dismisses=praise", "grade=general"), Disposition.DESK, Grade.GENERAL),  # the rules contradict
        (("grade=major", "concludes=ask_person"), Disposition.DESK, Grade.MAJOR),  # with a suggestion
        (("concludes=ask_person",), Disposition.DESK, Grade.GENERAL),
        (("dismisses=praise", "concludes=ask_person"), Disposition.DESK, Grade.GENERAL),  # it was asked for
        (("dismisses=praise", "concludes=mass_matter"), Disposition.DISMISSAL, None),
    ],
)
def test_findings_decide_by_the_table(
    conclusions: tuple[str, ...], disposition: Disposition, grade: Grade | None
):
    result = judged(*conclusions)

    assert (result.disposition, result.grade) == (disposition, grade)


def test_a_dismissal_has_the_reason_of_the_pack():
    assert judged("dismisses=praise").dismissal == PRAISE


def test_a_contradiction_is_said():
    assert judged("dismisses=praise", "grade=serious").doubt == CONTRADICTION


def test_what_no_machine_can_read_no_rule_dismisses():
    result = judged("dismisses=praise", doubts=(DOUBT,), unread=(UNREAD,))

    assert result == Verdict(
        Disposition.DESK, Grade.GENERAL, doubt=Label("不是中文；看不清。", "Not Chinese; Unclear.")
    )


def test_a_post_that_trips_nothing_ends_with_that_as_its_reason():
    result = judged(found=False)

    assert result.disposition is Disposition.DISMISSAL
    assert result.dismissal is not None
    assert result.dismissal.id == NO_SIGNAL


def test_a_grade_without_any_word_stands():
    """Spread and instructions grade a post whose text says nothing."""
    assert judged("grade=serious", found=False) == Verdict(Disposition.CASE, Grade.SERIOUS)


def test_a_doubt_sends_to_a_person_and_every_doubt_is_told():
    result = judged("grade=major", "concludes=ask_person", doubts=(DOUBT,))

    assert result == Verdict(Disposition.DESK, Grade.MAJOR, doubt=Label("规则；看不清。", "Rule; Unclear."))


def test_a_doubt_about_the_topic_does_not_keep_thanks_on_the_desk():
    assert judged("dismisses=praise", doubts=(DOUBT,)).disposition is Disposition.DISMISSAL
