"""An explanation is not kept: it is made again from the pack version and the features of the decision."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from sqlalchemy.orm import Session

from casework.judgement import Agreement, Disposition, Judgement, Routing, SecondOpinion
from casework.store.decisions import Decision, decision_insert, decision_values, decisions_of
from casework.store.packs import active_ref, insert_pack, pack_files
from casework.store.tables import PackActivationRow
from casework.understanding.explain import explanation_of
from casework.understanding.explain_json import explained_bytes
from rules.model import DemandClass, Grade, Label, RuleKind
from rules.pack import load_pack_bytes
from rules.rulebook import Rulebook
from rules.walk import conditions_of
from tests.builders import COUNTY, MONDAY, add_county, add_post, new_id
from tests.rules.generated import features_for
from tests.small_pack import small_pack
from tests.two_people import let_go

TEXT = "小区路灯坏了半个月，全体业主联名，三十户人家晚上看不清路，已有两人摔伤，一人死亡。"


def book_of(files: dict[str, bytes]) -> Rulebook:
    loaded = load_pack_bytes(files)
    assert loaded.pack is not None, [str(problem) for problem in loaded.problems]
    return Rulebook(loaded.pack)


def put_in_force(session: Session, files: dict[str, bytes], *, days: int) -> str:
    """Store a pack, in force so many days after Monday."""
    pack = book_of(files).pack
    at = MONDAY + timedelta(days=days)
    let_go(session, "packs")  # the tests are of what was stored, not of how
    assert insert_pack(session, new_id(), county=COUNTY, pack=pack, files=files, author_id=None, now=at)
    session.add(
        PackActivationRow(
            id=new_id(), county_id=COUNTY, ref=pack.ref, effective_at=at, by="主任", created_at=at
        )
    )
    session.flush()
    return pack.ref


def newer(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return version 2 of a pack, in which every rule is called otherwise and nothing is serious."""
    changed = {
        "pack.yaml": files["pack.yaml"].replace(b"version: 1", b"version: 2"),
        "severity.yaml": files["severity.yaml"]
        .replace(b"serious", b"major")
        .replace(b"source: ", b"source: new "),
    }
    return files | changed


def judgement(book: Rulebook, features: dict[str, bool | int | Decimal | str], random: Random) -> Judgement:
    scan = book.scan("路灯", TEXT)
    return Judgement(
        pack_ref=book.pack.ref,
        calendar_version=book.pack.calendar.version,
        disposition=random.choice(list(Disposition)),
        grade=random.choice([None, *Grade]),
        demand=random.choice([None, *DemandClass]),
        topic=random.choice([None, "street_lamps"]),
        place=None,
        confidential=random.random() < 0.5,
        confidence=Decimal(random.randint(0, 10_000)) / 10_000,
        routing=Routing("housing_bureau", ("center_office",), "依据", None, (), (Label("甲", "a"),)),
        features=features,
        context={"on": "2026-11-16", "voices": 3},
        hits=scan.hits,
        findings=book.evaluate(RuleKind.SEVERITY, features),
        reasons=(Label("甲", "a"), Label("请拨打 120", "Call 120")),
        opinion=SecondOpinion(Agreement.EQUAL, Grade.MAJOR),
    )


def stored(session: Session, post_id: uuid.UUID, made: Judgement) -> Decision:
    """Keep a judgement as the worker does and read it again."""
    kept = {"id": new_id(), "county_id": COUNTY, "post_id": post_id, "decided_at": MONDAY}
    session.execute(decision_insert(session.get_bind().dialect.name), [kept | decision_values(made)])
    session.flush()
    session.expire_all()
    return decisions_of(session, post_id)[0]


def test_an_explanation_is_the_same_to_the_byte_after_newer_rules_came(session: Session):
    add_county(session)
    files = dict(small_pack())
    ref = put_in_force(session, files, days=0)
    book, random = book_of(files), Random(7)  # noqa: S311 - no secret
    known = tuple(part for rule in book.rules(RuleKind.SEVERITY) for part in conditions_of(rule))
    post_id = add_post(session)
    kept: list[tuple[bytes, Decision]] = []
    for _ in range(60):
        features = features_for(random, book.vocabulary(RuleKind.SEVERITY), known)
        made = judgement(book, features, random)
        decision = stored(session, post_id, made)
        kept.append((explained_bytes(explanation_of(made, book)), decision))

    put_in_force(session, newer(files), days=1)

    assert active_ref(session, COUNTY, MONDAY + timedelta(days=2)) != ref
    files_then = pack_files(session, COUNTY, ref)
    assert files_then is not None
    again = book_of(files_then)
    assert [explained_bytes(explanation_of(decision, again)) for _, decision in kept] == [
        told for told, _ in kept
    ]
    # The generated features tell apart: it is not one explanation over and over.
    assert len({told for told, _ in kept}) > 30


def test_the_findings_of_a_decision_are_those_that_its_explanation_shows(session: Session):
    add_county(session)
    book = book_of(dict(small_pack()))
    features = {"death": True, "people": 2}
    made = replace(judgement(book, features, Random(1)), grade=Grade.SERIOUS)  # noqa: S311 - no secret
    decision = stored(session, add_post(session), made)
    told = explanation_of(decision, book)

    assert [rule.rule for rule in told.rules.fired] == [finding.rule for finding in decision.findings]
    assert told.graded_by
