from __future__ import annotations

import pytest

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


def test_an_ordinary_complaint_accuses_nobody():
    proposal = proposed("住建局电话没人接，咨询公租房")

    assert (proposal.accused, proposal.confidential) == ((), False)
