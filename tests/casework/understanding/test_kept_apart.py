"""A post that may be an accusation is kept from the units that it names until a person has decided."""

from __future__ import annotations

import pytest

from casework.judgement import Disposition
from rules.model import DemandClass
from tests.demo import proposed

PLAIN = (
    "{unit}的人要我请吃饭才给办事，不请就拖着。",
    "{unit}的督查员向我们要红包，不给就扣分。",
    "{unit}科长让我转两千块钱给他亲戚，才肯盖章。",
    "{unit}有人把自己老婆的公司安排进来做项目，外人根本进不去。",
    "{unit}的领导吃空饷，他儿子从来没上过班。",
    "{unit}办事员暗示我送烟送酒，我送了两条中华才办下来。",
    "{unit}把专项资金拿去给干部发福利，账都是假的。",
    "{unit}局长的小舅子包了所有工程。",
    "{unit}主任公车私用，天天开公车接孩子上学。",
    "{unit}里面有内鬼，把我举报的事告诉了对方，现在对方天天来威胁我。",
    "{unit}工作人员和中介勾结，走中介两天办好，自己办三个月。",
    "{unit}违规招人，招的全是领导亲戚。",
    "{unit}的人拿了老板的钱就帮人删帖，一条五千块。",
    "{unit}的人拿了砖厂老板的钱，来检查之前先打电话，查什么查。",
    "{unit}的人每次下来都要带两条烟走，不给脸色就难看。",
    "{unit}的副主任跟我们要了八千块，说是帮忙疏通。",
    "给{unit}的干部塞了张购物卡，第二天分数就上去了。",
    "{unit}年年拿工作经费去旅游，发票开成办公用品。",
    "{unit}一把手的外甥把印刷业务全包了。",
    "我实名举报{unit}，问题材料我都有。",
    "检举{unit}。",
    "{unit}的执法队拿走我的货，说给五百就还。",
    "{unit}那个王科长收了我三万块到现在事也没办。",
    "{unit}领导用单位的车送老婆去打麻将。",
    "{unit}考核打分看谁送得多，送得少的排最后。",
    "{unit}的工作人员报销的都是假票，钱进了他们自己口袋。",
    "{unit}主任的儿子没考试就进了单位。",
    "{unit}负责人把办公楼的门面低价租给自己弟弟。",
    "{unit}办个证要先交三千块给里面的人。",
    "去{unit}办事不送礼根本办不成。",
    "{unit}的人在饭店签单，从来都是让企业来结账。",
    "{unit}把给困难群众的钱挪去装修办公室了。",
    "{unit}里有个姓李的，每家每户收两百，没有收据。",
    "{unit}局长逢年过节让下面的人送东西到家里。",
    "{unit}给谁排第一，要看谁跟他们主任关系近。",
    "{unit}的钱花得不明不白，账对不上，没人敢查。",
    "{unit}的司机天天拿公家油卡给自己车加油。",
    "{unit}的干部让我请他们唱歌洗脚，不然材料就退回来。",
    "举报{unit}乱来，查一查他们的账就知道了。",
    "{unit}的一个副职在外面开公司，接的全是本单位的活。",
    "{unit}领导的老婆挂名领工资，一天班没上过。",
    "{unit}办公室的人拿单位食堂的米面油回家。",
    "{unit}收了钱才把我们的材料往上报。",
    "{unit}检查组到村里，吃完饭还一人拿一箱酒走。",
    "{unit}的人说想拿优秀就要懂规矩，意思就是给钱。",
    "{unit}用扶贫的钱买了台小车，领导自己在开。",
    "我要告{unit}的主任，他拿我的事跟对方换好处。",
)
OF_A_DESK = (
    "{unit}年底突击花钱，开了几十万的餐费发票，其实一顿都没吃。",
    "{unit}的人一张口就问我们单位今年怎么表示。",
    "{unit}把我们交的保证金拿去放贷。",
    "{unit}的人把没收的东西自己分了。",
    "{unit}说是检查，其实就是来要赞助费的。",
)
"""Told in words that no list has: they are kept apart because of whom they speak."""
PERHAPS = "{unit}的人暗示我送烟送酒，我送了两条中华才办下来。"


@pytest.mark.parametrize(
    ("unit", "code"),
    [
        ("人社局", "labour"),
        ("网信办", "cyberspace"),
        ("目督办", "target_office"),
        ("督查室", "supervision_office"),
    ],
)
def test_what_may_accuse_a_named_unit_waits_where_that_unit_does_not_read_it(unit: str, code: str):
    found = proposed(PERHAPS.format(unit=unit))

    assert (found.demand is DemandClass.ACCUSATION, found.accused) == (False, (code,))
    assert found.verdict.disposition is Disposition.DESK
    assert found.is_kept_apart
    assert found.verdict.doubt is not None
    assert "对这些单位保密" in found.verdict.doubt.zh


