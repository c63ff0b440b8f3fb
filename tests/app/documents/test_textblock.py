from __future__ import annotations

import sys
from io import BytesIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from app.documents.linebreak import NO_LINE_START
from app.documents.textblock import Align, Setter, Style
from app.documents.typefaces import Role, load
from tests.app.documents.reading import RUNNING, body_of, page_saying, printed, text_of

MARKUP = (
    "3 < 5 & a<b",
    "<img src='file:///etc/passwd'/>",
    '<a href="http://127.0.0.1/">x</a>',
    "</para></b>",
    "<font color=red>",
    "&lt;&amp;&#x41;",
    "<![CDATA[",
    "<!-- ",
    "<seq id=1>",
    "{{7*7}}",
    "%s %(x)s",
    "\\) Tj ET Q",
    "(a)(b",
)
hostile = st.lists(st.sampled_from(MARKUP) | st.text(max_size=30), max_size=6).map("".join)


@settings(max_examples=200, deadline=None)
@given(hostile)
@example("<img src='http://127.0.0.1:1/x.png'>")
@example("ａ\u3000ｂ\u00a0ｃ\u2028ｄ\r\nｅ")
def test_whatever_was_written_can_be_read_from_the_page(text: str):
    assert body_of(page_saying(text), RUNNING) == printed(text)


def test_markup_opens_no_file_and_no_connection():
    page_saying("一")  # modules and fonts are read once, before anybody's text
    seen: list[str] = []
    watching = True

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if watching and (event.startswith(("open", "socket", "urllib", "subprocess", "os."))):
            seen.append(f"{event} {arguments}")

    sys.addaudithook(watch)
    try:
        pdf = page_saying("".join(MARKUP))
    finally:
        watching = False  # an audit hook cannot be taken away

    assert printed("".join(MARKUP)) in text_of(pdf)
    assert seen == []


@pytest.mark.parametrize("size", [10.5, 12.0, 14.0, 15.75])
def test_no_line_on_paper_starts_with_a_mark_that_may_not(size: int):
    text = "经核实，该路段夜间施工属实；已责令停工！是否整改？请“回头看”（三日内）：《通知》已送达。" * 12

    lines = (
        PdfReader(BytesIO(page_saying(text, Style(Role.BODY, size, 20.0))))
        .pages[0]
        .extract_text()
        .split("\n")
    )

    assert len(lines) > 5
    assert [line for line in lines if line[0] in NO_LINE_START] == []


def test_two_hundred_thousand_unbroken_characters_are_printed_whole():
    text = "a" * 200_000

    pdf = page_saying(text)
    pages = PdfReader(BytesIO(pdf)).pages

    assert len(pages) > 50
    assert sum(page.extract_text().count("a") for page in pages[:3]) > 3_000


def test_a_justified_line_fills_its_column_and_the_last_one_does_not():
    block = Setter(load()).block("一二三，四五六七八九十" * 9, Style(Role.BODY, 10.0, 15.0))
    block.wrap(105.0, 500.0)

    widths = [
        sum(glyph.width for glyph in line.glyphs) / 100 + line.stretch * (len(line.glyphs) - 1)
        for line in block._lines
    ]

    assert widths[:-1] == pytest.approx([105.0] * (len(widths) - 1))
    assert widths[-1] < 105.0
    assert block._lines[-1].stretch == 0


def test_a_line_that_would_be_torn_apart_stays_ragged():
    block = Setter(load()).block("一二 abcdefghijklmnopqrstuvwxyz", Style(Role.BODY, 10.0, 15.0))
    block.wrap(150.0, 500.0)

    assert [line.stretch for line in block._lines] == [0.0, 0.0]


@pytest.mark.parametrize(("align", "offset"), [(Align.LEFT, 0.0), (Align.CENTRE, 40.0), (Align.RIGHT, 80.0)])
def test_a_line_stands_where_its_style_says(align: Align, offset: float):
    block = Setter(load()).block("二字", Style(Role.BODY, 10.0, 15.0, align))
    block.wrap(100.0, 500.0)

    assert [line.offset for line in block._lines] == [offset]


def test_a_block_breaks_between_lines_and_loses_none():
    block = Setter(load()).block("一二三四五六七八九十" * 6, Style(Role.BODY, 10.0, 15.0))
    block.wrap(100.0, 500.0)

    first, second = block.split(100.0, 40.0)

    assert first.wrap(100.0, 40.0) == (100.0, 30.0)
    assert second.wrap(100.0, 500.0) == (100.0, 60.0)
    assert block.split(100.0, 14.0) == []


def test_an_indent_is_two_characters_of_the_first_line():
    block = Setter(load()).block("一二三四五六七八九十", Style(Role.BODY, 10.0, 15.0, indent=2))
    block.wrap(60.0, 500.0)

    assert [(line.offset, len(line.glyphs)) for line in block._lines] == [(20.0, 4), (0.0, 6)]
