"""One row of a form: a label, its blocks, and the rules around them; goes on overleaf under the same label.

Own, because reportlab's tables lose label and rules, and leave empty pages, where they divide a row (5.1.0).
"""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from app.documents.paper import SIZE_SMALL_4, TEXT_WIDTH
from app.documents.textblock import Align, Setter, Style
from app.documents.typefaces import Role

THIN, THICK = 0.25 * mm, 0.35 * mm
"""Lines inside and around. Source: GB/T 9704-2012 §7.4.1 (0.35 mm and 0.25 mm)."""
LABEL_WIDTH = 25 * mm
PADDING_SIDE, PADDING_TOP = 2.2 * mm, 1.0 * mm
LABEL = Style(Role.HEADING, SIZE_SMALL_4, 17.5, Align.CENTRE)
CONTINUED = "（续）"
MOST_KEPT_TOGETHER = 180.0  # points: a row of up to ten lines goes overleaf as a whole
LEAST_BEFORE_A_BREAK = 30.0  # points: about two lines, so that no page ends with one line of a row

_LABEL_ROOM = LABEL_WIDTH - 2 * PADDING_SIDE
_CONTENT_ROOM = TEXT_WIDTH - LABEL_WIDTH - 2 * PADDING_SIDE


class FormRow(Flowable):
    """A label in the middle of its cell, and blocks one under the other beside it."""

    def __init__(self, label: str, blocks: Sequence[Flowable], setter: Setter) -> None:
        super().__init__()
        self._label = label
        self._blocks = tuple(blocks)
        self._setter = setter
        self._padding = setter.padding(PADDING_TOP)

    def wrap(self, _avail_width: float, _avail_height: float) -> tuple[float, float]:
        """Return the text width and the height the row takes, in points."""
        content = sum(_height(block, _CONTENT_ROOM) for block in self._blocks)
        label = _height(self._setter.block(self._label, LABEL), _LABEL_ROOM)
        self.width, self.height = TEXT_WIDTH, max(content, label) + 2 * self._padding
        return self.width, self.height

    def split(self, avail_width: float, avail_height: float) -> list[Flowable]:
        """Return the part that fits in `avail_height` points and the rest; or nothing."""
        if self.wrap(avail_width, avail_height)[1] <= avail_height:
            return [self]
        if self.height <= MOST_KEPT_TOGETHER:
            return []
        here, rest = _divide(self._blocks, avail_height - 2 * self._padding)
        if sum(_height(block, _CONTENT_ROOM) for block in here) < LEAST_BEFORE_A_BREAK:
            return []
        label = self._label.removesuffix(f"\n{CONTINUED}") + f"\n{CONTINUED}"
        return [FormRow(self._label, here, self._setter), FormRow(label, rest, self._setter)]

    def draw(self) -> None:
        """Draw rules, label and blocks; reportlab has moved the origin to the lower left corner."""
        canvas = self.canv
        canvas.setLineWidth(THIN)
        for height in (0.0, self.height):
            canvas.line(0, height, TEXT_WIDTH, height)
        canvas.line(LABEL_WIDTH, 0, LABEL_WIDTH, self.height)
        canvas.setLineWidth(THICK)
        for left in (0.0, TEXT_WIDTH):
            canvas.line(left, 0, left, self.height)
        self._stack([self._setter.block(self._label, LABEL)], PADDING_SIDE, _LABEL_ROOM)
        self._stack(self._blocks, LABEL_WIDTH + PADDING_SIDE, _CONTENT_ROOM)

    def _stack(self, blocks: Sequence[Flowable], left: float, width: float) -> None:
        """Draw `blocks` in the middle of the row's height."""
        top = (self.height + sum(_height(block, width) for block in blocks)) / 2
        for block in blocks:
            top -= block.height
            block.drawOn(self.canv, left, top)


def _height(block: Flowable, width: float) -> float:
    return float(block.wrap(width, 0)[1])


def _divide(blocks: Sequence[Flowable], room: float) -> tuple[list[Flowable], list[Flowable]]:
    """Return the blocks and part of a block that fit in `room` points, and the rest."""
    here: list[Flowable] = []
    for index, block in enumerate(blocks):
        height = _height(block, _CONTENT_ROOM)
        if height > room:
            parts = block.split(_CONTENT_ROOM, room)
            return [*here, *parts[:1]], [*(parts[1:] or [block]), *blocks[index + 1 :]]
        here.append(block)
        room -= height
    return here, []
