"""Packs change while posts flow: every verdict is by exactly one version, and can be made again from it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.commands.replay import gist_of
from app.rulebooks import RulebookCache
from casework import tokens
from casework.desk.govern import sound_pack
from casework.desk.receive import receive_post
from casework.intake import IncomingPost
from casework.roles import Role
from casework.store.decisions import decision_of
from casework.store.tables import DecisionRow, PostRow
from casework.store.triage_rows import posts_to_judge
from casework.understanding.again import differences, judged_again
from tests.builders import COUNTY, officer, the_machine
from tests.desk_kit import SQLITE_ONLY
from tests.quietness import stretched
from tests.small_pack import small_pack
from tests.two_people import put_in_force
from tests.worker_kit import WAITING, County, county_on, until, verify_all

pytestmark = pytest.mark.no_cover  # processes, and many posts on the same lines

TEXTS = (
    "翠湖小区{n}户路灯坏了",
    "我们{n}户，工地拖欠工资",
    "感谢你们{n}",
    "饭店油烟扰民，{n}户受影响",
    "{n}人死亡",
)
GROUP_FROM = (5, 20, 60, 200)  # households from which a version speaks of a group, in turn


@pytest.fixture
def county(tmp_path: Path, database_url: str, redis_url: str) -> Iterator[County]:
    with county_on(tmp_path, database_url, redis_url) as opened:
        yield opened


def _publish(county: County, version: int) -> str:
    """Put a version in force for which another number of households is a group; return its reference."""
    files = small_pack(version)
    least = GROUP_FROM[version % len(GROUP_FROM)]
    rules = files["severity.yaml"]
    for old, new in (
        ("people: {at_least: 5}", f"people: {{at_least: {least}}}"),
        ("我们十户", f"我们{least}户"),
        ("我们两户", "我们一户"),
    ):
        rules = rules.replace(old.encode(), new.encode())
    assert rules != files["severity.yaml"] or least == GROUP_FROM[0]
    sound = sound_pack(files | {"severity.yaml": rules}, tokens.word_starts)
    with county.office.transactions.write(officer(Role.DIRECTOR)) as uow:
        return put_in_force(uow, sound)


def _post(county: County, chance: random.Random, start: int, count: int) -> None:
    for first in range(start, start + count, 25):
        with county.office.transactions.write(the_machine()) as uow:
            for number in range(first, min(first + 25, start + count)):
                text = chance.choice(TEXTS).format(n=chance.choice((3, 8, 30, 90, 400)))
                receive_post(uow, IncomingPost("form", f"{text}，{number}", external_id=f"s{number}"))
    county.office.bell.ring("triage")


def _waiting(county: County) -> int:
    with county.office.transactions.read(the_machine()) as uow:
        query = sa.select(sa.func.count()).select_from(PostRow).where(PostRow.triage_state.in_(WAITING))
        return uow.session.scalar(query) or 0


@SQLITE_ONLY
def test_every_verdict_can_be_made_again_from_its_own_version(county: County):
    _swap_while_posts_flow(county, swaps=20, posts=2_000)


@pytest.mark.long
def test_the_same_holds_for_two_hundred_swaps(county: County):
    _swap_while_posts_flow(county, swaps=200, posts=50_000)


def _swap_while_posts_flow(county: County, *, swaps: int, posts: int) -> None:
    chance = random.Random(7)  # noqa: S311 - no secret
    county.run("worker")
    county.run("scheduler")
    published = set()
    each = posts // swaps
    for swap in range(swaps):
        _post(county, chance, swap * each, each)
        # The next version comes while these are being judged, at another point of the work each time.
        left = chance.randrange(each)
        until(lambda left=left: _waiting(county) <= left, "work goes on", within=stretched(90))  # type: ignore[misc] # a default freezes it
        published.add(_publish(county, swap + 2))
    until(lambda: _waiting(county) == 0, "everything is judged", within=stretched(300))

    verify_all(county, posts)
    used, grades = _remade(county)
    print(f"N = {sum(used.values())} verdicts, {swaps} swaps, {len(used)} versions used, {dict(grades)}")  # noqa: T201 - the size of the proof
    assert sum(used.values()) == posts
    assert len(set(used) & published) > swaps // 2
    assert len(grades) > 1


def _remade(county: County) -> tuple[Counter[str], Counter[str | None]]:
    """Make every verdict again from its version; fail where one differs."""
    packs = RulebookCache(COUNTY)
    used: Counter[str] = Counter()
    grades: Counter[str | None] = Counter()
    with county.office.transactions.read(the_machine()) as uow:
        ids = uow.session.scalars(sa.select(DecisionRow.id).order_by(DecisionRow.pack_ref)).all()
        for decision_id in ids:
            row = uow.session.get_one(DecisionRow, decision_id)
            decision = decision_of(row)
            [post] = posts_to_judge(uow.session, COUNTY, [decision.post_id])
            again = judged_again(
                post,
                packs.of(uow.session, decision.pack_ref),
                decided_at=decision.decided_at,
                context=decision.context,
                words=tokens.word_starts,
            )
            assert differences(gist_of(decision), again) == (), (decision.pack_ref, decision_id)
            used[decision.pack_ref] += 1
            grades[decision.grade] += 1
            uow.session.expunge(row)
    return used, grades
