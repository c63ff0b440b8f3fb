"""Why a step of a rule pack's life was refused: drafts, approval, publication, back-tests, bundles.

One class per situation that a caller can act on; a pack with errors is `post_refusals.PackRefused`.
"""

# ruff: noqa: N818 — an error is named for the situation (style.md §2.8), not for its being an error.
from __future__ import annotations

from datetime import datetime

from casework.errors import CaseworkError
from casework.workdays import CHINA
from rules.model import Label


class NoSuchDraft(CaseworkError):
    """There is no such draft in this county."""

    code = "no-such-draft"

    def __init__(self, draft_id: object) -> None:
        super().__init__("没有找到该规则包草稿。", "There is no such draft of a rule pack.")
        self.draft_id = draft_id


class NoSuchPack(CaseworkError):
    """No pack of this reference or version is stored."""

    code = "no-such-pack"

    def __init__(self, named: str) -> None:
        super().__init__(
            f"没有名为“{named}”的规则包。可用 `flask packs list` 查看全部版本。",
            f"No pack '{named}' is stored. `flask packs list` shows them all.",
        )
        self.named = named


class StaleDraft(CaseworkError):
    """Somebody changed the draft since it was loaded."""

    code = "stale-draft"

    def __init__(self, draft_id: object, *, seen: int, now: int) -> None:
        super().__init__(
            "该草稿刚刚被他人修改，您的操作没有执行。请刷新页面，看过新内容后再办理。",
            "Somebody else has just changed this draft; nothing was done. Reload it and look again.",
        )
        self.draft_id = draft_id
        self.seen = seen
        self.now = now


class ClockWentBack(CaseworkError):
    """This machine's clock stands before the draft's last step: which came first could no longer be told."""

    code = "clock-went-back"

    def __init__(self, last: datetime) -> None:
        local = f"{last.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
        super().__init__(
            f"服务器时钟早于该草稿上一步的时间（{local}），先后次序无法确认，操作没有执行。请校准时钟后再办理。",
            f"This server's clock stands before the draft's last step ({local}, county time);"
            " nothing was done. Set the clock right and try again.",
        )


class DraftStepRefused(CaseworkError):
    """The step does not exist in the state the draft is in."""

    code = "draft-step-refused"

    def __init__(self, state: str, step: str, state_label: Label, step_label: Label) -> None:
        super().__init__(
            f"草稿“{state_label.zh}”时不能执行“{step_label.zh}”。{_HINTS_ZH.get(step, '')}",
            f"A draft in state '{state}' does not allow '{step}'. {_HINTS_EN.get(step, '')}".rstrip(),
        )
        self.state = state
        self.step = step


_HINTS_ZH = {
    "edit": "已提交、批准或发布的内容不能再改，请另起草稿。",
    "submit": "请先检查并完成回测。",
    "backtest": "请先通过检查。",
    "approve": "请等待起草人提交。",
    "publish": "须先由另一人批准。",
}
_HINTS_EN = {
    "edit": "What was submitted, approved or published stays as it is: begin another draft.",
    "submit": "Have it checked and back-tested first.",
    "backtest": "Have it checked first.",
    "approve": "Its author must submit it first.",
    "publish": "Another person must approve it first.",
}


class TriedOnOtherRules(CaseworkError):
    """The draft was compared with rules that are, or will be, replaced: another's change would be lost."""

    code = "tried-on-other-rules"

    def __init__(self, ref: str) -> None:
        named = ref.partition("+")[0]
        super().__init__(
            f"回测对照的不是现行规则，请重新回测。现行或即将生效的是 {named}；"
            "请先对照它核对差异，以免丢掉他人的修改。已提交或已批准的草稿须先退回。",
            "The back-test was not compared with the rules in force: run it again. "
            f"In force, or about to be, is {named}; look at the difference first, "
            "so that nobody's change is lost. "
            "A draft that was submitted or approved must be sent back first.",
        )
        self.ref = ref


