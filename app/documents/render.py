"""Documents -> PDF bytes, in this process.

Nothing here reads a clock, the network or any file but the fonts. What citizens wrote is drawn by `limited`
in a child process; this one serves that child and tests.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from app.documents import dispatch_slip, reminder, score_sheet
from app.documents.reminder import SupervisionOrder
from app.documents.score_sheet import ScoreSheet
from app.documents.slip_data import DispatchSlip
from app.documents.textblock import Setter
from app.documents.typefaces import OwnFonts, Rare, load

Document = DispatchSlip | SupervisionOrder | ScoreSheet

_ONE_AT_A_TIME = threading.Lock()
"""reportlab 5.1.0 keeps the state of a document in its registered fonts, which threads share."""


@dataclass(frozen=True, slots=True)
class Press:
    """How documents are printed here.

    Attributes:
        own_fonts: the county's licensed fonts, if it has any.
        rare: what becomes of characters that no font has; by default their number is printed.
    """

    own_fonts: OwnFonts = OwnFonts()  # noqa: RUF009 - frozen
    rare: Rare = Rare.SHOW


OUR_PRESS = Press()


def render(document: Document, press: Press = OUR_PRESS) -> bytes:
    """Return the document as PDF; the same bytes whenever document and press are the same.

    Raises:
        FontRefused: a font of the county cannot be used.
        UnprintableCharacter: the press refuses a character that no font has.
    """
    with _ONE_AT_A_TIME:
        setter = Setter(load(press.own_fonts), press.rare)
        match document:
            case DispatchSlip():
                return dispatch_slip.draw(document, setter)
            case SupervisionOrder():
                return reminder.draw(document, setter)
            case ScoreSheet():
                return score_sheet.draw(document, setter)
