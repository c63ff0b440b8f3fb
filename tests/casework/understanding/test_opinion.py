"""Opinion is no case, an assembly without a matter is for the petition office; a matter beside counts."""

from __future__ import annotations

import pytest

from casework.judgement import Disposition
from casework.routing import Routed, routing_table_of
from casework.understanding.propose import Proposal
from rules.model import Grade
from tests.demo import demo_book, proposed


def family_of(proposal: Proposal) -> str | None:
    return routing_table_of(demo_book()).family_of(proposal.route)


def lead_of(proposal: Proposal) -> str | None:
    return proposal.route.lead if isinstance(proposal.route, Routed) else None


CRITICISM = (
    "当官的都没用，天天开会",
    "这些领导没用",
    "局长无能，下台",
    "领导就知道吃饭",
    "官员都是废物",
    "县政府不作为",
    "政府不作为，懒政",
    "警察都是吃干饭的",
    "县长无能，书记昏庸",
    "政府就知道骗老百姓",
    "城管和交警没一个好东西",
    "当官的没有一个不贪",
    "领导个个都腐败",
    "县里的官员都是贪官",
    "镇上的干部都是饭桶",
    "派出所的人就会喝茶",
    "网信办就是摆设",
    "信访局没用",
    "形式主义害死人，领导天天开会",
    "书记县长都换人吧，一点用没有",
    "公务员都是白养的",
    "什么破政府，丢人",
    "云岭的官场烂透了",
    "领导都是骗子",
    "公安局就是一窝土匪",
    "什么狗屁政府",
    "当官不为民做主，不如回家卖红薯",
    "派出所不作为",
    "有些领导高高在上，脱离群众",
    "政府办事效率太低了",
    "官员腐败透顶，贪官污吏遍地",
    "官员腐败，全是贪官",
    "县委书记就是个贪官",
    "领导都贪污腐败，没一个好东西",
    "公安局腐败透顶",
    "领导讲话又臭又长，浪费时间",
    "书记县长无能，不如回家种地",
    "局长王八蛋，天天喝酒不上班",
    "全体村民强烈谴责镇政府官僚作风",
    "我们全体业主对县领导失望透顶",
    "五百名网友联名批评县政府不作为",
    "全体教师对局领导的作风非常失望",
    "两千名网友痛批县政府懒政",
    "警察没一个好东西，报警没用",
    "公安局就是一群吃干饭的，报警了也没用。",
    "派出所形同虚设，报警等于白报",
    "交警就知道罚款，一群土匪",
    "交警除了贴条还会干什么",
    "派出所那帮人就会喝茶看报纸",
    "辅警只会欺软怕硬",
    "我们二十几个退休工人都说县长不干实事",
    "老百姓们怨声载道，官老爷们高高在上",
)
ASSEMBLY = (
    "明天大家一起去县政府上访",
    "后天到广场集合散步，让他们看看",
    "周末集体散步",
    "下周一县政府门口集合",
    "明天去信访局上访",
    "大家周六到映溪广场聚集",
    "我们要抗议",
    "公安局都是一群废物，我要去上访",
    "集体请愿，不见不散",
    "明天堵路",
    "后天都来政府广场，不来不是人",
    "明早八点，县委大院门口，不见不散",
    "组团去县里要说法",
    "大家穿白衣服到广场静坐",
    "号召大家罢市三天",
    "拉起横幅去县政府",
    "我们要去北京告状",
    "周末都到县政府门口坐坐",
    "一起去省里上访，讨个说法",
    "转发：周日下午政府广场集会",
    "明天上午三百人去县政府门口集合",
    "明天上午三百人去县政府门口散步，抗议不作为",
    "八百人周六到广场集会",
    "我们六十多户周五去县委门口静坐",
    "一千人围堵县政府",
    "两百名司机准备罢运",
)


@pytest.mark.parametrize("text", CRITICISM)
def test_criticism_alone_is_dismissed_as_opinion_with_a_readable_reason(text: str):
    proposal = proposed(text)

    assert proposal.verdict.disposition is Disposition.DISMISSAL
    assert proposal.verdict.dismissal is not None
    assert "意见" in proposal.verdict.dismissal.title.zh
    assert proposal.verdict.grade is None
    assert family_of(proposal) != "POLICE"


