from __future__ import annotations

from collections.abc import Mapping

import pytest

from casework.understanding.inputs import PostText
from casework.understanding.propose import propose
from casework.understanding.topic import NO_TOPIC, Topics, TopicView, strength
from rules.model import Terms
from rules.rulebook import Rulebook
from rules.scan import Scan, Wording
from tests.demo import demo_book, proposed
from tests.rules.tiny import tiny_book

TOPICS = """\
topics:
  - id: noise
    title: {zh: 噪声, en: Noise}
    group: 环境保护
    class: complaint
    evidence: [{weight: 2, terms: [噪声]}]
  - id: water
    title: {zh: 水, en: Water}
    group: 环境保护
    class: complaint
    evidence: [{weight: 2, terms: [河水]}]
  - id: other_environment
    title: {zh: 其他, en: Other}
    group: 环境保护
    class: request
    evidence: [{weight: 1, terms: [环境]}, {weight: -1, terms: [学校]}]
  - id: school
    title: {zh: 学校, en: School}
    group: 教育文体
    class: request
    evidence: [{weight: 2, terms: [学校]}]
"""
HEAD = (
    "pack: tiny\nversion: 1\ntitle: {zh: 小包, en: Tiny}\ncounty: {code: '999901', zh: 云岭县, en: Yunling}\n"
)
PACK = HEAD + "groups: [环境保护, 教育文体]\ndismissals: [{id: praise, title: {zh: 谢, en: Thanks}}]\n"
ROUTES = "routes:\n" + "".join(
    f"  - {{id: r_{topic}, topic: {topic}, lead: office, basis_kind: statute, basis: 示例}}\n"
    for topic in ("noise", "water", "other_environment", "school")
)


def book() -> Rulebook:
    return tiny_book(topics=TOPICS, pack=PACK, routing=ROUTES)


def view(text: str, title: str = "", suggested: Mapping[str, float] | None = None) -> TopicView:
    rulebook = book()
    return Topics(rulebook).view(rulebook.scan(title, text), suggested)


@pytest.mark.parametrize(
    ("wordings", "expected"),
    [
        ([], 0),
        ([(2, 1, 100)], 2),
        ([(2, 2, 100)], 2),  # twice is not often
        ([(2, 3, 100)], 2.5),
        ([(2, 9, 100)], 2.5),  # saturated
        ([(2, 1, 39)], 3),  # among the first forty characters
        ([(2, 1, 40)], 2),
        ([(2, 3, 0)], 3.5),
        ([(2, 1, 100), (-1, 1, 100)], 1),
    ],
)
def test_evidence_is_added_term_by_term(wordings: list[tuple[int, int, int]], expected: float):
    given = tuple(Wording(float(weight), times, start) for weight, times, start in wordings)

    assert strength(given, 40) == pytest.approx(expected)


def test_the_title_counts_more_than_the_text():
    far = "，" * 60

    assert view(far + "河水", "噪声").best.topic == "noise"
    assert view(far + "噪声", "河水").best.topic == "water"


def test_what_speaks_for_a_group_speaks_for_each_of_its_topics():
    plain, with_group = view("噪声和学校"), view("噪声和学校，环境")

    assert plain.candidates[0].topic == "school"  # the group's general topic counts against 学校
    assert with_group.group == "环境保护"
    assert with_group.candidates[0].score > plain.candidates[1].score


def test_shares_of_the_topics_that_anything_speaks_for_sum_to_one():
    found = view("噪声，河水")

    assert sum(found.shares.values()) == pytest.approx(1)
    assert found.margin == 0
    assert set(found.shares) == {"noise", "water"}


def test_nothing_said_is_no_topic():
    assert view("早上好") == NO_TOPIC


def test_a_word_against_a_topic_is_no_topic():
    assert "other_environment" not in view("学校").shares


def test_a_suggestion_may_turn_the_scale_and_is_named():
    found = view("噪声，河水", suggested={"water": 0.9, "noise": 0.1, "unheard_of": 0.5})

    assert found.best.topic == "water"
    assert "unheard_of" not in found.shares


class Fortune:
    """A stand-in for a learned model: it always says water."""

    digest = "sha256:fortune"

    def shares(self, post: PostText, scan: Scan) -> Mapping[str, float]:  # noqa: ARG002 - it is a fortune
        return {"water": 1.0}


def test_a_proposal_stores_which_model_helped():
    helped = propose(PostText("", "噪声，河水"), book(), Fortune())
    alone = propose(PostText("", "噪声，河水"), book())

    assert (helped.model_digest, helped.topic) == ("sha256:fortune", "water")
    assert alone.model_digest is None


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("小区电梯又把人困在里面，物业说没钱修", "elevator"),
        ("栗水河飘着一层死鱼，河水发黑发臭", "river_pollution"),
        ("请问二胎准生证怎么办理", "family_planning"),
        ("滴滴车在汽车站乱收费，还有黑车拉客", "ride_hailing"),
        ("幼儿园这学期又涨保教费", "kindergarten"),
        ("新农合门诊报销比例是多少", "medical_insurance"),
        ("楼下烧烤店油烟直排，窗户都不敢开", "restaurant_fumes"),
        ("广场舞音响放到晚上十点", "square_dance"),
        ("开发商逾期交房一年，楼盘停工", "house_delivery"),
        ("快递柜收费，快递员不送上门", "express_delivery"),
    ],
)
def test_the_demo_county_knows_what_plain_posts_are_about(text: str, topic: str):
    assert proposed(text).topic == topic


def test_every_topic_of_the_demo_county_can_be_named():
    """Its own strongest words are enough to find a topic; one has none but a signal."""
    missed = []
    for topic in demo_book().pack.topics:
        listed = [evidence for evidence in topic.evidence if isinstance(evidence.match, Terms)]
        strongest = max(listed, key=lambda evidence: evidence.weight).match.terms if listed else ("去请愿",)
        if topic.id not in proposed("，".join(strongest)).topics.shares:
            missed.append(topic.id)

    assert missed == []


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("超生罚款交了多少，有没有标准", "family_planning"),
        ("计划生育罚款收了却不开票据", "family_planning"),
        ("生了三胎还要罚款吗", "family_planning"),
        ("门口的小店被罚款三百元，说不出理由", None),
        ("罚款五百元不给票，太黑了", None),
        ("物业随便对业主罚款", "property_service"),
        ("村里罚款没有收据", "village_affairs"),
    ],
)
def test_a_fine_alone_is_no_matter_of_family_planning_or_of_traffic(text: str, topic: str | None):
    assert proposed(text).topic == topic
