"""Every kind of event and every audited action has a name in both languages, and every kind of object."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from app.accounts.events import AccountEvent
from app.pages.event_words import SENTENCES
from app.web.wording import EVENT_LABELS, OBJECT_LABELS, action_label
from casework.events import EventKind
from tests.architecture.source import modules

CHINESE = re.compile("[\u4e00-\u9fff]")
NAMED = {f"{kinds.__name__}.{one.name}": one for kinds in (EventKind, AccountEvent) for one in kinds}


def audit_calls() -> Iterator[ast.Call]:
    """Yield every call of a method `audit`; the unit of work's own only passes a kind on."""
    for module in modules():
        if module.is_in("casework.desk.unit"):
            continue
        for node in ast.walk(module.tree):
            match node:
                case ast.Call(func=ast.Attribute(attr="audit")):
                    yield node


def words(node: ast.expr) -> tuple[str, ...]:
    """Return the strings that an argument can be.

    Raises:
        AssertionError: it cannot be told from the source.
    """
    if isinstance(node, ast.IfExp):
        return words(node.body) + words(node.orelse)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return (node.value,)
    assert ast.unparse(node) in NAMED, f"write the word itself or a member of an enum: {ast.unparse(node)}"
    return (NAMED[ast.unparse(node)].value,)


ACTIONS = {word for call in audit_calls() for word in words(call.args[0])}
OBJECTS = {word for call in audit_calls() for word in words(call.args[1])}


def test_the_source_is_really_read():
    assert {"pack_published", "source_disabled", "identity_destroyed", "signed_in", "refused"} <= ACTIONS
    assert {"account", "case", "source"} <= OBJECTS


@pytest.mark.parametrize("action", sorted({*ACTIONS, *EventKind, *AccountEvent}))
def test_an_action_has_a_name_in_both_languages(action: str):
    label = action_label(action)

    assert CHINESE.search(label.zh)
    assert re.fullmatch(r"[A-Z][A-Za-z0-9 ,'-]+", label.en)


@pytest.mark.parametrize("kind", sorted(OBJECTS | {"case", "post"}))
def test_a_kind_of_object_has_a_name_in_both_languages(kind: str):
    assert CHINESE.search(OBJECT_LABELS[kind].zh)
    assert not CHINESE.search(OBJECT_LABELS[kind].en)


def test_every_kind_of_event_has_a_name_and_a_sentence():
    assert set(EVENT_LABELS) == set(SENTENCES) == set(EventKind)
