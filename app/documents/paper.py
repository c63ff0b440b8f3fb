"""The sheet: A4 after GB/T 9704, page numbers, and the same bytes for the same flowables.

It knows no document and no wording.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from app.documents.textblock import Align, Setter, Style, TextBlock
from app.documents.typefaces import Role

PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN_TOP = 37 * mm
"""天头. Source: GB/T 9704-2012 §5.2.1."""
MARGIN_LEFT = 28 * mm
"""订口. Source: GB/T 9704-2012 §5.2.1."""
TEXT_WIDTH, TEXT_HEIGHT = 156 * mm, 225 * mm
"""版心. Source: GB/T 9704-2012 §5.2.1."""
LINES_A_PAGE = 22
"""Source: GB/T 9704-2012 §5.2.3."""
LEADING = TEXT_HEIGHT / LINES_A_PAGE

SIZE_2, SIZE_3, SIZE_4, SIZE_5 = 22.0, 15.75, 14.0, 10.5
"""Points of 二号, 三号, 四号, 五号; 28 characters of 15.75 pt fill a line (GB/T 9704-2012 §5.2.3)."""
SIZE_SMALL_4 = 12.0
"""Points of 小四, for forms."""

PAGE_NUMBER_DROP = 4.5 * mm
"""From the lower edge of the text area to the line of the page number, 5 mm high; its dashes, in the middle,
come to stand 7 mm below the edge. Source: GB/T 9704-2012 §7.5."""
RUNNING_GAP = 3 * mm
PAGE_NUMBER = Style(Role.NUMBER, SIZE_4, SIZE_4, Align.RIGHT)
RUNNING = Style(Role.BODY, SIZE_5, SIZE_5 * 1.5, Align.LEFT)
MAKER = "件件 Jianjian"


@dataclass(frozen=True, slots=True)
class Heading:
    """What a file says about itself and what its later pages repeat.

    Attributes:
        running: printed small at the top of every page but the first, such as the number of the slip.
        made_at: aware; the only date in the file.
    """

    title: str
    author: str
    running: str
    made_at: datetime


def to_pdf(heading: Heading, setter: Setter, flowables: Sequence[Flowable]) -> bytes:
    """Return a PDF of `flowables`: the same bytes for the same input, whatever the machine's clock says."""
    return laid_out(heading, setter, flowables)[0]


def laid_out(heading: Heading, setter: Setter, flowables: Sequence[Flowable]) -> tuple[bytes, int]:
    """Return the same PDF with the number of its pages."""
    target = BytesIO()
    frame = Frame(
        MARGIN_LEFT, PAGE_HEIGHT - MARGIN_TOP - TEXT_HEIGHT, TEXT_WIDTH, TEXT_HEIGHT,
        leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip
    template = PageTemplate(frames=[frame], onPageEnd=partial(_furnish, heading, setter))
    document = BaseDocTemplate(
        target, pagesize=A4, pageTemplates=[template], invariant=1, lang="zh-CN",
        title=heading.title, author=heading.author, subject=heading.running, creator=MAKER, producer=MAKER,
        initialFontName=setter.first_face,  # else every file names Helvetica, which nothing embeds
    )  # fmt: skip
    document.build(list(flowables), canvasmaker=partial(_dated_canvas, heading.made_at))
    return target.getvalue(), document.page


def _dated_canvas(made_at: datetime, *args: object, **options: object) -> Canvas:
    """Return a canvas whose only date is `made_at`."""
    canvas = Canvas(*args, **options)
    zone = made_at.strftime("%z")
    stamp = f"D:{made_at:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'"
    canvas.setDateFormatter(lambda *_parts: stamp)
    return canvas


def _furnish(heading: Heading, setter: Setter, canvas: Canvas, document: BaseDocTemplate) -> None:
    """Draw what stands outside the text area of a page, after its text: the order in which it is read out."""
    number = document.page
    if number > 1:
        top = PAGE_HEIGHT - MARGIN_TOP + RUNNING.leading + RUNNING_GAP
        _place(canvas, setter.block(heading.running, RUNNING), MARGIN_LEFT, top)
    # Odd pages at the right, even pages at the left, one character in. GB/T 9704-2012 §7.5.
    align, left = (Align.RIGHT, MARGIN_LEFT) if number % 2 else (Align.LEFT, MARGIN_LEFT + SIZE_4)
    label = setter.block(f"— {number} —", replace(PAGE_NUMBER, align=align))
    _place(canvas, label, left, PAGE_HEIGHT - MARGIN_TOP - TEXT_HEIGHT - PAGE_NUMBER_DROP)


def _place(canvas: Canvas, block: TextBlock, left: float, top: float) -> None:
    _, height = block.wrap(TEXT_WIDTH - SIZE_4, TEXT_HEIGHT)
    block.drawOn(canvas, left, top - height)
