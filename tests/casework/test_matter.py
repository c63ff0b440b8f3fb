"""When two posts tell of the same matter: careful, symmetric in secrecy, with words for a person."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.matter import (
    KEY_COUNT,
    SKETCH_SIZE,
    WINDOW,
    Candidate,
    Telling,
    fingerprint,
    join_matters,
    same_matter,
    similarity,
)

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
LAMPS = fingerprint("翠湖小区北门的路灯坏了半个多月,晚上老人出门看不清台阶,报修三次没人来").sketch
LAMPS_AGAIN = fingerprint("翠湖小区北门路灯坏了快一个月了,夜里走路看不清台阶,物业一直不来修").sketch
LAMPS_COPIED = fingerprint("翠湖小区北门的路灯坏了半个多月,晚上老人出门看不清台阶,报修五次没人来!").sketch
LIFTS = fingerprint("电梯三天两头停运,业主交了维修资金却迟迟不动工,要求公示账目").sketch

TELLING = Telling(
    topic="street_lamps",
    place="e_cuihu",
    place_kind="estate",
    confidential=False,
    said_at=NOW,
    sketch=LAMPS_AGAIN,
    keys=(1, 2),
)
MATTER = Candidate(
    id=uuid.UUID(int=1),
    topic="street_lamps",
    place="e_cuihu",
    confidential=False,
    first_seen_at=NOW - timedelta(days=3),
    last_seen_at=NOW - timedelta(days=1),
    sketch=LAMPS,
)


def _joined(telling: Telling, candidate: Candidate) -> bool:
    return same_matter(telling, [candidate]) is not None


def test_same_topic_and_same_estate_with_some_common_words_is_one_matter():
    match = same_matter(TELLING, [MATTER])

    assert match is not None
    assert match.matter_id == MATTER.id
    assert "主题和地点相同" in match.reason.zh


@pytest.mark.parametrize(
    ("telling", "candidate"),
    [
        # a town is too large to name a matter
        (replace(TELLING, place_kind="town"), MATTER),
        (replace(TELLING, place="e_other"), MATTER),
        (replace(TELLING, topic="lifts"), MATTER),
        (replace(TELLING, place=None, place_kind=None), MATTER),
        # the same estate and topic, but nothing in common
        (replace(TELLING, sketch=LIFTS), MATTER),
        (replace(TELLING, said_at=MATTER.last_seen_at + WINDOW + timedelta(seconds=1)), MATTER),
        (replace(TELLING, said_at=MATTER.first_seen_at - WINDOW - timedelta(seconds=1)), MATTER),
        (replace(TELLING, confidential=True), MATTER),
        (TELLING, replace(MATTER, confidential=True)),
        # even a copy: an accusation stays apart from an ordinary matter
        (replace(TELLING, confidential=True, sketch=LAMPS), MATTER),
        (replace(TELLING, sketch=()), MATTER),
    ],
    ids=[
        "town",
        "other place",
        "other topic",
        "no place",
        "other words",
        "too late",
        "too early",
        "accusation",
        "secret matter",
        "secret copy",
        "no letters",
    ],
)
def test_anything_less_is_another_matter(telling: Telling, candidate: Candidate):
    assert not _joined(telling, candidate)


def test_a_near_copy_is_the_same_matter_where_topic_and_place_do_not_differ():
    copy = replace(TELLING, sketch=LAMPS_COPIED, place=None, place_kind=None)

    assert _joined(copy, MATTER)
    assert _joined(replace(copy, topic=None), MATTER)
    assert not _joined(replace(copy, topic="lifts"), MATTER)


def test_the_most_similar_matter_wins_and_then_the_newest():
    copy = replace(MATTER, id=uuid.UUID(int=2), sketch=LAMPS_AGAIN)
    newer = replace(copy, id=uuid.UUID(int=3), last_seen_at=NOW)

    match = same_matter(TELLING, [MATTER, newer, copy])

    assert match is not None
    assert match.matter_id == newer.id


def test_the_window_is_closed_at_both_ends():
    assert _joined(replace(TELLING, said_at=MATTER.last_seen_at + WINDOW), MATTER)


def test_a_text_is_wholly_similar_to_itself_and_not_to_nothing():
    assert similarity(LAMPS, LAMPS) == 1.0
    assert similarity(LAMPS, ()) == 0.0


@given(st.text(max_size=400), st.text(max_size=400))
def test_similarity_is_symmetric_and_a_share(one: str, other: str):
    first, second = fingerprint(one).sketch, fingerprint(other).sketch

    assert similarity(first, second) == similarity(second, first)
    assert 0.0 <= similarity(first, second) <= 1.0


@given(st.text())
def test_a_sketch_and_its_keys_are_few_and_sorted(text: str):
    sketch, keys = fingerprint(text)

    assert len(sketch) <= SKETCH_SIZE
    assert len(keys) <= KEY_COUNT
    assert list(sketch) == sorted(set(sketch))
    assert list(keys) == sorted(set(keys))


@pytest.mark.no_cover  # it runs over the same lines often
@given(st.integers(0, 2_000), st.integers(1, 30), st.randoms(use_true_random=False))
def test_a_sketch_holds_the_smallest_of_all_hashes(length: int, letters: int, pick: Random):
    text = "".join(pick.choices([chr(ord("一") + n) for n in range(letters)], k=length))
    runs = {text[at : at + 3].encode("utf-16-le") for at in range(max(1, length - 2)) if text}

    assert fingerprint(text).sketch == tuple(sorted(map(crc32, runs))[:SKETCH_SIZE])


def test_signs_and_blanks_do_not_change_a_sketch():
    assert fingerprint("路灯 坏了！！").sketch == fingerprint("路灯坏了").sketch


# --- a batch ---------------------------------------------------------------------------------------


def _ids() -> Callable[[], uuid.UUID]:
    numbers = iter(range(100, 200))
    return lambda: uuid.UUID(int=next(numbers))


def test_posts_of_a_batch_join_what_earlier_ones_of_it_began():
    other = replace(TELLING, topic="lifts", place="e_other", sketch=LIFTS, keys=(9,))

    first, second, third, nothing = join_matters([TELLING, other, TELLING, None], [], _ids())

    assert (first.match, second.match, first.earlier) == (None, None, ())
    assert third.match is not None
    assert (third.matter_id, third.earlier) == (first.matter_id, (0,))
    assert second.matter_id != first.matter_id
    assert nothing is None


def test_a_known_matter_is_joined_and_reaches_to_its_newest_post():
    late = replace(TELLING, said_at=MATTER.last_seen_at + WINDOW)
    later = replace(TELLING, said_at=late.said_at + WINDOW)

    first, second = join_matters([late, later], [MATTER], _ids())

    assert first.matter_id == second.matter_id == MATTER.id


def test_a_near_copy_without_a_place_is_found_by_its_keys_alone():
    copy = replace(TELLING, place=None, place_kind=None, sketch=LAMPS_COPIED, keys=(1,))

    (found,) = join_matters([copy], [replace(MATTER, keys=(1,))], _ids())
    (missed,) = join_matters([copy], [replace(MATTER, keys=(7,))], _ids())

    assert found.matter_id == MATTER.id
    assert missed.match is None


def test_texts_that_differ_a_little_share_a_key():
    text = "翠湖小区北门的路灯坏了半个多月,晚上老人出门看不清台阶,物业和住建局互相推诿,报修三次没人来修"

    assert set(fingerprint(text).keys) & set(fingerprint(text.replace("三次", "五次")).keys)
