"""Accusations that nobody can take, in lines for administrators: a count and what to do, nothing of a case.

`/healthz` is open to everybody and has none of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.health import Check, Condition
from casework.desk.unit import UnitOfWork
from casework.recusal import WHO_IS_MEANT, InHand, Seat
from casework.store.in_hand import in_hand
from casework.store.second_looks import Lacking, lacking_in
from rules.model import Label

TITLE = Label("检举控告件的受理", "Who takes accusations")


def recusal_counts(uow: UnitOfWork) -> tuple[InHand, Mapping[Lacking, int]]:
    """Return what the notices are made of: who has to stand in, and what nobody may look at again."""
    return in_hand(uow.session, uow.county), lacking_in(uow.session, uow.county)


def recusal_notices(found: InHand, unaudited: Mapping[Lacking, int]) -> tuple[Label, ...]:
    """Return what an administrator has to do so that every accusation is read; empty where all is well.

    Args:
        found: who has to stand in, and can.
        unaudited: how many settled accusations nobody may re-audit.
    """
    unheard = (_unheard(found.unheard),) if found.unheard else ()
    waited_for = [_waited_for(WHO_IS_MEANT[seat], waiting) for seat, waiting in found.unmanned if waiting]
    idle = [WHO_IS_MEANT[seat] for seat, waiting in found.unmanned if not waiting]
    unseen = [_UNAUDITED[lacking](count) for lacking, count in sorted(unaudited.items()) if count]
    return (*unheard, *waited_for, *((_unmanned(idle),) if idle else ()), *unseen)


def recusal_checks(found: InHand, unaudited: Mapping[Lacking, int]) -> tuple[Check, ...]:
    """Return the lines of the health page, one where all is well."""
    notices = recusal_notices(found, unaudited)
    if not notices:
        told = Label(
            "四个受理机关都有可用的账号，没有无人受理的检举",
            "Each of the four offices has an account in use; no accusation is without a reader",
        )
        return (Check("accusations", TITLE, Condition.GOOD, told),)
    return tuple(Check("accusations", TITLE, Condition.WARNING, told) for told in notices)


def _unheard(waiting: int) -> Label:
    return Label(
        f"有 {waiting} 件检举涉及本县全部受理机关，本县无人可以受理，请按规定报上级机关，"
        "由上级机关派人调取。",
        f"Accusations that concern every office of the county: {waiting}. Nobody here may take them: "
        "report to the higher authority, which sends somebody to take them over.",
    )


def _waited_for(who: Label, waiting: int) -> Label:
    return Label(
        f"有 {waiting} 件检举由{who.zh}代办，但没有可用的账号；请建立账号并授予角色。",
        f"Accusations that wait for {who.en}: {waiting}, but there is no account in use. "
        "Create one and grant the role.",
    )


def _unmanned(idle: Sequence[Label]) -> Label:
    return Label(
        f"没有可用的账号：{'、'.join(one.zh for one in idle)}。其他机关须回避时，检举将无人受理；"
        "请建立账号并授予角色。",
        f"No account is in use of {', '.join(one.en for one in idle)}. Where another office is accused, "
        "nobody could act. Create one and grant the role.",
    )


def _beyond_the_county(count: int) -> Label:
    return Label(
        f"有 {count} 件已办结的检举本县无人可以抽查；需要抽查的，报上级机关。",
        f"Settled accusations that nobody in the county may re-audit: {count}. "
        "Report those that need it to the higher authority.",
    )


def _without_account(count: int) -> Label:
    who = WHO_IS_MEANT[Seat.TARGET]
    return Label(
        f"有 {count} 件已办结的检举没有人可以抽查：现有人员均参与过办理，或者尚未设人。"
        f"请增设一个{who.zh}账号。",
        f"Settled accusations that nobody may re-audit as yet: {count}. "
        "Whoever could decided on them, or nobody has the role. "
        f"Create another account of {who.en}.",
    )


_UNAUDITED = {Lacking.OFFICE: _beyond_the_county, Lacking.ACCOUNT: _without_account}
