from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

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
