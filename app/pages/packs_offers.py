"""What a person may do with a draft now, and why not where he might expect to. The desk decides again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casework.access import Actor, is_permitted
from casework.errors import CaseworkError
from casework.packs import PERMISSION_OF, DraftState, DraftStep, PackDraft, steps_from
from casework.roles import GRANTS, ROLE_LABELS, Permission, Role
from rules.model import Label

_HIDDEN = frozenset({DraftStep.CREATE, DraftStep.FAIL_CHECK})
_FORWARD = frozenset({DraftStep.SUBMIT, DraftStep.APPROVE, DraftStep.PUBLISH})


@dataclass(frozen=True, slots=True)
class Offers:
    """The steps that are offered, and what to say of those that one might miss.

    Attributes:
        why_not: by step: why this person cannot take it although the draft waits for it.
        next: what the draft waits for, in words.
    """

    steps: frozenset[DraftStep]
    why_not: Mapping[DraftStep, Label]
    next: Label

    def __contains__(self, step: str) -> bool:
        return DraftStep(step) in self.steps


def offers(draft: PackDraft, actor: Actor, hindrance: CaseworkError | None = None) -> Offers:
    """Return the steps that exist in the draft's state and that this person may take.

    Args:
        draft: as it is stored.
        actor: at the screen.
        hindrance: why nobody can take the next decision, see `casework.desk.decidable.hindrance`.
    """
    existing = frozenset(steps_from(draft.state)) - _HIDDEN
    open_to = {step for step in existing if is_permitted(actor, PERMISSION_OF[step])}
    why_not: dict[DraftStep, Label] = {}
    if DraftStep.APPROVE in existing:
        wrote = actor.user_id in draft.editors | {draft.author_id}
        if wrote:
            open_to.discard(DraftStep.APPROVE)
            why_not[DraftStep.APPROVE] = _two_people()
        elif DraftStep.APPROVE not in open_to:
            why_not[DraftStep.APPROVE] = _waits_for(Permission.RULES_APPROVE)
    if DraftStep.PUBLISH in existing - open_to:
        why_not[DraftStep.PUBLISH] = _waits_for(Permission.RULES_PUBLISH)
    if draft.state in NOT_YET and is_permitted(actor, Permission.RULES_APPROVE):
        why_not[DraftStep.APPROVE] = NOT_YET[draft.state]
    if hindrance is not None:
        for step in _FORWARD & existing:
            open_to.discard(step)
            why_not.setdefault(step, Label(hindrance.zh, hindrance.en))
    return Offers(frozenset(open_to), why_not, NEXT[draft.state])


NEXT: Mapping[DraftState, Label] = {
    DraftState.DRAFT: Label("改好后点“检查”。", "Check it when the files are as you want them."),
    DraftState.CHECKED: Label(
        "检查已通过，接着在历史网帖上回测。", "It passed the check: try it on stored posts next."
    ),
    DraftState.BACKTESTED: Label(
        "已回测。看过结果后提交审批。", "It was back-tested: look at the result, then submit it."
    ),
    DraftState.SUBMITTED: Label(
        "等待另一人审批；内容已锁定。", "It waits for approval by another person; its files are locked."
    ),
    DraftState.APPROVED: Label("已批准，等待发布。", "It is approved and waits to be published."),
    DraftState.PUBLISHED: Label(
        "已发布，内容不再改变。要改请另起草稿。",
        "It is published and never changes: begin another draft to go on.",
    ),
    DraftState.REJECTED: Label(
        "已退回。改好后重新检查、回测、提交。", "It was sent back: mend it, check, try, submit again."
    ),
    DraftState.WITHDRAWN: Label("已撤销，仅供查阅。", "It was withdrawn and is kept for reading."),
}
"""What a draft waits for."""


NOT_YET: Mapping[DraftState, Label] = {
    DraftState.DRAFT: Label(
        "现在不能审批：还没有通过检查，也没有回测。",
        "It cannot be approved now: it has neither passed the check nor been back-tested.",
    ),
    DraftState.CHECKED: Label(
        "现在不能审批：还没有在历史网帖上回测。",
        "It cannot be approved now: it has not been tried on stored posts.",
    ),
    DraftState.BACKTESTED: Label(
        "现在不能审批：起草人还没有提交。", "It cannot be approved now: its author has not submitted it."
    ),
    DraftState.REJECTED: Label(
        "现在不能审批：已退回，等起草人改好后重新提交。",
        "It cannot be approved now: it was sent back and waits for its author.",
    ),
}
"""Why nobody can approve a draft that was not submitted."""


def _two_people() -> Label:
    return Label(
        f"您参与了起草或修改，不能审批自己的规则。须由未参与起草的{_who(Permission.RULES_APPROVE).zh}审批。",
        "You wrote part of this draft, so you cannot approve it. "
        f"It takes a {_who(Permission.RULES_APPROVE).en} who wrote none of it.",
    )


def _waits_for(permission: Permission) -> Label:
    who = _who(permission)
    return Label(
        f"由{who.zh}办理，您没有此项权限。", f"This is for a {who.en}; you have no permission for it."
    )


def _who(permission: Permission) -> Label:
    roles = [ROLE_LABELS[role] for role in Role if permission in GRANTS[role]]
    return Label("或".join(one.zh for one in roles), " or ".join(one.en.lower() for one in roles))
