"""A county with its units and people, a case in it, and use cases called as the pages will call them.

Each call is a transaction of its own, and every result is read again from the database.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import Actor, visibility
from casework.desk.sweep import SweepResult, sweep
from casework.desk.unit import UnitOfWork
from casework.roles import Role
from casework.store.case_view import CaseView, case_view
from rules.model import Grade
from tests.builders import add_case, add_post, add_unit, attach, officer, the_machine, unit_person
from tests.case_pack import case_book
from tests.desk_kit import Desk, desk_on

P = ParamSpec("P")
T = TypeVar("T")

LEAD = "housing_bureau"
ASSIST = "center_office"
OTHER = "enforcement_bureau"
UNITS = (LEAD, ASSIST, OTHER, "discipline_commission", "qingxi_gov")


@dataclass(frozen=True)
class House:
    """A county at work.

    Attributes:
        desk: transactions, bell and clock.
    """

    desk: Desk
    duty: Actor
    director: Actor
    handler: Actor
    head: Actor
    supervisor: Actor
    inspector: Actor
    machine: Actor

    def do(
        self,
        actor: Actor,
        use_case: Callable[Concatenate[UnitOfWork, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Return what a use case returns, called in a writing transaction of its own."""
        with self.desk.transactions.write(actor) as uow:
            return use_case(uow, *args, **kwargs)

    def look(
        self,
        actor: Actor,
        use_case: Callable[Concatenate[UnitOfWork, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Return what a use case returns, called in a reading transaction."""
        with self.desk.transactions.read(actor) as uow:
            return use_case(uow, *args, **kwargs)

    def on(self, actor: Actor, use_case: Callable[..., T], case_id: uuid.UUID, **kwargs: object) -> T:
        """Return what a use case on a case returns, with the version that its page shows now."""
        return self.do(actor, use_case, case_id, version=self.view(case_id).case.version, **kwargs)

    def view(self, case_id: uuid.UUID, actor: Actor | None = None) -> CaseView:
        """Return the page of a case, for the office unless somebody else looks."""
        who = actor or self.director
        return self.look(who, lambda uow: case_view(uow.session, visibility(uow.actor), case_id))

    def swept(self) -> SweepResult:
        """Sweep until nothing more is due and return the sums."""
        looked = taken = charged = 0
        while True:
            done = self.do(self.machine, sweep)
            looked, taken = looked + done.looked, taken + done.taken
            charged += done.charged
            if not done.more:
                return SweepResult(looked, taken, charged, more=False)

    def registered(self, grade: Grade = Grade.GENERAL, **values: object) -> uuid.UUID:
        """Return a case as triage leaves it, with one post and a lead unit proposed."""
        with Session(self.desk.transactions.engine) as session:
            case_id = add_case(
                session, **{"grade": grade, "lead": LEAD, "opened_at": self.desk.clock.at, **values}
            )
            attach(session, case_id, add_post(session, confidential=bool(values.get("confidential"))))
            session.commit()
        return case_id

    def scalar(self, query: sa.Select[tuple[T]]) -> T | None:
        """Return one value from the database."""
        with Session(self.desk.transactions.engine) as session:
            return session.scalar(query)


@contextmanager
def house_on(url: str) -> Iterator[House]:
    """Yield a county at work on the migrated database at `url`."""
    with desk_on(url, book=case_book()) as desk:
        with Session(desk.transactions.engine) as session:
            for unit in UNITS:
                add_unit(session, unit)
            session.commit()
        yield House(
            desk,
            duty=officer(Role.DUTY_OFFICER),
            director=officer(Role.DIRECTOR, name="示例主任"),
            handler=unit_person(LEAD, Role.UNIT_HANDLER),
            head=unit_person(LEAD, Role.UNIT_HEAD, name="示例负责人"),
            supervisor=officer(Role.SUPERVISOR, name="示例督查员"),
            inspector=officer(Role.INSPECTOR, name="示例目督员"),
            machine=the_machine(),
        )
