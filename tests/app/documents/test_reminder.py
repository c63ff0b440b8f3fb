from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PageObject, PdfReader

from app.documents.errors import FieldMissing, FieldTooLong
from app.documents.reminder import OrderKind
from app.documents.render import render
from tests.app.documents.papers import ORDER
from tests.app.documents.reading import printed, solid, text_of


def test_the_order_says_everything_that_it_was_given_on_one_page():
    pdf = render(ORDER)
    text = text_of(pdf)

    assert len(PdfReader(BytesIO(pdf)).pages) == 1
    for said in (
        "中共云岭县委书记督查室督办单", ORDER.number, "关于限期办理滨河路二期夜间施工噪声扰民问题的督办通知",
        "云岭县住房和城乡建设局：", "一、督办事项。2026年11月20日以云岭网信交〔2026〕35号",
        "办结时限为2026年11月27日18时00分，截至发单已超期15小时",
        ORDER.grounds, ORDER.progress, *ORDER.requirements,
        "请于2026年11月30日18时00分前书面报告", ORDER.discipline, "2026年11月28日",
        "抄送：云岭县网信办，云岭县目督办。",
    ):  # fmt: skip
        assert solid(said) in text


def test_a_reminder_calls_itself_one():
    text = text_of(render(replace(ORDER, kind=OrderKind.REMINDER)))

    assert "督查室催办单" in text
    assert "的催办通知" in text
    assert "一、催办事项" in text


def test_sections_without_content_are_left_out_and_the_rest_counted_on():
    text = text_of(render(replace(ORDER, progress="", copies_to=())))

    assert "二、办理要求" in text
    assert "前期办理情况" not in text
    assert "抄送" not in text


def test_what_was_written_is_printed_and_not_parsed():
    text = "<img src='file:///etc/passwd'> 3 < 5 & a<b"

    assert printed(text) in text_of(render(replace(ORDER, grounds=text)))


def test_an_order_that_cannot_be_printed_says_which_field_is_wrong():
    with pytest.raises(FieldMissing, match="来由"):
        replace(ORDER, grounds="")
    with pytest.raises(FieldTooLong, match="督办事项"):
        replace(ORDER, matter="事" * 61)


def test_the_same_order_is_the_same_bytes():
    assert render(ORDER) == render(ORDER)


LONG = "中共云岭县委云岭县人民政府目标督查办公室"


def lines_of(page: PageObject) -> list[str]:
    """Return what is printed on a page, line by line, without its number."""
    return [solid(line) for line in page.extract_text().splitlines() if line.strip()]


@pytest.mark.parametrize("kind", OrderKind)
@pytest.mark.parametrize("issuer", ["云岭县目督办", LONG, "办" * 40])
@pytest.mark.parametrize("matter", [20, 34, 59])
def test_titles_and_the_name_that_signs_are_not_divided(kind: OrderKind, issuer: str, matter: int):
    pdf = render(replace(ORDER, kind=kind, issuer=issuer, matter="事" * matter, copies_to=()))
    lines = [line for page in PdfReader(BytesIO(pdf)).pages for line in lines_of(page)]
    name = f"{kind.value}{'通知' if kind is OrderKind.SUMMONS else '单'}"

    assert lines[0] in {issuer + name, issuer}
    assert lines[0] != issuer or lines[1] == name
    signed = [line for line in lines[2:] if line == issuer]
    assert signed, "the whole name in one line"
    assert any(
        line.endswith("进行约谈的通知" if kind is OrderKind.SUMMONS else f"的{kind.value}通知")
        for line in lines
    )


@pytest.mark.parametrize("demands", [1, 3, 5, 6, 8])
@pytest.mark.parametrize("copies", [(), ORDER.copies_to])
def test_nobody_signs_a_page_without_text(demands: int, copies: tuple[str, ...]):
    requirements = (
        "查明逾期原因，明确具体责任人和办结时间，由主要负责人亲自督促，并书面报告。" * 4,
    ) * demands
    pdf = render(replace(ORDER, issuer=LONG, requirements=requirements, copies_to=copies))
    pages = [lines_of(page) for page in PdfReader(BytesIO(pdf)).pages]

    last = pages[-1]
    at = last.index(LONG, 1 if len(pages) > 1 else 2)
    assert "依规计分" in "".join(last[:at]), "the end of the text stands above the name"


def test_an_order_of_a_little_more_than_a_page_is_set_closer():
    usual = replace(ORDER, kind=OrderKind.SUMMONS, issuer=LONG, progress=ORDER.progress * 2)

    assert len(PdfReader(BytesIO(render(usual))).pages) == 1
