"""Signing in and out: password, second factor, lockout. It shows no page.

An attempt is counted before the password is looked at, so that many attempts at once gain nothing; the
password is compared outside any transaction; an unknown login costs the same time as a wrong password.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.accounts import passwords, records, second_factor, sessions
from app.accounts.account import Account
from app.accounts.events import AccountEvent
from app.parts import House
from casework.access import CountyId, machine
from casework.desk.unit import Sealed
from casework.store.tables import UserRow

FAILURES = 5
WINDOW = timedelta(minutes=15)
"""Source: domain.md §12 `session.fail_lock`: five failures in fifteen minutes lock for fifteen minutes."""


@dataclass(frozen=True, slots=True)
class Lockout:
    """The failures of an account.

    Attributes:
        failures: in the window that began at `since`.
        until: no attempt is looked at before; None when not locked.
    """

    failures: int
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class _Attempt:
    """An attempt that was counted: may it be looked at, and against what?"""

    account_id: uuid.UUID | None
    password_hash: str | None
    is_open: bool


def after_attempt(lockout: Lockout, now: datetime) -> tuple[Lockout, bool]:
    """Return the lockout with one more attempt counted, and whether the attempt may be looked at.

    | locked | window | failures with this one | result |
    |---|---|---|---|
    | yes | any | unchanged | refused, the lock is not made longer |
    | no | over or none | 1 | looked at |
    | no | running | < 5 | looked at |
    | no | running | 5 | looked at; if it fails, locked for 15 minutes |
    """
    if lockout.until is not None and now < lockout.until:
        return lockout, False
    running = lockout.until is None and lockout.since is not None and now < lockout.since + WINDOW
    failures = lockout.failures + 1 if running else 1
    since = lockout.since if running else now
    return Lockout(failures, since, now + WINDOW if failures >= FAILURES else None), True


def check_password(home: House, login: str, password: str, *, client: str) -> Account | None:
    """Return the account if login and password fit and it is neither locked nor disabled, else None.

    Args:
        home: of this application.
        login: as typed.
        password: as typed.
        client: network address of the caller, for the audit log.
    """
    attempt = _count_attempt(home, login)
    kept = attempt.password_hash or _hash_of_nobody(home)
    is_right = passwords.fits(home.parts.hasher, kept, password)
    if attempt.account_id is None or not attempt.is_open or not is_right:
        _note_failure(home, attempt.account_id, client)
        return None
    with home.transactions.write(machine(CountyId(home.county))) as uow:
        row = records.row_of(uow.session, home.county, attempt.account_id)
        if row.disabled_at is not None or row.password_hash != kept:
            return None
        if row.totp_ciphertext is None:
            _forget_failures(row)
        return records.as_account(row)


def check_code(home: House, account_id: uuid.UUID, code: str, *, client: str) -> Account | None:
    """Return the account if `code` fits its second factor now and for the first time, else None."""
    now = home.wall_time()
    with home.transactions.write(machine(CountyId(home.county))) as uow:
        row = records.row_of(uow.session, home.county, account_id)
        is_open = _count(row, now)
        key = _factor_key(home, row) if is_open and row.disabled_at is None else None
        step = second_factor.matching_step(key, code, now, row.totp_last_step) if key else None
        if step is not None:
            row.totp_last_step = step
            _forget_failures(row)
            return records.as_account(row)
    _note_failure(home, account_id, client)
    return None


def open_session(home: House, account: Account, token: str, data: sessions.Kept, *, client: str) -> None:
    """Add the session's row and the audit row of a sign-in; rows long dead are swept out in passing."""
    with home.transactions.write(account.actor()) as uow:
        sessions.open_row(
            uow.session,
            home.county,
            token=token,
            account_id=account.id,
            data=data,
            now=home.wall_time(),
            absolute=home.settings.session_absolute,
        )
        sessions.forget_old(uow.session, before=home.wall_time() - sessions.KEPT)
        uow.audit(AccountEvent.SIGNED_IN, "account", str(account.id), data={"client": client})


def close_session(home: House, account: Account, token_hash: str) -> None:
    """End the session and note it."""
    with home.transactions.write(account.actor()) as uow:
        sessions.end(uow.session, token_hash, now=home.wall_time())
        uow.audit(AccountEvent.SIGNED_OUT, "account", str(account.id))


def _count_attempt(home: House, login: str) -> _Attempt:
    with home.transactions.write(machine(CountyId(home.county))) as uow:
        row = records.row_of_login(uow.session, home.county, login)
        if row is None:
            return _Attempt(None, None, is_open=False)
        is_open = _count(row, home.wall_time())
        return _Attempt(row.id, row.password_hash, is_open=is_open)


def _count(row: UserRow, now: datetime) -> bool:
    lockout, is_open = after_attempt(Lockout(row.failed_logins, row.failing_since, row.locked_until), now)
    row.failed_logins, row.failing_since, row.locked_until = lockout.failures, lockout.since, lockout.until
    return is_open


def _forget_failures(row: UserRow) -> None:
    row.failed_logins, row.failing_since, row.locked_until = 0, None, None


def _note_failure(home: House, account_id: uuid.UUID | None, client: str) -> None:
    """Write the audit row. What was typed as login is not kept: people type passwords there."""
    with home.transactions.write(machine(CountyId(home.county))) as uow:
        uow.audit(
            AccountEvent.SIGN_IN_FAILED,
            "account",
            str(account_id or ""),
            outcome="refused",
            data={"client": client},
        )


def _factor_key(home: House, row: UserRow) -> str | None:
    if row.totp_ciphertext is None or row.totp_alg is None or row.totp_key_id is None:
        return None
    sealed = Sealed(row.totp_alg, row.totp_key_id, row.totp_ciphertext)
    return second_factor.open_key(home.parts.cipher, sealed, str(row.id))


def _hash_of_nobody(home: House) -> str:
    """Return a hash that no password fits, so that an unknown login takes as long as a wrong password.

    It has the parameters of the hasher in use, so that verifying costs what a real one costs.
    """
    hasher = home.parts.hasher
    return (
        f"$argon2id$v=19$m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
        "$bm9ib2R5bm9ib2R5MDA$YW5kIG5vIHBhc3N3b3JkIG9mIGFueWJvZHkgaXMgdGg"
    )
