"""What is asked beats where it plays; an accusation that is heard is at least major; nuisances are small."""

from __future__ import annotations

import pytest

from casework.routing import routing_table_of
from rules.model import Grade
from tests.demo import demo_book, proposed


@pytest.mark.parametrize(
    "text",
    [
        "我们十六个人在城南安置房项目做木工，工资一共欠了三十八万",
        "我们八个瓦工在安置房工地干了半年，一分工钱没拿到",
        "河道治理项目欠我们十一个人劳务费",
        "给棚改房刷涂料，二十一人共被欠三十万工资",
        "旅游景区建设项目拖欠农民工工资",
    ],
)
def test_unpaid_work_on_a_site_is_a_matter_of_labour_whatever_is_built(text: str):
    proposal = proposed(text)

    assert routing_table_of(demo_book()).family_of(proposal.route) == "LABOUR"


@pytest.mark.parametrize("text", ["安置房什么时候分", "安置房墙面开裂漏水", "拆迁补偿款没到账，安置房也没有"])
def test_housing_without_unpaid_work_is_no_matter_of_labour(text: str):
    assert routing_table_of(demo_book()).family_of(proposed(text).route) != "LABOUR"


@pytest.mark.parametrize(
    "text",
    [
        "住建局副局长收了天盛开发商十万元现金，给他们提前发预售证",
        "镇国土所所长收了三户人家六万块，违法批了宅基地",
        "交通局局长收了工程老板的购物卡，把路承包给他",
        "民政局股长把低保给了自己小舅子",
    ],
)
def test_somebody_in_office_who_is_said_to_have_taken_something_is_at_least_major(text: str):
    grade = proposed(text).verdict.grade

    assert grade is not None
    assert grade.rank >= Grade.MAJOR.rank


@pytest.mark.parametrize(
    ("text", "lead_topic"),
    [
        ("邻居家养了几十只鸡，臭气熏天", "air_odour"),
        ("医院乱开检查，一个感冒花了一千八", "medical_fees"),
        ("镇政府门口每天都有人在闹，影响上班", "petition_visit"),
    ],
)
def test_an_ordinary_nuisance_is_general_and_has_its_own_topic(text: str, lead_topic: str):
    proposal = proposed(text)

    assert proposal.verdict.grade is Grade.GENERAL
    assert proposal.topic == lead_topic
