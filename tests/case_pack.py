"""The small pack with limits, a ladder and scoring rules for tests of the case."""

from __future__ import annotations

from functools import cache
from textwrap import dedent

from rules.pack import load_pack_bytes
from rules.rulebook import Rulebook
from tests.small_pack import small_pack

_EVERY = "[general, major, serious]"

LADDER = f"""
    ladder:
      - id: remind_80
        title: {{zh: 到期前提醒, en: Reminder before due}}
        stages: [first_report, public_reply, close, commitment]
        grades: {_EVERY}
        share: "0.8"
        action: reminder
        source: 督办办法（示例）
      - id: blue_at_due
        title: {{zh: 蓝色催办, en: Blue card}}
        stages: [sign_for, first_contact, first_report, public_reply, close, commitment]
        grades: {_EVERY}
        after: 0h
        action: card
        card: blue
        source: 督办办法（示例）
      - id: order_24h
        title: {{zh: 督办单, en: Supervision order}}
        stages: [first_report, public_reply, close, commitment]
        grades: {_EVERY}
        after: 24h
        action: order
        source: 督办办法（示例）
      - id: red_card
        title: {{zh: 红色通报, en: Red card}}
        stages: [close]
        grades: {_EVERY}
        after: 3wd
        redo_at_least: 3
        action: card
        card: red
        source: 督办办法（示例）
    """

DEADLINES = """
    deadlines:
      version: case-1
      day: {start: "08:30", end: "18:00", resume: "09:00"}
      clocks:
        - {stage: sign_for, grade: general, limit: 2h, night_defer: true, source: 规程（示例）}
        - {stage: sign_for, grade: major, limit: 1h, source: 规程（示例）}
        - {stage: sign_for, grade: serious, limit: 30m, source: 规程（示例）}
        - {stage: objection, grade: general, limit: 4wh, source: 规程（示例）}
        - {stage: first_contact, grade: general, limit: 24h, source: 规程（示例）}
        - {stage: first_contact, grade: major, limit: 4h, source: 规程（示例）}
        - {stage: first_contact, grade: serious, limit: 2h, source: 规程（示例）}
        - {stage: first_report, grade: general, limit: 24h, source: 规程（示例）}
        - {stage: first_report, grade: major, limit: 4h, source: 规程（示例）}
        - {stage: first_report, grade: serious, limit: 1h, source: 规程（示例）}
        - {stage: public_reply, grade: general, limit: 48h, source: 国办发〔2016〕61号}
        - {stage: public_reply, grade: major, limit: 24h, source: 县级办理规程：较大件 24 小时}
        - {stage: public_reply, grade: serious, limit: 5h, source: 国办发〔2016〕80号}
        - {stage: close, grade: general, class: request, limit: 7wd, source: 12345 办法}
        - {stage: close, grade: general, limit: 15wd, source: 12345 办法}
        - {stage: close, grade: major, limit: 5wd, source: 规程（示例）}
        - {stage: close, grade: serious, limit: 3wd, source: 规程（示例）}
    """

_PRICES = {
    "late_sign_for": '"0.05"',
    "late_first_contact": '"0.05"',
    "late_first_report": '"0.1"',
    "late_public_reply": '{general: "0.2", major: "0.5", serious: "1"}',
    "late_close": '{general: "0.2", major: "0.4", serious: "0.8"}',
    "commitment_broken": '{general: "0.2", major: "0.4", serious: "0.8"}',
    "false_reply": '"1"',
    "suppressed_poster": '"3"',
}


def _rule(failing: str, points: str, more: str = "", name: str = "") -> str:
    return dedent(
        f"""
          - id: score_{name or failing}
            title: {{zh: 示例, en: Example}}
            status: active
            owner: 目督办
            source: 考核细则（示例）
            when: {{all: [{{failing: {failing}}}, {{responsible_confirmed: true}}{more}]}}
            points: {points}
            examples:
              - {{features: {{failing: {failing}, responsible_confirmed: true, nth: NTH}}, matches: true}}
              - {{features: {{failing: none}}, matches: false}}
        """
    ).replace("NTH", "2" if "at_least" in more else "1")


SCORING = "rules:\n" + "".join(
    [
        *(_rule(failing, points) for failing, points in _PRICES.items()),
        _rule("redo", '"0.1"', ", {nth: {at_most: 1}}", "redo_first"),
        _rule("redo", '"0.2"', ", {nth: {at_least: 2}}", "redo_again"),
    ]
)


@cache
def case_book() -> Rulebook:
    """Return the rulebook of the case pack, compiled once a test run."""
    files = small_pack() | {
        "supervision.yaml": dedent(LADDER).lstrip("\n").encode(),
        "deadlines.yaml": dedent(DEADLINES).lstrip("\n").encode(),
        "scoring.yaml": SCORING.encode(),
    }
    loaded = load_pack_bytes(files)
    assert loaded.pack is not None, [str(problem) for problem in loaded.problems]
    return Rulebook(loaded.pack)
