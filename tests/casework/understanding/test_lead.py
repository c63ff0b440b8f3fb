"""Nobody is handed to the police for talk of a petition; the place of a danger chooses no unit."""

from __future__ import annotations

import itertools

import pytest

from casework.judgement import Disposition
from casework.routing import Routed, routing_table_of
from casework.understanding.lead import POLICE
from casework.understanding.propose import Proposal
from rules.model import Grade
from tests.demo import demo_book, demo_pack, proposed

TALK = ("上访", "集访", "静坐", "讨个说法", "请愿", "拉横幅", "散步", "集合", "讨公道")
THINGS = (
    "身份证",
    "户口本",
    "户口簿",
    "居住证",
    "暂住证",
    "证件",
    "护照",
    "身份证复印件",
    "户口页",
    "出生证明",
    "材料",
)
BRING = ("带好", "都带上", "准备好", "揣身上", "别忘了", "记得拿", "复印两份")
PLACES = ("市里", "县政府门口", "省信访局", "北京", "市政府", "县委大院", "省里", "镇政府")
TIMES = ("明天", "后天早上八点", "周一", "下礼拜", "国庆以后", "今晚")
MORE = ("", "，人越多越好", "，坐早班车", "，每家出一个人", "，立案太难了", "，号码报给我", "，材料我来写")


def police_leads(proposal: Proposal) -> bool:
    lead = proposal.route.lead if isinstance(proposal.route, Routed) else None
    return any(unit.id == lead and unit.family == POLICE for unit in demo_pack().units)


SENTENCES = tuple(itertools.product(THINGS, BRING, TIMES, PLACES, TALK, MORE, (False, True)))


@pytest.mark.parametrize(
    "step", [pytest.param(499, id="some"), pytest.param(1, id="all", marks=pytest.mark.long)]
)
def test_talk_of_a_petition_with_papers_to_bring_never_has_the_police_as_lead(step: int):
    wrong = []
    for thing, bring, time, place, talk, more, turned in SENTENCES[::step]:
        papers, going = f"{thing}{bring}", f"{time}一起去{place}{talk}"
        proposal = proposed(f"{going}，{papers}{more}" if turned else f"{papers}，{going}{more}")
        is_grave = proposal.verdict.grade is not Grade.GENERAL
        if police_leads(proposal) or is_grave or proposal.verdict.disposition is Disposition.DISMISSAL:
            wrong.append((thing, bring, time, place, talk, more, turned))

    assert wrong == []


SEATS = ("县政府门口", "省里", "市里", "镇政府大院", "县委门口", "北京", "信访局")
CALLS = (
    "大家{time}去{seat}",
    "{time}到{seat}集合",
    "一起上{seat}",
    "{time}，{seat}，不见不散",
    "村民都去{seat}",
)
COLLECTED = (
    "{thing}{bring}",
    "{thing}号发群里",
    "把{thing}照片交给组长",
    "带上{thing}",
    "{thing}复印件收齐了",
)
BLOCKED = ("交警封路也没用", "派出所拦也要去", "警察封路就走小路", "特警来了也不怕")


@pytest.mark.parametrize(
    "step", [pytest.param(97, id="some"), pytest.param(1, id="all", marks=pytest.mark.long)]
)
def test_a_call_to_a_seat_of_government_never_has_the_police_as_lead(step: int):
    papers = [
        way.format(thing=thing, bring=bring)
        for way, thing, bring in itertools.product(COLLECTED, THINGS, BRING[:3])
    ]
    wrong = []
    every = itertools.product([*papers, *BLOCKED], TIMES, SEATS, CALLS, (False, True))
    for said, time, seat, call, turned in itertools.islice(every, 0, None, step):
        going = call.format(time=time, seat=seat)
        text = f"{going}，{said}" if turned else f"{said}，{going}"
        proposal = proposed(text)
        if police_leads(proposal) or proposal.verdict.disposition is Disposition.DISMISSAL:
            wrong.append(text)

    assert wrong == []


@pytest.mark.parametrize(
    "text",
    [
        "身份证照片发给组长，联名信今晚签",
        "把户口本复印了交上来，联名写给省里",
        "讨薪，后天一早，身份证带着，市政府门前",
        "周日游行，交警把路封了也要走",
    ],
)
def test_papers_for_a_joint_letter_and_blocked_roads_are_no_matter_of_the_police(text: str):
    assert not police_leads(proposed(text))


@pytest.mark.parametrize(
    "text",
    [
        "立案难，上访难，老百姓太难了",
        "告状无门，立案难于登天",
        "不给立案就去静坐",
        "证件都带上，去信访局要个公道",
        "身份证都准备好了没，大后天坐大巴去省信访局",
        "带上身份证复印件，礼拜一到市信访局碰头",
        "户口本拿好，一起往国家信访局走",
    ],
)
def test_filing_as_such_beside_a_petition_is_no_matter_of_the_police(text: str):
    assert not police_leads(proposed(text))


@pytest.mark.parametrize(
    "text",
    [
        "身份证丢了三个月补办不下来，请派出所解决",
        "请问孩子上户口需要什么材料",
        "小偷偷了我的电动车，报警没人管",
        "带上户口本去派出所办了三次还不给上户口",
        "明天去派出所办身份证要带什么",
    ],
)
def test_a_matter_of_the_police_still_is_theirs(text: str):
    assert police_leads(proposed(text))


@pytest.mark.parametrize(
    "text",
    [
        "欠了网贷，家里也没人要我，今晚就从滨河大桥跳下去算了",
        "房贷断供了，公司又裁员，今晚就从楼顶跳下去",
        "高考没考好，想从教学楼跳下去",
        "老人被困在三楼，下面着火了",
        "下水道里有人喊救命",
    ],
)
def test_where_a_life_is_in_danger_the_place_chooses_no_unit_and_the_danger_is_said_first(
    text: str,
):
    proposal = proposed(text)

    assert not isinstance(proposal.route, Routed)
    assert proposal.verdict.doubt is not None
    assert proposal.verdict.doubt.zh.startswith("可能有人")


def test_a_sure_matter_keeps_its_lead_beside_a_danger():
    proposal = proposed("拆迁补偿没给，我就死在政府门口")

    assert isinstance(proposal.route, Routed)
    assert routing_table_of(demo_book()).family_of(proposal.route) == "LAND"


def test_a_text_that_asks_for_nothing_is_not_said_to_ask():
    doubt = proposed("现在的干部，唉").verdict.doubt

    assert doubt is not None
    assert "有诉求但" not in doubt.zh
