"""Build the subset fonts of app/documents/fonts from published packages, with licences and a manifest.

Run it on Debian 12 as `python tools/build_fonts.py [FILE…]` (minutes a font): it asks `npm pack` and `apt-get
download` for the packages named in `font_sources`, checks the SHA-256 of every original, and rewrites the
folder. Needs fonttools (requirements/dev.in) and, on PATH, npm, apt-get, dpkg-deb and tar. The application
never runs it: the fonts are committed.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from font_sources import FACES, UNIHAN, Face, Package, wanted, wider_han
from fontTools import subset
from fontTools.pens.basePen import decomposeQuadraticSegment
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.reverseContourPen import ReverseContourPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from outline_fit import Contour, Point, Segment, refit

REGULAR = 0x40
"""Bit 6 of OS/2.fsSelection: each of our families has this one face. Source: OpenType, OS/2 table."""
TARGET = Path(__file__).resolve().parent.parent / "app" / "documents" / "fonts"


def main(files: list[str]) -> int:
    """Rebuild the faces named by their files (all, when none is named) and write the manifest of all."""
    with tempfile.TemporaryDirectory() as scratch:
        shelf = Shelf(Path(scratch))
        wider = wider_han(shelf.original(UNIHAN))
        chosen = [face for face in FACES if not files or face.file in files]
        for face in chosen:  # every package is here and as expected before the long work begins
            shelf.original(face.package)
        for face in chosen:
            build(face, shelf, wider)
    manifest = json.dumps({"fonts": [describe(face) for face in FACES]}, ensure_ascii=False, indent=2) + "\n"
    (TARGET / "manifest.json").write_text(manifest, "utf-8")
    print(f"{sum((TARGET / face.file).stat().st_size for face in FACES) / 1e6:.1f} MB in {len(FACES)} fonts")
    return 0


class Shelf:
    """Packages unpacked once each under a scratch folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._unpacked: dict[str, Path] = {}

    def original(self, package: Package) -> Path:
        """Return the file that `package` is named for; ends the run when it is not the one we know."""
        path = self.file(package, package.file)
        if sha256(path) != package.sha256:
            sys.exit(f"{package.file} has SHA-256 {sha256(path)}, expected {package.sha256}")
        return path

    def file(self, package: Package, path: str) -> Path:
        """Return the file `path` of `package`, fetched on first use."""
        if package.name not in self._unpacked:
            place = self._folder / str(len(self._unpacked))
            place.mkdir()
            (_npm if package.client == "npm" else _apt)(package, place)
            self._unpacked[package.name] = place
        return self._unpacked[package.name] / path


def _npm(package: Package, place: Path) -> None:
    _run(["npm", "pack", f"{package.name}@{package.version}"], place)
    _run(["tar", "-xzf", next(place.glob("*.tgz")).name], place)


def _apt(package: Package, place: Path) -> None:
    _run(["apt-get", "download", f"{package.name}={package.version}"], place)
    _run(["dpkg-deb", "-x", next(place.glob("*.deb")).name, "."], place)


def _run(command: list[str], place: Path) -> None:
    program = shutil.which(command[0])
    if program is None:
        sys.exit(f"{command[0]} is needed on PATH")
    subprocess.run([program, *command[1:]], cwd=place, check=True, capture_output=True)  # noqa: S603


def build(face: Face, shelf: Shelf, wider: set[int]) -> None:
    """Write one face and its licence text."""
    font = TTFont(shelf.original(face.package), recalcTimestamp=False)
    cut(font, wanted(face, wider))
    if "CFF " in font or face.tolerance:
        redraw(font, face.tolerance)
    rename(font, face)
    target = TARGET / face.file
    font.save(target)
    licence = shelf.file(face.package, face.licence_source)
    text = gzip.decompress(licence.read_bytes()) if licence.suffix == ".gz" else licence.read_bytes()
    (TARGET / face.licence_file).write_bytes(text)
    print(f"{face.file}: {target.stat().st_size / 1e6:.2f} MB", flush=True)


def describe(face: Face) -> dict[str, str | int]:
    """Return the manifest's entry of a face that has been built."""
    path = TARGET / face.file
    with TTFont(path) as font:
        characters = len(font.getBestCmap())
    return {
        "file": face.file,
        "family": face.family,
        "role": face.role,
        "original": face.original,
        "licence": face.licence,
        "licence_file": face.licence_file,
        "package": f"{face.package.client}:{face.package.name}",
        "package_version": face.package.version,
        "package_file": face.package.file,
        "package_file_sha256": face.package.sha256,
        "characters": characters,
        "changes": changes(face),
        "sha256": sha256(path),
    }


