"""Where words begin in a text. The only importer of jieba, and that not before the first text.

Splitting costs milliseconds a post, so that callers ask only where a rule needs word boundaries.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jieba

LONGEST_SPLIT = 4_000
"""Characters split at once: jieba's path search is linear, its memory for one piece is not small."""


@cache
def _splitter() -> jieba.Tokenizer:
    with warnings.catch_warnings():  # jieba 0.42.1 imports pkg_resources, which warns on every start
        warnings.simplefilter("ignore", UserWarning)
        import jieba  # noqa: PLC0415 - 1.3 to 2.5 s to load; only where words are needed

    jieba.setLogLevel(logging.WARNING)
    return jieba.Tokenizer()


def load(cache_dir: Path) -> None:
    """Load the dictionary, so that a process forked later has it already.

    Args:
        cache_dir: private directory (made 0700) for the parsed dictionary. jieba would else read and
            write a file of predictable name in the shared temporary directory (traps.md).
    """
    cache_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    cache_dir.chmod(0o700)
    splitter = _splitter()
    if not splitter.initialized:
        splitter.tmp_dir = os.fspath(cache_dir)
        splitter.initialize()


def on_demand(cache_dir: Path) -> Callable[[str], tuple[int, ...]]:
    """Return `word_starts` that loads the dictionary when it is first asked: few rules ask for whole words.

    Args:
        cache_dir: see `load`.
    """

    def starts(text: str) -> tuple[int, ...]:
        load(cache_dir)
        return word_starts(text)

    return starts


def is_loaded() -> bool:
    """Return whether the dictionary is in memory."""
    return bool(_splitter.cache_info().currsize) and _splitter().initialized


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text in order; joined they give the text again."""
    splitter = _splitter()
    pieces = (text[i : i + LONGEST_SPLIT] for i in range(0, len(text), LONGEST_SPLIT))
    return tuple(word for piece in pieces for word in splitter.cut(piece, HMM=False))


def word_starts(text: str) -> tuple[int, ...]:
    """Return the offsets (characters, ascending) at which a word of `text` begins."""
    starts, at = [], 0
    for word in words(text):
        starts.append(at)
        at += len(word)
    return tuple(starts)
