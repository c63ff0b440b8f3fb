"""What a page shows of a decision: the text with its signals marked, and why this grade and this unit.

Everything comes from the stored decision, so that an old case is shown as it was decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.pages.highlights import Mark, highlighted
from app.pages.screen_words import feature_names
from app.web.language import in_language
from casework.store.decisions import Decision
from rules.model import Hit, Label, Pack


@dataclass(frozen=True, slots=True)
class ShownText:
    """Title and text with marks where signals hit, and the names of the signals."""

    title: Markup
    text: Markup
    signals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownPost(ShownText):
    """A post's text with marks, and the decision about it (None as long as it waits for triage)."""

    decision: Decision | None


def shown_text(decisions: Sequence[Decision], title: str, text: str, pack: Pack) -> ShownPost:
    """Return title and text with the signals of the first of `decisions` marked."""
    decision = next(iter(decisions), None)
    shown = marked(decision.hits if decision else (), title, text, pack)
    return ShownPost(shown.title, shown.text, shown.signals, decision)


def marked(hits: Sequence[Hit], title: str, text: str, pack: Pack) -> ShownText:
    """Return title and text with the signals `hits` marked."""
    names = feature_names(pack)
    return ShownText(
        title=highlighted(title, _marks(hits, "title", names)),
        text=highlighted(text, _marks(hits, "text", names)),
        signals=tuple(dict.fromkeys(_name(hit, names) for hit in hits)),
    )


def _name(hit: Hit, names: Mapping[str, Label]) -> str:
    name = in_language(names[hit.signal]) if hit.signal in names else hit.signal
    return name if isinstance(hit.value, bool) else f"{name} {hit.value}"


def _marks(hits: Iterable[Hit], part: str, names: Mapping[str, Label]) -> list[Mark]:
    return [
        Mark(span.start, span.end, _name(hit, names))
        for hit in hits
        for span in hit.spans
        if span.part == part
    ]
