"""Draws reminder (催办单), order (督办单) and summons (约谈通知): letter-like, in black, one page as a rule.

Source: domain.md §2.6 and §6.2 (督办通知). It decides nothing: what is late and by how much is as given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reportlab.lib.colors import black
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, HRFlowable, KeepTogether, Spacer, Table, TableStyle

from app.documents import checks
from app.documents.formrow import THICK, THIN
from app.documents.forms import TITLE, face_of_cells
from app.documents.paper import SIZE_3, SIZE_4, TEXT_WIDTH, Heading, laid_out
from app.documents.textblock import Align, Density, Setter, Span, Style
from app.documents.typefaces import Role
from app.documents.wording import GRADES, STAGES, day, minute
from rules.model import Grade, Stage

MOST_OPEN = 7
MOST_REQUIREMENTS = 8
MOST_COPIES = 8

DISCIPLINE = (
    "请主要负责人亲自过问，如实报告，不得敷衍应付、弄虚作假，不得向诉求人施压。逾期仍未落实的，按规定提请约谈、通报，"
    "并移送目标考核部门依规计分。"
)
"""Source: domain.md §2.3 (ladder), §6.2 (五、纪律要求), §3.2 (pressure on posters weighs most)."""

SUMMONED = (
    "请主要负责人如实说明情况，不得敷衍应付、弄虚作假，不得向诉求人施压。整改期限内仍未落实的，按规定通报，"
    "并移送目标考核部门依规计分。"
)
"""The same for a summons, which is the step that `DISCIPLINE` announces."""

_LEADING = 21.0
_BODY = Style(Role.BODY, SIZE_4, _LEADING, Align.JUSTIFY, indent=2)
_ADDRESSEE = Style(Role.BODY, SIZE_4, _LEADING, Align.LEFT)
_SECTION = Style(Role.HEADING, SIZE_4, _LEADING, Align.LEFT, indent=2)
_SUBJECT = Style(Role.TITLE, SIZE_3, SIZE_3 * 1.6, Align.CENTRE)
_NUMBER = Style(Role.BODY, SIZE_4, SIZE_4 * 1.6, Align.CENTRE)
_SIGNED = Style(Role.BODY, SIZE_4, _LEADING, Align.CENTRE)
_IMPRINT = Style(Role.BODY, 12.0, 19.0, Align.LEFT, indent=1)


class OrderKind(StrEnum):
    """Which of the three it is."""

    REMINDER = "催办"
    ORDER = "督办"
    SUMMONS = "约谈"


PERSON_SUMMONED = "你单位第一责任人，由本人到场。"
TO_BE_FILLED_IN = (
    "时间：　　　　年　　月　　日　　时　　分",
    "地点：　　　　　　　　　　　　（由发单单位填写）",
)
"""Source: domain.md §2.6: a summons states why, whom, when and by when things are to be put right."""


@dataclass(frozen=True, slots=True)
class OpenLimit:
    """A limit that is running out or has run out. `due_at` is local and aware.

    Attributes:
        standing: in words, such as 超期 1 天 3 小时.
    """

    stage: Stage
    due_at: datetime
    standing: str

    def __post_init__(self) -> None:
        checks.aware("时限", self.due_at)
        checks.filled("时限情况", self.standing, limit=40)


@dataclass(frozen=True, slots=True)
class SupervisionOrder:
    """A reminder or a supervision order as it is printed. All times are local and aware.

    Attributes:
        issuer: full name of the supervising body.
        matter: what it is about, as it stands in 关于限期办理……的督办通知.
        slip_number: of the dispatch slip it follows.
        grounds: why it is issued, instructions included.
        progress: what the unit has done and what is wanting; empty when nothing is known.
        report_by: when the written report is due.
        copies_to: units that get a copy (抄送).
    """

    kind: OrderKind
    issuer: str
    number: str
    issued_at: datetime
    addressee: str
    matter: str
    grade: Grade
    slip_number: str
    dispatched_at: datetime
    open_limits: tuple[OpenLimit, ...]
    grounds: str
    progress: str
    requirements: tuple[str, ...]
    report_by: datetime
    discipline: str = DISCIPLINE
    contact_phone: str = ""
    copies_to: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the form.

        Raises:
            DocumentError: a field is missing, too long, or a time has no zone.
        """
        for field, text, limit in (
            ("发单单位", self.issuer, 40),
            ("编号", self.number, 40),
            ("主送单位", self.addressee, 60),
            ("督办事项", self.matter, 60),
            ("原交办单编号", self.slip_number, 40),
            ("来由", self.grounds, 300),
        ):
            checks.filled(field, text, limit=limit)
        checks.bounded("前期办理情况", self.progress, limit=400)
        checks.bounded("纪律要求", self.discipline, limit=300)
        checks.bounded("联系电话", self.contact_phone, limit=40)
        for field, moment in (
            ("发单时间", self.issued_at),
            ("交办时间", self.dispatched_at),
            ("报告时间", self.report_by),
        ):
            checks.aware(field, moment)
        checks.counted("时限", self.open_limits, limit=MOST_OPEN)
        checks.counted("办理要求", self.requirements, limit=MOST_REQUIREMENTS)
        for requirement in self.requirements:
            checks.filled("办理要求", requirement, limit=200)
        checks.counted("抄送", self.copies_to, limit=MOST_COPIES)


_CLOSER = (Density(size=0.96, leading=0.92), Density(size=0.92, leading=0.86), Density(0.88, 0.8))
"""Tried one after the other where it takes more than a page; where none is enough it is set as usual."""


