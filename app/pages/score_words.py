"""What a score entry costs and rests on, in words: the facts that a person can check, and the rest by key.

The keys are those of `casework.scoring` and `casework.desk`; the features of a rule stand beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

from flask import Flask
from flask_babel import gettext as _

from app.pages.screen_words import FAILING_LABELS
from app.web.language import either, in_language
from app.web.times import county_time
from casework.clock_entries import read_allowance
from casework.counting import limit_words
from casework.scoring import Evidence, FailingKind
from casework.store.case_parts import ScoreLine
from rules.model import Label, Limit

FACTS: Mapping[str, Label] = MappingProxyType(
    {
        "due_at": Label("应于", "Due"),
        "done_at": Label("办于", "Done"),
        "late": Label("逾期", "Late by"),
        "limit": Label("时限", "Limit"),
        "limit_source": Label("时限依据", "Ground of the limit"),
        "round": Label("答复次数", "Reply number"),
        "reason": Label("退回理由", "Why it was sent back"),
        "evidence": Label("事实依据", "Evidence"),
    }
)
"""In the order of the screen."""
NOT_DONE = Label("计分时仍未办理", "Not done when it was charged")
REPLACED: Mapping[str, Label] = MappingProxyType(
    {
        "reply": Label("以答复代替，未单独登记", "Replaced by the reply, not recorded on its own"),
        "public_reply": Label(
            "以公开回应代替，未单独登记", "Replaced by the public reply, not recorded on its own"
        ),
    }
)
"""By what stood in for a duty that nobody recorded."""
_CENT = Decimal("0.01")
_PLACES = -2
"""Exponent of `_CENT`."""


def word_scores(app: Flask) -> None:
    """Give the templates of `app` the words for scores and evidence."""
    app.add_template_filter(evidence_lines)
    app.add_template_filter(points_text)
    app.add_template_filter(deduction)


def points_text(points: Decimal) -> str:
    """Return points with two decimals, or more where there are more; nothing is rounded away."""
    exponent = points.as_tuple().exponent
    is_short = isinstance(exponent, int) and exponent >= _PLACES
    return f"{points.quantize(_CENT) if is_short else points:f}"


def deduction(points: Decimal) -> str:
    """Return what an entry does to the unit's account, in words."""
    if points < 0:
        return _("退回 %(points)s 分", points=points_text(-points))
    return _("扣 %(points)s 分", points=points_text(points))


def evidence_lines(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """Return the facts that a person can check, one line each."""
    texts = {one.key: one.text for one in evidence}
    if texts.get("due_at") and texts.get("done_at"):
        texts["late"] = _lateness(texts["due_at"], texts["done_at"])
    return tuple(_fact(key, label, texts) for key, label in FACTS.items() if key in texts)


def score_sentence(line: ScoreLine, unit: str, facts: Iterable[str] = ()) -> str:
    """Return an entry as the timeline tells it: what it costs whom, for what, and by which rule."""
    told = either("，", ", ").join(facts)
    what = in_language(FAILING_LABELS[FailingKind(line.failing)])
    return _(
        "%(cost)s（%(unit)s）：%(what)s · 规则 %(rule)s · %(clause)s",
        cost=deduction(line.points),
        unit=unit,
        what=either(f"{what}（{told}）", f"{what} ({told})") if told else what,
        rule=line.rule,
        clause=line.clause,
    )


def span_text(gap: timedelta) -> str:
    """Return a stretch of time in days, hours and minutes, the smallest left out where days are told."""
    minutes = int(gap / timedelta(minutes=1))
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return _("%(days)s 天 %(hours)s 小时", days=days, hours=hours)
    if hours:
        return _("%(hours)s 小时 %(minutes)s 分钟", hours=hours, minutes=rest)
    return _("%(minutes)s 分钟", minutes=rest) if rest else _("不足 1 分钟")


def _lateness(due_at: str, done_at: str) -> str:
    return span_text(datetime.fromisoformat(done_at) - datetime.fromisoformat(due_at))


def _fact(key: str, label: Label, texts: Mapping[str, str]) -> str:
    text = texts[key]
    match key:
        case "due_at":
            return f"{in_language(label)} {county_time(datetime.fromisoformat(text))}"
        case "done_at" if not text:
            return in_language(NOT_DONE)
        case "done_at":
            replaced = REPLACED.get(texts.get("done_by", ""))
            named = in_language(replaced or label)
            return f"{named} {county_time(datetime.fromisoformat(text))}"
        case "limit":
            return f"{in_language(label)} {_limit_text(text)}"
    return f"{in_language(label)} {text}"


def _limit_text(text: str) -> str:
    """Return a limit in words; a promised day and what is neither stay as they are."""
    try:
        allowance = read_allowance(text)
    except ValueError:
        return text
    return in_language(limit_words(allowance)) if isinstance(allowance, Limit) else text
