"""Invariants of design.md "What this system refuses to do", and what a proposal holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.judgement import Disposition
from casework.routing import Arbitration, Routed, routing_table_of
from casework.understanding.demand import CALL_FOR_HELP
from casework.understanding.inputs import Context, PostText
from casework.understanding.propose import Proposal, propose
from rules.model import DemandClass, Grade, RuleKind
from tests.demo import demo_book, demo_pack, fired, proposed

GENERAL = Grade.GENERAL


def lead_of(proposal: Proposal) -> str | None:
    return proposal.route.lead if isinstance(proposal.route, Routed) else None


def family_of(proposal: Proposal) -> str | None:
    return routing_table_of(demo_book()).family_of(proposal.route)


def test_a_plain_request_becomes_a_general_case_of_the_unit_of_the_demand():
    proposal = proposed("雾栗镇上坪村的路灯坏了半年，请尽快修好")

    assert proposal.verdict.disposition is Disposition.CASE
    assert (proposal.verdict.grade, proposal.topic, lead_of(proposal)) == (GENERAL, "street_lights", "t_wuli")
    assert proposal.place.place == "v_wuli_1"
    assert proposal.pack_ref == demo_pack().ref
    assert proposal.reasons


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("给映溪街道办事大厅的小姑娘点赞，办事热情，特此感谢", "praise"),
        ("扫码加微信，代办信用卡，秒批，欢迎来电", "advertisement"),
        ("测试测试", "meaningless"),
        ("？？！！。。", "meaningless"),
        ("失恋了，今天心情不好，晚安", "no_public_matter"),
        ("", "no_signal"),
    ],
)
def test_what_needs_no_case_is_dismissed_with_a_reason_a_citizen_can_read(text: str, reason: str):
    verdict = proposed(text).verdict

    assert verdict.disposition is Disposition.DISMISSAL
    assert verdict.dismissal is not None
    assert verdict.dismissal.id == reason
    assert verdict.dismissal.title.zh


@pytest.mark.parametrize("text", ["嘿嘿嘿，来啦来啦", "一了", "药都吃咯", "走嘞"])
def test_where_there_are_words_that_no_list_knows_a_person_reads_them(text: str):
    proposal = proposed(text)
    assert proposal.verdict.disposition is Disposition.DESK
    assert proposal.verdict.grade is Grade.GENERAL


def test_thanks_with_a_demand_are_no_dismissal():
    proposal = proposed("感谢上次修好了路灯，但是下水道还是堵的，污水横流，请再派人看看")

    assert proposal.verdict.disposition is not Disposition.DISMISSAL


@pytest.mark.parametrize(
    "text",
    [
        "工资再不发，我们明天就去县政府上访",
        "明天去县政府门口讨薪，拖欠工资半年了",
        "欠我的工钱不给，我要去静坐",
    ],
)
def test_a_wage_petition_goes_to_labour_and_stays_general(text: str):
    proposal = proposed(text)

    assert (lead_of(proposal), proposal.verdict.grade) == ("labour", GENERAL)


@pytest.mark.parametrize(
    "text",
    [
        "这些当官的都是废物，什么事都不干",
        "县领导就会开会，老百姓的死活没人管",
        "警察都是吃干饭的",
        "公安局都是一群废物，我要去上访",
        "县长无能，书记昏庸",
        "政府就知道骗老百姓",
        "城管和交警没一个好东西",
        "政府就是黑社会",
        "派出所的人跟黑社会一样",
        "当官的没有一个不贪",
    ],
)
def test_criticism_of_officials_raises_no_grade_and_leads_nobody_to_the_police(text: str):
    proposal = proposed(text)

    assert proposal.verdict.grade in {GENERAL, None}
    assert family_of(proposal) != "POLICE"


ASSEMBLY = (
    *(
        "上访",
        "集体上访",
        "越级上访",
        "游行",
        "示威",
        "静坐",
        "拉横幅",
        "堵路",
        "堵门",
        "围堵",
        "集会",
        "罢工",
    ),
    *("罢课", "罢运", "抗议", "讨说法", "请愿", "聚集", "聚众", "去北京反映"),
)


@pytest.mark.parametrize("word", ASSEMBLY)
@pytest.mark.parametrize("frame", ["{}", "我们明天去县政府{}", "大家周末到映溪广场{}", "再不解决就{}！"])
def test_talk_of_assembly_alone_raises_no_grade_and_leads_nobody_to_the_police(word: str, frame: str):
    proposal = proposed(frame.format(word))

    assert proposal.verdict.grade in {GENERAL, None}
    assert family_of(proposal) != "POLICE"


def test_no_rule_grades_a_post_for_gathering_alone():
    findings = demo_book().evaluate(RuleKind.SEVERITY, {"gathering_fact": True, "says_complaint": True})

    assert findings == ()


def test_fifty_people_and_a_gathering_are_serious():
    proposal = proposed("停工两年，三百多户业主今天在售楼部拉横幅")

    assert proposal.verdict.grade is Grade.SERIOUS
    assert "sev_mass_gathering" in fired(proposal)


@pytest.mark.parametrize(
    "text",
    ["工钱要不回来，我活不下去了，就从楼顶跳下去", "我不想活了", "只有死路一条，遗书都写好了"],
)
def test_a_threat_to_ones_own_life_is_serious_and_the_desk_is_told_to_call_for_help(text: str):
    proposal = proposed(text)

    assert proposal.verdict.grade is Grade.SERIOUS
    assert proposal.advice == (CALL_FOR_HELP,)
    assert "不查找发帖人身份" in CALL_FOR_HELP.zh


def test_an_ordinary_post_gives_no_such_advice():
    assert proposed("路灯不亮").advice == ()


@pytest.mark.parametrize("unit", [unit.id for unit in demo_pack().units])
def test_an_accusation_never_reaches_the_accused_or_a_unit_below_it(unit: str):
    entry = next(one for one in demo_pack().units if one.id == unit)
    proposal = proposed(f"实名举报{entry.name.zh}干部贪污受贿、以权谋私，要求查处")
    table = routing_table_of(demo_book())
    shut_out = table.below([unit])

    assert proposal.demand is DemandClass.ACCUSATION
    assert proposal.confidential
    assert unit in proposal.accused
    assert shut_out <= proposal.excluded
    assert proposal.route.assist == ()
    assert lead_of(proposal) in {"discipline", None}
    assert lead_of(proposal) not in shut_out


@given(
    st.lists(st.sampled_from([unit.id for unit in demo_pack().units]), min_size=1, max_size=4),
    st.sampled_from(["局长", "干部", "党委书记"]),
    st.sampled_from(["贪污公款", "收受贿赂", "优亲厚友", "挪用公款", "吃拿卡要"]),
)
def test_an_accusation_of_several_units_reaches_none_of_them(units: list[str], who: str, what: str):
    by_id = {unit.id: unit for unit in demo_pack().units}
    named = "、".join(by_id[unit].name.zh for unit in units)
    proposal = proposed(f"检举{named}{who}{what}，要求严查")
    shut_out = routing_table_of(demo_book()).below(units)

    assert proposal.confidential
    assert shut_out <= proposal.excluded
    assert not shut_out & {lead_of(proposal), *proposal.route.assist}


def test_an_accusation_of_nobody_in_particular_waits_for_a_person():
    proposal = proposed("举报村支书贪污征地款，请上级查处")

    assert proposal.confidential
    assert proposal.verdict.disposition is Disposition.DESK
    assert lead_of(proposal) == "discipline"


def test_what_the_county_has_not_designated_is_not_guessed():
    proposal = proposed("工地夜间施工，打桩噪音吵得睡不着")

    assert isinstance(proposal.route, Arbitration)
    assert proposal.route.candidates == ("enforcement", "housing", "environment")


@pytest.mark.parametrize(
    "text",
    [
        "The factory by the river dumps waste water at night and thirty families fell ill.",
        "زاۋۇت كېچىدە دەرياغا مەينەت سۇ قويۇپ بېرىۋاتىدۇ",
        "Завод сливает грязную воду в реку по ночам",
        "gongchang yeli wang heli pai wushui, qing guanguan",
    ],
)
def test_what_is_written_in_another_script_waits_for_a_person(text: str):
    verdict = proposed(text).verdict

    assert verdict.disposition is Disposition.DESK
    assert verdict.doubt is not None
    assert "中文" in verdict.doubt.zh


@pytest.mark.parametrize("text", ["ok", "LV 1234", "http", "haha haha"])
def test_a_few_foreign_letters_are_no_other_script(text: str):
    assert proposed(text).verdict.disposition is Disposition.DISMISSAL


def test_a_garbled_post_waits_for_a_person():
    proposal = proposed("路灯\ufffd\ufffd\ufffd\ufffd\ufffd不亮\ufffd\ufffd")

    assert proposal.verdict.disposition is Disposition.DESK


def test_topics_that_come_close_and_lead_elsewhere_wait_for_a_person():
    proposal = proposed("公交、医院、学费、河道、物业、工资、垃圾、税务、传销、户口，样样都要管")

    assert proposal.verdict.disposition is Disposition.DESK
    assert proposal.verdict.doubt is not None


def test_spread_and_media_raise_the_grade_beyond_what_the_text_says():
    post = PostText("", "小区门口的路灯坏了", likes=600, media_level="city")
    widely = propose(post, demo_book(), None, Context(platforms=4))

    assert proposed(post.text).verdict.grade is GENERAL
    assert propose(post, demo_book()).verdict.grade is Grade.MAJOR
    assert widely.verdict.grade is Grade.SERIOUS


def test_a_mishandled_general_case_becomes_major_and_a_major_one_serious():
    general = Context(current_grade="general", earlier_dissatisfied=2)
    major = Context(current_grade="major", false_reply=True)

    assert proposed("路灯还是不亮", context=general).verdict.grade is Grade.MAJOR
    assert proposed("路灯还是不亮", context=major).verdict.grade is Grade.SERIOUS


def test_an_instruction_counts_as_it_was_given():
    as_major = Context(instructed=True, instructed_grade="major")

    assert proposed("路灯不亮", context=as_major).verdict.grade is Grade.MAJOR


@given(st.text(max_size=300), st.text(max_size=40))
def test_any_text_gets_one_of_three_ends_and_the_same_each_time(text: str, title: str):
    first, second = proposed(text, title), proposed(text, title)
    verdict = first.verdict

    assert first == second
    assert (verdict.dismissal is not None) == (verdict.disposition is Disposition.DISMISSAL)
    assert (verdict.doubt is not None) == (verdict.disposition is Disposition.DESK)
    assert (verdict.grade is None) == (verdict.disposition is Disposition.DISMISSAL)


def test_spans_lead_back_to_the_original_words():
    text = "投诉！！楼下　ＫＴＶ　噪音扰民"
    spans = [span for hit in proposed(text).hits for span in hit.spans]

    assert "投诉" in {text[span.start : span.end] for span in spans}


def test_word_starts_are_asked_for_only_where_a_rule_wants_whole_words():
    asked: list[str] = []

    def starts(folded: str) -> tuple[int, ...]:
        asked.append(folded)
        return (0,)

    proposal = propose(PostText("", "路灯不亮"), demo_book(), words=starts)

    assert (proposal.words, asked) == (None, [])
