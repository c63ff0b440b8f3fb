"""The nouns of a rule pack, as frozen values.

It reads no file, knows no case and decides nothing: `pack` builds these, `check` criticises them,
`signals`, `reference` and `compiler` run them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class Grade(StrEnum):
    """Severity of a case. These three keys and no others, everywhere.

    Source: 网络舆情 three-level practice, domain.md §1.
    """

    GENERAL = "general"
    MAJOR = "major"
    SERIOUS = "serious"

    @property
    def rank(self) -> int:
        """Return 1 for general, 2 for major, 3 for serious."""
        return {"general": 1, "major": 2, "serious": 3}[self.value]


class DemandClass(StrEnum):
    """What a citizen asks for (诉求类别)."""

    CONSULTATION = "consultation"
    REQUEST = "request"
    COMPLAINT = "complaint"
    ACCUSATION = "accusation"


@dataclass(frozen=True, slots=True)
class Location:
    """Where something stands in a pack: file name, line and column, both from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Label:
    """A name in both languages of the screen."""

    zh: str
    en: str


# --- signals: what a post says ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A named list of terms, stored as the author wrote them; `signals` normalises them."""

    id: str
    title: str
    terms: tuple[str, ...]
    at: Location


class Quantifier(StrEnum):
    """How many members of a `Combine` must hit."""

    ANY = "any"
    ALL = "all"
    NONE = "none"
    AT_LEAST = "at_least"


@dataclass(frozen=True, slots=True)
class Terms:
    """Hit where one of the terms (own and those of the lexicons) stands in the text."""

    terms: tuple[str, ...]
    lexicons: tuple[str, ...]
    whole_word: bool  # only where jieba sees a word boundary on both sides
    at: Location


@dataclass(frozen=True, slots=True)
class Pattern:
    """Hit where the RE2 expression matches the normalised text."""

    regex: str
    at: Location


@dataclass(frozen=True, slots=True)
class Near:
    """Hit where `first` and `second` stand at most `within` normalised characters apart."""

    first: Matcher
    second: Matcher
    within: int
    same_sentence: bool
    ordered: bool
    at: Location


@dataclass(frozen=True, slots=True)
class Number:
    """Hit where a number (digits or Chinese words) stands before one of the unit words."""

    units: tuple[str, ...]
    at_least: int | None
    at_most: int | None
    at: Location


