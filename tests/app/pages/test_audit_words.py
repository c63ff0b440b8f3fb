"""The audit log speaks the language of the page: names for keys, units and values; whole ids on hover."""

from __future__ import annotations

import html
import re

import pytest

from app.admin.audit_words import EITHER, KEYS, facts_of
from casework.roles import Role
from tests.page_kit import Desks

ENTRY = "01a20881-3ff5-7089-afdd-158494441b01"
CELLS = re.compile(r"<span( title=\"[^\"]+\")?>([^<]+)</span>")


def test_a_case_is_audited_in_words(desks: Desks):
    desks.reported()
    desks.wait(days=14)

    auditor = desks.person(Role.AUDIT_ADMIN)
    page = html.unescape(auditor.get("/admin/audit").text)
    told = {text for _title, text in CELLS.findall(page)}
    for told_so in ("等级：一般", "种类：首报", "身份：主办", "环节：公开回应", "失误：公开回应超时"):
        assert told_so in told, told_so
    assert any(text.startswith("主办：") and "_" not in text for text in told)
    keys = {key for row in desks.web.audit() for key in row.data}
    unnamed = {key.removesuffix(EITHER[0]).removesuffix(EITHER[1]) for key in keys} - set(KEYS)
    assert unnamed == set()

    auditor.post("/language", {"to": "en"})
    english = html.unescape(auditor.get("/admin/audit").text)
    assert "Grade: General" in english
    assert "主办：" not in english


@pytest.mark.parametrize(
    ("key", "value", "name", "text", "whole"),
    [
        ("lead", "housing", "主办", "住建局", "housing"),
        ("candidates", ("housing", "other"), "候选单位", "住建局、other", "housing, other"),
        ("kind", "dispatch_slip", "种类", "交办单", "dispatch_slip"),
        ("sha256", "a" * 64, "校验值", "aaaaaaaaaaaa…", "a" * 64),
        ("entry", ENTRY, "计分条目", "01a20881-3ff…", ENTRY),
        ("due_since", "2026-11-26T14:26:14+00:00", "应于", "2026-11-26 22:26", "2026-11-26T14:26:14+00:00"),
        ("late_by_system", "false", "系统迟延", "否", "false"),
        ("client", "127.0.0.1", "来访地址", "127.0.0.1", None),
        ("points", "0.4", "扣分", "0.40", "0.4"),
        ("never_seen", "x", "never_seen", "x", None),
    ],
)  # fmt: skip
def test_a_value_has_its_name_and_keeps_what_is_shortened(
    desks: Desks, key: str, value: str | tuple[str, ...], name: str, text: str, whole: str | None
):
    with desks.web.app.test_request_context():
        [fact] = facts_of([(key, value)], {"housing": "住建局"})
    assert (fact.name, fact.text, fact.whole) == (name, text, whole)


def test_of_a_text_in_both_languages_the_reader_sees_his_own(desks: Desks):
    with desks.web.app.test_request_context():
        [fact] = facts_of([("assist", ()), ("reason_en", "Opinion"), ("reason_zh", "表达意见")], {})
    assert (fact.name, fact.text) == ("理由", "表达意见")


def test_of_what_is_said_in_words_the_id_is_not_shown_and_a_topic_has_its_name(desks: Desks):
    data = [
        ("reason", "praise"),
        ("reason_zh", "仅为致谢"),
        ("reason_en", "Thanks only"),
        ("topic", "telecom"),
    ]
    with desks.web.app.test_request_context():
        facts = facts_of(data, {}, {"telecom": "通信服务"})

    assert [(fact.name, fact.text) for fact in facts] == [("理由", "仅为致谢"), ("主题", "通信服务")]
