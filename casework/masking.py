"""Takes telephone numbers, identity numbers and addresses of mailboxes and chats out of a text.

It is for papers that leave the office. Names in running text stay: only a reader can tell whose they are.
"""

from __future__ import annotations

import re

HIDDEN = "〔已隐去〕"

_D = "[0-9０-９]"
_GAP = "[-－ ·]?"
_NUMBER = re.compile(
    rf"{_D}{{7,}}[Xx]?"  # identity cards, bank cards, numbers without gaps
    rf"|[1１]{_D}{{2}}{_GAP}{_D}{{4}}{_GAP}{_D}{{4}}"  # mobile telephones
    rf"|[0０]{_D}{{2,3}}{_GAP}{_D}{{7,8}}"  # fixed telephones with their area
)
_MAILBOX = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_CHAT = re.compile(r"(微信号?|QQ号?|抖音号|快手号)(\s*[:：为是]?\s*)([A-Za-z0-9_\-]{5,})", re.IGNORECASE)


def masked(text: str) -> str:
    """Return the text with what would lead to a person replaced by 〔已隐去〕."""
    text = _MAILBOX.sub(HIDDEN, text)
    text = _CHAT.sub(rf"\1\2{HIDDEN}", text)
    return _NUMBER.sub(HIDDEN, text)
