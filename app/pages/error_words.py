"""Errors of the domain that speak of a unit, with its name in the place of its code."""

from __future__ import annotations

from app.accounts.current import current_actor
from app.extensions import house
from casework.errors import CaseworkError
from casework.refusals import NoSuchUnit, OnlyDiscipline, UnitShutOut
from casework.store.case_view import unit_names


def in_names(error: CaseworkError) -> CaseworkError:
    """Return the same error as a person at a screen reads it; a code that no unit has stays."""
    if not isinstance(error, NoSuchUnit | OnlyDiscipline | UnitShutOut):
        return error
    with house().transactions.read(current_actor()) as uow:
        name = unit_names(uow.session, uow.county).get(error.unit)
    return error if name is None else type(error)(error.unit, name)
