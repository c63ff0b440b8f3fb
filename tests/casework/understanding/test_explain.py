from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from casework.judgement import Agreement, Disposition, Judgement, Routing, SecondOpinion
from casework.understanding.explain import ExplainedText, OtherPack, explain_text, explanation_of
from casework.understanding.explain_json import explained_bytes, text_bytes
from casework.understanding.inputs import Context, PostText
from rules.explained import comparisons_in
from rules.model import Grade
from tests.case_pack import case_book
from tests.demo import demo_book

WAGES = (
    "我们三十多名农民工在云岭县城一个工地干了八个月，包工头拖欠工资四十多万元，打电话一直不接，"
    "请人社局帮我们讨回工资。"
)


def explained(text: str, title: str = "", context: Context | None = None) -> ExplainedText:
    return explain_text(PostText(title, text), demo_book(), context=context or Context())


def test_a_text_is_explained_with_grade_rules_topic_unit_and_signals():
    found = explained(WAGES, "拖欠工资")
    told = found.explained

    assert (told.disposition, told.grade) == ("case", Grade.MAJOR)
    assert told.graded_by
    assert set(told.graded_by) <= {rule.rule for rule in told.rules.fired}
    assert told.routing.lead in {unit.id for unit in told.units}
    assert told.topic is not None
    assert found.topics[0].topic == told.topic
    assert found.doubt is None


def test_the_spans_of_signals_and_topics_lead_to_the_words_of_the_text():
    found = explained(WAGES, "拖欠工资")
    texts = {"title": "拖欠工资", "text": WAGES}
    words = {
        signal.signal: {texts[span.part][span.start : span.end] for span in signal.spans}
        for signal in found.explained.signals
    }
    of_topic = {texts[span.part][span.start : span.end] for span in found.topics[0].spans}

    assert any("三十多名" in word for word in words["ten_workers"])
    assert any("工资" in word for word in of_topic)


def test_a_dismissal_says_why():
    told = explained("给映溪街道办事大厅的小姑娘点赞，办事热情，特此感谢").explained

    assert told.disposition == "dismissal"
    assert told.why is not None
    assert told.why.id == "praise"
    assert told.grade is None
    assert told.graded_by == ()
    silent = explained("🌧🌧").explained.why
    assert silent is not None
    assert (silent.id, silent.name.zh != "meaningless") == ("meaningless", True)


def test_a_text_for_a_person_says_what_is_in_doubt():
    found = explained("某局长长期收受贿赂，请查处")

    assert found.explained.disposition == "desk"
    assert found.doubt is not None


def test_dates_of_effect_count_where_the_day_is_known():
    day = explained(WAGES, context=Context(on=date(2026, 11, 23))).explained

    assert day.rules.on == date(2026, 11, 23)
    assert explained(WAGES).explained.rules.on is None


def test_another_pack_cannot_explain_a_decision():
    judgement = judged(case_book().pack.ref)

    with pytest.raises(OtherPack):
        explanation_of(judgement, demo_book())


def judged(ref: str, **changes: object) -> Judgement:
    made = Judgement(
        pack_ref=ref,
        calendar_version="v",
        disposition=Disposition.CASE,
        grade=Grade.GENERAL,
        demand=None,
        topic=None,
        place=None,
        confidential=False,
        confidence=Decimal("0.90"),
        routing=Routing(None),
    )
    return replace(made, **changes)  # type: ignore[arg-type] # the fields that a test names


def test_a_grade_that_only_the_engine_gave_is_not_put_down_to_a_rule():
    opinion = SecondOpinion(Agreement.DIFFERENT, Grade.SERIOUS, (), ("sev_death",))
    told = explanation_of(judged(demo_book().pack.ref, grade=Grade.SERIOUS, opinion=opinion), demo_book())

    assert told.graded_by == ()
    assert told.opinion.only_engine == ("sev_death",)


def test_decimals_that_were_kept_as_text_count_as_numbers():
    told = explanation_of(
        judged(demo_book().pack.ref, features={"growth_24h": "3.50", "interactions": 20000}), demo_book()
    )
    growth = {one.feature: one.value for one in told.rules.seen}

    assert growth["growth_24h"] == "3.5"
    seen = [test for rule in told.rules.fired for test in comparisons_in(rule.condition)]
    assert all(test.met is (test.holds is test.wanted) for test in seen)


def test_the_json_of_a_text_is_the_same_each_time_and_holds_that_of_its_decision():
    found = explained(WAGES, "拖欠工资")
    once = text_bytes(found)

    assert once == text_bytes(explained(WAGES, "拖欠工资"))
    told = json.loads(once)
    assert told["explained"] == json.loads(explained_bytes(found.explained))
    assert told["explained"]["rules"]["pack"] == demo_book().pack.ref
    assert {"doubt", "explained", "topics"} == set(told)