@pytest.mark.parametrize("text", ASSEMBLY)
def test_an_assembly_that_names_no_matter_is_a_general_case_of_the_petition_office(text: str):
    proposal = proposed(text)

    assert proposal.verdict.disposition is Disposition.CASE
    assert (proposal.verdict.grade, lead_of(proposal)) == (Grade.GENERAL, "petitions")
    assert proposal.topic == "petition_visit"


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("欠薪，明天去上访", "LABOUR"),
        ("局长无能，工资拖了半年", "LABOUR"),
        ("拆迁补偿款不给，后天一起去县政府讨说法", "LAND"),
        ("征地没给钱，后天集体上访", "LAND"),
        ("路灯坏了半年没人修，领导没用", "HOUSING"),
        ("自来水停了三天，政府不作为", "HOUSING"),
        ("学校食堂饭菜有虫，家长们明天去教育局讨说法", "EDUCATION"),
        ("低保被取消，我要上访", "CIVIL"),
        ("公交停了，大家去县政府反映", "TRANSPORT"),
        ("医院误诊，明天去拉横幅", "HEALTH"),
        ("广场舞吵死了，明天去县政府讨说法", "ENFORCE"),
        ("局长不作为，门口的夜市没人管", "ENFORCE"),
        ("法院不作为，判了不执行", "JUSTICE"),
        ("交警不作为，电动车逆行", "POLICE"),
    ],
)
def test_a_matter_beside_criticism_or_an_assembly_goes_to_the_unit_of_the_matter(text: str, family: str):
    proposal = proposed(text)

    assert proposal.verdict.disposition is Disposition.CASE
    assert family_of(proposal) == family


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("我们六十多个工人明天去县政府门口要工资", "LABOUR"),
        ("明天三百人去县政府门口集合，讨要征地补偿款", "LAND"),
        ("恒盛花园停工两年，五百户业主没房住，周末去售楼部维权", "HOUSING"),
        ("三百多名工人被拖欠工资，明天去县政府静坐", "LABOUR"),
        ("五百户业主周六到售楼部门口集合，要求退房款", "HOUSING"),
        ("我们一百多人在公司门口讨薪", "LABOUR"),
        ("全村五百人上街游行反对垃圾焚烧厂", "ENVIRON"),
    ],
)
def test_a_demand_of_fifty_or_more_with_an_announced_gathering_is_serious(text: str, family: str):
    proposal = proposed(text)

    assert proposal.verdict.disposition is Disposition.CASE
    assert proposal.verdict.grade is Grade.SERIOUS
    assert family_of(proposal) == family


@pytest.mark.parametrize("text", ["我们八个工人明天去县政府门口要工资", "我明天去售楼部要求退房款"])
def test_a_demand_of_few_with_a_gathering_is_not_serious(text: str):
    assert proposed(text).verdict.grade is not Grade.SERIOUS


@pytest.mark.parametrize("text", ["领导没用，我家的事没人管", "这个局的领导不行，跑了几趟"])
def test_criticism_by_somebody_with_a_matter_of_their_own_waits_for_a_person(text: str):
    assert proposed(text).verdict.disposition is Disposition.DESK


@pytest.mark.parametrize("text", ["某局长受贿，下台", "村支书套取补贴款，这种领导没用"])
def test_a_concrete_allegation_is_never_dismissed_as_opinion(text: str):
    proposal = proposed(text)

    assert proposal.verdict.disposition is not Disposition.DISMISSAL
    assert proposal.verdict.grade is Grade.MAJOR


@pytest.mark.parametrize(
    "text",
    [
        "我们全体业主要求无能的县领导下台",
        "全村几百户多次说过，镇领导就是摆设",
        "全体村民强烈谴责镇政府官僚作风，希望上级严查",
        "我们村几百户人家都说村委会形同虚设",
        "三百多名村民对县里的领导非常不满",
    ],
)
def test_many_who_only_criticise_are_never_more_than_a_general_case(text: str):
    assert proposed(text).verdict.grade in {None, Grade.GENERAL}


@pytest.mark.parametrize(
    "text",
    [
        "邻居威胁我，报警没用，警察就是摆设",
        "派出所吃干饭，我家被偷了，报警没用",
        "昨晚有人打架，报警没用",
        "交警只会罚款，路口红绿灯坏了没人管",
        "被罚款两百元，交警就是土匪",
        "民警欺软怕硬，把我铐了一夜",
        "派出所不给开证明，不作为",
        "警察出警太慢，等了一个小时，没用",
        "户籍民警不给办迁户，不作为",
    ],
)
def test_what_happened_to_somebody_is_no_opinion_of_the_police(text: str):
    assert proposed(text).verdict.disposition is not Disposition.DISMISSAL


@pytest.mark.parametrize(
    "text", ["我们全体商户对城管的处罚不满", "全体村民对镇政府的方案不满", "二十户居民对村委会分配不满"]
)
def test_many_who_are_displeased_with_what_was_decided_have_a_matter(text: str):
    assert proposed(text).verdict.grade is Grade.MAJOR


@pytest.mark.parametrize("text", ["我对镇政府的答复不满意", "对街道办的处理结果非常失望"])
def test_displeasure_with_an_answer_is_no_mere_opinion(text: str):
    assert proposed(text).verdict.disposition is not Disposition.DISMISSAL


@pytest.mark.parametrize(
    "text",
    ["老板不给工资，大家一起到县政府门口", "我的工资没发，明天大家一起去县政府集合", "老板不给工资。"],
)
def test_who_only_calls_people_together_is_no_group_that_suffers(text: str):
    assert proposed(text).verdict.grade is Grade.GENERAL


@pytest.mark.parametrize("text", ["我们三十个工人的工资没发", "我们三十个工人的工资没发，明天一起去县政府"])
def test_a_group_that_suffers_stays_a_group_beside_a_call(text: str):
    assert proposed(text).verdict.grade is Grade.MAJOR


@pytest.mark.parametrize("text", ["大妈们在广场上放音响跳舞太吵", "小广场每晚广场舞噪音很大"])
def test_noise_on_a_square_is_square_dancing(text: str):
    assert proposed(text).topic == "square_dance"


@pytest.mark.parametrize("text", ["后天到广场集合散步，让他们看看", "广场的地砖松了", "大家一起去广场逛逛"])
def test_a_square_alone_is_no_noise(text: str):
    assert proposed(text).topic != "square_dance"


def test_being_few_and_loud_about_officials_is_no_reason_for_a_grade():
    assert proposed("！！！".join(CRITICISM[:3])).verdict.grade is None
