"""What each permission lets a person do, in words for whoever lacks it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from casework.roles import Permission
from rules.model import Label

P = Permission

PERMISSION_LABELS: Mapping[Permission, Label] = MappingProxyType(
    {
        P.POST_CREATE: Label("登记网帖", "register posts"),
        P.POST_IMPORT: Label("从表格导入网帖", "import posts"),
        P.POST_LIST: Label("查看网帖", "read posts"),
        P.SOURCE_VIEW: Label("查看来源", "look at sources"),
        P.SOURCE_MANAGE: Label("管理来源", "manage sources"),
        P.CASE_VIEW: Label("查看舆情件", "look at cases"),
        P.CASE_CONFIRM: Label("确认定级与交办单位", "confirm grade and units"),
        P.CASE_CORRECT: Label("更正等级和责任单位", "correct grade and units"),
        P.CASE_REGRADE: Label("调整已交办件的等级", "change the grade of dispatched cases"),
        P.CASE_DESIGNATE: Label("裁定、改派责任单位", "rule on units and assign others"),
        P.CASE_DISMISS: Label("人工研判和不立案", "decide what waits for a person, and dismiss"),
        P.CASE_REINSTATE: Label("恢复立案", "reinstate cases"),
        P.CASE_MERGE: Label("并案", "merge cases"),
        P.CASE_DISPATCH: Label("交办", "dispatch"),
        P.CASE_SIGN_FOR: Label("签收", "sign for cases"),
        P.CASE_OBJECT: Label("提出异议", "object"),
        P.CASE_REPORT: Label("报送情况", "file reports"),
        P.CASE_REPLY: Label("签发答复", "reply"),
        P.CASE_REVIEW: Label("审核答复", "review replies"),
        P.CASE_SUPERVISE: Label("督办", "supervise"),
        P.CASE_ASK_TIME: Label("申请延期", "ask for more time"),
        P.CASE_GRANT_TIME: Label("批准延期", "grant more time"),
        P.CASE_CLOSE: Label("办结", "close cases"),
        P.CASE_REOPEN: Label("重新办理", "reopen cases"),
        P.CASE_NAME_ACCUSED: Label("更正被检举单位", "correct who is accused"),
        P.CASE_TAKE_OVER: Label(
            "受理各机关须回避的检举件，或报上级机关", "take over or hand up what offices may not have"
        ),
        P.CASE_ARCHIVE: Label("归档", "archive cases"),
        P.CASE_REAUDIT: Label("抽查", "re-audit"),
        P.CASE_REAUDIT_SECRET: Label("抽查保密件", "re-audit confidential cases"),
        P.CASE_PUBLISH: Label("登记公开回应", "record public replies"),
        P.DOCUMENT_PRINT: Label("查看和打印文书", "open and print documents"),
        P.UNIT_VIEW: Label("查看单位", "look at units"),
        P.SCORE_VIEW: Label("查看计分", "look at scores"),
        P.SCORE_CONFIRM: Label("核定失误并计分", "confirm failings"),
        P.SCORE_REVERSE: Label("冲销计分", "reverse scores"),
        P.RULES_VIEW: Label("查看规则", "look at rules"),
        P.RULES_EDIT: Label("起草规则", "draft rules"),
        P.RULES_APPROVE: Label("批准规则", "approve rules"),
        P.RULES_PUBLISH: Label("发布规则", "publish rules"),
        P.IDENTITY_REVEAL: Label("查看发帖人身份", "reveal who wrote a post"),
        P.IDENTITY_REVEAL_IN_HAND: Label(
            "代网信办查看发帖人身份", "reveal who wrote a post for the recused cyberspace office"
        ),
        P.ACCOUNT_VIEW: Label("查看账号", "look at accounts"),
        P.ACCOUNT_CREATE: Label("新建账号", "create accounts"),
        P.ACCOUNT_DISABLE: Label("停用账号", "disable accounts"),
        P.ROLE_GRANT: Label("授予角色", "grant roles"),
        P.TOKEN_ISSUE: Label("发放接口令牌", "issue tokens"),
        P.OPERATION_VIEW: Label("查看运行状况", "look at how the system runs"),
        P.AUDIT_READ: Label("查看审计日志", "read the audit log"),
        P.LEDGER_VERIFY: Label("核验台账", "verify the ledgers"),
    }
)


def in_words(permissions: Iterable[Permission]) -> Label:
    """Return the names of permissions, joined, in the order in which they are defined."""
    wanted = frozenset(permissions)
    labels = [PERMISSION_LABELS[one] for one in Permission if one in wanted]
    return Label("、".join(one.zh for one in labels), " / ".join(one.en for one in labels))
