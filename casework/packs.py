"""The life of a draft of a rule pack as a table: which step leads where, and who may take it.

It leaves out what a step writes (`desk.drafting`, `desk.publishing`) and what a pack says (`rules`).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from casework.pack_refusals import ApproverIsEditor, DraftStepRefused
from casework.roles import Permission
from rules.model import Label

_ID = re.compile(r"^pack:[ \t]*([a-z][a-z0-9_]{0,59})[ \t]*(?:#.*)?$", re.MULTILINE)
_VERSION = re.compile(r"^version:[ \t]*([0-9]{1,7})", re.MULTILINE)


class DraftState(StrEnum):
    """How far a draft has come."""

    DRAFT = "draft"
    CHECKED = "checked"
    BACKTESTED = "backtested"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PUBLISHED = "published"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class DraftStep(StrEnum):
    """What is done to a draft."""

    CREATE = "create"
    EDIT = "edit"
    CHECK = "check"
    FAIL_CHECK = "fail_check"
    BACKTEST = "backtest"
    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


S, A = DraftState, DraftStep

_MOVES: tuple[tuple[DraftState, DraftStep, DraftState], ...] = (
    # Whatever is edited has to be checked and tried again.
    (S.DRAFT, A.EDIT, S.DRAFT),
    (S.CHECKED, A.EDIT, S.DRAFT),
    (S.BACKTESTED, A.EDIT, S.DRAFT),
    (S.REJECTED, A.EDIT, S.DRAFT),
    (S.DRAFT, A.CHECK, S.CHECKED),
    (S.CHECKED, A.CHECK, S.CHECKED),
    (S.BACKTESTED, A.CHECK, S.BACKTESTED),
    (S.REJECTED, A.CHECK, S.CHECKED),
    # A check may find today what it let pass yesterday: the program's checks grow.
    (S.DRAFT, A.FAIL_CHECK, S.DRAFT),
    (S.CHECKED, A.FAIL_CHECK, S.DRAFT),
    (S.BACKTESTED, A.FAIL_CHECK, S.DRAFT),
    (S.REJECTED, A.FAIL_CHECK, S.DRAFT),
    (S.CHECKED, A.BACKTEST, S.BACKTESTED),
    (S.BACKTESTED, A.BACKTEST, S.BACKTESTED),
    (S.BACKTESTED, A.SUBMIT, S.SUBMITTED),
    (S.SUBMITTED, A.APPROVE, S.APPROVED),
    (S.SUBMITTED, A.REJECT, S.REJECTED),
    (S.APPROVED, A.REJECT, S.REJECTED),
    (S.APPROVED, A.PUBLISH, S.PUBLISHED),
    (S.DRAFT, A.WITHDRAW, S.WITHDRAWN),
    (S.CHECKED, A.WITHDRAW, S.WITHDRAWN),
    (S.BACKTESTED, A.WITHDRAW, S.WITHDRAWN),
    (S.SUBMITTED, A.WITHDRAW, S.WITHDRAWN),
    (S.APPROVED, A.WITHDRAW, S.WITHDRAWN),
    (S.REJECTED, A.WITHDRAW, S.WITHDRAWN),
)

TRANSITIONS: Mapping[tuple[DraftState, DraftStep], DraftState] = MappingProxyType(
    {(state, step): to for state, step, to in _MOVES}
)

FROZEN: frozenset[DraftState] = frozenset({S.SUBMITTED, S.APPROVED, S.PUBLISHED, S.WITHDRAWN})
"""States in which the files do not change: what is approved is what was submitted."""
OPEN: frozenset[DraftState] = frozenset(DraftState) - {S.PUBLISHED, S.WITHDRAWN}
EDITING: frozenset[DraftStep] = frozenset({A.CREATE, A.EDIT})
"""Steps that make somebody an editor, who cannot approve any more."""

PERMISSION_OF: Mapping[DraftStep, Permission] = MappingProxyType(
    {
        A.CREATE: Permission.RULES_EDIT,
        A.EDIT: Permission.RULES_EDIT,
        A.CHECK: Permission.RULES_EDIT,
        A.FAIL_CHECK: Permission.RULES_EDIT,
        A.BACKTEST: Permission.RULES_EDIT,
        A.SUBMIT: Permission.RULES_EDIT,
        A.WITHDRAW: Permission.RULES_EDIT,
        A.APPROVE: Permission.RULES_APPROVE,
        A.REJECT: Permission.RULES_APPROVE,
        A.PUBLISH: Permission.RULES_PUBLISH,
    }
)

STATE_LABELS: Mapping[DraftState, Label] = MappingProxyType(
    {
        S.DRAFT: Label("起草中", "Draft"),
        S.CHECKED: Label("检查通过", "Checked"),
        S.BACKTESTED: Label("已回测", "Back-tested"),
        S.SUBMITTED: Label("待审批", "Waits for approval"),
        S.APPROVED: Label("已批准", "Approved"),
        S.PUBLISHED: Label("已发布", "Published"),
        S.REJECTED: Label("已退回", "Sent back"),
        S.WITHDRAWN: Label("已撤销", "Withdrawn"),
    }
)

STEP_LABELS: Mapping[DraftStep, Label] = MappingProxyType(
    {
        A.CREATE: Label("起草", "Drafted"),
        A.EDIT: Label("修改", "Edited"),
        A.CHECK: Label("检查通过", "Checked"),
        A.FAIL_CHECK: Label("检查未通过", "Check failed"),
        A.BACKTEST: Label("完成回测", "Back-tested"),
        A.SUBMIT: Label("提交审批", "Submitted for approval"),
        A.APPROVE: Label("批准", "Approved"),
        A.REJECT: Label("退回", "Sent back"),
        A.PUBLISH: Label("发布", "Published"),
        A.WITHDRAW: Label("撤销", "Withdrawn"),
    }
)


@dataclass(frozen=True, slots=True)
class PackDraft:
    """A draft as its rules see it.

    Attributes:
        pack_version: as its pack.yaml says; 0 where that cannot be read yet.
        base_ref: the stored pack it began from; None for one that came from outside.
        digest: of its files.
        editors: everybody who wrote any of it, the author included.
        version: of its row, for the fence.
    """

    id: uuid.UUID
    pack_id: str
    pack_version: int
    title: str
    files: Mapping[str, str]
    base_ref: str | None
    digest: str
    state: DraftState
    author_id: uuid.UUID
    author: str
    editors: frozenset[uuid.UUID]
    approver_id: uuid.UUID | None
    approver: str | None
    effective_at: datetime | None
    version: int

    @property
    def ref(self) -> str:
        """Return the reference that the pack has once it is published."""
        return f"{self.pack_id}@{self.pack_version}+{self.digest}"


def next_state(state: DraftState, step: DraftStep) -> DraftState:
    """Return the state after a step.

    Raises:
        DraftStepRefused: the step does not exist in this state.
    """
    to = TRANSITIONS.get((state, step))
    if to is None:
        raise DraftStepRefused(state, step, STATE_LABELS[state], STEP_LABELS[step])
    return to


def steps_from(state: DraftState) -> tuple[DraftStep, ...]:
    """Return the steps that exist in a state, in the order of `DraftStep`."""
    return tuple(step for step in DraftStep if (state, step) in TRANSITIONS)


def require_other_person(approver: uuid.UUID, editors: Iterable[uuid.UUID]) -> None:
    """Do nothing if the approver wrote none of it.

    Raises:
        ApproverIsEditor: he did.
    """
    if approver in frozenset(editors):
        raise ApproverIsEditor


def named_in(files: Mapping[str, str]) -> tuple[str, int]:
    """Return id and version as pack.yaml says at its top level; "" and 0 where it does not."""
    head = files.get("pack.yaml", "")
    pack_id, version = _ID.search(head), _VERSION.search(head)
    return (pack_id[1] if pack_id else "", int(version[1]) if version else 0)


def with_version(head: str, version: int) -> str:
    """Return the text of a pack.yaml with another version."""
    return _VERSION.sub(f"version: {version}", head, count=1)
