"""Everyday posts get what a careful reader would give them: thanks and sales no case, a matter its unit."""

from __future__ import annotations

import pytest

from casework.judgement import Disposition
from casework.routing import routing_table_of
from rules.model import Grade
from tests.demo import demo_book, proposed


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("感谢县医院医生救了我母亲一命", "praise"),
        ("感谢交警大队帮我找到走失的老人", "praise"),
        ("感谢消防员救了我家孩子", "praise"),
        ("感谢供电所师傅连夜抢修，辛苦了", "praise"),
        ("出售二手钢琴", "advertisement"),
        ("出售九成新电动车", "advertisement"),
        ("转让二手家具", "advertisement"),
    ],
)
def test_one_sentence_of_thanks_or_a_private_sale_needs_no_case(text: str, reason: str):
    verdict = proposed(text).verdict

    assert verdict.disposition is Disposition.DISMISSAL
    assert verdict.dismissal is not None
    assert verdict.dismissal.id == reason


@pytest.mark.parametrize(
    "text",
    [
        "包工头欠我两个月工钱八千元，微信号abc_hello99。",
        "楼下下水道反水，家里淹了，加微信hello看照片",
        "扫码乘车的二维码坏了，没人修",
        "感谢县医院，但是收费太贵",
        "感谢交警帮忙，路口的红绿灯又坏了",
        "感谢领导救救我们，自来水停了三天",
        "谢谢书记帮我们修好了路，路灯还没装",
        "低价转让二手车的店家骗了我，要求退款",
        "超市出售过期牛奶",
        "感谢书记帮忙修一下路灯",
        "感谢领导帮我们解决路灯不亮的问题吧",
        "领导天天开会到半夜，不给调休",
        "单位领导只会骂人，天天熬夜值班没有休息",
        "公司领导没良心，把我们全辞退了",
    ],
)
def test_thanks_or_a_sale_with_a_demand_beside_is_no_dismissal(text: str):
    assert proposed(text).verdict.disposition is not Disposition.DISMISSAL


@pytest.mark.parametrize(
    ("text", "family", "grade"),
    [
        ("渣土车带泥上路", "ENFORCE", Grade.GENERAL),
        ("渣土车沿路撒漏", "ENFORCE", Grade.GENERAL),
        ("工地扬尘太大，尘土飞扬", "HOUSING", Grade.GENERAL),
        ("村里的水井变黄了，喝了拉肚子", "WATER", Grade.MAJOR),
    ],
)
def test_a_matter_gets_its_unit_and_grade(text: str, family: str, grade: Grade):
    proposal = proposed(text)

    assert routing_table_of(demo_book()).family_of(proposal.route) == family
    assert proposal.verdict.grade is grade


@pytest.mark.parametrize(
    ("text", "words"),
    [("住建局局长张某", {"住建局", "局长"}), ("云岭县城南的小店", set())],
)
def test_what_is_highlighted_cuts_no_word(text: str, words: set[str]):
    hits = demo_book().scan("", text, everywhere=True).hits
    spans = {text[span.start : span.end] for hit in hits for span in hit.spans}

    assert spans == words
