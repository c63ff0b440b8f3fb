"""Reads PDFs back, the way a unit's clerk would copy text out of one."""

from __future__ import annotations

import re
from io import BytesIO

from pypdf import PdfReader

from app.documents.paper import Heading, to_pdf
from app.documents.textblock import Setter, Style
from app.documents.typefaces import Role, load
from tests.app.documents.papers import at

RUNNING = "续"
BODY = Style(Role.BODY, 14.0, 20.0)


def text_of(pdf: bytes) -> str:
    """Return all text of a file without any spaces: where lines end is the layout's business."""
    return solid("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


def body_of(pdf: bytes, running: str) -> str:
    """Return the text of a file without spaces, running heads and page numbers.

    Raises:
        ValueError: a page ends without them.
    """
    pages = [solid(page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages]
    body = ""
    for number, page in enumerate(pages, 1):
        furniture = (solid(running) if number > 1 else "") + f"—{number}—"
        if not page.endswith(furniture):
            raise ValueError(page)
        body += page.removesuffix(furniture)
    return body


def solid(text: str) -> str:
    """Return `text` without spaces and line feeds."""
    return re.sub(r"\s", "", text)


def printed(text: str, role: Role = Role.BODY) -> str:
    """Return what the fonts make of `text`, without spaces."""
    return solid("".join(glyph.character for glyph in load().compose(text, role)))


def page_saying(text: str, style: Style = BODY) -> bytes:
    """Return a file that holds one block of text and nothing else but page numbers."""
    setter = Setter(load())
    return to_pdf(Heading("题", "人", RUNNING, at(20, 9)), setter, [setter.block(text, style)])
