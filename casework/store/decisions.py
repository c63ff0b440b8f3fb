"""Decisions about posts: a judgement as a row that can be rebuilt, and back for the screen."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from casework.judgement import Agreement, Judgement, Routing, SecondOpinion
from casework.store.tables import DecisionRow
from rules.model import Finding, Grade, Hit, Label, Reason, RuleKind, Scalar, Span

Json = dict[str, Any]
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as it was made. `features` and `context` hold decimals as text.

    Attributes:
        veiled: signals whose value is not this reader's to see, because it stands in hidden characters.
    """

    id: uuid.UUID
    post_id: uuid.UUID
    decided_at: datetime
    pack_ref: str
    calendar_version: str
    model_digest: str | None
    disposition: str
    grade: Grade | None
    demand: str | None
    topic: str | None
    place: str | None
    confidential: bool
    confidence: Decimal
    routing: Routing
    accused: tuple[str, ...]
    features: Mapping[str, Scalar]
    context: Mapping[str, Scalar]
    hits: tuple[Hit, ...]
    findings: tuple[Finding, ...]
    reasons: tuple[Label, ...]
    opinion: SecondOpinion
    veiled: frozenset[str] = frozenset()


JSON_COLUMNS = ("route", "features", "context", "hits", "findings", "reasons", "engine")


def decision_values(judgement: Judgement) -> dict[str, object]:
    """Return the columns of a decision that come from its judgement, to be written by `decision_insert`.

    What the database keeps as JSON is text already: it is made once, before the transaction, and travels
    between processes as it is.
    """
    return {
        "pack_ref": judgement.pack_ref,
        "model_digest": judgement.model_digest,
        "calendar_version": judgement.calendar_version,
        **_verdict(judgement),
        "demand": judgement.demand.value if judgement.demand else None,
        "topic": judgement.topic,
        "place": judgement.place,
        "confidential": judgement.confidential,
        "confidence": str(judgement.confidence),
        "route": _text(_routing_json(judgement.routing) | {"accused": list(judgement.accused)}),
        "features": _text(_plain(judgement.features)),
        "context": _text(_plain(judgement.context)),
        "hits": _text([_hit_json(hit) for hit in judgement.hits]),
        "findings": _text([_finding_json(finding) for finding in judgement.findings]),
        "reasons": _text([_label_json(reason) for reason in judgement.reasons]),
        "engine": _text(_opinion_json(judgement.opinion)),
    }


def _verdict(judgement: Judgement) -> dict[str, object]:
    grade = judgement.grade.value if judgement.grade else None
    return {"disposition": judgement.disposition.value, "grade": grade}


def with_surroundings(columns: Mapping[str, object], judgement: Judgement) -> dict[str, object]:
    """Return the columns of a decision after what surrounds the post became known.

    Args:
        columns: as `decision_values` made them before.
        judgement: with other context, features and findings, and what they lead to.
    """
    return {
        **columns,
        **_verdict(judgement),
        "features": _text(_plain(judgement.features)),
        "context": _text(_plain(judgement.context)),
        "findings": _text([_finding_json(finding) for finding in judgement.findings]),
    }


def with_opinion(
    columns: Mapping[str, object], judgement: Judgement, added: Sequence[Finding]
) -> dict[str, object]:
    """Return the columns of a decision after the engine gave its opinion.

    Args:
        columns: as `decision_values` made them before.
        judgement: reconciled; grade, disposition and opinion may have changed.
        added: findings that only the engine has.
    """
    after = {
        **columns,
        **_verdict(judgement),
        "engine": _text(_opinion_json(judgement.opinion)),
    }
    if added:
        found = json.loads(str(columns["findings"]))
        after["findings"] = _text([*found, *(_finding_json(finding) for finding in added)])
    return after


@cache
def decision_insert(dialect: str) -> sa.Executable:
    """Return the statement that inserts decisions whose JSON columns are text already."""
    given = {name: sa.bindparam(name, type_=sa.Text()) for name in JSON_COLUMNS}
    if dialect == "postgresql":
        return sa.insert(DecisionRow).values(
            {name: sa.cast(parameter, JSONB) for name, parameter in given.items()}
        )
    # SQLite keeps JSON as text: the parameter only must not be made JSON a second time.
    return sa.insert(DecisionRow).values({name: sa.type_coerce(p, sa.Text()) for name, p in given.items()})


