"""The text of one environment variable -> its value, or a refusal that says what to do.

It reads no environment and knows nothing of other variables: `app.config` does.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from dataclasses import dataclass, field
from pathlib import Path

DEMO_MARK = "demo-"
"""Prefix of every secret that the launcher makes for the demo; refused everywhere else."""
SECRET_LENGTH = 32  # characters: 32 of base64 carry 192 bits
KEY_BYTES = 32  # AES-256-GCM
_EXAMPLES = (
    "changeme",
    "change-me",
    "example",
    "placeholder",
    "password",
    "secretkey",
    "your-secret",
    "xxxx",
    "<",
)
_DISTINCT = 10  # a random secret of 32 characters has far more; "aaaa…" and "0123…0123" have not
_KEY_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_COUNTY = re.compile(r"[a-z][a-z0-9-]{0,31}")
_PORTS = range(1, 65536)


@dataclass(frozen=True, slots=True)
class IdentityKey:
    """A key for identities apart: its id is written beside every ciphertext."""

    key_id: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PackKey:
    """The key with which this installation signs the packs that it exports: a seed of Ed25519."""

    key_id: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """The public key of an installation whose packs are taken as coming from there."""

    key_id: str
    public: bytes


class RefusedError(ValueError):
    """A value that cannot be used; the message says what to do, without the variable's name."""


def _make(expression: str) -> str:
    return f"`python3 -c 'import base64, secrets; print({expression})'`"


_MAKE_SECRET = _make("secrets.token_urlsafe(48)")
_MAKE_KEY = _make('"k1:" + base64.b64encode(secrets.token_bytes(32)).decode()')
HOW_TO_SET = {
    "JIANJIAN_SECRET_KEY": f"set it to the output of {_MAKE_SECRET} and keep it",
    "JIANJIAN_IDENTITY_KEYS": f"set it to the output of {_MAKE_KEY} and keep a copy away from the database",
    "JIANJIAN_COUNTY": "set it to the county's short name, such as `qingshui`",
    "JIANJIAN_PACK": "set it to the directory of the county's rule pack",
    "REDIS_URL": "set it to the queue server, such as `unix:///run/redis/redis.sock` or `redis://host:6379/0`",
}


def flag(raw: str) -> bool:
    """Return whether a switch is on."""
    if raw not in {"0", "1"}:
        raise RefusedError(f"is {raw!r}: set it to 1 or 0")
    return raw == "1"


def is_loopback(host: str) -> bool:
    """Return whether an address that is listened on can be reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def count(raw: str) -> int:
    """Return a whole number, 0 or more."""
    if not (raw.isascii() and raw.isdigit()):
        raise RefusedError(f"is {raw!r}: set it to a whole number, 0 or more")
    return int(raw)


def port(raw: str) -> int:
    """Return a TCP port."""
    if not (raw.isascii() and raw.isdigit() and int(raw) in _PORTS):
        raise RefusedError(f"is {raw!r}: set it to a number from 1 to 65535")
    return int(raw)


def county(raw: str) -> str:
    """Return the county's short name, which stands on every business row."""
    if not _COUNTY.fullmatch(raw):
        raise RefusedError(f"is {raw!r}: use small letters, digits and hyphens, at most 32, a letter first")
    return raw


def pack_dir(raw: str) -> Path:
    """Return the absolute path of an existing directory."""
    path = Path(raw).absolute()
    if not path.is_dir():
        raise RefusedError(f"names {raw!r}, which is no directory: point it at the county's rule pack")
    return path


def database_url(raw: str) -> str:
    """Return the address with the driver that is installed; PostgreSQL is reached through psycopg 3."""
    scheme, separator, rest = raw.partition("://")
    if separator and scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
        return f"postgresql+psycopg://{rest}"
    if separator and scheme == "sqlite":
        return raw
    raise RefusedError(
        "is no address this system can use: write `postgresql://user:password@host/name` or `sqlite:///file`"
    )


def redis_url(raw: str) -> str:
    """Return the address of the queue server."""
    if not raw.startswith(("unix://", "redis://", "rediss://")):
        raise RefusedError(
            "is no address of a Redis-protocol server: write `unix:///path` or `redis://host:6379/0`"
        )
    return raw


def _no_example(raw: str, *, demo: bool) -> None:
    """Refuse what was copied from a page: examples, one character over and over, the demo's own."""
    if raw.startswith(DEMO_MARK) and not demo:
        raise RefusedError("is the demo's: make a new one for this installation")
    if any(example in raw.lower() for example in _EXAMPLES) or len(set(raw)) < _DISTINCT:
        raise RefusedError("looks like an example: make a random one")


def secret(raw: str, *, demo: bool) -> str:
    """Return a secret that is long enough, random by its looks, and not the demo's outside the demo."""
    if len(raw) < SECRET_LENGTH:
        raise RefusedError(
            f"has {len(raw)} characters, not {SECRET_LENGTH}: {HOW_TO_SET['JIANJIAN_SECRET_KEY']}"
        )
    _no_example(raw, demo=demo)
    return raw


def identity_keys(raw: str, *, demo: bool) -> tuple[IdentityKey, ...]:
    """Return the keys of a list `id:key,id:key`; the first one encrypts."""
    keys = tuple(_identity_key(part.strip(), demo=demo) for part in raw.split(","))
    if len({key.key_id for key in keys}) < len(keys):
        raise RefusedError(
            "uses one key id twice: give every key its own id, it is stored beside what it encrypted"
        )
    return keys


def _identity_key(part: str, *, demo: bool) -> IdentityKey:
    key_id, separator, encoded = part.partition(":")
    if not separator or not _KEY_ID.fullmatch(key_id):
        raise RefusedError(f"is not a list of `id:key`, newest first: {HOW_TO_SET['JIANJIAN_IDENTITY_KEYS']}")
    try:
        secret = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise RefusedError(
            f"has a key {key_id!r} that is no base64: {HOW_TO_SET['JIANJIAN_IDENTITY_KEYS']}"
        ) from None
    if len(secret) != KEY_BYTES:
        raise RefusedError(f"has a key {key_id!r} of {len(secret)} bytes, not {KEY_BYTES}: {_MAKE_KEY}")
    if key_id.startswith(DEMO_MARK) and not demo:
        raise RefusedError("holds the demo's key: make a new one for this installation")
    if len(set(secret)) < _DISTINCT:
        raise RefusedError(f"has a key {key_id!r} that looks like an example: make a random one")
    return IdentityKey(key_id, secret)


def pack_signing_key(raw: str, *, demo: bool) -> PackKey | None:
    """Return the key that signs exported packs; None where none is set: exports then say "unsigned"."""
    if not raw:
        return None
    key = _identity_key(raw.strip(), demo=demo)
    return PackKey(key.key_id, key.secret)


def trusted_keys(raw: str) -> tuple[TrustedKey, ...]:
    """Return the public keys of a list `id:key,id:key`, as `flask packs key` of their owners prints them."""
    return tuple(_trusted_key(part.strip()) for part in raw.split(",") if part.strip())


def _trusted_key(part: str) -> TrustedKey:
    key_id, separator, encoded = part.partition(":")
    if not separator or not _KEY_ID.fullmatch(key_id):
        raise RefusedError("is not a list of `id:key`: have each county print its own with `flask packs key`")
    try:
        public = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise RefusedError(
            f"has a key {key_id!r} that is no base64: print it with `flask packs key`"
        ) from None
    if len(public) != KEY_BYTES:
        raise RefusedError(f"has a key {key_id!r} of {len(public)} bytes, not {KEY_BYTES}")
    return TrustedKey(key_id, public)
