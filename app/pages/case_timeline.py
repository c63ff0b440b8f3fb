"""The timeline of a case as its page shows it: what only repeats a step is folded under one line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from types import MappingProxyType

from flask_babel import gettext as _

from app.pages.case_clocks import ShownScore
from app.pages.event_words import OF_DISMISSAL, sentence
from casework.events import EventKind
from casework.store.case_view import CaseView
from casework.store.timeline import EventLine


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """One line of the timeline, and those that are folded below it.

    Attributes:
        line: the newest of those that it stands for.
        sentence: what happened.
        folded: each with its own sentence, oldest first; empty for a line that stands for itself.
    """

    line: EventLine
    sentence: str
    folded: tuple[tuple[EventLine, str], ...] = ()


def shown_timeline(view: CaseView, scores: Iterable[ShownScore]) -> list[ShownEvent]:
    """Return the lines oldest first; a score entry is told with what it rests on.

    Lines that only say that a further limit was reached while a step was under way anyway are many when a
    case is late in every respect. Of one sweep, and of sweeps between which nothing else happened, they are
    one line.
    """
    told = {str(one.line.id): one.sentence for one in scores}
    dismissed = looks_at_dismissals(view.timeline)
    lines = [(line, _sentence(view, line, told, dismissed)) for line in _noted_last(view.timeline)]
    shown = []
    for is_noted, run in groupby(lines, key=lambda one: _is_noted(one[0])):
        found = tuple(run)
        if is_noted and len(found) > 1:
            words = _("又有 %(n)s 项时限达到，记入已有的督办措施，不另发。", n=len(found))
            shown.append(ShownEvent(found[-1][0], words, found))
        else:
            shown += [ShownEvent(line, words) for line, words in found]
    return shown


_ENDS_A_DISMISSAL = frozenset({EventKind.CASE_REINSTATED, EventKind.REOPENED, EventKind.CLOSED})


def looks_at_dismissals(lines: Iterable[EventLine]) -> frozenset[datetime]:
    """Return when a case was re-audited that was dismissed then: it was not the answer that was looked at.

    Args:
        lines: of the case, oldest first.
    """
    is_dismissed, found = False, set[datetime]()
    for line in lines:
        if line.kind is EventKind.CASE_DISMISSED:
            is_dismissed = True
        elif line.kind in _ENDS_A_DISMISSAL:
            is_dismissed = False
        elif line.kind is EventKind.REAUDITED and is_dismissed:
            found.add(line.at)
    return frozenset(found)


def _noted_last(lines: Iterable[EventLine]) -> list[EventLine]:
    """Return the lines in order, those of one instant with what was only noted after what was done."""
    found = []
    for _at, same in groupby(lines, key=lambda line: line.at):
        found += sorted(same, key=_is_noted)
    return found


def _is_noted(line: EventLine) -> bool:
    return line.kind is EventKind.STEP_NOTED


def _sentence(view: CaseView, line: EventLine, told: dict[str, str], dismissed: frozenset[datetime]) -> str:
    if line.kind is EventKind.REAUDITED and line.at in dismissed:
        line = replace(line, data=MappingProxyType({**line.data, OF_DISMISSAL: True}))
    entry = told.get(str(line.data.get("entry")), "") if line.kind is EventKind.SCORED else ""
    return entry or sentence(_shortened(line), view.units)


def _shortened(line: EventLine) -> EventLine:
    """Return a line with the beginning of a long reason, where another part of the page has it in full."""
    key = _REASON_IN.get(line.kind)
    text = line.data.get(key) if key else None
    if key is None or not isinstance(text, str) or len(text) <= MOST_OF_A_LINE:
        return line
    return replace(line, data=MappingProxyType({**line.data, key: f"{text[:MOST_OF_A_LINE]}…"}))


MOST_OF_A_LINE = 60
"""Characters of a reason in a line whose reason stands elsewhere on the page: two lines on a screen."""

_REASON_IN = MappingProxyType(
    {
        EventKind.GRADE_CORRECTED: "reason",
        EventKind.REGRADED: "reason",
        EventKind.ROUTE_CORRECTED: "reason",
        EventKind.TOPIC_CORRECTED: "reason",
        EventKind.OBJECTED: "reason",
        EventKind.UPHELD: "reason",
        EventKind.REASSIGNED: "reason",
        EventKind.REPLY_SENT_BACK: "reason",
        EventKind.REPLY_ACCEPTED: "note",
        EventKind.REAUDITED: "notes",
    }
)
