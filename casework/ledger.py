"""An append-only chain of sealed entries: any change, gap or swap shows, and the first one is named.

It leaves out where entries are kept (`store`), and the day's signed root that will stand outside the
database. Without such a head from outside, a chain whose end was cut off verifies; pass `head`.

**The bytes (version 1).** An entry is canonical JSON: UTF-8, no spaces, keys sorted by code point,
characters not escaped unless JSON demands it, text as it is (no Unicode normalisation); `Decimal` as a
plain number in a string without exponent and trailing zeros, a UUID in its usual form, an instant in UTC
with microseconds and Z, a date as YYYY-MM-DD, a sequence as a list. It is the object
`{"payload": …, "version": 1}`.

**The hash.** SHA-256 over the fields below, each led by its length in bytes as eight bytes, big-endian:
`jianjian-ledger-1`, name of the chain, seq in decimal, alg, previous hash in hex, canonical bytes. The
first entry has seq 1; its previous hash is the SHA-256 of `jianjian-ledger-1` and the chain's name, each
led by its length. The chain's name is the county's code, so that entries cannot move between counties.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

from casework.errors import NaiveInstant
from rules.model import Label

VERSION = 1
ALG = "sha256"
_DOMAIN = b"jianjian-ledger-1"

LedgerValue = str | int | bool | None | Decimal | datetime | date | uuid.UUID | Sequence["LedgerValue"]
Payload = Mapping[str, LedgerValue]


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry as the chain keeps it.

    Attributes:
        seq: from 1, without gaps.
        canonical: the bytes that were sealed.
        prev_hash: hash of the entry before, in hex.
        hash: of this entry, in hex.
    """

    seq: int
    alg: str
    canonical: bytes
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A sealed entry with the payload read back from the columns beside it."""

    sealed: Sealed
    payload: Payload


class ChainFault(StrEnum):
    """What can be wrong with an entry."""

    SEQ = "seq"
    PREVIOUS = "previous"
    HASH = "hash"
    COLUMNS = "columns"
    ALGORITHM = "algorithm"
    HEAD = "head"


_FAULTS = {
    ChainFault.SEQ: Label(
        "序号不连续，有条目被删除、插入或调换", "Sequence broken: removed, inserted or swapped"
    ),
    ChainFault.PREVIOUS: Label("与上一条的链接不符", "Does not link to the entry before"),
    ChainFault.HASH: Label("内容与封存值不符，条目被改动", "Content does not match its seal: it was changed"),
    ChainFault.COLUMNS: Label("显示的内容与封存的内容不符", "What is shown differs from what was sealed"),
    ChainFault.ALGORITHM: Label("封存算法未知", "Sealed with an unknown algorithm"),
    ChainFault.HEAD: Label("与库外留存的末条不符，末尾被截断或重写", "Differs from the head kept outside"),
}


@dataclass(frozen=True, slots=True)
class ChainProblem:
    """A fault of an entry.

    Attributes:
        position: of the entry in the order given, from 1.
        seq: what the entry calls itself.
    """

    position: int
    seq: int
    fault: ChainFault
    why: Label


def canonical(payload: Payload) -> bytes:
    """Return the canonical bytes of a payload (see the module's page).

    Raises:
        NaiveInstant: the payload holds an instant without time zone.
    """
    plain = {"payload": {key: _plain(key, value) for key, value in payload.items()}, "version": VERSION}
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "surrogatepass")


def seal(previous: Sealed | None, payload: Payload, *, chain: str) -> Sealed:
    """Return `payload` sealed as the entry after `previous`.

    Args:
        previous: the last entry, None for an empty chain.
        payload: columns of the entry by name.
        chain: name of the chain, the county's code.

    Raises:
        NaiveInstant: the payload holds an instant without time zone.
    """
    seq = 1 if previous is None else previous.seq + 1
    prev_hash = genesis(chain) if previous is None else previous.hash
    content = canonical(payload)
    return Sealed(seq, ALG, content, prev_hash, _hash(chain, seq, ALG, prev_hash, content))


def genesis(chain: str) -> str:
    """Return the previous hash of the first entry of a chain, in hex."""
    return hashlib.sha256(_framed(_DOMAIN, chain.encode())).hexdigest()


def verify(entries: Iterable[Kept], *, chain: str, head: Sealed | None = None) -> tuple[ChainProblem, ...]:
    """Return every fault of a chain in order, so that the first names the first bad entry.

    Args:
        entries: all of them, in the order of the database.
        chain: name of the chain.
        head: the last entry as it was noted outside the database, if there is such a note.

    Returns:
        Empty if the chain is whole.
    """
    found: list[ChainProblem] = []
    prev_hash, position = genesis(chain), 0
    matches_head = head is None
    for position, kept in enumerate(entries, start=1):
        sealed = kept.sealed
        found += [
            ChainProblem(position, sealed.seq, fault, _FAULTS[fault])
            for fault in _faults(kept, chain, position, prev_hash)
        ]
        prev_hash = sealed.hash
        matches_head = matches_head or sealed == head
    if not matches_head and head is not None:
        found.append(ChainProblem(position + 1, head.seq, ChainFault.HEAD, _FAULTS[ChainFault.HEAD]))
    return tuple(found)


def _faults(kept: Kept, chain: str, position: int, prev_hash: str) -> Iterable[ChainFault]:
    sealed = kept.sealed
    if sealed.seq != position:
        yield ChainFault.SEQ
    if sealed.prev_hash != prev_hash:
        yield ChainFault.PREVIOUS
    if sealed.alg != ALG:
        yield ChainFault.ALGORITHM
    elif sealed.hash != _hash(chain, sealed.seq, sealed.alg, sealed.prev_hash, sealed.canonical):
        yield ChainFault.HASH
    if canonical(kept.payload) != sealed.canonical:
        yield ChainFault.COLUMNS


def _hash(chain: str, seq: int, alg: str, prev_hash: str, content: bytes) -> str:
    framed = _framed(
        _DOMAIN,
        chain.encode(),
        str(seq).encode(),
        alg.encode(),
        prev_hash.encode("utf-8", "surrogatepass"),
        content,
    )
    return hashlib.sha256(framed).hexdigest()


def _framed(*fields: bytes) -> bytes:
    return b"".join(len(field).to_bytes(8, "big") + field for field in fields)


def _plain(name: str, value: LedgerValue) -> str | int | bool | list[object] | None:
    match value:
        case datetime():
            if value.tzinfo is None:
                raise NaiveInstant(name, value)
            return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        case date() | uuid.UUID():
            return str(value)
        case Decimal():
            return _number(value)
        case str() | int() | None:  # bool is an int
            return value
        case _:
            return [_plain(name, item) for item in value]


def _number(value: Decimal) -> str:
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"", "-0"} else text
