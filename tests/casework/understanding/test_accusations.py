"""What is said against officials never goes to those whom it is said of, with or without the word 举报."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.judgement import Disposition
from casework.routing import Routed, Unrouted, routing_table_of
from casework.understanding.propose import Proposal
from rules.model import DemandClass, Grade, UnitEntry
from tests.demo import demo_book, demo_pack, fired, proposed

OF_OFFICIALS = frozenset(
    {"sev_official", "sev_violence", "sev_leader_corruption", "sev_school_head", "sev_mafia_protected"}
)
"""Rules that say that an official did wrong."""


def lead_of(proposal: Proposal) -> str | None:
    return proposal.route.lead if isinstance(proposal.route, Routed) else None


def near(units: tuple[str, ...]) -> set[str]:
    """Return these units with all below them and all above them."""
    table = routing_table_of(demo_book())
    return {u for u in table.units if table.below([u]) & set(units)} | set(table.below(units))


def is_kept_from_the_accused(proposal: Proposal) -> bool:
    """Return whether it goes to discipline in confidence, or to a person and to nobody who is named."""
    got = {lead_of(proposal), *proposal.route.assist} - {None}
    if proposal.confidential:
        return got <= {"discipline"} and not got & set(routing_table_of(demo_book()).below(proposal.accused))
    return proposal.verdict.disposition is Disposition.DESK and not got & near(proposal.accused)


@pytest.mark.parametrize(
    ("text", "accused", "grade"),
    [
        (
            "住建局局长张某收受开发商好处，违规通过竣工验收，业主住进去到处漏水，请上级查处。",
            "housing",
            Grade.MAJOR,
        ),
        ("昨晚新渡派出所民警殴打我父亲，手臂骨折", "police", Grade.SERIOUS),
        ("人社局劳动监察大队长收了老板的钱，我们的欠薪案子一直压着不办", "labour", Grade.MAJOR),
        ("住建局工作人员吃拿卡要，不给红包不办证", "housing", Grade.MAJOR),
        ("派出所所长包庇赌场，每个月收保护费", "police", Grade.MAJOR),
        ("环保局的人跟化工厂老板是亲戚，每次检查都提前通风报信", "environment", Grade.MAJOR),
        ("城管队员打人，我妈妈被推倒住院", "enforcement", Grade.SERIOUS),
        ("交警收黑钱放行超载货车", "traffic_police", Grade.MAJOR),
        ("我被城管打伤了", "enforcement", Grade.SERIOUS),
        ("水利局的干部收了砂场的好处，河道采砂没人管", "water", Grade.MAJOR),
        ("法官收了对方的钱判我败诉", "court", Grade.MAJOR),
        ("县医院医生收红包才肯做手术", "people_hospital", Grade.MAJOR),
        ("教育局长收了补习班的钱，补课没人管", "education", Grade.MAJOR),
        ("安监局收了煤矿的钱", "emergency", Grade.MAJOR),
        ("社保局工作人员把我的个人信息卖给别人", "labour", Grade.MAJOR),
        ("自来水公司经理收红包才给装水表", "water_company", Grade.MAJOR),
        ("被派出所民警打得住院", "police", Grade.SERIOUS),
        ("我要举报住建局局长张某收受开发商好处，违规通过竣工验收", "housing", Grade.MAJOR),
    ],
)
def test_what_an_official_of_a_named_unit_did_goes_to_discipline_in_confidence(
    text: str, accused: str, grade: Grade
):
    proposal = proposed(text)

    assert (proposal.confidential, lead_of(proposal)) == (True, "discipline")
    assert accused in proposal.accused
    assert proposal.verdict.grade is grade
    assert proposal.route.assist == ()


@pytest.mark.parametrize(
    "text",
    [
        "医院院长收药商回扣",
        "村支书贪污低保款，十几户都没拿到",
        "村支书把全村的征地补偿款贪污了",
        "镇长把工程都给了他小舅子",
        "村书记一家吃低保，真正穷的人没有",
        "班主任收红包给孩子排座位",
    ],
)
def test_where_the_unit_of_the_accused_is_not_named_a_person_decides(text: str):
    proposal = proposed(text)

    assert proposal.confidential
    assert proposal.verdict.disposition is Disposition.DESK
    assert proposal.verdict.grade is Grade.MAJOR
    assert lead_of(proposal) == "discipline"


SAID = [
    pytest.param(example.text, id=f"{rule.id}-{number}")
    for rule in demo_pack().severity
    if rule.id in OF_OFFICIALS
    for number, example in enumerate(rule.examples)
    if example.matches and example.text and not example.features
]


@pytest.mark.parametrize("text", SAID)
def test_whatever_the_rules_on_officials_match_is_kept_from_the_accused(text: str):
    proposal = proposed(text)

    assert fired(proposal) & OF_OFFICIALS
    assert is_kept_from_the_accused(proposal)


@given(
    st.sampled_from([u for u in demo_pack().units if u.kind == "department" and not u.duties]),
    st.sampled_from(
        ["局长", "副局长", "的人", "工作人员", "某领导", "大队长", "的干部"],
    ),
    st.sampled_from(
        [
            "收受开发商好处",
            "收了老板的钱",
            "吃拿卡要",
            "每次都提前通风报信",
            "贪污救灾款",
            "包庇黑作坊",
            "收回扣",
            "以权谋私",
        ],
    ),
    st.sampled_from(["", "，路灯坏了半年没人修", "，拖欠我们的工资一直没人管", "，小区到处漏水"]),
)
def test_no_wording_of_an_act_brings_it_to_the_unit_whose_people_are_meant(
    unit: UnitEntry, who: str, act: str, matter: str
):
    proposal = proposed(f"{unit.mentions[0]}{who}{act}{matter}")

    assert unit.id in proposal.accused
    assert is_kept_from_the_accused(proposal)


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("派出所不作为，小偷没人抓", "POLICE"),
        ("派出所不管打人的", "POLICE"),
        ("派出所对打人者不处理", "POLICE"),
        ("老板打人，我报了警", "POLICE"),
        ("保安打人", "POLICE"),
        ("物业经理收了我们的钱不办事", "HOUSING"),
        ("物业主任收回扣", "HOUSING"),
        ("老板侵吞我们的工资，请政府领导查处", "LABOUR"),
        ("工头拿回扣，欠我们工资", "LABOUR"),
        ("城管执法不严，占道经营没人管", "ENFORCE"),
        ("医院医生态度很差", "HEALTH"),
        ("开发商收了我们的钱不退，请住建局查处", "HOUSING"),
        ("交警队电话打了没人接", "POLICE"),
        ("派出所民警抓了打人的嫌疑人", "POLICE"),
        ("我和邻居打架，民警来了不管", "POLICE"),
        ("城管把我的摊子收走了", "ENFORCE"),
        ("老板包庇打人的保安", "POLICE"),
        ("村干部收合作医疗的钱，请问多少", "HEALTH"),
    ],
)
def test_poor_service_of_a_unit_and_what_private_people_did_stay_ordinary(text: str, family: str):
    proposal = proposed(text)

    assert not proposal.confidential
    assert proposal.verdict.disposition is Disposition.CASE
    assert routing_table_of(demo_book()).family_of(proposal.route) == family


def test_what_may_be_an_accusation_waits_for_a_person_and_is_not_offered_to_those_named():
    proposal = proposed("劳动监察大队的态度很差，拖着我的工资不管。那个科长见了人就躲。后来听说有人徇私枉法")

    assert proposal.demand is not DemandClass.ACCUSATION
    assert proposal.verdict.disposition is Disposition.DESK
    assert "labour" in proposal.accused
    assert lead_of(proposal) == "discipline"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("县教育局某副局长与培训机构有利益关系，机构越办越多没人查", "education"),
        ("环保局局长的弟弟就是化工厂老板，所以没人敢查", "environment"),
        ("拆迁办主任把补偿款划到自己亲戚名下", "expropriation"),
        ("林业局干部参与盗伐", "forestry"),
        ("国土所的人收了一万块才给办证", "land"),
    ],
)
def test_a_hint_at_private_gain_waits_for_a_person_and_is_not_offered_to_those_named(text: str, named: str):
    proposal = proposed(text)

    assert named in proposal.accused
    assert proposal.verdict.disposition is Disposition.DESK
    assert is_kept_from_the_accused(proposal)


def test_a_swindler_who_only_pretends_to_be_an_official_is_a_case_of_the_police():
    proposal = proposed("骗子冒充公安局工作人员骗取我五万元")

    assert proposal.verdict.disposition is Disposition.CASE
    assert (proposal.confidential, lead_of(proposal)) == (False, "police")


def test_what_may_be_an_accusation_of_nobody_named_keeps_the_unit_of_the_matter():
    proposal = proposed("请王局长严查包工头贪污我们的工钱")

    assert proposal.verdict.disposition is Disposition.DESK
    assert (proposal.confidential, lead_of(proposal)) == (False, "labour")


@pytest.mark.parametrize(
    "text", ["小区花园长期被物业占着，侵占绿地", "村长期停水", "小区长城物业强行霸占车位"]
)
def test_what_lasts_long_names_nobody_in_office(text: str):
    proposal = proposed(text)

    assert not proposal.confidential
    assert not fired(proposal) & {"sev_violence"}


@pytest.mark.parametrize(
    ("text", "accused"),
    [
        ("举报县委组织部干部科收受贿赂", {"organisation"}),
        ("举报县委宣传部副部长受贿", {"propaganda"}),
        ("举报县委书记督查室督查员收受贿赂", {"supervision_office"}),
        ("举报县政府办公室副主任受贿", {"government_office"}),
        ("举报县委领导和县委组织部一起卖官", {"county_committee", "organisation"}),
    ],
)
def test_whose_department_it_is_accuses_nobody_above(text: str, accused: set[str]):
    assert set(proposed(text).accused) == accused


@pytest.mark.parametrize("text", ["举报县委书记收受开发商贿赂", "县委、县政府、网信办领导集体贪污，我要举报"])
def test_an_accusation_of_the_countys_leaders_is_a_case_since_its_reader_has_no_desk(text: str):
    """The head of discipline inspection is below them, and nobody else may read it at all."""
    proposal = proposed(text)

    assert proposal.verdict.disposition is Disposition.CASE
    assert proposal.confidential
    assert isinstance(proposal.route, Unrouted)


def test_an_accusation_of_discipline_inspection_itself_waits_on_a_desk():
    assert proposed("实名举报县纪委书记受贿").verdict.disposition is Disposition.DESK
