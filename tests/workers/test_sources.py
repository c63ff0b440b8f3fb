"""Pulling feeds from a server on this machine: taken once, bounded, polite, and each for itself."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.console import at_console
from casework.access import CountyId, machine
from casework.desk.sources import (
    NewSource,
    add_source,
    check_source,
    list_sources,
    pause_after,
    switch_source,
)
from casework.intake import IncomingPost
from casework.post_refusals import SourceExists, UnsuitableSource
from casework.roles import Role
from casework.store.sources import SourceLine
from casework.store.tables import IdentityRow, PostRow, SourceRunRow
from tests.desk_kit import Desk, desk_on
from workers import fetching
from workers.feed_text import plain_text
from workers.feeds import NotAFeed, read_feed
from workers.fetching import LARGEST_BODY, Fetcher, FetchFailed, is_public
from workers.sources import SourceDrain

HERE = "127.0.0.1"
DIRECTOR = at_console("demo", Role.DIRECTOR)

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>民生论坛</title>
<item><title>路灯</title><link>https://forum.example/2</link><guid>g-2</guid>
<description>&lt;p&gt;幸福路的路灯&lt;b&gt;坏了&lt;/b&gt;。&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;</description>
<pubDate>Mon, 16 Nov 2026 09:00:00 +0800</pubDate><dc:creator>示例网友</dc:creator></item>
<item><title>井盖</title><link>https://forum.example/1</link><guid>g-1</guid>
<description>井盖缺了一个。</description></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><id>f</id><updated>2026-11-16T01:00:00Z</updated>
<entry><id>a-1</id><title>水管</title><link href="https://forum.example/a"/><updated>2026-11-16T01:00:00Z</updated>
<content type="html">水管&lt;br&gt;漏水</content></entry></feed>"""
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "t",
    "items": [
        {
            "id": "j-1",
            "url": "https://forum.example/j",
            "title": "公交",
            "content_html": "<p>公交改线</p>",
            "date_published": "2026-11-16T08:00:00+08:00",
            "authors": [{"name": "示例网友"}],
        },
        {"id": 7, "content_text": "第二条"},
        "no object",
    ],
}


@dataclass
class Site:
    """A publisher's server: what it answers by path, and what it was asked."""

    port: int = 0
    pages: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"http://{HERE}:{self.port}{path}"

    def serve(self, path: str, body: bytes | str, status: int = 200, **headers: str) -> str:
        content = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        def page(handler: BaseHTTPRequestHandler) -> None:
            if named.get("ETag") and handler.headers.get("If-None-Match") == named["ETag"]:
                handler.send_response(304)
                handler.end_headers()
                return
            handler.send_response(status)
            for name, value in named.items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(content)))
            handler.end_headers()
            handler.wfile.write(content)

        self.pages[path] = page
        return self.url(path)


@pytest.fixture
def site() -> Iterator[Site]:
    here = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here.asked.append((self.path, dict(self.headers)))
            here.pages[self.path](self)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((HERE, 0), Handler)
    here.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield here
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with desk_on(database_url) as made:
        yield made


def fetcher(pauses: list[float] | None = None) -> Fetcher:
    waited = pauses if pauses is not None else []
    return Fetcher(allowed=(HERE,), pause=waited.append, clock=lambda: 0.0)


