"""Notices that the county was without supervision for a while, and keeps it as an outage.

What a unit gets back for it is `casework.outages`.
"""

from __future__ import annotations

from casework.access import Permission, require
from casework.desk.unit import UnitOfWork
from casework.outages import Outage, outage_between
from casework.store.outage_rows import add_outage, keep_watch, last_watch


def watch(uow: UnitOfWork) -> Outage | None:
    """Note that the sweep begins; return the outage that lies behind, None if there was none.

    Called before the steps of a sweep and in a transaction of its own, so that sweeps do not wait for one
    another. A pause of the sweep alone counts as well: no unit was reminded in it.

    Raises:
        NotPermitted: the actor may not supervise.
    """
    require(uow.actor, Permission.CASE_SUPERVISE)
    outage = outage_between(last_watch(uow.session, uow.county), uow.now)
    if outage is not None and add_outage(uow.session, uow.new_id(), uow.county, outage):
        minutes = int((outage.ended_at - outage.began_at).total_seconds()) // 60
        uow.audit(
            "outage_found",
            "county",
            uow.county,
            data={"began_at": outage.began_at.isoformat(), "minutes": minutes},
        )
    keep_watch(uow.session, uow.county, now=uow.now)
    return outage
