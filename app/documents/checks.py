"""Checks that the data of every document passes when it is built, before anything is drawn.

They look at form only; what an officer wrote is the officer's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from app.documents.errors import FieldMissing, FieldTooLong, NaiveTime, NotADigest, TooMany

_SHA256 = re.compile(r"[0-9a-f]{64}")


def filled(field: str, text: str, *, limit: int) -> None:
    """Pass when `text` is there and has at most `limit` characters.

    Raises:
        FieldMissing, FieldTooLong.
    """
    there(field, text)
    bounded(field, text, limit=limit)


def there(field: str, text: str) -> None:
    """Pass when `text` says anything.

    Raises:
        FieldMissing.
    """
    if not text.strip():
        raise FieldMissing(field)


def bounded(field: str, text: str, *, limit: int) -> None:
    """Pass when `text`, which may be empty, has at most `limit` characters.

    Raises:
        FieldTooLong.
    """
    if len(text) > limit:
        raise FieldTooLong(field, length=len(text), limit=limit)


def counted(field: str, items: Sequence[object], *, limit: int) -> None:
    """Pass when there are at most `limit` items.

    Raises:
        TooMany.
    """
    if len(items) > limit:
        raise TooMany(field, count=len(items), limit=limit)


def aware(field: str, moment: datetime | None) -> None:
    """Pass when `moment` is absent or knows its zone.

    Raises:
        NaiveTime.
    """
    if moment is not None and moment.utcoffset() is None:
        raise NaiveTime(field)


def digest(value: str) -> None:
    """Pass when `value` is a SHA-256 in lower-case hexadecimal.

    Raises:
        NotADigest.
    """
    if not _SHA256.fullmatch(value):
        raise NotADigest(value)
