from __future__ import annotations

from pathlib import Path

import pytest

from rules.check import check_folder, check_pack, has_errors
from rules.check_names import RESERVED, collisions
from rules.checks import CHECKS
from rules.compiler import MOST_PROPERTIES_A_SHARD
from rules.problem import Level
from tests.rules.tiny import FILES, severity, tiny, tiny_bytes, tiny_pack

EXAMPLES = "examples: [{text: 一人死亡, matches: true}, {text: 栽树, matches: false}]"


def said(**changed: str) -> list[str]:
    """Return what is said of the tiny pack with some files replaced, as "level rule: message"."""
    return [f"{p.level} {p.rule_id}: {p.en}" for p in check_pack(tiny_pack(**changed))]


def rule(lines: str, examples: str = EXAMPLES) -> str:
    return severity(f"id: r, {lines}, {examples}")


def replaced(name: str, old: str, new: str) -> dict[str, str]:
    text = FILES[f"{name}.yaml"]
    assert old in text
    return {name: text.replace(old, new)}


def test_a_good_pack_has_no_error():
    problems = check_pack(tiny_pack())

    assert not has_errors(problems)
    # The tiny pack has signals that its one rule does not use.
    assert {p.level for p in problems} == {Level.NOTE}


# what changes, what is said
FAULTS = [
    pytest.param(
        {"severity": rule("when: {death: true}, grade: major", "examples: [{text: 栽树, matches: false}]")},
        "error r: an example that matches is missing",
        id="no matching example",
    ),
    pytest.param(
        {"severity": rule("when: {death: true}, grade: major", "examples: [{text: 死亡, matches: true}]")},
        "error r: an example that does not match is missing",
        id="no other example",
    ),
    pytest.param(
        {"severity": rule("when: {all: [{death: true}, {people: {at_least: 5}}]}, grade: major")},
        "error r: the example should match but does not (people=1)",
        id="example that should match",
    ),
    pytest.param(
        {"severity": rule("when: {any: [{death: true}, {thanks: false}]}, grade: major")},
        "error r: the example should not match but does (thanks=false)",
        id="example that should not match",
    ),
    pytest.param(
        {"severity": rule("when: {all: [{death: true}, {death: false}]}, grade: major")},
        "error r: the conditions contradict: it never fires",
        id="contradiction",
    ),
    pytest.param(
        {"severity": rule("when: {people: {at_least: 9, less_than: 9}}, grade: major")},
        "error r: the conditions contradict: it never fires",
        id="empty interval",
    ),
    pytest.param(
        {
            "severity": rule(
                "when: {death: true}, unless: {any: [{death: true}, {thanks: true}]}, grade: major"
            )
        },
        "error r: the conditions contradict: it never fires",
        id="unless swallows when",
    ),
    pytest.param(
        {"severity": rule("when: {media_level: {more_than: national}}, grade: major")},
        "error r: the conditions contradict: it never fires",
        id="beyond the last level",
    ),
    pytest.param(
        {"severity": rule("when: {any: [{people: {at_least: 5}}, {people: {less_than: 6}}]}, grade: major")},
        "error r: the conditions always hold: it always fires",
        id="tautology",
    ),
    pytest.param(
        {"severity": rule("when: {reads: {at_least: 0}}, grade: major")},
        "error r: the conditions always hold: it always fires",
        id="every count is at least 0",
    ),
    pytest.param(
        {"severity": rule("when: {death: true}, concludes: crowd_anger")},
        'warning r: nothing uses the conclusion "crowd_anger"',
        id="unused conclusion",
    ),
    pytest.param(
        {"lexicons": FILES["lexicons.yaml"] + "  - {id: spare, title: 闲, terms: [闲]}\n"},
        'warning spare: nothing uses the lexicon "spare"',
        id="unused lexicon",
    ),
    pytest.param(
        replaced("lexicons", "[死亡, 身亡]", "[死亡, ＡＰＰ, app]"),
        'note death_words: the terms "app" and "ＡＰＰ" are the same once folded',
        id="terms that are the same",
    ),
    pytest.param(
        replaced("lexicons", "[死亡, 身亡]", '["\\u200b", 死亡]'),
        "error death_words: a term has no visible character: never hits",
        id="invisible term",
    ),
    pytest.param(
        replaced("signals", "terms: [感谢]", "none: [{terms: [感谢]}]"),
        'warning thanks: the signal "thanks" holds for a post that says nothing',
        id="signal that is always on",
    ),
    pytest.param(
        replaced("units", "liaison: {name: 示例丙, title: 主任, phone: '000-3'}", "liaison: null"),
        'error office: the contact role "liaison" is missing',
        id="contact role",
    ),
    pytest.param(
        replaced("units", ", backstop]", "]"), 'error : no unit has the duty "backstop"', id="backstop"
    ),
    pytest.param(
        replaced("units", "family: OTHER", "family: HOUSE"),
        'error office: unknown family "HOUSE"; did you mean "HOUSING"?',
        id="family",
    ),
    pytest.param(
        {"routing": "routes: []"}, 'error noise: the topic "noise" has no route', id="topic without a route"
    ),
    pytest.param(
        {
            "routing": FILES["routing.yaml"]
            + "designations:\n  - {id: d, title: {zh: 甲, en: a}, unit: null, basis: 例}"
        },
        "note d: no unit designated yet: cases go to arbitration",
        id="unset designation",
    ),
    pytest.param(
        replaced("places", ", unit: office", ""),
        "warning t_one: no unit is responsible for the territory of this place",
        id="place of nobody",
    ),
    pytest.param(
        replaced("places", "name: 清溪镇", "name: 清"),
        'error t_one: the place name "清" is too short: hits anywhere',
        id="short place name",
    ),
    pytest.param(
        replaced("deadlines", "    - {stage: close, grade: serious, limit: 24h, source: 示例}\n", ""),
        "error : no limit for close of serious cases",
        id="missing limit",
    ),
    pytest.param(
        replaced("calendar", "work: [2026-01-04]", "work: [2026-01-05]"),
        "error : 2026-01-05 is no weekend: it is worked anyway",
        id="make-up day",
    ),
]


