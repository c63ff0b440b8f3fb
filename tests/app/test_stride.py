"""Steps of a long load: short where writing is slow, longer where it is quick."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.stride import MOST, Stride
from app.transaction import LONG_WRITE_MS


@given(st.lists(st.floats(0, 10_000), max_size=60))
def test_a_step_is_never_empty_and_never_beyond_the_most(times: list[float]):
    stride = Stride()
    for milliseconds in times:
        stride.took(milliseconds)

        assert 1 <= stride.size <= MOST


@given(per_post=st.floats(0.5, 20))
def test_after_some_steps_none_is_over_the_limit_whatever_a_post_costs(per_post: float):
    """In milliseconds for one post, up to seven times what was measured."""
    stride, steps = Stride(), []
    for _ in range(60):
        steps.append(stride.size * per_post)
        stride.took(steps[-1])

    assert max(steps[1:]) <= LONG_WRITE_MS


def test_quick_writes_reach_the_most():
    stride = Stride()
    for _ in range(MOST):
        stride.took(1.0)

    assert stride.size == MOST
