"""What every page shows around its content: banners, the county's name, forms' protection, badges."""

from __future__ import annotations

from flask import Flask

from app.accounts.current import current_account, may
from app.accounts.demo import demo_units
from app.extensions import house
from casework.roles import Permission
from casework.states import STATE_LABELS, CaseState
from rules.model import Grade, Label

GRADE_LABELS = {
    Grade.GENERAL: Label("一般", "General"),
    Grade.MAJOR: Label("较大", "Major"),
    Grade.SERIOUS: Label("重大", "Serious"),
}
"""Source: design.md "Words"."""


def dress_pages(app: Flask) -> None:
    """Give the templates of `app` what the base layout and the macros need."""
    app.add_template_global(current_account)
    app.add_template_global(may)
    app.add_template_global(Permission, "Permission")
    app.add_template_global(is_demo)
    app.add_template_global(demo_units)
    app.add_template_filter(grade_label)
    app.add_template_filter(state_label)


def is_demo() -> bool:
    """Return whether this is the demo, whose clock and banner every page shows."""
    return house().settings.demo


def grade_label(grade: str) -> Label:
    """Return the name of a grade's key."""
    return GRADE_LABELS[Grade(grade)]


def state_label(state: str) -> Label:
    """Return the name of a case state's key."""
    return STATE_LABELS[CaseState(state)]
