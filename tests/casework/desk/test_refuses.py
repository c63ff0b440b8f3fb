"""What no use case does: hide a post, close a case because its post is gone, score what is no failing."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

import casework.desk
from casework.lifecycle import TRANSITIONS, Action, CaseState
from casework.scoring import FailingKind
from casework.store import tables
from casework.store.base import Base

DESK = Path(inspect.getfile(casework.desk)).parent
STORE = DESK.parent / "store"
SOURCES = tuple(sorted([*DESK.glob("*.py"), *STORE.glob("*.py")]))

POST_TABLES = frozenset({"PostRow", "CasePostRow", "DismissalRow", "DecisionRow", "EventRow", "CaseRow"})
FIXED_COLUMNS = frozenset({"title", "text", "url", "platform", "source_id", "external_id", "content_key"})
HIDING = ("hide", "hidden_at", "blocked", "deleted", "removed", "is_visible", "suppressed_at")


def calls(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def name_of(call: ast.Call) -> str:
    match call.func:
        case ast.Attribute(attr=attr):
            return attr
        case ast.Name(id=name):
            return name
    return ""


def deletes(source: str) -> list[str]:
    """Return the rows that a source deletes, by `delete(Row)` or `session.delete(…)`."""
    found = []
    for call in calls(ast.parse(source)):
        if name_of(call) == "delete":
            found += [ast.unparse(argument) for argument in call.args] or ["?"]
    return found


def changed_columns(source: str, table: str) -> set[str]:
    """Return the columns that statements `update(table)…values(column=…)` set."""
    found = set()
    for call in calls(ast.parse(source)):
        if name_of(call) == "values" and f"update({table})" in ast.unparse(call.func):
            found |= {keyword.arg for keyword in call.keywords if keyword.arg}
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_use_case_and_no_query_deletes_a_post_or_what_was_said_about_it(path: Path):
    assert not POST_TABLES & set(deletes(path.read_text()))
    assert "?" not in deletes(path.read_text())


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_statement_changes_what_a_post_says(path: Path):
    assert not FIXED_COLUMNS & changed_columns(path.read_text(), "PostRow")


def test_the_two_tests_above_would_see_an_offender():
    assert deletes("session.execute(sa.delete(PostRow).where(x))") == ["PostRow"]
    assert deletes("session.delete(post)") == ["post"]
    assert changed_columns("session.execute(sa.update(PostRow).where(x).values(text='…'))", "PostRow") == {
        "text"
    }


def test_no_table_has_a_column_by_which_a_post_could_be_hidden():
    columns = {column.name for column in tables.PostRow.__table__.columns}

    assert not {column for column in columns if any(word in column for word in HIDING)}
    assert not {name for name in Base.metadata.tables if "blacklist" in name or "author_score" in name}


def test_a_post_that_is_gone_moves_no_case_from_any_state():
    moves = {state: TRANSITIONS[state, Action.RECORD_POST_GONE] for state in CaseState}

    assert moves == {state: state for state in CaseState}
    moving = {
        (state, action): target for (state, action), target in TRANSITIONS.items() if state is not target
    }
    closing = {action for (_, action), target in moving.items() if target is CaseState.CLOSED}
    assert closing == {Action.CLOSE, Action.TAKE_OVER}, "a person does either"


def test_only_the_ledgers_own_module_writes_score_entries_and_only_charging_calls_it():
    writers = {path.name for path in SOURCES if "ScoreEntryRow(" in path.read_text()}
    callers = {path.name for path in SOURCES if "add_entries(" in path.read_text()}

    assert writers - {"case_tables.py"} == {"score_ledger.py"}
    assert callers == {"score_ledger.py", "charging.py"}


def test_charges_come_from_failings_and_from_nothing_else():
    """Every caller of `charge` hands over failings; none of the kinds speaks of posts or media."""
    callers = {
        path.name
        for path in SOURCES
        if any(name_of(c) == "charge" for c in calls(ast.parse(path.read_text())))
    }

    assert callers == {"assess.py", "case_clocks.py", "supervise.py", "sweep.py"}
    assert not {
        kind
        for kind in FailingKind
        if any(word in kind for word in ("post_count", "media", "reads", "received"))
    }
