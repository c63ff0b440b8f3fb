from __future__ import annotations

import dataclasses
import re
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from app.documents.errors import (
    DocumentError,
    FieldMissing,
    FieldTooLong,
    NaiveTime,
    NotADigest,
    TooMany,
    UnprintableCharacter,
)
from app.documents.render import Press, render
from app.documents.slip_data import (
    CONFIDENTIALITY,
    MOST_ASSISTING,
    Attachment,
    DispatchSlip,
    Duty,
    PostSource,
    TimeLimit,
    Urgency,
)
from app.documents.typefaces import Rare
from rules.model import Grade, Stage
from tests.app.documents.papers import GIST, SLIP, at, slip_saying
from tests.app.documents.reading import printed, solid, text_of


def pages_of(slip: DispatchSlip) -> int:
    return len(PdfReader(BytesIO(render(slip))).pages)


def test_the_slip_says_everything_that_it_was_given():
    text = text_of(render(SLIP))

    for said in (
        "云岭县网络舆情交办单", "云岭网信交〔2026〕35号", "较大", "加急", SLIP.sources[0].platform,
        SLIP.sources[0].link, "发现：2026年11月20日08时12分", "首发：2026年11月19日23时47分",
        GIST, SLIP.place,
        SLIP.subject, SLIP.lead.unit, SLIP.lead.basis, SLIP.assisting[1].unit, *SLIP.requirements,
        "签收2026年11月20日10时30分前",
        "办结2026年11月27日18时00分前〔暂定〕", SLIP.feedback_format,
        SLIP.attachments[0].sha256, "0999-5550123", "方启明", CONFIDENTIALITY.format(office="县网信办"),
    ):  # fmt: skip
        assert solid(said) in text


def test_the_confidentiality_note_is_the_offices_own_words():
    told = CONFIDENTIALITY.format(office="县网信办")
    assert told == "诉求人身份信息未随单提供，不得追查发帖人；需联系请通过县网信办。"


def test_only_a_provisional_limit_is_marked_so():
    assert text_of(render(SLIP)).count("暂定") == 1


ORDINARY = replace(
    SLIP,
    urgency=Urgency.ORDINARY,
    title="滨河路路灯不亮",
    assisting=(Duty("清溪镇人民政府", ""), Duty("云岭县供电公司", "")),
    attachments=(),
    limits=(*SLIP.limits, TimeLimit(Stage.FIRST_CONTACT, at(21, 9, 30), "交办后24小时")),
    drafted=None,
    checked=None,
    signed=None,
)
LONG = replace(ORDINARY, assisting=(Duty("某" * 60, "据" * 180),) * 2)


def test_an_ordinary_slip_with_every_limit_is_one_page():
    assert pages_of(replace(ORDINARY, gist=GIST[:60])) == 1


SIX = (
    "云岭县综合行政执法局", "云岭县自然资源和规划局", "云岭县市场监督管理局", "清溪镇人民政府",
    "云岭县公安局交通警察大队", "国网云岭县供电公司",
)  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"gist": GIST[:80], "assisting": tuple(Duty(unit, "") for unit in SIX[:4])}, id="usual"),
        pytest.param({"gist": (GIST * 2)[:200]}, id="full"),
        pytest.param({"gist": (GIST * 2)[:200], "urgency": Urgency.URGENT, "title": GIST[:40]}, id="urgent"),
        pytest.param({"assisting": (SLIP.assisting[0], *(Duty(unit, "") for unit in SIX[:5]))}, id="a law"),
        pytest.param({"gist": (GIST * 2)[:200], "replaces": SLIP.number}, id="made out anew"),
    ],
)
def test_an_ordinary_slip_of_up_to_six_assisting_units_is_one_page(change: dict[str, object]):
    helping = tuple(Duty(unit, "") for unit in SIX)

    assert pages_of(replace(ORDINARY, **{"subject": "", "assisting": helping, **change})) == 1


def test_a_slip_names_the_post_it_is_about():
    assert "标题滨河路路灯不亮" in text_of(render(ORDINARY))
    assert "标题" not in text_of(render(replace(ORDINARY, title="")))