def dribble(begin: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
    """Return a page that sends a byte now and then for as long as anybody listens."""

    def page(handler: BaseHTTPRequestHandler) -> None:
        pause = threading.Event()
        with suppress(OSError):
            handler.wfile.write(begin)
            while not pause.wait(0.02):
                handler.wfile.write(b"x")

    return page


def add(desk: Desk, code: str, url: str, kind: str = "rss") -> None:
    with desk.transactions.write(DIRECTOR) as uow:
        add_source(uow, NewSource(code, f"来源{code}", kind, "论坛", url), allowed=(HERE,))


def pull(desk: Desk, using: Fetcher | None = None) -> int:
    drain = SourceDrain(
        desk.transactions, machine(CountyId("demo")), using or fetcher(), is_over=lambda: False
    )
    return drain.run()


def lines(desk: Desk) -> dict[str, SourceLine]:
    with desk.transactions.read(DIRECTOR) as uow:
        return {line.code: line for line in list_sources(uow)}


def posts(desk: Desk) -> list[PostRow]:
    with Session(desk.transactions.engine, expire_on_commit=False) as session:
        return list(session.scalars(sa.select(PostRow).order_by(PostRow.id)))


def test_a_feed_is_taken_in_oldest_first_and_its_run_is_recorded(desk: Desk, site: Site):
    add(desk, "forum", site.serve("/rss", RSS))

    assert pull(desk) == 1

    old, new = posts(desk)
    assert (old.external_id, new.external_id) == ("g-1", "g-2")
    assert new.text == "幸福路的路灯坏了。"
    assert new.posted_at.isoformat() == "2026-11-16T01:00:00+00:00"
    run = lines(desk)["forum"].last_run
    assert (run.outcome, run.taken, run.duplicate, run.refused) == ("done", 2, 0, 0)
    assert desk.bell.rung == ["triage"]


def test_the_author_of_an_item_is_sealed(desk: Desk, site: Site):
    add(desk, "forum", site.serve("/rss", RSS))
    pull(desk)

    with Session(desk.transactions.engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(IdentityRow)) == 1
    assert all("示例网友" not in post.text + post.title for post in posts(desk))


def test_a_feed_is_not_asked_again_before_its_interval(desk: Desk, site: Site):
    add(desk, "forum", site.serve("/rss", RSS))
    pull(desk)

    assert pull(desk) == 0
    desk.clock.advance(minutes=15)
    assert pull(desk) == 1
    run = lines(desk)["forum"].last_run
    assert (run.taken, run.duplicate) == (0, 2)


def test_what_has_not_changed_is_not_sent_again(desk: Desk, site: Site):
    add(desk, "forum", site.serve("/rss", RSS, ETag='"v1"', Last_Modified="Mon, 16 Nov 2026 01:00:00 GMT"))
    pull(desk)
    desk.clock.advance(minutes=15)
    pull(desk)

    assert site.asked[1][1]["If-None-Match"] == '"v1"'
    assert site.asked[1][1]["If-Modified-Since"] == "Mon, 16 Nov 2026 01:00:00 GMT"
    assert lines(desk)["forum"].last_run.outcome == "unchanged"


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ("oops", 500, "answered 500"),
        ("<rss><channel>", 200, "well-formed"),
        ("<html><body>x</body></html>", 200, "neither RSS nor Atom"),
        (b"x" * (LARGEST_BODY + 1), 200, "more than"),
        (
            '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss version="2.0"><channel>&b;</channel>',
            200,
            "entities",
        ),
        (
            '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0">&x;</rss>',
            200,
            "entities",
        ),
        (
            '<?xml version="1.0" encoding="utf-8"?><rss>\udcff</rss>'.encode("utf-8", "surrogateescape"),
            200,
            "encoding",
        ),
    ],
)
def test_a_broken_feed_is_visible_and_stops_no_other(
    desk: Desk, site: Site, body: bytes | str, status: int, said: str
):
    add(desk, "broken", site.serve("/broken", body, status))
    add(desk, "sound", site.serve("/rss", RSS))

    assert pull(desk) == 2

    broken, sound = lines(desk)["broken"], lines(desk)["sound"]
    assert (broken.last_run.outcome, broken.failures) == ("failed", 1)
    assert said in broken.last_run.message
    assert sound.last_run.outcome == "done"


def test_a_server_that_is_not_there_is_a_failed_run(desk: Desk, site: Site):
    add(desk, "gone", site.url("/x").replace(str(site.port), "1"))
    pull(desk)

    assert lines(desk)["gone"].last_run.outcome == "failed"


