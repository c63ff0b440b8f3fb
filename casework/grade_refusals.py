"""Why one duty officer alone may not let a serious case become less: what to do instead is in each.

Lowering itself is `refusals.NotOneAlone`, from which all of these are made.
"""

# ruff: noqa: N818 — an error is named for the situation (style.md §2.8), not for its being an error.
from __future__ import annotations

from casework.errors import CaseworkError
from rules.model import Label


class NotOneAlone(CaseworkError):
    """A duty officer may not lower a serious case alone."""

    code = "not-one-alone"
    field = "grade"
    words = Label(
        "系统建议为重大的件，由主任降低等级。请写明理由，交主任更正。",
        "A case that is proposed as serious is lowered by a director. Hand it to one with your reasons.",
    )

    def __init__(self) -> None:
        super().__init__(self.words.zh, self.words.en)


class OpenedLower(NotOneAlone):
    """A post that was proposed as serious was to be opened at a lower grade."""

    code = "opened-lower"
    words = Label(
        "系统建议为重大，不能由一名值班员定为较低等级。请按重大立案；认为应降低等级的，请主任立案或更正。",
        "It is proposed as serious, and no duty officer alone opens it at a lower grade. Open it as serious, "
        "or ask a director to decide on a lower grade.",
    )


class EndedAlone(NotOneAlone):
    """Something that is or was proposed as serious was to be dismissed."""

    code = "ended-alone"
    field = "reason_id"
    words = Label(
        "重大件和系统建议为重大的网帖，不能由一名值班员决定不立案。请按重大办理，或者请主任决定不立案。",
        "A serious case, or a post that is proposed as serious, is not dismissed by a duty officer alone. "
        "Handle it as serious, or ask a director to dismiss it.",
    )


class JoinedLower(NotOneAlone):
    """Something serious was to go into a case of a lower grade.

    Args:
        field: of the form, that names the other case.
    """

    code = "joined-lower"
    words = Label(
        "此项为重大或者待定是否为重大，不能由一名值班员并入等级较低的件。"
        "请先把那一件的等级更正为重大（已交办的由主任调整），或者请主任办理并入。",
        "This is serious, or proposed so, and no duty officer alone puts it into a case of a lower grade. "
        "Raise that case to serious first (a director does so after dispatch), or ask a director to do it.",
    )

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


class UpgradeUndecided(NotOneAlone):
    """A case of a lower grade was to go on, or to end, while it is asked whether it is serious."""

    code = "upgrade-undecided"
    words = Label(
        "人工研判台有一项“建议提为重大”尚未决定。请先把本件等级更正为重大（已交办的由主任调整），"
        "或者请主任在研判台决定不提级后再办理。",
        "It is asked on the person's desk whether this case is serious. Raise it to serious first (after "
        "dispatch a director does so), or ask a director to decide on that item.",
    )


class UpgradeNotNoted(NotOneAlone):
    """The question whether something is serious was to be closed by taking note of it."""

    code = "upgrade-not-noted"
    field = "note"
    words = Label(
        "建议提为重大的事项，不能由一名值班员知悉了结。同意的，把等级更正为重大（已交办的由主任调整）；"
        "认为不应提级的，请主任决定。",
        "What proposes a serious grade is not closed by a duty officer who takes note of it. If you agree, "
        "raise the case (a director does so after dispatch); if not, ask a director to decide.",
    )


class ReauditNotNoted(NotOneAlone):
    """A second look that did not hold was to be closed by taking note of it."""

    code = "reaudit-not-noted"
    field = "note"
    words = Label(
        "抽查不成立的事项，不能由一名值班员知悉了结。请督办方重新办理，或者请主任写明为什么维持原来的处理。",
        "What did not hold on re-audit is not closed by a duty officer who takes note of it. Let the desk "
        "that reviews it take it up again, or ask a director to write down why it stays as it is.",
    )