@pytest.mark.parametrize("posts", [1, 2, 3, 4, 5])
def test_a_slip_of_an_ordinary_case_of_several_posts_is_one_page(posts: int):
    """Forums have short addresses; what is told of the first post is told of each."""
    first = SLIP.sources[0]
    sources = tuple(
        replace(first, platform=f"论坛{n}", link=f"https://bbs{n}.example.org/thread-{n}-1-1.html")
        for n in range(1, posts + 1)
    )
    slip = replace(ORDINARY, subject="", sources=sources)

    assert pages_of(slip) == 1
    text = solid("".join(page.extract_text() for page in PdfReader(BytesIO(render(slip))).pages))
    for source in sources:
        assert solid(source.platform) in text
        assert source.link in text
    assert text.count("发现：") == text.count("首发：") == posts
    assert ("另2：" in text) is (posts > 2)


def test_where_a_slip_takes_two_pages_no_short_row_is_divided():
    pages = [solid(page.extract_text()) for page in PdfReader(BytesIO(render(LONG))).pages]
    assert len(pages) == 2
    [whole] = [page for page in pages if solid(SLIP.feedback_format)[:12] in page]
    assert solid(SLIP.feedback_format) in whole
    assert "反馈格式（续）" not in "".join(pages)


def test_the_fullest_slip_still_fits_its_form():
    duty = Duty("某" * 80, "据" * 200)
    full = replace(
        SLIP,
        sources=tuple(
            PostSource("台" * 300, "https://例.example/" + "a" * 5000, at(20, 8)) for _ in range(5)
        ),
        gist="要" * 200,
        place="地" * 80,
        subject="象" * 80,
        lead=duty,
        assisting=(duty,) * MOST_ASSISTING,
        assisting_in_all=40,
        requirements=("求" * 150,) * 8,
        limits=SLIP.limits[:1] * 7,
        attachments=(Attachment("件" * 255, "0" * 64),) * 8,
    )

    pdf = render(full)

    assert len(PdfReader(BytesIO(pdf)).pages) <= 10
    assert text_of(pdf).count("求" * 20) > 20
    assert "全文共5018个字符" in text_of(pdf)
    assert "协办单位（续）" in text_of(pdf)


def test_later_pages_carry_the_number_of_the_slip_and_all_pages_their_own():
    first, second = PdfReader(BytesIO(render(LONG))).pages

    assert solid(first.extract_text()).endswith("—1—")
    assert solid(second.extract_text()).endswith("云岭县网络舆情交办单云岭网信交〔2026〕35号—2—")


def test_empty_boxes_print_their_prompts_and_nothing_else():
    bare = replace(
        SLIP, drafted=None, checked=None, signed=None, place="", assisting=(), attachments=(), sources=()
    )

    text = text_of(render(bare))

    assert "单位（盖章）：签收人：时间：" in text
    assert "地点：—" in text
    assert "协办单位—" in text


def test_an_assisting_unit_without_a_law_of_its_own_helps_the_lead():
    text = text_of(render(replace(SLIP, assisting=(Duty("县经信局", ""),))))

    assert "县经信局职责：协助主办单位办理" in text


def test_assisting_units_stand_in_one_line_and_those_not_named_are_counted():
    six = tuple(Duty(f"县{name}局", "") for name in "甲乙丙丁戊己")

    assert "县甲局、县乙局、县丙局、县丁局、县戊局、县己局职责：协助主办单位办理" in text_of(
        render(replace(SLIP, assisting=six, assisting_in_all=6))
    )
    assert "等40个单位（名单见系统）" in text_of(render(replace(SLIP, assisting=six, assisting_in_all=40)))
    assert "名单见系统" not in text_of(render(replace(SLIP, assisting=six, assisting_in_all=6)))


def test_a_slip_made_out_anew_names_the_one_whose_place_it_takes():
    assert "本单替代：云岭网信交〔2026〕9号，自本单交办之时（2026年11月20日09时30分）起" in text_of(
        render(replace(SLIP, replaces="云岭网信交〔2026〕9号"))
    )
    assert "替代" not in text_of(render(SLIP))


def test_the_file_names_its_language_its_title_and_the_minute_of_dispatch_alone():
    reader = PdfReader(BytesIO(render(SLIP)))

    assert reader.metadata is not None
    assert reader.metadata.title == "云岭县网络舆情交办单"
    assert reader.metadata["/CreationDate"] == reader.metadata["/ModDate"] == "D:20261120093000+08'00'"
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"


