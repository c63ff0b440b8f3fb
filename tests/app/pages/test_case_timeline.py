"""The timeline folds what only repeats a step that is under way."""

from __future__ import annotations

import re
from itertools import pairwise

from casework.roles import Role
from tests.page_kit import Desks

FOLDED = re.compile(
    r'<details class="timeline-more"><summary>(.*?)</summary>\s*<ul>(.*?)</ul></details>', re.DOTALL
)


def _timeline(page: str) -> str:
    return page.split('<ol class="timeline">')[1].split("</ol>", maxsplit=1)[0]


def test_limits_that_are_reached_while_a_step_is_under_way_are_one_line_with_the_details_folded(desks: Desks):
    duty = desks.person(Role.DUTY_OFFICER)
    case_id = desks.case()
    desks.done(duty, case_id, "confirm")
    desks.done(duty, case_id, "dispatch")
    desks.wait(days=20)

    shown = _timeline(desks.page(duty, case_id))

    folded = FOLDED.findall(shown)
    assert folded
    for summary, details in folded:
        count = re.search(r"又有 (\d+) 项时限达到", summary)
        assert count is not None
        assert details.count("<li>") == details.count("另一时限也已达到") == int(count[1]) > 1
    rest = FOLDED.sub("", shown)
    assert "督办：" in rest, "what was done stands by itself"
    lines = [line for line in rest.splitlines() if "<li>" in line]
    assert not any("另一时限" in one and "另一时限" in two for one, two in pairwise(lines)), "none in a row"
