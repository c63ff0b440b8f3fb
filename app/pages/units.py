"""The units and their score sheets. There is no ranking: units are listed by kind and name.

**Source:** domain.md §3.3: bands by type of unit, no league table.
"""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import NotFound
from wtforms import TextAreaField

from app.accounts.current import current_actor
from app.documents.limited import render_limited
from app.extensions import house
from app.guard import permitted
from app.pages.unit_paper import paper_of
from app.web.forms import ProtectedForm, at_most, flash_error, needed
from app.web.times import page_now
from casework.access import visibility
from casework.desk.assess import reverse_entry
from casework.desk.unit import UnitOfWork
from casework.errors import CaseworkError
from casework.refusals import NoSuchUnit
from casework.roles import Permission
from casework.store.scores import UnitSheet, unit_lines, unit_sheet
from casework.wording import MOST_OF_A_REASON
from casework.workdays import local_day

blueprint = Blueprint("units", __name__, url_prefix="/units")

YEARS = range(2000, 2200)


class ReverseForm(ProtectedForm):
    """Why an entry is taken back."""

    reason = TextAreaField(_l("冲销理由"), [needed(), at_most(MOST_OF_A_REASON)])


@blueprint.get("")
@permitted(Permission.SCORE_VIEW)
def sheet_list() -> ResponseReturnValue:
    """Show the units whose sheets this person may open."""
    actor = current_actor()
    with house().transactions.read(actor) as uow:
        lines = unit_lines(uow.session, visibility(actor), now=uow.now)
    return render_template("pages/units.html", lines=lines)


@blueprint.get("/<code>")
@permitted(Permission.SCORE_VIEW)
def sheet(code: str) -> ResponseReturnValue:
    """Show a unit's sheet of a year."""
    return _page(code)


@blueprint.get("/<code>/paper")
@permitted(Permission.SCORE_VIEW)
def paper(code: str) -> ResponseReturnValue:
    """Hand out a unit's sheet of a year as it is printed; who printed it is audited."""
    actor = current_actor()
    year = _year()
    with house().transactions.read(actor) as uow:
        found = _sheet(uow, code, year, is_paper=True)
        drawn = paper_of(found, uow.rulebook.pack.county.zh, uow.now)
    content = render_limited(drawn)
    with house().transactions.write(actor) as uow:
        uow.audit("document_printed", "unit", code, data={"document": f"score_sheet/{year}"})
    name = f"score_sheet-{code}-{year}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(content, mimetype="application/pdf", headers=headers)


@blueprint.post("/<code>/entries/<uuid:entry_id>/reverse")
@permitted(Permission.SCORE_REVERSE)
def reverse(code: str, entry_id: uuid.UUID) -> ResponseReturnValue:
    """Take an entry back by an opposite one."""
    form = ReverseForm()
    if not form.validate():
        flash(_("冲销须写明理由。"), "danger")
        return _page(code), 400
    try:
        with house().transactions.write(current_actor()) as uow:
            reverse_entry(uow, entry_id, reason=form.reason.data)
    except CaseworkError as error:
        flash_error(error)
    else:
        flash(_("已冲销：账上增加了一笔相反的记录，原记录保留。"), "success")
    return redirect(url_for("units.sheet", code=code))


def _page(code: str) -> str:
    actor = current_actor()
    year = _year()
    with house().transactions.read(actor) as uow:
        found = _sheet(uow, code, year)
        entry = next((unit for unit in uow.rulebook.pack.units if unit.id == code), None)
    reversed_ids = {line.entry.reverses_id for line in found.entries if line.entry.reverses_id}
    return render_template(
        "pages/unit.html",
        sheet=found,
        unit=entry,
        this_year=local_day(page_now()).year,
        years=YEARS,
        reversed_ids=reversed_ids,
        form=ReverseForm(formdata=None),
    )


def _year() -> int:
    year = request.args.get("year", local_day(page_now()).year, type=int)
    if year not in YEARS:
        raise NotFound
    return year


def _sheet(uow: UnitOfWork, code: str, year: int, *, is_paper: bool = False) -> UnitSheet:
    sight = visibility(uow.actor)
    try:
        return unit_sheet(uow.session, sight, code, year=year, now=uow.now, is_paper=is_paper)
    except NoSuchUnit as error:
        raise NotFound from error
