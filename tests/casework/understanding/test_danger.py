"""A threat to one's own life is serious, on a desk at once, and brings the advice to call for help."""

from __future__ import annotations

import pytest

from casework.judgement import Disposition
from casework.understanding.demand import CALL_FOR_HELP
from casework.understanding.propose import Proposal
from rules.model import Grade
from tests.demo import proposed


def danger_in(text: str) -> Proposal:
    """Return the proposal for a post that must be serious, on a person's desk, with the advice to call."""
    proposal = proposed(text)
    assert proposal.verdict.grade is Grade.SERIOUS
    assert proposal.verdict.disposition is Disposition.DESK
    assert proposal.advice == (CALL_FOR_HELP,)
    return proposal


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
        "欠薪三年，从塔吊上跳下去算了",
        "要是明天还不解决，我就在政府门口点火烧了自己。",
    ],
)
def test_a_threat_to_ones_life_is_serious_on_a_persons_desk_with_the_advice_to_call(text: str):
    assert danger_in(text)


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


@pytest.mark.parametrize(
    "text",
    [
        "老公要杀我，救救我和孩子",
        "被老公打得满身是血，躲在厕所里",
        "丈夫提着刀在门口，我和孩子不敢出来",
        "学生喝农药了",
        "喝了百草枯",
        "我儿子喝了敌敌畏，快来人",
        "想自s，没人帮我",
        "八十岁的奶奶走失两天了，求帮忙找人",
        "我孩子今天放学没回家，到现在联系不上",
        "我妹妹离家出走三天了",
        "被继父侵犯，不敢告诉妈妈",
        "女儿被邻居猥亵",
        "隔壁那家天天打孩子，孩子身上全是伤",
        "煤矿透水了，十几个人没上来",
        "化工厂爆炸了！",
        "车间爆炸，伤了好几个",
        "煤气爆炸，隔壁两口子都没了",
        "渡船翻了，船上二十几个人",
        "工地塌方，里面埋着两个人",
        "孩子从六楼掉下去了",
        "前夫拿刀堵在我家门口",
        "大巴车翻到沟里，好多人受伤",
        "奶奶昏倒在路边没人管，叫不到救护车",
        "爸爸喝醉了天天打我和妈妈，我好怕",
        "山体滑坡把房子埋了，里面有人",
        "体育老师摸女学生",
    ],
)
def test_who_is_in_danger_now_is_serious_and_reaches_a_person_with_the_advice_to_call(text: str):
    assert danger_in(text).topic not in {"kindergarten", "public_toilet", "school_hours"}


@pytest.mark.parametrize(
    "text", ["打了三天点滴孩子死了", "我爸在工地摔下来，人没了", "孩子没了，医院推脱", "我妈做手术没抢救过来"]
)
def test_a_death_told_plainly_is_serious_and_reaches_a_person(text: str):
    proposal = proposed(text)

    assert proposal.verdict.grade is Grade.SERIOUS
    assert proposal.verdict.disposition is Disposition.DESK
    assert proposal.topic != "kindergarten"


@pytest.mark.parametrize("text", ["小区里煤气味很重，怕爆炸", "屋里天然气漏了，味道很大"])
def test_a_smell_of_gas_reaches_a_person_with_the_advice_to_call(text: str):
    proposal = proposed(text)

    assert proposal.verdict.disposition is Disposition.DESK
    assert proposal.advice == (CALL_FOR_HELP,)
    assert proposal.topic == "gas_supply"


@pytest.mark.parametrize(
    "text",
    [
        "孩子吃了学校的饭全吐了，四十多个",
        "五年级三班二十多个孩子吃完午饭上吐下泻，送医院",
        "学校食堂吃了饭，二十个学生拉肚子",
    ],
)
def test_many_children_sick_after_a_school_meal_are_serious_and_about_the_school(text: str):
    proposal = proposed(text)

    assert proposal.verdict.grade is Grade.SERIOUS
    assert proposal.topic == "school_safety"


@pytest.mark.parametrize(
    "text",
    [
        "孩子急死了，作业太多",
        "笑死我了，领导讲话",
        "感谢民警帮我找到走失的奶奶",
        "怕孩子走失，希望广场装监控",
        "担心化工厂爆炸了，请去检查",
        "老板失联，孩子的学费退不了",
        "我家狗走失了",
        "超市卖的菜农药超标",
        "演练时锅炉爆炸了的场面很逼真",
        "我奶奶去年没了，丧葬费怎么领",
        "孩子没了学上",
        "侵犯业主权益",
        "去年外地仓库爆炸，压住了人，我们这里也该查",
        "公司倒闭，老板跑了，人没了",
        "宠物店把我的狗洗死了",
        "老公打呼噜吵死了",
        "建议学校开防性侵讲座，保护孩子",
        "考试成绩出来一周了，学生那边没有消息",
        "老公天天打麻将",
        "这条路经常翻车，很多人受伤，请装护栏",
        "孩子的手机从楼上掉下去了",
    ],
)
def test_idioms_worries_and_cited_accidents_are_no_danger_now(text: str):
    proposal = proposed(text)

    assert proposal.advice == ()
    assert proposal.verdict.grade is not Grade.SERIOUS


