"""What surrounds a post may be added after its text was read: the outcome is that of reading it with it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from casework.judgement import slim
from casework.post import Figures, PostToJudge
from casework.store.decisions import decision_values, with_surroundings
from casework.surroundings import Spot, Surroundings, alone
from rules.builtin_features import MEDIA_LEVELS
from rules.model import Grade
from tests.demo import FOLDER, demo_book
from workers.bench import Question
from workers.judging import Thinking

NOW = datetime(2026, 11, 16, 1, tzinfo=UTC)
_LINES = (FOLDER.parents[2] / "app/demo/posts.jsonl").read_text("utf-8").splitlines()
TEXTS = [(line["title"], line["text"]) for line in map(json.loads, _LINES)]
COUNTS = st.sampled_from([0, 1, 2, 3, 5, 10, 20, 50, 200])

surroundings = st.builds(
    Surroundings,
    posts_1h=COUNTS,
    posts_24h=COUNTS,
    posts_total=COUNTS,
    voices=COUNTS,
    platforms=COUNTS,
    media_level=st.sampled_from(MEDIA_LEVELS),
    current_grade=st.sampled_from([None, *Grade]),
    redo_count=st.integers(0, 4),
    dissatisfied_count=st.integers(0, 4),
)
figures = st.builds(
    Figures,
    observed_at=st.just(NOW),
    reads=st.sampled_from([None, 0, 900, 200_000]),
    likes=st.just(None),
    comments=st.sampled_from([None, 0, 4_000]),
    shares=st.just(None),
    on_hot_list=st.sampled_from([None, True]),
)


@given(text=st.sampled_from(TEXTS), around=surroundings, seen=st.lists(figures, max_size=2))
def test_a_judgement_with_its_surroundings_is_the_one_that_reading_again_gives(
    text: tuple[str, str], around: Surroundings, seen: list[Figures]
):
    mind = Thinking(demo_book())
    post = PostToJudge(UUID(int=1), 1, 1, *text, "", "none", NOW, NOW, figures=tuple(seen))
    on = date(2026, 11, 16)
    before = mind.judge(Question(post, alone(Spot(NOW, "", "none")), on))
    question = Question(post, around, on)
    read_again = mind.judge(question)

    after = mind.regard(slim(before), question)

    assert with_surroundings(decision_values(before), after) == decision_values(read_again)
    assert slim(after) == slim(read_again)
