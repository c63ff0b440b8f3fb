"""What a dispatch slip (交办单) says: everything the unit needs and no word on who complained.

There is no field for a poster's name, handle, number or address, and there must never be one. Texts come
masked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.documents import checks
from rules.model import Grade, Stage

MOST_OF_A_GIST = 200
"""Characters. Source: domain.md §6.2 (2)."""
MOST_OF_A_LINE = 80
MOST_OF_A_REQUIREMENT = 150
MOST_OF_A_SUM = 60
MOST_OF_A_BASIS = 200
MOST_SOURCES = 5
MOST_ASSISTING = 12
"""Units named; of more the slip says how many there are. Our own bound, as the desk's (`desk.leading`)."""
MOST_REQUIREMENTS = 8
MOST_LIMITS = 7
MOST_ATTACHMENTS = 8

OFFICE = "县网信办"
CONFIDENTIALITY = "诉求人身份信息未随单提供，不得追查发帖人；需联系请通过{office}。"
"""Source: domain.md §6.2 (10)."""

FEEDBACK_FORMAT = (
    "以单位名义书面报告，一事一文：核实经过、事实认定（属实、部分属实、不属实）、处理结果及依据、与诉求人沟通情况、"
    "拟公开回应稿。由主要负责人签字并加盖公章。"
)
"""Source: domain.md §2.5 and §6.2 (investigation report)."""

CONFIDENTIAL_FEEDBACK = FEEDBACK_FORMAT.replace("、拟公开回应稿", "")
"""The same for an accusation, which nobody answers in public."""


class Urgency(StrEnum):
    """How urgent a slip is (缓急). Source: GB/T 9704-2012 §7.2.3 (特急, 加急)."""

    ORDINARY = "平件"
    URGENT = "加急"
    MOST_URGENT = "特急"


@dataclass(frozen=True, slots=True)
class PostSource:
    """Where a post stands, in words of the platform; printed shortened when long. Times are local and aware.

    Attributes:
        platform: name of the site or app.
        link: address of the post, not of its author.
        first_posted_at: None when the platform does not tell.
    """

    platform: str
    link: str
    found_at: datetime
    first_posted_at: datetime | None = None

    def __post_init__(self) -> None:
        checks.there("来源平台", self.platform)
        checks.aware("发现时间", self.found_at)
        checks.aware("首发时间", self.first_posted_at)


@dataclass(frozen=True, slots=True)
class Duty:
    """A unit and why it is the one: article of law, county document or list of duties."""

    unit: str
    basis: str

    def __post_init__(self) -> None:
        checks.filled("单位名称", self.unit, limit=MOST_OF_A_LINE)
        checks.bounded("职责依据", self.basis, limit=MOST_OF_A_BASIS)


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """A deadline. `due_at` is local and aware, exact to the minute.

    Attributes:
        how: in words how it was counted, see `casework.clock_words.how_counted`.
        is_provisional: the official calendar of that year is not out yet (暂定).
    """

    stage: Stage
    due_at: datetime
    how: str = ""
    is_provisional: bool = False

    def __post_init__(self) -> None:
        checks.aware("时限", self.due_at)
        checks.bounded("时限说明", self.how, limit=MOST_OF_A_SUM)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with the slip, known by its SHA-256 in lower-case hexadecimal."""

    name: str
    sha256: str

    def __post_init__(self) -> None:
        checks.there("附件名称", self.name)
        checks.digest(self.sha256)


@dataclass(frozen=True, slots=True)
class SignOff:
    """An officer's act on the slip; `at` is local and aware."""

    officer: str
    at: datetime
    opinion: str = ""

    def __post_init__(self) -> None:
        checks.filled("签批人", self.officer, limit=20)
        checks.bounded("签批意见", self.opinion, limit=80)
        checks.aware("签批时间", self.at)


@dataclass(frozen=True, slots=True)
class DispatchSlip:
    """A dispatch slip as it is printed. All times are local and aware.

    Attributes:
        county: name of the county, such as 云岭县.
        number: as given by the number series, such as 云岭网信交〔2026〕35号.
        issued_at: the minute of dispatch; also the only date inside the file.
        gist: what is asked for, masked, at most 200 characters.
        title: of the post that the case began with, masked; empty where it has none.
        place: where it happens, or empty.
        subject: whom or what it concerns (a site, a firm, a facility), or empty.
        issuer: full name of who dispatches; empty for the county's cyberspace office.
        contact: through whom the unit reaches the person, in short.
        contact_phone: of the contact, for questions of the unit.
        assisting_in_all: how many assisting units the case has, where not all of them are named.
        replaces: number of the slip whose place this one takes, or empty.
        drafted, checked, signed, received: None leaves the box empty, to be filled by hand.
    """

    county: str
    number: str
    grade: Grade
    urgency: Urgency
    issued_at: datetime
    sources: tuple[PostSource, ...]
    gist: str
    place: str
    subject: str
    lead: Duty
    assisting: tuple[Duty, ...]
    requirements: tuple[str, ...]
    limits: tuple[TimeLimit, ...]
    attachments: tuple[Attachment, ...] = ()
    title: str = ""
    feedback_format: str = FEEDBACK_FORMAT
    issuer: str = ""
    contact: str = OFFICE
    contact_phone: str = ""
    drafted: SignOff | None = None
    checked: SignOff | None = None
    signed: SignOff | None = None
    received: SignOff | None = None
    assisting_in_all: int = 0
    replaces: str = ""

    def __post_init__(self) -> None:
        """Check the form.

        Raises:
            DocumentError: a field is missing, too long, or a time has no zone.
        """
        checks.filled("县名", self.county, limit=20)
        checks.filled("编号", self.number, limit=40)
        checks.aware("交办时间", self.issued_at)
        checks.counted("舆情来源", self.sources, limit=MOST_SOURCES)
        checks.filled("诉求要点", self.gist, limit=MOST_OF_A_GIST)
        checks.bounded("标题", self.title, limit=MOST_OF_A_LINE)
        checks.bounded("涉及地点", self.place, limit=MOST_OF_A_LINE)
        checks.bounded("涉及对象", self.subject, limit=MOST_OF_A_LINE)
        checks.counted("协办单位", self.assisting, limit=MOST_ASSISTING)
        checks.bounded("替代的交办单编号", self.replaces, limit=40)
        checks.counted("办理要求", self.requirements, limit=MOST_REQUIREMENTS)
        for requirement in self.requirements:
            checks.filled("办理要求", requirement, limit=MOST_OF_A_REQUIREMENT)
        checks.counted("时限", self.limits, limit=MOST_LIMITS)
        checks.counted("附件", self.attachments, limit=MOST_ATTACHMENTS)
        checks.bounded("反馈格式", self.feedback_format, limit=MOST_OF_A_BASIS)
        checks.bounded("交办单位", self.issuer, limit=40)
        checks.filled("联系单位", self.contact, limit=20)
        checks.bounded("联系电话", self.contact_phone, limit=40)
