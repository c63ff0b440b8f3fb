"""Correcting who a confidential case accuses, where its text was misread: nobody alone shows it to a unit.

Making a case confidential and lifting that again is `secrecy`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace

from casework.access import Permission, UnitId, require
from casework.desk.asking import Writing
from casework.desk.docket import Docket, put_back, state_after, take_up
from casework.desk.taking_back import TO_OTHERS, at_the_office, end_what_runs
from casework.desk.unit import UnitOfWork
from casework.events import EventKind
from casework.lifecycle import Action, next_state
from casework.recusal import ASKED, Seat, hides_more, keeper_of, tops
from casework.refusals import AskedByYourself, NoSuchUnit, NotConfidential, NothingToCorrect
from casework.routing import ACCUSATION_BASIS
from casework.store.case_records import CaseHead
from casework.store.case_writes import active_units, excluded_from
from casework.store.packs import superiors
from casework.store.recused import recused_among
from casework.store.secrets import absorbed_cases, ask_higher_authority, open_doubt, shut_out_instead
from casework.store.triage_rows import one_batch_at_a_time
from casework.wording import MOST_OF_A_REASON, worded


def correct_accused(
    uow: UnitOfWork, case_id: uuid.UUID, *, version: int, accused: Iterable[str], reason: str
) -> CaseHead:
    """Correct which units a confidential case accuses and return it; both values are kept in the timeline.

    Where a unit or a desk would see the case that is shut out of it now, the first call only asks: it stands
    once another person asks for the same. So it is where no desk of persons would read the case any more.
    What else shuts out more people stands at once. Nobody who is shut out sees the case, so that no recused
    desk ever takes part. From a unit that is accused now the case is taken at that moment, as by
    `mark_accusation`, and waits for a ruling.

    Args:
        uow: of a writing transaction.
        case_id: of the case.
        version: as the page showed it.
        accused: unit codes; none where no unit of the county is accused.
        reason: why; of each of the two.

    Raises:
        NotPermitted, NoSuchCase, StaleVersion, IllegalTransition: see `docket`.
        NotConfidential: it accuses nobody.
        NoSuchUnit: one that is not in the register.
        NothingToCorrect: these are accused already.
        AskedByYourself: the same person asked for it.
        TextRefused: no reason.
    """
    require(uow.actor, Permission.CASE_NAME_ACCUSED)
    one_batch_at_a_time(uow.session, uow.county)
    docket = take_up(uow, case_id, version=version)
    state_after(docket, Action.CORRECT_ACCUSED)
    if not docket.case.is_confidential:
        raise NotConfidential
    why = worded(reason, field="reason", most=MOST_OF_A_REASON)
    blamed, was = _known(uow, accused), accused_now(uow, case_id)
    if set(blamed) == set(was):
        raise NothingToCorrect("accused", ", ".join(was))
    shut_out = Writing(uow).shut_out(blamed)
    said: dict[str, str | int | bool | list[str] | None] = {
        "was": list(was),
        "accused": list(blamed),
        "reason": why,
    }
    hides = _hides_it(docket, shut_out)
    takes_one = not hides and excluded_from(uow.session, case_id) - {ASKED} <= shut_out
    if not takes_one and not _is_confirmed(uow, case_id, was, blamed):
        uow.note(EventKind.ACCUSED_DOUBTED, case_id=case_id, data=said)
        if hides or keeper_of(docket.recused) is Seat.DISCIPLINE:
            ask_higher_authority(uow.session, uow.county, case_id)
        return put_back(docket, docket.case)
    for one in (case_id, *absorbed_cases(uow.session, case_id)):
        shut_out_instead(uow.session, uow.county, one, shut_out)
    uow.note(EventKind.ACCUSED_CORRECTED, case_id=case_id, data=said)
    return _taken_from(docket, why) if _is_with(docket, shut_out) else put_back(docket, docket.case)


def accused_now(uow: UnitOfWork, case_id: uuid.UUID) -> tuple[str, ...]:
    """Return the units that a case accuses, as far as the register tells them from those below them."""
    shut_out = excluded_from(uow.session, case_id)
    return tuple(sorted(tops(shut_out, superiors(uow.session, uow.county)))) if shut_out else ()


def _known(uow: UnitOfWork, accused: Iterable[str]) -> tuple[str, ...]:
    blamed = tuple(sorted(set(accused)))
    known = active_units(uow.session, uow.county, blamed)
    for unit in blamed:
        if unit not in known:
            raise NoSuchUnit(unit)
    return blamed


def _is_with(docket: Docket, shut_out: frozenset[UnitId]) -> bool:
    """Return whether a unit has the case, or is to have it, that is shut out now."""
    case = docket.case
    units = (case.lead_unit, *case.assist_units, *(part.unit for part in docket.assignments))
    return any(UnitId(unit) in shut_out for unit in units if unit is not None)


def _taken_from(docket: Docket, why: str) -> CaseHead:
    """Take the case from the units that have it, and let it wait for a ruling."""
    end_what_runs(docket, why)
    after = replace(
        docket.case,
        state=next_state(docket.case.state, Action.MARK_ACCUSATION),
        lead_unit=None,
        assist_units=(),
        route_basis=ACCUSATION_BASIS,
    )
    return at_the_office(docket, after, TO_OTHERS)


def _hides_it(docket: Docket, shut_out: frozenset[UnitId]) -> bool:
    """Return whether no desk of persons, or nobody in the county, would read the case any more."""
    uow = docket.uow
    return hides_more(docket.recused, recused_among(uow.session, uow.county, shut_out))


def _is_confirmed(uow: UnitOfWork, case_id: uuid.UUID, was: tuple[str, ...], blamed: tuple[str, ...]) -> bool:
    """Return whether somebody who may still ask asked for this; a post may have named more units since."""
    asked = open_doubt(uow.session, case_id)
    if asked is None or not asked.counts or (set(asked.was), set(asked.accused)) != (set(was), set(blamed)):
        return False
    if asked.by == uow.actor.user_id:
        raise AskedByYourself
    return True
