"""Says whether the words around a hit take it back: denied, asked, supposed, to be prevented or quoted.

It is a reader of clauses, not a parser: what it cannot tell counts as said, so that nothing grave is dropped.
"""

from __future__ import annotations

import re
from bisect import bisect_left

_FARTHEST = 30  # characters before a hit that are looked at
_LONGEST_CUE = 4  # characters; one may begin before what is looked at, and hide another in it
_AFTER = 12  # characters after a hit that are looked at

# Greedy, so that it ends after the last mark.
_TO_CLAUSE_END = re.compile(r".*[，。！？；：,!?;:\n]", re.DOTALL)
_TO_SENTENCE_END = re.compile(r".*[。！？；!?;\n]", re.DOTALL)

# Words that may stand between a denial and what it denies without changing it: 没有[造成任何人员]伤亡.
_FILLER = re.compile(
    r"发现|涉及|属于|构成|听说|再|有|任何|什么|人员|群众|其他|其它|一名|一个|一例|一起|一人|人|的|了|过|被|所谓"
)
# What brings something about. A denial reaches over it only where nothing else stands before it: with
# 没有[路灯]造成死亡 it is the lamps that are missing.
_CAUSES = re.compile(r"造成|导致|引发|引起|致使|发生|出现")
_BEFORE_CAUSES = re.compile(
    r"造成|导致|引发|引起|致使|发生|出现|发现|听说|因此|因而|直接|再|过|有|会|曾|也|又"
)
# What somebody does or fails to do: 没有一个人[管], 没有[来]. There the denial has found its object.
_ACTS = re.compile(r"[管理来去到问修救说答回办查看给让叫]")
# A word of denial that may govern a few other words, and one that must stand right before what it denies.
_DENIAL = re.compile(
    r"没有|不存在|并非|并不是|不是|不会|未曾|从未|尚未|并未|未见|绝无|毫无|从没|并没|差点|险些|差一点"
)
_BARE_DENIAL = re.compile(r"未|无|没|非|零")
_TWICE = re.compile(r"(?:不是|并非|不会|不可能|不能说)\Z")  # 不是没有死亡: somebody did die
_GOVERNED = 2  # characters that may remain between a denial and the hit

# Supposed: holds to the end of the sentence. Asked or to be prevented: holds to the end of the clause.
_SUPPOSED = re.compile(r"如果|假如|假设|倘若|要是|万一|一旦|若是|如若|设若|除非|否则")
_ASKED = re.compile(
    r"是否|是不是|有没有|有无|会不会|能否|以免|免得|避免|防止|谨防|预防|杜绝|严防|防范|担心|害怕|生怕|唯恐|恐怕|怕"
)
_FIGHTING = re.compile(r"不怕|哪怕|难怪")  # 怕 inside these supposes nothing
# Quoted: in the title of a work or document, or in quotation marks after a word that says it is no report.
# What people are said to have done or called out stays said.
_TITLE_OPEN, _TITLE_CLOSED = "《", "》"
_QUOTES = {"“": "”", "‘": "’", "「": "」", "『": "』"}
_NO_REPORT = re.compile(
    r"(?:规定|条例|标语|口号|宣传语|宣传片|电影|电视剧|小说|歌曲|歌词|游戏|谚语|成语|俗话|所谓|比如|例如)"
    r"[^，。！？；,!?;\n“‘「『]{0,4}[:：，,]?\Z"
)
# One cheap look saves the reading of most clauses.
_ANY_CUE = re.compile(
    "|".join(p.pattern for p in (_SUPPOSED, _ASKED, _DENIAL, _BARE_DENIAL))
    + f"|[{_TITLE_OPEN}{''.join(_QUOTES)}]"
)
_DENIED_AFTER = re.compile(r"[^，。！？；,!?;\n]{0,4}(?:并?未发生|并?没有发生|为零|不存在|是假的|是谣言)")
_ANY_CUE_AFTER = re.compile(r"未发生|没有发生|为零|不存在|是假的|是谣言|(?:吗|么|没有)[？?]")
_QUESTION = re.compile(r"[^，。！？；,!?;\n]{0,6}(?:吗|么|没有)[？?]")


class Cues:
    """Where a text has a word that may take something back: one pass for all hits of a post."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._before = [match.start() for match in _ANY_CUE.finditer(text)]
        self._after = [match.start() for match in _ANY_CUE_AFTER.finditer(text)]

    def take_back(self, start: int, end: int) -> bool:
        """Return whether the hit text[start:end] is denied, asked, supposed or to be prevented."""
        at = bisect_left(self._before, start) - 1
        if at >= 0 and self._before[at] >= start - _FARTHEST - _LONGEST_CUE:
            before = self._text[max(0, start - _FARTHEST) : start]
            if _is_taken_back_before(before):
                return True
        at = bisect_left(self._after, end)
        near = at < len(self._after) and self._after[at] < end + _AFTER
        return near and _is_taken_back_after(self._text, end)


def is_taken_back(text: str, start: int, end: int) -> bool:
    """Return whether the hit text[start:end] is denied, asked, supposed, to be prevented or quoted.

    Args:
        text: folded text.
        start: first character of the hit.
        end: one past its last character.
    """
    return Cues(text).take_back(start, end)


def _is_taken_back_before(before: str) -> bool:
    if _is_quoted(before):
        return True
    sentence = _after(_TO_SENTENCE_END, before)
    if _SUPPOSED.search(sentence):
        return True
    clause = _after(_TO_CLAUSE_END, sentence)
    return bool(_ASKED.search(_FIGHTING.sub("", clause))) or _is_denied(clause)


def _is_quoted(before: str) -> bool:
    if before.rfind(_TITLE_OPEN) > before.rfind(_TITLE_CLOSED):
        return True
    at, mark = max((before.rfind(mark), mark) for mark in _QUOTES)
    return at > before.rfind(_QUOTES[mark]) and bool(_NO_REPORT.search(before[:at]))


def _is_taken_back_after(text: str, end: int) -> bool:
    after = text[end : end + _AFTER]
    return bool(_DENIED_AFTER.match(after) or _QUESTION.match(after))


def _after(to_mark: re.Pattern[str], text: str) -> str:
    """Return what follows the last mark, the whole text where there is none."""
    match = to_mark.match(text)
    return text[match.end() :] if match else text


def _is_denied(clause: str) -> bool:
    return any(
        _governs(clause[match.end() :], at_most) and not _TWICE.search(clause[: match.start()])
        for denial, at_most in ((_DENIAL, _GOVERNED), (_BARE_DENIAL, 0))
        for match in denial.finditer(clause)
    )


def _governs(between: str, at_most: int) -> bool:
    """Return whether a denial reaches over what stands between it and the hit."""
    causes = list(_CAUSES.finditer(between))
    if causes:
        if _BEFORE_CAUSES.sub("", between[: causes[-1].start()]):
            return False
        between = between[causes[-1].end() :]
    left = _FILLER.sub("", between)
    return len(left) <= at_most and not _ACTS.search(left) and not _DENIAL.search(between)
