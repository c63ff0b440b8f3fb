"""What a page shows of a decision: the text with its signals marked, and why this grade and this unit.

Everything comes from the stored decision, so that an old case is shown as it was decided.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.pages.highlights import Mark, highlighted
from app.pages.screen_words import feature_names
from app.web.language import in_language
from casework.desk.unit import UnitOfWork
from casework.store.decisions import Decision, decisions_of
from rules.model import Hit, Label, Pack


@dataclass(frozen=True, slots=True)
class ShownPost:
    """A post's text with marks, and the decision about it (None as long as it waits for triage)."""

    title: Markup
    text: Markup
    decision: Decision | None
    signals: tuple[str, ...]


def shown_post(uow: UnitOfWork, post_id: uuid.UUID, title: str, text: str) -> ShownPost:
    """Return a post as a page shows it, with the signals of its newest decision."""
    return shown_text(decisions_of(uow.session, post_id), title, text, uow.rulebook.pack)


def shown_text(decisions: Sequence[Decision], title: str, text: str, pack: Pack) -> ShownPost:
    """Return title and text with the signals of the first of `decisions` marked."""
    decision = next(iter(decisions), None)
    hits = decision.hits if decision else ()
    names = feature_names(pack)
    return ShownPost(
        title=highlighted(title, _marks(hits, "title", names)),
        text=highlighted(text, _marks(hits, "text", names)),
        decision=decision,
        signals=tuple(dict.fromkeys(_name(hit, names) for hit in hits)),
    )


def _name(hit: Hit, names: Mapping[str, Label]) -> str:
    name = in_language(names[hit.signal]) if hit.signal in names else hit.signal
    return name if isinstance(hit.value, bool) else f"{name}（{hit.value}）"


def _marks(hits: Iterable[Hit], part: str, names: Mapping[str, Label]) -> list[Mark]:
    return [
        Mark(span.start, span.end, _name(hit, names))
        for hit in hits
        for span in hit.spans
        if span.part == part
    ]
