from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from app.documents.errors import SumMismatch
from app.documents.render import render
from tests.app.documents.papers import SHEET
from tests.app.documents.reading import solid, text_of


def test_the_sheet_shows_every_entry_and_the_sum():
    text = text_of(render(SHEET))

    for said in (
        "云岭县网络舆情办理计分单", SHEET.unit, SHEET.period, "台账截至：2026年11月30日17时00分",
        *(row.reason for row in SHEET.rows),
        *(row.rule for row in SHEET.rows), "合计0.40", "−0.05", "不因收到网帖或者媒体报道计分",
        "保密件的计分另册登记",
    ):  # fmt: skip
        assert solid(said) in text


def test_a_sheet_whose_sum_is_wrong_is_not_printed():
    with pytest.raises(SumMismatch, match=r"0\.41"):
        replace(SHEET, total=Decimal("0.41"))


def test_points_keep_every_decimal_they_have():
    rows = (replace(SHEET.rows[0], points=Decimal("0.075")),)

    assert "0.075" in text_of(render(replace(SHEET, rows=rows, total=Decimal("0.075"))))


def test_a_long_sheet_repeats_its_head_on_every_page():
    rows = SHEET.rows[:1] * 120
    pages = PdfReader(BytesIO(render(replace(SHEET, rows=rows, total=Decimal("0.05") * 120)))).pages

    assert len(pages) > 3
    heads = ["序号日期件号计分事由与依据扣分" in solid(page.extract_text()) for page in pages]
    assert all(heads[:-1])


def test_a_sheet_without_entries_says_so():
    text = text_of(render(replace(SHEET, rows=(), total=Decimal(0))))

    assert "本期无计分条目" in text
    assert "保密件的计分另册登记，按权限查看，不列入他人所见合计。" in text, (
        "whether or not there is anything"
    )
