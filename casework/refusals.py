"""Why a use case on a case was refused, one class per situation that a caller can act on.

It leaves out what a table refuses (`errors`: transitions, permissions, outcomes, clocks).
"""

# ruff: noqa: N818 — an error is named for the situation (style.md §2.8), not for its being an error.
from __future__ import annotations

from casework.errors import CaseworkError
from rules.model import Label


class NoSuchCase(CaseworkError):
    """There is no such case, or the actor may not see it: the two are not told apart."""

    code = "no-such-case"

    def __init__(self, case_id: object) -> None:
        super().__init__(
            "没有找到该舆情件，可能编号有误，或不在您的查看范围内。",
            "There is no such case, or it is not yours to see.",
        )
        self.case_id = case_id


class SameCase(CaseworkError):
    """A case was to be merged into itself."""

    code = "same-case"
    field = "into"

    def __init__(self) -> None:
        super().__init__(
            "不能并入本件自身，请选择另一件。", "A case cannot be merged into itself. Choose another one."
        )


class NoSuchDismissal(CaseworkError):
    """The post was not dismissed, or the actor may not see it."""

    code = "no-such-dismissal"

    def __init__(self, post_id: object) -> None:
        super().__init__("没有找到该不立案记录。", "There is no dismissal of this post.")
        self.post_id = post_id


class NoSuchUnit(CaseworkError):
    """The county has no active unit of that code."""

    code = "no-such-unit"

    def __init__(self, unit: str, name: Label | None = None) -> None:
        named = name or Label(unit, unit)
        super().__init__(
            f"没有名为“{named.zh}”的在册单位，请从单位名册中选择。",
            f"There is no active unit '{named.en}'. Choose one from the register of units.",
        )
        self.unit = unit


class TooManyAssist(CaseworkError):
    """More units were named to assist with one case than can be led together."""

    code = "too-many-assist"
    field = "assist"

    def __init__(self, named: int, most: int) -> None:
        super().__init__(
            f"选了 {named} 个协办单位，最多 {most} 个。请只选有具体任务的单位，其余由主办单位联系。",
            f"{named} units are named to assist; {most} are the most. Name only those with a task of "
            "their own; the lead unit reaches the others.",
        )
        self.named = named
        self.most = most


class StaleVersion(CaseworkError):
    """Somebody changed the case since the page was loaded."""

    code = "stale-version"

    def __init__(self, case_id: object, *, seen: int, now: int | None) -> None:
        super().__init__(
            "该件刚刚被他人更新，您的操作没有执行。请刷新页面后重新办理。",
            "Somebody else has just changed this case; nothing was done. Reload the page and try again.",
        )
        self.case_id = case_id
        self.seen = seen
        self.now = now


