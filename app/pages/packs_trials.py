"""The page on which a draft is tried: on stored posts of a period, and beside the rules in force.

The trials themselves are run by the worker; nothing here changes a case.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import NotFound
from wtforms import IntegerField
from wtforms.validators import InputRequired

from app.accounts.current import current_actor
from app.errors import status_of
from app.extensions import house
from app.guard import permitted
from app.pages.packs_books import book_of
from app.pages.packs_draft import Head, VersionForm, head_of
from app.pages.packs_report import ShownReport, posts_of, sampled, shown_report, with_marks
from app.web.fields import day
from app.web.forms import ProtectedForm, flash_error
from app.web.times import COUNTY_ZONE, page_now
from casework.desk.backtesting import ask_backtest, cancel_backtest
from casework.desk.shadowing import MAY_RUN, MOST_DAYS, start_shadow, stop_shadow
from casework.desk.unit import UnitOfWork
from casework.errors import CaseworkError
from casework.roles import Permission
from casework.store.backtests import GOING_ON, Backtest, backtests_of, find_backtest
from casework.store.shadows import ShadowRun, ShadowState, shadow_runs
from rules.backtest import Tally
from rules.rulebook import Rulebook

blueprint = Blueprint("trials", __name__, url_prefix="/drafts/<uuid:draft_id>/trials")

USUAL_PERIOD = timedelta(days=30)
_NEEDED = _l("此项必填。")
USUAL_DAYS = 7  # of a shadow run


class PeriodForm(VersionForm):
    """From which day to which day, both included, in county time."""

    since = day(_l("从"), [InputRequired(_NEEDED)])
    until = day(_l("到（含当日）"), [InputRequired(_NEEDED)])


class DaysForm(VersionForm):
    """How long a shadow run lasts."""

    days = IntegerField(_l("天数（1—%(n)s）", n=MOST_DAYS), [InputRequired(_NEEDED)])


@dataclass(frozen=True, slots=True)
class Runs:
    """The trials of a draft, and the one that is shown."""

    backtests: tuple[Backtest, ...]
    shown: Backtest | None
    shadows: tuple[ShadowRun, ...]

    @property
    def is_going_on(self) -> bool:
        """Return whether a back-test waits or runs."""
        return any(one.state in GOING_ON for one in self.backtests)

    @property
    def running_shadow(self) -> ShadowRun | None:
        """Return the shadow run that goes on."""
        return next((one for one in self.shadows if one.state is ShadowState.RUNNING), None)


@blueprint.get("")
@permitted(Permission.RULES_VIEW)
def show(draft_id: uuid.UUID) -> ResponseReturnValue:
    """Show the newest back-test of a draft, or the one that is asked for, and its shadow runs."""
    return _page(draft_id)


@blueprint.post("/backtest")
@permitted(Permission.RULES_EDIT)
def start(draft_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for a back-test; the worker runs it."""
    form = PeriodForm()
    if not form.validate():
        return _page(draft_id, period=form), 400
    try:
        with house().transactions.write(current_actor()) as uow:
            run = ask_backtest(
                uow,
                draft_id,
                version=form.version.data,
                period_from=_midnight(form.since.data),
                period_to=_midnight(form.until.data + timedelta(days=1)),
            )
    except CaseworkError as error:
        flash_error(error)
        return _page(draft_id, period=form), status_of(error)
    return redirect(url_for("packs.trials.show", draft_id=draft_id, run=run))


@blueprint.post("/backtest/cancel")
@permitted(Permission.RULES_EDIT)
def cancel(draft_id: uuid.UUID) -> ResponseReturnValue:
    """End the back-test that waits or runs."""
    if not ProtectedForm().validate():
        return _page(draft_id), 400
    with house().transactions.write(current_actor()) as uow:
        head_of(uow, draft_id)
        ended = cancel_backtest(uow, draft_id)
    flash(_("回测已取消。") if ended else _("没有正在进行的回测。"), "info")
    return redirect(url_for("packs.trials.show", draft_id=draft_id))


@blueprint.get("/backtest/<uuid:run_id>")
@permitted(Permission.RULES_VIEW)
def progress(draft_id: uuid.UUID, run_id: uuid.UUID) -> ResponseReturnValue:
    """Return how far a back-test is, or its result: a part of the page that asks again by itself."""
    with house().transactions.read(current_actor()) as uow:
        head = head_of(uow, draft_id)
        run = find_backtest(uow.session, uow.county, run_id)
        base = uow.rulebook
    if run.draft_id != draft_id:
        raise NotFound
    if run.state not in GOING_ON and "HX-Request" in request.headers:
        return Response(headers={"HX-Refresh": "true"})  # the head of the page has news as well
    return render_template("pages/_pack_backtest.html", head=head, run=run, shown=_shown(head, run, base))