def test_every_font_is_embedded_and_carries_its_characters_back():
    fonts = [
        font.get_object()
        for page in PdfReader(BytesIO(render(SLIP))).pages
        for font in page["/Resources"]["/Font"].values()
    ]

    assert len(fonts) >= 4
    for font in fonts:
        assert "/FontFile2" in font["/FontDescriptor"]
        assert "/ToUnicode" in font


def test_the_same_slip_is_the_same_bytes():
    assert render(SLIP) == render(SLIP)


@settings(max_examples=25, deadline=None)
@given(gist=st.text(min_size=1, max_size=200).filter(str.strip))
def test_any_gist_is_on_the_slip_as_it_was_written(gist: str):
    assert printed(gist) in text_of(render(slip_saying(gist)))


def test_a_rare_character_of_a_name_is_read_back_as_itself():
    assert "龚𫠜明家" in text_of(render(slip_saying("龚𫠜明家门口积水")))


def test_a_rare_character_is_shown_by_its_number_unless_the_office_wants_to_be_asked():
    slip = slip_saying("求助🙏")

    assert "求助〔U+1F64F〕" in text_of(render(slip))
    with pytest.raises(UnprintableCharacter, match=r"U\+1F64F"):
        render(slip, Press(rare=Rare.REFUSE))


WRONG = [
    ({"gist": "字" * 201}, FieldTooLong, "诉求要点"),
    ({"gist": " \n"}, FieldMissing, "诉求要点"),
    ({"number": ""}, FieldMissing, "编号"),
    ({"requirements": ("办" * 151,)}, FieldTooLong, "办理要求"),
    ({"requirements": ("办",) * 9}, TooMany, "办理要求"),
    ({"assisting": (SLIP.lead,) * (MOST_ASSISTING + 1)}, TooMany, "协办单位"),
    ({"issued_at": datetime(2026, 11, 20, 9, 30)}, NaiveTime, "交办时间"),  # noqa: DTZ001 - the mistake
]


@pytest.mark.parametrize(("change", "error", "field"), WRONG, ids=lambda value: str(value)[:30])
def test_a_slip_that_cannot_be_printed_says_which_field_is_wrong(
    change: dict[str, object], error: type[DocumentError], field: str
):
    with pytest.raises(error, match=field):
        replace(SLIP, **change)


def test_parts_of_a_slip_check_themselves():
    naive = datetime(2026, 11, 20, 9, 30)  # noqa: DTZ001 - the mistake
    with pytest.raises(NaiveTime, match="首发时间"):
        PostSource("台", "", at(20, 9), naive)
    with pytest.raises(NaiveTime, match="时限"):
        TimeLimit(Stage.CLOSE, naive)
    with pytest.raises(NotADigest):
        Attachment("件", "ABCDEF")


@pytest.mark.parametrize("grade", Grade)
def test_each_grade_has_its_name(grade: Grade):
    names = {Grade.GENERAL: "一般", Grade.MAJOR: "较大", Grade.SERIOUS: "重大"}

    assert f"等级{names[grade]}缓急" in text_of(render(replace(SLIP, grade=grade)))


@pytest.mark.parametrize("urgency", Urgency)
def test_only_urgent_slips_carry_the_mark_above_their_title(urgency: Urgency):
    text = text_of(render(replace(SLIP, urgency=urgency)))

    assert text.startswith("云岭县" if urgency is Urgency.ORDINARY else urgency.value)


def test_times_are_printed_in_the_zone_they_carry():
    in_utc = at(20, 9, 30) - timedelta(0)

    assert "2026年11月20日09时30分" in text_of(render(replace(SLIP, signed=replace(SLIP.signed, at=in_utc))))


IDENTITY = re.compile(
    r"author|poster|handle|nick|avatar|citizen|complainant|reporter|id_?card|phone|mobile|email|identity|ip_"
)


def test_no_field_of_a_slip_could_hold_who_complained():
    fields = set(all_fields(DispatchSlip))

    assert len(fields) > 25
    assert {name for name in fields if IDENTITY.search(name)} == {"contact_phone"}  # the office's own


def all_fields(kind: type) -> list[str]:
    """Return the names of all fields of a dataclass and of the dataclasses in it."""
    found = []
    for field in dataclasses.fields(kind):
        found.append(field.name)
        for part in (PostSource, Duty, TimeLimit, Attachment):
            if part.__name__ in str(field.type):
                found.extend(all_fields(part))
        assert not isinstance(field.type, Enum)
    return found
