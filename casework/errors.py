"""What can go wrong in casework, one class per situation that a caller can act on.

Each error carries a stable `code`, its facts as attributes and a sentence in both languages of the
screen. It leaves out how an error is shown: that is the edge's business.
"""

# ruff: noqa: N818 — an error is named for the situation (style.md §2.8), not for its being an error.
from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar


class CaseworkError(Exception):
    """Root of all errors of the domain.

    Attributes:
        code: stable name for logs, API answers and tests.
        zh: sentence for the person at the screen, Chinese.
        en: the same sentence, English.
    """

    code: ClassVar[str] = "casework-error"

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en


class IllegalTransition(CaseworkError):
    """The action does not exist in the state the case is in."""

    code = "illegal-transition"

    def __init__(self, state: str, action: str, *, state_zh: str, action_zh: str) -> None:
        super().__init__(
            f"当前状态为“{state_zh}”，不能执行“{action_zh}”。请刷新页面后按可用操作办理。",
            f"A case in state '{state}' does not allow '{action}'. Reload the page.",
        )
        self.state = state
        self.action = action


class NotPermitted(CaseworkError):
    """The actor's roles do not include what the action or page needs."""

    code = "not-permitted"

    def __init__(self, wanted: str, wanted_en: str = "") -> None:
        super().__init__(
            f"您没有此项权限（{wanted}）。如工作需要，请联系安全管理员授权。",
            f"You may not do this ({wanted_en or wanted}). Ask the security administrator if you need to.",
        )
        self.wanted = wanted


class IncompatibleRoles(CaseworkError):
    """A set of roles that one account may not hold."""

    code = "incompatible-roles"

    def __init__(self, roles: tuple[str, ...], desks: tuple[str, ...]) -> None:
        super().__init__(
            f"同一账号不能兼任：{'、'.join(roles)}。一个账号只能属于一个岗位，请分设账号。",
            f"One account cannot hold {', '.join(roles)}: different desks. Use separate accounts.",
        )
        self.roles = roles
        self.desks = desks


class InvalidOutcome(CaseworkError):
    """A reply whose outcome lacks what that outcome must have."""

    code = "invalid-outcome"

    def __init__(self, outcome: str, field: str, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.outcome = outcome
        self.field = field


class CalendarHasNoHours(CaseworkError):
    """A calendar table without usable working hours."""

    code = "calendar-has-no-hours"

    def __init__(self, version: str) -> None:
        super().__init__(
            f"日历 {version} 没有可用的工作时段。请在 calendar.yaml 的 hours 中按先后写明上下班时间。",
            f"Calendar {version} has no usable working hours. Write them in order under hours.",
        )
        self.version = version


class NoWorkingDays(CaseworkError):
    """A calendar in which a limit never ends."""

    code = "no-working-days"

    def __init__(self, version: str, after: date) -> None:
        super().__init__(
            f"日历 {version} 在 {after:%Y-%m-%d} 之后没有足够的工作日，时限无法计算。请检查放假日期。",
            f"Calendar {version} has too few working days after {after:%Y-%m-%d}. Check its days off.",
        )
        self.version = version
        self.after = after


class LimitTooLong(CaseworkError):
    """A limit beyond what any authority sets."""

    code = "limit-too-long"

    def __init__(self, limit: str, longest: str) -> None:
        super().__init__(
            f"时限 {limit} 超过了上限 {longest}，请检查是否写错。",
            f"The limit {limit} is longer than the longest allowed, {longest}. Check for a slip of the pen.",
        )
        self.limit = limit
        self.longest = longest


class NaiveInstant(CaseworkError):
    """An instant without time zone where an aware one is needed."""

    code = "naive-instant"

    def __init__(self, name: str, value: datetime) -> None:
        super().__init__(
            f"时间“{name}”缺少时区：{value.isoformat()}。",
            f"'{name}' has no time zone: {value.isoformat()}. Pass aware UTC.",
        )
        self.name = name
        self.value = value


class ClockRefused(CaseworkError):
    """A clock event that its ledger cannot take; `why` names the case."""

    code = "clock-refused"

    def __init__(self, why: str, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.why = why


class ReasonMissing(CaseworkError):
    """A decision without its reason."""

    code = "reason-missing"

    def __init__(self, action: str) -> None:
        super().__init__("请写明理由。", "State the reason.")
        self.action = action


class AlreadyOpposite(CaseworkError):
    """An attempt to take back an entry that itself takes back another."""

    code = "already-opposite"

    def __init__(self, key: str) -> None:
        super().__init__(
            "该条目本身就是冲销，不能再冲销。如需重新计分，请按新的问题提出。",
            "This entry is itself a reversal and cannot be reversed. Enter a new failing instead.",
        )
        self.key = key
