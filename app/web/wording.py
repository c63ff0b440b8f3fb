"""Names of what happened, for timelines and the audit log. The events themselves are data of `casework`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Flask

from app.accounts.events import EVENT_LABELS as ACCOUNT_LABELS
from app.web.language import in_language
from casework.events import EventKind
from casework.roles import ROLE_LABELS, Role
from rules.model import Label

K = EventKind

EVENT_LABELS: Mapping[EventKind, Label] = MappingProxyType(
    {
        K.POST_RECEIVED: Label("收到网帖", "Post received"),
        K.POST_METRICS: Label("更新传播数据", "Spread observed"),
        K.POST_REVISED: Label("来文有修改", "Post edited"),
        K.POST_GONE: Label("原帖已不可见", "Post gone at its source"),
        K.POST_DISMISSED: Label("不立案", "Dismissed"),
        K.POST_TO_DESK: Label("转人工研判", "Sent to a person"),
        K.POST_ATTACHED: Label("并入舆情件", "Attached to a case"),
        K.CASE_OPENED: Label("立案", "Case opened"),
        K.CASE_CONFIRMED: Label("确认定级与交办单位", "Grade and units confirmed"),
        K.GRADE_CORRECTED: Label("更正等级", "Grade corrected"),
        K.TOPIC_CORRECTED: Label("更正主题", "Topic corrected"),
        K.ROUTE_CORRECTED: Label("更正责任单位", "Units corrected"),
        K.UPGRADE_PROPOSED: Label("建议升级", "Higher grade proposed"),
        K.ARBITRATION_ASKED: Label("提请裁定责任单位", "Ruling on the unit asked for"),
        K.DISPATCHED: Label("交办", "Dispatched"),
        K.DOCUMENT_ISSUED: Label("出具文书", "Document issued"),
        K.SIGNED_FOR: Label("签收", "Signed for"),
        K.OBJECTED: Label("提出异议", "Objected"),
        K.UPHELD: Label("驳回异议", "Objection rejected"),
        K.REASSIGNED: Label("改派责任单位", "Other units assigned"),
        K.REGRADED: Label("调整等级", "Grade changed"),
        K.REPORT_FILED: Label("报送情况", "Report filed"),
        K.CONTACT_RECORDED: Label("登记首次联系", "First contact recorded"),
        K.PUBLIC_REPLY_RECORDED: Label("登记公开回应", "Public reply recorded"),
        K.REPLIED: Label("答复", "Replied"),
        K.REPLY_ACCEPTED: Label("验收通过", "Reply accepted"),
        K.REPLY_SENT_BACK: Label("退回重办", "Sent back for redo"),
        K.COMMITMENT_MADE: Label("作出承诺", "Commitment made"),
        K.COMMITMENT_MET: Label("承诺兑现", "Commitment met"),
        K.CLOSED: Label("办结", "Closed"),
        K.REOPENED: Label("重新办理", "Reopened"),
        K.REAUDITED: Label("抽查", "Re-audited"),
        K.STEP_TAKEN: Label("督办措施", "Supervision step"),
        K.STEP_NOTED: Label("督办措施已有，记入", "Supervision step noted on the existing one"),
        K.SCORED: Label("计分", "Scored"),
        K.SCORE_REVERSED: Label("冲正计分", "Score reversed"),
        K.CASE_DISMISSED: Label("舆情件不立案", "Case dismissed"),
        K.CASE_TAKEN_OVER: Label("由有权机关受理", "Taken over by another authority"),
        K.CASE_MERGED: Label("并入另一舆情件", "Merged into another case"),
        K.CASE_ABSORBED: Label("另一舆情件并入", "Another case merged into this one"),
        K.CASE_PARTED: Label("撤销并入", "A merge undone"),
        K.CASE_REINSTATED: Label("恢复立案", "Case reinstated"),
        K.MARKED_ACCUSATION: Label("列为检举控告件", "Marked as an accusation"),
        K.SECRECY_LIFTED: Label("解除保密", "Secrecy lifted"),
        K.LIFT_ASKED: Label("提请解除保密", "Lifting of the secrecy asked for"),
        K.REQUEST_LAPSED: Label("提请失效", "Request lapsed"),
        K.ACCUSED_NAMED: Label("列明被检举单位", "Named who is accused"),
        K.ACCUSED_DOUBTED: Label("提请更正被检举单位", "Correction of who is accused asked for"),
        K.ACCUSED_CORRECTED: Label("更正被检举单位", "Corrected who is accused"),
        K.DESK_ITEM_CLOSED: Label("人工研判完成", "Decided by a person"),
    }
)

_OTHER_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "identity_revealed": Label("查看发帖人身份", "Identity revealed"),
        "identity_destroyed": Label("销毁发帖人信息", "Identity destroyed"),
        "pseudonym_key_destroyed": Label("销毁假名密钥", "Pseudonym key destroyed"),
        "source_added": Label("登记来源", "Source added"),
        "source_enabled": Label("启用来源", "Source enabled"),
        "source_disabled": Label("停用来源", "Source disabled"),
        "import_begun": Label("开始表格导入", "Import begun"),
        "document_printed": Label("打开文书", "Document opened"),
        "outage_found": Label("发现系统停机", "Found that the system was down"),
        "stall_found": Label("发现停滞", "Found stalled"),
        "stall_ended": Label("停滞解除", "Stalled no more"),
        "pack_published": Label("发布规则包", "Rule pack published"),
        "pack_put_back": Label("恢复早先的规则包", "Earlier rule pack put back"),
        "pack_in_effect": Label("规则包生效", "Rule pack took effect"),
        "pack_draft_created": Label("起草规则包", "Rule pack drafted"),
        "pack_draft_edited": Label("修改规则包草稿", "Draft of rules edited"),
        "pack_draft_checked": Label("检查规则包草稿", "Draft of rules checked"),
        "pack_draft_submitted": Label("提交规则包审批", "Draft of rules submitted"),
        "pack_draft_approved": Label("批准规则包", "Draft of rules approved"),
        "pack_draft_rejected": Label("退回规则包草稿", "Draft of rules sent back"),
        "pack_draft_withdrawn": Label("撤销规则包草稿", "Draft of rules withdrawn"),
        "backtest_asked": Label("要求回测", "Back-test asked for"),
        "backtest_cancelled": Label("取消回测", "Back-test cancelled"),
        "shadow_started": Label("开始试运行", "Shadow run started"),
        "shadow_stopped": Label("停止试运行", "Shadow run stopped"),
        "pack_exported": Label("导出规则包", "Rule pack exported"),
    }
)

OBJECT_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "account": Label("账号", "Account"),
        "county": Label("本县", "County"),
        "case": Label("舆情件", "Case"),
        "unit": Label("单位", "Unit"),
        "post": Label("网帖", "Post"),
        "route": Label("页面", "Page"),
        "pack": Label("规则包", "Rule pack"),
        "pack_draft": Label("规则包草稿", "Draft of rules"),
        "source": Label("来源", "Source"),
        "token": Label("接口令牌", "API token"),
        "pseudonym_key": Label("假名密钥", "Pseudonym key"),
    }
)
"""Kinds of objects in the audit log."""

_BY_VALUE: Mapping[str, Label] = MappingProxyType(
    {str(kind): label for kind, label in (*EVENT_LABELS.items(), *ACCOUNT_LABELS.items())}
    | dict(_OTHER_LABELS)
)


def word_events(app: Flask) -> None:
    """Give the templates of `app` the names of events."""
    app.add_template_filter(action_label)
    app.add_template_filter(object_label)
    app.add_template_filter(actor_name)


def action_label(action: str) -> Label:
    """Return the name of an event or audited action; one that has none yet stands as it is."""
    return _BY_VALUE.get(action, Label(action, action))


def object_label(kind: str) -> Label:
    """Return the name of a kind of object; one that has none yet stands as it is."""
    return OBJECT_LABELS.get(kind, Label(kind, kind))


def actor_name(name: str) -> str:
    """Return who did something: people by their name, the machine in the page's language."""
    machine = ROLE_LABELS[Role.MACHINE]
    return in_language(machine) if name == machine.zh else name
