"""Draws the dispatch slip (交办单): an internal form in black, without the red head of a formal document.

Source: domain.md §6.1 (only the 15 kinds of document carry a red head) and §6.2 (the ten parts of the slip).
It decides nothing: times, duties and texts are as given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer

from app.documents.formrow import LABEL_WIDTH, PADDING_SIDE
from app.documents.forms import CONTENT, DIGITS, MARK, NOTE, SMALL, TITLE, Form, signed_box
from app.documents.paper import TEXT_WIDTH, Heading, laid_out
from app.documents.slip_data import (
    CONFIDENTIALITY,
    Attachment,
    DispatchSlip,
    Duty,
    PostSource,
    Urgency,
)
from app.documents.textblock import Density, Setter, Span
from app.documents.typefaces import Role
from app.documents.wording import GRADES, NOT_TOLD, STAGES, minute, shortened

MOST_OF_A_LINK = 200
MOST_OF_A_NAME = 80
BOX_HEIGHT, LEAST_BOX_HEIGHT = 27 * mm, 21 * mm
DENSITIES = (
    Density(0.92, 0.88),
    Density(0.875, 0.8),
    Density(0.875, 0.78, padding=0.7),
    Density(0.84, 0.74, padding=0.7),
    Density(0.84, 0.72, padding=0.6),
    Density(0.84, 0.72, padding=0.45),
)
"""From 小四 (12 points) to about 五号 (10.5 and 10 points)."""
RECEIPT = "单位（盖章）：\n\n签收人：\n时　间："
"""Prompts of the box that the unit fills by hand when it signs on paper."""


def draw(slip: DispatchSlip, setter: Setter) -> bytes:
    """Return the slip as PDF: on one page where a smaller type makes it fit, else in the usual size."""
    title = f"{slip.county}网络舆情交办单"
    issuer = slip.issuer or f"{slip.county}网信办"
    heading = Heading(title, issuer, f"{title}　{slip.number}", slip.issued_at)
    usual, pages = laid_out(heading, setter, _flowables(slip, setter, title, BOX_HEIGHT))
    if pages == 1:
        return usual
    for density in DENSITIES:
        closer = _flowables(slip, setter.denser(density), title, LEAST_BOX_HEIGHT)
        pdf, pages = laid_out(heading, setter, closer)
        if pages == 1:
            return pdf
    return usual


def _flowables(slip: DispatchSlip, setter: Setter, title: str, box: float) -> list[Flowable]:
    form = Form(setter)
    _head(form, slip)
    _matter(form, setter, slip)
    _duties(form, setter, slip)
    _limits(form, setter, slip)
    _feedback(form, setter, slip)
    _signatures(form, setter, slip, box)
    kept = CONFIDENTIALITY.format(office=slip.contact)
    notes = [setter.block([Span("保密提示：", Role.HEADING), kept], NOTE)]
    if slip.replaces:
        told = f"{slip.replaces}，自本单交办之时（{minute(slip.issued_at)}）起。"
        notes.insert(0, setter.block([Span("本单替代：", Role.HEADING), told], NOTE))
    form.wide(*notes)
    mark = [] if slip.urgency is Urgency.ORDINARY else [setter.block(slip.urgency.value, MARK)]
    return [*mark, setter.block(title, TITLE), Spacer(1, 4 * mm), *form.flowables(together=3)]


def _head(form: Form, slip: DispatchSlip) -> None:
    rest = TEXT_WIDTH - LABEL_WIDTH - 58 * mm
    form.pairs(
        [("编号", slip.number), ("等级", GRADES[slip.grade]), ("缓急", slip.urgency.value)],
        [LABEL_WIDTH, 58 * mm, rest * 0.22, rest * 0.28, rest * 0.22, rest * 0.28],
    )


def _matter(form: Form, setter: Setter, slip: DispatchSlip) -> None:
    if slip.title:
        form.row("标　题", setter.block(slip.title, CONTENT))
    sources = [setter.block(text, CONTENT) for text in _all_sources(slip.sources)]
    form.row("舆情来源", *(sources or [setter.block(NOT_TOLD, CONTENT)]))
    form.row("诉求要点", setter.block(slip.gist, CONTENT))
    spot = [Span("地点：", Role.HEADING), slip.place or NOT_TOLD]
    whom = [Span("对象：", Role.HEADING), slip.subject or NOT_TOLD]
    lines = [spot, whom] if slip.subject else [[*spot, "　", *whom]]
    form.row("地点/对象", *(setter.block(line, CONTENT) for line in lines))


IN_FULL = 2
"""Posts that are each given on lines of their own; of more, the first is, the others take one entry each."""


def _all_sources(sources: Sequence[PostSource]) -> Iterator[list[str | Span]]:
    in_full = sources if len(sources) <= IN_FULL else sources[:1]
    for source in in_full:
        yield from _source_lines(source)
    for number, source in enumerate(sources[len(in_full) :], len(in_full) + 1):
        yield [Span(f"另{number}：", Role.HEADING), _running(source)]


def _running(source: PostSource) -> str:
    """Return a further post in one running text: the unit looks it up in the system."""
    posted = f"　首发：{minute(source.first_posted_at)}" if source.first_posted_at else ""
    link = shortened(source.link, limit=MOST_OF_A_LINK)
    said = f"{shortened(source.platform, limit=MOST_OF_A_NAME)}　发现：{minute(source.found_at)}{posted}"
    return f"{said}　{link}" if link else said


def _source_lines(source: PostSource) -> Iterator[list[str | Span]]:
    yield [Span("平台：", Role.HEADING), shortened(source.platform, limit=MOST_OF_A_NAME)]
    yield [Span("链接：", Role.HEADING), shortened(source.link, limit=MOST_OF_A_LINK) or NOT_TOLD]
    posted = minute(source.first_posted_at) if source.first_posted_at else NOT_TOLD
    yield [Span("发现：", Role.HEADING), minute(source.found_at), "　", Span("首发：", Role.HEADING), posted]


def _duties(form: Form, setter: Setter, slip: DispatchSlip) -> None:
    form.row("主办单位", _duty(setter, slip.lead))
    form.row("协办单位", *(_assisting(setter, slip) or [setter.block(NOT_TOLD, CONTENT)]))
    requirements = [setter.block(f"{n}.{text}", CONTENT) for n, text in enumerate(slip.requirements, 1)]
    form.row("办理要求", *(requirements or [setter.block(NOT_TOLD, CONTENT)]))


NO_LAW_OF_ITS_OWN = "协助主办单位办理"


def _duty(setter: Setter, duty: Duty) -> Flowable:
    """Return the unit and why it is the one, in one running text."""
    why = f"　职责依据：{duty.basis}" if duty.basis else f"　职责：{NOT_TOLD}"
    return setter.block([Span(duty.unit, Role.HEADING), why], CONTENT)


def _assisting(setter: Setter, slip: DispatchSlip) -> list[Flowable]:
    """Return those with a law of their own one by one, the others in one running line; and how many more."""
    blocks: list[Flowable] = [_duty(setter, duty) for duty in slip.assisting if duty.basis]
    helping = [duty.unit for duty in slip.assisting if not duty.basis]
    if helping:
        line = [Span("、".join(helping), Role.HEADING), f"　职责：{NO_LAW_OF_ITS_OWN}"]
        blocks.append(setter.block(line, CONTENT))
    if slip.assisting_in_all > len(slip.assisting):
        blocks.append(setter.block(f"等{slip.assisting_in_all}个单位（名单见系统）", CONTENT))
    return blocks


def _limits(form: Form, setter: Setter, slip: DispatchSlip) -> None:
    rows = [("环　节", "截止时间（北京时间）", "计算方式")]
    for limit in slip.limits:
        mark = "〔暂定〕" if limit.is_provisional else ""
        rows.append((STAGES[limit.stage], f"{minute(limit.due_at)}前", f"{mark}{limit.how}" or NOT_TOLD))
    em = setter.set_as(SMALL).size
    stage, due = (most * em + 2 * PADDING_SIDE for most in (LONGEST_STAGE, LONGEST_MINUTE))
    form.grid("办理时限", rows, [stage, due, TEXT_WIDTH - LABEL_WIDTH - stage - due])


LONGEST_STAGE, LONGEST_MINUTE = 4.1, 12.8
"""Room, in characters, for 首次联系 and for 2026年11月20日10时30分前 on one line each."""


def _feedback(form: Form, setter: Setter, slip: DispatchSlip) -> None:
    phone = Span(f"{slip.contact}联系电话：", Role.HEADING)
    contact = [phone, slip.contact_phone] if slip.contact_phone else []
    form.row("反馈格式", setter.block([slip.feedback_format or NOT_TOLD, *contact], CONTENT))
    files = [block for n, file in enumerate(slip.attachments, 1) for block in _attachment(setter, n, file)]
    form.row("附　件", *(files or [setter.block("无", CONTENT)]))


def _attachment(setter: Setter, number: int, attachment: Attachment) -> Iterator[Flowable]:
    yield setter.block(f"{number}.{shortened(attachment.name, limit=MOST_OF_A_NAME)}", CONTENT)
    yield setter.block(f"SHA-256 {attachment.sha256}", DIGITS)


def _signatures(form: Form, setter: Setter, slip: DispatchSlip, height: float) -> None:
    boxes = [("拟　办", slip.drafted), ("审　核", slip.checked), ("签　批", slip.signed)]
    receipt = tuple(signed_box(setter, slip.received)) or (setter.block(RECEIPT, SMALL),)
    form.boxes(
        [*((label, tuple(signed_box(setter, act))) for label, act in boxes), ("签　收", receipt)],
        height=height,
    )
