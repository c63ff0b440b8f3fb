"""The actions on a case, their names on the screen and the permission behind each.

Where each may be done is `lifecycle`, by whom is `performers`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from casework.roles import Permission
from rules.model import Label

P = Permission


class Action(StrEnum):
    """What can be done to a case, in the order in which a page offers it."""

    CONFIRM = "confirm"
    CORRECT_GRADE = "correct_grade"
    CORRECT_TOPIC = "correct_topic"
    CORRECT_ROUTE = "correct_route"
    ASK_ARBITRATION = "ask_arbitration"
    DESIGNATE = "designate"
    DISPATCH = "dispatch"
    SIGN_FOR = "sign_for"
    OBJECT = "object"
    UPHOLD = "uphold"
    REASSIGN = "reassign"
    FILE_REPORT = "file_report"
    FILE_PROGRESS = "file_progress"
    DRAFT_REPLY = "draft_reply"
    RETURN_DRAFT = "return_draft"
    REPLY = "reply"
    ASSIST_SIGN_FOR = "assist_sign_for"
    ASSIST_REPORT = "assist_report"
    RECORD_CONTACT = "record_contact"
    RECORD_PUBLIC_REPLY = "record_public_reply"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    PAUSE = "pause"
    RESUME = "resume"
    REGRADE = "regrade"
    ACCEPT = "accept"
    ACCEPT_PROMISE = "accept_promise"
    SEND_BACK = "send_back"
    SUPERVISE = "supervise"
    CLOSE = "close"
    RE_AUDIT = "re_audit"
    REOPEN = "reopen"
    ARCHIVE = "archive"
    DISMISS = "dismiss"
    REINSTATE = "reinstate"
    MERGE_INTO = "merge_into"
    MERGE_POST = "merge_post"
    RECORD_POST_GONE = "record_post_gone"
    MARK_ACCUSATION = "mark_accusation"
    LIFT_SECRECY = "lift_secrecy"
    CORRECT_ACCUSED = "correct_accused"
    TAKE_OVER = "take_over"


ACTION_LABELS: Mapping[Action, Label] = MappingProxyType(
    {
        Action.CONFIRM: Label("确认定级与责任单位", "Confirm grade and unit"),
        Action.CORRECT_GRADE: Label("更正等级", "Correct the grade"),
        Action.CORRECT_TOPIC: Label("更正主题", "Correct the topic"),
        Action.CORRECT_ROUTE: Label("更正责任单位", "Correct the unit"),
        Action.ASK_ARBITRATION: Label("提请裁定", "Ask for a ruling"),
        Action.DESIGNATE: Label("指定主办单位", "Designate the lead unit"),
        Action.DISPATCH: Label("交办", "Dispatch"),
        Action.SIGN_FOR: Label("签收", "Sign for"),
        Action.OBJECT: Label("提出异议", "Object"),
        Action.UPHOLD: Label("驳回异议", "Uphold the assignment"),
        Action.REASSIGN: Label("改派", "Assign to another unit"),
        Action.FILE_REPORT: Label("报送首报", "File the first report"),
        Action.FILE_PROGRESS: Label("报送续报", "File a progress report"),
        Action.DRAFT_REPLY: Label("拟写答复", "Draft the reply"),
        Action.RETURN_DRAFT: Label("退回拟稿", "Return the draft"),
        Action.REPLY: Label("签发答复", "Sign the reply"),
        Action.ASSIST_SIGN_FOR: Label("协办签收", "Sign for (assisting)"),
        Action.ASSIST_REPORT: Label("报送协办情况", "Report (assisting)"),
        Action.RECORD_CONTACT: Label("登记首次联系", "Record the first contact"),
        Action.RECORD_PUBLIC_REPLY: Label("登记公开回应", "Record the public reply"),
        Action.ASK_EXTENSION: Label("申请延期", "Ask for an extension"),
        Action.GRANT_EXTENSION: Label("批准延期", "Grant the extension"),
        Action.PAUSE: Label("中止计时", "Pause the clock"),
        Action.RESUME: Label("恢复计时", "Resume the clock"),
        Action.REGRADE: Label("调整等级", "Change the grade"),
        Action.ACCEPT: Label("验收通过", "Accept"),
        Action.ACCEPT_PROMISE: Label("认可承诺", "Accept the commitment"),
        Action.SEND_BACK: Label("退回重办", "Send back for redo"),
        Action.SUPERVISE: Label("催办督办", "Supervise"),
        Action.CLOSE: Label("办结", "Close"),
        Action.RE_AUDIT: Label("抽查", "Re-audit"),
        Action.REOPEN: Label("重新办理", "Reopen"),
        Action.ARCHIVE: Label("归档", "Archive"),
        Action.DISMISS: Label("不立案", "Dismiss"),
        Action.REINSTATE: Label("恢复立案", "Reinstate"),
        Action.MERGE_INTO: Label("并入已有件", "Merge into another case"),
        Action.MERGE_POST: Label("并入网帖", "Attach a post"),
        Action.RECORD_POST_GONE: Label("登记原帖消失", "Record that the post is gone"),
        Action.MARK_ACCUSATION: Label("列为检举控告件", "Mark as an accusation"),
        Action.LIFT_SECRECY: Label("解除保密（两人办理）", "Lift the secrecy (two people)"),
        Action.CORRECT_ACCUSED: Label("更正被检举单位（两人办理）", "Correct who is accused (two people)"),
        Action.TAKE_OVER: Label("受理并结束本系统流转", "Take it over and end it here"),
    }
)


ACTION_PERMISSION: Mapping[Action, Permission] = MappingProxyType(
    {
        Action.CONFIRM: P.CASE_CONFIRM,
        Action.CORRECT_GRADE: P.CASE_CORRECT,
        Action.CORRECT_TOPIC: P.CASE_CORRECT,
        Action.CORRECT_ROUTE: P.CASE_CORRECT,
        Action.ASK_ARBITRATION: P.CASE_CORRECT,
        Action.DESIGNATE: P.CASE_DESIGNATE,
        Action.DISPATCH: P.CASE_DISPATCH,
        Action.SIGN_FOR: P.CASE_SIGN_FOR,
        Action.OBJECT: P.CASE_OBJECT,
        Action.UPHOLD: P.CASE_DESIGNATE,
        Action.REASSIGN: P.CASE_DESIGNATE,
        Action.FILE_REPORT: P.CASE_REPORT,
        Action.FILE_PROGRESS: P.CASE_REPORT,
        Action.DRAFT_REPLY: P.CASE_REPORT,
        Action.RETURN_DRAFT: P.CASE_REPLY,
        Action.REPLY: P.CASE_REPLY,
        Action.ASSIST_SIGN_FOR: P.CASE_SIGN_FOR,
        Action.ASSIST_REPORT: P.CASE_REPORT,
        Action.RECORD_CONTACT: P.CASE_PUBLISH,
        Action.RECORD_PUBLIC_REPLY: P.CASE_PUBLISH,
        Action.ASK_EXTENSION: P.CASE_ASK_TIME,
        Action.GRANT_EXTENSION: P.CASE_GRANT_TIME,
        Action.PAUSE: P.CASE_GRANT_TIME,
        Action.RESUME: P.CASE_GRANT_TIME,
        Action.REGRADE: P.CASE_REGRADE,
        Action.ACCEPT: P.CASE_REVIEW,
        Action.ACCEPT_PROMISE: P.CASE_REVIEW,
        Action.SEND_BACK: P.CASE_REVIEW,
        Action.SUPERVISE: P.CASE_SUPERVISE,
        Action.CLOSE: P.CASE_CLOSE,
        Action.RE_AUDIT: P.CASE_REAUDIT,
        Action.REOPEN: P.CASE_REOPEN,
        Action.ARCHIVE: P.CASE_ARCHIVE,
        Action.DISMISS: P.CASE_DISMISS,
        Action.REINSTATE: P.CASE_REINSTATE,
        Action.MERGE_INTO: P.CASE_MERGE,
        Action.MERGE_POST: P.CASE_MERGE,
        Action.RECORD_POST_GONE: P.CASE_MERGE,
        Action.MARK_ACCUSATION: P.CASE_CORRECT,
        Action.LIFT_SECRECY: P.CASE_DESIGNATE,
        Action.CORRECT_ACCUSED: P.CASE_NAME_ACCUSED,
        Action.TAKE_OVER: P.CASE_TAKE_OVER,
    }
)