class TextRefused(CaseworkError):
    """A text that a person typed is missing, too long or holds characters that cannot be kept."""

    code = "text-refused"

    def __init__(self, field: str, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.field = field


class NothingToCorrect(CaseworkError):
    """A correction whose new value is the old one."""

    code = "nothing-to-correct"

    def __init__(self, field: str, value: str) -> None:
        super().__init__(
            "更正后的内容与原来相同，无需更正。",
            f"The corrected {field} is the one that stands already ('{value}'). Nothing was changed.",
        )
        self.field = field
        self.value = value


class DemandStands(CaseworkError):
    """The class of demand of a case that is with a unit, or of an accusation, cannot be changed as such."""

    code = "demand-stands"
    field = "demand"

    def __init__(self) -> None:
        super().__init__(
            "交办以后诉求类别不再更改：单位的时限按它计算；主题可以更正。"
            "属于检举控告或者不再是检举控告的，用“列为检举控告件”“解除保密”办理。",
            "From dispatch on the class of demand stands, because the limits of the unit depend on it; the "
            "topic can be corrected. For accusations use “Mark as an accusation” or “Lift the secrecy”.",
        )


class UnitShutOut(CaseworkError):
    """A unit that must never learn of this confidential case was named for it."""

    code = "unit-shut-out"

    def __init__(self, unit: str, name: Label | None = None) -> None:
        named = name or Label(unit, unit)
        super().__init__(
            f"该件为检举控告件，不得交由被检举单位或其下属单位（{named.zh}）办理。",
            f"A confidential accusation: the accused unit and those below it ('{named.en}') are shut out.",
        )
        self.unit = unit


class OnlyDiscipline(CaseworkError):
    """A confidential accusation was to go to another unit than discipline inspection."""

    code = "only-discipline"

    def __init__(self, unit: str, name: Label | None = None) -> None:
        named = name or Label(unit, unit)
        super().__init__(
            f"检举控告件只能由纪检监察机关办理，不得转给其他单位（{named.zh}）。"
            "确不属检举控告的，请主任先解除保密。",
            f"A confidential accusation goes to discipline inspection alone, not to '{named.en}'. If it is "
            "none after all, the director lifts the secrecy first.",
        )
        self.unit = unit
        self.field = "lead"


class AlreadyConfidential(CaseworkError):
    """A case that is confidential already was to be made so."""

    code = "already-confidential"

    def __init__(self) -> None:
        super().__init__("该件已是检举控告件。", "The case is a confidential accusation already.")


class NotConfidential(CaseworkError):
    """The secrecy of an ordinary case was to be lifted."""

    code = "not-confidential"

    def __init__(self) -> None:
        super().__init__(
            "该件不是保密件，无需解除。", "The case is not confidential: there is nothing to lift."
        )


class NotInPublic(CaseworkError):
    """What was answered on a confidential case was to be recorded as said in public."""

    code = "not-in-public"

    def __init__(self) -> None:
        super().__init__(
            "本件属检举控告，保密办理，不作公开回应；答复由负责办理的机构转告诉求人。",
            "A confidential case is not answered in public. Whoever has it in hand tells the person.",
        )


class NobodyAccused(CaseworkError):
    """A case was to be made an accusation of nobody, so that nobody would be shut out."""

    code = "nobody-accused"

    def __init__(self) -> None:
        super().__init__(
            "请选择被检举控告的单位：须回避的单位由此确定。",
            "Choose the units that are accused: they and all below them are shut out.",
        )
        self.field = "accused"


class TakenOver(CaseworkError):
    """A case that another authority took over was to be handled again here."""

    code = "taken-over"

    def __init__(self) -> None:
        super().__init__(
            "此件已由纪检监察机关或上级机关受理，本县没有承办单位，不能重新办理。",
            "Another authority has taken this case over; no unit of the county has it to handle it again.",
        )


class MarkedByYourself(CaseworkError):
    """Secrecy is lifted by two other people than the one who gave it."""

    code = "marked-by-yourself"

    def __init__(self) -> None:
        super().__init__(
            "此件（或者并入此件的另一件）由您列为检举控告件，解除保密须由另外两人（主任或目督办保密件专人）办理。"
            "没有另外两人的，先恢复并入的那一件，再分别办理。",
            "You made this case an accusation, or one that was merged into it. Two others lift the secrecy: "
            "directors, or an inspector of confidential cases. Where there are no two, reinstate the merged "
            "case first and lift each of the two.",
        )


class AskedByYourself(CaseworkError):
    """Who is accused is corrected by two people; the same one asked twice."""

    code = "asked-by-yourself"

    def __init__(self) -> None:
        super().__init__(
            "您已提请这样更正被检举单位，须由另一位有权办理此件的人员确认，您本人不能确认。",
            "You have asked for this correction already. Somebody else who may act on this case confirms it.",
        )


class DecidedByYourself(CaseworkError):
    """Whoever decided on a case does not re-audit it."""

    code = "decided-by-yourself"

    def __init__(self) -> None:
        super().__init__(
            "您在此件中作过决定（确认、交办、审核、办结等），不能再抽查此件，须由另一位有抽查权限的人员抽查。",
            "You decided on this case (confirmed, dispatched, reviewed or closed it). "
            "Somebody else re-audits it.",
        )


class NoLeadUnit(CaseworkError):
    """A case cannot be dispatched without a lead unit."""

    code = "no-lead-unit"

    def __init__(self) -> None:
        super().__init__(
            "尚未确定主办单位，不能交办。请先确定主办单位，或提请裁定。",
            "The case has no lead unit yet. Name one, or ask for a ruling, before dispatching it.",
        )


class NoLimitSet(CaseworkError):
    """The pack sets no limit for a stage that every dispatched case must have."""

    code = "no-limit-set"

    def __init__(self, stage: str, grade: str) -> None:
        super().__init__(
            f"规则包没有为该等级设置“{stage}”时限，不能交办。请在 deadlines.yaml 中补充。",
            f"The pack sets no limit for stage '{stage}' and grade '{grade}'. Add it to deadlines.yaml.",
        )
        self.stage = stage
        self.grade = grade


class NotTheHigherDesk(CaseworkError):
    """A grade may be lowered only by the desk that supervises the higher one."""

    code = "not-the-higher-desk"

    def __init__(self) -> None:
        super().__init__(
            "已交办的较大、重大件只能由书记督查室降低等级。",
            "Only the supervision office may lower the grade of a dispatched major or serious case.",
        )


class BasisOfAnother(CaseworkError):
    """Another unit was named, with the basis of the former one."""

    code = "basis-of-another"
    field = "basis"

    def __init__(self) -> None:
        super().__init__(
            "职责依据仍是原主办单位的。请改写为新主办单位的职责依据，它会印在交办单上。",
            "This is the basis of the former lead. Name the one of the new lead: it is printed on its slip.",
        )


class NothingPending(CaseworkError):
    """There is no reply to review, or no commitment to meet."""

    code = "nothing-pending"

    def __init__(self, what: str, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.what = what


class BadCursor(CaseworkError):
    """A page was asked for with a cursor that no page gave out."""

    code = "bad-cursor"

    def __init__(self, cursor: str) -> None:
        super().__init__(
            "翻页参数无效，请从第一页重新查看。",
            "The place in the list is not known. Start again from the first page.",
        )
        self.cursor = cursor