_MANY_WAYS = ", ".join(
    f"{{any: [{{{name}: {{at_least: 5, at_most: 9}}}}, {{{name}: {{at_least: 5000, at_most: 9000}}}}]}}"
    for name in ("reads", "likes", "comments", "shares", "posts_1h", "posts_24h", "posts_total", "voices")
)
# Found by the checks of names and words against each other; the whole message matters less than its code.
NAMED = [
    pytest.param(
        {"lexicons": FILES["lexicons.yaml"].replace("[死亡, 身亡]", "[死亡, 身亡, 意外死亡]")},
        "R207 death_words: 1 terms contain a shorter term of the lexicon and add hardly a hit: "
        '"意外死亡" holds "死亡"',
        id="term inside a term",
    ),
    pytest.param(
        {"severity": rule(f"when: {{all: [{_MANY_WAYS}]}}, grade: major")},
        "R107 r: more than 240 ways to hold: make a part of it a conclusion (concludes)",
        id="too many ways",
    ),
    pytest.param(
        {
            "routing": FILES["routing.yaml"]
            + FILES["routing.yaml"].replace("routes:\n", "").replace("r_", "s_")
        },
        'R304 s_noise: same case and kind of basis as the route "r_noise": nothing decides between them',
        id="routes that nothing tells apart",
    ),
    pytest.param(
        {
            "routing": FILES["routing.yaml"]
            + "designations:\n  - {id: d, title: {zh: 甲, en: a}, unit: office, basis: 例}"
        },
        "R306 d: a unit is designated without a document",
        id="designation without a document",
    ),
    pytest.param(
        {"pack": FILES["pack.yaml"].split("dismissals:")[0]},
        "R311 : there is no reason of dismissal",
        id="no dismissal",
    ),
    pytest.param(
        replaced("signals", "id: thanks", "id: id"),
        'R111 id: "id" is reserved by the engine',
        id="reserved name",
    ),
    pytest.param(
        {
            "signals": FILES["signals.yaml"]
            .replace("id: thanks", "id: liquid")
            .replace("id: people", "id: costarring")
        },
        'R112 costarring: "liquid" and "costarring" have one 32-bit hash',
        id="two names with one hash",
    ),
    pytest.param(
        {
            "severity": severity(
                f"id: wide, when: {{death: true}}, grade: major, {EXAMPLES}",
                f"id: r, when: {{all: [{{death: true}}, {{people: 1}}]}}, grade: major, {EXAMPLES}",
            )
        },
        'R108 r: whenever it fires, "wide" (severity.yaml:2) fires with at least its grade and priority: '
        "it never changes the result",
        id="shadow",
    ),
]


