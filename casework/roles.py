"""Roles, permissions, and which role grants which permission, as data.

It leaves out who an actor is and what he sees (`access`), and what may be done to a case in which
state (`lifecycle`).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from rules.model import Grade, Label


class Desk(StrEnum):
    """Where a person sits. One account sits at one desk, so that nobody judges his own work.

    **Source:** domain.md §0 (three desks and the units) and §7.3 (three separate administrators).
    """

    OFFICE = "office"
    SUPERVISION = "supervision"
    TARGET = "target"
    UNIT = "unit"
    PUBLISHER = "publisher"
    HIGHER_AUTHORITY = "higher_authority"
    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"
    MACHINE = "machine"


class Role(StrEnum):
    """What a person is. `MACHINE` is the worker and the sweep; no person can be given it."""

    DUTY_OFFICER = "duty_officer"
    DIRECTOR = "director"
    UNIT_HANDLER = "unit_handler"
    UNIT_HEAD = "unit_head"
    SUPERVISOR = "supervisor"
    INSPECTOR = "inspector"
    SECRET_INSPECTOR = "secret_inspector"  # noqa: S105 — a role, not a secret
    PUBLISHER = "publisher"
    HIGHER_AUTHORITY = "higher_authority"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"
    MACHINE = "machine"


class Permission(StrEnum):
    """A kind of thing that can be done, as resource:action. Every route declares one."""

    POST_CREATE = "post:create"
    POST_IMPORT = "post:import"
    POST_LIST = "post:list"
    SOURCE_VIEW = "source:view"
    SOURCE_MANAGE = "source:manage"
    CASE_VIEW = "case:view"
    CASE_CONFIRM = "case:confirm"
    CASE_CORRECT = "case:correct"
    CASE_REGRADE = "case:regrade"
    CASE_DESIGNATE = "case:designate"
    CASE_DISMISS = "case:dismiss"
    CASE_REINSTATE = "case:reinstate"
    CASE_MERGE = "case:merge"
    CASE_DISPATCH = "case:dispatch"
    CASE_SIGN_FOR = "case:sign_for"
    CASE_OBJECT = "case:object"
    CASE_REPORT = "case:report"
    CASE_REPLY = "case:reply"
    CASE_REVIEW = "case:review"
    CASE_SUPERVISE = "case:supervise"
    CASE_ASK_TIME = "case:ask_time"
    CASE_GRANT_TIME = "case:grant_time"
    CASE_CLOSE = "case:close"
    CASE_REOPEN = "case:reopen"
    CASE_NAME_ACCUSED = "case:name_accused"
    CASE_TAKE_OVER = "case:take_over"
    CASE_ARCHIVE = "case:archive"
    CASE_REAUDIT = "case:reaudit"
    CASE_REAUDIT_SECRET = "case:reaudit_secret"  # noqa: S105 — a permission, not a secret
    CASE_PUBLISH = "case:publish"
    DOCUMENT_PRINT = "document:print"
    UNIT_VIEW = "unit:view"
    SCORE_VIEW = "score:view"
    SCORE_CONFIRM = "score:confirm"
    SCORE_REVERSE = "score:reverse"
    RULES_VIEW = "rules:view"
    RULES_EDIT = "rules:edit"
    RULES_APPROVE = "rules:approve"
    RULES_PUBLISH = "rules:publish"
    IDENTITY_REVEAL = "identity:reveal"
    IDENTITY_REVEAL_IN_HAND = "identity:reveal_in_hand"
    ACCOUNT_VIEW = "account:view"
    ACCOUNT_CREATE = "account:create"
    ACCOUNT_DISABLE = "account:disable"
    ROLE_GRANT = "role:grant"
    TOKEN_ISSUE = "token:issue"  # noqa: S105 — a permission, not a secret
    OPERATION_VIEW = "operation:view"
    AUDIT_READ = "audit:read"
    LEDGER_VERIFY = "ledger:verify"


P = Permission

OFFICE_WORK = frozenset(
    {
        P.POST_CREATE,
        P.POST_IMPORT,
        P.POST_LIST,
        P.SOURCE_VIEW,
        P.CASE_VIEW,
        P.CASE_CONFIRM,
        P.CASE_CORRECT,
        P.CASE_DISMISS,
        P.CASE_REINSTATE,
        P.CASE_MERGE,
        P.CASE_DISPATCH,
        P.CASE_REVIEW,
        P.CASE_SUPERVISE,
        P.CASE_CLOSE,
        P.CASE_REOPEN,
        P.CASE_ARCHIVE,
        P.CASE_PUBLISH,
        P.DOCUMENT_PRINT,
        P.UNIT_VIEW,
        P.RULES_VIEW,
        P.RULES_EDIT,
    }
)

INSPECTION_WORK = frozenset(
    {
        P.POST_LIST,
        P.CASE_VIEW,
        P.CASE_REAUDIT,
        P.CASE_REINSTATE,
        P.CASE_REOPEN,
        P.UNIT_VIEW,
        P.SCORE_VIEW,
        P.SCORE_CONFIRM,
        P.SCORE_REVERSE,
        P.DOCUMENT_PRINT,
        P.RULES_VIEW,
        P.LEDGER_VERIFY,
    }
)

# For accusations of which the cyberspace office is recused, and for no other case: `performers.STAND_INS`.
OFFICE_WORK_OF_ANOTHER = frozenset(
    {
        P.CASE_CONFIRM,
        P.CASE_CORRECT,
        P.CASE_DESIGNATE,
        P.CASE_NAME_ACCUSED,
        P.CASE_TAKE_OVER,
        P.CASE_DISPATCH,
        P.CASE_DISMISS,
        P.IDENTITY_REVEAL_IN_HAND,
    }
)

GRANTS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        # Identity is shown to the duty desk alone; its own director has no need of it. domain.md §7.1. Where
        # that desk is recused, whoever stands in reaches the person: `desk.identity`.
        Role.DUTY_OFFICER: OFFICE_WORK | {P.IDENTITY_REVEAL},
        Role.DIRECTOR: OFFICE_WORK
        | {
            P.CASE_REGRADE,
            P.CASE_DESIGNATE,
            P.CASE_NAME_ACCUSED,
            P.CASE_TAKE_OVER,
            P.CASE_GRANT_TIME,
            P.SOURCE_MANAGE,
            P.RULES_APPROVE,
            P.RULES_PUBLISH,
            P.SCORE_VIEW,
        },
        Role.UNIT_HANDLER: frozenset(
            {
                P.CASE_VIEW,
                P.CASE_SIGN_FOR,
                P.CASE_REPORT,
                P.CASE_PUBLISH,
                P.CASE_ASK_TIME,
                P.DOCUMENT_PRINT,
                P.UNIT_VIEW,
                P.SCORE_VIEW,
            }
        ),
        # Only the head answers for the unit, objects for it and asks for more time. domain.md §2.5.
        Role.UNIT_HEAD: frozenset(
            {
                P.CASE_VIEW,
                P.CASE_SIGN_FOR,
                P.CASE_OBJECT,
                # The head of discipline inspection, where nobody else is left: `performers`.
                P.CASE_NAME_ACCUSED,
                P.CASE_TAKE_OVER,
                P.IDENTITY_REVEAL_IN_HAND,
                P.CASE_REPORT,
                P.CASE_REPLY,
                P.CASE_PUBLISH,
                P.CASE_ASK_TIME,
                P.DOCUMENT_PRINT,
                P.UNIT_VIEW,
                P.SCORE_VIEW,
            }
        ),
        Role.SUPERVISOR: frozenset(
            {
                P.CASE_VIEW,
                P.CASE_REVIEW,
                P.CASE_SUPERVISE,
                P.CASE_REGRADE,
                P.CASE_GRANT_TIME,
                P.CASE_CLOSE,
                P.CASE_REOPEN,
                P.DOCUMENT_PRINT,
                P.UNIT_VIEW,
                P.SCORE_VIEW,
                P.RULES_VIEW,
                # A director who writes rules himself must find a second person elsewhere.
                P.RULES_APPROVE,
            }
        )
        | OFFICE_WORK_OF_ANOTHER,
        Role.INSPECTOR: INSPECTION_WORK,
        # Accusations are re-audited like any other case, but by few: only who is named for it sees them.
        Role.SECRET_INSPECTOR: INSPECTION_WORK
        | OFFICE_WORK_OF_ANOTHER
        | {P.CASE_REAUDIT_SECRET, P.CASE_REVIEW, P.CASE_SUPERVISE, P.CASE_CLOSE, P.CASE_GRANT_TIME},
        Role.PUBLISHER: frozenset({P.CASE_VIEW, P.CASE_PUBLISH, P.RULES_VIEW}),
        # Of what every office of the county is accused in, and of nothing else: `recusal`.
        Role.HIGHER_AUTHORITY: frozenset({P.CASE_VIEW, P.POST_LIST, P.CASE_NAME_ACCUSED, P.CASE_TAKE_OVER}),
        # Each administrator has what the other two lack, and none sees a case. domain.md §7.3.
        Role.SYSTEM_ADMIN: frozenset(
            {P.ACCOUNT_VIEW, P.ACCOUNT_CREATE, P.ACCOUNT_DISABLE, P.OPERATION_VIEW, P.SOURCE_VIEW}
        ),
        Role.SECURITY_ADMIN: frozenset({P.ACCOUNT_VIEW, P.ROLE_GRANT, P.TOKEN_ISSUE}),
        Role.AUDIT_ADMIN: frozenset({P.ACCOUNT_VIEW, P.AUDIT_READ, P.LEDGER_VERIFY}),
        Role.MACHINE: frozenset(
            {
                P.POST_CREATE,
                P.CASE_VIEW,
                P.CASE_MERGE,
                P.CASE_DISMISS,
                P.CASE_CORRECT,
                P.CASE_SUPERVISE,
                P.CASE_ARCHIVE,
            }
        ),
    }
)

DESK_OF: Mapping[Role, Desk] = MappingProxyType(
    {
        Role.DUTY_OFFICER: Desk.OFFICE,
        Role.DIRECTOR: Desk.OFFICE,
        Role.UNIT_HANDLER: Desk.UNIT,
        Role.UNIT_HEAD: Desk.UNIT,
        Role.SUPERVISOR: Desk.SUPERVISION,
        Role.INSPECTOR: Desk.TARGET,
        Role.SECRET_INSPECTOR: Desk.TARGET,
        Role.PUBLISHER: Desk.PUBLISHER,
        Role.HIGHER_AUTHORITY: Desk.HIGHER_AUTHORITY,
        Role.SYSTEM_ADMIN: Desk.SYSTEM,
        Role.SECURITY_ADMIN: Desk.SECURITY,
        Role.AUDIT_ADMIN: Desk.AUDIT,
        Role.MACHINE: Desk.MACHINE,
    }
)

ROLE_LABELS: Mapping[Role, Label] = MappingProxyType(
    {
        Role.DUTY_OFFICER: Label("值班员", "Duty officer"),
        Role.DIRECTOR: Label("主任", "Director"),
        Role.UNIT_HANDLER: Label("承办人", "Unit handler"),
        Role.UNIT_HEAD: Label("主要负责人", "Unit head"),
        Role.SUPERVISOR: Label("督查员", "Supervisor"),
        Role.INSPECTOR: Label("目督办", "Inspector"),
        Role.SECRET_INSPECTOR: Label("目督办（保密件）", "Inspector of confidential cases"),
        Role.PUBLISHER: Label("新闻办", "Publisher"),
        Role.HIGHER_AUTHORITY: Label("上级机关受理人", "Contact of the higher authority"),
        Role.SYSTEM_ADMIN: Label("系统管理员", "System administrator"),
        Role.SECURITY_ADMIN: Label("安全管理员", "Security administrator"),
        Role.AUDIT_ADMIN: Label("审计管理员", "Audit administrator"),
        Role.MACHINE: Label("系统", "System"),
    }
)

GRANTABLE_ROLES: tuple[Role, ...] = tuple(role for role in Role if role is not Role.MACHINE)


EVERY_GRADE: frozenset[Grade] = frozenset(Grade)

SUPERVISING_DESK: Mapping[Grade, Desk] = MappingProxyType(
    # **Source:** domain.md §0: general cases are followed by the cyberspace office, the others by
    # the secretary's supervision office.
    {Grade.GENERAL: Desk.OFFICE, Grade.MAJOR: Desk.SUPERVISION, Grade.SERIOUS: Desk.SUPERVISION}
)


def grades_supervised_by(desk: Desk | None) -> frozenset[Grade]:
    """Return the grades whose cases `desk` supervises; empty for a desk that supervises none."""
    return frozenset(grade for grade, owner in SUPERVISING_DESK.items() if owner is desk)