def cut(font: TTFont, points: set[int]) -> None:
    """Keep only `points`; drop hints, layout features and vertical metrics, which the PDF does not use."""
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.glyph_names = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += [
        "GSUB",
        "GPOS",
        "GDEF",
        "BASE",
        "VORG",
        "vhea",
        "vmtx",
        "STAT",
        "DSIG",
        "gasp",
        "prep",
    ]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=sorted(points))
    cutter.subset(font)


def redraw(font: TTFont, tolerance: float) -> None:
    """Replace all outlines by TrueType ones refitted within `tolerance` font units."""
    glyph_set, order = font.getGlyphSet(), font.getGlyphOrder()
    postscript = "CFF " in font
    glyphs = {}
    for name in order:
        recording = DecomposingRecordingPen(glyph_set)
        # PostScript outlines turn the other way round.
        glyph_set[name].draw(ReverseContourPen(recording) if postscript else recording)
        pen = TTGlyphPen(None)
        for start, segments in contours(recording.value):
            draw(pen, refit(start, segments, tolerance=tolerance))
        glyphs[name] = pen.glyph(dropImpliedOnCurves=True)
    if postscript:
        make_truetype(font)
    table = font["glyf"]
    table.glyphOrder, table.glyphs = order, glyphs
    for name in order:  # the left bearing of a TrueType glyph is its smallest x
        glyphs[name].recalcBounds(table)
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(glyphs[name], "xMin", 0))


def contours(operations: list[tuple[str, tuple[Point, ...]]]) -> list[tuple[Point, list[Segment]]]:
    """Return the recorded drawing as closed contours of lines and single curves."""
    found: list[tuple[Point, list[Segment]]] = []
    start: Point = (0, 0)
    segments: list[Segment] = []
    for operation, points in operations:
        if operation == "moveTo":
            start, segments = points[0], []
        elif operation == "qCurveTo" and points[-1] is None:  # a contour without on-curve points
            first, last = points[0], points[-2]
            start = ((first[0] + last[0]) / 2, (first[1] + last[1]) / 2)
            segments = [tuple(piece) for piece in decomposeQuadraticSegment((*points[:-1], start))]
        elif operation == "qCurveTo":
            segments.extend(tuple(piece) for piece in decomposeQuadraticSegment(points))
        elif operation in {"lineTo", "curveTo"}:
            segments.append(points)
        if operation == "closePath" and segments:
            found.append((start, segments))
    return found


def draw(pen: TTGlyphPen, contour: Contour) -> None:
    """Draw one refitted contour, rounded to whole font units."""
    pen.moveTo(_rounded(contour.start))
    for index, stroke in enumerate(contour.strokes):
        if stroke.control is not None:
            pen.qCurveTo(_rounded(stroke.control), _rounded(stroke.end))
        elif index + 1 < len(contour.strokes):  # the last line is drawn by closing
            pen.lineTo(_rounded(stroke.end))
    pen.closePath()


def _rounded(point: Point) -> tuple[int, int]:
    return (round(point[0]), round(point[1]))


def make_truetype(font: TTFont) -> None:
    """Turn the tables of an OpenType/CFF font into those of a TrueType font, without outlines yet."""
    del font["CFF "]
    font["loca"] = newTable("loca")
    font["glyf"] = newTable("glyf")
    profile = font["maxp"]
    profile.tableVersion = 0x00010000
    for field in (
        "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
        "maxSizeOfInstructions", "maxComponentElements", "maxPoints", "maxContours", "maxCompositePoints",
        "maxCompositeContours", "maxComponentDepth",
    ):  # fmt: skip
        setattr(profile, field, 0)
    profile.maxZones = 1
    font["post"].formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"


def rename(font: TTFont, face: Face) -> None:
    """Give the modified font its own name, as its licence asks, and say what was changed."""
    names = font["name"]
    postscript = face.family.replace(" ", "") + "-Regular"
    own = {1: face.family, 2: "Regular", 3: postscript, 4: face.family, 6: postscript, 10: changes(face)}
    names.names = [record for record in names.names if record.nameID not in own and record.langID == 0x409]  # noqa: PLR2004
    for number, text in own.items():
        names.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = 400
    font["OS/2"].fsSelection = REGULAR
    font["head"].macStyle = 0


def changes(face: Face) -> str:
    """Return the sentence that tells a reader what this file is."""
    outlines = f"; outlines redrawn within {face.tolerance:g}/1000 em" if face.tolerance else ""
    exception = "; the original's font exception applies to this version too" if "GPL" in face.licence else ""
    return f"Modified by Jianjian, 2026: subset of {face.original}, hints removed{outlines}{exception}"


def sha256(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
