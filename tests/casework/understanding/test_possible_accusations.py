"""A hint is enough: somebody in office beside a benefit, a relative or a blow, whatever the verb.

Such a post waits for a person; ordinary complaints with the same words do not.
"""

from __future__ import annotations

import pytest

from casework.judgement import Disposition
from tests.casework.understanding.test_accusations import is_kept_from_the_accused
from tests.demo import fired, proposed

HINTS = (
    "住建局老张要了两条烟才给小区竣工验收盖章",
    "监测站的人拿了化工厂的信封",
    "教育局局长女儿面试没去也录了",
    "住建局把工程都给了他弟弟的公司",
    "执法局中队长收“茶水费”",
    "医院采购科主任拿二十万好处",
    "自来水公司经理把安装工程包给自己老婆",
    "村支书把低保名额都给了堂兄弟",
    "派出所民警扇我儿子耳光",
    "环保局执法人员每次来厂里检查都要带两条中华烟走",
    "镇长的小舅子承包了全镇的垃圾清运",
    "不给民政办的人送礼就评不上低保",
    "市监局那个副科长，逢年过节让商户请他吃饭",
    "公立小学校长的侄女没考试就进了编制",
    "交警中队长开口就要五千，不给就扣车",
    "村主任家的亲戚都评上了贫困户，真正穷的没有",
    "国企供电公司经理把改造项目都给了他表弟",
    "县医院骨科主任说手术前要表示表示，包个红包",
    "住建局窗口的小李收了中介的购物卡，别人排队他们插队",
    "派出所的人把我关了一天一夜不让走，也没有手续",
    "城管队员一脚踢翻我的摊子还推搡我妈",
    "镇干部当着大家的面辱骂我父亲，还动了手",
    "村支书带人打我",
    "国土所老王收了人家一头羊就给批了宅基地",
    "法院执行局法官和对方老板一起吃饭，案子就拖着",
    "公交公司经理把广告都交给他儿子的公司",
    "教育局招生办的人，花五万就能买个学位",
    "乡政府把修路的活包给了书记的堂弟",
    "人社局某股长让培训机构给他返点，补贴才批",
    "养老院院长让护工去她家干活，还扣工资",
    "工商所的人喝了老板的酒，假货就不查了",
    "水利站站长的砂场手续是自己批给自己的",
    "幼儿园园长收家长的礼，不送的孩子坐最后一排",
    "社区书记的媳妇吃空名领公益岗补贴",
    "局长家的公司中标了三个标段，别人都没份",
    "县医院院长的女婿一来就当了药剂科主任",
    "交警队指导员把扣下的摩托车给自己侄儿骑",
    "镇财政所会计家的亲戚年年都领种粮补贴，我们一分没有",
    "消防队检查的人走的时候拎了两箱酒",
    "教育局张科长的爱人开的书店，全县教辅都得去那里买",
    "林业站站长吃了木材老板一顿饭，第二天采伐证就下来了",
    "城管把卖菜老太太推倒在地还骂人",
    "社保大厅窗口要塞张购物卡才给办",
    "粮站站长把仓库低价租给他连襟",
    "派出所把我弟弟铐在暖气片上打了一夜",
    "水务局办事员说不意思意思就别想通水",
    "残联理事长的外甥没残疾也领了补贴",
    "村会计的媳妇从来没上过班，公益岗工资照拿",
    "国土所所长收了老板一块手表，违建就不拆了",
    "县二中校长让我们班每人交三百给他过生日",
    "质监站验收员拿着开发商给的房卡住了半个月酒店",
    "镇民政办主任的丈母娘领着两份低保",
    "住建局招标，中标的永远是副局长战友的公司",
    "县中医院收费处的人让我把钱打到她老公卡上",
    "农业局下来的补贴，大队书记先给自己兄弟家量地",
    "城管中队的人每个月到我们店白吃白喝",
    "派出所副所长把我手机摔了，还骂我妈",
    "环保局的人昨晚和砖厂老板在一个桌上喝到半夜",
    "县一中教务主任说给两万就能进重点班",
    "交警扣了车，交警队旁边的停车场就是他们队长小姨子开的",
    "粮食局仓库主任拿次粮换好粮，差价自己揣兜里",
    "水库管理所的人打了钓鱼的老头两拳",
    "残联发轮椅，干事先给了自己外婆",
    "供电所所长家的猪场从来不交电费",
    "房管所所长的干女儿分到了三套公租房",
    "县中队长把罚没的摩托车开回老家了",
    "文旅局下属景区的售票员把票钱装进自己包里",
    "村主任家三个儿媳都在村里领护林员工资",
    "司法所的人让我给他充两千话费才肯调解",
    "县医院设备科长家盖楼的材料全是供应商送的",
    "派出所辅警用甩棍抽我后背",
    "教育局的人力股长收了人家一幅画，就给调进城了",
    "乡干部喝醉了砸我家门，还揪我爸头发",
    "运管所的人跟黑车司机称兄道弟，一到检查就放风",
    "县疾控中心主任的同学垄断了消毒水采购",
    "征收办的人说想多算面积就得懂规矩",
    "城投公司副总把沙石生意给了自己姨夫",
)

