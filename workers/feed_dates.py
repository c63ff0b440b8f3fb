"""The date that an item of a feed gives, as it was meant or not at all; never a day that nobody wrote.

It knows no feed: a date that it cannot read is the caller's to tell of.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from casework.workdays import CHINA

_NUMBERS = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T\s]*(\d{1,2})(?:[:：时点](\d{1,2}))?(?:[:：分](\d{1,2})(?:\.\d+)?)?[时点分秒]?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
_MONTH = re.compile(r"\d\s*[- ]?\s*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)
_LONGEST = 60  # characters; no date is longer


def instant_of(text: str) -> datetime | None:
    """Return the instant (aware UTC) that a date names, of the county where it names no zone.

    Read are RFC 822 as RSS has it, ISO 8601 as Atom and JSON Feed have it, and years, months and days in
    numbers, with 年月日 too. A month or a year alone is no date: feeds are not to be given a day.

    Returns:
        None where it cannot be read, or lies beyond the years that a clock can tell.
    """
    text = " ".join(text.split())
    if len(text) > _LONGEST:
        return None
    try:
        at = _iso(text) or _numbers(text) or _rfc822(text)
        if at is None:
            return None
        return (at if at.tzinfo is not None else at.replace(tzinfo=CHINA)).astimezone(UTC)
    except (ValueError, OverflowError, IndexError, TypeError):  # the last two: email.utils on odd letters
        return None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _numbers(text: str) -> datetime | None:
    found = _NUMBERS.fullmatch(text)
    if found is None:
        return None
    *numbers, zone = found.groups()
    at = datetime(*(int(number or 0) for number in numbers))  # type: ignore[arg-type]  # noqa: DTZ001
    if zone is None:
        return at
    return datetime.fromisoformat(f"{at.isoformat()}{zone if zone[0] in '+-' else 'Z'}")


def _rfc822(text: str) -> datetime | None:
    if _MONTH.search(text) is None:  # else email.utils makes days of any numbers
        return None
    at = parsedate_to_datetime(text)
    # "-0000" says UTC without saying where; email.utils leaves its zone out as if none had been named.
    return at.replace(tzinfo=UTC) if at.tzinfo is None and text.endswith("-0000") else at
