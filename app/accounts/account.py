"""An officer's account as the application sees it. Its row and its secrets stay in `records`."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.access import Actor, CountyId, UnitId, UserId, person
from casework.roles import ROLE_LABELS, Role
from rules.model import Label

PASSWORD_LIFE = timedelta(days=90)
"""Source: domain.md §12 `session.pwd.days`."""

ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})


@dataclass(frozen=True, slots=True)
class Account:
    """Who is signed in. Flask-Login asks for the four members at the end.

    Attributes:
        locked_until: sign-in is refused before this instant.
    """

    id: uuid.UUID
    county_id: str
    login: str
    name: str
    unit_code: str | None
    roles: frozenset[Role]
    language: str
    must_change_password: bool
    password_changed_at: datetime
    has_factor: bool
    locked_until: datetime | None
    disabled_at: datetime | None
    created_at: datetime
    version: int

    @property
    def role_labels(self) -> tuple[Label, ...]:
        """Return the names of the roles in the order of the role table."""
        return tuple(ROLE_LABELS[role] for role in Role if role in self.roles)

    @property
    def is_administrator(self) -> bool:
        """Return whether a role of the three administrators is held."""
        return bool(self.roles & ADMINISTRATORS)

    def actor(self) -> Actor:
        """Return the account as use cases receive it."""
        return person(
            UserId(self.id),
            self.name,
            roles=self.roles,
            county_id=CountyId(self.county_id),
            unit_id=UnitId(self.unit_code) if self.unit_code else None,
        )

    def needs_new_password(self, now: datetime) -> bool:
        """Return whether the password must be changed before anything else."""
        return self.must_change_password or now - self.password_changed_at >= PASSWORD_LIFE

    def needs_factor(self, *, demo: bool) -> bool:
        """Return whether a second factor must be set up first: administrators, outside the demo."""
        return self.is_administrator and not self.has_factor and not demo

    @property
    def is_authenticated(self) -> bool:
        """Return True: an account exists only where somebody has signed in."""
        return True

    @property
    def is_active(self) -> bool:
        """Return whether the account is not disabled."""
        return self.disabled_at is None

    @property
    def is_anonymous(self) -> bool:
        """Return False."""
        return False

    def get_id(self) -> str:
        """Return the id that Flask-Login keeps in the session."""
        return str(self.id)
