"""Finds numbers in folded text, in digits and in Chinese words, and reads them as the least they say.

三十多 is 30, 百余 and 上百 are 100, 几十 is 20, 30-50 and 三五十 are 30, 百八十 is 80, 近百 is 90: no guess
passes a threshold. Amounts as on a bill (伍佰元) and 廿, 卅 are read too; 队伍, 大陆, 万一, 一一 are none.
It knows no units: the caller says which characters must follow, and looks at the words itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

LARGEST = 10**12  # beyond any count of people, households or yuan; larger readings are cut to it
LEAST_OF_SEVERAL = 2  # 几 and 数 say two at least

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "仨": 3}
_DIGITS |= {"几": LEAST_OF_SEVERAL, "数": LEAST_OF_SEVERAL}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_WORD = "零〇一二三四五六七八九两俩仨几十百千万亿廿卅卌"
_TENS = {"廿": 20, "卅": 30, "卌": 40}
_MORE = "多余来几"
_MULTIPLIER = re.compile("[十百千万亿廿卅卌]")
_LONGEST_RUN = 30  # characters of one number
_LONGEST_CHOICE = 2  # digits side by side: 四五个 is a choice, 二零二六 is a year
_NO_NUMBER = re.compile("万一|一一|.*(?:千千|万万|亿亿)")  # 万一人家不肯, 千千万万: words of their own
_ROUND = {"百十": 100, "千百": 100, "百千": 100, "万千": 1000, "千万": 10**7}
_ABOUT = re.compile("[百千万](?=[一二三四五六七八九两几][十百千])")  # 百八十 is 80 to 100

# 伍 and 陆 are names and end words (队伍, 退伍, 大陆, 登陆): only before a multiplier of a bill, or 万.
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_FORMAL_START = (
    "(?:[壹贰叁肆柒捌玖](?=[拾佰仟十百千万亿])|[壹贰叁柒捌玖](?![壹贰叁肆伍陆柒捌玖])"
    "|(?<![队退入行落大登着内水])[伍陆](?=[拾佰仟万亿])|(?<!收)拾(?=[万亿壹贰叁肆伍陆柒捌玖]))"
)
_FORMAL_REST = f"[壹贰叁肆伍陆柒捌玖拾佰仟{_WORD}]"

# 12 345 is one number; 8月15 200人, 3栋 200户 and a row of house numbers are two.
_SPACED = r"(?<![0-9.:/\-月日号第栋楼幢座层室点期a-z])[1-9][0-9]{0,2}(?: [0-9]{3}){1,4}(?![0-9,.])"
_SEVERAL = "数(?=[十百千万亿])"
_COUNTED = "(?<![人户总个次件岁字分]数)"  # 人数十户 are ten
_NUMBER = (
    rf"(?:(?:{_SPACED}|[0-9]{{1,15}}(?:,[0-9]{{3}}(?![0-9]))*(?:\.[0-9]{{1,6}})?)[{_MORE}]?[十百千万亿佰仟]*[{_MORE}]?"
    rf"|(?:{_SEVERAL})?[{_WORD}]{{1,16}}[{_MORE}]?|{_FORMAL_START}{_FORMAL_REST}{{0,16}}[{_MORE}]?)"
)
_RARE = re.compile("[壹贰叁肆伍陆柒捌玖拾]")
_RARE_SPACE = re.compile(" [0-9]{3}(?<=[0-9] [0-9]{3})")
_FIGURE = re.compile(r"([0-9, ]+)(?:\.([0-9]+))?(.*)")
_RANGE = r"(?:\s?(?:-|~|—|–|至|到)\s?|(?<=[十百千])上(?=[百千万]))"  # 几十上百 is 20 at least
_GAP = r"\s?个?"  # may stand between a number and its unit: 三十多个村民
_MAY_STAND_BEFORE_UNIT = re.compile(_GAP)
_NEARLY = re.compile("(?<![最附靠邻临远就亲走])近$")
_TIME = frozenset("年月天日周季星小分秒")  # 近三年 are three years
NEARLY = 10  # 近 takes a tenth off: 近五十户 does not reach fifty


class Number(NamedTuple):
    """A number in a text: half-open range of characters, the least it says, and where a unit may start."""

    start: int
    end: int
    value: int
    unit_at: tuple[int, ...]


def number_finder(first_letters: Iterable[str]) -> Callable[[str], Iterator[Number]]:
    """Return a function that yields, in order, the numbers of a folded text that a unit may follow.

    Ordinals (第三) and rows of digit words (二零二六) are none. A range (30-50, 30至50) is one number.

    Args:
        first_letters: of the unit words; numbers before anything else are passed over.
    """
    letters = "".join(re.escape(letter) for letter in sorted(set(first_letters)))
    pattern = re.compile(rf"(?<!第)(?:(?P<low>{_NUMBER}){_RANGE})?(?P<number>{_NUMBER})(?={_GAP}[{letters}])")
    # Most runs of number words (一直, 万一) are no numbers: a cheap look at what follows saves the rest. The
    # bound keeps a hostile row of digits from being read once for each of its digits.
    # Its first character comes first: what stands before it is looked at only there.
    begins = (
        f"[0-9{_WORD}数](?<![0-9{_WORD}][0-9{_WORD}数])(?:(?<!数)|{_COUNTED}(?=[十百千万亿]))"
        f"[0-9.,佰仟{_WORD}{_MORE}]{{0,{_LONGEST_RUN}}}"
    )
    ends = rf"(?={_GAP}[{letters}]|\s?[-~—–至到]|上[百千万])"
    candidate = re.compile(f"{begins}{ends}")
    # Looking for what few texts have costs three times as much: only where there is some of it.
    rare_candidate = re.compile(
        f"(?:(?<![0-9{_WORD}])(?:{_SPACED}[十百千万亿{_MORE}]*)|{begins}"
        f"|(?<![0-9壹贰叁肆柒捌玖拾佰仟{_WORD}]){_FORMAL_START}{_FORMAL_REST}{{0,{_LONGEST_RUN}}}[{_MORE}]?){ends}"
    )

    def find(text: str) -> Iterator[Number]:
        end = 0
        for run in (rare_candidate if _has_rare(text) else candidate).finditer(text):
            match = pattern.match(text, run.start()) if run.start() >= end else None
            value = least(match["number"]) if match else None
            if match is None or value is None:
                continue
            low = least(match["low"]) if match["low"] is not None else None
            if low is not None and low < value:
                value = low
            end = match.end()
            gap = _MAY_STAND_BEFORE_UNIT.match(text, end)
            after = gap.end() if gap else end
            if text[after : after + 1] not in _TIME and _NEARLY.search(
                text, max(match.start() - 2, 0), match.start()
            ):
                value -= -(-value // NEARLY)
            yield Number(match.start(), end, min(value, LARGEST), (end,) if after == end else (end, after))

    return find


def _has_rare(text: str) -> bool:
    return _RARE.search(text) is not None or _RARE_SPACE.search(text) is not None


def least(number: str) -> int | None:
    """Return the least that a number says; None for a row of digit words (a year, a code)."""
    number = number.translate(_FORMAL)
    figure = _FIGURE.fullmatch(number)
    if figure is None:
        return _of_words(number.rstrip("多余来"))
    whole, fraction, scale = figure[1].replace(",", "").replace(" ", ""), figure[2] or "", figure[3]
    factor = 1
    for char in scale:
        factor *= _SMALL.get(char, 1) * _LARGE.get(char, 1)
    denominator: int = 10 ** len(fraction)
    return int(whole + fraction) * factor // denominator


def _of_words(word: str) -> int | None:
    """Return the least that a number word says; None for a row of digits and for what is none."""
    if len(word) > 1 and word[-1] == "几":
        word = word[:-1]  # 二十几 says twenty at least
    if word in _ROUND:
        return _ROUND[word]
    if _NO_NUMBER.fullmatch(word) or (len(word) > _LONGEST_CHOICE and not _MULTIPLIER.search(word)):
        return None
    return _added(word[1:] if _ABOUT.match(word) else word)


def _added(word: str) -> int:
    total = section = 0
    pending: int | None = None
    unit = 1  # of the last multiplier; 两万五 means 25,000, 两万零五 means 20,005
    for char in word:
        if char in "零〇":
            pending, unit = None, 1
        elif char in _DIGITS:
            # Two digits side by side leave a choice (三五十 is 30 to 50): the first one counts.
            pending = _DIGITS[char] if pending is None else pending
        elif char in _TENS:
            section, pending, unit = section + _TENS[char], None, 10
        elif char in _SMALL:
            unit = _SMALL[char]
            section += (1 if pending is None else pending) * unit
            pending = None
        else:
            unit = _LARGE[char]
            section = section + (pending or 0)
            whole = (total + section or 1) * unit if char == "亿" else total + (section or 1) * unit
            total, section, pending = whole, 0, None
    return total + section + (pending or 0) * max(unit // 10, 1)
