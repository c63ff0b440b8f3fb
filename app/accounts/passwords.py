"""Which passwords are good enough, and how they are kept. It stores nothing and knows no session."""

from __future__ import annotations

import secrets
import string

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from app.accounts.errors import WeakPassword

LEAST_LENGTH = 10
LEAST_CLASSES = 3
REMEMBERED = 5
"""Source: domain.md §7.3 and §12: 10 characters, 3 classes, not one of the last 5."""

LONGEST = 128  # characters; more would only cost the server time
_SHORT_OF_WORDS = (
    "password",
    "passw0rd",
    "p@ssw0rd",
    "qwerty",
    "asdfgh",
    "1qaz2wsx",
    "admin",
    "abc123",
    "123456",
    "111111",
    "888888",
    "woaini",
    "iloveyou",
    "letmein",
    "welcome",
)
"""What guessers try first; refused anywhere inside a password, in any case of letters."""


def require_good_password(password: str, *, login: str) -> None:
    """Do nothing if `password` may be used by the account `login`.

    Raises:
        WeakPassword: with every rule that it breaks.
    """
    folded = password.casefold()
    checks = (
        (
            len(password) >= LEAST_LENGTH,
            f"密码至少 {LEAST_LENGTH} 位。",
            f"Use at least {LEAST_LENGTH} characters.",
        ),
        (len(password) <= LONGEST, f"密码最多 {LONGEST} 位。", f"Use at most {LONGEST} characters."),
        (
            _classes(password) >= LEAST_CLASSES,
            "须包含大写字母、小写字母、数字、符号中的至少三类。",
            "Use at least three of: capital letters, small letters, digits, symbols.",
        ),
        (login.casefold() not in folded, "密码不能包含登录名。", "The login must not be part of it."),
        (
            not any(word in folded for word in _SHORT_OF_WORDS),
            "密码包含过于常见的字符组合。",
            "It contains something that everybody guesses.",
        ),
    )
    problems = tuple((zh, en) for good, zh, en in checks if not good)
    if problems:
        raise WeakPassword(problems)


def require_new_password(password: str, earlier: tuple[str, ...], hasher: PasswordHasher) -> None:
    """Do nothing if `password` is none of the ones that the hashes `earlier` belong to.

    Raises:
        WeakPassword: it was used before.
    """
    if any(fits(hasher, old, password) for old in earlier[:REMEMBERED]):
        raise WeakPassword(
            (
                (
                    f"不能使用最近 {REMEMBERED} 次用过的密码。",
                    f"It is one of your last {REMEMBERED} passwords.",
                ),
            )
        )


def fits(hasher: PasswordHasher, kept: str, password: str) -> bool:
    """Return whether `password` is the one that was kept as the hash `kept`."""
    try:
        return hasher.verify(kept, password[: LONGEST + 1])
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


def temporary_password() -> str:
    """Return a random password that obeys the rules, to be changed at the first sign-in."""
    letters = string.ascii_letters.translate(str.maketrans("", "", "lIO"))
    body = "".join(secrets.choice(letters + "23456789") for _ in range(14))
    return f"Jj-{body}-{secrets.randbelow(90) + 10}"


def _classes(password: str) -> int:
    return sum(
        (
            any(character.isupper() for character in password),
            any(character.islower() for character in password),
            any(character.isdigit() for character in password),
            any(not character.isalnum() for character in password),
        )
    )
