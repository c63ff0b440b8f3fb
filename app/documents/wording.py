"""How times, grades and stages are written in an official Chinese document."""

from __future__ import annotations

from datetime import date, datetime

from rules.model import Grade, Stage

GRADES = {Grade.GENERAL: "一般", Grade.MAJOR: "较大", Grade.SERIOUS: "重大"}
"""Source: design.md "Words"."""

STAGES = {
    Stage.SIGN_FOR: "签收",
    Stage.OBJECTION: "提出异议",
    Stage.FIRST_CONTACT: "首次联系",
    Stage.FIRST_REPORT: "首报",
    Stage.PUBLIC_REPLY: "公开回应",
    Stage.CLOSE: "办结",
    Stage.COMMITMENT: "承诺事项",
}
"""Source: domain.md §2.3."""

NOT_TOLD = "—"
"""Stands where there is nothing to print, so that an empty box is never a lost text."""


def day(moment: date) -> str:
    """Return 2026年11月2日: Arabic digits, no leading zeros. Source: GB/T 9704-2012 §7.3.5.4."""
    return f"{moment.year}年{moment.month}月{moment.day}日"


def minute(moment: datetime) -> str:
    """Return 2026年11月2日09时05分, in the zone that `moment` carries."""
    return f"{day(moment)}{moment:%H}时{moment:%M}分"


def shortened(text: str, *, limit: int) -> str:
    """Return `text`, or its first `limit` characters and how many it has; for texts nobody here wrote."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}……（全文共 {len(text)} 个字符，见系统）"
