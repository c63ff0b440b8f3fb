"""Fonts: which face prints which character, and what is printed where no face can.

Every string that reaches paper passes `Typefaces.compose`, which yields characters with their face and never
markup: nothing a citizen writes is parsed. It draws nothing and breaks no lines.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from app.documents.errors import FontRefused, UnprintableCharacter

FONT_FOLDER = Path(__file__).resolve().parent / "fonts"
MANIFEST = FONT_FOLDER / "manifest.json"


class Role(StrEnum):
    """What a face is for. Source: GB/T 9704-2012 (小标宋, 仿宋, 黑体, 楷体, 宋体)."""

    TITLE = "title"
    BODY = "body"
    HEADING = "heading"
    SIGNATURE = "signature"
    NUMBER = "number"


class Rare(StrEnum):
    """What to do with a character that no font has."""

    SHOW = "show"  # print its number, 〔U+1F621〕, so that the document is not lost and nothing is hidden
    REFUSE = "refuse"  # raise UnprintableCharacter


@dataclass(frozen=True, slots=True)
class OwnFonts:
    """A county's own licensed fonts; None keeps ours.

    Attributes:
        title: TrueType file of 小标宋.
        body: TrueType file of 仿宋_GB2312.
    """

    title: Path | None = None
    body: Path | None = None


@dataclass(frozen=True, slots=True)
class Face:
    """A registered font.

    Attributes:
        name: under which reportlab knows it.
        widths: 1/1000 em by code point; its keys are the characters the font has.
    """

    name: str
    widths: Mapping[int, float] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character to print.

    Attributes:
        width: 1/1000 em.
    """

    character: str
    face: str
    width: float


_OURS = {
    "fangsong": "jianjian-fangsong.ttf",
    "song": "jianjian-song.ttf",
    "hei": "jianjian-hei.ttf",
    "kai": "jianjian-kai.ttf",
    "title": "jianjian-title.ttf",
}
_FIRST = {
    Role.TITLE: "title",
    Role.BODY: "fangsong",
    Role.HEADING: "hei",
    Role.SIGNATURE: "kai",
    Role.NUMBER: "song",
}
_FALLBACK = ("fangsong", "song", "hei", "kai", "title")

_SPACES = dict.fromkeys(
    map(ord, "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"),
    " ",
)
_LINE_ENDS = dict.fromkeys(map(ord, "\r\v\f\x85\u2028\u2029"), "\n")
_NEVER_PRINTED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Unicode categories without a shape of their own; a font that maps them would print a silent blank."""


@dataclass(frozen=True, slots=True)
class Typefaces:
    """The faces of each role in the order they are asked, the first that has the character prints it."""

    chains: Mapping[Role, tuple[Face, ...]]

    def compose(self, text: str, role: Role, *, rare: Rare = Rare.SHOW) -> tuple[Glyph, ...]:
        """Return the characters of `text` with the face that prints each; line feeds stay, without width.

        Raises:
            UnprintableCharacter: no face has a character and `rare` is REFUSE.
        """
        return tuple(self._glyphs(plain(text), role, rare))

    def _glyphs(self, text: str, role: Role, rare: Rare) -> Iterator[Glyph]:
        pending: list[str] = []
        for character in text:
            glyph = self._glyph(character, role)
            if glyph is None:
                if rare is Rare.REFUSE:
                    raise UnprintableCharacter(character)
                pending.append(f"U+{ord(character):04X}")
                continue
            yield from self._numbers(pending, role)
            yield glyph
        yield from self._numbers(pending, role)

    def _glyph(self, character: str, role: Role) -> Glyph | None:
        if character == "\n":
            return Glyph(character, self.chains[role][0].name, 0.0)
        if unicodedata.category(character) in _NEVER_PRINTED:
            return None
        for face in self.chains[role]:
            width = face.widths.get(ord(character))
            if width is not None:
                return Glyph(character, face.name, width)
        return None

    def _numbers(self, pending: list[str], role: Role) -> Iterator[Glyph]:
        """Yield the numbers of the characters left out so far, all in one bracket, and forget them."""
        if pending:
            shown = f"〔{' '.join(pending)}〕"
            pending.clear()
            yield from self._glyphs(shown, role, Rare.REFUSE)


def plain(text: str) -> str:
    """Return `text` with one kind of space and one kind of line end."""
    return text.replace("\r\n", "\n").translate(_LINE_ENDS).translate(_SPACES)


@lru_cache(maxsize=8)
def load(own: OwnFonts = OwnFonts()) -> Typefaces:
    """Return the faces, registered with reportlab once for each process.

    Raises:
        FontRefused: a file is missing, damaged, or has PostScript outlines, which reportlab cannot embed.
    """
    faces = {key: _register(f"jianjian-{key}", FONT_FOLDER / file) for key, file in _OURS.items()}
    first = {role: faces[key] for role, key in _FIRST.items()}
    if own.title is not None:
        first[Role.TITLE] = _register_own(own.title)
    if own.body is not None:
        first[Role.BODY] = _register_own(own.body)
    fallback = tuple(faces[key] for key in _FALLBACK)
    # A county's own face is followed by the one of ours that it replaces.
    ours = {role: faces[key] for role, key in _FIRST.items()}
    return Typefaces({role: tuple(dict.fromkeys((first[role], ours[role], *fallback))) for role in Role})


class _Embedded(TTFont):  # type: ignore[misc] # reportlab has no types
    """A font that says in UTF-16 which character a glyph is, as PDF wants it, also beyond U+FFFF.

    reportlab 5.1.0 writes five digits there: the glyph is seen, but the text that is copied or read out is
    not the character. Rare characters of names are from that part.
    **Source:** ISO 32000-1 §9.10.3 (ToUnicode CMaps: UTF-16BE).
    """

    def addObjects(self, doc: PDFDocument) -> None:  # noqa: N802 - its name in reportlab
        """Add the font to a document."""
        super().addObjects(doc)
        for name, stream in doc.idToObject.items():
            if name.startswith("toUnicodeCMap:"):
                stream.content = _BEYOND.sub(_in_utf16, stream.content)


_BEYOND = re.compile(r"(?<=> <)[0-9A-F]{5,6}(?=>)")


def _in_utf16(code: re.Match[str]) -> str:
    return chr(int(code[0], 16)).encode("utf-16-be").hex().upper()


def _register_own(path: Path) -> Face:
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as problem:
        raise FontRefused(
            path, f"无法读取（{problem.strerror}）", f"cannot be read ({problem.strerror})"
        ) from problem
    return _register(f"own-{digest[:16]}", path)


def _register(name: str, path: Path) -> Face:
    try:
        font = _Embedded(name, str(path))
    except (TTFError, struct.error, KeyError, IndexError, ValueError) as problem:  # of damaged files, 5.1.0
        raise FontRefused(
            path,
            "不是可嵌入的 TrueType 字体（.ttf/.ttc）；OpenType/CFF（.otf）请先转换",
            f"not an embeddable TrueType font; convert OpenType/CFF first ({problem})",
        ) from problem
    # reportlab keys what it embeds by PostScript name: two files of one name would lose characters.
    font.face.name = name.encode()
    pdfmetrics.registerFont(font)
    widths = font.face.charWidths
    return Face(name, {code: widths.get(code, font.face.defaultWidth) for code in font.face.charToGlyph})


def shipped_fonts() -> tuple[Mapping[str, str | int], ...]:
    """Return the entries of the fonts' manifest: file, licence, source package, SHA-256."""
    entries: list[Mapping[str, str | int]] = json.loads(MANIFEST.read_text("utf-8"))["fonts"]
    return tuple(entries)
