"""The rulebook in force, compiled once per pack and process.

Which pack is in force is read from the database each time, so that a new one is used from the next
transaction on, in every process.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextlib import suppress
from datetime import date, datetime

from sqlalchemy.orm import Session

from casework.desk.unit import UnitOfWork
from casework.post_refusals import NoPackInForce, PackAltered, PackRefused
from casework.store.packs import active_ref, pack_files
from rules.pack import load_pack_bytes
from rules.rulebook import Rulebook

KEPT = 3
"""Rulebooks kept: the one in force, the one before it (replay), and one on its way."""


class RulebookCache:
    """Finds and keeps the rulebooks of one county. Safe for threads."""

    def __init__(self, county: str) -> None:
        self._county = county
        self._books: OrderedDict[str, Rulebook] = OrderedDict()
        self._lock = threading.Lock()

    def active(self, session: Session, now: datetime) -> Rulebook:
        """Return the rulebook in force at `now`.

        Raises:
            NoPackInForce: the county has none yet.
            PackRefused: the stored pack no longer loads: the code has moved on; publish a newer pack.
        """
        ref = active_ref(session, self._county, now)
        if ref is None:
            raise NoPackInForce(self._county)
        return self.of(session, ref)

    def is_ready(self, session: Session, now: datetime) -> bool:
        """Return whether nothing must be compiled for what is in force at `now`."""
        ref = active_ref(session, self._county, now)
        return ref is None or ref in self._books

    def prepare(self, session: Session, now: datetime) -> None:
        """Have the rulebook in force in the cache, so that no write waits for its compilation.

        What is wrong with it is said where it is asked for.
        """
        with suppress(NoPackInForce, PackRefused):
            self.active(session, now)

    def of(self, session: Session, ref: str) -> Rulebook:
        """Return the rulebook of a stored pack, in force or not.

        Raises:
            NoPackInForce: there is no such pack.
            PackAltered: its files are not those that the reference names.
            PackRefused: see `active`.
        """
        with self._lock:
            book = self._books.get(ref)
            if book is None:
                book = self._books[ref] = self._compiled(session, ref)
                while len(self._books) > KEPT:
                    self._books.popitem(last=False)
            self._books.move_to_end(ref)
            return book

    def announced_until(self, uow: UnitOfWork) -> date | None:
        """Return the last day of the last announced year of the calendar in force, None without a pack."""
        try:
            pack = self.active(uow.session, uow.now).pack
        except NoPackInForce:
            return None
        announced = [year.year for year in pack.calendar.years if not year.provisional]
        return date(max(announced), 12, 31) if announced else None

    def _compiled(self, session: Session, ref: str) -> Rulebook:
        files = pack_files(session, self._county, ref)
        if files is None:
            raise NoPackInForce(self._county)
        loaded = load_pack_bytes(files)
        if loaded.pack is None:
            raise PackRefused(tuple(str(problem) for problem in loaded.problems))
        if loaded.pack.ref != ref:
            raise PackAltered(ref)
        return Rulebook(loaded.pack)