def _text(value: object) -> str:
    return _COMPACT.encode(value)


def decisions_of(session: Session, post_id: uuid.UUID) -> tuple[Decision, ...]:
    """Return every decision about a post, the newest first; whether it may be seen is asked elsewhere."""
    rows = session.scalars(
        sa.select(DecisionRow).where(DecisionRow.post_id == post_id).order_by(DecisionRow.id.desc())
    )
    return tuple(decision_of(row) for row in rows)


def decision_of(row: DecisionRow) -> Decision:
    """Return the decision that a row holds."""
    return Decision(
        id=row.id,
        post_id=row.post_id,
        decided_at=row.decided_at,
        pack_ref=row.pack_ref,
        calendar_version=row.calendar_version,
        model_digest=row.model_digest,
        disposition=row.disposition,
        grade=Grade(row.grade) if row.grade else None,
        demand=row.demand,
        topic=row.topic,
        place=row.place,
        confidential=row.confidential,
        confidence=Decimal(row.confidence),
        routing=_routing(row.route),
        accused=tuple(row.route["accused"]),
        features=cast("Mapping[str, Scalar]", row.features),
        context=cast("Mapping[str, Scalar]", row.context),
        hits=tuple(_hit(hit) for hit in row.hits),
        findings=tuple(_finding(finding) for finding in row.findings),
        reasons=tuple(_label(reason) for reason in row.reasons),
        opinion=_opinion(row.engine),
    )


def _plain(values: Mapping[str, Scalar]) -> dict[str, object]:
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()}


def _label_json(label: Label) -> Json:
    return {"zh": label.zh, "en": label.en}


def _label(kept: Json) -> Label:
    return Label(kept["zh"], kept["en"])


def _hit_json(hit: Hit) -> Json:
    return {
        "signal": hit.signal,
        "value": hit.value,
        "spans": [[span.start, span.end, span.part] for span in hit.spans],
        "hidden": hit.hidden,
    }


def _hit(kept: Json) -> Hit:
    spans = tuple(Span(start, end, part) for start, end, part in kept["spans"])
    return Hit(kept["signal"], kept["value"], spans, kept["hidden"])


def _finding_json(finding: Finding) -> Json:
    return {
        "rule": finding.rule,
        "kind": finding.kind.value,
        "pack": finding.pack,
        "title": _label_json(finding.title),
        "source": finding.source,
        "conclusion": finding.conclusion,
        "reasons": [
            [reason.feature, reason.op, reason.expected, reason.seen, reason.holds, reason.wanted]
            for reason in finding.reasons
        ],
    }


def _finding(kept: Json) -> Finding:
    return Finding(
        rule=kept["rule"],
        kind=RuleKind(kept["kind"]),
        pack=kept["pack"],
        title=_label(kept["title"]),
        source=kept["source"],
        conclusion=kept["conclusion"],
        reasons=tuple(Reason(*reason) for reason in kept["reasons"]),
    )


def _routing_json(routing: Routing) -> Json:
    return {
        "lead": routing.lead,
        "assist": list(routing.assist),
        "basis": routing.basis,
        "ruling_needed": _label_json(routing.ruling_needed) if routing.ruling_needed else None,
        "candidates": list(routing.candidates),
        "reasons": [_label_json(reason) for reason in routing.reasons],
    }


def _routing(kept: Json) -> Routing:
    ruling = kept["ruling_needed"]
    return Routing(
        lead=kept["lead"],
        assist=tuple(kept["assist"]),
        basis=kept["basis"],
        ruling_needed=_label(ruling) if ruling else None,
        candidates=tuple(kept["candidates"]),
        reasons=tuple(_label(reason) for reason in kept["reasons"]),
    )


def _opinion_json(opinion: SecondOpinion) -> Json:
    return {
        "state": opinion.agreement.value,
        "grade": opinion.grade.value if opinion.grade else None,
        "only_reference": list(opinion.only_reference),
        "only_engine": list(opinion.only_engine),
        "failure": opinion.failure,
    }


def _opinion(kept: Json) -> SecondOpinion:
    return SecondOpinion(
        agreement=Agreement(kept["state"]),
        grade=Grade(kept["grade"]) if kept["grade"] else None,
        only_reference=tuple(kept["only_reference"]),
        only_engine=tuple(kept["only_engine"]),
        failure=kept["failure"],
    )
