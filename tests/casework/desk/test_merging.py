"""Wrongly opened and duplicate cases: dismissed, merged and taken up again, and nobody's post is lost."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.access import visibility
from casework.desk.assess import ReauditVerdict, reaudit_case, reaudit_dismissal
from casework.desk.assign import confirm_case, dispatch_case
from casework.desk.dismissing import dismiss_case, reinstate_case
from casework.desk.merging import merge_case
from casework.desk.receive import note_gone
from casework.errors import IllegalTransition, NotPermitted
from casework.events import EventKind
from casework.lifecycle import CaseState
from casework.matter import Telling, fingerprint, join_matters
from casework.post_refusals import SecretStaysApart, UnknownChoice
from casework.refusals import NoSuchCase, SameCase, TextRefused, UnitShutOut
from casework.store.case_links import links_of
from casework.store.case_writes import excluded_from
from casework.store.desk_items import ItemKind, count_open
from casework.store.matters import candidates, open_cases
from casework.store.posts import post_view
from casework.store.scores import cases_at_spot
from casework.store.tables import CasePostRow, CaseRow, DismissalRow, MatterKeyRow, MatterRow, PostRow
from rules.model import Grade
from tests.builders import MONDAY, add_post, attach, new_id
from tests.case_kit import LEAD, OTHER, House
from tests.demo import demo_pack

GONE_WORDS = ("删", "消失", "不可见", "deleted", "removed", "gone")


def posts_of(house: House, case_id: uuid.UUID) -> list[uuid.UUID]:
    return house.look(house.duty, lambda uow: [link.post_id for link in links_of(uow.session, case_id)])


def further_post(house: House, case_id: uuid.UUID, text: str = "同一处路灯还是没修。") -> uuid.UUID:
    with Session(house.desk.transactions.engine) as session:
        post_id = add_post(session, text, county=house.county)
        attach(session, case_id, post_id, county=house.county, joined="attached")
        session.execute(sa.update(PostRow).where(PostRow.id == post_id).values(triage_state="merged"))
        session.commit()
    return post_id


def states_of(house: House, posts: list[uuid.UUID]) -> list[str | None]:
    return [house.scalar(sa.select(PostRow.triage_state).where(PostRow.id == one)) for one in posts]


def kinds(house: House, case_id: uuid.UUID) -> list[EventKind]:
    return [line.kind for line in house.view(case_id).timeline]


def dismissed(house: House, case_id: uuid.UUID) -> None:
    house.on(house.duty, dismiss_case, case_id, reason_id="no_public_matter", note="立案有误。")


def open_items(house: House, kind: ItemKind) -> int:
    return house.look(house.duty, lambda uow: count_open(uow.session, visibility(uow.actor))[kind])


# --- dismissing ----------------------------------------------------------------------------------


def test_every_post_of_a_dismissed_case_ends_with_a_reason_that_its_citizen_can_read(house: House):
    case_id = house.registered()
    further_post(house, case_id)
    posts = posts_of(house, case_id)

    dismissed(house, case_id)

    assert house.view(case_id).case.state is CaseState.DISMISSED
    assert states_of(house, posts) == ["dismissed", "dismissed"]
    for post_id in posts:
        view = house.look(
            house.duty, lambda uow, one=post_id: post_view(uow.session, visibility(uow.actor), one)
        )
        assert view.line.dismissal.zh == "没有公共单位可以办理的事项"
    assert EventKind.CASE_DISMISSED in kinds(house, case_id)
    assert posts_of(house, case_id) == posts, "no post leaves its case"


@pytest.mark.parametrize(
    "values", [{"reason_id": "gone", "note": "误立"}, {"reason_id": "praise", "note": " "}]
)
def test_a_case_is_dismissed_only_with_a_reason_of_the_pack_and_a_note(house: House, values: dict[str, str]):
    case_id = house.registered()
    with pytest.raises((UnknownChoice, TextRefused)):
        house.on(house.duty, dismiss_case, case_id, **values)
    assert house.view(case_id).case.state is CaseState.REGISTERED


def test_no_reason_of_the_shipped_pack_says_that_a_post_is_gone():
    words = [f"{one.id} {one.title.zh} {one.title.en}" for one in demo_pack().dismissals]
    assert not [one for one in words if any(gone in one for gone in GONE_WORDS)]


def test_a_post_that_is_gone_dismisses_nothing(house: House):
    case_id = house.registered()
    house.do(house.duty, note_gone, posts_of(house, case_id)[0])
    assert house.view(case_id).case.state is CaseState.REGISTERED


def test_a_dispatched_case_is_neither_dismissed_nor_merged(house: House):
    case_id, other = house.registered(), house.registered()
    house.on(house.duty, confirm_case, case_id)
    house.on(house.director, dispatch_case, case_id)
    with pytest.raises(IllegalTransition):
        dismissed(house, case_id)
    with pytest.raises(IllegalTransition):
        house.on(house.duty, merge_case, case_id, into=other, reason="同一事项。")
    assert house.view(case_id).case.state is CaseState.DISPATCHED


def test_a_confirmed_case_is_still_dismissed_for_no_unit_has_it(house: House):
    case_id = house.registered()
    house.on(house.duty, confirm_case, case_id)
    dismissed(house, case_id)
    assert house.view(case_id).case.state is CaseState.DISMISSED


@pytest.mark.parametrize("who", ["supervisor", "inspector"])
def test_only_the_office_dismisses_and_merges(house: House, who: str):
    case_id, other = house.registered(Grade.MAJOR), house.registered(Grade.MAJOR)
    with pytest.raises(NotPermitted):
        house.on(getattr(house, who), dismiss_case, case_id, reason_id="praise", note="误立")
    with pytest.raises(NotPermitted):
        house.on(getattr(house, who), merge_case, case_id, into=other, reason="同一")


def test_a_dismissed_case_and_its_posts_are_re_audited_and_come_back_to_the_office(house: House):
    case_id = house.registered()
    dismissed(house, case_id)
    (post_id,) = posts_of(house, case_id)

    house.do(
        house.inspector, reaudit_dismissal, post_id, verdict=ReauditVerdict.NOT_CONFIRMED, notes="确有诉求。"
    )
    house.do(house.inspector, reaudit_case, case_id, verdict=ReauditVerdict.NOT_CONFIRMED, notes="应当办理。")

    assert open_items(house, ItemKind.REAUDIT) == 2
    assert house.scalar(sa.select(DismissalRow.reaudit_verdict).where(DismissalRow.post_id == post_id))
    house.on(house.inspector, reinstate_case, case_id, reason="抽查不成立。")
    assert open_items(house, ItemKind.REAUDIT) == 0


def test_a_reinstated_case_goes_on_as_if_it_had_never_ended(house: House):
    case_id = house.registered()
    further_post(house, case_id)
    posts = posts_of(house, case_id)
    dismissed(house, case_id)
    house.on(house.duty, reinstate_case, case_id, reason="立案无误。")

    view = house.view(case_id)
    assert view.case.state is CaseState.REGISTERED
    assert view.case.closed_at is None
    assert states_of(house, posts) == ["case", "merged"]
    post = house.look(house.duty, lambda uow: post_view(uow.session, visibility(uow.actor), posts[0]))
    assert post.line.dismissal is None
    house.on(house.duty, confirm_case, case_id)
    assert house.on(house.director, dispatch_case, case_id)


def test_a_case_that_is_dismissed_again_has_the_reason_of_the_last_time(house: House):
    case_id = house.registered()
    dismissed(house, case_id)
    house.on(house.duty, reinstate_case, case_id, reason="再核。")
    house.on(house.duty, dismiss_case, case_id, reason_id="praise", note="再核后仍不立案。")

    (post_id,) = posts_of(house, case_id)
    found = house.scalar(sa.select(DismissalRow.reason).where(DismissalRow.post_id == post_id))
    assert found == "praise"


@pytest.mark.parametrize("ended", [CaseState.DISMISSED, CaseState.MERGED])
def test_a_case_that_was_none_is_no_recurrence_of_a_unit(house: House, ended: CaseState):
    house.registered(place="e_cuihu", state=ended.value)
    found = house.look(
        house.machine,
        lambda uow: cases_at_spot(
            uow.session,
            uow.county,
            unit=LEAD,
            topic="street_lamps",
            place="e_cuihu",
            since=MONDAY - timedelta(days=1),
        ),
    )
    assert found == 0


# --- merging -------------------------------------------------------------------------------------


def test_posts_move_with_their_history_and_both_cases_say_so(house: House):
    target, case_id = house.registered(title="路灯坏了"), house.registered(title="又是路灯")
    further_post(house, case_id)
    moving, staying = posts_of(house, case_id), posts_of(house, target)

    house.on(house.duty, merge_case, case_id, into=target, reason="同一处路灯。")

    assert house.view(case_id).case.state is CaseState.MERGED
    assert posts_of(house, target) == [*staying, *moving]
    assert posts_of(house, case_id) == []
    assert states_of(house, moving) == ["merged", "merged"]
    assert house.scalar(
        sa.select(sa.func.count()).select_from(CasePostRow).where(CasePostRow.post_id.in_(moving))
    ) == len(moving), "each post is attached once"
    (line,) = [one for one in house.view(case_id).timeline if one.kind is EventKind.CASE_MERGED]
    assert (line.data["into"], line.data["name"]) == (str(target), "“路灯坏了”")
    assert EventKind.CASE_ABSORBED in kinds(house, target)


def test_a_merge_can_be_undone_and_what_came_in_since_stays(house: House):
    target, case_id = house.registered(), house.registered()
    attached = further_post(house, case_id)
    before, own = posts_of(house, case_id), posts_of(house, target)
    house.on(house.duty, merge_case, case_id, into=target, reason="同一处路灯。")
    since = further_post(house, target)

    house.on(house.duty, reinstate_case, case_id, reason="不是同一处。")

    assert house.view(case_id).case.state is CaseState.REGISTERED
    assert posts_of(house, case_id) == before
    assert posts_of(house, target) == [*own, since]
    assert states_of(house, before) == ["case", "merged"]
    joined = house.scalar(sa.select(CasePostRow.joined).where(CasePostRow.post_id == attached))
    assert joined == "attached"
    assert EventKind.CASE_PARTED in kinds(house, target)


def test_a_merge_of_a_merged_case_is_undone_from_wherever_the_posts_are(house: House):
    first, second, third = house.registered(), house.registered(), house.registered()
    posts = {one: posts_of(house, one) for one in (first, second, third)}
    house.on(house.duty, merge_case, first, into=second, reason="同一。")
    house.on(house.duty, merge_case, second, into=third, reason="同一。")

    house.on(house.duty, reinstate_case, first, reason="不同。")
    assert posts_of(house, first) == posts[first]
    house.on(house.duty, reinstate_case, second, reason="不同。")

    assert {one: posts_of(house, one) for one in posts} == posts


def test_a_case_is_not_merged_into_itself_into_nothing_or_into_a_settled_one(house: House):
    case_id, closed = house.registered(), house.registered(state="closed")
    for into, refusal in ((case_id, SameCase), (new_id(), NoSuchCase), (closed, IllegalTransition)):
        with pytest.raises(refusal):
            house.on(house.duty, merge_case, case_id, into=into, reason="同一。")


def test_accusations_stay_apart_from_what_everybody_may_see(house: House):
    secret, plain = house.registered(confidential=True), house.registered()
    for one, other in ((secret, plain), (plain, secret)):
        with pytest.raises(SecretStaysApart):
            house.on(house.duty, merge_case, one, into=other, reason="同一。")


def test_whoever_one_accusation_shuts_out_never_gets_the_other(house: House):
    case_id = house.registered(confidential=True, excluded=[OTHER])
    with_the_accused = house.registered(confidential=True, lead=OTHER)
    target = house.registered(confidential=True)
    with pytest.raises(UnitShutOut):
        house.on(house.duty, merge_case, case_id, into=with_the_accused, reason="同一。")

    house.on(house.duty, merge_case, case_id, into=target, reason="同一。")

    assert house.look(house.duty, lambda uow: excluded_from(uow.session, target)) == {OTHER}


def test_a_higher_grade_of_the_merged_case_is_proposed_not_set(house: House):
    target, case_id = house.registered(Grade.GENERAL), house.registered(Grade.SERIOUS)
    house.on(house.director, merge_case, case_id, into=target, reason="同一。")

    assert house.view(target).case.grade is Grade.GENERAL
    assert open_items(house, ItemKind.UPGRADE) == 1


def matter(house: House, case_id: uuid.UUID, text: str) -> Telling:
    """Give a case a matter of its own, told by `text`, and return what a copy of that text tells."""
    sketch, keys = fingerprint(text)
    with Session(house.desk.transactions.engine) as session:
        matter_id = new_id()
        session.add(
            MatterRow(
                id=matter_id,
                county_id=house.county,
                title="路灯",
                topic="street_lamps",
                place=None,
                sketch=list(sketch),
                first_seen_at=MONDAY,
                last_seen_at=MONDAY,
            )
        )
        session.flush()
        session.add_all(
            MatterKeyRow(matter_id=matter_id, key=key, county_id=house.county, seen_at=MONDAY) for key in keys
        )
        session.execute(sa.update(CaseRow).where(CaseRow.id == case_id).values(matter_id=matter_id))
        posts = sa.select(CasePostRow.post_id).where(CasePostRow.case_id == case_id)
        session.execute(sa.update(PostRow).where(PostRow.id.in_(posts)).values(matter_id=matter_id))
        session.commit()
    return Telling(
        topic="street_lamps",
        place=None,
        place_kind=None,
        confidential=False,
        said_at=MONDAY + timedelta(hours=1),
        sketch=sketch,
        keys=keys,
    )


def joins(house: House, telling: Telling) -> uuid.UUID | None:
    """Return the open case that a post which tells this would join."""
    with house.desk.transactions.read(house.machine) as uow:
        found = candidates(uow.session, uow.county, [telling])
        (joining,) = join_matters([telling], found, new_id)
        case = open_cases(uow.session, uow.county, {joining.matter_id}).get(joining.matter_id)
        return case.id if case and joining.match else None


TEXTS = (
    "翠湖小区三号楼门口的路灯坏了半个月没人修，老人晚上出门都看不清路。",
    "从菜市场回来那段路黑漆漆的，灯一盏都不亮，昨天有人摔了一跤，请尽快处理。",
    "孩子下晚自习要走的巷子没有照明，报修电话打了三次都说登记了，再没有下文。",
)


def test_what_is_posted_later_on_the_matter_of_a_merged_case_joins_the_other_one(house: House):
    cases = [house.registered() for _ in TEXTS]
    tellings = [matter(house, case_id, text) for case_id, text in zip(cases, TEXTS, strict=True)]
    assert [joins(house, one) for one in tellings] == cases

    house.on(house.duty, merge_case, cases[0], into=cases[1], reason="同一。")
    house.on(house.duty, merge_case, cases[1], into=cases[2], reason="同一。")
    assert [joins(house, one) for one in tellings] == [cases[2]] * 3
    matters = sa.select(sa.func.count(sa.distinct(PostRow.matter_id))).where(
        PostRow.county_id == house.county
    )
    assert house.scalar(matters) == 1, "their voices are counted together"

    house.on(house.duty, reinstate_case, cases[1], reason="不同。")
    house.on(house.duty, reinstate_case, cases[0], reason="不同。")
    assert [joins(house, one) for one in tellings] == cases


def test_two_cases_merged_one_way_and_then_the_other_never_run_in_a_circle(house: House):
    one, other = house.registered(), house.registered()
    tellings = [matter(house, one, TEXTS[0]), matter(house, other, TEXTS[1])]
    house.on(house.duty, merge_case, one, into=other, reason="同一。")
    house.on(house.duty, reinstate_case, one, reason="不同。")
    house.on(house.duty, merge_case, other, into=one, reason="还是同一。")

    assert [joins(house, telling) for telling in tellings] == [one, one]
