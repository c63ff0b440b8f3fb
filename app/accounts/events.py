"""What the audit log calls the things that happen to accounts, with their names on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from rules.model import Label


class AccountEvent(StrEnum):
    """An action on an account; the value stands in the audit log."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    REFUSED = "refused"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 — an event, not a secret
    PASSWORD_RESET = "password_reset"  # noqa: S105 — an event, not a secret
    FACTOR_SET = "factor_set"
    FACTOR_REMOVED = "factor_removed"
    ACCOUNT_CREATED = "account_created"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"
    ACCOUNT_MOVED = "account_moved"
    ROLES_CHANGED = "roles_changed"
    TOKEN_ISSUED = "token_issued"  # noqa: S105 — an event, not a secret
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 — an event, not a secret


EVENT_LABELS: Mapping[AccountEvent, Label] = MappingProxyType(
    {
        AccountEvent.SIGNED_IN: Label("登录", "Signed in"),
        AccountEvent.SIGN_IN_FAILED: Label("登录失败", "Sign-in failed"),
        AccountEvent.SIGNED_OUT: Label("退出", "Signed out"),
        AccountEvent.REFUSED: Label("越权访问被拒", "Access refused"),
        AccountEvent.PASSWORD_CHANGED: Label("修改密码", "Password changed"),
        AccountEvent.PASSWORD_RESET: Label("重置密码", "Password reset"),
        AccountEvent.FACTOR_SET: Label("启用动态口令", "One-time codes switched on"),
        AccountEvent.FACTOR_REMOVED: Label("解除动态口令", "One-time codes removed"),
        AccountEvent.ACCOUNT_CREATED: Label("新建账号", "Account created"),
        AccountEvent.ACCOUNT_DISABLED: Label("停用账号", "Account disabled"),
        AccountEvent.ACCOUNT_ENABLED: Label("启用账号", "Account enabled"),
        AccountEvent.ACCOUNT_MOVED: Label("调整所属单位", "Moved to another unit"),
        AccountEvent.ROLES_CHANGED: Label("变更角色", "Roles changed"),
        AccountEvent.TOKEN_ISSUED: Label("发放接口令牌", "Token issued"),
        AccountEvent.TOKEN_REVOKED: Label("吊销接口令牌", "Token revoked"),
    }
)