@pytest.mark.parametrize(
    "text",
    [
        "翠湖小区三楼窗户外面挂着一个小孩，快来人！",
        "隔壁独居老人好几天没动静了，敲门没人应，门缝里有臭味。",
        "青溪大桥上有个姑娘翻过栏杆坐了一个小时了，一直哭。",
        "他说今晚就要把我们全家弄死，现在就在楼下砸门。",
        "孩子被锁在车里，太阳底下晒着，家长不知道去哪了。",
        "工地的塔吊已经斜了，下面还有十几个人在干活。",
        "有个人躺在路边一动不动，好像没气了。",
        "我弟被骗去搞传销，手机被收了，人出不来。",
        "女儿在学校被几个男生堵在厕所里脱衣服拍视频。",
        "楼上男的拿着菜刀追着老婆砍，快报警！",
        "我爷爷被关在养老院的地下室，用绳子绑在床上。",
        "老伴昨晚出门散步一直没回，手机在家里，他心脏不好。",
        "夜里总听到楼下有小孩喊别打了别打了，哭得撕心裂肺。",
        "楼道里浓烟滚滚，三楼还有个坐轮椅的出不来。",
        "八十岁的婆婆被儿媳赶到猪圈住，三天没给饭吃。",
    ],
)
def test_who_is_where_and_what_befalls_him_brings_a_person_at_once(text: str):
    proposal = proposed(text)

    assert proposal.verdict.disposition is Disposition.DESK
    assert proposal.advice == (CALL_FOR_HELP,)


@pytest.mark.parametrize(
    "text",
    [
        "小区门口的路灯坏了，老人晚上出门看不清，容易摔倒。",
        "电梯经常坏，上次还困过人，物业一直不修。",
        "去年我爸在工地摔伤了，到现在老板没赔钱。",
        "老板失联了，工资没发，联系不上。",
        "老人没有电梯，出不来门，盼加装电梯。",
        "建议在水塘边设警示牌，防止小孩溺水。",
        "幼儿园把孩子关在教室里不让出来玩。",
        "消防通道被占，万一着火了怎么办？",
        "房子外墙瓷砖往下掉，物业不管。",
        "垃圾倒在地上没人清理，臭味很大。",
    ],
)
def test_ordinary_matters_in_words_of_danger_stay_ordinary(text: str):
    proposal = proposed(text)

    assert proposal.verdict.disposition is Disposition.CASE
    assert proposal.advice == ()


@pytest.mark.parametrize(
    "text",
    [
        "骑三轮的卡在下面还在喊",
        "四个人昨天进了山，到现在一个都联系不上",
        "双胞胎丢在屋里，娃饿得哭都没力气了",
    ],
)
def test_a_sign_that_something_happens_to_somebody_is_never_dismissed_for_want_of_a_topic(text: str):
    assert proposed(text).verdict.disposition is Disposition.DESK


@pytest.mark.parametrize(
    "text",
    [
        "我朋友遭绑架了，对方要二十万",
        "把我绑架到山上了",
        "我表妹被人拐走了",
        "我被关在一个黑煤窑里，天天挨打",
        "我们五个人被扣在工地不准走",
        "护工把老人捆在床上，老人快不行了",
        "除草剂他喝了大半碗",
        "安定吞了一整板，不用找我",
        "头孢配酒我喝了一斤",
        "活着没啥意思，药都备好了，不用劝",
        "好累，想结束自己这一生",
        "真想一了百了，对谁都好",
        "这个世界不值得，来生不来了",
        "我走了，大家别找我，保重",
        "熬不住了，想四了",
        "爸妈我对不起你们，儿子先走了",
        "天然气拧开了，窗户都封好了，永别",
        "我一个人在顶楼，不想下去了",
        "我站在高架桥栏杆上，车好小",
        "车站发现疑似炸弹",
        "村里井水被人投毒了吗，几家人喝了都在吐",
        "吃了河豚，两个人倒了",
        "我家崽不见了，放学没看到人",
        "有个小娃滑进塘里了",
        "几个娃在河里洗澡，有一个没冒头",
        "纸箱厂燃起来了，火好大",
        "仓库起火了快来",
        "我哥遭人砍了，血流一地",
        "楼上又在打老婆，刀都抄出来了",
        "他们逼我女儿接客",
        "房东半夜摸进我女儿的屋",
        "堤坝管涌了，下游的人还没转移",
        "洪水来了，我们一家在屋顶上",
        "电梯从八楼坠下来，里头关着三个人",
        "环卫工被卡在垃圾车里",
        "我爸脑溢血，救护车叫不到",
        "110没人接，有人砸我家的门",
        "教官罚学生深蹲，孩子晕倒了，人在ICU",
        "国道中间有个老人在爬，糊里糊涂的",
    ],
)
def test_a_life_at_stake_is_heard_in_many_ways_of_speaking_and_is_nobodys_ordinary_case(text: str):
    proposal = proposed(text)

    assert proposal.verdict.disposition is Disposition.DESK
    assert proposal.verdict.grade is not Grade.GENERAL
    assert proposal.advice == (CALL_FOR_HELP,)


@pytest.mark.parametrize(
    "text",
    [
        "道德绑架老师捐款，不合理",
        "很多业主觉得被绑架，想退出团购",
        "感冒药吃了两盒还没好，卫生院开的药没用",
        "电动车充电像个定时炸弹，物业不管",
        "我在楼顶种菜被物业拆了",
        "去年我家仓库着火了，保险公司不赔",
        "我被关在小区门外，门禁坏了",
        "网速慢得想跳楼",
        "一头死牛扔在河边没人管",
        "孩子钱包掉河里了，想问能不能捞",
        "请在水库边加护栏，避免小孩掉水里",
        "救护车进不来，消防通道太窄",
        "狗被投毒死了三条",
        "爷爷种的树被砍了三棵",
        "供水公司和物业共同落水表到户",
    ],
)
def test_metaphors_things_and_what_is_past_are_no_life_at_stake(text: str):
    proposal = proposed(text)

    assert proposal.advice == ()
    assert proposal.verdict.grade is not Grade.SERIOUS
