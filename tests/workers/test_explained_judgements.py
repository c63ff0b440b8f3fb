"""What an author tries out is what the worker would decide, and what the decision says of itself."""

from __future__ import annotations

import json
import uuid
from datetime import date

import pytest

from casework.judgement import reconciled
from casework.post import PostToJudge
from casework.surroundings import Surroundings
from casework.understanding.explain import explain_text, explanation_of
from casework.understanding.explain_json import explained_bytes
from casework.understanding.inputs import Context, PostText
from rules.model import RuleKind
from tests.builders import MONDAY
from tests.demo import demo_book
from workers.bench import Question
from workers.judging import Thinking

DAY = date(2026, 11, 16)


def question(title: str, text: str) -> Question:
    post = PostToJudge(
        id=uuid.UUID(int=1),
        version=1,
        attempts=1,
        title=title,
        text=text,
        platform="论坛",
        media_level="none",
        said_at=MONDAY,
        received_at=MONDAY,
    )
    return Question(post, Surroundings(media_level="none"), DAY)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("", "雾栗镇上坪村的路灯坏了半年，请尽快修好"),
        ("爆炸", "烟花仓库发生爆炸，造成三人死亡"),
        ("", "给映溪街道办事大厅的小姑娘点赞，办事热情，特此感谢"),
        ("举报", "某局局长多年来买官卖官、收受巨额贿赂，局里人人皆知"),
        ("", "嘿嘿嘿，来啦来啦"),
    ],
)
def test_a_text_is_explained_as_the_worker_decides_it(title: str, text: str):
    book = demo_book()
    judgement = Thinking(book).judge(question(title, text))
    tried = explain_text(PostText(title, text), book, context=Context(on=DAY))
    # The worker knows that the post itself is one post and one voice; a text alone is none.
    told = json.loads(explained_bytes(explanation_of(judgement, book)))
    alone_told = json.loads(explained_bytes(tried.explained))
    for one in (told, alone_told):
        one["rules"] = {
            "fired": [rule["rule"] for rule in one["rules"]["fired"]],
            "on": one["rules"]["on"],
        }

    assert told == alone_told


def test_the_second_opinion_is_all_that_the_engine_adds():
    book = demo_book()
    judgement = Thinking(book).judge(question("爆炸", "烟花仓库发生爆炸，造成三人死亡"))
    findings = book.evaluate(RuleKind.SEVERITY, judgement.features, DAY)
    before = json.loads(explained_bytes(explanation_of(judgement, book)))
    after = json.loads(explained_bytes(explanation_of(reconciled(judgement, findings), book)))

    assert (before.pop("second_opinion")["agreement"], after.pop("second_opinion")["agreement"]) == (
        "not_needed",
        "equal",
    )
    assert before == after
