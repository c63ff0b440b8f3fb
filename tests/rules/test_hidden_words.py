"""How words that are hidden from filters are heard: 26 classes on the terms of the demo pack, with a table.

Words stand hidden in ordinary sentences, and one counts as found only where its span is found. The table is
printed with `-s`.
"""

from __future__ import annotations

import csv
import sys
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random

import opencc
import pytest

from rules.lookalikes import LOOKALIKES
from rules.normalise import letters, normalise
from rules.signals import compile_signals
from tests.demo import demo_book
from tests.rules.tiny import tiny_pack

ENOUGH = 0.95
TRIES = 100
_TRADITIONAL = opencc.OpenCC("s2t")
_COMPATIBLE = {
    unicodedata.normalize("NFKC", chr(code)): chr(code)
    for code in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFA6E), *range(0x2F800, 0x2FA1E))
}
_ALIKE = {plain: like for like, plain in LOOKALIKES.items()}

Hide = Callable[[str, Random], str]


def _between(*marks: str) -> Hide:
    def hide(word: str, random: Random) -> str:
        return "".join(char + random.choice(marks) for char in word[:-1]) + word[-1]

    return hide


def _after_each(*marks: str) -> Hide:
    return lambda word, random: "".join(char + random.choice(marks) for char in word)


def _replaced(table: dict[str, str]) -> Hide:
    return lambda word, _random: "".join(table.get(char, char) for char in word)


def _shifted(first: int) -> dict[str, str]:
    return {chr(ord("a") + n): chr(first + n) for n in range(26)}


HAN, LATIN = "han", "latin"
# name, how, which words; in Latin classes the words are those of apps and firms
CLASSES: dict[str, tuple[Hide, str]] = {
    "zero-width space": (_between("\u200b"), HAN),
    "zero-width joiner or non-joiner": (_between("\u200d", "\u200c"), HAN),
    "word joiner, byte order mark": (_between("\u2060", "\ufeff"), HAN),
    "soft hyphen": (_between("\u00ad"), HAN),
    "direction marks": (_between("\u202e", "\u202c", "\u200e", "\u2067"), HAN),
    "tag characters": (_between("\U000e0041", "\U000e007a"), HAN),
    "control characters": (_between("\x00", "\x07", "\x1b"), HAN),
    "variation selectors": (_after_each("\ufe0f", "\U000e0101"), HAN),
    "struck through": (_after_each("\u0336", "\u0335\u0338"), HAN),
    "combining enclosures": (_after_each("\u20dd", "\u20de"), HAN),
    "piled diacritics": (_after_each("\u0300\u0316\u0334", "\u0489"), HAN),
    "Hangul fillers": (_between("\u3164", "\u115f", "\uffa0"), HAN),
    "traditional": (lambda word, _: _TRADITIONAL.convert(word), HAN),
    "compatibility Han": (_replaced(_COMPATIBLE), HAN),
    "look-alikes of other scripts, Han": (_replaced(_ALIKE), HAN),
    "look-alikes of other scripts, Latin": (_replaced(_ALIKE), LATIN),
    "full width": (_replaced(_shifted(0xFF41)), LATIN),
    "circled or mathematical letters": (_replaced(_shifted(0x24D0)), LATIN),
    "spaces": (_between(" ", "  ", "\u3000"), HAN),
    "stars and other marks": (_between("*", "#", "/", "~", "_", "+"), HAN),
    "emoji": (_between("😀", "🚩", "❤"), HAN),
    "one letter a line": (lambda word, _: "\n" + "\n".join(word) + "\n", HAN),
    "honest marks, letter by letter": (lambda word, _: "，" + "、".join(word) + "，", HAN),
    "pinyin": (lambda word, _: "chai" + word[1:], HAN),
    "sound-alikes": (lambda word, _: "柴" + word[1:], HAN),
    "taken apart": (lambda word, _: "扌斥" + word[1:], HAN),
}
MISSED = {"pinyin", "sound-alikes", "taken apart"}
LATIN_WORDS = ("app", "taxi", "poison", "police", "ponzi", "bribe", "toxic", "hospital")
SENTENCES = ("昨天我们去反映{}的事情", "请问{}由哪个部门负责处理", "关于{}，希望有人管一管", "{}已经三年了")