@dataclass(frozen=True, slots=True)
class Places:
    """Hit where the post names one of these places of the gazetteer, or one of these kinds."""

    ids: tuple[str, ...]
    kinds: tuple[str, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class Days:
    """Hit where a day of the year is written out that lies from `first` to `last` (month x 100 + day)."""

    first: int
    last: int  # included; below `first` where the span runs over the new year
    at: Location


@dataclass(frozen=True, slots=True)
class Combine:
    """Hit where enough members hit; spans are those of the members."""

    quantifier: Quantifier
    count: int  # only for AT_LEAST, else 0
    members: tuple[Matcher, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class SignalRef:
    """Hit where another signal of the pack hit (no rings; checked)."""

    signal: str
    at: Location


Matcher = Terms | Pattern | Near | Number | Places | Days | Combine | SignalRef


class SignalKind(StrEnum):
    """What the feature of a signal holds."""

    FLAG = "flag"  # bool: the matcher hit
    NUMBER = "number"  # int: the largest number hit, 0 if none


@dataclass(frozen=True, slots=True)
class Signal:
    """A named thing that a post says; its id is the name of a feature."""

    id: str
    title: Label
    kind: SignalKind
    match: Matcher
    skip_negated: bool  # a hit in a negated or hypothetical context does not count
    title_only: bool
    at: Location


# --- conditions: what it means -----------------------------------------------------------------

Scalar = bool | int | Decimal | str


class Op(StrEnum):
    """Comparisons of the rule language."""

    IS = "is"
    IS_NOT = "is_not"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    ONE_OF = "one_of"


@dataclass(frozen=True, slots=True)
class Test:
    """One typed comparison of one feature with a constant."""

    feature: str
    op: Op
    value: Scalar | tuple[Scalar, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class AllOf:
    """True where every member is true."""

    members: tuple[Condition, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True where at least one member is true."""

    members: tuple[Condition, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class Not:
    """True where the member is false."""

    member: Condition
    at: Location


Condition = Test | AllOf | AnyOf | Not


class RuleKind(StrEnum):
    """Which set of rules, and so which vocabulary and conclusion, a rule belongs to."""

    SEVERITY = "severity"
    SCORING = "scoring"


class RuleStatus(StrEnum):
    """Only active rules are evaluated."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Example:
    """A text (through the whole signal layer) or bare features, and whether the rule must match."""

    text: str | None
    features: tuple[tuple[str, Scalar], ...]  # added to, or instead of, those of the text
    matches: bool
    at: Location


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Exactly one of grade, concludes, dismisses and points is set."""

    id: str
    kind: RuleKind
    title: Label
    status: RuleStatus
    owner: str
    source: str  # the clause (依据) that the rule stands on
    when: Condition
    unless: Condition | None
    priority: int
    grade: Grade | None
    concludes: str | None  # a named conclusion: a boolean feature of later strata
    dismisses: str | None  # key of a dismissal reason
    points: tuple[tuple[str, Decimal], ...]  # (grade key or "any", points)
    effective_from: date | None
    effective_to: date | None  # half-open
    examples: tuple[Example, ...]
    at: Location


# --- understanding -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WeightedTerms:
    """Terms that speak for (weight > 0) or against (weight < 0) a topic."""

    weight: Decimal
    match: Matcher
    at: Location


@dataclass(frozen=True, slots=True)
class Topic:
    """What a post is about. `group` is one of the pack's first-level groups."""

    id: str
    title: Label
    group: str
    demand: DemandClass  # class when the text gives no other sign
    evidence: tuple[WeightedTerms, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the gazetteer."""

    id: str
    name: str
    kind: str  # street, town, village, estate, river, road, school, site
    aliases: tuple[str, ...]
    within: str | None  # id of the larger place
    unit: str | None  # the unit of the territory
    zone: str  # urban or rural
    at: Location


# --- units and routing -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact role of a unit (第一责任人, 分管负责人, 联络员)."""

    name: str
    title: str
    phone: str


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """A responsible unit as the pack lists it. `duties` are special offices it holds."""

    id: str
    name: Label
    short: str
    family: str  # code of grading.md, e.g. HOUSING
    kind: str  # party, government, department, township, vertical, enterprise, group, judicial
    superior: str | None
    duties: tuple[str, ...]  # cyberspace, supervision, target, discipline, publisher, backstop …
    first_responsible: Contact
    deputy: Contact
    liaison: Contact
    mentions: tuple[str, ...]  # names by which texts speak of it (for accusations)
    at: Location


@dataclass(frozen=True, slots=True)
class Designation:
    """A duty that the county government must give to a unit. Unset: arbitration, never a guess."""

    id: str
    title: Label
    unit: str | None
    document: str | None  # number of the county document that set it
    candidates: tuple[str, ...]  # shown to the arbitrating office, in order of the law
    basis: str
    at: Location


@dataclass(frozen=True, slots=True)
class Target:
    """Who a route names: a unit, a designation, or the unit of the territory of the place.

    Attributes:
        basis: law of an assisting unit's own; empty where it merely helps the lead.
    """

    unit: str | None = None
    designated: str | None = None
    territory: bool = False
    basis: str = ""


class BasisKind(StrEnum):
    """Rank of a basis; the first listed wins. Source: domain.md §9.4 decision order."""

    STATUTE = "statute"
    COUNTY_DOCUMENT = "county_document"
    DUTY_LIST = "duty_list"
    EMPOWERMENT = "empowerment"
    FIRST_RECEIVER = "first_receiver"
    DESIGNATION = "designation"


@dataclass(frozen=True, slots=True)
class Route:
    """Lead and assisting units for a topic, optionally for one zone or kind of place only."""

    id: str
    topic: str
    zone: str | None  # urban, rural; None: any
    place_kind: str | None
    lead: Target
    assist: tuple[Target, ...]
    basis_kind: BasisKind
    basis: str
    at: Location


# --- time --------------------------------------------------------------------------------------


class LimitUnit(StrEnum):
    """How a limit counts. m/h natural, wh working hours, wd working days, d calendar days."""

    MINUTES = "m"
    HOURS = "h"
    WORKING_HOURS = "wh"
    WORKING_DAYS = "wd"
    DAYS = "d"


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount of time, e.g. 48h or 15wd."""

    amount: int
    unit: LimitUnit

    def __str__(self) -> str:
        return f"{self.amount}{self.unit.value}"


class Stage(StrEnum):
    """The clocks of a case."""

    SIGN_FOR = "sign_for"
    OBJECTION = "objection"
    FIRST_CONTACT = "first_contact"
    FIRST_REPORT = "first_report"
    PUBLIC_REPLY = "public_reply"
    CLOSE = "close"
    COMMITMENT = "commitment"


@dataclass(frozen=True, slots=True)
class ClockPolicy:
    """The limit of one stage for a grade (and, where it matters, a class of demand)."""

    stage: Stage
    grade: Grade
    demand: DemandClass | None  # None: every class
    limit: Limit
    night_defer: bool  # a start outside day hours counts from the next opening
    source: str
    at: Location


@dataclass(frozen=True, slots=True)
class DeadlinePolicy:
    """All limits of a pack."""

    version: str
    day_start: time  # opening for deferred night starts
    day_end: time
    night_resume: time
    clocks: tuple[ClockPolicy, ...]


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year as announced: days off on weekdays or weekends, and make-up working days."""

    year: int
    notice: str  # number of the notice; empty where provisional
    provisional: bool
    off: frozenset[date]
    work: frozenset[date]  # Saturdays and Sundays that are worked (调休上班)


@dataclass(frozen=True, slots=True)
class CalendarTable:
    """The county's calendar: announced years, local closures and the split working day."""

    version: str
    hours: tuple[tuple[time, time], ...]  # half-open windows of a working day, in order
    years: tuple[CalendarYear, ...]
    closures: frozenset[date]  # local extra closures


@dataclass(frozen=True, slots=True)
class ServicePeriod:
    """A time in which the county serves differently. First and last day belong to it."""

    kind: str  # of `builtin_features.PERIOD_KINDS`
    title: Label
    dates: tuple[date, date] | None  # of one year; None: every year
    days: tuple[int, int]  # of every year, as month x 100 + day; may run over the new year
    sensitive: bool  # sets the feature `sensitive_period`
    at: Location


class StepAction(StrEnum):
    """What a step of the ladder does."""

    REMINDER = "reminder"
    CARD = "card"
    ORDER = "order"
    SUMMONS = "summons"


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One step of the supervision ladder. Exactly one of share and after is set."""

    id: str
    title: Label
    stages: tuple[Stage, ...]
    grades: tuple[Grade, ...]
    share: Decimal | None  # of the clock's run, 0..1
    after: Limit | None  # since the due instant; 0h = at due
    redo_at_least: int | None  # also reached by this many redos
    dissatisfied_at_least: int | None
    action: StepAction
    card: str | None  # blue, yellow, red
    source: str
    at: Location


# --- the pack ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DismissalReason:
    """A reason for opening no case, in words a citizen can read."""

    id: str
    title: Label


@dataclass(frozen=True)
class Pack:
    """A whole rule pack. Equal digests mean equal bytes of all its files."""

    id: str
    version: int
    digest: str  # "sha256:" + hex over sorted file names and contents
    title: Label
    county_code: str
    county: Label
    groups: tuple[str, ...]
    lexicons: tuple[Lexicon, ...]
    signals: tuple[Signal, ...]
    topics: tuple[Topic, ...]
    places: tuple[Place, ...]
    units: tuple[UnitEntry, ...]
    designations: tuple[Designation, ...]
    routes: tuple[Route, ...]
    severity: tuple[Rule, ...]
    scoring: tuple[Rule, ...]
    dismissals: tuple[DismissalReason, ...]
    deadlines: DeadlinePolicy
    calendar: CalendarTable
    ladder: tuple[LadderStep, ...]
    settings: tuple[tuple[str, Scalar], ...] = field(default=())
    periods: tuple[ServicePeriod, ...] = field(default=())

    @property
    def ref(self) -> str:
        """Return id@version+digest, the name that every decision stores."""
        return f"{self.id}@{self.version}+{self.digest}"


class Span(NamedTuple):
    """A half-open range of characters of the ORIGINAL text, and the part of the post it is in."""

    start: int
    end: int
    part: str = "text"  # title or text


class Hit(NamedTuple):
    """A signal that a post trips, with where and with which value."""

    signal: str
    value: bool | int
    spans: tuple[Span, ...]
    hidden: bool = False  # only found by taking out marks put between letters: less certain


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition of a fired rule with the value seen."""

    feature: str
    op: str
    expected: str
    seen: str
    holds: bool
    wanted: bool = True  # False where the rule wants the condition not to hold (under not or unless)


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that fired: what it concludes and on what ground."""

    rule: str
    kind: RuleKind
    pack: str  # Pack.ref
    title: Label
    source: str
    conclusion: str  # e.g. "grade=major", "concludes=group_dispute", "dismisses=praise"
    reasons: tuple[Reason, ...]
