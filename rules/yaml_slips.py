"""YAML that cannot be read, said to its author: the line that is at fault and what to type there instead.

It parses nothing: `yamltree` does, and asks here what a message of the parser means. The parser often names
the line after the slip, so the line before it is looked at as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rules.yaml_meanings import meaning_of

_KEY = r"[A-Za-z_][\w-]*"
_WIDE_COLON = re.compile(rf"^\s*(?:- +)?(?:{_KEY}\s*(?P<block>：)|.*[{{,]\s*{_KEY}\s*(?P<flow>：))")
_NO_SPACE = re.compile(rf"^\s*(?:- +)?{_KEY}(?P<at>:)(?=[^\s:/,}}\]])")
_NO_DASH_SPACE = re.compile(rf"^\s*(?P<at>-){_KEY}\s*:")
_WIDE_BRACKET = re.compile(r"[｛｝［］【】]")
_WIDE_START = re.compile(r"(?::[ ]+|- +|[\[{,]\s*)(?P<at>[｛［【（])")
_WIDE_DASH = re.compile(r"^\s*(?P<at>[－—–−﹣])(?=\s|\{)")
_WIDE_SPACE = re.compile(r"^[ ]*(?P<indent>[\u3000\u00a0])|:(?P<value>[\u3000\u00a0])")
_WIDE_QUOTE = re.compile(r"(?P<open>[\"'])[^\"']*(?P<at>[“”‘’＂＇])")
_AFTER_QUOTE = re.compile(
    r"(?:: +|[\[{,] *|- +)(?P<quote>[\"'])(?:(?!(?P=quote)).)*(?P=quote)(?P<at>[^\s,:\]}#])"
)
_COMMENT = re.compile(r"[\[{].*? (?P<at>#)")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'")
_NOT_YAML = re.compile(rf"{_QUOTED.pattern}|(?:^|(?<=\s))#.*")
_OPENING = {"[": "]", "{": "}"}


class Slip(NamedTuple):
    """What is wrong and what to do. Line and column count from 1."""

    line: int
    column: int
    zh: str
    en: str


_SAID_TOO_LATE = ("end of stream", "could not find expected ':'")
_LONGEST_READ = 2_000  # characters of a line that are looked at
Place = tuple[int, int]  # line and column, from 1


def slip_in(text: str, problem: str, stopped: Place, opened: Place | None = None) -> Slip:
    """Return the slip behind an error of the parser.

    Args:
        text: of the file.
        problem: what the parser says.
        stopped: where it gave up.
        opened: where the quotation, list or key that it was reading began.
    """
    lines = [line[:_LONGEST_READ] for line in text.split("\n")]
    said = meaning_of(problem)
    for look in _LOOKS:
        for number in _suspects(lines, stopped[0], opened):
            found = look(lines[number - 1])
            if found is not None:
                at, zh, en = found
                return Slip(number, at + 1, zh, en)
    is_earlier = opened is not None and any(words in problem for words in _SAID_TOO_LATE)
    at_fault = opened if opened is not None and is_earlier else stopped
    return Slip(*at_fault, said.zh, said.en)


Found = tuple[int, str, str]  # column from 0, what to do in both languages


def _suspects(lines: list[str], line: int, opened: Place | None) -> Iterator[int]:
    """Yield the numbers of the lines to look at: where reading stopped, the one before it, where it began."""
    here = min(line, len(lines))
    before = next((n for n in range(here - 1, 0, -1) if lines[n - 1].strip()), None)
    start = min(opened[0], len(lines)) if opened is not None else None
    for number in dict.fromkeys((before, here, start)):
        if number is not None and not lines[number - 1].lstrip().startswith("#"):
            yield number


def _wide_colon(line: str) -> Found | None:
    found = _WIDE_COLON.match(_bare(line))
    if found is None:
        return None
    at = found.start(found.lastgroup or 0)
    return (
        at,
        "键后用了全角冒号「：」，请改成半角冒号加空格「: 」",
        "a full-width colon ： after a key: type `: `",
    )


def _tab(line: str) -> Found | None:
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" not in indent:
        return None
    return indent.index("\t"), "缩进用了制表符（Tab），请改成空格", "indented by a tab: type spaces"


def _no_space(line: str) -> Found | None:
    found = _NO_SPACE.match(_bare(line))
    if found is None:
        return None
    return (
        found.start("at"),
        "冒号后缺少空格，请写成「键: 值」",
        "no space after the colon: type `key: value`",
    )


def _no_dash_space(line: str) -> Found | None:
    found = _NO_DASH_SPACE.match(_bare(line))
    if found is None:
        return None
    return found.start("at"), "「-」后缺少空格，请写成「- 」", "no space after the dash: type `- `"


def _wide_bracket(line: str) -> Found | None:
    bare = _bare(line)
    found = _WIDE_START.search(bare)
    at = found.start("at") if found else None
    if at is None and re.search(r"[\[{\]}]", bare):
        found = _WIDE_BRACKET.search(bare)
        at = found.start() if found else None
    if at is None:
        return None
    zh = f"用了全角括号「{bare[at]}」，请改成半角的 [ ] 或 {{ }}；它是文字时用引号括起来"
    return at, zh, f"a full-width bracket {bare[at]}: type [ ] or {{ }}, or quote it where it is text"


def _wide_dash(line: str) -> Found | None:
    found = _WIDE_DASH.match(line)
    if found is None:
        return None
    zh = f"列表项开头用了「{found['at']}」，请改成半角减号加空格「- 」"
    return found.start("at"), zh, f"{found['at']} at the beginning of an item: type `- `"


def _wide_space(line: str) -> Found | None:
    found = _WIDE_SPACE.search(_bare(line))
    if found is None:
        return None
    zh = "这里是全角空格，请改成半角空格"
    return found.start(found.lastgroup or 0), zh, "a full-width space: type an ordinary one"


def _quotes(line: str) -> Found | None:
    """Return the quotation that ends with another mark than it began, or goes on behind its end."""
    bare = _bare(line)
    if found := _WIDE_QUOTE.search(bare):
        zh = f"引号不成对：开头是「{found['open']}」，这里是「{found['at']}」，请改成「{found['open']}」"
        return found.start("at"), zh, f"opened by {found['open']}, not closed by {found['at']}: type the same"
    if found := _AFTER_QUOTE.search(line):
        zh = f"引号到这里已经结束，后面还有文字：整个值用一对引号，里面的「{found['quote']}」改成另一种引号"
        return found.start("at"), zh, "text after the closing quotation mark: quote the whole value"
    return None


def _comment(line: str) -> Found | None:
    found = _COMMENT.search(_QUOTED.sub(lambda one: '"' * len(one[0]), line))
    if found is None or _brackets(line[: found.start("at")]) is None:
        return None
    zh = "空格加「#」以后是注释，括号因此没有写完：含「#」的文字用引号括起来"
    return found.start("at"), zh, "` #` begins a comment, inside brackets: put a text that holds # in quotes"


def _wide_comma(line: str) -> Found | None:
    bare = _bare(line)
    depth = 0
    if _brackets(line) is None and not re.search(rf"[，、；;]\s*(?:{_KEY}\s*:|[{{\[])", bare):
        return None  # a comma of ordinary text
    for at, char in enumerate(bare):
        depth += (char in "[{") - (char in "]}")
        if char in "，、；;" and depth > 0:
            return (
                at,
                f"方括号或花括号里用了「{char}」，请改成半角逗号加空格「, 」",
                f"{char} between brackets: type `, `",
            )
    return None


def _brackets(line: str) -> Found | None:
    """Return the bracket of a line that has no counterpart there."""
    open_at: list[int] = []
    bare = _bare(line)
    for at, char in enumerate(bare):
        if char in _OPENING:
            open_at.append(at)
        elif char in "]}":
            if not open_at:
                zh = f"多了一个「{char}」，或前面缺少它的前一半"
                return at, zh, f"`{char}` closes nothing: an opening bracket is missing"
            opening = bare[open_at.pop()]
            if _OPENING[opening] != char:
                wanted = _OPENING[opening]
                zh = f"「{opening}」要用「{wanted}」结束，这里是「{char}」"
                return at, zh, f"`{opening}` is closed by `{wanted}`, not `{char}`"
    if not open_at:
        return None
    opening = bare[open_at[-1]]
    wanted = _OPENING[opening]
    zh = f"「{opening}」没有对应的「{wanted}」，请补上「{wanted}」"
    return open_at[-1], zh, f"`{opening}` is not closed: add `{wanted}`"


def _bare(line: str) -> str:
    """Return a line with what stands in quotes or behind # blanked, every character at its place."""
    return _NOT_YAML.sub(lambda found: " " * len(found[0]), line)


_LOOKS = (
    _wide_colon,
    _tab,
    _wide_space,
    _no_space,
    _no_dash_space,
    _wide_dash,
    _quotes,
    _wide_bracket,
    _wide_comma,
    _comment,
    _brackets,
)
