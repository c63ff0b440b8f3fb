"""A routing is kept in one line and read back from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.route_line import RouteLine, route_in

CODES = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
BASES = st.text(min_size=1, max_size=40)


@given(st.none() | CODES, st.lists(CODES, max_size=4), st.just("") | BASES)
def test_a_line_says_what_was_put_into_it(lead: str | None, assist: list[str], basis: str):
    route = RouteLine(lead, tuple(assist), basis)
    assert route_in(str(route)) == route


@pytest.mark.parametrize("line", ["", "a b", "a + ", " (basis)", "a + b c"])
def test_what_is_no_such_line_is_not_read(line: str):
    assert route_in(line) is None


def test_a_reader_is_not_told_of_the_units_that_are_shut_out():
    route = RouteLine("accused", ("other", "accused"), "law")
    assert str(route.without({"accused"}, "?")) == "? + other, ? (law)"
    assert route.without((), "?") == route
