from __future__ import annotations

import uuid
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.api_tokens import SCOPES_OF_A_SOURCE, Scope
from app.api.wire_explained import Explained, ExplainedText
from casework.access import CountyId, machine
from casework.desk.triage import apply_triage, claim_posts
from casework.judgement import Judged
from casework.store.packs import sync_units
from casework.store.tables import CaseRow, DecisionRow, PostRow
from rules.model import Grade
from tests.app.api.conftest import POSTS, Program, program, rows
from tests.case_pack import case_book
from tests.page_kit import judgement_of
from tests.web_kit import Web

EXPLAIN = "/api/v1/explain"
DEADLY = "小区路灯倒下，一人死亡，全体业主联名反映。"


def explanation(decision_id: object) -> str:
    return f"/api/v1/decisions/{decision_id}/explanation"


def decided(service: Web, hotline: Program, text: str = DEADLY, **changes: object) -> str:
    """Hand over a post, judge it as the worker does, and return the id of the decision."""
    post = hotline.post(POSTS, {"text": text}).json
    actor = machine(CountyId(service.home.county))
    with service.home.transactions.write(actor) as uow:
        sync_units(uow.session, uow.county, case_book().pack.units)
        claimed = claim_posts(uow, 50, owner="test")
    outcomes = [Judged(post, judgement_of(case_book(), post, **changes)) for post in claimed.posts]
    with service.home.transactions.write(actor) as uow:
        apply_triage(uow, claimed.token, outcomes)
    with Session(service.home.transactions.engine) as session:
        decision_id = session.scalar(
            sa.select(DecisionRow.id).where(DecisionRow.post_id == uuid.UUID(post["id"]))
        )
    return str(decision_id)


def test_a_text_is_explained_and_nothing_of_it_is_kept(service: Web, hotline: Program):
    answer = hotline.post(EXPLAIN, {"text": DEADLY, "title": "路灯", "on": "2026-11-23"})

    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    told = ExplainedText.model_validate(answer.json)
    today = ExplainedText.model_validate(hotline.post(EXPLAIN, {"text": DEADLY}).json)
    assert told.explained.grade == "serious"
    assert told.explained.graded_by == ["sev_death"]
    assert told.explained.rules.pack == case_book().pack.ref
    assert {DEADLY[span.start : span.end] for signal in told.explained.signals for span in signal.spans} >= {
        "死亡"
    }
    assert (told.explained.rules.on, today.explained.rules.on) == (date(2026, 11, 23), date(2026, 11, 16))
    assert rows(service, PostRow) == rows(service, DecisionRow) == 0
    assert answer.data == hotline.post(EXPLAIN, {"text": DEADLY, "title": "路灯", "on": "2026-11-23"}).data


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "bad-post"),
        ({"text": " "}, "bad-post"),
        ({"text": "好" * 22_000}, "bad-post"),
        ({"text": "路灯", "title": "长" * 501}, "bad-post"),
        ({"text": "路灯", "author": {"name": "某"}}, "bad-fields"),
        ({"text": "路灯", "on": "gestern"}, "bad-fields"),
        ({"text": 5}, "bad-fields"),
    ],
)
def test_what_cannot_be_explained_is_said(hotline: Program, body: dict[str, object], code: str):
    answer = hotline.post(EXPLAIN, body)

    assert (answer.status_code, answer.json["code"]) == (422, code)


def test_a_decision_is_explained_to_the_source_of_its_post_with_the_same_bytes_each_time(
    service: Web, hotline: Program
):
    decision_id = decided(service, hotline, grade=Grade.SERIOUS)
    first, again = hotline.get(explanation(decision_id)), hotline.get(explanation(decision_id))

    assert first.status_code == 200
    assert first.data == again.data
    told = Explained.model_validate(first.json)
    assert (told.grade, told.graded_by) == ("serious", ["sev_death"])


def test_the_status_of_a_post_names_its_decision(service: Web, hotline: Program):
    waiting = hotline.get(hotline.post(POSTS, {"text": "路灯坏了。"}).json["href"]).json
    decision_id = decided(service, hotline)
    post = hotline.post(POSTS, {"text": DEADLY}).json

    assert waiting["decision_id"] is None
    assert post["is_new"] is False
    assert hotline.get(post["href"]).json["decision_id"] == decision_id


def test_another_source_and_a_narrower_token_are_refused(service: Web, hotline: Program):
    decision_id = decided(service, hotline)

    assert program(service, source="import").get(explanation(decision_id)).json["code"] == "no-such-decision"
    assert program(service, *SCOPES_OF_A_SOURCE).get(explanation(decision_id)).json["code"] == "scope-missing"
    assert program(service, Scope.RULES_READ).get(explanation(decision_id)).status_code == 200
    assert hotline.get(explanation(uuid.uuid4())).status_code == 404
    assert hotline.get(explanation("nonsense")).status_code == 404


def test_what_is_said_against_somebody_is_explained_to_no_program(service: Web, hotline: Program):
    secret = decided(service, hotline, "某局长收红包。", confidential=True)
    plain = decided(service, hotline)
    with Session(service.home.transactions.engine) as session:
        session.execute(sa.update(CaseRow).values(confidential=True))
        session.commit()

    seemed = decided(service, hotline, "路灯坏了，不知道是不是又被谁拿去报账。", accused=("housing_bureau",))

    assert hotline.get(explanation(secret)).status_code == 404
    assert hotline.get(explanation(seemed)).status_code == 404, (
        "it became ordinary, and names who seemed accused"
    )
    assert hotline.get(explanation(plain)).status_code == 404, "its case became confidential"
    for text in ("某局长收红包。", DEADLY, "路灯坏了，不知道是不是又被谁拿去报账。"):
        href = hotline.post(POSTS, {"text": text}).json["href"]
        assert hotline.get(href).json["decision_id"] is None


def test_a_decision_whose_pack_no_longer_loads_says_so(service: Web, hotline: Program):
    decision_id = decided(service, hotline, pack_ref="gone@1+sha256:0")
    answer = hotline.get(explanation(decision_id))

    assert answer.status_code >= 400
    assert answer.json["code"] == "no-pack-in-force"
