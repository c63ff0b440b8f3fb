"""What a text would come to under some rules, for the pages of rules. Nothing is stored.

It takes the way of the worker, `propose`, without the second evaluator and without what surrounds a post.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.pages.case_judgement import ShownText, marked
from casework import tokens
from casework.understanding.explain import ExplainedText, explain_text
from casework.understanding.inputs import Context, PostText
from rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Tried:
    """A text as the page shows it, with everything that led to its verdict."""

    found: ExplainedText
    shown: ShownText


def of(rulebook: Rulebook, title: str, text: str, *, cache: Path, on: date | None = None) -> Tried:
    """Return what a post of this title and text would come to, alone and unread by anybody.

    Args:
        rulebook: in force, or of a draft.
        title: may be empty.
        text: at most as long as a post may be.
        cache: private directory for the dictionary of words, see `casework.tokens`.
        on: local day for dates of effect and service periods; without it they do not matter.
    """
    found = explain_text(
        PostText(title=title, text=text),
        rulebook,
        context=Context(on=on),
        words=tokens.on_demand(cache),
    )
    best = found.topics[0] if found.topics else None
    return Tried(
        found=found,
        shown=marked(
            found.hits, title, text, rulebook.pack, topic=(best.topic.name, best.spans) if best else None
        ),
    )
