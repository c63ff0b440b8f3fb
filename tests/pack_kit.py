"""A county with the small pack in force behind the pages of rule packs, and drafts brought to any state."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import timedelta

from casework.access import CountyId, machine
from casework.desk.backtesting import finish_backtest, take_backtest
from casework.desk.govern import install_first_pack, sound_pack
from casework.desk.shadowing import note_shadow
from casework.packs import DraftState
from casework.roles import Role
from casework.store.backtests import Progress
from casework.store.drafts import DraftView, draft_view
from casework.store.packs import activations, active_ref
from casework.store.shadows import shadow_runs
from rules.backtest import Tally, Verdict
from tests.page_kit import Desks, desks_on
from tests.small_pack import small_book, small_pack
from tests.web_kit import TOKEN, Browser, Web

WRITER, DIRECTOR, SUPERVISOR = Role.DUTY_OFFICER, Role.DIRECTOR, Role.SUPERVISOR
VERSION = re.compile(r'name="version" value="(\d+)"')
SEEN = re.compile(r'name="seen" value="([0-9a-f]{64})"')
DRAFT = re.compile(r"/packs/drafts/([0-9a-f-]{36})")
NOTHING = Verdict("dismissal", "", "", "", (), ())
LAMPS = Verdict("case", "general", "street_lamps", "housing_bureau", (), ())


@dataclass
class PackDesks:
    """The pages of packs, used by people of any role."""

    desks: Desks

    @property
    def web(self) -> Web:
        return self.desks.web

    def person(self, role: Role) -> Browser:
        return self.desks.person(role)

    def ref(self) -> str:
        with self.web.home.transactions.read(machine(CountyId(self.desks.county))) as uow:
            return str(active_ref(uow.session, uow.county, uow.now))

    def view(self, draft_id: uuid.UUID) -> DraftView:
        with self.web.home.transactions.read(machine(CountyId(self.desks.county))) as uow:
            return draft_view(uow.session, uow.county, draft_id)

    def state(self, draft_id: uuid.UUID) -> DraftState:
        return self.view(draft_id).draft.state

    def in_force(self) -> list[str]:
        with self.web.home.transactions.read(machine(CountyId(self.desks.county))) as uow:
            return [one.ref for one in activations(uow.session, uow.county)]

    def draft(self, role: Role = WRITER) -> uuid.UUID:
        """Begin a draft by the form."""
        answer = self.person(role).post("/packs/new", {"ref": self.ref(), "title": "改一个词"})
        assert answer.status_code == 302, answer.text
        found = DRAFT.search(answer.location)
        assert found is not None
        return uuid.UUID(found[1])

    def send(self, draft_id: uuid.UUID, role: Role, part: str, **fields: object) -> tuple[int, str]:
        """Send a form of a draft with the version that it has; return status and page."""
        self.web.clock.advance(seconds=1)
        values = {"version": self.view(draft_id).draft.version, **fields}
        answer = self.person(role).post(f"/packs/drafts/{draft_id}/{part}", values)
        return answer.status_code, answer.text

    def save(self, draft_id: uuid.UUID, name: str, text: str, role: Role = WRITER, **more: object) -> int:
        """Save a file from a page that was opened just now."""
        page = self.person(role).get(f"/packs/drafts/{draft_id}?file={name}").text
        token, version, seen = TOKEN.search(page), VERSION.search(page), SEEN.search(page)
        assert token, page
        assert version, page
        assert seen, page
        sent = {"csrf_token": token[1], "version": version[1], "seen": seen[1], "file": name, "text": text}
        answer = self.person(role).client.post(f"/packs/drafts/{draft_id}/save", data={**sent, **more})
        return answer.status_code

    def tried(self, draft_id: uuid.UUID, tally: Tally | None = None) -> uuid.UUID:
        """Ask for a back-test by the form, and do what the worker does with it."""
        today = self.web.clock().date()
        status, page = self.send(
            draft_id,
            WRITER,
            "trials/backtest",
            since=(today - timedelta(days=3)).isoformat(),
            until=today.isoformat(),
        )
        assert status == 302, page
        return self.ran(tally)

    def ran(self, tally: Tally | None = None) -> uuid.UUID:
        """Do what the worker does with the back-test that waits."""
        the_machine = machine(CountyId(self.desks.county))
        with self.web.home.transactions.write(the_machine) as uow:
            work = take_backtest(uow, owner="test")
        assert work is not None
        progress = Progress(total=2, after=None, tally=tally or a_tally(), milliseconds=1234)
        with self.web.home.transactions.write(the_machine) as uow:
            assert finish_backtest(uow, work.of.id, owner="test", progress=progress)
        return work.of.id

    def shadowed(self, draft_id: uuid.UUID, tally: Tally) -> uuid.UUID:
        """Do what the worker does with the shadow run of a draft."""
        the_machine = machine(CountyId(self.desks.county))
        with self.web.home.transactions.write(the_machine) as uow:
            run = shadow_runs(uow.session, uow.county, draft_id=draft_id)[0]
            assert note_shadow(uow, run, watermark=uow.new_id(), tally=tally, found=())
        return run.id

    def brought_to(self, state: DraftState) -> uuid.UUID:
        """Return a draft of the duty officer that two people brought to `state`."""
        draft_id = self.draft()
        way = (
            (DraftState.CHECKED, lambda: self.send(draft_id, WRITER, "check")),
            (DraftState.BACKTESTED, lambda: self.tried(draft_id)),
            (DraftState.SUBMITTED, lambda: self.send(draft_id, WRITER, "decision/submit")),
            (DraftState.APPROVED, lambda: self.send(draft_id, DIRECTOR, "decision/approve")),
            (DraftState.PUBLISHED, lambda: self.send(draft_id, DIRECTOR, "decision/publish")),
        )
        for to, go in way:
            if self.state(draft_id) is state:
                break
            go()
            assert self.state(draft_id) is to
        assert self.state(draft_id) is state
        return draft_id


def a_tally(*posts: str) -> Tally:
    """Return the result of a back-test in which `posts` open cases that did not before."""
    tally = Tally()
    for post in posts:
        tally.add(post, NOTHING, LAMPS)
    tally.add(None, LAMPS, LAMPS)
    return tally


def pack_desks(web: Web) -> PackDesks:
    """Return the desks of a county that has the small pack in force."""
    desks = desks_on(web, small_book())
    with web.home.transactions.write(machine(CountyId(desks.county))) as uow:
        install_first_pack(uow, sound_pack(small_pack()))
    web.clock.advance(minutes=1)
    return PackDesks(desks)
