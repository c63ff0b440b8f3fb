"""The outside world of a real installation. Tests pass their own parts to `create_app` instead."""

from __future__ import annotations

import logging
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.config import Settings
from app.parts import Parts
from app.vault import Vault
from casework.desk.unit import UnitOfWork
from rules.rulebook import Rulebook

log = logging.getLogger(__name__)


def real_parts(settings: Settings) -> Parts:
    """Return rulebooks, cipher, bell and queue as `settings` name them."""
    silent = _NotYet()
    return Parts(
        rulebooks=silent,
        cipher=Vault(settings.identity_keys),
        bell=silent,
        queue=silent,
        announced_until=silent.announced_until,
    )


class _NotYet:
    """Stands in until the queue and the rulebooks are wired."""

    def active(self, session: Session, now: datetime) -> Rulebook:
        raise NotImplementedError

    def ring(self, kind: str) -> None:
        log.info("not rung", extra={"kind": kind})

    def answers(self) -> bool:
        return False

    def announced_until(self, uow: UnitOfWork) -> date | None:  # noqa: ARG002
        return None
