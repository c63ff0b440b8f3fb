"""Intake: once each, identity apart, acknowledged after commit, and nothing written twice."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from casework.access import Role, visibility
from casework.desk.identity import destroy_pseudonym_keys, reveal_identity
from casework.desk.receive import Received, note_gone, observe_metrics, receive_post
from casework.errors import NotPermitted
from casework.events import EventKind
from casework.intake import Author, IncomingPost, Metrics
from casework.post_refusals import BadPost, NoIdentity, NoSuchPost, PurposeMissing, UnknownSource
from casework.store.case_view import case_view
from casework.store.desk_items import ItemKind, open_items
from casework.store.posts import post_view
from casework.store.tables import (
    AuditRow,
    EventRow,
    IdentityRow,
    MatterRow,
    OutboxRow,
    PostMetricsRow,
    PostRow,
    PseudonymKeyRow,
    PseudonymRow,
    SourceRow,
)
from casework.store.voices import Choir, voices
from tests.builders import COUNTY, MONDAY, add_case, attach, new_id, officer, the_machine, unit_person
from tests.desk_kit import SQLITE_ONLY, Desk, desk_on

POST = IncomingPost(source_code="form", title="路灯", text="小区门口路灯坏了半个月。", external_id="a-1")
AUTHOR = Author(name="示例某", handle="示例网友", contact="000-0000001")


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with desk_on(database_url) as opened:
        yield opened


def _receive(desk: Desk, post: IncomingPost = POST) -> Received:
    with desk.transactions.write(the_machine()) as uow:
        return receive_post(uow, post)


def _count(desk: Desk, row: type, *where: sa.ColumnElement[bool]) -> int:
    with desk.transactions.read(the_machine()) as uow:
        return uow.session.scalar(sa.select(sa.func.count()).select_from(row).where(*where)) or 0


def test_a_new_post_waits_for_triage_which_is_rung_after_commit(desk: Desk):
    received = _receive(desk)

    assert received.is_new
    assert desk.bell.rung == ["triage"]
    with desk.transactions.read(the_machine()) as uow:
        row = uow.session.get_one(PostRow, received.post_id)
        assert (row.title, row.text, row.platform, row.media_level) == (POST.title, POST.text, "论坛", "none")
        assert (row.triage_state, row.said_at, row.received_at) == ("pending", MONDAY, MONDAY)


@pytest.mark.parametrize(
    "again",
    [
        POST,
        replace(POST, metrics=Metrics(reads=9), author=AUTHOR),
    ],
    ids=["the same", "with figures"],
)
def test_the_same_external_id_writes_nothing_again(desk: Desk, again: IncomingPost):
    first = _receive(desk)
    events = _count(desk, EventRow)
    desk.bell.rung.clear()

    second = _receive(desk, again)

    assert second == Received(first.post_id, is_new=False)
    assert (_count(desk, PostRow), _count(desk, EventRow), desk.bell.rung) == (1, events, [])
    assert _count(desk, PostMetricsRow) == _count(desk, IdentityRow) == 0


@SQLITE_ONLY
def test_the_same_content_under_another_id_is_the_same_post_where_instant_and_words_are(desk: Desk):
    first = _receive(desk, replace(POST, posted_at=MONDAY))
    second = _receive(desk, replace(POST, posted_at=MONDAY, external_id="b-2"))

    assert second == Received(first.post_id, is_new=False)


@SQLITE_ONLY
def test_the_same_external_id_of_another_source_is_another_post(desk: Desk):
    with desk.transactions.write(the_machine()) as uow:
        uow.session.add(
            SourceRow(
                id=new_id(),
                county_id=COUNTY,
                code="feed",
                name="示例网",
                kind="rss",
                platform="示例网",
                media_level="city",
                created_at=MONDAY,
            )
        )
    _receive(desk)

    assert _receive(desk, replace(POST, source_code="feed")).is_new
    with desk.transactions.read(the_machine()) as uow:
        levels = set(uow.session.scalars(sa.select(PostRow.media_level)))
        assert levels == {"none", "city"}


def test_identical_posts_handed_over_at_once_become_one_row_and_nobody_gets_an_error(desk: Desk):
    barrier = threading.Barrier(8)

    def hand_over(_: int) -> Received:
        barrier.wait()
        return _receive(desk)

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(hand_over, range(8)))

    assert _count(desk, PostRow) == 1
    assert sum(result.is_new for result in results) == 1
    assert len({result.post_id for result in results}) == 1
    assert _count(desk, EventRow) == 1


@SQLITE_ONLY
def test_a_refused_post_leaves_nothing(desk: Desk):
    with pytest.raises(BadPost):
        _receive(desk, replace(POST, text="", title=""))

    assert _count(desk, PostRow) == _count(desk, EventRow) == 0
    assert desk.bell.rung == []


@SQLITE_ONLY
@pytest.mark.parametrize("active", [True, False], ids=["unknown", "switched off"])
def test_a_source_that_is_unknown_or_off_is_named(desk: Desk, active: bool):  # noqa: FBT001 - a case of the table
    if not active:
        with desk.transactions.write(the_machine()) as uow:
            uow.session.execute(sa.update(SourceRow).values(active=False))

    with pytest.raises(UnknownSource):
        _receive(desk, replace(POST, source_code="nowhere" if active else "form"))


@SQLITE_ONLY
def test_a_unit_cannot_hand_over_posts(desk: Desk):
    with (
        desk.transactions.write(unit_person("housing", Role.UNIT_HEAD)) as uow,
        pytest.raises(NotPermitted),
    ):
        receive_post(uow, POST)


@SQLITE_ONLY
def test_what_was_made_visible_is_noted_on_the_timeline(desk: Desk):
    received = _receive(desk, replace(POST, text="路灯\x00坏了"))

    with desk.transactions.read(the_machine()) as uow:
        event = uow.session.scalars(sa.select(EventRow).where(EventRow.post_id == received.post_id)).one()
        assert event.data == {"source": "form", "mended_characters": 1}


# --- figures and disappearance ---------------------------------------------------------------------


def test_figures_are_kept_once_an_instant_and_never_changed(desk: Desk):
    post_id = _receive(desk).post_id

    def observe(reads: int, **ago: float) -> bool:
        with desk.transactions.write(the_machine()) as uow:
            return observe_metrics(uow, post_id, Metrics(reads=reads, observed_at=MONDAY - timedelta(**ago)))

    assert [observe(10, hours=1), observe(99, hours=1), observe(20)] == [True, False, True]
    with desk.transactions.read(the_machine()) as uow:
        kept = uow.session.scalars(sa.select(PostMetricsRow.reads).order_by(PostMetricsRow.observed_at))
        assert list(kept) == [10, 20]


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("state", "rung"), [("pending", []), ("case", ["redecide"]), ("dismissed", ["redecide"])]
)
def test_a_decided_post_is_decided_again_when_its_figures_change(desk: Desk, state: str, rung: list[str]):
    post_id = _receive(desk).post_id
    with desk.transactions.write(the_machine()) as uow:
        uow.session.execute(sa.update(PostRow).values(triage_state=state))
    desk.bell.rung.clear()

    with desk.transactions.write(the_machine()) as uow:
        observe_metrics(uow, post_id, Metrics(reads=100_000))

    assert desk.bell.rung == rung
    assert _count(desk, OutboxRow, OutboxRow.object_id == str(post_id)) == len(rung)


@SQLITE_ONLY
def test_figures_of_an_unknown_post_or_below_zero_are_refused(desk: Desk):
    post_id = _receive(desk).post_id
    with desk.transactions.write(the_machine()) as uow:
        with pytest.raises(NoSuchPost):
            observe_metrics(uow, uuid.uuid4(), Metrics(reads=1))
        with pytest.raises(BadPost):
            observe_metrics(uow, post_id, Metrics(likes=-1))


@SQLITE_ONLY
def test_a_post_taken_down_is_noted_once_and_stays(desk: Desk):
    post_id = _receive(desk).post_id
    for _ in range(2):
        with desk.transactions.write(the_machine()) as uow:
            note_gone(uow, post_id)
        desk.clock.advance(hours=1)

    with desk.transactions.read(the_machine()) as uow:
        row = uow.session.get_one(PostRow, post_id)
        assert (row.gone_at_source_at, row.triage_state, row.text) == (MONDAY, "pending", POST.text)
    assert _count(desk, EventRow, EventRow.kind == "post_gone") == 1


# --- who wrote it ----------------------------------------------------------------------------------


@SQLITE_ONLY
def test_an_identity_is_nowhere_in_the_database_but_sealed(desk: Desk):
    _receive(desk, replace(POST, author=AUTHOR))

    with desk.transactions.read(the_machine()) as uow:
        for table in (PostRow, EventRow, AuditRow, OutboxRow, PseudonymRow, IdentityRow):
            for row in uow.session.execute(sa.select(table.__table__)):
                shown = str(tuple(row))
                assert not any(part in shown for part in ("示例某", "示例网友", "0000001"))
                assert b"0000001" not in b"".join(v for v in row if isinstance(v, bytes))


@SQLITE_ONLY
def test_the_duty_officer_sees_it_with_a_purpose_and_the_look_is_audited(desk: Desk):
    post_id = _receive(desk, replace(POST, author=AUTHOR)).post_id
    officer_at_work = officer(Role.DUTY_OFFICER)

    with desk.transactions.write(officer_at_work) as uow:
        assert reveal_identity(uow, post_id, purpose=" 回访 核实地址 ") == AUTHOR

    with desk.transactions.read(the_machine()) as uow:
        audit = uow.session.scalars(sa.select(AuditRow).where(AuditRow.action == "identity_revealed")).one()
        assert (audit.actor_id, audit.object_id, audit.data) == (
            officer_at_work.user_id,
            str(post_id),
            {"purpose": "回访 核实地址"},
        )


@SQLITE_ONLY
def test_it_is_refused_without_purpose_to_others_and_where_there_is_none(desk: Desk):
    named = _receive(desk, replace(POST, author=AUTHOR)).post_id
    nameless = _receive(desk, replace(POST, external_id="a-2", text="无名。")).post_id
    with desk.transactions.write(officer(Role.DUTY_OFFICER)) as uow:
        with pytest.raises(PurposeMissing):
            reveal_identity(uow, named, purpose=" 看看")
        with pytest.raises(NoIdentity):
            reveal_identity(uow, nameless, purpose="回访核实地址")
        with pytest.raises(NoSuchPost):
            reveal_identity(uow, uuid.uuid4(), purpose="回访核实地址")
    for actor in (
        officer(Role.DIRECTOR),
        officer(Role.SUPERVISOR),
        officer(Role.INSPECTOR),
        unit_person("housing"),
        the_machine(),
    ):
        # Who may where the office is recused, and only there, does not even learn that there is such a post.
        with desk.transactions.write(actor) as uow, pytest.raises((NotPermitted, NoSuchPost)):
            reveal_identity(uow, named, purpose="回访核实地址")


@SQLITE_ONLY
def test_a_destroyed_identity_says_so(desk: Desk):
    post_id = _receive(desk, replace(POST, author=AUTHOR)).post_id
    with desk.transactions.write(the_machine()) as uow:
        uow.session.execute(sa.update(IdentityRow).values(ciphertext=None, destroyed_at=MONDAY))

    with desk.transactions.write(officer(Role.DUTY_OFFICER)) as uow, pytest.raises(NoIdentity) as refused:
        reveal_identity(uow, post_id, purpose="回访核实地址")
    assert refused.value.destroyed


# --- voices ----------------------------------------------------------------------------------------


def _matter_of(desk: Desk, *posts: uuid.UUID) -> uuid.UUID:
    matter_id = new_id()
    with desk.transactions.write(the_machine()) as uow:
        uow.session.add(
            MatterRow(id=matter_id, county_id=COUNTY, title="路灯", first_seen_at=MONDAY, last_seen_at=MONDAY)
        )
        uow.session.flush()
        uow.session.execute(sa.update(PostRow).where(PostRow.id.in_(posts)).values(matter_id=matter_id))
    return matter_id


def _post_by(desk: Desk, number: int, author: Author | None) -> uuid.UUID:
    return _receive(
        desk, replace(POST, external_id=f"v-{number}", text=f"第{number}帖。", author=author)
    ).post_id


def test_voices_counts_people_not_posts_and_the_nameless_once(desk: Desk):
    posts = [
        _post_by(desk, 1, Author(handle="示例网友")),
        _post_by(desk, 2, Author(handle=" 示例网友 ", contact="000-1")),  # the same handle
        _post_by(desk, 3, Author(handle="另一网友")),
        _post_by(desk, 4, None),
        _post_by(desk, 5, None),
    ]
    joining = _post_by(desk, 6, Author(contact="000-2"))
    matter = _matter_of(desk, *posts)

    with desk.transactions.read(the_machine()) as uow:
        assert voices(uow.session, COUNTY, [Choir(matter), Choir(matter, (joining,))]) == (3, 4)
        assert voices(uow.session, "other", [Choir(matter)]) == (0,)


@SQLITE_ONLY
def test_pseudonyms_of_two_months_cannot_be_compared(desk: Desk):
    author = Author(handle="示例网友")
    first = _post_by(desk, 1, author)
    desk.clock.advance(days=40)
    second = _post_by(desk, 2, author)

    matter = _matter_of(desk, first, second)

    with desk.transactions.read(the_machine()) as uow:
        assert voices(uow.session, COUNTY, [Choir(matter)]) == (2,)


@SQLITE_ONLY
def test_a_post_that_arrives_late_counts_with_the_month_in_which_it_was_written(desk: Desk):
    author = Author(handle="示例网友")
    first = _post_by(desk, 1, author)
    desk.clock.at = MONDAY.replace(month=12, day=2)
    late = _receive(
        desk, replace(POST, external_id="late", author=author, posted_at=MONDAY.replace(day=30))
    ).post_id

    matter = _matter_of(desk, first, late)

    with desk.transactions.read(the_machine()) as uow:
        assert voices(uow.session, COUNTY, [Choir(matter)]) == (1,)


def test_the_key_of_a_month_is_destroyed_after_the_burst_window_and_the_count_stays(desk: Desk):
    posts = [_post_by(desk, n, Author(handle=f"网友{n}")) for n in range(3)]
    matter = _matter_of(desk, *posts)

    def destroy() -> int:
        with desk.transactions.write(the_machine()) as uow:
            return destroy_pseudonym_keys(uow)

    desk.clock.at = MONDAY.replace(month=12, day=6)
    assert destroy() == 0
    desk.clock.at = MONDAY.replace(month=12, day=8)
    assert [destroy(), destroy()] == [1, 0]
    with desk.transactions.read(the_machine()) as uow:
        (key,) = uow.session.scalars(sa.select(PseudonymKeyRow))
        assert (key.month, key.ciphertext, key.destroyed_at) == ("2026-11", None, desk.clock.at)
        assert voices(uow.session, COUNTY, [Choir(matter)]) == (3,)


def test_what_was_not_looked_at_is_kept_as_unknown_and_not_as_nothing(desk: Desk):
    post_id = _receive(desk).post_id
    for figures in (
        Metrics(reads=9000, likes=0),
        Metrics(comments=5, observed_at=MONDAY + timedelta(hours=1)),
    ):
        with desk.transactions.write(the_machine()) as uow:
            assert observe_metrics(uow, post_id, figures)

    with desk.transactions.read(the_machine()) as uow:
        view = post_view(uow.session, visibility(uow.actor), post_id)
    assert view is not None
    assert [(one.reads, one.likes, one.comments, one.shares) for one in view.metrics] == [
        (None, None, 5, None),
        (9000, 0, None, None),
    ]
    with desk.transactions.write(the_machine()) as uow, pytest.raises(BadPost):
        observe_metrics(uow, post_id, Metrics())


# --- other words ------------------------------------------------------------------------------------


def test_an_edited_post_keeps_both_wordings_and_a_person_is_asked_once(desk: Desk):
    first = _receive(desk)
    edited = replace(POST, title="又改了标题", text="同一编号，内容改了。")

    answers = [_receive(desk, post) for post in (edited, edited, POST, replace(POST, text=POST.text + " \n"))]

    assert [one.is_revised for one in answers] == [True, False, False, False]
    assert {one.post_id for one in answers} == {first.post_id}
    assert not any(one.is_new for one in answers)
    with desk.transactions.read(the_machine()) as uow:
        view = post_view(uow.session, visibility(uow.actor), first.post_id)
        items = open_items(uow.session, visibility(uow.actor), kind=ItemKind.REVISED).items
    assert view is not None
    assert (view.line.title, view.text) == (POST.title, POST.text), "the first words stand"
    assert [(one.title, one.text, one.received_at) for one in view.revisions] == [
        ("又改了标题", "同一编号，内容改了。", MONDAY)
    ]
    assert [line.kind for line in view.timeline].count(EventKind.POST_REVISED) == 1
    assert [one.post_id for one in items] == [first.post_id]


def test_a_case_is_told_of_the_new_words_of_its_post(desk: Desk):
    first = _receive(desk)
    with desk.transactions.write(the_machine()) as uow:
        case_id = add_case(uow.session)
        attach(uow.session, case_id, first.post_id)

    _receive(desk, replace(POST, text="手机13812345678，内容改了。"))

    with desk.transactions.read(the_machine()) as uow:
        view = case_view(uow.session, visibility(uow.actor), case_id)
        office = case_view(uow.session, visibility(officer(Role.DIRECTOR)), case_id)
    assert EventKind.POST_REVISED in {line.kind for line in view.timeline}
    assert [one.text for one in view.posts[0].revisions] == ["手机13812345678，内容改了。"]
    assert [one.text for one in office.posts[0].revisions] == ["手机〔已隐去〕，内容改了。"]


def test_the_database_keeps_a_revision_as_it_came(desk: Desk):
    _receive(desk)
    _receive(desk, replace(POST, text="内容改了。"))
    for statement in ("DELETE FROM post_revisions", "UPDATE post_revisions SET text = 'x'"):
        with (
            pytest.raises(sa.exc.DBAPIError, match="refused"),
            desk.transactions.write(the_machine()) as uow,
        ):
            uow.session.execute(sa.text(statement))
