from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from app.documents.errors import FontRefused, UnprintableCharacter
from app.documents.typefaces import FONT_FOLDER, OwnFonts, Rare, Role, load, plain, shipped_fonts

MEGABYTE = 1_000_000


def printed(text: str, role: Role = Role.BODY) -> str:
    return "".join(glyph.character for glyph in load().compose(text, role))


def faces(text: str, role: Role) -> list[str]:
    return [glyph.face for glyph in load().compose(text, role)]


def test_the_manifest_names_exactly_the_font_files_that_are_shipped():
    assert {entry["file"] for entry in shipped_fonts()} == {path.name for path in FONT_FOLDER.glob("*.ttf")}


@pytest.mark.parametrize("entry", shipped_fonts(), ids=lambda entry: str(entry["file"]))
def test_each_font_is_the_one_the_manifest_describes(entry: dict[str, str]):
    path = FONT_FOLDER / entry["file"]
    licence = (FONT_FOLDER / entry["licence_file"]).read_text("utf-8")

    assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
    assert (
        "GENERAL PUBLIC LICENSE" if "GPL" in entry["licence"] else "SIL OPEN FONT LICENSE"
    ) in licence.upper()


@pytest.mark.parametrize("entry", shipped_fonts(), ids=lambda entry: str(entry["file"]))
def test_each_font_names_itself_its_origin_and_its_change(entry: dict[str, str]):
    with TTFont(FONT_FOLDER / entry["file"]) as font:
        names = {record.nameID: str(record) for record in font["name"].names}
        embedding = font["OS/2"].fsType

    assert names[1] == entry["family"]
    assert names[10] == entry["changes"]
    assert entry["original"] in names[10]
    for reserved in ("LXGW", "霞鹜", "Source", "Noto", "Fandol"):
        assert reserved not in names[1] + names[4] + names[6]
    assert not embedding & 0x0202  # neither restricted nor bitmaps only: documents may embed it


def test_the_fonts_stay_small_enough_for_a_repository():
    sizes = [path.stat().st_size for path in FONT_FOLDER.glob("*.ttf")]

    assert max(sizes) < 3.2 * MEGABYTE
    assert sum(sizes) < 12.5 * MEGABYTE


@pytest.mark.parametrize("role", Role)
def test_every_han_of_gb_2312_prints_in_every_role(role: Role):
    codes = (bytes([high, low]) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    han = "".join(code.decode("gb2312", "ignore") for code in codes)

    assert len(han) == 6763
    assert printed(han, role) == han


def test_signs_that_fandol_draws_wrong_come_from_song():
    assert faces("办，26", Role.BODY) == ["jianjian-fangsong"] * 4
    assert faces("￥～~￣", Role.BODY) == ["jianjian-song"] * 4


@pytest.mark.parametrize(
    ("character", "why"),
    [
        ("堽", "a place name, 通用规范汉字表 level 3"),
        ("㙍", "a place name outside GBK"),
        ("鬱", "traditional; FandolFang draws the simplified one"),
        ("㎡", "square metres"),
        ("⑪", "beyond the circled numbers of GB 2312"),
        ("−", "true minus"),
    ],
)
def test_characters_beyond_gb_2312_come_from_the_wider_face(character: str, why: str):
    assert why
    assert faces(character, Role.BODY) == ["jianjian-song"]


def test_characters_that_no_font_has_print_their_numbers_in_one_bracket():
    assert printed("急😡🙏！") == "急〔U+1F621 U+1F64F〕！"


@pytest.mark.parametrize(
    "hidden", ["\u200b", "\u202e", "\u00ad", "\ufeff", "\x00", "\ue000", "\ud800", "\ufe0f"]
)
def test_characters_without_a_shape_are_shown_and_never_blank(hidden: str):
    assert printed(f"删{hidden}帖") == f"删〔U+{ord(hidden):04X}〕帖"


def test_a_caller_may_ask_for_an_error_that_names_the_character():
    with pytest.raises(UnprintableCharacter) as caught:
        load().compose("好😡", Role.BODY, rare=Rare.REFUSE)

    assert caught.value.character == "😡"
    assert "U+1F621" in caught.value.zh


def test_all_kinds_of_spaces_and_line_ends_become_one_of_each():
    assert plain("a\u00a0b\tc\r\nd\re\u2028f") == "a b c\nd\ne\nf"


@given(st.text())
def test_nothing_is_lost_between_a_text_and_its_glyphs(text: str):
    rest = printed(text)
    for character in plain(text):
        shown = character if rest.startswith(character) else f"U+{ord(character):04X}"
        rest = rest.lstrip("〔〕 ") if shown != character and not rest.startswith(shown) else rest
        assert rest.startswith(shown)
        rest = rest[len(shown) :]
        rest = rest.removeprefix("〕") if shown != character else rest
    assert rest == ""


def test_a_countys_own_fonts_come_first_and_ours_fill_their_gaps(tmp_path: Path):
    own = tmp_path / "fangsong-of-the-county.ttf"
    shutil.copyfile(FONT_FOLDER / "jianjian-kai.ttf", own)
    faces = load(OwnFonts(body=own))

    names = [glyph.face for glyph in faces.compose("办堽", Role.BODY)]

    assert names[0].startswith("own-")
    assert names[1] == "jianjian-song"
    assert faces.chains[Role.TITLE][0].name == "jianjian-title"


def test_two_counties_fonts_do_not_replace_each_other(tmp_path: Path):
    one, other = tmp_path / "one.ttf", tmp_path / "other.ttf"
    shutil.copyfile(FONT_FOLDER / "jianjian-kai.ttf", one)
    shutil.copyfile(FONT_FOLDER / "jianjian-hei.ttf", other)

    first, second = (load(OwnFonts(title=path)).chains[Role.TITLE][0].name for path in (one, other))

    assert first != second


@pytest.mark.parametrize(
    "content", [None, b"", b"OTTO" + bytes(200), b"not a font at all", b"\x00\x01\x00\x00" + bytes(60)]
)
def test_a_font_file_that_cannot_be_embedded_is_refused_by_name(tmp_path: Path, content: bytes | None):
    path = tmp_path / "小标宋.ttf"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(FontRefused, match=r"小标宋\.ttf"):
        load(OwnFonts(title=path))
