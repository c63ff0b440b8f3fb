"""What a worker process holds: settings, the way to the database, the bell, and who it is.

Built once in the parent and inherited by every work horse, which lets go of the parent's connections.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.config import Settings, load_settings, process_environment
from app.dispatch import Doorbell
from app.memory import settle_memory
from app.rulebooks import RulebookCache
from app.transaction import Transactions, make_engine, wall_clock
from app.vault import Vault
from casework import tokens
from casework.access import Actor, CountyId, machine
from casework.post_refusals import NoPackInForce
from rules.rulebook import Rulebook

_PROC = Path("/proc")
_START_TIME = 19  # place of `starttime` after the name. Source: proc(5), field 22 of stat


@dataclass
class Office:
    """One process of one installation."""

    settings: Settings
    transactions: Transactions
    bell: Doorbell
    pid: int

    @property
    def actor(self) -> Actor:
        """Return the machine of the county."""
        return machine(CountyId(self.settings.county))

    def rulebook(self) -> Rulebook:
        """Return the rules in force now.

        Raises:
            NoPackInForce, PackRefused: see `RulebookCache`.
        """
        with self.transactions.read(self.actor) as uow:
            return uow.rulebook

    def preload(self) -> None:
        """Load what every work horse needs, so that it is loaded once; lets go of the database after."""
        tokens.load(self.settings.data_dir / "jieba")
        with suppress(NoPackInForce):  # a county that has not published yet: the first drain looks again
            self.rulebook()
        settle_memory()
        self.let_go()

    def let_go(self) -> None:
        """Close this process's connections: a fork must not share them."""
        self.transactions.engine.dispose()


def open_office(settings: Settings) -> Office:
    """Return the office of these settings. Opens no connection yet."""
    bell = Doorbell(settings.redis_url)
    transactions = Transactions(
        make_engine(settings.database_url),
        RulebookCache(settings.county),
        Vault(settings.identity_keys),
        bell,
        clock=wall_clock,
        demo=settings.demo,
    )
    return Office(settings, transactions, bell, os.getpid())


@cache
def _inherited() -> Office:
    return open_office(load_settings(process_environment()))


def the_office() -> Office:
    """Return the office of this process: made on first use, or inherited from the parent that forked it."""
    office = _inherited()
    if office.pid != os.getpid():
        # The parent's connections are its own: forget them without closing (traps.md: mixed answers).
        office.transactions.engine.dispose(close=False)
        office.pid = os.getpid()
    return office


def owner_name() -> str:
    """Return a name for this process that no other process of any machine has, for claims."""
    pid = os.getpid()
    return f"{socket.gethostname()}/{pid}/{_started(pid)}"


def is_dead(owner: str) -> bool:
    """Return whether a process that `owner_name` named surely lives no more; False where nobody can know."""
    host, _, rest = owner.rpartition("/")[0].rpartition("/")
    started = owner.rpartition("/")[2]
    if host != socket.gethostname() or not rest.isdigit():
        return False
    return _started(int(rest)) != started


def _started(pid: int) -> str:
    """Return when a process started, in clock ticks since boot; "" if there is no such process."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in {"Z", "X"} else fields[_START_TIME]
