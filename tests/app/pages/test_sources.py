"""A feed that fails is told on a page, to those who run the desk or the machine."""

from __future__ import annotations

import pytest

from casework.access import CountyId, machine
from casework.desk.sources import NewSource, PullEnd, RunCounts, add_source, begin_pull, end_pull
from casework.roles import Role
from tests.builders import officer
from tests.page_kit import Desks


@pytest.fixture
def with_feeds(desks: Desks) -> Desks:
    """Two feeds, of which one has failed."""
    write = desks.web.home.transactions.write
    ends = {
        "broken": PullEnd("failed", message="对方回应 503 answered 503"),
        "sound": PullEnd("done", RunCounts(taken=4, duplicate=2, refused=1)),
    }
    with write(officer(Role.DIRECTOR)) as uow:
        for code in ends:
            add_source(uow, NewSource(code, f"订阅{code}", "rss", "论坛", f"https://{code}.example.org/rss"))
    done = []
    for _ in ends:
        with write(machine(CountyId(desks.county))) as uow:
            begun = begin_pull(uow, done)
            assert begun is not None
            run_id, feed = begun
            end_pull(uow, run_id, feed, ends[feed.code])
            done.append(feed.id)
    return desks


@pytest.mark.parametrize("role", [Role.DUTY_OFFICER, Role.SYSTEM_ADMIN])
def test_the_failing_feed_stands_first_with_its_error(with_feeds: Desks, role: Role):
    page = with_feeds.person(role).get("/sources").text

    assert page.index("订阅broken") < page.index("订阅sound") < page.index("表格导入")
    for told in ("有 1 个订阅拉取失败", "连续失败 1 次", "失败自", "503", "收 4，重复 2，拒收 1"):
        assert told in page, told
    assert 'href="/sources"' in page


def test_a_next_try_that_is_past_is_due_and_not_said_to_be_in_the_past(with_feeds: Desks):
    """A demo's clock is moved on by days; the scheduler comes within the minute."""
    officer = with_feeds.person(Role.DUTY_OFFICER)
    ahead = officer.get("/sources").text
    with_feeds.web.clock.advance(days=28)
    officer.sign_in("duty-officer")
    past = officer.get("/sources").text

    assert ("下次再试" in ahead, "到期，等待下次拉取" in ahead) == (True, False)
    assert ("下次再试" in past, "到期，等待下次拉取" in past) == (False, True)


def test_each_source_says_when_its_newest_post_came(desks_anywhere: Desks):
    desks = desks_anywhere
    duty = desks.person(Role.DUTY_OFFICER)
    without = duty.get("/sources").text
    desks.post()
    desks.web.clock.advance(minutes=5)
    desks.post("公交车好久没来了。")
    page = duty.get("/sources").text

    assert "最近来帖" in page
    assert "2026-11-16 10:05" not in without
    rows = [row for row in page.split("<tr>") if "2026-11-16 10:05" in row and "<td>" in row]
    assert len(rows) == 1, "of the form alone"
    assert "手工登记" in rows[0]


def test_the_health_page_tells_of_it(with_feeds: Desks):
    page = with_feeds.person(Role.SYSTEM_ADMIN).get("/admin/health").text
    assert "订阅broken自 " in page
    assert with_feeds.web.browser().get("/healthz").get_json()["checks"]["sources"] == "warning"


def test_whom_sources_do_not_concern_is_not_shown_them(desks: Desks):
    assert desks.person(Role.UNIT_HEAD).get("/sources").status_code == 403
