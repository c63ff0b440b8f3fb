"""Templates: nothing unescaped, nothing inline, every form protected, every Chinese text in the catalogue."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.web.assets import STATIC

TEMPLATES = STATIC.parent / "templates"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def templates() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


def named(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


@pytest.mark.parametrize("path", templates(), ids=named)
@pytest.mark.parametrize(
    "mark",
    [
        r"\|\s*safe\b",
        r"\bMarkup\b",
        r"autoescape\s+false",
        r"<script(?![^>]*\bsrc=)",  # script in the page
        r"<style\b",
        r"\sstyle=",
        r"\son\w+=",  # onclick and its kind
        r"hx-on",
        r"javascript:",
        r"https?://(?!www\.w3\.org)",  # nothing from another site
    ],
)
def test_no_template_holds(path: Path, mark: str):
    assert re.search(mark, path.read_text(encoding="utf-8"), re.IGNORECASE) is None


@pytest.mark.parametrize("path", templates(), ids=named)
def test_every_form_that_changes_something_carries_its_token(path: Path):
    text = path.read_text(encoding="utf-8")
    for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", text, re.DOTALL):
        assert "csrf_token" in form or "protect()" in form, form[:80]


@pytest.mark.parametrize("path", templates(), ids=named)
def test_chinese_stands_in_the_catalogue_only(path: Path):
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"""\b_\(("[^"]*"|'[^']*')""", "", text)
    text = text.replace('lang="zh-CN">中文', "")

    assert CHINESE.findall(text) == []


@pytest.mark.parametrize("path", templates(), ids=named)
def test_every_field_of_a_form_has_a_label(path: Path):
    text = path.read_text(encoding="utf-8")
    for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", text):
        if 'type="hidden"' in tag or "aria-hidden" in tag:
            continue
        found = re.search(r'\bid="([^"]+)"', tag)
        assert found is not None, tag
        assert f'for="{found[1]}"' in text, tag