def test_each_failure_in_a_row_doubles_the_pause_and_a_success_ends_it(desk: Desk, site: Site):
    url = site.serve("/rss", "oops", 503)
    add(desk, "forum", url)
    pull(desk)
    first = lines(desk)["forum"].next_due_at - desk.clock()
    desk.clock.advance(minutes=30)
    pull(desk)
    second = lines(desk)["forum"].next_due_at - desk.clock()
    site.serve("/rss", RSS)
    desk.clock.advance(hours=1)
    pull(desk)

    assert (first, second) == (timedelta(minutes=30), timedelta(hours=1))
    assert lines(desk)["forum"].failures == 0
    assert lines(desk)["forum"].next_due_at - desk.clock() == timedelta(minutes=15)


def test_a_failing_feed_says_since_when_and_when_it_last_worked(desk: Desk, site: Site):
    url = site.serve("/rss", RSS)
    add(desk, "forum", url)
    pull(desk)
    good = desk.clock()
    assert lines(desk)["forum"].failing_since is None
    site.serve("/rss", "oops", 503)
    desk.clock.advance(minutes=15)
    began = desk.clock()
    pull(desk)
    desk.clock.advance(hours=1)
    pull(desk)

    line = lines(desk)["forum"]
    assert (line.failures, line.last_good_at, line.failing_since) == (2, good, began)
    with desk.transactions.read(DIRECTOR) as uow:
        [all_runs] = [one.runs for one in list_sources(uow, runs=5) if one.code == "forum"]
    assert [run.outcome for run in all_runs] == ["failed", "failed", "done"]


def test_a_publisher_who_asks_for_patience_gets_it(desk: Desk, site: Site):
    add(desk, "forum", site.serve("/rss", "slow down", 429, Retry_After="7200"))
    pull(desk)

    assert lines(desk)["forum"].next_due_at - desk.clock() == timedelta(hours=2)


@given(minutes=st.integers(5, 1440), failures=st.integers(0, 10_000))
def test_a_pause_is_never_shorter_than_the_interval_nor_longer_than_a_day(minutes: int, failures: int):
    every = timedelta(minutes=minutes)

    assert every <= pause_after(every, failures) <= timedelta(days=1)


def test_one_host_is_left_a_second_between_two_requests(desk: Desk, site: Site):
    pauses: list[float] = []
    for number in range(3):
        add(desk, f"forum-{number}", site.serve(f"/{number}", RSS))
    pull(desk, fetcher(pauses))

    assert pauses == [1.0, 1.0]


def test_a_source_switched_off_is_not_pulled(desk: Desk, site: Site):
    add(desk, "forum", site.serve("/rss", RSS))
    with desk.transactions.write(DIRECTOR) as uow:
        switch_source(uow, "forum", on=False)

    assert pull(desk) == 0
    assert site.asked == []


def test_a_pull_that_was_cut_off_shows_as_failed_when_the_next_begins(desk: Desk, site: Site):
    add(desk, "forum", site.serve("/rss", RSS))
    pull(desk)
    with Session(desk.transactions.engine) as session:
        session.execute(sa.update(SourceRunRow).values(outcome="running", finished_at=None))
        session.commit()
    desk.clock.advance(minutes=15)
    pull(desk)

    with Session(desk.transactions.engine) as session:
        outcomes = session.scalars(sa.select(SourceRunRow.outcome).order_by(SourceRunRow.id)).all()
    assert outcomes == ["failed", "done"]


def test_items_that_cannot_be_taken_are_counted_and_the_rest_is_taken(desk: Desk, site: Site):
    bad = RSS.replace("井盖缺了一个。", "灯" * 30_000)
    add(desk, "forum", site.serve("/rss", bad))
    pull(desk)

    run = lines(desk)["forum"].last_run
    assert (run.taken, run.refused) == (1, 1)
    assert "拒收 第 2 条“井盖”：" in run.message
    assert "refused, item 2: The post was not taken: the text has 90000 bytes" in run.message


# --- what is fetched from where --------------------------------------------------------------------