def draw(order: SupervisionOrder, setter: Setter) -> bytes:
    """Return the order as PDF, set closer where that spares a page."""
    usual, pages = _laid_out(order, setter)
    if pages > 1:
        for density in _CLOSER:
            closer, pages = _laid_out(order, setter.denser(density))
            if pages == 1:
                return closer
    return usual


def _laid_out(order: SupervisionOrder, setter: Setter) -> tuple[bytes, int]:
    is_summons = order.kind is OrderKind.SUMMONS
    name = f"{order.kind.value}{'通知' if is_summons else '单'}"
    title = f"{order.issuer}{name}"
    before, after = (
        ("关于就", "办理情况进行约谈的通知") if is_summons else ("关于限期办理", f"的{order.kind.value}通知")
    )
    *text, last = _sections(order, setter)
    flowables: list[Flowable] = [
        *_title(order.issuer, name, setter),
        setter.block(order.number, _NUMBER),
        HRFlowable(width=TEXT_WIDTH, thickness=THICK, color=black, spaceBefore=2 * mm, spaceAfter=5 * mm),
        setter.block(f"{before}{order.matter}{after}", _SUBJECT, whole=(before, after)),
        Spacer(1, 3 * mm),
        setter.block(f"{order.addressee}：", _ADDRESSEE),
        *text,
        # Nobody signs a page without text.
        KeepTogether([last, Spacer(1, _LEADING / 2), _signed(order, setter), *_imprint(order, setter)]),
    ]
    return laid_out(
        Heading(title, order.issuer, f"{title}　{order.number}", order.issued_at), setter, flowables
    )


def _title(issuer: str, name: str, setter: Setter) -> Iterator[Flowable]:
    """Return the title in one line, or the issuer over the name of the paper; neither is divided."""
    if setter.width_of(issuer + name, TITLE) <= TEXT_WIDTH:
        yield setter.block(issuer + name, TITLE)
        return
    yield setter.block(issuer, setter.fitted(issuer, TITLE, TEXT_WIDTH))
    yield setter.block(name, TITLE)


def _sections(order: SupervisionOrder, setter: Setter) -> Iterator[Flowable]:
    opening = (
        f"{day(order.dispatched_at)}以{order.slip_number}向你单位交办的{GRADES[order.grade]}舆情件，{_standing(order)}"
        f"{order.grounds}"
    )
    sections = [
        (f"{order.kind.value}事项", [opening]),
        ("前期办理情况及存在问题", [order.progress] if order.progress else []),
        *_interview(order),
        ("办理要求", [f"{n}.{text}" for n, text in enumerate(order.requirements, 1)]),
        ("整改期限与报告" if order.kind is OrderKind.SUMMONS else "时限与报告", [_report(order)]),
        ("纪律要求", [order.discipline] if order.discipline else []),
    ]
    kept = [(heading, texts) for heading, texts in sections if texts]
    for numeral, (heading, texts) in zip("一二三四五六七", kept, strict=False):
        first, *rest = texts if len(texts) == 1 else ["", *texts]
        yield setter.block([Span(f"{numeral}、{heading}。", Role.HEADING), first], _BODY)
        for text in rest:
            yield setter.block(text, _BODY)


def _interview(order: SupervisionOrder) -> list[tuple[str, list[str]]]:
    """Return whom a summons calls, and the blanks for when and where, which an officer fills in by hand."""
    if order.kind is not OrderKind.SUMMONS:
        return []
    return [("约谈对象", [PERSON_SUMMONED]), ("约谈时间和地点", list(TO_BE_FILLED_IN))]


def _standing(order: SupervisionOrder) -> str:
    parts = [
        f"{STAGES[limit.stage]}时限为{minute(limit.due_at)}，{limit.standing}" for limit in order.open_limits
    ]
    return "；".join(parts) + "。" if parts else ""


def _report(order: SupervisionOrder) -> str:
    contact = f"联系电话：{order.contact_phone}。" if order.contact_phone else ""
    form = "一事一文，由主要负责人签字并加盖公章"
    return f"请于{minute(order.report_by)}前书面报告办理结果，{form}，报送{order.issuer}。{contact}"


def _signed(order: SupervisionOrder, setter: Setter) -> Flowable:
    """Return issuer over date, centred on each other, four characters in. GB/T 9704-2012 §7.3.5."""
    name = setter.fitted(order.issuer, _SIGNED, TEXT_WIDTH)
    width = min(TEXT_WIDTH, max(72 * mm, setter.width_of(order.issuer, name) + 1))
    block = [setter.block(order.issuer, name), setter.block(day(order.issued_at), _SIGNED)]
    right = 4 * SIZE_4 - (width - 9 * SIZE_4) / 2  # a date is about nine characters wide
    table = Table([[[], block, []]], colWidths=[TEXT_WIDTH - width - max(0, right), width, max(0, right)])
    paddings = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
    table.setStyle(TableStyle([face_of_cells(setter), *paddings]))
    return table


def _imprint(order: SupervisionOrder, setter: Setter) -> Iterator[Flowable]:
    if not order.copies_to:
        return
    yield Spacer(1, 4 * mm)
    yield HRFlowable(width=TEXT_WIDTH, thickness=THICK, color=black, spaceBefore=0, spaceAfter=1 * mm)
    yield setter.block([Span("抄送：", Role.BODY), "，".join(order.copies_to) + "。"], _IMPRINT)
    yield HRFlowable(width=TEXT_WIDTH, thickness=THIN, color=black, spaceBefore=1 * mm, spaceAfter=0)
