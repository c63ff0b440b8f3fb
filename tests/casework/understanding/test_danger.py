"""A threat to one's own life is serious, on a desk at once, and brings the advice to call for help."""

from __future__ import annotations

import pytest

from casework.judgement import Disposition
from casework.understanding.demand import CALL_FOR_HELP
from rules.model import Grade
from tests.demo import proposed


@pytest.mark.parametrize(
    "text",
    [
        "欠我工程款三年不给，我已经买好农药了，再没人管我就喝下去。",
        "活着真没意思，今晚就跳河",
        "再不解决我就从县政府楼顶跳下去",
        "今晚就从桥上跳下去，对不起爸妈",
        "欠我工程款不给，我就死在项目部门口",
        "再不发工资我们就从塔吊上跳下来",
        "药都买好了，今晚喝了一了百了",
        "我弟弟说他要跳楼，请帮帮他",
        "老伴去世，儿女不管，真想一死百了",
        "再逼我，我就点火把自己烧了",
        "安眠药已经准备好了，再见了",
        "讨薪无门，我就吊死在售楼部门口",
        "逼得我只有去死",
        "没有活下去的意义了",
        "工钱要不回来，我活不下去了，就从楼顶跳下去",
        "爬上塔吊讨薪，不给钱就跳",
        "我爸说不如死了算了，吃了一瓶安眠药",
        "我就是死也要死在政府大院",
        "如果不解决我就死给你们看",
        "已经吞了半瓶药，没人在乎。",
        "这日子过到头了，下辈子不做人了，孩子托付给你们。",
        "我在大桥栏杆外面站着，没人管我的征地款。",
        "房子烂尾六年，我今晚就从楼顶下去，一了百了。",
        "要是明天还不解决，我就在政府门口点火烧了自己。",
    ],
)
def test_a_threat_to_ones_life_is_serious_on_a_persons_desk_with_the_advice_to_call(text: str):
    proposal = proposed(text)

    assert proposal.verdict.grade is Grade.SERIOUS
    assert proposal.verdict.disposition is Disposition.DESK
    assert proposal.advice == (CALL_FOR_HELP,)


@pytest.mark.parametrize(
    "text",
    [
        "有人跳河救人，应该表扬",
        "孩子喝了农药，县医院抢救不及时",
        "商场跳楼价清仓",
        "超市跳楼大甩卖太吵",
        "累死了，天天加班",
        "气死我了，路灯还不修",
        "热死了，空调坏了",
        "忙得要死",
        "桥上跳下去游泳的孩子太多，危险",
        "有学生从学校围墙跳下去逃课",
        "去年有人从楼顶跳下去，楼顶门一直没锁",
        "我买了农药是假的，庄稼没效果",
        "合作社买好农药，准备给稻田打药",
        "河边钓鱼的人死在车里",
        "孩子就要跳河里游泳，没人拦",
        "农药残留超标",
        "跳广场舞的太吵，吵得我要死",
        "喝药治病，医保不报",
        "老人服药自杀被救，感谢医生",
        "孩子要从滑梯上跳下来",
        "孩子误吞了一瓶药，医院不接诊",
        "我吃了一盒药，还是没好，医生态度差",
    ],
)
def test_other_talk_of_jumping_poison_and_dying_is_no_threat(text: str):
    proposal = proposed(text)

    assert proposal.advice == ()
    assert proposal.verdict.grade is not Grade.SERIOUS
