"""Whether no machine here can read a text: it is garbled, or in another language. It judges nothing else."""

from __future__ import annotations

import re

from rules.model import Label

MOST_ODD = 0.3  # share of characters that no reader can make out, above which a person reads the post
LEAST_FOREIGN = 4
"""Letters of neither Chinese nor Latin script from which on a person reads the post, where they are a third
of all letters: 喜欢の味道 is Chinese. **Source:** ours; a cry for help has rarely fewer."""
LEAST_WORDS, LEAST_LETTERS = 2, 5
"""Different Latin words, and letters in them, without a Chinese character: names, codes and test have fewer.
**Source:** ours; *help me* is two."""
LONG_WORD = 20  # letters that are read by a person also without a space between them
_LOOKED_AT = 2_000  # characters that are looked at
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[a-z]+")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+")
_LETTER = re.compile(r"[^\W\d_]")
_FOREIGN = re.compile(r"[^\W\d_a-z\u3400-\u9fff\uf900-\ufaff]")
_ODD = "\ufffd\u25a1\u25a0"  # replacement character and boxes that stand for lost letters

_GARBLED = Label("文字残缺、无法辨认，请人工阅读。", "Too garbled to read by machine: read it.")
_OTHER_SCRIPT = Label(
    "不是中文，机器不能研判，请人工阅读。", "It is not in Chinese: no machine here can judge it, read it."
)


def unreadable(folded: str) -> tuple[Label, ...]:
    """Return why a person must read a text because no machine here can; nothing where one can.

    Args:
        folded: title and text, folded.
    """
    odd = sum(map(folded.count, _ODD))
    if odd and odd / sum(not char.isspace() for char in folded) > MOST_ODD:
        return (_GARBLED,)
    return (_OTHER_SCRIPT,) if _is_foreign(folded[:_LOOKED_AT]) else ()


def _is_foreign(text: str) -> bool:
    strange = len(_FOREIGN.findall(text))
    if strange >= LEAST_FOREIGN and strange * 3 >= len(_LETTER.findall(text)):
        return True
    if _HAN.search(text):
        return False
    words = _LATIN.findall(_ADDRESS.sub(" ", text))
    letters = sum(map(len, words))
    return strange + letters >= LONG_WORD or (len(set(words)) >= LEAST_WORDS and letters >= LEAST_LETTERS)
