"""Explanations of verdicts as JSON, in the one form of `rules.explain_json`: equal ones are equal bytes."""

from __future__ import annotations

from casework.judgement import Routing, SecondOpinion
from casework.understanding.explain import Explained, ExplainedText, Named, SignalSeen
from rules.explain_json import JsonValue, Object, canonical, explanation_json, label_json
from rules.model import Label, Span


def explained_bytes(explained: Explained) -> bytes:
    """Return an explanation as bytes that are equal for equal decisions, packs and programs."""
    return canonical(explained_json(explained))


def text_bytes(text: ExplainedText) -> bytes:
    """Return the explanation of a text as bytes; `explained` in it is what a stored decision has, too."""
    return canonical(
        {
            "explained": explained_json(text.explained),
            "doubt": label_json(text.doubt),
            "topics": [
                {
                    "topic": _named(one.topic),
                    "share": one.share,
                    "score": one.score,
                    "spans": [_span(span) for span in one.spans],
                }
                for one in text.topics
            ],
        }
    )


def explained_json(explained: Explained) -> Object:
    """Return an explanation as plain values."""
    return {
        "rules": explanation_json(explained.rules),
        "model": explained.model,
        "disposition": explained.disposition,
        "why": _named(explained.why),
        "grade": explained.grade.value if explained.grade else None,
        "graded_by": list(explained.graded_by),
        "demand": explained.demand,
        "topic": _named(explained.topic),
        "place": _named(explained.place),
        "confidential": explained.confidential,
        "confidence": explained.confidence,
        "signals": [_signal(one) for one in explained.signals],
        "routing": _routing(explained.routing),
        "units": [_named(unit) for unit in explained.units],
        "advice": _labels(explained.advice),
        "second_opinion": _opinion(explained.opinion),
    }


def _named(named: Named | None) -> JsonValue:
    return None if named is None else {"id": named.id, "name": label_json(named.name)}


def _labels(labels: tuple[Label, ...]) -> JsonValue:
    return [label_json(label) for label in labels]


def _signal(one: SignalSeen) -> Object:
    return {
        "signal": one.signal,
        "title": label_json(one.title),
        "value": one.value,
        "hidden": one.is_hidden,
        "spans": [_span(span) for span in one.spans],
    }


def _span(span: Span) -> Object:
    return {"part": span.part, "start": span.start, "end": span.end}


def _routing(routing: Routing) -> Object:
    return {
        "lead": routing.lead,
        "assist": list(routing.assist),
        "basis": routing.basis,
        "ruling_needed": label_json(routing.ruling_needed),
        "candidates": list(routing.candidates),
        "reasons": _labels(routing.reasons),
    }


def _opinion(opinion: SecondOpinion) -> Object:
    return {
        "agreement": opinion.agreement.value,
        "grade": opinion.grade.value if opinion.grade else None,
        "only_reference": list(opinion.only_reference),
        "only_engine": list(opinion.only_engine),
        "failure": opinion.failure,
    }
