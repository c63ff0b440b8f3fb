"""The smallest pack that is whole: tests replace the part that they are about.

Its names belong to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

from rules.model import Pack
from rules.pack import Loaded, load_pack_bytes
from rules.rulebook import Rulebook

_CONTACTS = (
    "contacts: {first_responsible: {name: 示例甲, title: 局长, phone: '000-1'}, "
    "deputy: {name: 示例乙, title: 副局长, phone: '000-2'}, "
    "liaison: {name: 示例丙, title: 主任, phone: '000-3'}}"
)
_CLOCKS = "\n".join(
    f"    - {{stage: {stage}, grade: {grade}, limit: 24h, source: 示例}}"
    for stage in ("sign_for", "first_report", "public_reply", "close")
    for grade in ("general", "major", "serious")
)

FILES: Mapping[str, str] = {
    "pack.yaml": """\
pack: tiny
version: 1
title: {zh: 小包, en: Tiny}
county: {code: "999901", zh: 云岭县, en: Yunling}
groups: [环境保护]
settings: {crowd: 50}
dismissals:
  - {id: praise, title: {zh: 仅表示感谢, en: Thanks only}}
""",
    "lexicons.yaml": """\
lexicons:
  - {id: death_words, title: 死亡, terms: [死亡, 身亡]}
""",
    "signals.yaml": """\
signals:
  - {id: death, title: {zh: 死亡, en: Death}, lexicon: death_words}
  - {id: thanks, title: {zh: 感谢, en: Thanks}, terms: [感谢]}
  - {id: people, title: {zh: 人数, en: People}, number: {units: [人, 户]}}
""",
    "topics.yaml": """\
topics:
  - id: noise
    title: {zh: 噪声, en: Noise}
    group: 环境保护
    class: complaint
    evidence: [{weight: 2, terms: [噪声, 吵]}]
""",
    "places.yaml": """\
places:
  - {id: t_one, name: 清溪镇, kind: town, unit: office, zone: rural}
""",
    "units.yaml": f"""\
units:
  - {{id: office, name: {{zh: 县网信办, en: Office}}, family: OTHER, kind: party,
     duties: [cyberspace, supervision, target, discipline, backstop], {_CONTACTS}}}
""",
    "routing.yaml": """\
routes:
  - {id: r_noise, topic: noise, lead: office, basis_kind: statute, basis: 示例}
""",
    "severity.yaml": """\
rules:
  - id: sev_death
    title: {zh: 死亡, en: Death}
    status: active
    owner: 网信办
    source: 示例
    when: {death: true}
    grade: serious
    examples:
      - {text: 一人死亡, matches: true}
      - {text: 栽树, matches: false}
""",
    "scoring.yaml": """\
rules:
  - id: sc_late
    title: {zh: 迟, en: Late}
    status: active
    owner: 目督办
    source: 示例
    when: {failing: late_close}
    points: {general: "0.2", major: "0.4", serious: "0.8"}
    examples:
      - {features: {failing: late_close, grade: major}, matches: true}
      - {features: {failing: redo, grade: major}, matches: false}
""",
    "deadlines.yaml": f"""\
deadlines:
  version: tiny-1
  day: {{start: "08:30", end: "18:00", resume: "09:00"}}
  clocks:
{_CLOCKS}
""",
    "calendar.yaml": """\
calendar:
  version: tiny-1
  hours: [["08:30", "12:00"], ["14:30", "18:00"]]
  years:
    - {year: 2026, notice: 示例文号, off: [2026-01-01, "2026-02-15..2026-02-23"], work: [2026-01-04]}
""",
    "supervision.yaml": """\
ladder:
  - id: remind
    title: {zh: 提醒, en: Reminder}
    stages: [close]
    grades: [general]
    share: "0.8"
    action: reminder
    source: 示例
""",
}


def tiny_bytes(**changed: str) -> dict[str, bytes]:
    """Return the files of the tiny pack, with some replaced: signals="..." is signals.yaml."""
    files = {name: text.encode() for name, text in FILES.items()}
    for name, text in changed.items():
        files[f"{name}.yaml"] = dedent(text).encode()
    return files


def tiny(**changed: str) -> Loaded:
    """Return what loading the tiny pack yields, with some files replaced."""
    return load_pack_bytes(tiny_bytes(**changed))


def tiny_pack(**changed: str) -> Pack:
    """Return the tiny pack with some files replaced; it must be free of errors."""
    loaded = tiny(**changed)
    assert loaded.pack is not None, "\n".join(map(str, loaded.problems))
    return loaded.pack


def tiny_book(**changed: str) -> Rulebook:
    """Return the rulebook of the tiny pack with some files replaced."""
    return Rulebook(tiny_pack(**changed))


def severity(*rules: str) -> str:
    """Return a severity.yaml of rules given as the lines that differ: id, when, unless, conclusion."""
    head = "title: {zh: 规则, en: Rule}, status: active, owner: 网信办, source: 示例"
    return "rules:\n" + "\n".join(f"  - {{{head}, {rule}}}" for rule in rules)
