"""Sealing: opens only for the same purpose, with any key of the installation, and never when touched."""

from __future__ import annotations

import dataclasses

import pytest

from app.config_values import IdentityKey
from app.vault import Vault, VaultError

OLD = IdentityKey("k1", bytes(range(32)))
NEW = IdentityKey("k2", bytes(range(32, 64)))


def test_what_was_sealed_opens_again_for_the_same_purpose():
    vault = Vault((OLD,))
    sealed = vault.seal("王某".encode(), purpose="identity/demo/1")

    assert vault.open(sealed, purpose="identity/demo/1").decode() == "王某"


def test_the_first_key_seals_and_the_others_still_open():
    before = Vault((OLD,)).seal(b"x", purpose="p")
    rotated = Vault((NEW, OLD))

    assert rotated.seal(b"x", purpose="p").key_id == "k2"
    assert rotated.open(before, purpose="p") == b"x"


def test_sealing_twice_gives_two_ciphertexts():
    vault = Vault((OLD,))

    assert vault.seal(b"x", purpose="p").ciphertext != vault.seal(b"x", purpose="p").ciphertext


def test_it_does_not_open_for_another_row():
    vault = Vault((OLD,))
    sealed = vault.seal(b"x", purpose="identity/demo/1")

    with pytest.raises(VaultError, match="another row"):
        vault.open(sealed, purpose="identity/demo/2")


@pytest.mark.parametrize("at", [0, 12, -1], ids=["nonce", "body", "tag"])
def test_a_flipped_bit_is_noticed(at: int):
    vault = Vault((OLD,))
    sealed = vault.seal(b"some words", purpose="p")
    touched = bytearray(sealed.ciphertext)
    touched[at] ^= 1

    with pytest.raises(VaultError):
        vault.open(dataclasses.replace(sealed, ciphertext=bytes(touched)), purpose="p")


def test_a_missing_key_is_named_so_that_it_can_be_brought_back():
    sealed = Vault((OLD,)).seal(b"x", purpose="p")

    with pytest.raises(VaultError, match="k1"):
        Vault((NEW,)).open(sealed, purpose="p")


def test_a_ciphertext_under_one_key_id_does_not_open_when_relabelled():
    vault = Vault((IdentityKey("k1", OLD.secret), IdentityKey("k3", OLD.secret)))
    sealed = vault.seal(b"x", purpose="p")

    with pytest.raises(VaultError):
        vault.open(dataclasses.replace(sealed, key_id="k3"), purpose="p")
