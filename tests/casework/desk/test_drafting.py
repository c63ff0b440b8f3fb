"""Drafts from the first word to force: who may do what, what every step keeps, and what is never possible."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from casework.access import Actor, Role
from casework.desk.decidable import hindrance
from casework.desk.drafting import (
    approve,
    draft_from,
    draft_of_files,
    edit_file,
    examine,
    files_to_check,
    note_check,
    reject,
    submit,
    withdraw,
)
from casework.desk.govern import install_first_pack, sound_pack
from casework.desk.publishing import publish_draft, put_in_effect, take_back
from casework.errors import CaseworkError, NotPermitted, ReasonMissing
from casework.pack_refusals import (
    ApproverIsEditor,
    ClockWentBack,
    DraftAltered,
    DraftStepRefused,
    FileRefused,
    NoSuchDraft,
    NoSuchPack,
    NothingCompared,
    PersonNeeded,
    StaleDraft,
    TooSoon,
    TriedOnOtherRules,
    VersionTaken,
)
from casework.packs import DraftState
from casework.store.drafts import DraftView, draft_lines, draft_view, find_draft
from casework.store.packs import activations, active_ref, find_ref
from casework.store.tables import AuditRow, BacktestRow, PackDraftRow, PackRow, UnitRow
from rules.model import Location
from rules.problem import Level
from tests.builders import COUNTY, MONDAY, new_id, officer, the_machine
from tests.desk_kit import SQLITE_ONLY, Desk, OneRulebook, desk_on
from tests.draft_kit import add_posts
from tests.small_pack import small_book, small_pack
from tests.two_people import let_go, ran

TOPICS = "topics.yaml"


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with desk_on(database_url, book=small_book()) as opened:
        with opened.transactions.write(the_machine()) as uow:
            install_first_pack(uow, sound_pack(small_pack()))
        opened.clock.advance(hours=1)
        yield opened


WRITER, SECOND, DIRECTOR = (
    officer(Role.DUTY_OFFICER, name="示例起草人"),
    officer(Role.DUTY_OFFICER, name="示例修改人"),
    officer(Role.DIRECTOR, name="示例主任"),
)


def _begin(desk: Desk, actor: Actor = WRITER) -> uuid.UUID:
    with desk.transactions.write(actor) as uow:
        ref = active_ref(uow.session, COUNTY, uow.now)
        return draft_from(uow, str(ref), title="改一个词", note="群众常用说法")


def _view(desk: Desk, draft_id: uuid.UUID) -> DraftView:
    with desk.transactions.read(the_machine()) as uow:
        return draft_view(uow.session, COUNTY, draft_id)


def _edit(desk: Desk, draft_id: uuid.UUID, actor: Actor = WRITER, name: str = TOPICS) -> None:
    desk.clock.advance(seconds=1)
    view = _view(desk, draft_id)
    text = f"# 说明 {actor.name}\n{view.draft.files[name]}"
    with desk.transactions.write(actor) as uow:
        edit_file(uow, draft_id, version=view.draft.version, name=name, text=text)


def _check(desk: Desk, draft_id: uuid.UUID) -> None:
    desk.clock.advance(seconds=1)
    with desk.transactions.read(WRITER) as uow:
        files = files_to_check(uow, draft_id)
    found = examine(files)
    with desk.transactions.write(WRITER) as uow:
        note_check(uow, draft_id, version=_view(desk, draft_id).draft.version, found=found)


def _tried(desk: Desk, draft_id: uuid.UUID, *, done: int = 1) -> None:
    draft = _view(desk, draft_id).draft
    with desk.transactions.write(the_machine()) as uow:
        backtest_id = uow.new_id()
        uow.session.add(
            BacktestRow(
                id=backtest_id,
                county_id=COUNTY,
                draft_id=draft_id,
                digest=draft.digest,
                base_ref=str(active_ref(uow.session, COUNTY, uow.now)),
                period_from=MONDAY - timedelta(days=1),
                period_to=MONDAY,
                state="queued",
                asked_by="x",
                asked_at=uow.now,
            )
        )
        uow.session.flush()
        ran(uow.session, backtest_id, done=done)


def _step(
    desk: Desk, draft_id: uuid.UUID, actor: Actor, step: Callable[..., object], **given: object
) -> object:
    desk.clock.advance(seconds=1)
    version = _view(desk, draft_id).draft.version
    with desk.transactions.write(actor) as uow:
        return step(uow, draft_id, version=version, **given)


def _submitted(desk: Desk) -> uuid.UUID:
    draft_id = _begin(desk)
    _edit(desk, draft_id)
    _check(desk, draft_id)
    _tried(desk, draft_id)
    _step(desk, draft_id, WRITER, submit)
    return draft_id


def _approved(desk: Desk) -> uuid.UUID:
    draft_id = _submitted(desk)
    _step(desk, draft_id, DIRECTOR, approve, note="同意")
    return draft_id


def test_a_draft_goes_from_the_pack_in_force_to_force_by_two_people(desk: Desk):
    draft_id = _approved(desk)

    done = _step(desk, draft_id, DIRECTOR, publish_draft)

    view = _view(desk, draft_id)
    assert view.draft.state is DraftState.PUBLISHED
    assert done.ref == view.draft.ref
    assert [event.to_state for event in view.history] == [
        DraftState.DRAFT,
        DraftState.DRAFT,
        DraftState.CHECKED,
        DraftState.BACKTESTED,
        DraftState.SUBMITTED,
        DraftState.APPROVED,
        DraftState.PUBLISHED,
    ]
    assert (view.draft.author, view.draft.approver, view.approval_note) == ("示例起草人", "示例主任", "同意")
    with desk.transactions.read(the_machine()) as uow:
        pack = uow.session.scalars(sa.select(PackRow).where(PackRow.ref == done.ref)).one()
        assert (pack.version, pack.author_id, pack.approver_id) == (2, WRITER.user_id, DIRECTOR.user_id)
        assert pack.files == view.draft.files
        assert active_ref(uow.session, COUNTY, uow.now) == done.ref
        audited = set(uow.session.scalars(sa.select(AuditRow.action)))
    steps = ("created", "edited", "checked", "submitted", "approved")
    assert {f"pack_draft_{step}" for step in steps} | {"pack_published"} <= audited


def test_nobody_who_wrote_any_of_it_approves_it(desk: Desk):
    draft_id = _begin(desk)
    for actor in (WRITER, DIRECTOR):
        _edit(desk, draft_id, actor)
    _check(desk, draft_id)
    _tried(desk, draft_id)
    _step(desk, draft_id, WRITER, submit)

    with pytest.raises(ApproverIsEditor):
        _step(desk, draft_id, DIRECTOR, approve)

    _step(desk, draft_id, officer(Role.SUPERVISOR), approve)
    assert _view(desk, draft_id).draft.state is DraftState.APPROVED


@SQLITE_ONLY
def test_an_edit_goes_back_to_the_start_and_what_is_submitted_stays(desk: Desk):
    draft_id = _begin(desk)
    _check(desk, draft_id)
    _tried(desk, draft_id)
    assert _view(desk, draft_id).draft.state is DraftState.BACKTESTED

    _edit(desk, draft_id, SECOND)

    view = _view(desk, draft_id)
    assert view.draft.state is DraftState.DRAFT
    assert not view.is_checked
    assert view.draft.editors == {WRITER.user_id, SECOND.user_id}
    with pytest.raises(DraftStepRefused, match="back-tested first"):
        _step(desk, draft_id, WRITER, submit)
    _check(desk, draft_id)
    _tried(desk, draft_id)
    _step(desk, draft_id, WRITER, submit)
    with pytest.raises(DraftStepRefused, match="begin another draft"):
        _edit(desk, draft_id)


@SQLITE_ONLY
def test_a_draft_with_an_error_keeps_its_problems_with_file_and_line(desk: Desk):
    draft_id = _begin(desk)
    text = _view(desk, draft_id).draft.files["severity.yaml"].replace("grade: ", "grade: un", 1)
    _step(desk, draft_id, WRITER, edit_file, name="severity.yaml", text=text)

    _check(desk, draft_id)

    view = _view(desk, draft_id)
    assert view.draft.state is DraftState.DRAFT
    errors = [problem for problem in view.problems if problem.level is Level.ERROR]
    assert errors
    assert all(problem.location.file == "severity.yaml" for problem in errors)
    assert view.is_checked


@SQLITE_ONLY
def test_line_ends_of_a_form_do_not_change_a_file(desk: Desk):
    draft_id = _begin(desk)
    before = _view(desk, draft_id).draft

    _step(desk, draft_id, WRITER, edit_file, name=TOPICS, text=before.files[TOPICS].replace("\n", "\r\n"))

    assert _view(desk, draft_id).draft == before


@SQLITE_ONLY
def test_two_editors_at_once_do_not_overwrite_each_other(desk: Desk):
    draft_id = _begin(desk)
    version = _view(desk, draft_id).draft.version
    _edit(desk, draft_id)

    with desk.transactions.write(SECOND) as uow, pytest.raises(StaleDraft):
        edit_file(uow, draft_id, version=version, name=TOPICS, text="x")
    with desk.transactions.read(the_machine()) as uow, pytest.raises(NoSuchDraft):
        draft_view(uow.session, COUNTY, new_id())


@SQLITE_ONLY
def test_a_rejected_draft_goes_back_with_its_reason_and_loses_its_approval(desk: Desk):
    draft_id = _approved(desk)
    with pytest.raises(ReasonMissing):
        _step(desk, draft_id, DIRECTOR, reject, reason="  ")

    _step(desk, draft_id, DIRECTOR, reject, reason="依据不足")

    view = _view(desk, draft_id)
    assert (view.draft.state, view.draft.approver) == (DraftState.REJECTED, None)
    assert view.history[-1].note == "依据不足"
    _edit(desk, draft_id)
    assert _view(desk, draft_id).draft.state is DraftState.DRAFT


@SQLITE_ONLY
def test_a_withdrawn_draft_is_kept_and_closed(desk: Desk):
    draft_id = _begin(desk)

    _step(desk, draft_id, WRITER, withdraw, reason="不再需要")

    with pytest.raises(DraftStepRefused):
        _edit(desk, draft_id)
    with desk.transactions.read(the_machine()) as uow:
        assert [line.state for line in draft_lines(uow.session, COUNTY)] == [DraftState.WITHDRAWN]
        assert draft_lines(uow.session, COUNTY, only_open=True) == ()


@SQLITE_ONLY
@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.UNIT_HEAD, Role.SYSTEM_ADMIN])
def test_others_write_no_rules(desk: Desk, role: Role):
    with pytest.raises(NotPermitted):
        _begin(desk, officer(role))


@SQLITE_ONLY
def test_a_duty_officer_neither_approves_nor_publishes(desk: Desk):
    submitted = _submitted(desk)
    with pytest.raises(NotPermitted):
        _step(desk, submitted, officer(Role.DUTY_OFFICER), approve)
    _step(desk, submitted, DIRECTOR, approve)
    with pytest.raises(NotPermitted):
        _step(desk, submitted, officer(Role.DUTY_OFFICER), publish_draft)


@SQLITE_ONLY
def test_a_nameless_console_answers_for_nothing(desk: Desk):
    nobody = Actor(None, "命令行", frozenset({Role.DIRECTOR}), None, COUNTY, WRITER.desk)

    with pytest.raises(PersonNeeded):
        _begin(desk, nobody)


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("name", "content"),
    [("other.yaml", b"x: 1"), (TOPICS, b"\xff\xfe"), (TOPICS, b"a\x00b"), (TOPICS, b"x" * (4 * 2**20 + 1))],
    ids=["name", "encoding", "nul", "size"],
)
def test_files_that_cannot_be_part_of_a_pack_are_refused(desk: Desk, name: str, content: bytes):
    with desk.transactions.write(WRITER) as uow, pytest.raises(FileRefused):
        draft_of_files(uow, {name: content}, title="外来")


def test_a_clock_that_went_back_is_named_and_nothing_is_done(desk: Desk):
    draft_id = _begin(desk)
    _edit(desk, draft_id)
    before = _view(desk, draft_id).draft.version
    desk.clock.advance(minutes=-5)

    with desk.transactions.write(WRITER) as uow, pytest.raises(ClockWentBack, match="clock"):
        withdraw(uow, draft_id, version=before, reason="试错了")

    assert _view(desk, draft_id).draft.version == before


@SQLITE_ONLY
def test_files_from_outside_become_a_draft_byte_for_byte(desk: Desk):
    files = small_pack(7)
    with desk.transactions.write(WRITER) as uow:
        draft_id = draft_of_files(uow, files, title="外来", origin="邻县导出")

    view = _view(desk, draft_id)
    assert {name: text.encode() for name, text in view.draft.files.items()} == files
    assert (view.draft.pack_id, view.draft.pack_version, view.origin) == ("small", 7, "邻县导出")


@SQLITE_ONLY
def test_a_version_that_is_taken_is_an_error_of_the_check(desk: Desk):
    files = {**small_pack(), TOPICS: b"# other\n" + small_pack()[TOPICS]}
    with desk.transactions.write(WRITER) as uow:
        draft_id = draft_of_files(uow, files, title="同版异文")

    _check(desk, draft_id)

    view = _view(desk, draft_id)
    assert view.draft.state is DraftState.DRAFT
    assert (Location("pack.yaml", 1, 1), Level.ERROR) in [(one.location, one.level) for one in view.problems]


@SQLITE_ONLY
def test_of_two_drafts_with_one_version_only_the_first_is_published(desk: Desk):
    one, other = _approved(desk), None
    draft = _view(desk, one).draft
    with desk.transactions.write(WRITER) as uow:
        files = {name: text.encode() for name, text in draft.files.items()}
        files[TOPICS] = b"# again\n" + files[TOPICS]
        other = draft_of_files(uow, files, title="同版")
    _check(desk, other)
    _tried(desk, other)
    _step(desk, other, WRITER, submit)
    _step(desk, other, DIRECTOR, approve)
    _step(desk, one, DIRECTOR, publish_draft)

    with pytest.raises(VersionTaken, match="version: 3"):
        _step(desk, other, DIRECTOR, publish_draft)


def test_a_pack_can_be_in_force_from_a_time_ahead_and_its_units_follow_then(desk: Desk):
    draft_id = _approved(desk)
    with desk.transactions.write(the_machine()) as uow:
        first = str(active_ref(uow.session, COUNTY, uow.now))
        uow.session.execute(sa.update(UnitRow).values(active=False))
    at = desk.clock.at + timedelta(days=2)
    with pytest.raises(TooSoon):
        _step(desk, draft_id, DIRECTOR, publish_draft, effective_at=desk.clock.at - timedelta(hours=1))

    done = _step(desk, draft_id, DIRECTOR, publish_draft, effective_at=at)

    with desk.transactions.write(the_machine()) as uow:
        assert put_in_effect(uow) is None
        assert active_ref(uow.session, COUNTY, uow.now) == first
    desk.clock.at = at
    desk.transactions.rulebooks = OneRulebook(small_book())
    with desk.transactions.write(the_machine()) as uow:
        assert active_ref(uow.session, COUNTY, uow.now) == done.ref
        assert put_in_effect(uow)
        uow.session.execute(sa.text("SELECT 1"))
    with desk.transactions.read(the_machine()) as uow:
        assert all(uow.session.scalars(sa.select(UnitRow.active)))


@SQLITE_ONLY
def test_an_earlier_pack_is_put_back_with_a_reason_and_nothing_is_removed(desk: Desk):
    draft_id = _approved(desk)
    done = _step(desk, draft_id, DIRECTOR, publish_draft)
    desk.clock.advance(hours=1)
    for named, reason, refusal in (("small@1", " ", ReasonMissing), ("small@9", "误判多", NoSuchPack)):
        with desk.transactions.write(DIRECTOR) as uow, pytest.raises(refusal):
            take_back(uow, named=named, reason=reason)

    with desk.transactions.write(DIRECTOR) as uow:
        back = take_back(uow, named="small@1", reason="误判多")

    with desk.transactions.read(the_machine()) as uow:
        assert (
            active_ref(uow.session, COUNTY, uow.now) == back.ref == find_ref(uow.session, COUNTY, "small@1")
        )
        lines = activations(uow.session, COUNTY)
    assert [(line.ref, line.reason) for line in lines[:2]] == [(back.ref, "误判多"), (done.ref, None)]
    assert len(lines) == 3


@SQLITE_ONLY
def test_a_publication_that_lies_ahead_can_be_called_off(desk: Desk):
    draft_id = _approved(desk)
    at = desk.clock.at + timedelta(days=2)
    _step(desk, draft_id, DIRECTOR, publish_draft, effective_at=at)
    desk.clock.advance(seconds=1)

    with desk.transactions.write(DIRECTOR) as uow:
        kept = take_back(uow, named="small@1", reason="暂缓", effective_at=at)

    with desk.transactions.read(the_machine()) as uow:
        assert active_ref(uow.session, COUNTY, at + timedelta(days=1)) == kept.ref


def _other_published(desk: Desk, **given: object) -> str:
    """Publish another draft from the pack in force, made and tried on it."""
    draft_id = _begin(desk)
    _edit(desk, draft_id, name="signals.yaml")
    _check(desk, draft_id)
    _tried(desk, draft_id)
    _step(desk, draft_id, WRITER, submit)
    _step(desk, draft_id, DIRECTOR, approve)
    return str(_step(desk, draft_id, DIRECTOR, publish_draft, **given).ref)


@pytest.mark.parametrize("steps", [0, 1, 2], ids=["submit", "approve", "publish"])
def test_a_draft_tried_on_rules_that_were_replaced_goes_no_step_further(desk: Desk, steps: int):
    draft_id = _begin(desk)
    _edit(desk, draft_id)
    _check(desk, draft_id)
    _tried(desk, draft_id)
    way = [(WRITER, submit), (DIRECTOR, approve), (DIRECTOR, publish_draft)]
    for actor, step in way[:steps]:
        _step(desk, draft_id, actor, step)
    replaced_by = _other_published(desk)

    with pytest.raises(TriedOnOtherRules, match="run it again") as refused:
        _step(desk, draft_id, *way[steps])

    assert refused.value.ref == replaced_by
    assert "回测对照的不是现行规则，请重新回测" in refused.value.zh


@SQLITE_ONLY
def test_a_draft_tried_anew_on_the_rules_in_force_goes_on(desk: Desk):
    draft_id = _submitted(desk)
    _other_published(desk)
    _step(desk, draft_id, DIRECTOR, reject, reason="现行规则已更换")
    text = _view(desk, draft_id).draft.files["pack.yaml"]
    _step(desk, draft_id, WRITER, edit_file, name="pack.yaml", text=text.replace("version: 2", "version: 9"))
    _check(desk, draft_id)
    _tried(desk, draft_id)

    _step(desk, draft_id, WRITER, submit)
    _step(desk, draft_id, DIRECTOR, approve)
    _step(desk, draft_id, DIRECTOR, publish_draft)

    assert _view(desk, draft_id).draft.state is DraftState.PUBLISHED


@SQLITE_ONLY
@pytest.mark.parametrize("hours", [1, 30], ids=["before it", "after it"])
def test_a_publication_that_lies_ahead_is_not_undone_by_another(desk: Desk, hours: int):
    draft_id = _approved(desk)
    ahead = desk.clock.at + timedelta(days=1)
    _other_published(desk, effective_at=ahead)
    at = desk.clock.at + timedelta(hours=hours)

    with pytest.raises(TriedOnOtherRules):
        _step(desk, draft_id, DIRECTOR, publish_draft, effective_at=at)

    with desk.transactions.write(DIRECTOR) as uow:
        take_back(uow, named="small@1", reason="暂缓", effective_at=ahead)
    assert _step(desk, draft_id, DIRECTOR, publish_draft, effective_at=at).effective_at == at


@pytest.mark.parametrize(("compared", "state"), [(0, DraftState.CHECKED), (1, DraftState.BACKTESTED)])
def test_a_back_test_that_compared_nothing_is_none_where_there_are_posts(
    desk: Desk, compared: int, state: DraftState
):
    add_posts(desk, 1)
    draft_id = _begin(desk)
    _edit(desk, draft_id)
    _check(desk, draft_id)

    _tried(desk, draft_id, done=compared)

    assert _view(desk, draft_id).draft.state is state
    with desk.transactions.read(the_machine()) as uow:
        assert [line.state for line in draft_lines(uow.session, COUNTY)] == [state]


@SQLITE_ONLY
def test_what_was_tried_on_no_post_is_submitted_with_a_reason_only(desk: Desk):
    draft_id = _begin(desk)
    _edit(desk, draft_id)
    _check(desk, draft_id)
    _tried(desk, draft_id, done=0)
    assert _view(desk, draft_id).draft.state is DraftState.BACKTESTED  # the county has no post yet

    for note in ("", "  "):
        with pytest.raises(NothingCompared, match="state the reason"):
            _step(desk, draft_id, WRITER, submit, note=note)
    _step(desk, draft_id, WRITER, submit, note="首次启用，尚无网帖")

    assert _view(desk, draft_id).history[-1].note == "首次启用，尚无网帖"


@SQLITE_ONLY
def test_a_draft_says_itself_what_hinders_the_next_decision(desk: Desk):
    draft_id = _submitted(desk)
    other = _approved(desk)

    def found() -> list[type[CaseworkError] | None]:
        with desk.transactions.read(the_machine()) as uow:
            named = [hindrance(uow, find_draft(uow.session, COUNTY, one)) for one in (draft_id, other)]
        return [type(one) if one else None for one in named]

    assert found() == [None, None]
    _step(desk, other, DIRECTOR, publish_draft)
    assert found() == [TriedOnOtherRules, None]  # what is published waits for nothing


@SQLITE_ONLY
@pytest.mark.parametrize("changed", ["files", "pack_version"])
@pytest.mark.parametrize("step", ["approve", "publish"])
def test_files_other_than_those_that_were_registered_are_not_decided_on(desk: Desk, step: str, changed: str):
    draft_id = _submitted(desk) if step == "approve" else _approved(desk)
    with desk.transactions.write(the_machine()) as uow:
        let_go(uow.session, "pack_drafts")
        row = uow.session.get_one(PackDraftRow, draft_id)
        if changed == "files":
            row.files = {**row.files, TOPICS: "# 换过\n" + row.files[TOPICS]}
        else:
            row.pack_version += 1

    with pytest.raises(DraftAltered):
        _step(desk, draft_id, DIRECTOR, approve if step == "approve" else publish_draft)
