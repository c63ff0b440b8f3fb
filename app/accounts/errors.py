"""What can go wrong with accounts, in the manner of `casework.errors`."""

# ruff: noqa: N818 — an error is named for the situation (style.md §2.8).
from __future__ import annotations

from casework.errors import CaseworkError


class NoSuchAccount(CaseworkError):
    """No account has this id or login."""

    code = "no-such-account"

    def __init__(self) -> None:
        super().__init__(
            "没有这个账号。请返回账号列表查看。", "There is no such account. Go back to the list."
        )


class LoginTaken(CaseworkError):
    """Another account has this login."""

    code = "login-taken"

    def __init__(self, login: str) -> None:
        super().__init__(
            f"登录名“{login}”已被使用，请换一个。", f"The login '{login}' is taken. Choose another."
        )
        self.login = login


class UnsuitableLogin(CaseworkError):
    """A login that is no login."""

    code = "unsuitable-login"

    def __init__(self) -> None:
        super().__init__(
            "登录名须为 3–32 位小写字母、数字、点、横线或下划线，以字母开头。",
            "A login is 3 to 32 small letters, digits, dots, hyphens or underscores, a letter first.",
        )


class UnitNeeded(CaseworkError):
    """Roles of a unit for an account that belongs to none, or the other way round."""

    code = "unit-needed"

    def __init__(self) -> None:
        super().__init__(
            "单位角色只能授予属于责任单位的账号，其他角色只能授予不属于责任单位的账号。",
            "Roles of a unit go to accounts of a unit; all other roles go to accounts of none.",
        )


class NotOneself(CaseworkError):
    """An administrator tried to change his own account."""

    code = "not-oneself"

    def __init__(self) -> None:
        super().__init__(
            "不能变更自己的账号。请由另一名管理员操作。",
            "You cannot change your own account. Ask another administrator.",
        )


class StaleAccount(CaseworkError):
    """Somebody else changed the account in the meantime."""

    code = "stale-account"

    def __init__(self) -> None:
        super().__init__(
            "此账号刚被他人修改。请刷新页面后重试。",
            "Somebody else has just changed this account. Reload and try again.",
        )


class WeakPassword(CaseworkError):
    """A password that breaks rules; `problems` lists every one, as (zh, en)."""

    code = "weak-password"

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        super().__init__("".join(zh for zh, _ in problems), " ".join(en for _, en in problems))
        self.problems = problems


class WrongPassword(CaseworkError):
    """The present password was not given correctly."""

    code = "wrong-password"

    def __init__(self) -> None:
        super().__init__("当前密码不正确。", "The present password is wrong.")


class WrongCode(CaseworkError):
    """The one-time code does not fit, or was used before."""

    code = "wrong-code"

    def __init__(self) -> None:
        super().__init__(
            "动态口令不正确或已使用过。请等待下一组数字再试。",
            "The code is wrong or was used before. Wait for the next one.",
        )


class WrongOldCode(WrongCode):
    """The code of the factor that is to be replaced does not fit, or was used before."""


class NoSuchToken(CaseworkError):
    """No token has this id."""

    code = "no-such-token"

    def __init__(self) -> None:
        super().__init__(
            "没有这个接口令牌。请用 tokens list 查看编号。", "There is no such token: see `tokens list`."
        )


class UnsuitableToken(CaseworkError):
    """A token without a name, without a scope, or for too long."""

    code = "unsuitable-token"

    def __init__(self, longest_name: int, longest_days: int) -> None:
        super().__init__(
            f"令牌须有名称（不超过 {longest_name} 字）和至少一项权限，有效期为 1 至 {longest_days} 天。",
            f"A token needs a name (up to {longest_name} characters), a scope and 1 to {longest_days} days.",
        )
