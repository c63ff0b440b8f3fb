"""Commands on the server's console: tokens, sources, the ledger, retention."""

from __future__ import annotations

import re

import sqlalchemy as sa
from click.testing import Result
from sqlalchemy.orm import Session

from casework.store.tables import ApiTokenRow, AuditRow, SourceRow, SourceRunRow
from tests.builders import MONDAY, new_id
from tests.web_kit import Web


def run(web: Web, *arguments: str) -> Result:
    return web.app.test_cli_runner().invoke(args=list(arguments))


def add_forum(web: Web) -> Result:
    return run(
        web, "sources", "add", "forum", "https://forum.example/rss", "--name", "民生论坛", "--every", "30"
    )


def test_a_token_is_printed_once_and_only_its_hash_is_kept(web: Web):
    add_forum(web)
    answer = run(web, "tokens", "issue", "--source", "forum")

    assert answer.exit_code == 0
    token = re.search(r"jj_\S+", answer.output)[0]
    assert token not in run(web, "tokens", "list").output
    client = web.app.test_client()
    sent = {"headers": {"Authorization": f"Bearer {token}"}, "json": {"text": "路灯坏了"}}
    assert client.post("/api/v1/posts", **sent).status_code == 201
    with Session(web.home.transactions.engine) as session:
        kept = session.scalars(sa.select(ApiTokenRow)).one()
        assert token not in repr(vars(kept))
        assert session.scalars(sa.select(AuditRow.actor).where(AuditRow.action == "token_issued")).all() == [
            "命令行"
        ]

    assert run(web, "tokens", "revoke", _id(web)).exit_code == 0
    assert "此前已吊销" in run(web, "tokens", "revoke", _id(web)).output
    assert client.post("/api/v1/posts", **sent).status_code == 401
    assert "已吊销" in run(web, "tokens", "list").output


def _id(web: Web) -> str:
    return run(web, "tokens", "list").output.split()[0]


def test_a_token_for_no_source_or_for_ever_is_refused(web: Web):
    add_forum(web)

    assert run(web, "tokens", "issue", "--source", "nowhere").exit_code == 1
    assert run(web, "tokens", "issue", "--source", "forum", "--days", "99999").exit_code == 1
    assert run(web, "tokens", "revoke", "00000000-0000-0000-0000-000000000000").exit_code == 1


def test_the_list_of_sources_shows_a_broken_feed_and_fails_with_it(web: Web):
    assert add_forum(web).exit_code == 0
    assert run(web, "sources", "list").exit_code == 0
    with Session(web.home.transactions.engine) as session:
        source = session.scalars(sa.select(SourceRow).where(SourceRow.code == "forum")).one()
        source.failures = 3
        session.add(
            SourceRunRow(
                id=new_id(),
                county_id="demo",
                source_id=source.id,
                started_at=MONDAY,
                outcome="failed",
                message="对方回应 500 / answered 500",
            )
        )
        session.commit()

    answer = run(web, "sources", "list")

    assert answer.exit_code == 1
    assert "answered 500" in answer.output
    assert "连续失败 3 次" in answer.output
    run(web, "sources", "disable", "forum")
    assert run(web, "sources", "list").exit_code == 0
    run(web, "sources", "enable", "forum")
    assert "连续失败" not in run(web, "sources", "list").output


def test_a_source_that_is_not_there_cannot_be_switched(web: Web):
    assert run(web, "sources", "disable", "nowhere").exit_code == 1


def test_an_empty_ledger_is_whole(web: Web):
    answer = run(web, "ledger", "verify")

    assert (answer.exit_code, "empty" in answer.output) == (0, True)


def test_retention_says_what_it_destroyed(web: Web):
    answer = run(web, "retention", "run")

    assert answer.exit_code == 0
    assert "identities 0, pseudonym keys 0, kept answers 0" in answer.output