@pytest.mark.parametrize(("changed", "message"), FAULTS)
def test_a_fault_is_found(changed: dict[str, str], message: str):
    assert message in said(**changed)
    assert message not in said()


@pytest.mark.parametrize(("changed", "message"), NAMED)
def test_a_fault_is_found_under_its_code(changed: dict[str, str], message: str):
    coded = [f"{p.code} {p.rule_id}: {p.en}" for p in check_pack(tiny_pack(**changed))]

    assert message in coded
    assert not any(p.code == message[:4] for p in check_pack(tiny_pack()))


@pytest.mark.parametrize("key", ["source", "owner", "examples"])
def test_a_rule_without_source_owner_or_examples_is_no_rule(key: str):
    lines = [line for line in FILES["severity.yaml"].splitlines() if key not in line]
    text = "\n".join(line for line in lines if not (key == "examples" and "text:" in line))
    loaded = tiny(severity=text)
    problems = (*loaded.problems, *(check_pack(loaded.pack) if loaded.pack else ()))
    said_of_it = {p.en for p in problems if p.rule_id == "sev_death" and p.level is Level.ERROR}

    wanted = "an example that matches is missing" if key == "examples" else f'"{key}" is missing'
    assert wanted in said_of_it


def test_a_lexicon_whose_wordings_each_count_may_hold_longer_terms():
    changed = replaced("topics", "terms: [噪声, 吵]", "lexicon: death_words")
    changed["lexicons"] = FILES["lexicons.yaml"].replace("[死亡, 身亡]", "[死亡, 意外死亡]")

    assert "R207" not in {p.code for p in check_pack(tiny_pack(**changed))}


def test_a_lexicon_inside_near_may_hold_longer_terms_since_the_distance_changes():
    changed = replaced(
        "signals",
        "lexicon: death_words",
        "near: {first: {terms: [人]}, second: {lexicon: death_words}, within: 4}",
    )
    changed["lexicons"] = FILES["lexicons.yaml"].replace("[死亡, 身亡]", "[死亡, 意外死亡]")

    assert "R207" not in {p.code for p in check_pack(tiny_pack(**changed))}


@pytest.mark.parametrize(("name", "is_told"), [("spare_words", True), ("says_rural", False)])
def test_a_signal_that_the_understanding_of_a_post_reads_is_not_told_as_unused(name: str, *, is_told: bool):
    spare = f"  - {{id: {name}, title: {{zh: 备用, en: Spare}}, terms: [备用]}}\n"
    found = check_pack(tiny_pack(signals=FILES["signals.yaml"] + spare))

    assert (("R205", name) in {(p.code, p.rule_id) for p in found}) is is_told


COMMON = ["路边有人身亡"] * 6 + ["今天下雨"] * 94


def test_a_term_in_more_than_one_post_of_twenty_is_common():
    (problem,) = [p for p in check_pack(tiny_pack(), texts=COMMON) if p.code in {"R208", "R209", "R210"}]

    assert (problem.code, problem.rule_id) == ("R208", "death_words")
    assert problem.en == '1 terms stand in more than 5% of 100 posts: "身亡" 6.0%'


def test_a_term_in_one_post_of_twenty_is_not_common():
    assert not any(p.code == "R208" for p in check_pack(tiny_pack(), texts=["下雨", *COMMON[1:]]))


def test_a_common_term_that_only_counts_beside_others_is_a_note():
    near = "near: {first: {lexicon: death_words}, second: {terms: [村]}, within: 5}"
    changed = replaced("signals", "lexicon: death_words", near)

    assert [p.code for p in check_pack(tiny_pack(**changed), texts=COMMON) if p.rule_id == "death_words"] == [
        "R210"
    ]


