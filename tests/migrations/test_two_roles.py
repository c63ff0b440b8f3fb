"""PostgreSQL with two roles, as docs/deploy.md sets it up: the owner migrates, the application only works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import errors

from app.accounts.sessions import forget_old
from app.counties import ensure_county
from app.migrating import migrate_to_head
from casework.access import CountyId, machine
from casework.desk.assign import confirm_case, dispatch_case
from casework.desk.govern import sound_pack
from casework.desk.handle import sign_for
from casework.desk.once import Keyed, answered_once
from casework.desk.receive import receive_post
from casework.desk.retention import run_retention
from casework.intake import Author, IncomingPost
from casework.store.answers import Answer
from casework.store.packs import active_ref, insert_pack
from casework.store.tables import APPEND_ONLY, Base, DismissalRow, PostRow, WebSessionRow
from tests.architecture.source import modules
from tests.builders import COUNTY, new_id, the_machine
from tests.case_kit import house_on
from tests.desk_kit import desk_on
from tests.servers import PostgresServer, libpq
from tests.small_pack import small_pack
from tests.two_people import put_in_force

ROW_CLASSES = tuple(mapper.class_ for mapper in Base.registry.mappers)
ROLES = Path(__file__).resolve().parents[2] / "tools" / "postgres_roles.sql"

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def application_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address, for the application's role, of a database that the owner migrated."""
    url = postgres_server.create()
    with closing(psycopg.connect(libpq(url), autocommit=True)) as superuser:
        for _ in range(2):  # running it again does no harm
            superuser.execute(ROLES.read_text(encoding="utf-8"))
    migrate_to_head(as_role(url, "jianjian_owner"))
    yield as_role(url, "jianjian_app")
    postgres_server.drop(url)


@pytest.fixture(scope="module")
def application(application_url: str) -> Iterator[psycopg.Connection]:
    """A connection of the application's role."""
    with closing(psycopg.connect(libpq(application_url), autocommit=True)) as connection:
        yield connection


def as_role(url: str, role: str) -> str:
    """Return `url` with every statement run as `role`, as if `role` had signed in."""
    return f"{url}&options=-c%20role%3D{role}"


def test_the_application_may_work_with_every_table(application: psycopg.Connection):
    tables = [
        row[0] for row in application.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    ]
    refused = [
        (table, verb)
        for table in tables
        for verb in ("SELECT", "INSERT")
        if not application.execute("SELECT has_table_privilege(%s, %s)", (table, verb)).fetchone()[0]
    ]

    assert set(APPEND_ONLY) <= set(tables)
    assert refused == []


def test_the_application_may_remove_and_change_what_its_code_does(application: psycopg.Connection):
    rows = {one.__name__: one.__tablename__ for one in ROW_CLASSES}
    done = {
        (rows[row], verb.upper())
        for module in modules()
        for verb, row in re.findall(r"sa\.(delete|update)\(\s*(\w+Row)\s*\)", module.text)
    }

    assert {("idempotency_keys", "DELETE"), ("web_sessions", "DELETE"), ("post_identities", "UPDATE")} <= done
    assert [one for one in sorted(done) if not may(application, *one)] == []


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "TRUNCATE"])
def test_what_is_append_only_the_application_may_only_read_and_add(
    application: psycopg.Connection, table: str, verb: str
):
    assert not may(application, table, verb)
    assert may(application, table, "SELECT, INSERT")


def may(application: psycopg.Connection, table: str, verb: str) -> bool:
    return bool(application.execute("SELECT has_table_privilege(%s, %s)", (table, verb)).fetchone()[0])


def test_retention_and_the_end_of_sessions_run_as_the_application(application_url: str):
    with desk_on(application_url) as desk:
        with desk.transactions.write(the_machine()) as uow:
            taken = receive_post(uow, IncomingPost("form", "路灯坏了", author=Author(name="示例网友")))
            uow.session.flush()
            uow.session.execute(
                sa.update(PostRow).where(PostRow.id == taken.post_id).values(triage_state="dismissed")
            )
            uow.session.add(
                DismissalRow(
                    id=new_id(),
                    county_id=COUNTY,
                    post_id=taken.post_id,
                    reason="praise",
                    reason_zh="只表示感谢",
                    reason_en="Thanks only",
                    by="系统",
                    decided_at=uow.now,
                )
            )
            answered_once(uow, Keyed(new_id(), "k", "0" * 64), lambda: Answer(201, {"id": "1"}))
            old = {"created_at": uow.now, "seen_at": uow.now, "expires_at": uow.now}
            uow.session.add(WebSessionRow(token_hash="0" * 64, county_id=COUNTY, data={}, **old))
        desk.clock.advance(days=400)

        with desk.transactions.write(the_machine()) as uow:
            done = run_retention(uow)
            sessions = forget_old(uow.session, before=uow.now)

    assert (done.identities, done.pseudonym_keys, done.answers, sessions) == (1, 1, 1, 1)


def test_a_case_goes_from_dispatch_to_a_charge_as_the_application(application_url: str):
    with house_on(application_url) as house:
        case_id = house.registered()
        house.on(house.duty, confirm_case, case_id)
        house.on(house.director, dispatch_case, case_id)
        house.desk.clock.advance(hours=3)
        swept = house.swept()
        house.on(house.handler, sign_for, case_id)

    assert (swept.taken, swept.charged) == (1, 1)


def test_rules_are_put_in_force_by_two_people_as_the_application_and_not_by_one(application_url: str):
    console = machine(CountyId("rules"))
    with desk_on(application_url, county=False) as desk:
        with desk.transactions.write(console) as uow:
            ensure_county(uow)
            first = put_in_force(uow, sound_pack(small_pack()))
        desk.clock.advance(hours=1)
        with desk.transactions.write(console) as uow:
            second = put_in_force(uow, sound_pack(small_pack(2)))
            assert active_ref(uow.session, uow.county, uow.now) == second != first
        third = sound_pack(small_pack(3))
        with (
            pytest.raises(sa.exc.DBAPIError, match="refused: a pack is stored by two people"),
            desk.transactions.write(console) as uow,
        ):
            insert_pack(
                uow.session,
                new_id(),
                county=console.county_id,
                pack=third.pack,
                files=third.files,
                author_id=None,
                now=uow.now,
            )


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE {}",
        "DROP TABLE {} CASCADE",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "ALTER TABLE {} ADD COLUMN more text",
        "DROP TRIGGER refuse_delete_{0} ON {0}",
    ],
)
def test_the_application_cannot_get_round_what_is_append_only(
    application: psycopg.Connection, table: str, statement: str
):
    with pytest.raises(errors.InsufficientPrivilege):
        application.execute(statement.format(table))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE more (id int)",
        "SET session_replication_role = replica",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "COPY events TO PROGRAM 'cat'",
    ],
)
def test_the_application_cannot_change_the_schema_or_leave_the_database(
    application: psycopg.Connection, statement: str
):
    with pytest.raises(errors.InsufficientPrivilege):
        application.execute(statement)
