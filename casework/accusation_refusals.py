"""Why one person alone may not do something to an accusation, or not without naming more.

Who may read or have one at all is `refusals` (units) and `errors` (people).
"""

# ruff: noqa: N818 — an error is named for the situation (style.md §2.8), not for its being an error.
from __future__ import annotations

from collections.abc import Iterable

from casework.errors import CaseworkError
from rules.model import Label


class LeavesNoDesk(CaseworkError):
    """A post put into an accusation by one person would shut it to each of the three desks."""

    code = "leaves-no-desk"

    def __init__(self) -> None:
        super().__init__(
            "并入后，网信办、书记督查室、目督办都须回避、看不到该件，不能由一人决定：请对此帖单独立案。",
            "With this post the case would be shut to the cyberspace, supervision and target offices alike. "
            "One person does not decide that: open a case of its own for the post.",
        )


class AccusedDropped(CaseworkError):
    """A form leaves out a unit that triage found accused."""

    code = "accused-dropped"
    field = "accused"

    def __init__(self, units: Iterable[Label]) -> None:
        self.units = tuple(units)
        super().__init__(
            f"研判所列的被检举单位不能去掉：{'、'.join(unit.zh for unit in self.units)}。请照列立案；"
            "确属误读的，立案后用“更正被检举单位”更正，须两人办理。",
            f"Triage found these accused, and they stay: {', '.join(unit.en for unit in self.units)}. Open "
            "the case so. If the text was misread, correct it afterwards with “Correct who is accused”, "
            "which takes two people.",
        )


class LeadNeeded(CaseworkError):
    """A case was to be opened without a lead that it can have."""

    code = "lead-needed"
    field = "lead"

    def __init__(self) -> None:
        super().__init__(
            "请选择主办单位。只有纪委监委须回避的检举控告件可以不选。",
            "Choose the lead unit. Only an accusation that discipline inspection may not have goes without.",
        )


class LiftAskedByYourself(CaseworkError):
    """The secrecy of a case is lifted by two people; the same one asked twice."""

    code = "lift-asked-by-yourself"

    def __init__(self) -> None:
        super().__init__(
            "您已提请解除保密，须由另一位有权解除的人员（主任或目督办保密件专人）确认，您本人不能确认。",
            "You have asked for this already. Another director, or an inspector of confidential cases, "
            "confirms it.",
        )
