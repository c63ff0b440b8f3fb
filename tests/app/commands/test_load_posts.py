"""Loading a table of posts: every row is taken, known, or refused with its line and the reason."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from sqlalchemy.orm import Session

from app.commands import load_posts as module
from app.csv_posts import BadTable, encoding_of, parsed_map
from app.stride import MOST
from casework.desk.sources import RunCounts
from casework.desk.unit import UnitOfWork
from casework.store.tables import IdentityRow, PostMetricsRow, PostRow, SourceRunRow
from tests.web_kit import Web

MAP = "text=detail,title=subject,external_id=no,posted_at=when"
HEAD = "no,subject,detail,when\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "posts.csv"


def load(web: Web, table: Path, *more: str, columns: str = MAP) -> Result:
    return web.app.test_cli_runner().invoke(args=["load-posts", str(table), "--map", columns, *more])


def posts(web: Web) -> list[PostRow]:
    with Session(web.home.transactions.engine, expire_on_commit=False) as session:
        return list(session.scalars(sa.select(PostRow).order_by(PostRow.id)))


def run_of(web: Web) -> SourceRunRow:
    with Session(web.home.transactions.engine, expire_on_commit=False) as session:
        return session.scalars(sa.select(SourceRunRow).order_by(SourceRunRow.id.desc())).first()


def row(number: int, text: str = "路灯坏了", when: str = "2026-11-15 09:00") -> str:
    return f"{number},标题{number},{text}{number},{when}\n"


def test_a_table_is_taken_in_once_however_often_it_is_loaded(web: Web, table: Path):
    table.write_text(HEAD + "".join(map(row, range(45))), encoding="utf-8")

    first = load(web, table)
    web.clock.advance(minutes=1)
    second = load(web, table)

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "taken 45, duplicate 0, refused 0" in first.output
    assert "taken 0, duplicate 45, refused 0" in second.output
    assert len(posts(web)) == 45
    assert (run_of(web).outcome, run_of(web).taken, run_of(web).duplicate) == ("done", 0, 45)
    assert "triage" in web.outside.rung


def test_a_long_table_is_written_in_short_steps(web: Web, table: Path):
    """How long each takes is adapted to the machine; see the tests of `app.stride`."""
    table.write_text(HEAD + "".join(map(row, range(100))), encoding="utf-8")
    before = web.home.transactions.figures.count
    load(web, table)

    assert web.home.transactions.figures.count - before >= 2 + 100 / MOST


def test_times_without_a_zone_are_those_of_the_county(web: Web, table: Path):
    times = ("2026-11-15 09:00", "2026/11/15 9:00", "2026年11月15日 09:00", "2026-11-15T01:00:00Z")
    table.write_text(HEAD + "".join(row(n, when=when) for n, when in enumerate(times)), encoding="utf-8")
    load(web, table)

    assert {post.posted_at.isoformat() for post in posts(web)} == {"2026-11-15T01:00:00+00:00"}


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_the_encoding_is_found(web: Web, table: Path, encoding: str):
    table.write_bytes((HEAD + row(1)).encode(encoding))

    assert load(web, table).exit_code == 0
    assert posts(web)[0].text == "路灯坏了1"


def test_bytes_of_no_encoding_are_refused_with_their_line(web: Web, table: Path):
    table.write_bytes(HEAD.encode() + row(1).encode() + b"2,\xff\xff,x,\n")

    answer = load(web, table)

    assert answer.exit_code == 1
    assert "line 3" in answer.output
    assert run_of(web).outcome == "failed"


def test_rows_that_are_no_posts_are_refused_by_line_and_the_rest_is_taken(web: Web, table: Path):
    table.write_text(
        HEAD
        + row(1)
        + "2,too short\n"
        + row(3, when="yesterday")
        + ' 4,"two\nlines","a ""quoted"" text",\n'
        + "5,,,\n"
        + row(6, when="2096-01-01")
        + "\n"
        + f"7,t,{'灯' * 30_000},\n"
        + row(8).replace("标题8", "a\x00b"),
        encoding="utf-8",
    )

    answer = load(web, table)

    assert answer.exit_code == 1
    assert "taken 3, duplicate 0, refused 5" in answer.output
    for said in (
        "line 3: has 2 cells, not 4",
        "line 4: posted_at cannot be read",
        "line 7: The post was not taken: title and text are both empty",
        "line 8: The post was not taken: posted_at",
        "line 10: The post was not taken: the text has",
    ):
        assert said in answer.output
    assert {post.external_id for post in posts(web)} == {"1", "4", "8"}
    assert run_of(web).refused == 5


def test_a_missing_column_is_named_with_those_that_are_there(web: Web, table: Path):
    table.write_text("\ufeffno,subject,body\n1,a,b\n", encoding="utf-8")

    answer = load(web, table, columns="text=detail,title=subject")

    assert answer.exit_code == 1
    assert "no column 'detail'; it has: no, subject, body" in answer.output
    assert posts(web) == []


@pytest.mark.parametrize("content", ["", "\n", "a,a\n1,2\n"])
def test_a_table_without_a_usable_header_is_refused(web: Web, table: Path, content: str):
    table.write_text(content, encoding="utf-8")

    assert load(web, table, columns="text=a").exit_code == 1


def test_a_quotation_mark_that_is_never_closed_is_said_and_what_came_before_stands(web: Web, table: Path):
    table.write_text(HEAD + "".join(map(row, range(1, 21))) + '21,t,"' + "灯\n" * 600_000, encoding="utf-8")

    answer = load(web, table)

    assert answer.exit_code == 1
    assert "line 22" in answer.output
    assert len(posts(web)) == 20
    assert (run_of(web).outcome, run_of(web).taken) == ("failed", 20)


def test_one_cell_that_is_no_post_refuses_its_row_and_no_other(web: Web, table: Path):
    huge = f"2,t,{'灯' * 1_200_000},2026-11-15 09:00\n"
    quoted = f'3,t,"{"灯" * 1_200_000}",2026-11-15 09:00\n'
    table.write_text(HEAD + row(1) + huge + quoted + row(4), encoding="utf-8")

    answer = load(web, table)

    assert answer.exit_code == 1
    assert "taken 2, duplicate 0, refused 2" in answer.output
    assert "line 3: a cell is longer than 1 MB" in answer.output
    assert "line 4: a cell is longer than 1 MB" in answer.output
    assert {post.external_id for post in posts(web)} == {"1", "4"}


def test_empty_rows_below_a_table_are_counted_and_nothing_is_said_against_them(web: Web, table: Path):
    table.write_text(HEAD + row(1) + ",,,\n" * 3 + "\n", encoding="utf-8")

    answer = load(web, table)

    assert answer.exit_code == 0
    assert "taken 1, duplicate 0, refused 0" in answer.output
    assert "3 rows with nothing in them" in answer.output


def test_a_file_of_two_byte_characters_that_is_cut_short_is_said(web: Web, table: Path):
    table.write_bytes((HEAD + row(1) + row(2)).encode("utf-16")[:-3])

    answer = load(web, table)

    assert answer.exit_code == 1
    assert "utf-16" in answer.output
    assert "UnicodeDecodeError" not in answer.output


def test_a_lost_quotation_mark_joins_no_two_peoples_posts(web: Web, table: Path):
    lost = '21,t,"没有收尾的引号,x\n22,t,"第二个人的诉求",x\n'
    table.write_text(HEAD + "".join(map(row, range(1, 21))) + lost, encoding="utf-8")

    answer = load(web, table)

    assert answer.exit_code == 1
    assert "line 22" in answer.output
    assert len(posts(web)) == 20


def test_figures_and_author_come_along_and_the_author_is_sealed(web: Web, table: Path):
    table.write_text('detail,r,s,who\n路灯坏了,"1,200",3,canary-name\n', encoding="utf-8")
    answer = load(web, table, columns="text=detail,reads=r,shares=s,author=who")

    with Session(web.home.transactions.engine) as session:
        figures = session.scalars(sa.select(PostMetricsRow)).one()
        assert (figures.reads, figures.shares) == (1200, 3)
        assert session.scalar(sa.select(sa.func.count()).select_from(IdentityRow)) == 1
    assert "canary" not in answer.output + posts(web)[0].text


def test_a_source_that_is_not_there_is_refused(web: Web, table: Path):
    table.write_text(HEAD + row(1), encoding="utf-8")

    answer = load(web, table, "--source", "nowhere")

    assert answer.exit_code == 1
    assert "nowhere" in answer.output


@pytest.mark.parametrize("text", ["", "title", "body=x", "text=a,text=b", "url=a"])
def test_a_map_that_says_too_little_or_too_much_is_refused(text: str):
    if text == "title":
        assert parsed_map([text]) == {"title": "title"}
        return
    with pytest.raises(BadTable):
        parsed_map([text])


def test_why_a_whole_table_could_not_be_used_is_kept_and_listed(web: Web, table: Path):
    table.write_text("编号,标题\n1,路灯\n", encoding="utf-8")

    failed = load(web, table)

    assert failed.exit_code == 1
    run = run_of(web)
    assert (run.outcome, run.taken) == ("failed", 0)
    assert "表中没有" in run.message
    listed = web.app.test_cli_runner().invoke(args=["sources", "list"])
    assert run.message in listed.output


def test_a_table_in_utf_16_is_read_as_the_help_says(web: Web, table: Path):
    table.write_text(HEAD + row(1), encoding="utf-16")

    assert "taken 1, duplicate 0, refused 0" in load(web, table).output
    assert "UTF-16" in web.app.test_cli_runner().invoke(args=["load-posts", "--help"]).output


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text",
    ["detail\n路灯坏了", "正文,detail\r\n一上下,路灯坏了\r\n", f"上网,detail\n{'上' * 2000},路灯坏了\n"],
)
def test_utf_16_without_a_mark_is_recognised_however_short(web: Web, table: Path, text: str, encoding: str):
    table.write_bytes(text.encode(encoding))

    assert load(web, table, columns="text=detail").exit_code == 0
    assert posts(web)[0].text == "路灯坏了"


@pytest.mark.parametrize(
    "text", ["detail\n路\x00灯\n", "detail,a\n\x00路灯,\x00\n坏了,x\n一,\n", "de\x00tail,detail\n一,二\n"]
)
def test_a_nul_in_utf_8_makes_no_utf_16_of_it(table: Path, text: str):
    table.write_bytes(text.encode())

    assert encoding_of(table) == "utf-8"


def test_a_header_with_controls_is_shown_without_them_and_how_to_save_the_file_is_said(web: Web, table: Path):
    table.write_bytes("no,detail\n1,路灯\n".encode("utf-32-le"))

    answer = load(web, table, columns="text=detail")

    assert answer.exit_code == 1
    assert "CSV UTF-8" in answer.output
    assert not set(answer.output) & {chr(code) for code in (*range(10), *range(14, 32))}
    assert "[SQL" not in answer.output
    run = run_of(web)
    assert (run.outcome, run.message.count("\x00")) == ("failed", 0)
    assert "另存为" in run.message


def test_a_run_ends_though_its_words_cannot_be_written(
    web: Web, table: Path, monkeypatch: pytest.MonkeyPatch
):
    real = module.end_import

    def failing(uow: UnitOfWork, run_id: uuid.UUID, outcome: str, counts: RunCounts, message: str) -> None:
        if not message.startswith("结果"):
            raise ZeroDivisionError
        real(uow, run_id, outcome, counts, message)

    monkeypatch.setattr(module, "end_import", failing)
    table.write_text(HEAD + row(1), encoding="utf-8")

    assert load(web, table).exit_code == 1
    assert (run_of(web).outcome, run_of(web).taken, run_of(web).message) == ("done", 1, module.UNWRITTEN)


def test_a_row_of_which_nothing_can_be_seen_is_refused_by_its_line(web: Web, table: Path):
    table.write_text("detail\n\u200b\u202e\n路灯\n", encoding="utf-8")

    answer = load(web, table, columns="text=detail")

    assert "line 2: The post was not taken: title and text hold not one character" in answer.output
    assert len(posts(web)) == 1
