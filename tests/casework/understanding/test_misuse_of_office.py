"""Misuse of office other than for money is held as an accusation: never a case led by those it names."""

from __future__ import annotations

import pytest

from casework.judgement import Disposition
from rules.model import Grade
from tests.casework.understanding.test_accusations import is_kept_from_the_accused
from tests.demo import fired, proposed

MISUSE = (
    "人社局给老板通风报信，我们一举报老板就知道了",
    "环保局的人提前走漏消息，厂里早就停机了",
    "住建局招标搞暗箱操作，中标的都是一家公司",
    "财政局采购电脑，供应商早就定好了",
    "水利局的人默许非法采砂，背后有利益",
    "国土局对乱挖山视而不见，背后有股份",
    "交通局工程转包给领导家属",
    "税务局的人敲诈我们个体户",
    "城管勒索摊主，不给钱就掀摊",
    "教育局副局长和女老师有不正当关系",
    "派出所所长包养情妇",
    "教育局的人把我的举报信转给学校，学校报复我孩子",
    "市监局的人每次抽检都先告诉店家",
    "纪委的人把我的举报信交给了村支书",
    "法院把我的电话透露给了被告",
    "我举报之后，校长对我打击报复",
    "民警私放嫌疑人",
    "目督办的人打分看谁送礼",
    "镇干部打电话逼我删帖，不删就停我低保",
)
CYBERSPACE = (
    "县网信办值班员把举报人的电话告诉了被举报单位",
    "网信办的人把我的发帖信息泄露给镇政府",
    "网信办删我帖子还威胁我",
    "网信办主任收钱帮人删帖，我要实名举报",
    "举报网信办主任受贿",
    "网信办的人威胁我要我删视频",
)
ORDINARY = (
    "我的投诉被转给了镇政府，一直没有回复",
    "请公安局查处敲诈我的人",
    "邻居敲诈我，派出所不处理",
    "县城管局有没有提前告诉商户",
    "教育局的窗口告诉我材料不全",
    "请网信办删掉那条假消息",
    "社保局的人把我的信息填错了",
    "有骗子冒充公安局敲诈我",
    "城管对占道视而不见",
    "居委会干部以前与居民同居住在一条弄堂里",
)


@pytest.mark.parametrize("text", [*MISUSE, *CYBERSPACE])
def test_misuse_of_office_is_major_and_kept_from_those_it_names(text: str):
    proposal = proposed(text)

    assert proposal.verdict.grade is Grade.MAJOR
    assert proposal.confidential or "ask_accusation" in fired(proposal)
    assert is_kept_from_the_accused(proposal)


@pytest.mark.parametrize("text", CYBERSPACE)
def test_what_accuses_the_cyberspace_office_itself_is_confidential_and_names_it(text: str):
    proposal = proposed(text)

    assert proposal.confidential
    assert proposal.accused == ("cyberspace",)


def test_who_is_pressed_to_delete_a_post_is_heard_by_a_person():
    proposal = proposed("我发的帖子被人打电话叫我删掉，说不删就让我孩子没学上")

    assert proposal.verdict.disposition is Disposition.DESK
    assert "ask_accusation" in fired(proposal)


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_post_with_the_same_words_is_not_held(text: str):
    proposal = proposed(text)

    assert not proposal.confidential
    assert "ask_accusation" not in fired(proposal)
