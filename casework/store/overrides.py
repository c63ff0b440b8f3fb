"""How often people overrule a rule: of the cases that it graded, those whose grade a person changed.

It names no case and no person. It leaves out what nobody has looked at yet, and accusations.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from casework.events import EventKind
from casework.judgement import Disposition
from casework.store.tables import CasePostRow, CaseRow, CorrectionRow, DecisionRow, EventRow, PostRow
from casework.store.trial_posts import is_tried_on

PERIOD = timedelta(days=365)
"""Source: a rule that fires twice a month shows two dozen cases, enough for a share."""


@dataclass(frozen=True, slots=True)
class Overrides:
    """What became of the grades that a rule gave.

    Attributes:
        looked_at: cases that this rule graded and that a person confirmed or corrected.
        corrected: those of them whose grade a person changed.
        since: cases opened from this instant on are counted.
    """

    looked_at: int
    corrected: int
    since: datetime

    @property
    def share(self) -> Decimal | None:
        """Return how many of the grades did not stand (0..1), None where nobody has looked at any."""
        return Decimal(self.corrected) / self.looked_at if self.looked_at else None


def overrides(session: Session, county: str, rule_id: str, *, since: datetime) -> Overrides:
    """Return how often a rule was overruled.

    | the post of a case was judged with a grade that this rule concluded, and | looked at | corrected |
    |---|---|---|
    | a person confirmed the case | yes | no |
    | a person corrected its grade, before or after dispatch | yes | yes |
    | a person opened it from the desk with the grade that was proposed | yes | no |
    | a person opened it from the desk with another grade | yes | yes |
    | nobody has looked at it | no | no |

    What counts is the newest decision before the case was opened; later ones only propose.

    Args:
        session: reading is enough.
        county: whose cases.
        rule_id: of any version of the pack.
        since: aware UTC.
    """
    corrected = sa.or_(_has_correction(), _opened_otherwise())
    looked_at = sa.or_(corrected, _is_confirmed(), DecisionRow.disposition == Disposition.DESK.value)
    found = session.execute(
        sa.select(sa.func.count(), sa.func.sum(sa.case((corrected, 1), else_=0)))
        .select_from(CaseRow)
        .join(CasePostRow, CasePostRow.case_id == CaseRow.id)
        .join(DecisionRow, DecisionRow.post_id == CasePostRow.post_id)
        .join(PostRow, PostRow.id == CasePostRow.post_id)
        .where(
            CaseRow.county_id == county,
            CaseRow.confidential.is_(False),
            is_tried_on(),
            CaseRow.opened_at >= since,
            CasePostRow.joined == "opened",
            DecisionRow.decided_at <= CaseRow.opened_at,
            ~_is_superseded(),
            _was_given_by(rule_id, session.get_bind().dialect.name),
            looked_at,
        )
    ).one()
    return Overrides(looked_at=found[0], corrected=found[1] or 0, since=since)


def _was_given_by(rule_id: str, dialect: str) -> sa.ColumnElement[bool]:
    """Return the condition that the rule concluded the grade of the decision."""
    concluded = sa.literal("grade=") + DecisionRow.grade
    if dialect == "postgresql":
        # Containment reads the stored form as it is; taking the array apart row by row is slower.
        finding = sa.func.jsonb_build_object("rule", rule_id, "conclusion", concluded)
        return DecisionRow.findings.op("@>", is_comparison=True)(sa.func.jsonb_build_array(finding))
    findings = sa.func.json_each(DecisionRow.findings).table_valued("value", name="found")
    is_told = sa.exists(
        sa.select(findings.c.value).where(
            sa.func.json_extract(findings.c.value, "$.rule") == rule_id,
            sa.func.json_extract(findings.c.value, "$.conclusion") == concluded,
        )
    )
    # Most decisions do not so much as name the rule, and a look at the text is cheaper than to read the JSON.
    is_named = sa.func.instr(sa.type_coerce(DecisionRow.findings, sa.Text()), f'"{rule_id}"') > 0
    return sa.and_(is_named, is_told)


def _is_superseded() -> sa.ColumnElement[bool]:
    newer = aliased(DecisionRow)
    return sa.exists(
        sa.select(newer.id).where(
            newer.post_id == DecisionRow.post_id,
            newer.id > DecisionRow.id,
            newer.decided_at <= CaseRow.opened_at,
        )
    )


def _has_correction() -> sa.ColumnElement[bool]:
    return sa.exists(
        sa.select(CorrectionRow.id).where(CorrectionRow.case_id == CaseRow.id, CorrectionRow.field == "grade")
    )


def _opened_otherwise() -> sa.ColumnElement[bool]:
    return sa.and_(
        DecisionRow.disposition == Disposition.DESK.value, CaseRow.proposed_grade != DecisionRow.grade
    )


def _is_confirmed() -> sa.ColumnElement[bool]:
    return sa.exists(
        sa.select(EventRow.id).where(
            EventRow.case_id == CaseRow.id, EventRow.kind == EventKind.CASE_CONFIRMED.value
        )
    )