class NothingCompared(CaseworkError):
    """The draft was tried while the county had no post, and nobody said why it goes on all the same."""

    code = "nothing-compared"

    def __init__(self) -> None:
        super().__init__(
            "回测没有比对到任何网帖，看不出这份草稿会带来什么变化。仍要提交的，请在说明中写明理由。",
            "The back-test compared no post, so nobody can tell what this draft changes. "
            "To submit it all the same, state the reason in the note.",
        )


class DraftAltered(CaseworkError):
    """The files of a draft are not those that its digest was made of."""

    code = "draft-altered"

    def __init__(self, draft_id: object) -> None:
        super().__init__(
            "草稿的文件与登记的内容摘要不符，不能批准或发布。请报告系统管理员，并另起草稿。",
            "The files of this draft are not those of its digest, so it is neither approved nor published. "
            "Tell the system administrator, and begin another draft.",
        )
        self.draft_id = draft_id


class PersonNeeded(CaseworkError):
    """A step that a named person answers for, tried by a machine or a nameless console."""

    code = "person-needed"

    def __init__(self) -> None:
        super().__init__(
            "起草、审批和发布规则必须由具名账号办理。在命令行请用 --as 指明账号。",
            "Rules are written, approved and published by named people. At the console, name one with --as.",
        )


class ApproverIsEditor(CaseworkError):
    """Whoever wrote any of a draft cannot approve it."""

    code = "approver-is-editor"

    def __init__(self) -> None:
        super().__init__(
            "您参与了该草稿的起草或修改，不能审批。请由另一人审批。",
            "You wrote part of this draft, so you cannot approve it. Another person must.",
        )


class FileRefused(CaseworkError):
    """A file that cannot be part of a pack."""

    code = "pack-file-refused"

    def __init__(self, name: str, zh: str, en: str) -> None:
        super().__init__(f"文件“{name}”不能采用：{zh}。", f"The file '{name}' cannot be used: {en}.")
        self.name = name


class TooSoon(CaseworkError):
    """A pack cannot be put in force in the past: decisions made since then would have had other rules."""

    code = "effective-in-the-past"

    def __init__(self) -> None:
        super().__init__(
            "生效时间不能早于现在。请改为现在或将来的时间。",
            "The time of effect lies in the past. Choose now or a later time.",
        )


class VersionTaken(CaseworkError):
    """The pack's id and version stand for other content already."""

    code = "pack-version-taken"

    def __init__(self, pack_id: str, version: int, free: int) -> None:
        super().__init__(
            f"规则包 {pack_id} 第 {version} 版已发布过，内容不同。请在 pack.yaml 中把 version 改为 {free}。",
            f"Version {version} of pack '{pack_id}' was published with other content. "
            f"Write version: {free} in pack.yaml.",
        )
        self.pack_id = pack_id
        self.version = version
        self.free = free


class NothingToTry(CaseworkError):
    """A back-test whose period is empty or upside down, or a shadow run of no length."""

    code = "nothing-to-try"

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)


class NoSuchBacktest(CaseworkError):
    """There is no such back-test in this county."""

    code = "no-such-backtest"

    def __init__(self, backtest_id: object) -> None:
        super().__init__("没有找到该回测。", "There is no such back-test.")
        self.backtest_id = backtest_id


class RunAlreadyGoing(CaseworkError):
    """A draft is tried once at a time."""

    code = "run-already-going"

    def __init__(self) -> None:
        super().__init__(
            "该草稿已有一项回测或试运行正在进行。请等它完成，或先取消。",
            "This draft is being tried already. Wait for that to end, or cancel it first.",
        )


class BundleRefused(CaseworkError):
    """A file handed over as an exported pack that is not taken."""

    code = "pack-bundle-refused"

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"规则包文件未被采用：{zh}", f"The pack file was not taken: {en}")