def test_nothing_is_fetched_from_this_machine_unless_a_test_allows_it(site: Site):
    with pytest.raises(FetchFailed, match="inner network"):
        Fetcher().fetch(site.serve("/rss", RSS))

    assert site.asked == []


def test_a_name_is_resolved_once_and_the_judged_address_is_connected_to(site: Site):
    answers = iter([[HERE], ["10.0.0.1"]])
    asks = Fetcher(allowed=(HERE,), resolve=lambda host, port: next(answers))  # noqa: ARG005 - theirs

    site.serve("/rss", RSS)
    got = asks.fetch(f"http://feeds.example:{site.port}/rss")

    assert got.body == RSS.encode()
    assert site.asked[0][1]["Host"] == f"feeds.example:{site.port}"


def test_a_name_with_one_inner_address_among_public_ones_is_refused():
    asks = Fetcher(resolve=lambda host, port: ["203.0.114.9", "192.168.1.1"])  # noqa: ARG005 - theirs

    with pytest.raises(FetchFailed, match="inner network"):
        asks.fetch("http://feeds.example/rss")


@pytest.mark.parametrize(
    ("onward", "said"),
    [
        ("http://192.168.1.1/rss", "inner network"),
        ("http://[::1]/rss", "inner network"),
        ("file:///etc/passwd", "only http"),
        ("http://user:pass@feeds.example/", "only http"),
        ("/again", "too many redirects"),
    ],
)
def test_a_redirect_is_judged_like_any_address(site: Site, onward: str, said: str):
    url = site.serve("/again", "", 302, Location=onward)

    with pytest.raises(FetchFailed, match=said):
        fetcher().fetch(url)


def test_a_redirect_to_another_page_is_followed(site: Site):
    site.serve("/rss", RSS)

    assert fetcher().fetch(site.serve("/old", "", 301, Location="/rss")).body == RSS.encode()


def test_an_answer_that_never_ends_is_given_up(site: Site):
    seconds = iter([0.0, 0.0, 0.0, 0.0, 31.0, 31.0, 31.0])
    asks = Fetcher(allowed=(HERE,), clock=lambda: next(seconds))

    with pytest.raises(FetchFailed, match="took over"):
        asks.fetch(site.serve("/rss", RSS))


def test_no_cookie_and_no_proxy_of_the_environment_is_used(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")

    assert fetcher().fetch(site.serve("/rss", RSS)).body is not None
    assert "Cookie" not in site.asked[0][1]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - to be refused
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "nonsense",
    ],
)
def test_an_inner_address_is_never_public(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "223.5.5.5", "2400:3200::1", "::ffff:1.1.1.1"])
def test_an_address_of_the_open_internet_is_public(address: str):
    assert is_public(address)


# --- what a feed says ------------------------------------------------------------------------------


def posts_of(kind: str, body: bytes, content_type: str, *, source_code: str) -> list[IncomingPost]:
    return [item.post for item in read_feed(kind, body, content_type, source_code=source_code).items]


def test_atom_is_read():
    [post] = posts_of("rss", ATOM.encode(), "", source_code="x")

    assert (post.external_id, post.text, post.url) == ("a-1", "水管\n漏水", "https://forum.example/a")


@pytest.mark.parametrize("name", ["gb2312", "gbk", "gb18030", "utf-16"])
def test_a_feed_in_a_chinese_encoding_is_read(name: str):
    body = RSS.replace("UTF-8", name).encode("gb18030" if name.startswith("gb") else name)

    assert posts_of("rss", body, "text/xml", source_code="x")[0].title == "路灯"


def test_the_charset_of_the_answer_counts_where_the_document_names_none():
    body = ATOM.encode("gb18030")

    assert posts_of("rss", body, "text/xml; charset=GBK", source_code="x")[0].title == "水管"


