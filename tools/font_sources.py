"""Which fonts are built, from which published files, for which characters, under which licence.

Read by `build_fonts`; it fetches and writes nothing.
"""

from __future__ import annotations

import bz2
from dataclasses import dataclass
from pathlib import Path

FIRST_HAN, LAST_HAN = 0x4E00, 0x9FFF
SIGN_RANGES = (
    (0x0020, 0x007E), (0x00A0, 0x00AC), (0x00AE, 0x017F), (0x01CD, 0x01DC), (0x02C7, 0x02DD),
    (0x0391, 0x03C9), (0x0401, 0x0451), (0x2010, 0x2027), (0x2030, 0x2049), (0x2070, 0x209F),
    (0x20A0, 0x20BF), (0x2100, 0x218F), (0x2190, 0x22FF), (0x2460, 0x266F), (0x2701, 0x27BF),
    (0x3000, 0x30FF), (0x3105, 0x3129), (0x3220, 0x32B0), (0x3380, 0x33DF), (0xFE30, 0xFE6B),
    (0xFF01, 0xFF5E), (0xFFE0, 0xFFE6),
)  # fmt: skip
"""Unicode blocks whose characters are kept wherever the original has them: punctuation, numbers, signs."""
FANGSONG_MARKS = "　、。《》〈〉「」『』【】〔〕〖〗〇〃々“”‘’…—·，：；？！（）" + "".join(
    chr(point) for point in range(0x0020, 0x007E) if chr(point) not in "^`"
)
"""Taken from FandolFang beside its han. The rest comes from the Song face: FandolFang draws ￥ as a dollar,
￣ as a hyphen, ～ too small and ~ ^ ` as accents, and gives many traditional characters simplified shapes."""
LATIN = ((0x0020, 0x007E), (0x00A0, 0x00AC), (0x00AE, 0x017F))


@dataclass(frozen=True, slots=True)
class Package:
    """Where an original comes from: the registry client, the package, its version, and the file inside."""

    client: str  # npm or apt
    name: str
    version: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Face:
    """One font to build."""

    file: str
    family: str
    role: str
    original: str  # name and version of the font it is made from
    licence: str
    licence_file: str
    licence_source: str  # path inside the package, may end in .gz
    package: Package
    characters: str  # "han" | "gb2312" | "wider"
    tolerance: float  # font units the outline may move; 0 keeps it


_FANDOL = "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/FandolFang-Regular.otf"
_WENKAI = "usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf"
_SERIF = "@expo-google-fonts/noto-serif-sc"
_SANS = "@expo-google-fonts/noto-sans-sc"

FACES = (
    Face(
        file="jianjian-fangsong.ttf", family="Jianjian FangSong", role="body",
        original="FandolFang R 0.3", licence="GPL-3.0-only WITH Font-exception-2.0",
        licence_file="LICENSE-FandolFang.txt",
        licence_source="usr/share/doc/texlive-doc/fonts/fandol/COPYING.gz",
        package=Package("apt", "texlive-lang-chinese", "2022.20230122-1", _FANDOL,
            "d838ad32ce2244d8144f408c37fe71065aba6fbbc80759a4d2aa2033948d5bc9"),
        characters="han", tolerance=2.5,
    ),
    Face(
        file="jianjian-title.ttf", family="Jianjian Title", role="title",
        original="Noto Serif SC Bold 2.003", licence="OFL-1.1",
        licence_file="LICENSE-NotoSerifSC.txt", licence_source="package/LICENSE_FONT",
        package=Package("npm", _SERIF, "0.4.3", "package/700Bold/NotoSerifSC_700Bold.ttf",
            "9c6a2ba736e4b499c84f65ce366bd3625c0401885fd3e585ace50fb738b96ff6"),
        characters="gb2312", tolerance=2.0,
    ),
    Face(
        file="jianjian-hei.ttf", family="Jianjian Hei", role="heading",
        original="Noto Sans SC Medium 2.004", licence="OFL-1.1",
        licence_file="LICENSE-NotoSansSC.txt", licence_source="package/LICENSE_FONT",
        package=Package("npm", _SANS, "0.4.3", "package/500Medium/NotoSansSC_500Medium.ttf",
            "b30853d205f3ecdde938b1488c735ee15a2e870d31331b992fdc53971e23ec4a"),
        characters="gb2312", tolerance=2.0,
    ),
    Face(
        file="jianjian-kai.ttf", family="Jianjian Kai", role="signature",
        original="LXGW WenKai Regular 1.250", licence="OFL-1.1",
        licence_file="LICENSE-LXGWWenKai.txt", licence_source="usr/share/doc/fonts-lxgw-wenkai/copyright",
        package=Package("apt", "fonts-lxgw-wenkai", "1.250+repack-1", _WENKAI,
            "bbf534b0ca093928f94d1782855e65a19a32cde82b075d495d072025521953c8"),
        characters="gb2312", tolerance=2.5,
    ),
    Face(
        file="jianjian-song.ttf", family="Jianjian Song", role="numbers and rare characters",
        original="Noto Serif SC Regular 2.003", licence="OFL-1.1",
        licence_file="LICENSE-NotoSerifSC.txt", licence_source="package/LICENSE_FONT",
        package=Package("npm", _SERIF, "0.4.3", "package/400Regular/NotoSerifSC_400Regular.ttf",
            "c358a69de3df5f423a8946a7b03e3126fb6ba116f1130a463455b4e39e1f0742"),
        characters="wider", tolerance=2.0,
    ),
)  # fmt: skip
UNIHAN = Package(
    "apt",
    "unicode-data",
    "15.0.0-1",
    "usr/share/unicode/Unihan_OtherMappings.txt.bz2",
    "bdeef44d75d914e793b7f27ddc3bee01b2d11dd34f4e52de1a9fba74a1612dc2",
)


def gb2312() -> set[int]:
    """Return the 6,763 han of GB 2312 levels 1 and 2 and its 682 signs.

    Two signs, dash and middle dot, have other code points in GBK, where everybody types them; both are kept.
    """
    found = set()
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                code = bytes([high, low]).decode("gb2312")
            except UnicodeDecodeError:
                continue
            found |= {ord(code), ord(bytes([high, low]).decode("gbk"))}
    return found


def wider_han(unihan: Path) -> set[int]:
    """Return the han of 通用规范汉字表 (8,105) and the frequent traditional ones that GB 2312 lacks."""
    found = set()
    with bz2.open(unihan, "rt", encoding="utf-8") as lines:
        for line in lines:
            if "\tkTGH\t" in line:
                found.add(int(line.removeprefix("U+").split("\t")[0], 16))
    for high in range(0xA4, 0xC7):  # Big5 level 1: the 5,401 frequent traditional characters
        for low in (*range(0x40, 0x7F), *range(0xA1, 0xFF)):
            try:
                found.add(ord(bytes([high, low]).decode("big5")))
            except UnicodeDecodeError:
                continue
    return found - gb2312()


def wanted(face: Face, wider: set[int]) -> set[int]:
    """Return the code points the face shall carry."""
    national = gb2312()
    if face.characters == "han":
        return {point for point in national if FIRST_HAN <= point <= LAST_HAN} | set(map(ord, FANGSONG_MARKS))
    if face.characters == "wider":
        signs = {point for first, last in SIGN_RANGES for point in range(first, last + 1)}
        return wider | signs | {point for point in national if point < FIRST_HAN}
    return national | {point for first, last in LATIN for point in range(first, last + 1)}
