"""The open cases that a case can be merged into, narrowed by a search for number, title or gist."""

from __future__ import annotations

import uuid

from flask import request
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.web.fields import choices
from casework.access import visibility
from casework.desk.unit import UnitOfWork
from casework.refusals import NoSuchCase
from casework.store.case_records import case_seen
from casework.store.case_view import CaseView
from casework.store.cases import CaseFilter, Order, case_page

OFFERED = 100
"""Open cases offered, the newest first; the search reaches the others."""
LONGEST_SEARCH = 60


def merge_choices(uow: UnitOfWork, view: CaseView | None, chosen: str | None) -> list[SelectChoice]:
    """Return the cases to choose from, `chosen` among them wherever it stands.

    Args:
        uow: a reading one.
        view: the case that is to be merged; None where its form was sent: then only what was chosen counts.
        chosen: id as it was sent, or None.
    """
    found: dict[str, str] = {}
    if view is not None:
        page = case_page(
            uow.session,
            visibility(uow.actor),
            CaseFilter(
                text=request.args.get("find", "")[:LONGEST_SEARCH].replace("\0", ""),
                is_open=True,
                confidential=view.case.is_confidential,
                order=Order.NEWEST,
            ),
            now=uow.now,
            limit=OFFERED,
        )
        found = {
            str(line.id): f"{line.number or _('未编号')} {line.title}"
            for line in page.lines
            if line.id != view.case.id
        }
    if chosen:
        found |= _named(uow, chosen)
    return choices([("", _("（请选择）")), *found.items()])


def _named(uow: UnitOfWork, chosen: str) -> dict[str, str]:
    try:
        case = case_seen(uow.session, visibility(uow.actor), uuid.UUID(chosen))
    except (ValueError, NoSuchCase):
        return {}
    return {chosen: f"{case.number or _('未编号')} {case.title}"}
