"""The drains that the bell brings: each takes what waits in the database until nothing is left.

Every job may run twice, at once, or never. None takes an argument: what is to be done stands in the rows.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from app.memory import settle_memory
from casework.desk.outage import watch
from casework.desk.publishing import is_to_be_put_in_effect, put_in_effect
from casework.desk.stalls import stall_changes, tell_of_stalls
from casework.desk.sweep import BATCH as SWEEP_BATCH
from casework.desk.sweep import sweep
from casework.post_refusals import NoPackInForce
from casework.store.wellbeing import STALL_CHECK, beat
from rules.engine import Engine
from workers.backtests import BacktestDrain
from workers.bench import Bench
from workers.fetching import Fetcher
from workers.judging import Thinking
from workers.office import Office, is_dead, owner_name, the_office
from workers.papers import PaperDrain
from workers.shadow import ShadowDrain
from workers.sources import SourceDrain
from workers.triage import TriageDrain

log = logging.getLogger(__name__)

LONGEST_DRAIN = 300.0
"""Seconds after which a drain rings for the next one and ends: a new pack or new code is then used."""

STOP_ASKED = threading.Event()
"""Set in a work horse that is asked to stop: its drain ends after the batch it is at."""


def drain_triage() -> None:
    """Judge posts until none waits."""
    office = _begin("workers.jobs.drain_triage")
    try:
        book = office.rulebook()
    except NoPackInForce as nothing:
        log.warning("posts wait for a rule pack", extra={"county": nothing.county})
        return
    settle_memory()
    until = _limit()

    def is_over() -> bool:
        return until() or office.rulebook() is not book  # a new pack judges in a new drain

    bench = Bench(Thinking(book), Engine(book), transactions=office.transactions, actor=office.actor)
    with bench:
        TriageDrain(
            transactions=office.transactions,
            actor=office.actor,
            bench=bench,
            owner=owner_name(),
            is_dead=is_dead,
            is_over=is_over,
        ).run()
    _ring_if_cut_short(office, "triage", is_over)


def drain_outbox() -> None:
    """Render and store documents until none waits."""
    office = _begin("workers.jobs.drain_outbox")
    until = _limit()
    PaperDrain(office.transactions, office.actor, until).run()
    _ring_if_cut_short(office, "document", until)


def sweep_minute() -> None:
    """Take every step of supervision that is due by now, then tell a person of stalled cases."""
    office = _begin("workers.jobs.sweep_minute")
    try:
        office.rulebook()
    except NoPackInForce as nothing:
        log.warning("no rule pack, so nothing to supervise yet", extra={"county": nothing.county})
        return
    _put_in_effect(office)
    until = _limit()
    with office.transactions.write(office.actor) as uow:
        watch(uow)
    more = True
    while more and not until():
        with office.transactions.write(office.actor) as uow:
            more = sweep(uow, SWEEP_BATCH).more
    if not more:
        _check_stalls(office)
    _ring_if_cut_short(office, "sweep", until)


def pull_sources() -> None:
    """Pull every feed that is due."""
    office = _begin("workers.jobs.pull_sources")
    until = _limit()
    SourceDrain(office.transactions, office.actor, Fetcher(), until).run()
    _ring_if_cut_short(office, "sources", until)


def _check_stalls(office: Office) -> None:
    with office.transactions.read(office.actor) as uow:
        changes = stall_changes(uow)
    for part in changes.parts():
        with office.transactions.write(office.actor) as uow:
            tell_of_stalls(uow, part)
    with office.transactions.write(office.actor) as uow:
        beat(uow.session, STALL_CHECK, now=uow.now, detail={"stalled": changes.count})


def drain_backtests() -> None:
    """Try drafts of rules on stored posts until none waits."""
    office = _begin("workers.jobs.drain_backtests")
    until = _limit()
    BacktestDrain(office.transactions, office.actor, owner_name(), is_dead, until).run()
    _ring_if_cut_short(office, "backtest", until)


def drain_shadows() -> None:
    """Compare what was decided since the last time with what drafts of rules would have made of it."""
    office = _begin("workers.jobs.drain_shadows")
    until = _limit()
    ShadowDrain(office.transactions, office.actor, until).run()
    _ring_if_cut_short(office, "shadow", until)


def _put_in_effect(office: Office) -> None:
    """Let the units follow a pack that took effect; most minutes there is nothing to do."""
    with office.transactions.read(office.actor) as uow:
        is_due = is_to_be_put_in_effect(uow)
    if is_due:
        with office.transactions.write(office.actor) as uow:
            put_in_effect(uow)


def _begin(job: str) -> Office:
    """Return the office, the flag of this job taken down before anything is looked at."""
    office = the_office()
    office.bell.clear(job)
    return office


def _limit() -> Callable[[], bool]:
    """Return what says when this drain is to end."""
    until = time.monotonic() + LONGEST_DRAIN
    return lambda: STOP_ASKED.is_set() or time.monotonic() > until


def _ring_if_cut_short(office: Office, kind: str, until: Callable[[], bool]) -> None:
    if until():
        office.bell.ring(kind)
