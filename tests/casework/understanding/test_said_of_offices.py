"""A unit beside selling, taking, leaking or faking: a person reads it, and the unit itself waits outside."""

from __future__ import annotations

import pytest

from casework.judgement import Disposition
from casework.understanding.propose import Proposal
from rules.model import Grade
from tests.demo import proposed


def leads_or_assists(proposal: Proposal) -> set[str]:
    """Return the units that would get the post as their case."""
    route = proposal.route
    return {getattr(route, "lead", ""), *getattr(route, "assist", ())} - {""}


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("水务局把水厂工程给了局长小舅子", "water"),
        ("民政局把救灾棉被分给干部家了", "civil"),
        ("人社局内部有人卖面试题", "labour"),
        ("应急局检查要用指定的那家机构，别家的报告不认", "emergency"),
        ("林业局的造林验收是假的，树都没栽", "forestry"),
        ("民政局局长包二奶，用的是救济款", "civil"),
        ("教育局调动明码标价，进城八万", "education"),
        ("教体局招生名额一个两万", "education"),
        ("残联办证一个三千块", "disabled_federation"),
        ("公租房都分给了关系户，住建局的亲戚好几套", "housing"),
        ("征收办的人上班打牌，住建局局长公款旅游", "housing"),
    ],
)
def test_who_is_named_beside_a_gain_waits_outside_until_a_person_has_read_it(text: str, unit: str):
    proposal = proposed(text)

    assert proposal.verdict.disposition is Disposition.DESK or proposal.confidential
    assert proposal.is_kept_apart
    assert unit in proposal.accused
    assert unit not in leads_or_assists(proposal)


@pytest.mark.parametrize(
    "text",
    [
        "不塞钱什么都办不了",
        "谁给村主任送烟谁就能上低保",
        "不打点就批不下来宅基地",
        "乡上管低保的那个，拿两条烟就给办",
        "刘家湾村那个组长，公益林多报了三十亩",
        "村里的账从来不公开，问了就骂人",
        "扶贫办把互助资金借给老板周转",
        "法院的人跟被告律师吃饭，判我输",
        "政府办的打着县长的名义拿地",
        "办证大厅故意刁难，让我找外面中介才办",
    ],
)
def test_a_gain_beside_somebody_in_office_reaches_a_person_where_no_unit_is_known(text: str):
    assert proposed(text).verdict.disposition is Disposition.DESK


@pytest.mark.parametrize(
    "text", ["清溪镇把我妈拖出来摔在地上，房子铲了", "新渡街道的人把老人从屋里拽出来扔在路边"]
)
def test_whoever_carries_people_out_of_their_homes_uses_violence(text: str):
    proposal = proposed(text)

    assert proposal.verdict.grade is Grade.SERIOUS
    assert proposal.confidential


@pytest.mark.parametrize(
    "text",
    [
        "请问残联的电动轮椅怎么申请",
        "教育局公布了考试答案吗，想查成绩",
        "消防大队验收需要什么材料",
        "农业农村局的高标准农田项目质量不好，渠道开裂",
        "民政办低保名额还有没有",
        "法院执行局一直不执行，被告有钱不还",
        "街道把垃圾桶撤了，扔垃圾要走很远",
        "商家卖假货，市监局不管",
        "中介骗我两万块，派出所不立案",
        "医院指定药店买药太贵",
        "菜市场不明码标价，市监局要管管",
    ],
)
def test_what_is_asked_of_a_unit_accuses_nobody(text: str):
    assert not proposed(text).features.get("may_accuse")
