"""Seals what is kept apart (identities, pseudonym keys) with AES-256-GCM under named keys.

It stores nothing and knows no table: who may open what is the business of `casework.desk.identity`.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.config_values import IdentityKey
from casework.desk.unit import Sealed

ALG = "AES-256-GCM"
NONCE_BYTES = 12
"""Source: NIST SP 800-38D §8.2: 96 bits; random ones are safe for 2**32 messages a key."""


class VaultError(Exception):
    """A sealed value cannot be opened. The message names the key, never the content."""

    code = "vault"


class Vault:
    """The cipher of one installation: the first key seals, every key opens."""

    def __init__(self, keys: Sequence[IdentityKey]) -> None:
        if not keys:
            raise VaultError("no key to seal identities with: set JIANJIAN_IDENTITY_KEYS")
        self._current = keys[0].key_id
        self._keys = {key.key_id: AESGCM(key.secret) for key in keys}

    def seal(self, plain: bytes, *, purpose: str) -> Sealed:
        """Return `plain` sealed under the current key; it opens only with the same `purpose`.

        Args:
            plain: what is hidden.
            purpose: names county, object and use; bound to the ciphertext as associated data, so that a
                sealed value copied to another row does not open there.
        """
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._keys[self._current].encrypt(nonce, plain, _bound(self._current, purpose))
        return Sealed(alg=ALG, key_id=self._current, ciphertext=nonce + sealed)

    def open(self, sealed: Sealed, *, purpose: str) -> bytes:
        """Return the plain bytes.

        Raises:
            VaultError: the key is not among the installation's, or purpose or bytes do not fit.
        """
        key = self._keys.get(sealed.key_id)
        if key is None or sealed.alg != ALG:
            raise VaultError(
                f"sealed with key {sealed.key_id!r} ({sealed.alg}), which this installation does not have: "
                "add it to JIANJIAN_IDENTITY_KEYS"
            )
        nonce, body = sealed.ciphertext[:NONCE_BYTES], sealed.ciphertext[NONCE_BYTES:]
        try:
            return key.decrypt(nonce, body, _bound(sealed.key_id, purpose))
        except InvalidTag:
            raise VaultError(
                f"does not open with key {sealed.key_id!r}: altered, or of another row"
            ) from None


def _bound(key_id: str, purpose: str) -> bytes:
    return f"jianjian/{ALG}/{key_id}/{purpose}".encode()
