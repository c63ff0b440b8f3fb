"""Draws the dispatch slip (交办单): an internal form in black, without the red head of a formal document.

Source: domain.md §6.1 (only the 15 kinds of document carry a red head) and §6.2 (the ten parts of the slip).
It decides nothing: times, duties and texts are as given.
"""

from __future__ import annotations

from collections.abc import Iterator

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer

from app.documents.formrow import LABEL_WIDTH
from app.documents.forms import CONTENT, DIGITS, MARK, NOTE, SMALL, TITLE, Form, signed_box
from app.documents.paper import TEXT_WIDTH, Heading, to_pdf
from app.documents.slip_data import (
    CONFIDENTIALITY,
    Attachment,
    DispatchSlip,
    Duty,
    PostSource,
    Urgency,
)
from app.documents.textblock import Setter, Span
from app.documents.typefaces import Role
from app.documents.wording import GRADES, NOT_TOLD, STAGES, minute, shortened

MOST_OF_A_LINK = 200
MOST_OF_A_NAME = 80
BOX_HEIGHT = 27 * mm
RECEIPT = "单位（盖章）：\n\n签收人：\n时　间："
"""Prompts of the box that the unit fills by hand when it signs on paper."""


def draw(slip: DispatchSlip, setter: Setter) -> bytes:
    """Return the slip as PDF, one page or two."""
    title = f"{slip.county}网络舆情交办单"
    form = Form(setter)
    _head(form, slip)
    _matter(form, setter, slip)
    _duties(form, setter, slip)
    _limits(form, slip)
    _feedback(form, setter, slip)
    _signatures(form, setter, slip)
    form.wide(setter.block([Span("保密提示：", Role.HEADING), CONFIDENTIALITY], NOTE))
    flowables: list[Flowable] = []
    if slip.urgency is not Urgency.ORDINARY:
        flowables.append(setter.block(slip.urgency.value, MARK))
    flowables += [setter.block(title, TITLE), Spacer(1, 4 * mm), *form.flowables(together=3)]
    heading = Heading(title, f"{slip.county}网信办", f"{title}　{slip.number}", slip.issued_at)
    return to_pdf(heading, setter, flowables)


def _head(form: Form, slip: DispatchSlip) -> None:
    rest = TEXT_WIDTH - LABEL_WIDTH - 58 * mm
    form.pairs(
        [("编号", slip.number), ("等级", GRADES[slip.grade]), ("缓急", slip.urgency.value)],
        [LABEL_WIDTH, 58 * mm, rest * 0.22, rest * 0.28, rest * 0.22, rest * 0.28],
    )


def _matter(form: Form, setter: Setter, slip: DispatchSlip) -> None:
    sources = [setter.block(text, CONTENT) for source in slip.sources for text in _source_lines(source)]
    form.row("舆情来源", *(sources or [setter.block(NOT_TOLD, CONTENT)]))
    form.row("诉求要点", setter.block(slip.gist, CONTENT))
    form.row("涉及地点\n及对象", *(
        setter.block([Span(label, Role.HEADING), text or NOT_TOLD], CONTENT)
        for label, text in (("地点：", slip.place), ("对象：", slip.subject))
    ))  # fmt: skip


def _source_lines(source: PostSource) -> Iterator[list[str | Span]]:
    yield [Span("平台：", Role.HEADING), shortened(source.platform, limit=MOST_OF_A_NAME)]
    yield [Span("链接：", Role.HEADING), shortened(source.link, limit=MOST_OF_A_LINK) or NOT_TOLD]
    posted = minute(source.first_posted_at) if source.first_posted_at else NOT_TOLD
    yield [Span("发现：", Role.HEADING), minute(source.found_at), "　", Span("首发：", Role.HEADING), posted]


def _duties(form: Form, setter: Setter, slip: DispatchSlip) -> None:
    form.row("主办单位", *_duty(setter, slip.lead))
    assisting = [block for duty in slip.assisting for block in _duty(setter, duty, NO_LAW_OF_ITS_OWN)]
    form.row("协办单位", *(assisting or [setter.block(NOT_TOLD, CONTENT)]))
    requirements = [setter.block(f"{n}.{text}", CONTENT) for n, text in enumerate(slip.requirements, 1)]
    form.row("办理要求", *(requirements or [setter.block(NOT_TOLD, CONTENT)]))


NO_LAW_OF_ITS_OWN = "协助主办单位办理"


def _duty(setter: Setter, duty: Duty, otherwise: str = NOT_TOLD) -> Iterator[Flowable]:
    """Yield the unit and why it is the one."""
    yield setter.block([Span(duty.unit, Role.HEADING)], CONTENT)
    yield setter.block(f"职责依据：{duty.basis}" if duty.basis else f"职责：{otherwise}", CONTENT)


def _limits(form: Form, slip: DispatchSlip) -> None:
    rows = [("环　节", "截止时间（北京时间）", "计算方式")]
    for limit in slip.limits:
        mark = "〔暂定〕" if limit.is_provisional else ""
        rows.append((STAGES[limit.stage], f"{minute(limit.due_at)}前{mark}", limit.how or NOT_TOLD))
    rest = TEXT_WIDTH - LABEL_WIDTH
    form.grid("办理时限", rows, [rest * 0.17, rest * 0.56, rest * 0.27])


def _feedback(form: Form, setter: Setter, slip: DispatchSlip) -> None:
    contact = f"县网信办联系电话：{slip.contact_phone}" if slip.contact_phone else ""
    blocks = [setter.block(text, CONTENT) for text in (slip.feedback_format, contact) if text]
    form.row("反馈格式", *(blocks or [setter.block(NOT_TOLD, CONTENT)]))
    files = [block for n, file in enumerate(slip.attachments, 1) for block in _attachment(setter, n, file)]
    form.row("附　件", *(files or [setter.block("无", CONTENT)]))


def _attachment(setter: Setter, number: int, attachment: Attachment) -> Iterator[Flowable]:
    yield setter.block(f"{number}.{shortened(attachment.name, limit=MOST_OF_A_NAME)}", CONTENT)
    yield setter.block(f"SHA-256 {attachment.sha256}", DIGITS)


def _signatures(form: Form, setter: Setter, slip: DispatchSlip) -> None:
    boxes = [("拟　办", slip.drafted), ("审　核", slip.checked), ("签　批", slip.signed)]
    receipt = tuple(signed_box(setter, slip.received)) or (setter.block(RECEIPT, SMALL),)
    form.boxes(
        [*((label, tuple(signed_box(setter, act))) for label, act in boxes), ("签　收", receipt)],
        height=BOX_HEIGHT,
    )
