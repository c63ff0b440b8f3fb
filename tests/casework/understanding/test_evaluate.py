from __future__ import annotations

import json
from itertools import count

import pytest

from casework.understanding.evaluate import Answer, evaluate, evaluate_file, report_of
from casework.understanding.rows import Kind, Row
from tests.demo import demo_book


def row(gold: str, *more: str) -> Row:
    return Row(1, "文", gold, frozenset({gold, *more}))


def test_shares_of_a_small_table_agree_with_those_computed_by_hand():
    rows = [row("HOUSING"), row("HOUSING", "LAND"), row("POLICE"), row("LABOUR"), row("LABOUR")]
    answers = [
        Answer("HOUSING", triaged=False),  # right
        Answer("LAND", triaged=False),  # accepted
        Answer("HOUSING", triaged=False),  # wrong and sure of it
        Answer("HOUSING", triaged=True),  # wrong, but a person looks
        Answer("LABOUR", triaged=True),  # right, and a person looks
    ]
    report = report_of(Kind.ROUTING, rows, answers, seconds=1.5)

    assert report.n == 5
    assert report.accuracy == pytest.approx(2 / 5)
    assert report.accepted == pytest.approx(3 / 5)
    assert report.triaged == pytest.approx(2 / 5)
    assert report.confident_wrong == pytest.approx(1 / 5)
    assert report.confusion["HOUSING"] == {"HOUSING": 1, "LAND": 1}
    assert report.seconds == 1.5


def test_either_of_two_labels_is_right():
    rows = [row("环境保护", "城乡建设"), row("环境保护", "城乡建设")]
    answers = [Answer("城乡建设", triaged=False), Answer("交通运输", triaged=False)]
    report = report_of(Kind.TOPICS, rows, answers, seconds=0)

    assert report.accuracy == pytest.approx(1 / 2)
    assert report.confusion == {"城乡建设": {"城乡建设": 1}, "环境保护": {"交通运输": 1}}


def test_a_file_is_scored_with_the_time_it_took():
    ticks = count(start=10.0, step=2.5)
    lines = [
        "id,text,grade,lead,alt\n",
        "1,小区门口的路灯坏了半个月没人修,general,HOUSING,\n",
        "2,给办事大厅的工作人员点赞，特此感谢,none,OTHER,\n",
        "3,项目部拖欠我们十五名工人半年工资，讨要没有结果,major,LABOUR,\n",
    ]
    report = evaluate_file(Kind.GRADES, lines, demo_book(), lambda: next(ticks))

    assert (report.n, report.accuracy, report.macro_f1, report.kappa) == (3, 1, 1, 1)
    assert report.seconds == 2.5


def test_a_ruling_that_is_needed_counts_as_sent_to_a_person_and_its_first_candidate_answers():
    rows = [Row(2, "工地夜间施工，打桩噪音吵得睡不着", "ENFORCE", frozenset({"ENFORCE"}))]
    report = evaluate(Kind.ROUTING, rows, demo_book())

    assert (report.accepted, report.triaged, report.confident_wrong) == (1, 1, 0)


def test_a_text_about_nothing_still_gets_a_group():
    rows = [Row(2, "……", "交通运输", frozenset({"交通运输"}))]
    report = evaluate(Kind.TOPICS, rows, demo_book())

    assert set(report.confusion["交通运输"]) <= set(demo_book().pack.groups)


def test_the_report_is_one_line_of_json_with_every_promised_field():
    rows = [Row(2, "公交车总是晚点", "TRANSPORT", frozenset({"TRANSPORT"}))]
    line = json.dumps(evaluate(Kind.ROUTING, rows, demo_book()).as_json(), ensure_ascii=False)

    assert "\n" not in line
    assert set(json.loads(line)) >= {
        "n",
        "accuracy",
        "macro_f1",
        "kappa",
        "accepted",
        "triaged",
        "confident_wrong",
        "per_class",
        "confusion",
        "seconds",
    }
