"""Takes telephone numbers, identity numbers and addresses of mailboxes and chats out of a text.

It is for papers that leave the office, and for everybody who may not look at an identity. Names in running
text stay: only a reader can tell whose they are.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

HIDDEN = "〔已隐去〕"

_D = "[0-9０-９]"
_WORDS = "〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
_GAP = "[-－ ·.]?"
_NUMBER = re.compile(
    rf"{_D}{{7,}}[Xx]?"  # identity cards, bank cards, numbers without gaps
    rf"|{_D}{{6}}[- ]{_D}{{8}}[- ]?{_D}{{3}}[0-9０-９Xx]"  # identity cards in groups
    rf"|[1１]{_D}{{2}}{_GAP}{_D}{{4}}{_GAP}{_D}{{4}}"  # mobile telephones
    rf"|[0０]{_D}{{2,3}}{_GAP}{_D}{{7,8}}"  # fixed telephones with their area
    rf"|[{_WORDS}]{{7,}}"  # in words, digit by digit
)
# Everybody's texts pass here, up to 64 KB: each search starts from a sign that is rare, and what it has read
# it does not read again (`+` after a quantifier), so that no text takes longer than its length.
_HOST = re.compile(r"(?:@|＠|[（(\[]\s*+at\s*+[)）\]]\s*+)[\w-]++(?:\.[\w-]++)+", re.ASCII | re.IGNORECASE)
_BEFORE_HOST = frozenset(string.ascii_letters + string.digits + "_.+-")
_CHAT = re.compile(
    r"(?:微信|薇信|QQ|抖音|快手|[vw]信|加[vw]|(?<![A-Za-z])(?:wechat|weixin|vx|wx(?!id_)))"
    r"(?:群|号码|账号|帐号|号|id)*\s*+[:：为是]?+\s*+(?P<name>[A-Za-z0-9_\-]{5,}+)"
    r"|(?P<wxid>(?<![A-Za-z0-9])wxid_\w++)",
    re.IGNORECASE,
)
_CUT = "…"
_OF_A_NAME = _BEFORE_HOST | {"@"}
_TELLING = frozenset(string.digits + "@_")
_MAY_BE_HIDDEN = re.compile(f"[0-9０-９A-Za-z@＠{_WORDS}]")


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with what would lead to a person replaced by 〔已隐去〕.

    Attributes:
        text: as it may be shown.
        hidden: the half-open ranges of the original that are gone, in order, none touching another.
    """

    text: str
    hidden: tuple[tuple[int, int], ...]

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where the original's characters [start, end) stand now; None where any of them is gone."""
        if any(start < to and begin < end for begin, to in self.hidden):
            return None
        shift = sum(len(HIDDEN) - (to - begin) for begin, to in self.hidden if to <= start)
        return start + shift, end + shift


def masking(text: str) -> Masked:
    """Return the masked text, with what is needed to find a place of the original in it.

    A text that ends with an ellipsis was cut: a number or a name that it cuts is hidden, too.
    """
    found = list(_mailboxes(text))
    found += [match.span(match.lastgroup or 0) for match in _CHAT.finditer(text)]
    found += [match.span() for match in _NUMBER.finditer(text)]
    found += _cut_short(text)
    hidden: list[tuple[int, int]] = []
    for begin, to in sorted(found):
        if hidden and begin <= hidden[-1][1]:
            hidden[-1] = (hidden[-1][0], max(hidden[-1][1], to))
        else:
            hidden.append((begin, to))
    edges = [0, *(edge for one in hidden for edge in one), len(text)]
    kept = [text[begin:to] for begin, to in list(pairwise(edges))[::2]]
    return Masked(HIDDEN.join(kept), tuple(hidden))


def _mailboxes(text: str) -> Iterator[tuple[int, int]]:
    """Yield where mailboxes stand: from each host back over the name before it."""
    for match in _HOST.finditer(text):
        end = match.start()
        while end > 0 and text[end - 1].isspace() and match[0][0] not in "@＠":
            end -= 1
        start = _run_before(text, end, _BEFORE_HOST)
        if start < end:
            yield start, match.end()


def _cut_short(text: str) -> list[tuple[int, int]]:
    """Return the name or number that the end of a cut text cuts through."""
    whole = text.removesuffix("\n")
    if not whole.endswith(_CUT):
        return []
    end = len(whole) - len(_CUT)
    start = _run_before(text, end, _OF_A_NAME)
    return [] if _TELLING.isdisjoint(text[start:end]) else [(start, end)]


def _run_before(text: str, end: int, of: frozenset[str]) -> int:
    """Return where the run of these characters begins that stands before `end`."""
    start = end
    while start > 0 and text[start - 1] in of:
        start -= 1
    return start


def masked(text: str) -> str:
    """Return the text with what would lead to a person replaced by 〔已隐去〕."""
    return masking(text).text


def may_be_hidden(text: str) -> bool:
    """Return whether a search for `text` could find what masking hides, and so tell that it is there."""
    return _MAY_BE_HIDDEN.search(text) is not None