ORDINARY = (
    "给局长信箱写过信，路灯还是不亮",
    "请局长管管物业收费太高的事",
    "物业公司收费太高，没有发票",
    "村里给困难户发钱，请问我家能不能申请",
    "我弟弟被拖欠工资，求助人社局",
    "求助民警，我被邻居打了",
    "派出所民警帮我儿子找回了自行车，谢谢",
    "我老婆在县医院生孩子，医保能报多少钱",
    "请问公务员考试名额什么时候公布",
    "我女儿被二中录取了，请问教育局学费交多少",
    "烟酒店卖假烟，市监局查一查",
    "派出所旁边烟酒店半夜放音乐",
    "交警罚款二百元，请问到哪里交钱",
    "公司拖欠我儿子三个月工资，劳动局打电话没人接",
    "隔壁老王打人，民警来了做笔录，到现在没有结果",
    "请问村委会，低保名额是怎么评的",
    "我爸爸住院花了很多钱，民政局的救助什么时候发",
    "希望住建局督促开发商退定金",
    "商家送礼品骗老人，请市监局管管",
    "学校收了三百元校服钱，请问合理吗",
    "环卫工人捡到钱包交给派出所民警，好人好事",
    "请纪委宣传一下防骗知识",
    "工地老板的亲戚把路挖断了，请镇里管一管",
    "我和老婆去民政局办证，窗口中午没人",
    "幼儿园收费太贵，能不能发点补贴",
    "村干部帮我家修好了房子",
    "开发商送的家电是旧的，请住建局协调",
    "我儿子的抚恤金一直没发，退役军人事务局说等通知",
    "医院收费处多收了我一百元，请退回",
    "供电公司收了安装费两千元，有没有标准",
    "请交通局领导看看我们村的路，我老婆骑车摔了好几次",
    "我儿子被公司保安打了，派出所还没给立案回执",
    "民政局发的高龄补贴这个月没到账",
    "物业经理的弟弟占了我的车位",
    "自来水公司多收了我两百块钱，怎么退",
    "我女儿想考县里的事业编，请问教育局今年有多少名额",
    "税务局窗口排队太久，工作人员只有一个",
    "老板请吃饭不发工资，劳动局管不管",
    "住建局给我们老旧小区装电梯的钱什么时候到位",
    "我弟弟在工地干活受伤，人社局让补材料",
    "老板的弟弟开车撞了我，交警还没出责任认定书",
    "请人社局帮我要回工资，老板说没钱给",
    "县医院大厅有人发红包骗老人扫码",
    "我爱人是退役军人，请问民政局能领多少补助",
    "学校门口小卖部给孩子送烟卡，请工商所查一查",
    "镇政府修的路太窄，我儿子上学不安全",
    "我姐夫在工地摔伤，劳动局让去做鉴定，要多久",
    "请派出所管管楼下棋牌室打架骂人",
    "公交司机骂乘客，请交通局教育一下",
    "民政局给我奶奶发的高龄补贴打到我爸卡上了，能改吗",
    "孩子过生日想请消防队来学校讲课，怎么预约",
    "税务局退税的钱什么时候到我老公卡上",
)


@pytest.mark.parametrize("text", HINTS)
def test_what_hints_at_an_official_waits_for_a_person_and_is_not_offered_to_those_named(text: str):
    proposal = proposed(text)

    assert proposal.confidential or "ask_accusation" in fired(proposal)
    assert is_kept_from_the_accused(proposal)


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_complaint_with_the_same_words_is_not_held(text: str):
    proposal = proposed(text)

    assert not proposal.confidential
    assert "ask_accusation" not in fired(proposal)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("监测站的人拿了化工厂的信封", "environment"),
        ("水利站站长的砂场手续是自己批给自己的", "water"),
        ("警察扇我儿子耳光", "police"),
        ("执法队的人每次都要带两条烟走", "enforcement"),
        ("教育局招生办的人，花五万就能买个学位", "education"),
    ],
)
def test_a_station_or_team_counts_as_its_unit(text: str, named: str):
    assert named in proposed(text).accused


@pytest.mark.parametrize(
    "text",
    ["感谢村干部", "纪委来村里宣讲", "纪委干部来村里宣讲", "请问纪委电话多少", "胡书记您好，小区停水三天了"],
)
def test_naming_officials_or_discipline_makes_no_accusation(text: str):
    proposal = proposed(text)

    assert not proposal.confidential
    assert "ask_accusation" not in fired(proposal)


@pytest.mark.parametrize(
    "text", ["公安局长应该辞职", "派出所的人都是饭桶，公安局长应该辞职", "局长该引咎辞职"]
)
def test_to_want_an_official_gone_is_an_opinion_and_no_dispute_about_work(text: str):
    proposal = proposed(text)

    assert proposal.topic is None
    assert proposal.verdict.disposition is Disposition.DISMISSAL


def test_a_resignation_that_is_refused_stays_a_dispute_about_work():
    assert proposed("单位领导不让我辞职，扣我工资").topic == "labour_contract"


def test_the_attitude_of_staff_is_about_their_unit_and_no_search_for_work():
    assert proposed("执法局的工作人员态度差").topic == "street_vendors"


@pytest.mark.parametrize(
    "text",
    ["等得我想死", "烦死了，公交半小时不来", "热死了，空调不开", "笑死", "我想死你了，广场舞太吵"],
)
def test_ways_of_speaking_are_no_threat_to_a_life(text: str):
    assert not fired(proposed(text)) & {"ask_life", "sev_suicide"}


@pytest.mark.parametrize(
    "text",
    [
        "我不想活了",
        "我要跳楼",
        "我想死",
        "我想死但是孩子还小",
        "逼得我想死",
        "吵得我想死",
        "被老板逼得想死的心都有了，没有活路了",
    ],
)
def test_despair_is_heard_at_once(text: str):
    assert fired(proposed(text)) >= {"ask_life", "sev_suicide"}


def test_where_it_is_doubtful_whether_despair_is_meant_a_person_reads_it():
    proposal = proposed("等公交等得想死的心都有了")

    assert "ask_life" in fired(proposal)
    assert "sev_suicide" not in fired(proposal)
