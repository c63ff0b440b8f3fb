"""A county at its desks, seen through the web: people of every role, a post on its way, pages by address.

What the worker decides is decided here by the same functions, from the small pack, without a queue.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field, replace
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.access import CountyId, machine
from casework.desk.govern import ensure_sources
from casework.desk.sweep import sweep
from casework.desk.triage import apply_triage, claim_posts
from casework.judgement import Agreement, Disposition, Judged, Judgement, Routing, SecondOpinion
from casework.matter import Telling, fingerprint
from casework.post import PostToJudge
from casework.roles import Role
from casework.store.packs import sync_units
from casework.store.tables import CasePostRow, CaseRow
from rules.model import DemandClass, Grade, RuleKind
from rules.rulebook import Rulebook
from tests.case_pack import case_book
from tests.web_kit import TOKEN, Browser, Web

LEAD = "housing_bureau"
ASSIST = "center_office"
OTHER = "enforcement_bureau"
ADDRESS = re.compile(r"/(?:posts|cases|desk)/([0-9a-f-]{36})")
VERSION = re.compile(r'name="version" value="(\d+)"')
OFFERED = re.compile(r'action="/cases/[0-9a-f-]{36}/([a-z_]+)"')


def judgement_of(book: Rulebook, post: PostToJudge, **changes: object) -> Judgement:
    """Return a verdict whose signals and findings are those of `book`; what else it says can be named."""
    scan = book.scan(post.title, post.text)
    findings = book.evaluate(RuleKind.SEVERITY, scan.features)
    made = Judgement(
        pack_ref=book.pack.ref,
        calendar_version=book.pack.calendar.version,
        disposition=Disposition.CASE,
        grade=Grade.GENERAL,
        demand=DemandClass.REQUEST,
        topic="street_lamps",
        place="e_cuihu",
        confidential=False,
        confidence=Decimal("0.9"),
        routing=Routing(LEAD, (ASSIST,), "《城市道路照明设施管理规定》"),
        telling=Telling(
            topic=None,
            place=None,
            place_kind=None,
            confidential=False,
            said_at=post.said_at,
            sketch=fingerprint(post.text).sketch,
            keys=fingerprint(post.text).keys,
        ),
        features={name: value for name, value in scan.features.items() if value},
        hits=scan.hits,
        findings=findings,
        opinion=SecondOpinion(Agreement.EQUAL),
    )
    return replace(made, **changes)  # type: ignore[arg-type] # the fields that a test names


@dataclass
class Desks:
    """A county behind an application of a test.

    Attributes:
        people: browsers by role, each signed in when first asked for.
    """

    web: Web
    people: dict[tuple[Role, str], Browser] = field(default_factory=dict)

    @property
    def county(self) -> str:
        return self.web.home.county

    def person(self, role: Role, unit: str = LEAD) -> Browser:
        """Return the browser of somebody of this role; of `unit`, if the role belongs to units."""
        at = unit if role in {Role.UNIT_HANDLER, Role.UNIT_HEAD} else ""
        if (role, at) not in self.people:
            self.people[role, at] = self.web.signed_in(role, login=_login(role, at), unit=at or None)
        return self.people[role, at]

    def wait(self, **span: float) -> None:
        """Let time pass, let the sweep do its minute, and have everybody signed in again."""
        self.web.clock.advance(**span)
        self.swept()
        for (role, at), browser in self.people.items():
            browser.sign_in(_login(role, at))

    def swept(self) -> None:
        """Sweep until nothing more is due."""
        while True:
            with self.web.home.transactions.write(machine(CountyId(self.county))) as uow:
                if not sweep(uow).more:
                    return

    def triaged(self, **changes: object) -> int:
        """Do what the worker does with the posts that wait, and return how many there were."""
        the_machine = machine(CountyId(self.county))
        with self.web.home.transactions.write(the_machine) as uow:
            claimed = claim_posts(uow, 50, owner="test")
        book = self.web.outside.active(None, self.web.clock())  # type: ignore[arg-type] # the fake looks at nothing
        outcomes = [Judged(post, judgement_of(book, post, **changes)) for post in claimed.posts]
        with self.web.home.transactions.write(the_machine) as uow:
            apply_triage(uow, claimed.token, outcomes)
        return len(outcomes)

    def post(self, text: str = "小区路灯坏了半个月，晚上看不清路。", **fields: object) -> uuid.UUID:
        """Register a post by the form of the duty officer and return its id."""
        sent = {"title": "路灯坏了", "text": text, "platform": "论坛", **fields}
        answer = self.person(Role.DUTY_OFFICER).post("/posts/new", sent)
        assert answer.status_code == 302, answer.text
        return id_in(answer.location)

    def case(self, text: str = "小区路灯坏了半个月，晚上看不清路。", **changes: object) -> uuid.UUID:
        """Return a case as triage leaves it; `changes` are of the judgement."""
        post_id = self.post(text)
        self.triaged(**changes)
        return self.case_of(post_id)

    def reported(self) -> uuid.UUID:
        """Return a case that its lead unit has signed for and reported on."""
        duty, head = self.person(Role.DUTY_OFFICER), self.person(Role.UNIT_HEAD)
        made = self.case()
        self.done(duty, made, "confirm")
        self.done(duty, made, "dispatch")
        self.done(head, made, "sign_for")
        self.done(head, made, "file_report", text="首报。")
        return made

    def case_of(self, post_id: uuid.UUID) -> uuid.UUID:
        """Return the case that a post is in."""
        with Session(self.web.home.transactions.engine) as session:
            found = session.scalar(sa.select(CasePostRow.case_id).where(CasePostRow.post_id == post_id))
        assert found is not None
        return found

    def state(self, case_id: uuid.UUID) -> str:
        with Session(self.web.home.transactions.engine) as session:
            return session.get_one(CaseRow, case_id).state

    def page(self, who: Browser, case_id: uuid.UUID) -> str:
        """Return the page of a case as this person sees it."""
        answer = who.get(f"/cases/{case_id}")
        assert answer.status_code == 200, answer.text
        return answer.text

    def act(self, who: Browser, case_id: uuid.UUID, action: str, **fields: object) -> TestResponse:
        """Press a button that the page offers, with the version that the page shows."""
        page = self.page(who, case_id)
        assert action in offered(page), f"{action} is not offered, only {offered(page)}"
        version, token = VERSION.search(page), TOKEN.search(page)
        assert version is not None
        assert token is not None
        sent = {"csrf_token": token[1], "version": version[1], **fields}
        return who.client.post(f"/cases/{case_id}/{action}", data=sent)

    def done(self, who: Browser, case_id: uuid.UUID, action: str, **fields: object) -> None:
        """Press a button and expect that it worked."""
        answer = self.act(who, case_id, action, **fields)
        assert answer.status_code == 302, answer.text


def _login(role: Role, unit: str) -> str:
    return f"{role.value}-{unit}"[:32].replace("_", "-").strip("-")


def offered(page: str) -> list[str]:
    """Return the actions that the page of a case offers, in its order."""
    return list(dict.fromkeys(OFFERED.findall(page)))


def id_in(address: str) -> uuid.UUID:
    """Return the id in the address of a post, a case or an item."""
    found = ADDRESS.search(address)
    assert found is not None, address
    return uuid.UUID(found[1])


def desks_on(web: Web, book: Rulebook | None = None) -> Desks:
    """Return the desks of a county with the units and sources of its pack."""
    web.outside.rulebook = book or case_book()
    with web.home.transactions.write(machine(CountyId(web.home.county))) as uow:
        sync_units(uow.session, uow.county, web.outside.rulebook.pack.units)
        ensure_sources(uow)
    return Desks(web)
