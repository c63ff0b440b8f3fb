"""The ruled form of internal slips: a label at the left, its content at the right, row under row.

Tables are stacked without a gap, so that a page can end between any two rows; it knows no document.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportlab.lib.colors import black
from reportlab.platypus import Flowable, KeepTogether, Table, TableStyle

from app.documents.formrow import LABEL, LABEL_WIDTH, PADDING_SIDE, PADDING_TOP, THICK, THIN, FormRow
from app.documents.paper import SIZE_2, SIZE_4, SIZE_5, SIZE_SMALL_4, TEXT_WIDTH
from app.documents.slip_data import SignOff
from app.documents.textblock import Align, Setter, Style
from app.documents.typefaces import Role
from app.documents.wording import day

TITLE = Style(Role.TITLE, SIZE_2, SIZE_2 * 1.5, Align.CENTRE)
MARK = Style(Role.HEADING, SIZE_4, SIZE_4 * 1.5, Align.LEFT)
CONTENT = Style(Role.BODY, SIZE_SMALL_4, 17.5, Align.JUSTIFY)
CENTRED = Style(Role.BODY, SIZE_SMALL_4, 17.5, Align.CENTRE)
SMALL = Style(Role.BODY, SIZE_5, 15.0, Align.JUSTIFY)
SMALL_CENTRED = Style(Role.BODY, SIZE_5, 15.0, Align.CENTRE)
NOTE = Style(Role.SIGNATURE, SIZE_SMALL_4, 17.5, Align.JUSTIFY)
DIGITS = Style(Role.NUMBER, 8.5, 12.0, Align.LEFT)
SIGNATURE = Style(Role.SIGNATURE, SIZE_4, 20.0, Align.CENTRE)

_RULES = [
    ("INNERGRID", (0, 0), (-1, -1), THIN, black),
    ("LINEBEFORE", (0, 0), (0, -1), THICK, black),
    ("LINEAFTER", (-1, 0), (-1, -1), THICK, black),
    ("LINEABOVE", (0, 0), (-1, 0), THIN, black),
    ("LINEBELOW", (0, -1), (-1, -1), THIN, black),
    ("LEFTPADDING", (0, 0), (-1, -1), PADDING_SIDE),
    ("RIGHTPADDING", (0, 0), (-1, -1), PADDING_SIDE),
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
]


class Form:
    """Collects the rows of a form; `flowables` are what the page prints."""

    def __init__(self, setter: Setter) -> None:
        self._setter = setter
        self._rows: list[Flowable] = []
        self._padding = setter.padding(PADDING_TOP)

    def row(self, label: str, *content: Flowable) -> None:
        """Add a row of one label and its blocks, one under the other; it may go on overleaf."""
        self._rows.append(FormRow(label, content, self._setter))

    def pairs(self, pairs: Sequence[tuple[str, str]], widths: Sequence[float]) -> None:
        """Add one row of label, text, label, text and so on.

        Args:
            pairs: labels and texts.
            widths: points, two for each pair; they add up to the text width.
        """
        cells: list[Flowable] = []
        for label, text in pairs:
            cells += [self._label(label), self._setter.block(text, CENTRED)]
        self._add([cells], widths)

    def grid(self, label: str, rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
        """Add a small table beside a label; its first row holds headings, the others are in small print.

        It stays on one page.
        """
        cells: list[list[object]] = []
        for number, row in enumerate(rows):
            style = SMALL_CENTRED if number else LABEL
            first: list[Flowable] = [] if number else [self._label(label)]
            cells.append([first, *(self._setter.block(text, style) for text in row)])
        self._add(cells, [LABEL_WIDTH, *widths], extra=[("SPAN", (0, 0), (0, -1))])

    def boxes(self, columns: Sequence[tuple[str, Sequence[Flowable]]], *, height: float) -> None:
        """Add equal boxes, each under its heading, at least `height` points high. They stay on one page."""
        width = TEXT_WIDTH / len(columns)
        highest = max(_height(body, width - 2 * PADDING_SIDE) for _, body in columns) + 2 * self._padding
        cells = [[self._label(label) for label, _ in columns], [list(body) for _, body in columns]]
        self._add(
            cells,
            [width] * len(columns),
            heights=[None, max(height, highest)],
            extra=[("VALIGN", (0, 1), (-1, 1), "TOP")],
        )

    def wide(self, *content: Flowable) -> None:
        """Add a row without a label."""
        self._add([[list(content)]], [TEXT_WIDTH])

    def flowables(self, *, together: int) -> list[Flowable]:
        """Return the rows in order; the last `together` of them stay on one page where they can."""
        edges = (
            (self._rows[0], "LINEABOVE", ((0, 0), (-1, 0))),
            (self._rows[-1], "LINEBELOW", ((0, -1), (-1, -1))),
        )
        for row, command, place in edges:
            if isinstance(row, Table):
                row.setStyle(TableStyle([(command, *place, THICK, black)]))
        return [*self._rows[:-together], KeepTogether(self._rows[-together:])]

    def _label(self, text: str) -> Flowable:
        return self._setter.block(text, LABEL)

    def _add(
        self,
        cells: Sequence[Sequence[object]],
        widths: Sequence[float],
        *,
        heights: Sequence[float | None] | None = None,
        extra: Sequence[tuple[object, ...]] = (),
    ) -> None:
        table = Table(
            [list(row) for row in cells],
            colWidths=list(widths),
            rowHeights=list(heights) if heights else None,
            splitByRow=0,
        )
        around = [(f"{side}PADDING", (0, 0), (-1, -1), self._padding) for side in ("TOP", "BOTTOM")]
        table.setStyle(TableStyle([*_RULES, *around, face_of_cells(self._setter), *extra]))
        self._rows.append(table)


def _height(blocks: Sequence[Flowable], width: float) -> float:
    return float(sum(block.wrap(width, 0)[1] for block in blocks))


def face_of_cells(setter: Setter) -> tuple[object, ...]:
    """Return the table command without which reportlab names Helvetica, unembedded, in every file."""
    return ("FONTNAME", (0, 0), (-1, -1), setter.first_face)


def signed_box(setter: Setter, act: SignOff | None) -> Iterator[Flowable]:
    """Yield opinion, name and minute of an officer's act; nothing when it is still to come."""
    if act is None:
        return
    if act.opinion:
        yield setter.block(act.opinion, SMALL)
    yield setter.block(act.officer, SIGNATURE)
    yield setter.block(f"{day(act.at)}\n{act.at:%H时%M分}", SMALL_CENTRED)