@pytest.mark.parametrize("text", ["办事员暗示我送烟送酒，我送了两条中华才办下来。", "人社局电话没人接。"])
def test_what_names_no_unit_or_blames_nobody_is_not_kept_apart(text: str):
    found = proposed(text)

    assert not found.suspects
    assert not found.is_kept_apart


def test_what_may_accuse_each_of_the_three_offices_goes_to_the_head_of_discipline_inspection():
    """He has cases and no desk: so it is an accusation at once."""
    found = proposed("网信办、督查室、目督办的办事员都暗示我送烟送酒。")

    assert (found.demand, found.confidential) == (DemandClass.ACCUSATION, True)
    assert found.verdict.disposition is Disposition.CASE


def test_what_may_accuse_all_four_stays_with_the_office():
    found = proposed("网信办、督查室、目督办、纪委的办事员都暗示我送烟送酒。")

    assert len(found.accused) == 4
    assert (found.verdict.disposition, found.is_kept_apart) == (Disposition.DESK, False)


def test_what_may_accuse_the_leadership_stays_with_the_office():
    """Every desk stands below it; none is named, and the head of discipline inspection has no desk."""
    found = proposed("县委的办事员暗示我送烟送酒。")

    assert found.accused == ("county_committee",)
    assert (found.verdict.disposition, found.is_kept_apart) == (Disposition.DESK, False)


@pytest.mark.parametrize("text", PLAIN)
@pytest.mark.parametrize(
    ("unit", "code"),
    [
        ("人社局", "labour"),
        ("网信办", "cyberspace"),
        ("目督办", "target_office"),
        ("督查室", "supervision_office"),
    ],
)
def test_plain_accusations_are_kept_from_whom_they_accuse(unit: str, code: str, text: str):
    found = proposed(text.format(unit=unit), "反映问题")

    assert found.is_kept_apart
    assert code in found.accused


@pytest.mark.parametrize("text", OF_A_DESK)
@pytest.mark.parametrize(
    ("unit", "code"),
    [("网信办", "cyberspace"), ("目督办", "target_office"), ("督查室", "supervision_office")],
)
def test_whatever_is_said_of_an_office_that_reads_posts_is_read_by_another_first(
    unit: str, code: str, text: str
):
    found = proposed(text.format(unit=unit))

    assert found.is_kept_apart
    assert found.accused == (code,)


@pytest.mark.parametrize(
    "text",
    [
        "请问网信办什么时候上班？",
        "非常感谢网信办，问题解决了，效率很高。",
        "向网信办反映过多次，住建局就是不修路灯。",
        "请网信办督促镇里把路修好。",
    ],
)
def test_a_question_to_the_office_thanks_and_what_is_only_addressed_to_it_are_read_there(text: str):
    assert not proposed(text).is_kept_apart


@pytest.mark.parametrize(
    ("text", "accused"),
    [
        ("举报中共云岭县委网络安全和信息化委员会办公室主任收受贿赂。", ("cyberspace",)),
        ("举报县委网络安全和信息化委员会办公室主任收受贿赂。", ("cyberspace",)),
        ("举报县委县政府目标督查办公室干部收受贿赂。", ("target_office",)),
        ("举报中共云岭县委云岭县人民政府目标督查办公室干部收受贿赂。", ("target_office",)),
        ("举报县政府目标督查办公室干部收受贿赂。", ("target_office",)),
        ("举报云岭县人民政府办公室主任收受贿赂。", ("government_office",)),
        ("举报县委书记督查室督查员收受贿赂。", ("supervision_office",)),
        ("举报中共云岭县纪律检查委员会干部收受贿赂。", ("discipline",)),
        ("举报县委机构编制委员会办公室主任收受贿赂。", ("establishment",)),
        ("举报县网信部门的领导受贿。", ("cyberspace",)),
        ("举报wxb主任收受贿赂。", ("cyberspace",)),
        ("举报县委和县政府的领导都收受贿赂。", ("county_committee", "county_government")),
    ],
)
def test_a_long_name_accuses_its_own_unit_and_none_whose_name_it_holds(text: str, accused: tuple[str, ...]):
    assert proposed(text, "反映问题").accused == accused


def test_a_red_packet_for_an_inspector_is_no_matter_of_a_hospital():
    found = proposed("督查员向我们索要红包，不给就扣分。")

    assert found.topic != "hospital_service"
    assert found.verdict.disposition is Disposition.DESK


@pytest.mark.parametrize("text", ["检举人社局。", "检举目督办", "实名举报水利局"])
def test_a_bare_report_of_a_unit_waits_for_a_person_and_not_for_that_unit(text: str):
    found = proposed(text)

    assert (found.verdict.disposition, found.is_kept_apart) == (Disposition.DESK, True)
