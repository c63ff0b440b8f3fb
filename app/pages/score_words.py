"""What a score entry rests on, in words: the facts that a person can check, and the rest by key.

The keys are those of `casework.scoring` and `casework.desk`; the features of a rule stand beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from flask import Flask

from app.web.language import in_language
from app.web.times import county_time
from casework.scoring import Evidence
from rules.model import Label

FACTS: Mapping[str, Label] = MappingProxyType(
    {
        "due_at": Label("应于", "Due"),
        "done_at": Label("办于", "Done"),
        "limit": Label("时限", "Limit"),
        "limit_source": Label("时限依据", "Ground of the limit"),
        "round": Label("第几次答复", "Reply number"),
        "reason": Label("退回理由", "Why it was sent back"),
        "evidence": Label("事实依据", "Evidence"),
    }
)
"""In the order of the screen."""
NOT_DONE = Label("计分时仍未办理", "not done when it was charged")
_INSTANTS = frozenset({"due_at", "done_at"})


def word_scores(app: Flask) -> None:
    """Give the templates of `app` the words for evidence."""
    app.add_template_filter(evidence_lines)


def evidence_lines(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """Return the facts that a person can check, one line each."""
    texts = {one.key: one.text for one in evidence}
    return tuple(
        f"{in_language(label)} {_shown(key, texts[key])}" for key, label in FACTS.items() if key in texts
    )


def _shown(key: str, text: str) -> str:
    if key not in _INSTANTS:
        return text
    return county_time(datetime.fromisoformat(text)) if text else in_language(NOT_DONE)
