"""Blocks of text on paper: strings in, set lines out, as flowables for reportlab's frames and tables.

It replaces reportlab's Paragraph, which parses its text as markup. It decides no wording.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from reportlab.pdfgen.textobject import PDFTextObject
from reportlab.platypus import Flowable

from app.documents.linebreak import break_lines
from app.documents.typefaces import Glyph, Rare, Role, Typefaces

EM_ABOVE_BASELINE = 0.88
"""Share of the em above the baseline in Chinese fonts. Source: OpenType BASE table, `ideo` -0.12 em."""

MOST_STRETCH = 0.2  # em between two characters; a line that would need more stays ragged


class Align(StrEnum):
    """How lines stand in their block; JUSTIFY leaves the last line of a paragraph at the left."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"
    JUSTIFY = "justify"


@dataclass(frozen=True, slots=True)
class Style:
    """How a block is set. Sizes in points.

    Attributes:
        indent: characters left free at the start of each paragraph.
    """

    role: Role
    size: float
    leading: float
    align: Align = Align.JUSTIFY
    indent: float = 0.0


@dataclass(frozen=True, slots=True)
class Density:
    """How text is set where there is little room. Text above `largest` keeps its size: it is a title.

    Attributes:
        size, leading, padding: share of what they are otherwise; padding is above and below in cells.
        least, largest: sizes in points.
    """

    size: float
    leading: float
    padding: float = 1.0
    least: float = 9.0
    largest: float = 16.0

    def of(self, style: Style) -> Style:
        """Return a style as it is set at this density."""
        if style.size > self.largest:
            return style
        size = max(min(self.least, style.size), style.size * self.size)
        return replace(style, size=size, leading=max(size * 1.2, style.leading * self.leading))


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a block that is set in another face than the block's own."""

    text: str
    role: Role


@dataclass(frozen=True, slots=True)
class SetLine:
    """A line ready to draw.

    Attributes:
        offset: points from the left edge of the block.
        stretch: points added after each character.
    """

    glyphs: tuple[Glyph, ...]
    offset: float
    stretch: float


class Setter:
    """The faces and the rule for rare characters of one document."""

    def __init__(self, faces: Typefaces, rare: Rare = Rare.SHOW, density: Density | None = None) -> None:
        self._faces = faces
        self._rare = rare
        self._density = density

    def denser(self, density: Density) -> Setter:
        """Return a setter of the same faces that sets text smaller and closer."""
        return Setter(self._faces, self._rare, density)

    def set_as(self, style: Style) -> Style:
        """Return a style as it is set here."""
        return self._density.of(style) if self._density else style

    def padding(self, usual: float) -> float:
        """Return the space above and below the text of a cell, in points."""
        return usual * self._density.padding if self._density else usual

    @property
    def first_face(self) -> str:
        """Return the name of a font that every page may name before it says anything."""
        return self._faces.chains[Role.NUMBER][0].name

    def block(self, text: str | Sequence[str | Span], style: Style, whole: Collection[str] = ()) -> TextBlock:
        """Return `text` as a flowable; nothing in it is markup, line feeds begin paragraphs.

        Args:
            text: what is said.
            style: how it is set.
            whole: words that no line end divides.

        Raises:
            UnprintableCharacter: the document refuses characters that no font has.
        """
        spans = [text] if isinstance(text, str) else text
        glyphs: list[Glyph] = []
        for span in spans:
            words, role = (span, style.role) if isinstance(span, str) else (span.text, span.role)
            glyphs.extend(self._faces.compose(words, role, rare=self._rare))
        return TextBlock(glyphs, self.set_as(style), whole)

    def width_of(self, text: str, style: Style) -> float:
        """Return how wide one line of `text` is in points."""
        glyphs = self._faces.compose(text, style.role, rare=self._rare)
        return sum(glyph.width for glyph in glyphs) * self.set_as(style).size / 1000

    def fitted(self, text: str, style: Style, width: float) -> Style:
        """Return the style, smaller where one line of `text` would else be wider than `width` points."""
        needed = self.width_of(text, style)
        if needed <= width:
            return style
        return replace(style, size=int(style.size * width / needed * 10) / 10)


