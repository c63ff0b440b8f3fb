from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from rules import model
from rules.model import Limit, LimitUnit, Near, RuleKind, SignalKind
from rules.pack import FILES, digest_of, load_pack, load_pack_bytes, pack_files
from rules.problem import Level
from tests.rules.tiny import tiny, tiny_bytes, tiny_pack

ROOT = Path(__file__).resolve().parents[2]


def written(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def test_a_whole_pack_has_no_problem():
    loaded = tiny()

    assert loaded.problems == ()
    assert loaded.pack is not None
    assert loaded.pack.ref.startswith("tiny@1+sha256:")


def test_a_pack_rebuilt_from_its_stored_bytes_is_the_same_pack(tmp_path: Path):
    folder = written(tmp_path, tiny_bytes())

    assert load_pack(folder).pack == load_pack_bytes(pack_files(folder)).pack


def test_the_digest_follows_names_and_bytes_but_not_their_order():
    files = tiny_bytes()
    backwards = dict(reversed(files.items()))
    changed = {**files, "pack.yaml": files["pack.yaml"] + b"\n"}

    assert digest_of(files) == digest_of(backwards)
    assert digest_of(files) != digest_of(changed)


def test_a_file_of_notes_beside_the_pack_changes_nothing(tmp_path: Path):
    folder = written(tmp_path, tiny_bytes())
    before = load_pack(folder)
    (folder / "README.md").write_text("notes")

    assert load_pack(folder) == before


def test_a_missing_file_is_a_problem_and_the_others_are_still_read():
    files = tiny_bytes(lexicons="lexicons: [{id: x, titel: 甲, terms: [乙]}]")
    del files["units.yaml"]
    loaded = load_pack_bytes(files)
    said = [str(problem) for problem in loaded.problems]

    assert loaded.pack is None
    assert loaded.missing == {"units.yaml"}
    assert any(line.startswith("units.yaml:1:1: 缺少文件") for line in said)
    assert any(line.startswith("lexicons.yaml:1:20: 未知的键「titel」；是不是想写「title」") for line in said)


def test_names_that_lead_into_a_missing_file_are_not_held_against_the_others():
    files = tiny_bytes()
    del files["units.yaml"], files["topics.yaml"], files["signals.yaml"]
    loaded = load_pack_bytes(files)

    assert {p.location.file for p in loaded.problems} == {"units.yaml", "topics.yaml", "signals.yaml"}
    assert loaded.draft is not None


def test_a_folder_that_is_not_there_is_a_problem(tmp_path: Path):
    loaded = load_pack(tmp_path / "nowhere")

    assert loaded.pack is None
    assert [p.en for p in loaded.problems] == ["the folder of the pack does not exist"]


def test_a_misspelt_file_name_is_found(tmp_path: Path):
    files = tiny_bytes()
    files["signal.yaml"] = files.pop("signals.yaml")
    loaded = load_pack(written(tmp_path, files))

    assert any("signal.yaml" in p.en and 'did you mean "signals.yaml"' in p.en for p in loaded.problems)


def test_all_problems_of_all_files_come_in_one_go_by_file_and_line():
    loaded = tiny(
        pack="pack: Tiny\nversion: x\n",
        signals="signals:\n  - {id: a, title: {zh: 甲, en: a}, lexicon: nowhere}\n  - {id: a}\n",
        severity="rules: nothing",
    )
    places = [(p.location.file, p.location.line) for p in loaded.problems]

    assert places == sorted(places)
    assert {"pack.yaml", "signals.yaml", "severity.yaml"} <= {file for file, _ in places}


# file, its content, where the problem stands, what it says
WRONG = [
    pytest.param(
        "signals",
        "signals:\n  - {id: Ab, title: {zh: 甲, en: a}, terms: [乙]}",
        "2:10",
        "is no name",
        id="name",
    ),
    pytest.param("signals", "signals:\n  - {id: a, title: 甲, terms: [乙]}", "2:20", "mapping", id="label"),
    pytest.param(
        "signals",
        "signals:\n  - {id: a, title: {zh: 甲, en: a}, terms: [乙], skip_negated: yes}",
        "2:62",
        "true or false",
        id="yes is no flag",
    ),
    pytest.param(
        "signals",
        "signals:\n  - {id: a, title: {zh: 甲, en: a}}",
        "2:5",
        "a matcher needs exactly one of",
        id="no matcher",
    ),
    pytest.param(
        "signals",
        "signals:\n  - {id: a, title: {zh: 甲, en: a}, pattern: '('}",
        "2:5",
        "expression cannot be used",
        id="pattern",
    ),
    pytest.param(
        "signals",
        "signals:\n  - {id: a, title: {zh: 甲, en: a}, pattern: 'a*'}",
        "2:5",
        "matches the empty text",
        id="empty pattern",
    ),
    pytest.param(
        "signals",
        "signals:\n  - {id: a, title: {zh: 甲, en: a}, any: [{signal: b}]}\n"
        "  - {id: b, title: {zh: 乙, en: b}, any: [{signal: a}]}",
        "2:5",
        "ring",
        id="ring of signals",
    ),
    pytest.param(
        "signals",
        "signals:\n  - {id: reads, title: {zh: 甲, en: a}, terms: [乙]}",
        "2:5",
        "built-in",
        id="built-in name",
    ),
    pytest.param(
        "severity",
        "rules:\n  - {id: a, grade: urgent}",
        "2:20",
        'unknown option (general, major, serious) "urgent"',
        id="grade",
    ),
    pytest.param(
        "severity", "rules:\n  - {id: a, when: {deth: true}}", "2:20", 'did you mean "death"', id="feature"
    ),
    pytest.param(
        "severity", "rules:\n  - {id: a, when: {death: 3}}", "2:20", "true or false", id="type of a flag"
    ),
    pytest.param(
        "severity",
        "rules:\n  - {id: a, when: {people: {at_least: lots}}}",
        "2:29",
        "whole number",
        id="type of a number",
    ),
    pytest.param(
        "severity",
        "rules:\n  - {id: a, when: {death: {at_least: true}}}",
        "2:28",
        "has no order",
        id="order of a flag",
    ),
    pytest.param(
        "severity",
        "rules:\n  - {id: a, when: {people: {atleast: 3}}}",
        "2:29",
        'did you mean "at_least"',
        id="comparison",
    ),
    pytest.param(
        "severity",
        "rules:\n  - {id: a, when: {death: true, people: 3}}",
        "2:19",
        "exactly one key",
        id="two keys",
    ),
    pytest.param(
        "severity",
        "rules:\n  - {id: a, when: {topic: nose}}",
        "2:20",
        "must be one of none, noise",
        id="word",
    ),
    pytest.param(
        "severity",
        "rules:\n  - {id: a, grade: major, dismisses: praise}",
        "2:5",
        "exactly one of",
        id="two conclusions",
    ),
    pytest.param(
        "severity",
        "rules:\n  - {id: a, dismisses: prais}",
        "2:5",
        'did you mean "praise"',
        id="reason of dismissal",
    ),
    pytest.param(
        "severity",
        "rules:\n  - {id: a, when: {b: true}, concludes: c}\n  - {id: d, when: {c: true}, concludes: b}",
        "2:5",
        "ring",
        id="ring of conclusions",
    ),
    pytest.param(
        "routing", "routes:\n  - {id: r, topic: nois}", "2:5", 'did you mean "noise"', id="topic of a route"
    ),
    pytest.param(
        "routing", "routes:\n  - {id: r, lead: offce}", "2:5", 'did you mean "office"', id="unit of a route"
    ),
    pytest.param(
        "routing",
        "routes:\n  - {id: r, lead: {designated: x}}",
        "2:5",
        'unknown designation "x"',
        id="designation",
    ),
    pytest.param(
        "deadlines", "deadlines:\n  clocks:\n    - {limit: 3 days}", "3:15", "write a limit as", id="limit"
    ),
    pytest.param(
        "calendar",
        "calendar:\n  years:\n    - {year: 2026, notice: x, off: [2026-02-30]}",
        "3:37",
        "a day such as",
        id="day",
    ),
    pytest.param(
        "calendar",
        'calendar:\n  years:\n    - {year: 2026, notice: x, off: ["2026-01-01..2027-01-01"]}',
        "3:37",
        "a range of days",
        id="range of days",
    ),
    pytest.param(
        "signals",
        "signals:\n  - {id: s, title: {zh: 人, en: p}, shown: false, number: {units: [人]}}",
        "2:36",
        "a signal that is a number must be shown",
        id="number that is not shown",
    ),
    pytest.param(
        "severity",
        "rules:\n  - when:\n      overdue_hours: {at_least: 2 天}",
        "3:23",
        'counts in "小时", not in "天": convert it',
        id="wrong unit",
    ),
    pytest.param(
        "severity",
        "rules:\n  - when:\n      overdue_hours: {at_least: 48小时}",
        "3:23",
        "takes a bare number; did you mean 48?",
        id="right unit",
    ),
    pytest.param(
        "severity",
        "rules:\n  - when:\n      people: {more_than: 50户}",
        "3:16",
        "takes a bare number; did you mean 50?",
        id="unit of a signal",
    ),
    pytest.param(
        "severity",
        'rules:\n  - when:\n      people: {more_than: "50"}',
        "3:16",
        "must be a whole number",
        id="a text beside a number",
    ),
    pytest.param(
        "severity",
        "rules:\n  - when:\n      reads: {more_than: crowds}",
        "3:15",
        'must be a whole number from 0; did you mean "crowd"?',
        id="misspelt setting",
    ),
    pytest.param(
        "severity",
        "rules:\n  - when:\n      topic: niose",
        "3:7",
        'must be one of none, noise; did you mean "noise"?',
        id="misspelt value",
    ),
    pytest.param(
        "severity",
        "rules:\n  - when:\n      peple: {more_than: 50}",
        "3:15",
        'unknown feature "peple"; did you mean "people"?',
        id="misspelt feature",
    ),
    pytest.param("supervision", 'ladder:\n  - {id: s, share: "1.5"}', "2:13", "above 0", id="share"),
    pytest.param("pack", "pack: &a x\nversion: *a\n", "1:7", "anchors", id="anchor"),
    pytest.param("pack", "pack: &a x\nversion: *a\n", "2:10", "aliases", id="alias"),
    pytest.param("pack", "pack: !!str x\n", "1:7", "tags", id="tag"),
    pytest.param("pack", "pack: x\nversion: 1\npack: y\n", "3:1", "duplicate key", id="duplicate key"),
    pytest.param(
        "lexicons",
        "lexicons:\n  - {id: a, title: 甲, terms: [甲]}\n  - {id: a, title: 乙, terms: [乙]}",
        "3:5",
        'duplicate lexicon "a", first at lexicons.yaml:2',
        id="duplicate lexicon",
    ),
    pytest.param(
        "scoring",
        "rules:\n  - {id: sev_death}",
        "2:5",
        'duplicate rule "sev_death", first at severity.yaml:2',
        id="one id in both files of rules",
    ),
    pytest.param("pack", "pack: x\n---\npack: y\n", "2:1", "one YAML document", id="two documents"),
    pytest.param("pack", "pack: [x\nversion: 1\n", "1:7", "syntax error", id="syntax"),
    pytest.param(
        "lexicons",
        "lexicons: [{id：x, title: 甲, terms: [乙]}]",
        "1:13",
        "a full-width colon",
        id="full-width colon in a key",
    ),
    pytest.param("pack", "pack: " + "[" * 40 + "]" * 40, "1:30", "levels deep", id="depth"),
    pytest.param("pack", "", "1:1", "empty", id="empty file"),
]


@pytest.mark.parametrize(("file", "content", "place", "message"), WRONG)
def test_what_is_wrong_is_said_where_it_stands(file: str, content: str, place: str, message: str):
    said = [f"{p.location.line}:{p.location.column} {p.en}" for p in tiny(**{file: content}).problems]

    assert [line for line in said if line.startswith(f"{place} ") and message in line], said


def test_the_loader_files_its_problems_under_all_of_its_codes():
    codes: set[str] = set()
    for row in WRONG:
        file, content = row.values[:2]
        codes |= {problem.code for problem in tiny(**{file: content}).problems}
    files = tiny_bytes()
    del files["units.yaml"]
    codes |= {problem.code for problem in load_pack_bytes(files).problems}

    assert codes == {"R001", "R002", "R003", "R004", "R005", "R006", "R007", "R008"}


def test_a_problem_prints_as_file_line_column_message():
    loaded = tiny(pack=tiny_bytes()["pack.yaml"].decode().replace("version: 1", "versoin: 1"))

    assert str(loaded.problems[0]) == 'pack.yaml:1:1: 缺少「version」 ("version" is missing)'
    assert str(loaded.problems[1]) == (
        "pack.yaml:2:1: 未知的键「versoin」；是不是想写「version」？ "
        '(unknown key "versoin"; did you mean "version"?)'
    )


def test_a_file_that_is_not_text_is_refused_at_its_line():
    loaded = load_pack_bytes({**tiny_bytes(), "topics.yaml": b"topics:\n  - \xff\xfe"})

    assert [str(p.location.line) for p in loaded.problems if "UTF-8" in p.en] == ["2"]


def test_a_file_over_four_megabytes_is_refused_without_being_read():
    loaded = load_pack_bytes({**tiny_bytes(), "topics.yaml": b"#" * (4 * 1024 * 1024 + 1)})

    assert [p.level for p in loaded.problems if "larger" in p.en] == [Level.ERROR]


def test_a_byte_order_mark_is_no_problem():
    files = tiny_bytes()
    files["pack.yaml"] = b"\xef\xbb\xbf" + files["pack.yaml"]

    assert load_pack_bytes(files).problems == ()


def test_words_that_yaml_would_twist_stay_words():
    pack = tiny_pack(
        lexicons="lexicons: [{id: death_words, title: on, terms: [no, 12:30, 1_000, 2026-01-01, true, 死亡]}]"
    )

    assert pack.lexicons[0].terms == ("no", "12:30", "1_000", "2026-01-01", "true", "死亡")


def test_a_condition_may_name_a_setting():
    pack = tiny_pack(
        severity="""
            rules:
              - {id: many, title: {zh: 多, en: Many}, status: active, owner: 甲, source: 乙,
                 when: {people: {at_least: crowd}}, grade: major}
            """
    )
    condition = pack.severity[0].when

    assert isinstance(condition, model.Test)
    assert condition.value == 50


def test_values_arrive_with_their_types():
    pack = tiny_pack()
    calendar = pack.calendar.years[0]

    assert pack.deadlines.clocks[0].limit == Limit(24, LimitUnit.HOURS)
    assert date(2026, 2, 15) in calendar.off
    assert date(2026, 2, 23) in calendar.off
    assert len(calendar.off) == 10
    assert pack.scoring[0].points == (
        ("general", Decimal("0.2")),
        ("major", Decimal("0.4")),
        ("serious", Decimal("0.8")),
    )
    assert pack.scoring[0].kind is RuleKind.SCORING
    assert [signal.kind for signal in pack.signals] == [SignalKind.FLAG, SignalKind.FLAG, SignalKind.NUMBER]


def test_matchers_nest():
    pack = tiny_pack(
        signals="""
            signals:
              - id: death
                title: {zh: 死, en: d}
                near:
                  {first: {terms: [人]}, second: {any: [{lexicon: death_words}]}, within: 8, ordered: true}
            """
    )
    match = pack.signals[0].match

    assert isinstance(match, Near)
    assert (match.within, match.ordered, match.same_sentence) == (8, True, False)


def test_the_examples_of_the_format_page_are_read():
    page = (ROOT / "docs" / "rules" / "format.md").read_text()
    sections = re.findall(r"^## ([^\n]*)\n```yaml\n(.*?)```", page, re.DOTALL | re.MULTILINE)
    files = {name: body.encode() for title, body in sections for name in re.findall(r"\w+\.yaml", title)[:1]}
    problems = load_pack_bytes(files).problems
    # The page shows parts: what they name may stand elsewhere, but their form must be right.
    form = [str(p) for p in problems if not p.en.startswith("unknown ") and not p.en.endswith("is missing")]

    assert set(files) == set(FILES) - {"scoring.yaml"}
    assert form == []