def test_json_feed_is_read():
    first, second = posts_of("json", json.dumps(JSON_FEED).encode(), "", source_code="x")

    assert (first.external_id, first.text, first.author.name) == ("j-1", "公交改线", "示例网友")
    assert (second.external_id, second.text) == ("7", "第二条")


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"version": 1, "items": []}', '{"items": []}', "[" * 100_000]
)
def test_other_json_is_no_feed(body: str):
    with pytest.raises(NotAFeed):
        posts_of("json", body.encode(), "", source_code="x")


@given(
    st.binary(max_size=300),
    st.sampled_from(["rss", "json"]),
    st.sampled_from(["", "x; charset=gbk", "x; charset=no"]),
)
def test_no_bytes_do_more_than_be_no_feed(body: bytes, kind: str, content_type: str):
    with suppress(NotAFeed):
        posts_of(kind, body, content_type, source_code="x")


def test_markup_becomes_what_a_reader_sees():
    assert plain_text("<p>一 &amp; 二</p><style>p{}</style><div>三<br>四</div><") == "一 & 二\n三\n四\n<"


# --- registering -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        NewSource("Forum", "x", "rss", "x", "https://a.example/"),
        NewSource("forum", " ", "rss", "x", "https://a.example/"),
        NewSource("forum", "x", "html", "x", "https://a.example/"),
        NewSource("forum", "x", "rss", "x", None),
        NewSource("forum", "x", "api", "x", "https://a.example/"),
        NewSource("forum", "x", "rss", "x", "ftp://a.example/"),
        NewSource("forum", "x", "rss", "x", "https://me:pw@a.example/"),
        NewSource("forum", "x", "rss", "x", "https://a.example/", "galactic"),
        NewSource("forum", "x", "rss", "x", "https://a.example/", "none", 1),
    ],
)
def test_a_source_that_cannot_be_is_refused(wrong: NewSource):
    with pytest.raises(UnsuitableSource):
        check_source(wrong)


def test_a_code_is_given_once(desk: Desk, site: Site):
    add(desk, "forum", site.url("/rss"))

    with pytest.raises(SourceExists):
        add(desk, "forum", site.url("/other"))


@pytest.mark.parametrize("begin", [b"HTTP/1.0 200 OK\r\n\r\n", b"HTTP/1.0 200 OK\r\nX-Slow: "])
def test_who_sends_a_byte_now_and_then_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch, begin: bytes):
    monkeypatch.setattr(fetching, "WHOLE_SECONDS", 0.3)
    site.pages["/rss"] = dribble(begin)

    with pytest.raises(FetchFailed, match="took over"):
        fetcher().fetch(site.url("/rss"))


@pytest.mark.parametrize(
    ("item", "external_id"),
    [
        ("<entry><id>urn:uuid:1</id><title>路灯</title><content>不亮了</content></entry>", "urn:uuid:1"),
        ("<entry><id>a</id><title>路灯</title><link href='/rel/97'/><content>不亮了</content></entry>", "a"),
    ],
    ids=["no link", "a path alone"],
)
def test_an_item_without_a_link_that_can_be_opened_is_taken_without_one(item: str, external_id: str):
    """Lost once it would be lost for good: the next pull says that nothing changed."""
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><id>f</id>{item}</feed>'

    (post,) = posts_of("rss", feed.encode(), "application/atom+xml", source_code="s")

    assert (post.text, post.url, post.external_id) == ("不亮了", None, external_id)


def test_an_rss_item_with_a_bare_guid_and_a_json_item_with_an_odd_address_are_taken_without_a_link():
    rss = (
        "<rss version='2.0'><channel><title>t</title><item><guid>77</guid>"
        "<description>不亮了</description></item></channel></rss>"
    )
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [{"id": "1", "url": "x:y", "content_text": "坏"}],
    }

    (by_guid,) = posts_of("rss", rss.encode(), "application/rss+xml", source_code="s")
    (by_json,) = posts_of("json", json.dumps(feed).encode(), "application/json", source_code="s")

    assert (by_guid.url, by_guid.external_id) == (None, "77")
    assert (by_json.url, by_json.external_id) == (None, "1")
