"""Why an objection to an assignment, or a ruling on one, was refused.

It leaves out what holds for every act on a case (`refusals`).
"""

# ruff: noqa: N818 — an error is named for the situation (style.md §2.8), not for its being an error.
from __future__ import annotations

from datetime import datetime

from casework.errors import CaseworkError
from casework.objections import Review


class NoObjection(CaseworkError):
    """The county's rules give no time for an objection to a case of this grade."""

    code = "no-objection"

    def __init__(self) -> None:
        super().__init__(
            "本件不得退回，请先行办理。确属分工不清的，办理后向网信办书面说明。",
            "A case of this grade is not handed back: handle it first. If the duty is unclear, write to the "
            "cyberspace office afterwards.",
        )


class WindowClosed(CaseworkError):
    """The time for an objection is over: the unit has accepted the case by silence."""

    code = "window-closed"

    def __init__(self, until: datetime, shown: str) -> None:
        super().__init__(
            f"异议期已于 {shown} 届满，视为受理，请继续办理。",
            f"The time for an objection ended at {shown}; the case counts as accepted. Go on handling it.",
        )
        self.until = until


class ObjectedBefore(CaseworkError):
    """The unit objected once already, or a ruling gave it the case."""

    code = "objected-before"

    def __init__(self) -> None:
        super().__init__(
            "本件已经裁定，或者本单位已提出过一次异议，不得再退回。",
            "The case has been ruled on, or the unit has objected once: it is not handed back again.",
        )


class NotTheOwnUnit(CaseworkError):
    """A unit proposed itself for the case that it objects to."""

    code = "not-the-own-unit"
    field = "proposed"

    def __init__(self) -> None:
        super().__init__(
            "建议的承办单位不能是本单位。", "The unit that is proposed must not be the own unit."
        )


class ReviewNeeded(CaseworkError):
    """The case was handed on before: somebody else has to be heard first."""

    code = "review-needed"
    field = "review"

    def __init__(self, review: Review) -> None:
        duty = review is Review.DUTY
        super().__init__(
            "本件此前已改派过一次。再次改派须先由编办、司法局会审职责，请填写会审意见和文号。"
            if duty
            else "本件此前已改派两次以上。再次改派须经联席会议研究，请填写会议纪要的文号和结论。",
            "The case was given to another unit before. Doing so again needs a duty review by the staffing "
            "office and the justice bureau: write down what it found, and its number."
            if duty
            else "The case was given to another unit twice before. A joint meeting has to decide: write down "
            "what its minutes say, and their number.",
        )
        self.review = review
