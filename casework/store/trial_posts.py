"""Which stored posts rules may be tried on, and which stored results of trials were made on these alone.

Who writes a rule chooses the words it looks for, so that a count over posts answers a question about their
text. Accusations are left out for everybody: whoever asks may be the accused, and the next reader as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from casework.store.tables import CasePostRow, CaseRow, DecisionRow, PostRow
from rules import checks
from rules.backtest import Tally, tally_from

LEFT_OUT = "without_confidential"
"""Key of the mark in a stored result; what was counted before there was one is not shown any more."""

COUNTED_IN_POSTS = frozenset({checks.COMMON_TERM.code, checks.COMMON_PART.code})
"""Problems of a draft that tell how often its words stand in stored posts."""


def is_tried_on() -> sa.ColumnElement[bool]:
    """Return the condition that `PostRow` is no accusation: neither it, nor its case, nor any judgement."""
    secret_case = (
        sa.select(CasePostRow.id)
        .join(CaseRow, CaseRow.id == CasePostRow.case_id)
        .where(CasePostRow.post_id == PostRow.id, CaseRow.confidential.is_(True))
        .correlate(PostRow)
    )
    judged_so = (
        sa.select(sa.literal(1))
        .select_from(_JUDGED)
        .where(_JUDGED.post_id == PostRow.id, _JUDGED.confidential.is_(True))
        .correlate(PostRow)
    )
    return sa.and_(PostRow.confidential.is_(False), ~sa.exists(secret_case), ~sa.exists(judged_so))


_JUDGED = aliased(DecisionRow)


def tally_kept(tally: Tally) -> dict[str, object]:
    """Return a tally as it is stored, marked as one without accusations."""
    return {**tally.to_json(), LEFT_OUT: True}


def tally_shown(kept: Mapping[str, Any] | None) -> Tally:
    """Return a stored tally; an empty one from nothing, and from one that counted accusations."""
    return tally_from(kept or {}) if not counted_all(kept) else Tally()


def counted_all(kept: Mapping[str, Any] | None) -> bool:
    """Return whether a stored result is of the time when accusations were counted with the others."""
    return bool(kept) and not (kept or {}).get(LEFT_OUT, False)
