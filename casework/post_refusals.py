"""Why a use case on a post, an identity, a rule pack or the person's desk was refused.

One class per situation that a caller can act on; those on cases are in `refusals`.
"""

# ruff: noqa: N818 — an error is named for the situation (style.md §2.8), not for its being an error.
from __future__ import annotations

from collections.abc import Mapping

from casework.errors import CaseworkError
from rules.model import Label


class BadPost(CaseworkError):
    """A post that cannot be taken; `problems` says for each field what to change."""

    code = "bad-post"

    def __init__(self, problems: Mapping[str, Label]) -> None:
        super().__init__(
            "网帖未能受理：" + "；".join(label.zh for label in problems.values()),
            "The post was not taken: " + "; ".join(label.en for label in problems.values()),
        )
        self.problems = dict(problems)


class UnknownSource(CaseworkError):
    """No source of the county has this code, or it is switched off."""

    code = "unknown-source"

    def __init__(self, source_code: str) -> None:
        super().__init__(
            f"没有名为“{source_code}”的启用来源。请先登记来源，或检查来源代码。",
            f"No active source is called '{source_code}'. Register it first, or check the code.",
        )
        self.source_code = source_code


class NoSuchPost(CaseworkError):
    """There is no such post, or the actor may not see it: the two are not told apart."""

    code = "no-such-post"

    def __init__(self, post_id: object) -> None:
        super().__init__(
            "没有找到该网帖，可能编号有误，或不在您的查看范围内。",
            "There is no such post, or it is not yours to see.",
        )
        self.post_id = post_id


class PurposeMissing(CaseworkError):
    """An identity is shown only for a purpose that is written down."""

    code = "purpose-missing"

    def __init__(self, shortest: int) -> None:
        super().__init__(
            f"查看发帖人信息必须写明用途（不少于 {shortest} 个字），该次查看将被记录。",
            f"State the purpose ({shortest} characters or more) of looking at who wrote this; it is logged.",
        )
        self.shortest = shortest


class NoIdentity(CaseworkError):
    """Nobody knows, or nobody knows any more, who wrote the post."""

    code = "no-identity"

    def __init__(self, post_id: object, *, destroyed: bool) -> None:
        if destroyed:
            zh, en = (
                "发帖人信息已按保存期限销毁。",
                "Who wrote it was destroyed when its retention ended.",
            )
        else:
            zh, en = "该网帖没有发帖人信息。", "The source did not say who wrote this post."
        super().__init__(zh, en)
        self.post_id = post_id
        self.destroyed = destroyed


class PackRefused(CaseworkError):
    """A rule pack that cannot be published; `problems` are lines `file:line:column: message`."""

    code = "pack-refused"

    def __init__(self, problems: tuple[str, ...], zh: str = "", en: str = "") -> None:
        super().__init__(
            zh or f"规则包有 {len(problems)} 处错误，未发布：{problems[0] if problems else ''}",
            en or f"The pack was not published, errors: {len(problems)}. {problems[0] if problems else ''}",
        )
        self.problems = problems


class PackAltered(PackRefused):
    """A stored pack whose files are not those that its reference names: nothing is judged by it."""

    code = "pack-altered"

    def __init__(self, ref: str) -> None:
        super().__init__(
            (),
            f"规则包 {ref} 存储的内容与其编号不符，可能被改动，不予采用。请报告系统管理员，从备份恢复。",
            f"What is stored of the pack {ref} is not what its reference names, so it is not used. "
            "Tell the system administrator: restore it from a backup.",
        )
        self.ref = ref


class NoPackInForce(CaseworkError):
    """The county has no rule pack yet."""

    code = "no-pack-in-force"

    def __init__(self, county: str) -> None:
        super().__init__(
            "本县尚未发布规则包，无法研判。请先发布规则包。",
            f"County '{county}' has no rule pack in force. Publish one first.",
        )
        self.county = county


class PackAlreadyInForce(CaseworkError):
    """A first pack cannot be installed where one is in force; later versions are approved by people."""

    code = "pack-already-in-force"

    def __init__(self, ref: str) -> None:
        super().__init__(
            f"本县已有生效的规则包（{ref}），未作任何改动。以后的版本请在“规则”页面起草、审批后发布。",
            f"A pack is in force already ({ref}); nothing was changed. "
            "Draft later versions on the rules pages and have them approved there.",
        )
        self.ref = ref


class NoSuchItem(CaseworkError):
    """There is no such item on the person's desk, or the actor may not see it."""

    code = "no-such-item"

    def __init__(self, item_id: object) -> None:
        super().__init__("没有找到该待办事项。", "There is no such item on the desk.")
        self.item_id = item_id


class ItemClosed(CaseworkError):
    """Somebody else has settled the item."""

    code = "item-closed"

    def __init__(self, item_id: object, resolution: str) -> None:
        super().__init__(
            "该事项已由他人处理完毕，您的操作没有执行。请刷新页面。",
            f"Somebody else has settled this item ({resolution}); nothing was done. Reload the page.",
        )
        self.item_id = item_id
        self.resolution = resolution


class ItemNotOfThisKind(CaseworkError):
    """The way of settling does not fit what the item asks."""

    code = "item-not-of-this-kind"

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)


class UnknownChoice(CaseworkError):
    """A value that the rule pack in force does not list (topic, reason, class of demand)."""

    code = "unknown-choice"

    def __init__(self, field: str, value: str) -> None:
        super().__init__(
            f"“{value}”不在现行规则包的可选项（{field}）中，请重新选择。",
            f"'{value}' is not among the choices of '{field}' in the pack in force. Choose again.",
        )
        self.field = field
        self.value = value


class SecretStaysApart(CaseworkError):
    """A confidential accusation and an ordinary case must not be put together."""

    code = "secret-stays-apart"

    def __init__(self) -> None:
        super().__init__(
            "检举控告类网帖只能并入检举控告件，普通网帖只能并入普通件。",
            "A confidential accusation joins confidential cases only, an ordinary post ordinary ones only.",
        )


class KeyReused(CaseworkError):
    """An Idempotency-Key that was used for another request."""

    code = "idempotency-key-reused"

    def __init__(self) -> None:
        super().__init__(
            "该 Idempotency-Key 已用于内容不同的请求。新的请求请换用新的值。",
            "This Idempotency-Key was used for a request with other content. Take a new key for a new one.",
        )


class SourceExists(CaseworkError):
    """Another source has this code."""

    code = "source-exists"

    def __init__(self, source_code: str) -> None:
        super().__init__(
            f"来源代码“{source_code}”已被使用，请换一个。",
            f"The code '{source_code}' is taken. Choose another.",
        )
        self.source_code = source_code


class UnsuitableSource(CaseworkError):
    """A source that cannot be registered as described."""

    code = "unsuitable-source"

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"来源不能登记：{zh}。", f"The source cannot be registered: {en}.")
