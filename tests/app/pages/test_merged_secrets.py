"""Two accusations that were merged: whoever marked one of them is offered no lifting, and is told why."""

from __future__ import annotations

import uuid

import pytest

from casework.roles import Role
from tests.page_kit import LEAD, VERSION, Desks, offered
from tests.web_kit import Browser

ROAD = "城东那条路又塌了一块，拖拉机过不去，请尽快修一修。"


@pytest.fixture
def others(desks: Desks) -> Browser:
    """A second director."""
    return desks.web.signed_in(Role.DIRECTOR, login="other-director")


def marked(desks: Desks, by: Browser, *texts: str) -> uuid.UUID:
    case_id = desks.case(*texts)
    desks.web.clock.advance(minutes=1)
    desks.done(by, case_id, "mark_accusation", accused=[LEAD], reason="反映收受好处。")
    return case_id


def test_whoever_marked_the_merged_case_is_offered_no_lifting_of_the_other(desks: Desks, others: Browser):
    first = desks.person(Role.DIRECTOR)
    x, y = marked(desks, first), marked(desks, others, ROAD)
    desks.web.clock.advance(minutes=1)
    assert "lift_secrecy" in offered(desks.page(first, y))

    desks.done(first, x, "merge_into", into=str(y), reason="同一名负责人。")

    for who in (first, others):
        page = desks.page(who, y)
        assert "lift_secrecy" not in offered(page)
        assert "此件（或者并入此件的另一件）由您列为检举控告件" in page
    version = VERSION.search(desks.page(first, y))
    assert version is not None
    refused = first.post(f"/cases/{y}/lift_secrecy", {"version": version[1], "reason": "查无此事"})
    assert refused.status_code == 403
    assert "lift_secrecy" in offered(desks.page(desks.person(Role.SECRET_INSPECTOR), y))


def test_a_request_that_lapsed_with_a_merge_is_a_line_of_the_timeline(desks: Desks, others: Browser):
    duty = desks.person(Role.DUTY_OFFICER)
    x, y = marked(desks, duty), marked(desks, duty, ROAD)
    desks.web.clock.advance(minutes=1)
    desks.done(desks.person(Role.DIRECTOR), y, "lift_secrecy", reason="查无此事")
    assert "已提请解除保密（理由：查无此事）" in desks.page(others, y)
    desks.web.clock.advance(minutes=1)

    desks.done(duty, x, "merge_into", into=str(y), reason="同一名负责人。")

    page = desks.page(others, y)
    assert "此前待另一人确认的提请失效" in page
    assert "已提请解除保密（理由" not in page
    assert "此前待另一人确认的提请失效" not in desks.page(others, x), "nothing was asked there"
