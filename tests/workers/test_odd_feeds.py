"""Feeds that are odd, long or hostile: no item costs another, and nothing is lost without a word."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.console import at_console
from casework.access import CountyId, machine
from casework.desk import sources as desk_of_sources
from casework.desk.sources import NewSource, PullEnd, RunCounts, add_source, list_sources
from casework.desk.unit import UnitOfWork
from casework.intake import IncomingPost
from casework.roles import Role
from casework.store.sources import RunLine
from casework.store.tables import PostRow, SourceRow
from rules.model import Label
from tests.desk_kit import SQLITE_ONLY, Desk, desk_on
from workers import feeds
from workers import sources as pulling
from workers.feed_dates import instant_of
from workers.feed_text import plain_text
from workers.feeds import NotAFeed, read_feed
from workers.fetching import Fetched
from workers.pull_words import MOST_NAMED, Refused, pull_message
from workers.sources import MOST_NEW, SourceDrain

DIRECTOR = at_console("demo", Role.DIRECTOR)
IMPOSSIBLE = ("0000-00-00 00:00:00", "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-12:00")


@dataclass
class Publisher:
    """Answers with one feed and notes which validators it was shown."""

    body: str = ""
    etag: str = '"v1"'
    shown: list[str | None] = field(default_factory=list)

    def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:  # noqa: ARG002
        self.shown.append(etag)
        if etag == self.etag:
            return Fetched(None)
        return Fetched(self.body.encode(), "application/xml; charset=utf-8", self.etag, "yesterday")


def item(number: object, *, title: str = "", date: str = "", text: str = "幸福路的路灯坏了") -> str:
    dated = f"<pubDate>{date}</pubDate>" if date else ""
    return (
        f"<item><title>{title or f'路灯{number}'}</title><guid>g-{number}</guid>"
        f"<description>{text}</description>{dated}</item>"
    )


def rss(*items: str) -> str:
    return f"<rss version='2.0'><channel><title>t</title>{''.join(items)}</channel></rss>"


def read(body: str, kind: str = "rss") -> list[IncomingPost]:
    return [one.post for one in read_feed(kind, body.encode(), "", source_code="x").items]


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with desk_on(database_url) as made:
        with made.transactions.write(DIRECTOR) as uow:
            add_source(uow, NewSource("forum", "论坛", "rss", "论坛", "https://forum.example/rss"))
        yield made


def pull(desk: Desk, publisher: Publisher) -> RunLine:
    """Pull once, a quarter of an hour after the pull before, and return the run."""
    desk.clock.advance(minutes=15)
    drain = SourceDrain(desk.transactions, machine(CountyId("demo")), publisher, is_over=lambda: False)  # type: ignore[arg-type]
    assert drain.run() == 1
    with desk.transactions.read(DIRECTOR) as uow:
        [run] = [line.last_run for line in list_sources(uow) if line.code == "forum"]
    assert run is not None
    return run


def posts(desk: Desk) -> list[PostRow]:
    with Session(desk.transactions.engine, expire_on_commit=False) as session:
        return list(session.scalars(sa.select(PostRow).order_by(PostRow.id)))


def etag_of(desk: Desk) -> str | None:
    with Session(desk.transactions.engine) as session:
        return session.scalar(sa.select(SourceRow.etag).where(SourceRow.code == "forum"))


# --- dates -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("date", [*IMPOSSIBLE, "昨天", "1970-01-01", "Mon, 16 Nov 2086 09:00:00 +0800"])
def test_a_date_that_cannot_be_costs_the_item_its_date_and_nothing_else(desk: Desk, date: str):
    run = pull(desk, Publisher(rss(item(2, date=date), item(1, date="Mon, 16 Nov 2026 08:00:00 +0800"))))

    first, second = posts(desk)
    assert (run.outcome, run.taken, run.refused) == ("done", 2, 0)
    assert (first.external_id, second.external_id, second.posted_at) == ("g-1", "g-2", None)
    assert first.posted_at is not None
    assert "1 条的日期不可用" in run.message
    assert "1 items were taken without their date" in run.message


@SQLITE_ONLY
def test_an_item_without_any_date_is_no_matter(desk: Desk):
    assert pull(desk, Publisher(rss(item(1)))).message == ""


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026年11月16日", "2026-11-15T16:00:00+00:00"),
        ("2026年11月6日 9时", "2026-11-06T01:00:00+00:00"),
        ("2026年11月16日 9时5分7秒", "2026-11-16T01:05:07+00:00"),
        ("2026年11月16日 09:05", "2026-11-16T01:05:00+00:00"),
        ("2026/11/16 9:05", "2026-11-16T01:05:00+00:00"),
        ("2026-11-16 09:05:00", "2026-11-16T01:05:00+00:00"),
        ("2026-11-16 09:05:00 +0800", "2026-11-16T01:05:00+00:00"),
        ("2026-11-16T09:05:00Z", "2026-11-16T09:05:00+00:00"),
        ("Mon, 16 Nov 2026 09:05:00 +0800", "2026-11-16T01:05:00+00:00"),
        ("16 Nov 26 09:05 GMT", "2026-11-16T09:05:00+00:00"),
        ("Mon, 16 Nov 2026 09:05:00 -0000", "2026-11-16T09:05:00+00:00"),
        ("Mon, 16 Nov 2026 09:05:00", "2026-11-16T01:05:00+00:00"),
    ],
)
def test_a_date_is_read_as_it_was_meant(text: str, instant: str):
    at = instant_of(text)

    assert at is not None
    assert at.isoformat() == instant


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-11", "2026年11月", "2026-13-01", "32 Nov 2026 00:00:00 GMT", "1 nov", *IMPOSSIBLE],
)
def test_what_names_no_day_is_no_date(text: str):
    assert instant_of(text) is None


@SQLITE_ONLY
def test_an_item_at_which_the_program_fails_costs_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    real = pulling.receive_post

    def failing(uow: UnitOfWork, post: IncomingPost) -> object:
        if post.external_id == "g-7":
            raise ZeroDivisionError
        return real(uow, post)

    monkeypatch.setattr(pulling, "receive_post", failing)
    publisher = Publisher(rss(*(item(n) for n in range(10))))

    run = pull(desk, publisher)

    assert (run.outcome, run.taken, run.refused) == ("done", 9, 1)
    assert "第 8 条“路灯7”：程序出错（ZeroDivisionError" in run.message
    monkeypatch.setattr(pulling, "receive_post", real)
    assert pull(desk, publisher).taken == 1, "it is tried again, though nothing changed at the publisher's"


@SQLITE_ONLY
def test_where_the_program_fails_at_everything_the_pull_has_failed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    def failing(*_: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr(pulling, "receive_post", failing)

    run = pull(desk, Publisher(rss(*(item(n) for n in range(60)))))

    assert (run.outcome, run.taken) == ("failed", 0)
    assert etag_of(desk) is None


def test_an_item_that_cannot_be_read_is_told_of_by_its_place():
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": ["x", {"id": 1, "content_text": "灯"}]}

    read = read_feed("json", json.dumps(feed).encode(), "", source_code="x")

    assert [(one.position, one.why.en) for one in read.odd] == [(1, "it is no object")]
    assert [one.position for one in read.items] == [2]


# --- long feeds ------------------------------------------------------------------------------------


@SQLITE_ONLY
def test_of_a_long_feed_the_next_pull_takes_what_one_could_not(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pulling, "MOST_NEW", 50)
    publisher = Publisher(rss(*(item(n) for n in range(120, 0, -1))))

    runs = [pull(desk, publisher)]
    assert {post.external_id for post in posts(desk)} == {f"g-{n}" for n in range(1, 51)}, "the oldest first"
    runs += [pull(desk, publisher) for _ in range(3)]

    assert [(run.outcome, run.taken) for run in runs] == [
        ("done", 50),
        ("done", 50),
        ("done", 20),
        ("unchanged", 0),
    ]
    assert "还有 70 条留待下次拉取 / 70 items are left to the next pull" in runs[0].message
    assert runs[2].message == ""
    assert publisher.shown == [None, None, None, '"v1"']
    assert len(posts(desk)) == 120


@SQLITE_ONLY
def test_items_that_no_pull_looks_at_are_told_of_and_no_validator_is_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(feeds, "MOST_ITEMS", 40)

    run = pull(desk, Publisher(rss(*(item(n) for n in range(43)))))

    assert (run.taken, run.duplicate) == (40, 0)
    assert "其后 3 条没有看" in run.message
    assert etag_of(desk) is None


def test_one_pull_takes_hundreds_not_thousands():
    assert 100 <= MOST_NEW <= 1000


# --- what does not fit -----------------------------------------------------------------------------


def test_a_title_too_long_is_cut_and_the_text_keeps_it():
    title = "路灯" * 300

    [post] = read(rss(item(1, title=title, text="坏了")))

    assert (len(post.title), post.title[-1]) == (500, "…")
    assert post.text == f"{title}\n坏了"


def test_a_title_too_long_that_is_the_text_is_not_said_twice():
    title = "路灯" * 300

    assert read(rss(item(1, title=title, text=title)))[0].text == title


def test_an_own_id_too_long_is_known_again_by_its_digest(desk: Desk):
    body = rss(item("x" * 300), item("x" * 299 + "y"))
    first = pull(desk, Publisher(body))
    again = pull(desk, Publisher(body, etag="v2"))

    assert (first.taken, first.refused, again.taken, again.duplicate) == (2, 0, 0, 2)
    assert all(post.external_id.startswith("sha256:") for post in posts(desk))


def test_an_author_with_an_endless_name_costs_no_post():
    [post] = read(rss(item(1).replace("</item>", f"<author>{'n' * 300}</author></item>")))

    assert post.author is not None
    assert len(post.author.name or "") == 200


def refused(*positions: int, title: str = "路灯") -> Sequence[Refused]:
    return [Refused(position, title, Label("太长", "too long")) for position in positions]


def test_refused_items_are_named_by_place_and_the_beginning_of_their_title():
    said = pull_message(
        left=0,
        beyond=0,
        undated=0,
        refused=[*refused(9, title="幸福路的路灯坏了半个月没有人来修"), *refused(3, title="")],
    )

    assert said == (
        "拒收 第 3 条（无标题）、第 9 条“幸福路的路灯坏了半个月没…”：太长 / refused, item 3, 9: too long"
    )


def test_the_name_of_a_refused_item_leads_to_nobody():
    said = pull_message(left=0, beyond=0, undated=0, refused=refused(1, title="请打13800001234找我"))

    assert "138" not in said
    assert "请打〔已隐去〕" in said


def test_of_many_refused_items_some_are_named_and_all_are_counted():
    said = pull_message(left=0, beyond=0, undated=0, refused=refused(*range(1, MOST_NAMED + 6)))

    assert f"等 {MOST_NAMED + 5} 条" in said
    assert "and 5 more: too long" in said


# --- hostile feeds ---------------------------------------------------------------------------------

ENDLESS = 100_000


@pytest.mark.parametrize(
    "body",
    [
        rss("<item>" + "<a>" * 400_000 + "</a>" * 400_000 + "</item>"),
        rss("<item " + " ".join(f"a{n}='1'" for n in range(30_000)) + "/>"),
        rss(*["<item><guid>1</guid></item>"] * 30_000),
        rss("<item><description>" + "&#65;<!---->" * 350_000 + "</description></item>"),
    ],
    ids=["deep", "attributes", "items", "splinters"],
)
def test_a_feed_that_would_take_long_is_refused_in_words_and_at_once(body: str):
    began = time.process_time()

    with pytest.raises(NotAFeed, match="请发布方缩短订阅"):
        read(body)

    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "markup",
    ['<a b="', "<!--", "<![CDATA[", '<a b=">"', "<a b='>'b=", "<", "</a", "<?", "<script>", "&#9", "<div>"],
)
def test_markup_that_never_ends_takes_no_time(markup: str):
    began = time.process_time()
    plain_text(markup * ENDLESS + '="')

    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("一<!-- 注 > -->二<!doctype html>三", "一二三"),
        ("<img alt=\"a > b\" src='x'/>灯", "灯"),
        ('<p title="坏了>灯</p>亮', "灯\n亮"),
        ("3 < 5 &lt;b&gt;", "3 < 5 <b>"),
        ("<p don't>灯</p>", "灯"),
        ("<SCRIPT>x < y</SCRIPT >灯<style>p{}", "灯"),
        ("&#" + "9" * 5000 + ";灯", "\ufffd灯"),
        ("&amp;lt;<br/>&nbsp;灯", "&lt;\n灯"),
    ],
)
def test_of_markup_only_what_a_reader_sees_is_left(markup: str, text: str):
    assert plain_text(markup) == text


# --- how a run ends --------------------------------------------------------------------------------


def test_a_run_ends_though_its_result_cannot_be_written(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    real = desk_of_sources.end_pull

    def failing(uow: UnitOfWork, run_id: object, feed: object, end: PullEnd) -> None:
        if end.etag:
            raise ZeroDivisionError
        real(uow, run_id, feed, end)  # type: ignore[arg-type]

    monkeypatch.setattr(pulling, "end_pull", failing)

    run = pull(desk, Publisher(rss(item(1))))

    assert (run.outcome, run.taken) == ("failed", 1)
    assert "could not be written" in run.message


def test_a_message_of_a_run_holds_no_control_character(desk: Desk):
    run = pull(desk, Publisher(rss(item(1, title="灯\u202e\u2028灯", text="灯" * 30_000))))

    assert "第 1 条“灯\ufffd 灯”" in run.message
    assert run.finished_at is not None
    assert run.finished_at - run.started_at < timedelta(minutes=1)


def test_no_message_of_an_import_brings_a_control_into_the_database(desk: Desk):
    duty = at_console("demo", Role.DUTY_OFFICER)
    with desk.transactions.write(duty) as uow:
        run_id = desk_of_sources.begin_import(uow, "forum")
    with desk.transactions.write(duty) as uow:
        desk_of_sources.end_import(uow, run_id, "failed", RunCounts(), "没有\x00列\x1b[31m\ud800")

    with desk.transactions.read(DIRECTOR) as uow:
        [run] = [line.last_run for line in list_sources(uow) if line.code == "forum"]
    assert run is not None
    assert (run.outcome, run.message) == ("failed", "没有\ufffd列\ufffd[31m\ufffd")