@blueprint.get("/<kind>/<uuid:run_id>/samples")
@permitted(Permission.RULES_VIEW)
def samples(draft_id: uuid.UUID, kind: str, run_id: uuid.UUID) -> ResponseReturnValue:
    """Show the posts behind one figure of a trial, as far as this person may see them."""
    with house().transactions.read(current_actor()) as uow:
        head = head_of(uow, draft_id)
        tally, digest = _tally(_runs(uow, draft_id), kind, run_id)
        posts, hidden = posts_of(uow, sampled(tally, request.args))
        base = uow.rulebook
    book = _book(head, digest) or base
    return render_template(
        "pages/_pack_samples.html", found=with_marks(posts, hidden, book), is_draft=book is not base
    )


@blueprint.post("/shadow")
@permitted(Permission.RULES_EDIT)
def shadow(draft_id: uuid.UUID) -> ResponseReturnValue:
    """Let the draft run beside the rules in force for some days."""
    form = DaysForm()
    if not form.validate():
        return _page(draft_id, days=form), 400
    try:
        with house().transactions.write(current_actor()) as uow:
            start_shadow(uow, draft_id, version=form.version.data, days=form.days.data)
    except CaseworkError as error:
        flash_error(error)
        return _page(draft_id, days=form), status_of(error)
    flash(_("试运行已开始。它只作记录，不影响任何网帖的办理。"), "success")
    return redirect(url_for("packs.trials.show", draft_id=draft_id))


@blueprint.post("/shadow/stop")
@permitted(Permission.RULES_EDIT)
def stop(draft_id: uuid.UUID) -> ResponseReturnValue:
    """End a shadow run before its time."""
    if not ProtectedForm().validate():
        return _page(draft_id), 400
    with house().transactions.write(current_actor()) as uow:
        head_of(uow, draft_id)
        ended = stop_shadow(uow, draft_id)
    flash(_("试运行已停止，已有结果保留。") if ended else _("没有正在进行的试运行。"), "info")
    return redirect(url_for("packs.trials.show", draft_id=draft_id))


def _page(draft_id: uuid.UUID, *, period: PeriodForm | None = None, days: DaysForm | None = None) -> str:
    with house().transactions.read(current_actor()) as uow:
        head = head_of(uow, draft_id)
        runs = _runs(uow, draft_id)
        base = uow.rulebook
    pack = _book(head, head.draft.digest) if runs.shadows else None
    return render_template(
        "pages/pack_trials.html",
        head=head,
        runs=runs,
        run=runs.shown,
        shown=_shown(head, runs.shown, base) if runs.shown else None,
        period=period or PeriodForm(formdata=None, data=_usual_period()),
        days=days or DaysForm(formdata=None, data={"days": USUAL_DAYS}),
        can_shadow=head.draft.state in MAY_RUN,
        shadow_reports={
            one.id: shown_report(one.tally, pack and pack.pack, base.pack) for one in runs.shadows
        },
    )


def _runs(uow: UnitOfWork, draft_id: uuid.UUID) -> Runs:
    backtests = backtests_of(uow.session, uow.county, draft_id)
    asked = request.args.get("run", type=uuid.UUID)
    shown = next((one for one in backtests if one.id == asked), None)
    shadows = shadow_runs(uow.session, uow.county, draft_id=draft_id)
    return Runs(backtests, shown or next(iter(backtests), None), shadows)


def _shown(head: Head, run: Backtest, base: Rulebook) -> ShownReport | None:
    """Return the report of a back-test that is over; None while it goes on: its figures still move."""
    if run.state in GOING_ON:
        return None
    book = _book(head, run.digest)
    return shown_report(run.tally, book and book.pack, base.pack)


def _book(head: Head, digest: str) -> Rulebook | None:
    """Return the rulebook of the draft if its files are those of `digest`. Call it outside a transaction."""
    if head.draft.digest != digest:
        return None
    return book_of({name: text.encode() for name, text in head.draft.files.items()})


def _tally(runs: Runs, kind: str, run_id: uuid.UUID) -> tuple[Tally, str]:
    known: Mapping[str, tuple[Backtest | ShadowRun, ...]] = {
        "backtest": runs.backtests,
        "shadow": runs.shadows,
    }
    run = next((one for one in known.get(kind, ()) if one.id == run_id), None)
    if run is None:
        raise NotFound
    return run.tally, run.digest


def _usual_period() -> dict[str, date]:
    today = page_now().astimezone(COUNTY_ZONE).date()
    return {"since": today - USUAL_PERIOD, "until": today}


def _midnight(of: date) -> datetime:
    return datetime(of.year, of.month, of.day, tzinfo=COUNTY_ZONE).astimezone(UTC)
