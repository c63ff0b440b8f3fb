"""No question about two cases, and no line of a merge, names one of them to somebody who may not see it."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa

from casework.access import Actor, visibility
from casework.desk.accused import correct_accused
from casework.desk.dismissing import reinstate_case
from casework.desk.merging import merge_case
from casework.desk.same_matter import AFTER_NAME
from casework.desk.secrecy import mark_accusation
from casework.roles import Role
from casework.store.desk_items import ItemKind, count_open, item, open_items
from casework.store.same_matters import open_pairs, pair_key
from casework.store.tables import CaseRow, DeskItemRow
from rules.model import DemandClass
from tests.builders import officer
from tests.case_kit import LEAD, OTHER, House
from tests.casework.desk.test_secrecy import DISCIPLINE, lift, seated

TITLE = "云岭壹号有人收好处"
NEWER = "云岭壹号又有人反映"


def asked_about(house: House, newer: uuid.UUID, older: uuid.UUID) -> uuid.UUID:
    """Return the item that asks whether two cases are one matter, as it is stored."""
    with house.desk.transactions.write(house.machine) as uow:
        item_id = uow.new_id()
        uow.session.add(
            DeskItemRow(
                id=item_id,
                county_id=house.county,
                kind=ItemKind.SAME_MATTER.value,
                effect_key=pair_key(newer, older),
                case_id=newer,
                reason_zh=f"与“{TITLE}{AFTER_NAME.zh}地点、主题相同。",
                reason_en=f"Possibly the same as “{TITLE}{AFTER_NAME.en}same place and topic.",
                data={"other": str(older)},
                opened_at=uow.now,
            )
        )
    return item_id


def told(house: House, actor: Actor, item_id: uuid.UUID, *cases: uuid.UUID) -> bool:
    """Return whether this reader has the item: by list, count, page and panel alike."""
    found = house.look(
        actor,
        lambda uow, sight: {
            item_id in {one.id for one in open_items(uow.session, sight).items},
            bool(count_open(uow.session, sight)[ItemKind.SAME_MATTER]),
            item(uow.session, sight, item_id) is not None,
            *(bool(open_pairs(uow.session, sight, case_id)) for case_id in cases),
        },
        visibility(actor),
    )
    assert len(found) == 1, "a part of it"
    return found == {True}


def secret(house: House, title: str, *accused: str) -> uuid.UUID:
    return house.registered(
        title=title,
        confidential=True,
        demand=DemandClass.ACCUSATION,
        lead=DISCIPLINE,
        excluded=accused or (LEAD,),
    )


@pytest.mark.parametrize("marked", [0, 1], ids=["the newer", "the older"])
def test_a_question_ends_when_one_of_its_cases_becomes_an_accusation(house: House, marked: int):
    seated(house)
    pair = house.registered(title=NEWER), house.registered(title=TITLE)
    item_id = asked_about(house, *pair)
    assert told(house, house.duty, item_id, *pair)

    house.on(house.duty, mark_accusation, pair[marked], accused=("net",), reason="检举网信办")

    row = house.scalar(sa.select(DeskItemRow.resolution).where(DeskItemRow.id == item_id))
    assert row == "decided"
    look = house.look(
        house.duty, lambda uow, sight: item(uow.session, sight, item_id), visibility(house.duty)
    )
    assert look is None, "settled, it still has the title"


def test_a_question_ends_when_the_secrecy_of_one_is_lifted(house: House):
    pair = secret(house, NEWER), secret(house, TITLE)
    item_id = asked_about(house, *pair)
    for name in ("甲", "乙"):
        lift(house, officer(Role.DIRECTOR, name=name, county=house.county), pair[0], "误读")

    assert house.scalar(sa.select(DeskItemRow.closed_at).where(DeskItemRow.id == item_id)) is not None


@pytest.mark.parametrize("hidden", [0, 1], ids=["the newer", "the older"])
def test_a_question_about_two_accusations_is_for_those_alone_who_see_both(house: House, hidden: int):
    seated(house)
    pair = secret(house, NEWER), secret(house, TITLE)
    item_id = asked_about(house, *pair)
    assert told(house, house.director, item_id, *pair)

    house.on(house.director, correct_accused, pair[hidden], accused=(LEAD, "net"), reason="漏列")

    assert not told(house, house.director, item_id, *pair)
    assert not told(house, house.duty, item_id, *pair)


def test_what_a_further_merge_shuts_out_hides_the_question_too(house: House):
    seated(house)
    newer, older, third = secret(house, NEWER), secret(house, TITLE), secret(house, "另件", LEAD)
    item_id = asked_about(house, newer, older)
    house.on(house.director, merge_case, third, into=older, reason="同一事项")
    assert told(house, house.director, item_id, newer, older)

    house.on(house.director, correct_accused, older, accused=(LEAD, OTHER, "net"), reason="漏列")

    assert not told(house, house.director, item_id, newer, older)


def test_the_timeline_names_no_case_that_the_reader_may_not_see(house: House):
    seated(house)
    case_id, other = house.registered(), house.registered(title=TITLE)
    house.on(house.duty, merge_case, other, into=case_id, reason="同一事项")
    assert TITLE in repr(house.view(case_id).timeline)
    house.on(house.duty, reinstate_case, other, reason="并错了")

    house.on(house.duty, mark_accusation, other, accused=("net",), reason="检举网信办")

    assert TITLE not in repr(house.view(case_id).timeline)
    assert house.scalar(sa.select(CaseRow.title).where(CaseRow.id == other)) == TITLE
    supervisor = officer(Role.SECRET_INSPECTOR, county=house.county)
    assert TITLE in repr(house.view(case_id, supervisor).timeline), "whoever sees both reads what there was"
