from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules.normalise import LONGEST, fold_expression, letters, normalise

HOSTILE = st.text(
    alphabet=st.one_of(
        st.characters(),  # lone surrogates among them
        st.sampled_from("死亡拆迁業主上访。，、 \n\u200b\ufe0f\u3164\u0301ﷺ㍿①Ⅷİẞ…５Ａ*_-."),
    ),
    max_size=60,
)


@given(HOSTILE)
@example("\ud800死\x00亡")
@example("ﷺ" * 10)
def test_folding_twice_changes_nothing(text: str):
    once = normalise(text).text

    assert normalise(once).text == once


@given(HOSTILE)
def test_every_folded_character_leads_back_to_the_character_it_came_from(text: str):
    folded = normalise(text)

    for index, char in enumerate(folded.text):
        start, end = folded.span(index, index + 1)
        assert end == start + 1
        assert char in normalise(text[start:end]).text


@given(HOSTILE)
def test_spans_run_forward_and_stay_inside_the_original(text: str):
    folded = normalise(text)

    for start in range(len(folded.text)):
        for end in (start + 1, len(folded.text)):
            first, last = folded.span(start, end)
            assert 0 <= first < last <= len(text)
            # The span folds to what was asked for, perhaps with the rest of a character that grew.
            assert folded.text[start:end] in normalise(text[first:last]).text


@given(HOSTILE)
def test_joined_letters_lead_back_into_the_folded_text(text: str):
    folded = normalise(text).text
    joined = letters(folded)

    if joined is not None:
        word, back = joined
        assert len(word) == len(back) < len(folded)
        assert "".join(folded[index] for index in back) == word
        assert list(back) == sorted(set(back))


# 24 ways to hide a word from a filter: found as it is, only once letters are joined, or missed.
TRICKS = [
    ("plain", "拆迁补偿", "found"),
    ("traditional", "拆遷補償", "found"),
    ("zero-width space", "拆\u200b迁\u200b补偿", "found"),
    ("zero-width joiner", "拆\u200d迁补\u200d偿", "found"),
    ("word joiner", "拆\u2060迁补偿", "found"),
    ("soft hyphen", "拆\u00ad迁补偿", "found"),
    ("variation selector", "拆\ufe0f迁\U000e0101补偿", "found"),
    ("combining marks", "拆\u0336迁\u0336补\u0336偿\u0336", "found"),
    ("combining enclosure", "拆\u20dd迁\u20dd补偿", "found"),
    ("tag characters", "拆\U000e0041迁补偿", "found"),
    ("hangul filler", "拆\u3164迁\uffa0补偿", "found"),
    ("Kangxi radicals", "⽼⼈", "found"),
    ("full-width letters", "Ａｐｐ", "found"),
    ("control character", "拆\x00迁\x07补偿", "found"),
    ("right-to-left override", "拆\u202e迁\u202c补偿", "found"),
    ("spaces", "拆 迁 补 偿", "joined"),
    ("stars", "拆*迁*补*偿", "joined"),
    ("mixed marks", "拆#迁@补/偿", "joined"),
    ("emoji", "拆😀迁😀补😀偿", "joined"),
    ("dots", "拆.迁.补.偿", "joined"),
    ("honest marks, letter by letter", "拆、迁、补、偿", "joined"),
    ("one letter a line", "拆\n迁\n补\n偿", "joined"),
    ("pinyin", "chai迁补偿", "missed"),
    ("sound-alike", "柴迁补偿", "missed"),
    ("taken apart", "扌斥迁补偿", "missed"),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in TRICKS], ids=[row[0] for row in TRICKS])
def test_a_hidden_word_is_found_or_known_to_be_missed(text: str, expected: str):
    word = {"⽼⼈": "老人", "Ａｐｐ": "app"}.get(text, "拆迁补偿")
    folded = normalise(text).text
    joined = letters(folded)
    if word in folded:
        seen = "found"
    elif joined is not None and word in joined[0]:
        seen = "joined"
    else:
        seen = "missed"

    assert seen == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("我们会死，亡羊补牢", "a comma ends a clause"),
        ("生死。亡国", "a full stop ends a sentence"),
        ("一生一死\n亡者安息", "a line ends"),
        ("hello world", "Latin words are meant to stand apart"),
        ("1 2 3", "numbers are no letters"),
        ("「死」亡", "quotation marks belong to honest writing"),
    ],
)
def test_honest_marks_keep_words_apart(text: str, why: str):
    assert letters(normalise(text).text) is None, why


def test_folding_makes_one_of_what_looks_the_same():
    assert normalise("ＡＰＰ　２０戶 ①Ⅷ㎡").text == "app 20户 1viiim2"


def test_a_span_covers_what_was_dropped_inside_it_only():
    folded = normalise("\u200b死\u200b亡\u200b")

    assert folded.text == "死亡"
    assert folded.span(0, 2) == (1, 4)


def test_text_without_oddities_needs_no_map():
    assert normalise("普通的一句话，2026年。").origin is None


@pytest.mark.parametrize(
    "text",
    [
        "死亡" * 500_000,
        "\x00" * 1_000_000,
        "\ud800" * 1_000_000,
        "ﷺ" * 1_000_000,
        "死 " * 500_000,
        "死、" * 500_000,
        "\u0301" * 1_000_000,
    ],
    ids=["long", "NUL", "surrogates", "growing", "torn apart", "spelt", "marks"],
)
def test_a_megabyte_of_poison_is_cut_and_folded(text: str):
    folded = normalise(text)

    assert folded.cut
    assert len(folded.text) <= LONGEST
    assert letters(folded.text) is None or len(folded.text) > 0


def test_an_expression_is_folded_but_its_syntax_is_not():
    assert fold_expression(r"\S造成，（死｜亡）.{0,6}") == r"\S造成,\(死\|亡\).{0,6}"
    assert fold_expression("補償") == "补偿"
