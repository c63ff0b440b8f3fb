"""One-time codes (TOTP): making a key, keeping it sealed, checking a code once. No page is here."""

from __future__ import annotations

from datetime import datetime

import pyotp
from pyotp.utils import strings_equal

from casework.desk.unit import Cipher, Sealed

STEP_SECONDS = 30
"""Source: RFC 6238 §5.2, the default time step."""
TOLERANCE = 1  # steps before and after, for clocks that differ
ISSUER = "Jianjian"


def new_key() -> str:
    """Return a fresh key in base32, as authenticator apps read it."""
    return pyotp.random_base32()


def address_of(key: str, login: str) -> str:
    """Return the `otpauth://` address of a key, for apps that read one."""
    return pyotp.TOTP(key).provisioning_uri(name=login, issuer_name=ISSUER)


def seal_key(cipher: Cipher, key: str, account_id: str) -> Sealed:
    """Return `key` encrypted, bound to one account."""
    return cipher.seal(key.encode(), purpose=_purpose(account_id))


def open_key(cipher: Cipher, sealed: Sealed, account_id: str) -> str:
    """Return the key of an account."""
    return cipher.open(sealed, purpose=_purpose(account_id)).decode()


def matching_step(key: str, code: str, now: datetime, last_step: int | None) -> int | None:
    """Return the time step that `code` belongs to, None if to none that is still unused.

    Args:
        key: of the account, base32.
        code: as typed; blanks in it do not matter.
        now: aware UTC, of the wall clock.
        last_step: newest step already used by this account: a code serves once.
    """
    current = int(now.timestamp()) // STEP_SECONDS
    digits = "".join(code.split())
    for step in range(current - TOLERANCE, current + TOLERANCE + 1):
        if strings_equal(pyotp.TOTP(key).at(step * STEP_SECONDS), digits):
            return step if last_step is None or step > last_step else None
    return None


def _purpose(account_id: str) -> str:
    return f"totp:{account_id}"
