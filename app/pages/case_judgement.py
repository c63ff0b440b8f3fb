"""What a page shows of a decision: the text with its signals marked, and why this grade and this unit.

Everything comes from the stored decision and the pack of its version, so that an old case is shown as it was
decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from markupsafe import Markup

from app.extensions import house
from app.pages.highlights import Mark, highlighted
from app.pages.screen_words import feature_names
from app.web.language import in_language
from casework.desk.unit import UnitOfWork
from casework.masking import HIDDEN
from casework.post_refusals import NoPackInForce, PackRefused
from casework.store.decisions import Decision
from casework.understanding.explain import Explained, explanation_of
from rules.errors import BadFeatures
from rules.explained import ExplainedCondition, ExplainedGroup, ExplainedRule
from rules.model import Hit, Label, Pack, Span


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


def explained(uow: UnitOfWork, decision: Decision | None) -> Explained | None:
    """Return why a decision is what it is; None where there is none, or its pack no longer loads.

    Its findings were kept with it, so that a page can still show those.
    """
    if decision is None:
        return None
    try:
        why = explanation_of(decision, house().parts.rulebooks.of(uow.session, decision.pack_ref))
    except (NoPackInForce, PackRefused, BadFeatures):
        return None
    return _veiled(why, decision.veiled) if decision.veiled else why


def _veiled(why: Explained, features: frozenset[str]) -> Explained:
    """Return an explanation without the values that were read where this reader sees 〔已隐去〕."""

    def rule_of(rule: ExplainedRule) -> ExplainedRule:
        return replace(rule, condition=condition_of(rule.condition))

    def condition_of(one: ExplainedCondition) -> ExplainedCondition:
        if isinstance(one, ExplainedGroup):
            return replace(one, members=tuple(condition_of(member) for member in one.members))
        return replace(one, seen=HIDDEN, seen_words=_GONE) if one.feature in features else one

    rules = replace(
        why.rules,
        fired=tuple(rule_of(rule) for rule in why.rules.fired),
        nearest=tuple(rule_of(rule) for rule in why.rules.nearest),
        seen=tuple(one for one in why.rules.seen if one.feature not in features),
    )
    return replace(why, rules=rules)


_GONE = Label(HIDDEN, HIDDEN)


def marked(
    hits: Sequence[Hit],
    title: str,
    text: str,
    pack: Pack,
    topic: tuple[Label, Sequence[Span]] | None = None,
) -> ShownText:
    """Return title and text with the signals `hits` marked.

    Fainter are the words that speak for a topic, and those of signals that are not shown, where told.
    """
    names = feature_names(pack)
    parts = frozenset(signal.id for signal in pack.signals if not signal.is_shown)
    return ShownText(
        title=highlighted(title, [*_marks(hits, "title", names, parts), *_topic_marks(topic, "title")]),
        text=highlighted(text, [*_marks(hits, "text", names, parts), *_topic_marks(topic, "text")]),
        signals=tuple(dict.fromkeys(_name(hit, names) for hit in hits if hit.signal not in parts)),
    )


def _name(hit: Hit, names: Mapping[str, Label]) -> str:
    name = in_language(names[hit.signal]) if hit.signal in names else hit.signal
    return name if isinstance(hit.value, bool) else f"{name} {hit.value}"


def _marks(hits: Iterable[Hit], part: str, names: Mapping[str, Label], faint: AbstractSet[str]) -> list[Mark]:
    return [
        Mark(span.start, span.end, _name(hit, names), is_faint=hit.signal in faint)
        for hit in hits
        for span in hit.spans
        if span.part == part
    ]


def _topic_marks(topic: tuple[Label, Sequence[Span]] | None, part: str) -> list[Mark]:
    if topic is None:
        return []
    name, spans = topic
    title = in_language(Label(f"主题：{name.zh}", f"topic: {name.en}"))
    return [Mark(span.start, span.end, title, is_faint=True) for span in spans if span.part == part]
