"""Why a failing was not charged, or an entry of the score ledger not taken back."""

# ruff: noqa: N818 — an error is named for the situation (style.md §2.8), not for its being an error.
from __future__ import annotations

from casework.errors import CaseworkError


class AlreadyScored(CaseworkError):
    """The same failing was confirmed before on the same evidence."""

    code = "already-scored"

    def __init__(self, failing: str) -> None:
        super().__init__(
            "同一问题已按同一证据计分，不能重复计分。",
            f"'{failing}' was charged before on the same evidence. A failing counts once.",
        )
        self.failing = failing


class ScoredBefore(CaseworkError):
    """The same kind of failing was charged to the unit in this case before."""

    code = "scored-before"
    field = "again"

    def __init__(self, times: int) -> None:
        super().__init__(
            f"本件已对该单位核定过同类问题 {times} 次。确属又一次发生的，请勾选“同类问题再次发生”再提交；"
            "同一件事不重复计分。",
            f"The unit was charged for this kind of failing in this case before ({times}). If it happened "
            "once more, tick “It happened again” and send the form again; one failing counts once.",
        )
        self.times = times


class NotForThisFailing(CaseworkError):
    """A failing that the system proves by itself cannot be confirmed by hand."""

    code = "not-for-this-failing"

    def __init__(self, failing: str) -> None:
        super().__init__(
            "逾期和退回重办由系统按时限和审核记录自动计分，不能手工认定。",
            f"'{failing}' is charged from clocks and reviews by itself and cannot be confirmed by hand.",
        )
        self.failing = failing


class NoSuchEntry(CaseworkError):
    """There is no such score entry, or the actor may not see it."""

    code = "no-such-entry"

    def __init__(self, entry_id: object) -> None:
        super().__init__("没有找到该计分记录。", "There is no such score entry.")
        self.entry_id = entry_id


class AlreadyReversed(CaseworkError):
    """A score entry is reversed once; a reversal is not reversed."""

    code = "already-reversed"

    def __init__(self, entry_id: object) -> None:
        super().__init__(
            "该计分记录已经冲销过，或本身就是冲销记录，不能再次冲销。",
            "This entry has been reversed already, or is itself a reversal.",
        )
        self.entry_id = entry_id