def test_too_few_posts_are_said_to_be_too_few():
    assert "R209" in {p.code for p in check_pack(tiny_pack(), texts=COMMON[:99])}


def test_the_names_that_our_adapter_gives_the_engine_have_different_hashes():
    assert collisions([*RESERVED, *(f"p{n}" for n in range(MOST_PROPERTIES_A_SHARD))]) == ()


@pytest.mark.parametrize(
    ("status", "when", "fires"),
    [
        ("active", "{crowd: true}", True),
        ("draft", "{crowd: true}", False),
        ("retired", "{crowd: true}", False),
        ("draft", "{any: [{crowd: true}, {death: true}]}", True),
        ("draft", "{not: {crowd: true}}", True),
    ],
)
def test_an_active_rule_that_waits_for_a_draft_never_fires(status: str, when: str, fires: bool):  # noqa: FBT001
    text = severity(
        f"id: draws, when: {{death: true}}, concludes: crowd, {EXAMPLES}",
        f"id: waits, when: {when}, grade: major, {EXAMPLES}",
    ).replace("status: active", f"status: {status}", 1)
    said = [p.en for p in check_pack(tiny_pack(severity=text)) if p.rule_id == "waits" and p.code == "R101"]

    assert said == ([] if fires else ['only drafts or retired rules conclude "crowd": it never fires'])


def test_every_check_is_shown_by_a_fault():
    shown = set()
    for changed in [p.values[0] for p in (*FAULTS, *NAMED)]:
        loaded = tiny(**changed)
        shown |= {p.code for p in loaded.problems}
        if loaded.pack is not None:
            shown |= {p.code for p in check_pack(loaded.pack)}
    # The loader's are tabled in test_pack, overlaps in test_check_overlap, periods in test_periods,
    # bounds in test_check_bounds.
    elsewhere = {"R001", "R002", "R003", "R005", "R006", "R007", "R008", "R009", "R106"}
    elsewhere |= {"R109", "R110", "R114", "R115", "R117", "R118", "R208", "R209", "R210", "R312"}

    assert {check.code for check in CHECKS} - shown - elsewhere == set()


def test_a_folder_is_checked_by_file_and_line_with_the_loader_s_problems(tmp_path: Path):
    files = tiny_bytes(severity=rule("when: {reads: {at_least: 0}}, grade: major"))
    del files["supervision.yaml"]
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    problems = check_folder(tmp_path)
    lines = [str(problem) for problem in problems if problem.level is Level.ERROR]

    assert lines[0].startswith("severity.yaml:2:5: 条件总是成立")
    assert lines[-1].startswith("supervision.yaml:1:1: 缺少文件 supervision.yaml")
    assert list(problems) == sorted(problems, key=lambda p: (p.location.file, p.location.line))


@pytest.mark.parametrize("name", FILES)
def test_a_pack_without_one_file_is_checked_all_the_same(tmp_path: Path, name: str):
    files = tiny_bytes()
    del files[name]
    for kept, content in files.items():
        (tmp_path / kept).write_bytes(content)
    errors = [p for p in check_folder(tmp_path) if p.level is Level.ERROR]

    assert [p.en for p in errors if p.location.file == name] == [f"the file {name} is missing"]


def test_an_example_of_a_scoring_rule_has_no_text():
    scoring = FILES["scoring.yaml"].replace(
        "{features: {failing: redo, grade: major}", "{text: 重办, features: {failing: redo}"
    )

    assert "error sc_late: examples of scoring rules have features only" in said(scoring=scoring)


@pytest.mark.parametrize(
    "changed",
    [
        replaced("severity", "status: active", "status: draft"),
        replaced("severity", "status: active", "status: retired"),
        replaced("severity", "grade: serious", "dismisses: praise"),
        {"severity": "rules: []\n"},
    ],
    ids=["draft", "retired", "dismisses", "none"],
)
def test_a_pack_in_which_no_active_rule_grades_cannot_be_published(changed: dict[str, str]):
    problems = check_pack(tiny_pack(**changed))

    assert [p.level for p in problems if p.code == "R116"] == [Level.ERROR]


def test_one_active_rule_that_grades_is_enough():
    assert "R116" not in {p.code for p in check_pack(tiny_pack())}
