"""The score sheet of a unit as it is printed: the year's entries of ordinary cases, whoever prints it.

It is no numbered document: it says at which instant it was made, and nothing of what it leaves out.
"""

from __future__ import annotations

from datetime import datetime

from app.documents.score_sheet import ScoreRow, ScoreSheet
from app.pages.screen_words import FAILING_LABELS
from app.web.times import COUNTY_ZONE
from casework.scoring import FailingKind
from casework.store.scores import SheetLine, UnitSheet

MOST_OF_A_TEXT = 200
"""Characters, see `ScoreRow`."""
UNNAMED = "（不公开）"
"""For the number of a case that the reader may not see."""


def paper_of(sheet: UnitSheet, county: str, now: datetime) -> ScoreSheet:
    """Return the paper of a sheet, oldest entry first.

    Args:
        sheet: made for print.
        county: Chinese name.
        now: aware; when it is printed.
    """
    return ScoreSheet(
        county=county,
        unit=sheet.unit.name.zh,
        period=f"{sheet.year}年度",
        issued_at=now.astimezone(COUNTY_ZONE),
        rows=tuple(_row(line) for line in reversed(sheet.entries)),
        total=sheet.points,
    )


def _row(line: SheetLine) -> ScoreRow:
    entry = line.entry
    name = FAILING_LABELS[FailingKind(entry.failing)].zh
    reason = f"冲销：{name}" if entry.reverses_id else name
    if entry.reason:
        reason = f"{reason}。{entry.reason}"
    return ScoreRow(
        on=entry.entered_at.astimezone(COUNTY_ZONE).date(),
        case_number=line.case_number or UNNAMED,
        reason=_short(reason),
        rule=_short(f"{entry.clause}（{entry.rule}）"),
        points=entry.points,
    )


def _short(text: str) -> str:
    return text if len(text) <= MOST_OF_A_TEXT else text[: MOST_OF_A_TEXT - 1] + "…"
