"""Draws a unit's score sheet (计分单): every entry with its date, case, rule and points, and their sum.

It scores units and names no person but the officers who sign. It decides nothing: entries and sum are as
given, and the sum is checked against the entries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from reportlab.lib.colors import black
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table, TableStyle

from app.documents import checks
from app.documents.errors import SumMismatch
from app.documents.formrow import LABEL, PADDING_SIDE, PADDING_TOP, THICK, THIN
from app.documents.forms import CENTRED, TITLE, Form, face_of_cells, signed_box
from app.documents.paper import Heading, to_pdf
from app.documents.slip_data import SignOff
from app.documents.textblock import Align, Setter, Style
from app.documents.typefaces import Role
from app.documents.wording import NOT_TOLD, day, minute

MOST_ENTRIES = 500
_CELL = Style(Role.BODY, 10.5, 15.0, Align.JUSTIFY)
_NUMBER = Style(Role.BODY, 10.5, 15.0, Align.CENTRE)
_NOTE = Style(Role.SIGNATURE, 12.0, 18.0, Align.JUSTIFY)
_WIDTHS = (11 * mm, 29 * mm, 40 * mm, 60 * mm, 16 * mm)

APPEAL = (
    "说明：只对经核实的办理失责计分，不因收到网帖或者媒体报道计分。对本单所列计分有异议的，"
    "可自告知之日起5个工作日内陈述申辩，复核人不得为原拟定人。"
)
"""Source: design.md "What this system refuses to do"; domain.md §3.4."""

ELSEWHERE = "保密件的计分另册登记，按权限查看，不列入他人所见合计。"
"""Stands on every sheet, whether or not there is anything: a line that came and went would tell."""


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One entry of the ledger.

    Attributes:
        case_number: printed number of the case.
        reason: what was failed, in words.
        rule: id of the scoring rule and its basis.
        points: taken off when above zero; given back when below.
    """

    on: date
    case_number: str
    reason: str
    rule: str
    points: Decimal

    def __post_init__(self) -> None:
        checks.filled("件号", self.case_number, limit=40)
        checks.filled("计分事由", self.reason, limit=200)
        checks.bounded("计分依据", self.rule, limit=200)


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """A unit's score sheet of a period. Times are local and aware.

    Attributes:
        period: in words, such as 2026年度 or 2026年11月.
        total: the sum of the entries' points.
    """

    county: str
    unit: str
    period: str
    issued_at: datetime
    rows: tuple[ScoreRow, ...]
    total: Decimal
    prepared: SignOff | None = None
    checked: SignOff | None = None
    received: SignOff | None = None

    def __post_init__(self) -> None:
        """Check the form.

        Raises:
            DocumentError: a field is missing, too long, a time lacks its zone, or the sum is wrong.
        """
        checks.filled("县名", self.county, limit=20)
        checks.filled("单位名称", self.unit, limit=60)
        checks.filled("计分期间", self.period, limit=40)
        checks.aware("制单时间", self.issued_at)
        checks.counted("计分条目", self.rows, limit=MOST_ENTRIES)
        summed = sum((row.points for row in self.rows), Decimal(0))
        if summed != self.total:
            raise SumMismatch(stated=self.total, summed=summed)


def draw(sheet: ScoreSheet, setter: Setter) -> bytes:
    """Return the sheet as PDF; its head row is repeated on every page."""
    title = f"{sheet.county}网络舆情办理计分单"
    head = Form(setter)
    head.pairs([("责任单位", sheet.unit), ("期间", sheet.period)], [24 * mm, 74 * mm, 18 * mm, 40 * mm])
    head.wide(setter.block(f"台账截至：{minute(sheet.issued_at)}", _NOTE))
    foot = Form(setter)
    foot.wide(setter.block(APPEAL + ELSEWHERE, _NOTE))
    acts = (("拟　定", sheet.prepared), ("复　核", sheet.checked), ("单位签收", sheet.received))
    foot.boxes([(label, tuple(signed_box(setter, act))) for label, act in acts], height=22 * mm)
    flowables: list[Flowable] = [
        setter.block(title, TITLE),
        Spacer(1, 4 * mm),
        *head.flowables(together=2),
        Spacer(1, 3 * mm),
        _entries(sheet, setter),
        Spacer(1, 3 * mm),
        *foot.flowables(together=2),
    ]
    heading = Heading(
        title, f"{sheet.county}目督办", f"{title}　{sheet.unit}　{sheet.period}", sheet.issued_at
    )
    return to_pdf(heading, setter, flowables)


def _entries(sheet: ScoreSheet, setter: Setter) -> Table:
    heads = ("序号", "日期", "件号", "计分事由与依据", "扣分")
    cells: list[Sequence[object]] = [[setter.block(head, LABEL) for head in heads]]
    cells += [_entry(setter, number, row) for number, row in enumerate(sheet.rows, 1)]
    if not sheet.rows:
        cells.append([setter.block(NOT_TOLD, _NUMBER), [], [], setter.block("本期无计分条目", _NUMBER), []])
    cells.append([setter.block("合　计", LABEL), [], [], [], setter.block(_points(sheet.total), CENTRED)])
    table = Table([list(row) for row in cells], colWidths=_WIDTHS, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                face_of_cells(setter),
                ("GRID", (0, 0), (-1, -1), THIN, black),
                ("BOX", (0, 0), (-1, -1), THICK, black),
                ("SPAN", (0, -1), (-2, -1)),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("LEFTPADDING", (0, 0), (-1, -1), PADDING_SIDE / 2),
                ("RIGHTPADDING", (0, 0), (-1, -1), PADDING_SIDE / 2),
                ("TOPPADDING", (0, 0), (-1, -1), PADDING_TOP),
                ("BOTTOMPADDING", (0, 0), (-1, -1), PADDING_TOP),
            ]
        )
    )
    return table


def _entry(setter: Setter, number: int, row: ScoreRow) -> list[object]:
    reason = [setter.block(row.reason, _CELL)]
    if row.rule:
        reason.append(setter.block(f"依据：{row.rule}", _CELL))
    return [
        setter.block(str(number), _NUMBER),
        setter.block(day(row.on), _NUMBER),
        setter.block(row.case_number, _NUMBER),
        reason,
        setter.block(_points(row.points), _NUMBER),
    ]


def _points(points: Decimal) -> str:
    """Return at least two decimals, with a true minus sign; nothing is rounded away."""
    places = max(2, -int(points.as_tuple().exponent))
    return f"{points:.{places}f}".replace("-", "−")