@cache
def _words(kind: str) -> tuple[str, ...]:
    if kind == LATIN:
        return LATIN_WORDS
    lexicons = demo_book().pack.lexicons
    return tuple(sorted({t for lexicon in lexicons for t in lexicon.terms if len(t) >= 3 and _is_han(t)}))


def _is_han(word: str) -> bool:
    return all("\u4e00" <= char <= "\u9fff" for char in word)


@cache
def _finder(word: str) -> Callable[[str], list[str]]:
    signals = f"signals: [{{id: one, title: {{zh: 甲, en: a}}, terms: ['{word}']}}]"
    scanner = compile_signals(tiny_pack(signals=signals, severity="rules: []"))

    def find(text: str) -> list[str]:
        return [text[span.start : span.end] for hit in scanner.scan("", text).hits for span in hit.spans]

    return find


def _tries(name: str) -> Iterator[bool]:
    hide, kind = CLASSES[name]
    random = Random(name)  # noqa: S311 - a repeatable choice
    words = [word for word in _words(kind) if hide(word, Random(0)) != word]  # noqa: S311
    assert words, "no word of the pack can be hidden so"
    for _ in range(TRIES):
        word = random.choice(words)
        hidden = hide(word, random)
        text = random.choice(SENTENCES).format(hidden)
        # Marks after the last letter need not be covered.
        yield any(span in hidden and len(span) >= len(word) for span in _finder(word)(text))


@cache
def _shares() -> dict[str, float]:
    return {name: sum(_tries(name)) / TRIES for name in CLASSES}


@pytest.mark.no_cover  # it runs over the same lines often
def test_twenty_classes_of_hidden_words_are_heard():
    shares = _shares()
    lines = [f"{name:<38} {share:.1%}" for name, share in shares.items()]
    sys.stdout.write("\n".join(["", f"{'class':<38} found, of {TRIES}", *lines, ""]))
    heard = {name for name, share in shares.items() if share >= ENOUGH}

    assert len(CLASSES) == 26
    assert heard == set(CLASSES) - MISSED
    assert len(heard) == 23


@pytest.mark.parametrize("name", sorted(set(CLASSES) - MISSED))
def test_the_words_as_written_would_not_be_found(name: str):
    """Without folding and joining each class hides its words: the table measures something."""
    hide, kind = CLASSES[name]
    random = Random(1)  # noqa: S311 - a repeatable choice
    words = [word for word in _words(kind) if hide(word, Random(0)) != word]  # noqa: S311
    hidden = [(word, hide(word, random)) for word in words]

    assert all(word not in text for word, text in hidden)


DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "messages_labelled.csv"


@pytest.mark.no_cover  # it runs over the same lines often
@pytest.mark.realdata
@pytest.mark.skipif(not DATA.is_file(), reason="../shared/data is absent")
def test_ordinary_messages_gain_no_more_than_half_a_point_of_hits():
    """A message gains a hit where a signal is only found once marks are taken out or look-alikes are read."""
    book = demo_book()
    gained = total = 0
    with DATA.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            total += 1
            gained += any(hit.hidden for hit in book.scan("", row["text"]).hits)
            # What a look-alike could change at all: characters of the table in an ordinary message.
            gained += not LOOKALIKES.keys().isdisjoint(row["text"]) and _reads_anew(row["text"])
    sys.stdout.write(f"\nhit only by unhiding: {gained} of {total} ordinary messages, {gained / total:.2%}\n")

    assert total > 1_000
    assert gained / total <= 0.005


def _reads_anew(text: str) -> bool:
    """Return whether reading look-alikes trips another signal than blanking them does."""
    blanked = "".join("□" if char in LOOKALIKES else char for char in text)
    return set(demo_book().scan("", text).features) != set(demo_book().scan("", blanked).features)


@pytest.mark.no_cover  # it runs over the same lines often
def test_every_character_of_unicode_is_folded_once_and_for_all():
    odd = [
        code
        for code in range(0x110000)
        if unicodedata.category(chr(code)) not in {"Cn", "Co"}
        and normalise(normalise(chr(code)).text).text != normalise(chr(code)).text
    ]

    assert odd == []


def test_a_look_alike_is_read_as_what_it_looks_like():
    assert {like: normalise(like).text for like in LOOKALIKES} == dict(LOOKALIKES)
    assert letters(normalise("人ロ普査").text) is None
