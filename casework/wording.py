"""Texts that people type into a case: reasons, reports, replies. Checks form only, never content."""

from __future__ import annotations

from casework.refusals import TextRefused

MOST_OF_A_REASON = 2_000
"""Characters. A reason is read in a list; a longer text belongs into a report."""
MOST_OF_A_TEXT = 20_000
"""Characters of a report or reply. **Source:** domain.md §3.3: a special paper has at most 4,000–5,000."""


def worded(text: str, *, field: str, most: int = MOST_OF_A_TEXT) -> str:
    """Return `text` without blanks around it.

    Args:
        text: as typed.
        field: name of the field, for the error.
        most: characters allowed.

    Raises:
        TextRefused: nothing was typed, it is too long, or it holds characters no database can keep.
    """
    stripped = text.strip()
    if not stripped:
        raise TextRefused(field, "请填写内容，不能为空。", f"'{field}' is empty. Write something.")
    return _kept(stripped, field, most)


def worded_or_empty(text: str, *, field: str, most: int = MOST_OF_A_REASON) -> str:
    """Return `text` without blanks around it; it may be empty.

    Raises:
        TextRefused: it is too long, or it holds characters no database can keep.
    """
    return _kept(text.strip(), field, most)


def _kept(text: str, field: str, most: int) -> str:
    if len(text) > most:
        raise TextRefused(
            field,
            f"内容有 {len(text)} 字，超过上限 {most} 字，请精简。",
            f"'{field}' has {len(text)} characters; at most {most} are allowed.",
        )
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text):
        raise TextRefused(
            field,
            "内容含有无法保存的控制字符，请删除后重新提交。",
            f"'{field}' holds characters that cannot be kept (NUL or half of a pair). Remove them.",
        )
    return text
