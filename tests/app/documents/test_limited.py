from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.documents.child import Limits
from app.documents.errors import DocumentRefused, RenderFailed, RenderLimitReached
from app.documents.limited import render_limited
from app.documents.render import Press, render
from app.documents.typefaces import OwnFonts, Rare
from tests.app.documents.papers import ORDER, SHEET, SLIP, slip_saying


def test_the_child_gives_the_same_bytes_as_this_process():
    assert render_limited(SLIP) == render(SLIP)


def test_what_the_child_refuses_comes_back_with_its_code_and_its_sentence():
    with pytest.raises(DocumentRefused, match=r"U\+1F64F") as caught:
        render_limited(slip_saying("求助🙏"), Press(rare=Rare.REFUSE))

    assert caught.value.reason == "document-unprintable-character"


def test_a_font_that_cannot_be_used_comes_back_as_such(tmp_path: Path):
    with pytest.raises(DocumentRefused) as caught:
        render_limited(ORDER, Press(OwnFonts(title=tmp_path / "missing.ttf")))

    assert caught.value.reason == "document-font-refused"


def test_a_child_without_memory_is_reported_as_such():
    with pytest.raises(RenderLimitReached) as caught:
        render_limited(SHEET, limits=Limits(memory=4 * 1024 * 1024))

    assert caught.value.limit == "memory"


def test_a_child_that_takes_too_long_is_killed():
    with pytest.raises(RenderLimitReached) as caught:
        render_limited(SHEET, limits=Limits(wall_seconds=0.05))

    assert caught.value.limit == "time"


def test_a_child_that_breaks_is_told_with_its_last_words():
    broken = replace(SLIP)
    object.__setattr__(broken, "grade", "no such grade")

    with pytest.raises(RenderFailed) as caught:
        render_limited(broken)

    assert "KeyError" in caught.value.detail
    assert "KeyError" not in caught.value.zh
