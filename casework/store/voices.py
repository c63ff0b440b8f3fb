"""How many distinct voices speak of a matter: the only query over pseudonyms."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from casework.store.tables import PostRow, PseudonymRow


def voices(session: Session, county: str, matter_id: uuid.UUID, joining: Sequence[uuid.UUID] = ()) -> int:
    """Return how many distinct voices speak of a matter.

    Posts of nobody known count as one voice together: without a name nobody can say how many they are.
    Somebody who writes in two months counts twice, because pseudonyms of two months cannot be compared.

    Args:
        session: reading is enough.
        county: of the matter.
        matter_id: whose posts are counted.
        joining: posts that are about to join it.
    """
    known, nameless = session.execute(
        _VOICES, {"county": county, "matter": matter_id, "joining": list(joining)}
    ).one()
    return int(known) + (1 if nameless else 0)


# Built once: a burst asks it for each of its posts. A union, for with OR no index would serve.
_SPEAKING = sa.union(
    sa.select(PostRow.id).where(
        PostRow.county_id == sa.bindparam("county"), PostRow.matter_id == sa.bindparam("matter")
    ),
    sa.select(PostRow.id).where(
        PostRow.county_id == sa.bindparam("county"),
        PostRow.id.in_(sa.bindparam("joining", expanding=True)),
    ),
).subquery()
_VOICES = sa.select(
    sa.func.count(sa.distinct(PseudonymRow.digest)),
    sa.func.max(sa.case((PseudonymRow.digest.is_(None), 1), else_=0)),
).select_from(_SPEAKING.outerjoin(PseudonymRow, PseudonymRow.post_id == _SPEAKING.c.id))
