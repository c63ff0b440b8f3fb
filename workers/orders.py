"""What an order (督办单) or a summons (约谈通知) says of a case and a unit: with no identity.

It draws nothing (`app.documents`) and reads nothing from the database.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from app.documents.reminder import DISCIPLINE, MOST_OPEN, SUMMONED, OpenLimit, OrderKind, SupervisionOrder
from casework.counting import count
from casework.desk.taking_back import SENT_BACK
from casework.desk.watching import is_owed
from casework.in_charge import issuer_of
from casework.masking import masked
from casework.recusal import Recused, Seat
from casework.roles import Desk
from casework.store.case_view import CaseView
from casework.workdays import workdays_of
from rules.model import Limit, LimitUnit, Pack, StepAction
from workers.slips import COUNTY_TIME

REPORT_WITHIN = Limit(1, LimitUnit.WORKING_DAYS)
"""Our own suggestion: a written report by the end of the next working day."""
REQUIREMENTS = (
    "按原交办单的要求办理，依法依规解决问题；一时不能解决的，写明期限或政策依据。",
    "及时向诉求人说明情况，联系通过县网信办进行。",
)
"""**Source:** domain.md §2.6: an order states matter, demands, limit and form of the report."""
CONFIDENTIAL_REQUIREMENTS = ("本件属检举控告，按规定保密办理，不得向被检举单位和个人透露内容。",)
"""**Source:** 信访工作条例 §30 ¶3."""
MOST_OF_A_MATTER = 50  # characters of the title, which stands within a longer heading


def order_of(view: CaseView, step_id: uuid.UUID, pack: Pack, *, recused: Recused) -> SupervisionOrder | None:
    """Return the order or the summons that was given with a step, None if there is no such numbered step.

    Where every office of the county is accused by name nobody gives one.

    Args:
        view: as the machine sees it.
        step_id: of the step.
        pack: in force, for names.
        recused: the desks that must not read the case; whoever has it in hand gives its orders.
    """
    case = view.case
    step = next((one for one in view.steps if one.id == step_id), None)
    if step is None or step.number is None or case.number is None:
        return None
    slips = [slip for slip in view.slips if step.unit in slip.units and slip.at <= step.taken_at]
    issuer = issuer_of(pack, Desk(step.desk), recused)
    if not slips or issuer.seat is Seat.HIGHER:
        return None
    addressee = view.units[step.unit].zh if step.unit in view.units else step.unit
    is_summons = step.action is StepAction.SUMMONS
    late = _late(view, step.unit, step.taken_at)
    redos = sum(
        one.unit == step.unit and one.verdict_at is not None and one.verdict_at <= step.taken_at
        for one in view.replies
        if one.verdict == SENT_BACK
    )
    demands = CONFIDENTIAL_REQUIREMENTS if case.is_confidential else REQUIREMENTS
    return SupervisionOrder(
        kind=OrderKind.SUMMONS if is_summons else OrderKind.ORDER,
        issuer=issuer.full,
        number=step.number,
        issued_at=step.taken_at.astimezone(COUNTY_TIME),
        addressee=addressee,
        matter=f"“{_short(masked(case.title))}”",
        grade=case.grade,
        slip_number=slips[-1].number,
        dispatched_at=slips[-1].at.astimezone(COUNTY_TIME),
        open_limits=late,
        grounds=f"{_sent_back(redos)}依照督办规定，现予{'约谈' if is_summons else '督办'}。",
        progress="",
        requirements=(_first_demand(late=bool(late), redos=redos, secret=case.is_confidential), *demands),
        discipline=SUMMONED if is_summons else DISCIPLINE,
        report_by=count(step.taken_at, REPORT_WITHIN, workdays_of(pack.calendar)).at.astimezone(COUNTY_TIME),
        contact_phone=issuer.phone,
        copies_to=() if is_summons else _copies(pack, step.unit),
    )


def _late(view: CaseView, unit: str, at: datetime) -> tuple[OpenLimit, ...]:
    """Return the limits of the unit that had run out when the order was given."""
    late = [
        kept
        for kept in view.clocks
        if kept.unit == unit
        and kept.due_at <= at
        and (kept.stopped_at is None or kept.stopped_at > at)
        and is_owed(view.case, kept.clock.stage)
    ]
    return tuple(
        OpenLimit(kept.clock.stage, kept.due_at.astimezone(COUNTY_TIME), _overdue(at - kept.due_at))
        for kept in sorted(late, key=lambda kept: kept.due_at)[:MOST_OPEN]
    )


def _overdue(span: timedelta) -> str:
    hours = (span - timedelta(days=span.days)) // timedelta(hours=1)
    parts = [f"{span.days} 天"] * bool(span.days) + [f"{hours} 小时"] * bool(hours)
    return f"截至发单已超期 {' '.join(parts)}" if parts else "截至发单刚刚超期"


def _sent_back(redos: int) -> str:
    """Return how often the unit's answers were sent back, which may be all that an order is for."""
    return f"该件的答复已 {redos} 次被退回重办。" if redos else ""


def _first_demand(*, late: bool, redos: int, secret: bool) -> str:
    """Return what is to be found out: only what did happen."""
    what = "、".join(["逾期"] * late + ["答复未通过审核"] * bool(redos)) or "诉求未解决"
    named = "" if secret else "具体责任人和"
    return f"查明{what}的原因，明确{named}办结时间，由主要负责人亲自督促。"


def _copies(pack: Pack, unit: str) -> tuple[str, ...]:
    """Return who gets a copy of an order: who is in charge of the field in the unit, if one is named."""
    entry = next((one for one in pack.units if one.id == unit), None)
    if entry is None or not entry.deputy.name:
        return ()
    return (f"{entry.short}分管负责人（{entry.deputy.title}{entry.deputy.name}）",)


def _short(text: str) -> str:
    return text if len(text) <= MOST_OF_A_MATTER else text[: MOST_OF_A_MATTER - 1] + "…"
