from __future__ import annotations

import pytest

from casework.routing import Routed, Unrouted
from casework.understanding import demand as demand_words
from casework.understanding import place
from rules.check_words import SIGNALS_READ_BY_CASEWORK
from rules.model import DemandClass
from tests.demo import proposed


@pytest.mark.parametrize(
    ("text", "demand"),
    [
        ("请问身份证丢了在哪里补办", DemandClass.CONSULTATION),
        ("希望在桥头加一盏路灯", DemandClass.REQUEST),
        ("投诉楼下饭店油烟扰民", DemandClass.COMPLAINT),
        ("请问能不能投诉物业乱收费", DemandClass.COMPLAINT),
        ("举报村支书贪污征地款，请纪委查处", DemandClass.ACCUSATION),
        ("村干部开会说要修路，请问何时动工", DemandClass.CONSULTATION),
        ("公交车", DemandClass.REQUEST),  # the class of the topic
    ],
)
def test_the_class_of_demand_is_what_the_text_asks(text: str, demand: DemandClass):
    assert proposed(text).demand is demand


@pytest.mark.parametrize(
    ("text", "accused"),
    [
        ("举报住建局局长受贿", ("housing",)),
        ("请县纪委查处住建局局长受贿", ("housing",)),  # who is spoken to is not accused
        ("举报住建局局长和交警大队长收受红包", ("traffic_police", "housing")),
        ("举报雾栗镇上坪村村支书贪污", ("t_wuli",)),  # a village has no unit: the town counts
        ("检举县纪委干部收受红包", ("discipline",)),
    ],
)
def test_whom_an_accusation_concerns(text: str, accused: tuple[str, ...]):
    assert proposed(text).accused == accused


@pytest.mark.parametrize(
    "asked",
    [
        "希望纪委监委调查",
        "希望县纪委、监委尽快介入",
        "建议县纪委介入",
        "请纪委监委查处",
        "请有关部门和纪委监委严肃查处",
        "希望上级纪委监委介入调查",
        "希望纪委书记查处",
        "请云岭县纪委监委核实",
        "由纪检监察机关处理",
        "问题线索请移交纪检部门",
        "材料已移交县纪委",
        "已向纪委举报",
        "我已向县纪委监委实名举报",
        "我到县纪委反映过",
        "尊敬的纪委领导，请为民做主",
        "县纪委：您好",
        "致县纪委监委",
    ],
)
def test_discipline_inspection_that_is_asked_or_told_is_not_accused(asked: str):
    proposal = proposed(f"{asked}。举报住建局局长受贿，请严查。")

    assert proposal.accused == ("housing",)
    assert isinstance(proposal.route, Routed)
    assert proposal.route.lead == "discipline"


@pytest.mark.parametrize(
    "blamed",
    [
        "举报纪委某干部收钱",
        "检举县纪委干部收受红包",
        "举报县纪委监委王某受贿",
        "举报县纪委监委",
        "举报县纪委：干部受贿",
        "举报纪检部门干部收钱",
        "纪委领导收受红包",
        "要求纪委干部退还红包",
        "请严查纪委干部受贿",
        "他向纪委干部送红包",
        "他多次给县纪委送钱",
        "希望处理纪委调查组人员收钱的问题",
        "希望纪委调查组把收的红包退回来，纪委调查组受贿",
        "已向纪委举报，纪委干部收钱不办事",
        "纪委监委不作为",
    ],
)
def test_discipline_inspection_that_is_blamed_is_accused_and_does_not_get_it(blamed: str):
    proposal = proposed(f"{blamed}。举报住建局局长受贿，请严查。")

    assert set(proposal.accused) == {"discipline", "housing"}
    assert isinstance(proposal.route, Unrouted)


def test_an_ordinary_complaint_accuses_nobody():
    proposal = proposed("住建局电话没人接，咨询公租房")

    assert (proposal.accused, proposal.confidential) == ((), False)


def test_the_check_of_packs_knows_just_the_signals_that_are_read_here():
    read = {
        value
        for module in (demand_words, place)
        for name, value in vars(module).items()
        if name.startswith(("SAYS_", "MAY_", "DANGER_", "ACCUSES_"))
    }

    assert read == SIGNALS_READ_BY_CASEWORK


@pytest.mark.parametrize(
    ("text", "demand"),
    [
        ("KTV每天唱到凌晨三点，低音炮震得没法睡，没人管，请问归哪个部门管？", DemandClass.COMPLAINT),
        ("镇上停水三天了，没有通知，到底什么时候来水？", DemandClass.COMPLAINT),
        ("请问孩子上户口需要什么材料？", DemandClass.CONSULTATION),
        ("请问夜间施工到几点算正常？", DemandClass.CONSULTATION),
    ],
)
def test_a_question_at_the_end_of_a_complaint_makes_no_consultation_of_it(text: str, demand: DemandClass):
    assert proposed(text).demand is demand