class SetLines(Flowable):
    """Lines that are set already; breaks across pages between them."""

    def __init__(self, lines: Sequence[SetLine], style: Style) -> None:
        super().__init__()
        self._lines = tuple(lines)
        self._style = style

    def wrap(self, avail_width: float, avail_height: float) -> tuple[float, float]:  # noqa: ARG002 - reportlab's protocol
        """Return the width and height the lines take, in points."""
        self.width = avail_width
        self.height = len(self._lines) * self._style.leading
        return self.width, self.height

    def split(self, avail_width: float, avail_height: float) -> list[Flowable]:  # noqa: ARG002
        """Return the lines that fit in `avail_height` points and the rest; nothing when not one fits."""
        count = int((avail_height + 1e-6) // self._style.leading)
        if count < 1:
            return []
        parts = (self._lines[:count], self._lines[count:])
        return [SetLines(part, self._style) for part in parts if part]

    def draw(self) -> None:
        """Draw the lines; reportlab has moved the origin to the lower left corner."""
        text = self.canv.beginText()
        size, leading = self._style.size, self._style.leading
        # The em box stands in the middle of its line.
        baseline = self.height - (leading - size) / 2 - size * EM_ABOVE_BASELINE
        for line in self._lines:
            _draw_line(text, line, baseline, size)
            baseline -= leading
        self.canv.drawText(text)


class TextBlock(SetLines):
    """Paragraphs of composed characters in one style, set to the width they are given."""

    def __init__(self, glyphs: Sequence[Glyph], style: Style, whole: Collection[str] = ()) -> None:
        super().__init__((), style)
        self._glyphs = tuple(glyphs)
        self._whole = tuple(whole)

    def wrap(self, avail_width: float, avail_height: float) -> tuple[float, float]:
        """Return the width and height the block takes, in points, in a column `avail_width` wide."""
        self._lines = tuple(_set_lines(self._glyphs, self._style, avail_width, self._whole))
        return super().wrap(avail_width, avail_height)

    def split(self, avail_width: float, avail_height: float) -> list[Flowable]:
        """Return the part that fits in `avail_height` points and the rest; nothing when not one line fits."""
        self.wrap(avail_width, avail_height)
        return super().split(avail_width, avail_height)


def _draw_line(text: PDFTextObject, line: SetLine, baseline: float, size: float) -> None:
    text.setTextOrigin(line.offset, baseline)
    text.setCharSpace(line.stretch)
    for face, glyphs in groupby(line.glyphs, key=lambda glyph: glyph.face):
        text.setFont(face, size)
        text.textOut("".join(glyph.character for glyph in glyphs))


def _set_lines(
    glyphs: Sequence[Glyph], style: Style, width: float, whole: Collection[str]
) -> Iterable[SetLine]:
    for paragraph in _paragraphs(glyphs):
        yield from _set_paragraph(paragraph, style, width, whole)


def _paragraphs(glyphs: Sequence[Glyph]) -> Iterable[Sequence[Glyph]]:
    start = 0
    for index, glyph in enumerate(glyphs):
        if glyph.character == "\n":
            yield glyphs[start:index]
            start = index + 1
    yield glyphs[start:]


def _set_paragraph(
    glyphs: Sequence[Glyph], style: Style, width: float, whole: Collection[str]
) -> Iterable[SetLine]:
    text = "".join(glyph.character for glyph in glyphs)
    widths = [glyph.width * style.size / 1000 for glyph in glyphs]
    indent = min(style.indent * style.size, width / 2)
    lines = break_lines(text, widths, width=width, indent=indent, whole=whole)
    for number, line in enumerate(lines):
        left = 0.0 if number else indent
        free = width - left - line.width
        offset, stretch = left, 0.0
        if style.align is Align.CENTRE:
            offset = left + free / 2
        elif style.align is Align.RIGHT:
            offset = left + free
        elif style.align is Align.JUSTIFY and not line.is_last:
            gaps = line.end - line.start - 1
            stretch = free / gaps if gaps and free / gaps <= MOST_STRETCH * style.size else 0.0
        yield SetLine(tuple(glyphs[line.start : line.end]), offset, stretch)
