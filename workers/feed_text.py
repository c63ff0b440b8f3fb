"""What a reader sees of the HTML in a feed: its text, with nothing of its markup kept.

Every character is looked at a bounded number of times: `html.parser` took minutes for some 300 KB of tags
that never end.
"""

from __future__ import annotations

import html
import re

_BLOCKS = frozenset({"p", "br", "div", "li", "tr", "h1", "h2", "h3", "blockquote"})
_SILENT_END = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style")}
_TAG_NAME = re.compile(r"/?([A-Za-z][^\s/>]{0,30})")
_TAG_MARK = re.compile(r"""=\s{0,9}["']|>""")
_ENDLESS_NUMBER = re.compile(r"&#[xX]?[0-9A-Fa-f]{9,};?")  # `int` refuses thousands of digits


def plain_text(markup: str) -> str:
    """Return what a reader sees of HTML: its text, a line for each block."""
    lines = (" ".join(line.split()) for line in _Reader(markup).text().splitlines())
    return "\n".join(line for line in lines if line)


class _Reader:
    """Walks through HTML once; what never ends is taken as the text that it looks like."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._gone: set[str] = set()  # marks of which none is left: not to be looked for again
        self._minds_quotes = True

    def text(self) -> str:
        parts: list[str] = []
        at = 0
        while (opened := self._markup.find("<", at)) >= 0:
            parts.append(_unescaped(self._markup[at:opened]))
            block, at = self._after(opened)
            parts.append(block)
        parts.append(_unescaped(self._markup[at:]))
        return "".join(parts)

    def _after(self, opened: int) -> tuple[str, int]:
        """Return what stands for the markup that begins there, and where it ends."""
        if self._markup.startswith("<!--", opened):
            ended = self._find("-->", opened + 4)
            return ("", ended + 3) if ended >= 0 else ("<", opened + 1)
        if self._markup.startswith(("<!", "<?"), opened):
            ended = self._find(">", opened)
            return ("", ended + 1) if ended >= 0 else ("<", opened + 1)
        name = _TAG_NAME.match(self._markup, opened + 1)
        ended = self._tag_end(opened) if name is not None else -1
        if name is None or ended < 0:
            return "<", opened + 1
        tag = name[1].lower()
        if tag in _SILENT_END and not name[0].startswith("/"):
            found = _SILENT_END[tag].search(self._markup, ended)
            return "", found.start() if found is not None else len(self._markup)
        return "\n" if tag in _BLOCKS else "", ended + 1

    def _tag_end(self, opened: int) -> int:
        """Return where the tag's > is, which a value in quotes may hold, too; -1 where there is none."""
        if self._find(">", opened) < 0:
            return -1
        at = opened
        while self._minds_quotes and (mark := _TAG_MARK.search(self._markup, at)) is not None:
            if mark[0] == ">":
                return mark.start()
            closed = self._find(mark[0][-1], mark.end())
            if closed < 0:
                break
            at = closed + 1
        self._minds_quotes = False  # a quote never ends, or holds every > that is left
        return self._find(">", opened)

    def _find(self, mark: str, at: int) -> int:
        found = -1 if mark in self._gone else self._markup.find(mark, at)
        if found < 0:
            self._gone.add(mark)
        return found


def _unescaped(text: str) -> str:
    return html.unescape(_ENDLESS_NUMBER.sub("\ufffd", text))
