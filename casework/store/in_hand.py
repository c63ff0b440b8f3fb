"""How many accusations wait for a stand-in, and who can act: counts for administrators, nothing of a case.

Which accusations somebody sees is `visible`.
"""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.post import TriageState
from casework.recusal import STAND_IN_ROLE, InHand, Seat, keeper_of, who_acts
from casework.roles import Role
from casework.states import OPEN_STATES
from casework.store.recused import (
    case_shuts,
    post_shuts,
    recused_from_cases,
    recused_from_posts,
    units_of_discipline,
)
from casework.store.tables import CasePostRow, CaseRow, PostRow, UserRow


def in_hand(session: Session, county: str) -> InHand:
    """Return how many open accusations wait for whom, where somebody has to stand in, and who can act.

    A post counts as long as it is in no case and nobody dismissed it.
    """
    of_cases = recused_from_cases(
        session,
        CaseRow.county_id == county,
        CaseRow.confidential.is_(True),
        CaseRow.state.in_([state.value for state in OPEN_STATES]),
        sa.or_(case_shuts(Seat.CYBERSPACE), case_shuts(Seat.SUPERVISION)),
    )
    in_a_case = sa.exists(sa.select(CasePostRow.id).where(CasePostRow.post_id == PostRow.id))
    of_posts = recused_from_posts(
        session,
        PostRow.county_id == county,
        PostRow.confidential.is_(True),
        PostRow.triage_state != TriageState.DISMISSED.value,
        ~in_a_case,
        sa.or_(post_shuts(Seat.CYBERSPACE), post_shuts(Seat.SUPERVISION)),
    )
    waiting = Counter(keeper_of(one) for one in (*of_cases, *of_posts) if who_acts(one) is not None)
    return InHand(dict(waiting), _manned(session, county))


def _manned(session: Session, county: str) -> frozenset[Seat]:
    """Return the seats from which an account that is not disabled can act."""
    rows = session.execute(
        sa.select(UserRow.roles, UserRow.unit_code).where(
            UserRow.county_id == county, UserRow.disabled_at.is_(None)
        )
    ).all()
    held = {role for row in rows for role in row.roles}
    seats = {seat for seat, role in STAND_IN_ROLE.items() if role.value in held}
    inspects = units_of_discipline(session, county)
    if any(row.unit_code in inspects and Role.UNIT_HEAD.value in row.roles for row in rows):
        seats.add(Seat.DISCIPLINE)
    if Role.HIGHER_AUTHORITY.value in held:
        seats.add(Seat.HIGHER)
    return frozenset(seats)
