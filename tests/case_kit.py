"""A county with its units and people, a case in it, and use cases called as the pages will call them.

Each call is a transaction of its own, and every result is read again from the database.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.transaction import make_engine
from casework.access import Actor, visibility
from casework.desk.sweep import SweepResult, sweep
from casework.desk.unit import UnitOfWork
from casework.roles import Role
from casework.store.case_view import CaseView, case_view
from casework.store.tables import CaseRow
from rules.model import Grade
from rules.rulebook import Rulebook
from tests.builders import (
    add_account,
    add_case,
    add_county,
    add_post,
    add_unit,
    attach,
    officer,
    the_machine,
    unit_person,
)
from tests.case_pack import case_book
from tests.desk_kit import Desk, desk_on
from tests.servers import PostgresServer

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
        county: its own, so that tests may share a database.
    """

    desk: Desk
    county: str
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

    def employ(self, actor: Actor) -> None:
        """Give a person an account in use: without one, nothing that the person asked for counts."""
        with Session(self.desk.transactions.engine) as session:
            add_account(session, actor)
            session.commit()

    def on(self, actor: Actor, use_case: Callable[..., T], case_id: uuid.UUID, **kwargs: object) -> T:
        """Return what a use case on a case returns, with the version that its page shows now."""
        version = self.scalar(sa.select(CaseRow.version).where(CaseRow.id == case_id))
        return self.do(actor, use_case, case_id, version=version, **kwargs)

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
                session,
                county=self.county,
                **{"grade": grade, "lead": LEAD, "opened_at": self.desk.clock.at, **values},
            )
            is_confidential = bool(values.get("confidential"))
            post_id = add_post(session, county=self.county, confidential=is_confidential)
            attach(session, case_id, post_id, county=self.county)
            session.commit()
        return case_id

    def scalar(self, query: sa.Select[tuple[T]]) -> T | None:
        """Return one value from the database."""
        with Session(self.desk.transactions.engine) as session:
            return session.scalar(query)


@contextmanager
def house_on(url: str, book: Rulebook | None = None, shared: sa.Engine | None = None) -> Iterator[House]:
    """Yield a county of its own at work on the migrated database at `url`.

    Args:
        url: address of the database.
        book: the rules in force; those of the case pack, if none is named.
        shared: an engine on that database, to be used instead of a new one.
    """
    county = f"c{uuid.uuid4().hex[:12]}"
    with desk_on(url, book=book or case_book(), county=False, shared=shared) as desk:
        with Session(desk.transactions.engine) as session:
            add_county(session, county)
            for unit in UNITS:
                add_unit(session, unit, county=county)
            session.commit()
        yield House(
            desk,
            county,
            duty=officer(Role.DUTY_OFFICER, county=county),
            director=officer(Role.DIRECTOR, name="示例主任", county=county),
            handler=unit_person(LEAD, Role.UNIT_HANDLER, county=county),
            head=unit_person(LEAD, Role.UNIT_HEAD, name="示例负责人", county=county),
            supervisor=officer(Role.SUPERVISOR, name="示例督查员", county=county),
            inspector=officer(Role.INSPECTOR, name="示例目督员", county=county),
            machine=the_machine(county),
        )


@cache
def shared_engine(url: str) -> sa.Engine:
    """Return the engine of all houses on the database at `url`: SQL compiled for one test serves the next.

    Whoever used it disposes of its connections: a process that is forked later must not inherit them.
    """
    return make_engine(url)


@pytest.fixture(scope="session")
def house_sqlite(_migrated: Path, _quick: Path) -> str:
    """The address of one migrated SQLite file for all houses of the run."""
    path = _quick / "house.sqlite3"
    shutil.copyfile(_migrated, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def house_postgres(postgres_server: PostgresServer, _migrated_postgres: str) -> Iterator[str]:
    """The address of one migrated PostgreSQL database for all houses of the run."""
    url = postgres_server.create(template=_migrated_postgres)
    yield url
    postgres_server.drop(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    """A county at work, once on SQLite and once on PostgreSQL. Tests share the database, not the county.

    They share the engine too, behind one of their own: what listens to it hears one test.
    """
    url = request.getfixturevalue(f"house_{request.param}")
    with house_on(url, shared=shared_engine(url).execution_options()) as opened:
        yield opened
