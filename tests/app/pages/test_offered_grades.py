"""The form for another grade offers what this person may give, and not the grade that stands."""

from __future__ import annotations

import re

import pytest

from casework.roles import Role
from rules.model import Grade
from tests.page_kit import Desks, offered

GRADES = re.compile(r'<select[^>]*name="grade".*?</select>', re.DOTALL)


def choices(desks: Desks, role: Role, grade: Grade, *, is_dispatched: bool) -> list[str]:
    case_id = desks.case(grade=grade)
    if is_dispatched:
        for action in ("confirm", "dispatch"):
            desks.done(desks.person(Role.DIRECTOR), case_id, action)
    page = desks.page(desks.person(role), case_id)
    forms = GRADES.findall(page)
    return re.findall(r'value="([a-z]+)"', forms[0]) if forms else []


@pytest.mark.parametrize(
    ("role", "grade", "is_dispatched", "given"),
    [
        (Role.DUTY_OFFICER, Grade.GENERAL, False, ["major", "serious"]),
        (Role.DUTY_OFFICER, Grade.MAJOR, False, ["general", "serious"]),
        (Role.DUTY_OFFICER, Grade.SERIOUS, False, []),
        (Role.DIRECTOR, Grade.SERIOUS, False, ["general", "major"]),
        (Role.DIRECTOR, Grade.MAJOR, True, ["serious"]),
        (Role.SUPERVISOR, Grade.MAJOR, True, ["general", "serious"]),
        (Role.DIRECTOR, Grade.SERIOUS, True, []),
    ],
)
def test_grades_that_would_be_refused_are_not_offered(
    *, desks: Desks, role: Role, grade: Grade, is_dispatched: bool, given: list[str]
):
    assert choices(desks, role, grade, is_dispatched=is_dispatched) == given


def test_where_no_other_grade_can_be_given_there_is_no_form(desks: Desks):
    case_id = desks.case(grade=Grade.SERIOUS)
    assert "correct_grade" not in offered(desks.page(desks.person(Role.DUTY_OFFICER), case_id))
