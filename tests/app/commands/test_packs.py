"""The rules at the console: listed, compared, exchanged; steps by named people who type their passwords."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from sqlalchemy.orm import Session

from app.config_values import PackKey
from app.packs.manifest import own_public_key, shown_key
from casework.access import CountyId, machine
from casework.roles import Role
from casework.store.drafts import draft_view
from casework.store.tables import (
    AuditRow,
    BacktestRow,
    CountyRow,
    PackActivationRow,
    PackDraftRow,
    PostRow,
    SourceRow,
)
from rules.check_posts import FEWEST_POSTS
from tests.builders import add_post, new_id
from tests.small_pack import small_pack
from tests.two_people import ran
from tests.web_kit import PASSWORD, MakeWeb, Web

COUNTY = "yunling"
KEY = PackKey("pack1", bytes(range(32)))


@pytest.fixture
def web(make: MakeWeb, tmp_path: Path) -> Web:
    """A real county with its first pack, a writer and a director."""
    made = make(demo=False, county=COUNTY, pack_signing_key=KEY)
    with Session(made.home.transactions.engine) as session:
        session.execute(sa.delete(CountyRow))
        session.commit()
    packdir = tmp_path / "pack"
    packdir.mkdir()
    for name, content in small_pack().items():
        (packdir / name).write_bytes(content)
    assert made.app.test_cli_runner().invoke(args=["rules", "install", str(packdir)]).exit_code == 0
    made.account(Role.DUTY_OFFICER, login="writer")
    made.account(Role.DIRECTOR, login="director")
    return made


def run(web: Web, *arguments: str, by: str | None = None, password: str = PASSWORD) -> Result:
    web.clock.advance(seconds=1)
    named = ("--as", by) if by else ()
    typed = f"{password}\n" if by else None
    return web.app.test_cli_runner().invoke(args=["packs", *arguments, *named], input=typed)


def begun(web: Web) -> str:
    answer = run(web, "draft", "small@1", "--title", "改依据", by="writer")
    assert answer.exit_code == 0, answer.output
    return re.search(r"draft:(\S+)", answer.output)[1]


def edited(web: Web, tmp_path: Path) -> str:
    draft = begun(web)
    routing = tmp_path / "routing.yaml"
    text = small_pack()["routing.yaml"].decode()
    routing.write_text(text.replace("lead: housing_bureau", "lead: labour_bureau", 1), encoding="utf-8")
    assert run(web, "put", draft, str(routing), by="writer").exit_code == 0
    assert run(web, "check", draft, by="writer").exit_code == 0
    return draft


def tried(web: Web, draft: str) -> None:
    """End the back-test that was asked for as a worker would."""
    assert run(web, "backtest", draft, "--from", "2026-11-01", by="writer").exit_code == 0
    assert "backtest" in web.outside.rung
    with Session(web.home.transactions.engine) as session:
        ran(session, session.scalars(sa.select(BacktestRow.id)).one())
        session.commit()


def test_a_draft_goes_to_force_by_two_people_who_type_their_own_passwords(web: Web, tmp_path: Path):
    draft = edited(web, tmp_path)
    tried(web, draft)
    assert run(web, "submit", draft, by="writer").exit_code == 0

    assert "权限" in run(web, "approve", draft, by="writer").output
    assert run(web, "approve", draft, by="director", password="wrong").exit_code == 1
    assert run(web, "approve", draft, "--note", "同意", by="director").exit_code == 0
    assert run(web, "publish", draft, by="director").exit_code == 0

    listed = run(web, "list").output
    assert re.search(r"^\* small@2\+", listed, re.MULTILINE)
    shown = run(web, "show", draft).output
    assert "已发布 Published" in shown
    assert "同意" in shown
    file = tmp_path / "out.zip"
    assert run(web, "export", "small@2", "--to", str(file)).exit_code == 0
    assert "起草 Tester writer，批准 Tester director" in run(web, "verify", str(file)).output
    back = run(web, "take-back", "small@1", "--reason", "误判多", by="director")
    assert back.exit_code == 0, back.output
    assert re.search(r"^\* small@1\+", run(web, "list").output, re.MULTILINE)


def test_an_earlier_pack_is_put_back_at_a_time_of_the_county(web: Web):
    ahead = web.clock() + timedelta(hours=8 + 5)  # on the county's clocks, in five hours
    back = ("take-back", "small@1", "--reason", "暂缓", "--at")

    early = run(web, *back, "2026-01-01T00:00", by="director")
    put = run(web, *back, f"{ahead:%Y-%m-%dT%H:%M}", by="director")

    assert early.exit_code == 1
    assert "不能早于现在" in early.output
    assert put.exit_code == 0, put.output
    assert f"将于 {ahead:%Y-%m-%d %H:%M} 生效" in put.output

    with Session(web.home.transactions.engine) as session:
        times = session.scalars(sa.select(PackActivationRow.effective_at)).all()
    assert f"{max(times):%Y-%m-%dT%H:%M}" == f"{ahead - timedelta(hours=8):%Y-%m-%dT%H:%M}"


def test_a_check_at_the_console_counts_terms_in_stored_posts_as_the_page_does(web: Web, tmp_path: Path):
    draft = edited(web, tmp_path)
    assert "超过 5%" not in run(web, "check", draft, by="writer").output
    with Session(web.home.transactions.engine) as session:
        session.execute(
            sa.update(SourceRow)
            .where(SourceRow.code == "form")
            .values(id=uuid.uuid5(uuid.NAMESPACE_DNS, f"{COUNTY}.form"))
        )
        for _ in range(FEWEST_POSTS):
            post = session.get_one(PostRow, add_post(session, county=COUNTY))
            post.normalised = "有人身亡"
        session.commit()

    assert "超过 5%" in run(web, "check", draft, by="writer").output
    with web.home.transactions.read(machine(CountyId(COUNTY))) as uow:
        found = draft_view(uow.session, COUNTY, uuid.UUID(draft)).problems
    assert [one.rule_id for one in found if one.code == "R208"] == ["death_words"]


def test_a_back_test_of_no_post_is_said_and_goes_on_with_a_reason_only(web: Web, tmp_path: Path):
    draft = edited(web, tmp_path)
    assert run(web, "backtest", draft, "--from", "2026-11-01", by="writer").exit_code == 0
    with Session(web.home.transactions.engine) as session:
        ran(session, session.scalars(sa.select(BacktestRow.id)).one(), done=0)
        session.commit()

    assert "没有比对到任何网帖" in run(web, "show", draft).output
    refused = run(web, "submit", draft, by="writer")
    assert refused.exit_code == 1
    assert "写明理由" in refused.output
    assert run(web, "submit", draft, "--note", "首次启用，尚无网帖", by="writer").exit_code == 0


def test_two_packs_are_compared_in_words_and_a_draft_can_be_one_of_them(web: Web, tmp_path: Path):
    draft = edited(web, tmp_path)

    same, other = run(web, "diff", "small@1", "small@1"), run(web, "diff", "small@1", f"draft:{draft}")

    assert (same.exit_code, other.exit_code) == (0, 1)
    assert "云岭县住建局 → 云岭县人社局" in other.stdout
    assert "lead: housing_bureau -> labour_bureau" in other.stdout


def test_a_pack_goes_out_signed_and_comes_in_elsewhere_as_a_draft(web: Web, tmp_path: Path):
    file = tmp_path / "small.zip"
    out = run(web, "export", "small@1", "--to", str(file))
    assert out.exit_code == 0, out.output
    assert "已签名" in out.output
    assert run(web, "export", "small@1", "--to", str(file)).exit_code == 1  # nothing is overwritten
    assert run(web, "key").output.strip() == shown_key(own_public_key(KEY))

    came = run(web, "import", str(file), by="writer")

    assert came.exit_code == 0, came.output
    assert "密钥可信" in came.output
    with Session(web.home.transactions.engine) as session:
        draft = session.scalars(sa.select(PackDraftRow)).one()
        assert {name: text.encode() for name, text in draft.files.items()} == small_pack()
        assert (draft.state, draft.author) == ("draft", "Tester writer")
        assert COUNTY in draft.origin
        audited = session.scalars(sa.select(AuditRow.action)).all()
    assert {"pack_exported", "pack_draft_created"} <= set(audited)


def test_a_file_that_was_tampered_with_is_not_taken_in(web: Web, tmp_path: Path):
    file = tmp_path / "small.zip"
    run(web, "export", "small@1", "--to", str(file))
    file.write_bytes(file.read_bytes().replace(b"housing_bureau", b"labour_bureau1", 1))

    for command in (("verify", str(file)), ("import", str(file))):
        answer = run(web, *command, by="writer" if command[0] == "import" else None)
        assert answer.exit_code == 1
        assert "重新导出" in answer.output
    with Session(web.home.transactions.engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(PackDraftRow)) == 0


def test_a_draft_with_errors_prints_them_with_their_places(web: Web, tmp_path: Path):
    draft = begun(web)
    file = tmp_path / "severity.yaml"
    file.write_text(small_pack()["severity.yaml"].decode().replace("grade: serious", "grade: so", 1), "utf-8")
    run(web, "put", draft, str(file), by="writer")

    answer = run(web, "check", draft, by="writer")

    assert answer.exit_code == 1
    assert "severity.yaml:" in answer.output


def test_unknown_names_are_said_in_words(web: Web):
    for arguments in (("export", "nothing@1"), ("diff", "small@1", "draft:x"), ("show", str(new_id()))):
        answer = run(web, *arguments)
        assert answer.exit_code == 1
        assert "没有" in answer.output
