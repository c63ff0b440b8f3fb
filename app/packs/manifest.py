"""What a pack file says about itself, and the signature of the county that exported it. It reads no archive.

The signature (Ed25519) is over the bytes of manifest.json, which names the SHA-256 of every file.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.config_values import PackKey, TrustedKey
from casework.pack_refusals import BundleRefused
from rules.model import Label
from rules.pack import FILES, digest_of

FORMAT = "jianjian-pack/1"
ALG = "Ed25519"


class Trust(StrEnum):
    """Whether one knows who exported a pack file."""

    TRUSTED = "trusted"  # signed with a key that this installation trusts
    UNKNOWN_KEY = "unknown_key"  # whole, but signed by somebody this installation does not know
    UNSIGNED = "unsigned"


TRUST_LABELS: Mapping[Trust, Label] = {
    Trust.TRUSTED: Label("签名有效，密钥可信", "signed with a trusted key"),
    Trust.UNKNOWN_KEY: Label(
        "签名有效，但密钥不在可信名单中，请向来源单位核实", "signed, but with an unknown key: ask who sent it"
    ),
    Trust.UNSIGNED: Label("没有签名，无法确认来源，请核实", "not signed: nobody can say where it comes from"),
}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a pack file says about itself.

    Attributes:
        county: that exported it, as its settings name it.
        sha256: of every file, by name.
        author, approver: who wrote and who approved it; empty for the first pack of an installation.
        created: when it was stored there.
    """

    pack: str
    version: int
    digest: str
    county: str
    sha256: Mapping[str, str]
    author: str
    approver: str
    created: datetime

    @property
    def ref(self) -> str:
        """Return id@version+digest."""
        return f"{self.pack}@{self.version}+{self.digest}"


def sha256_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the SHA-256 of every file, by name."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return manifest.json: the same manifest gives the same bytes."""
    said = {
        "format": FORMAT,
        "pack": manifest.pack,
        "version": manifest.version,
        "digest": manifest.digest,
        "county": manifest.county,
        "files": dict(sorted(manifest.sha256.items())),
        "author": manifest.author,
        "approver": manifest.approver,
        "created": manifest.created.isoformat(),
    }
    return (json.dumps(said, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def signature_bytes(manifest: bytes, key: PackKey) -> bytes:
    """Return manifest.sig for these bytes."""
    private = Ed25519PrivateKey.from_private_bytes(key.secret)
    said = {
        "alg": ALG,
        "key_id": key.key_id,
        "public_key": _encoded(private.public_key().public_bytes_raw()),
        "signature": _encoded(private.sign(manifest)),
    }
    return (json.dumps(said, indent=2, sort_keys=True) + "\n").encode()


def own_public_key(key: PackKey) -> TrustedKey:
    """Return the key that other installations need to trust what this one signs."""
    public = Ed25519PrivateKey.from_private_bytes(key.secret).public_key().public_bytes_raw()
    return TrustedKey(key.key_id, public)


def shown_key(key: TrustedKey) -> str:
    """Return a public key as settings take it, `id:base64`."""
    return f"{key.key_id}:{_encoded(key.public)}"


def read_manifest(content: bytes) -> Manifest:
    """Return what manifest.json says.

    Raises:
        BundleRefused: it does not say what it must.
    """
    try:
        said = json.loads(content)
        manifest = Manifest(
            pack=_text(said, "pack"),
            version=_number(said, "version"),
            digest=_text(said, "digest"),
            county=_text(said, "county"),
            sha256={str(name): str(value) for name, value in said["files"].items()},
            author=_text(said, "author"),
            approver=_text(said, "approver"),
            created=datetime.fromisoformat(_text(said, "created")),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BundleRefused(
            "manifest.json 无法读取。请让来源单位重新导出。",
            "manifest.json cannot be read. Have it exported again.",
        ) from None
    if said.get("format") != FORMAT:
        raise BundleRefused(
            f"清单格式不是 {FORMAT}，可能来自不同版本的系统。",
            f"The manifest's format is not {FORMAT}: it may come from another version of the system.",
        )
    return manifest


def require_whole(manifest: Manifest, files: Mapping[str, bytes]) -> None:
    """Do nothing if the files are those of the manifest, byte for byte.

    Raises:
        BundleRefused: one was changed, added or removed.
    """
    found = sha256_of(files)
    wrong = sorted(
        name for name in {*found, *manifest.sha256} if found.get(name) != manifest.sha256.get(name)
    )
    if wrong or digest_of(files) != manifest.digest or not set(files) <= set(FILES):
        named = "、".join(wrong) or "digest"
        raise BundleRefused(
            f"内容与清单不符（{named}），文件可能被改动过。请让来源单位重新导出。",
            f"What is in it differs from its manifest ({named}): it may have been tampered with. "
            "Have it exported again.",
        )


def trust_of(manifest: bytes, signature: bytes | None, trusted: Sequence[TrustedKey]) -> tuple[Trust, str]:
    """Return whether the manifest's signer is known, and the id of his key.

    Raises:
        BundleRefused: the signature does not fit the manifest.
    """
    if signature is None:
        return Trust.UNSIGNED, ""
    try:
        said = json.loads(signature)
        key_id, public = _text(said, "key_id"), base64.b64decode(_text(said, "public_key"), validate=True)
        signed = base64.b64decode(_text({ALG: said["signature"]}, said["alg"]), validate=True)
        Ed25519PublicKey.from_public_bytes(public).verify(signed, manifest)
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        binascii.Error,
        InvalidSignature,
    ):
        raise BundleRefused(
            "签名与内容不符，文件可能被改动过。请勿使用，并让来源单位重新导出。",
            "The signature does not fit: it may have been tampered with. Have it exported again.",
        ) from None
    is_known = any(key.public == public for key in trusted)  # by the key, not by the name it gives itself
    return (Trust.TRUSTED if is_known else Trust.UNKNOWN_KEY), key_id


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _text(said: Mapping[str, object], name: str) -> str:
    value = said[name]
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def _number(said: Mapping[str, object], name: str) -> int:
    value = said[name]
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(name)
    return value
