"""A death told plainly is serious and read by a person; a way of speaking, a hazard or an animal is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.judgement import Disposition
from rules.model import Grade
from tests.demo import fired, proposed


@pytest.mark.parametrize(
    "text",
    [
        "昨天矿上塌了，压死了两个人，老板不让说",
        "昨天桥塌了死了三个人",
        "有人被车撞死了，这个路口没有红绿灯",
        "医院把我妈治死了",
        "矿难瞒报，死了两个工人",
        "我弟弟在砖厂被机器绞死了，老板跑了",
        "孩子在幼儿园噎死了",
        "养老院老人摔死了没人通知家属",
        "医院误诊害死我爸",
        "大树倒下来砸死两个人",
        "厂里锅炉炸了",
        "拐卖小孩！刚才在菜市场有人抢孩子",
    ],
)
def test_a_death_or_a_grave_harm_told_plainly_is_serious_and_read_by_a_person(text: str):
    verdict = proposed(text).verdict

    assert (verdict.grade, verdict.disposition) == (Grade.SERIOUS, Disposition.DESK)


@pytest.mark.parametrize(
    "text",
    [
        "婴儿在卫生院死亡",
        "学校食堂吃坏了三十多个学生，都在医院输液",
        "业主两百多户停工楼盘等了三年，准备周五一起去住建局要说法",
        "村里强拆，来了一帮人把我爸打进医院了",
    ],
)
def test_grave_harm_is_serious(text: str):
    assert proposed(text).verdict.grade is Grade.SERIOUS


def test_who_is_beaten_into_hospital_is_no_matter_of_health():
    assert proposed("村里强拆，来了一帮人把我爸打进医院了").topic in {"demolition", "public_security"}


WHO = ("我爸", "一个工人", "孩子", "两名村民", "隔壁老汉", "环卫工", "有人")
HOW = ("撞死", "压死", "砸死", "电死", "淹死", "烧死", "打死", "毒死", "噎死", "绞死")
WHERE = ("在工地", "在厂里", "在路口", "昨天", "")


@given(who=st.sampled_from(WHO), how=st.sampled_from(HOW), where=st.sampled_from(WHERE))
def test_whoever_is_killed_however_is_heard(who: str, how: str, where: str):
    assert proposed(f"{who}{where}被{how}了，没人管").verdict.grade is Grade.SERIOUS


@pytest.mark.parametrize(
    "text",
    [
        *(
            "天气太热，热死人了",
            "广场舞吵死人了",
            "气死我了，窗口没人",
            "公交等死人了",
            "急死我了，孩子上学的事没着落",
        ),
        *(
            "路灯不亮会摔死人的，赶紧修",
            "再不修桥就要死人了",
            "这个坑早晚要摔死人",
            "小心路人被砸死，把广告牌拆了吧",
        ),
        *("小区的猫被人毒死了", "鱼塘的鱼全被毒死了", "猪死了三十头，保险不赔", "村里的果树被除草剂烧死了"),
        *("下水道堵死了", "消防通道被堵死", "电脑死机了", "请问死亡证明怎么开"),
    ],
)
def test_a_way_of_speaking_a_hazard_or_an_animal_is_no_death(text: str):
    assert not {"sev_death", "ask_danger"} & fired(proposed(text))


@pytest.mark.parametrize("text", ["我妹妹难产死在县医院产床上", "大巴撞了，死伤好多人"])
def test_where_somebody_died_and_how_many_were_hit_is_a_death(text: str):
    assert proposed(text).verdict.grade is Grade.SERIOUS


@pytest.mark.parametrize(
    "text", ["表扬一下环卫师傅，顺带问一句路灯几时修", "点赞，垃圾堆成小山了，真是好风景"]
)
def test_praise_with_a_question_or_a_fault_beside_it_is_not_dismissed(text: str):
    assert proposed(text).verdict.disposition is not Disposition.DISMISSAL
