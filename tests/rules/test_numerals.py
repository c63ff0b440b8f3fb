from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.numerals import LARGEST, least, number_finder

UNITS = "户人名元个"
find = number_finder(UNITS)

SAID = [
    ("三十多户", 30),
    ("30多户", 30),
    ("３０户".translate(str.maketrans("３０", "30")), 30),
    ("百余人", 100),
    ("上百人", 100),
    ("上千人", 1_000),
    ("千余人", 1_000),
    ("上万人", 10_000),
    ("一百来户", 100),
    ("二十几户", 20),
    ("十几个村民", 10),
    ("几十名", 20),
    ("数十户", 20),
    ("数百人", 200),
    ("人数三十户", 30),
    ("两三百人", 200),
    ("三五十人", 30),
    ("四五个人", 4),
    ("一百二十三人", 123),
    ("三百零五户", 305),
    ("三千五元", 3_500),
    ("两万五元", 25_000),
    ("两万零五元", 20_005),
    ("1,200人", 1_200),
    ("3.5万元", 35_000),
    ("20多万元", 200_000),
    ("一亿二千万元", 120_000_000),
    ("30-50户", 30),
    ("30至50户", 30),
    ("30~50 户", 30),
    ("三到五户", 3),
    ("俩人", 2),
    ("十 个 人", 10),
    ("近百户", 90),
    ("将近五十户", 45),
    ("接近1000人", 900),
    ("近二十万元", 180_000),
    ("近5户", 4),
    ("最近三十户", 30),
    ("附近50户", 50),
    ("靠近三户", 3),
    ("百八十户", 80),
    ("千八百人", 800),
    ("百十来户", 100),
    ("千百人", 100),
    ("千万元", 10_000_000),
    ("几十上百户", 20),
    ("几百上千人", 200),
    ("成百上千人", 100),
    ("上百人", 100),
    ("人数十户", 10),
    ("两百多户", 200),
    ("十几户", 10),
    ("一百几十户", 120),
    ("廿五户", 25),
    ("廿几户", 20),
    ("卅多户", 30),
    ("一百廿户", 120),
    ("廿万元", 200_000),
    ("12,345户", 12_345),
    ("12 345户", 12_345),
    ("共 1 234 567 元", 1_234_567),
    ("12 345多户", 12_345),
    ("8月15 200人", 200),
    ("3栋 200户", 200),
    ("1 20户", 20),
    ("伍佰元", 500),
    ("伍佰元整", 500),
    ("壹仟贰佰叁拾肆元", 1_234),
    ("叁万伍仟元", 35_000),
    ("陆万元", 60_000),
    ("壹户", 1),
    ("叁拾余户", 30),
    ("壹佰零伍人", 105),
    ("拾万元", 100_000),
    ("5佰元", 500),
    ("捌百人", 800),
    ("队伍三十人", 30),
    ("队伍十人", 10),
    ("大陆百人", 100),
    ("大陆万人", 10_000),
    ("收拾万元", 10_000),
    ("陆某等十人", 10),
]


@pytest.mark.parametrize(("text", "value"), SAID)
def test_a_number_says_at_least(text: str, value: int):
    assert [number.value for number in find(text)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "第三人",
        "第30户",
        "二零二六个",
        "一直有人",
        "万一没人管",
        "",
        "人",
        "12345热线",
        "万一人家不肯",
        "一一个别谈话",
        "千千万万人",
        "千万别让人",
        "百姓人家",
        "老百姓名字",
        "十分个别",
        "队伍人数",
        "大陆人",
        "陆户籍",
        "伍人",
        "姓陆名某",
        "放肆人",
        "收拾人",
        "拾人牙慧",
        "贰零贰陆个",
    ],
)
def test_what_is_no_count_is_passed_over(text: str):
    assert [number.value for number in find(text)] == []


def test_a_number_stands_where_it_was_found_and_its_unit_follows():
    text = "共有三十多个村民"
    (number,) = number_finder("村")(text)

    assert text[number.start : number.end] == "三十多"
    assert [text[at:] for at in number.unit_at] == ["个村民", "村民"]


@given(st.integers(0, 10**11))
def test_digits_are_read_exactly(value: int):
    assert least(str(value)) == value
    assert least(f"{value:,}") == value


@pytest.mark.parametrize(("text", "value"), [("近三年", 3), ("近十天", 10), ("近六个月", 6), ("近百日", 100)])
def test_a_span_of_time_before_now_is_exact(text: str, value: int):
    assert [number.value for number in number_finder("年天月日")(text)] == [value]


@given(
    st.text(
        alphabet="零〇一二三四五六七八九两几数十百千万亿0123456789,.多余来至-第户 壹贰伍陆拾佰仟廿近上人",
        max_size=40,
    )
)
def test_any_row_of_number_words_is_read_within_bounds(text: str):
    for number in find(text):
        assert 0 <= number.value <= LARGEST
        assert 0 <= number.start < number.end <= len(text)
