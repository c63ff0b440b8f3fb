"""Pack files: the same bytes each time, whole or refused, and it is always said who signed."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config_values import PackKey
from app.packs.bundle import LARGEST_BUNDLE, MANIFEST, SIGNATURE, make_bundle, read_bundle
from app.packs.manifest import Manifest, Trust, own_public_key, sha256_of
from casework.pack_refusals import BundleRefused
from rules.pack import digest_of
from rules.yamltree import LARGEST_FILE
from tests.small_pack import small_pack

FILES = small_pack()
KEY, OTHER = PackKey("k1", bytes(range(32))), PackKey("k1", bytes(range(1, 33)))
TRUSTED = (own_public_key(KEY),)


def _manifest(files: Mapping[str, bytes] = FILES) -> Manifest:
    return Manifest(
        pack="small",
        version=1,
        digest=digest_of(files),
        county="yunling",
        sha256=sha256_of(files),
        author="示例起草人",
        approver="示例主任",
        created=datetime(2026, 11, 16, tzinfo=UTC),
    )


def _zip(entries: Mapping[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", how) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return into.getvalue()


def _entries(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


SIGNED = make_bundle(_manifest(), FILES, KEY)


def test_equal_packs_give_equal_bytes_and_come_back_whole():
    assert make_bundle(_manifest(), dict(reversed(FILES.items())), KEY) == SIGNED

    bundle = read_bundle(SIGNED, TRUSTED)

    assert bundle.files == FILES
    assert bundle.manifest == _manifest()
    assert (bundle.trust, bundle.key_id) == (Trust.TRUSTED, "k1")
    assert "示例主任" in bundle.origin


@pytest.mark.parametrize(
    ("content", "trust"),
    [
        (make_bundle(_manifest(), FILES, OTHER), Trust.UNKNOWN_KEY),  # though it calls itself k1, too
        (make_bundle(_manifest(), FILES, None), Trust.UNSIGNED),
        (_zip(FILES), Trust.UNSIGNED),
    ],
    ids=["unknown key", "manifest without signature", "plain zip"],
)
def test_who_is_not_known_is_said_and_taken_all_the_same(content: bytes, trust: Trust):
    bundle = read_bundle(content, TRUSTED)

    assert bundle.trust is trust
    assert "请" in bundle.told.zh
    assert bundle.files == FILES


def _other_county(entries: dict[str, bytes]) -> None:
    said = json.loads(entries[MANIFEST])
    entries[MANIFEST] = json.dumps(said | {"county": "elsewhere"}).encode()


def _rule_removed(entries: dict[str, bytes]) -> None:
    entries["severity.yaml"] = entries["severity.yaml"][:-5]


def _resigned(entries: dict[str, bytes]) -> None:
    """Change a file and make a manifest that fits, but keep the old signature."""
    files = {name: content for name, content in entries.items() if name in FILES}
    files["severity.yaml"] += b"\n"
    entries |= _entries(make_bundle(_manifest(files), files, None))


@pytest.mark.parametrize(
    "tamper",
    [
        _other_county,
        _rule_removed,
        _resigned,
        lambda entries: entries.pop("units.yaml"),
        lambda entries: entries.pop(MANIFEST),
        lambda entries: entries.update({SIGNATURE: b"{}"}),
        lambda entries: entries.update({MANIFEST: b"[" * 100_000}),
        lambda entries: entries.update({"../severity.yaml": b"x: 1"}),
        lambda entries: entries.update({"run.sh": b"x"}),
    ],
    ids=[
        "another county",
        "a rule removed",
        "manifest made anew",
        "a file removed",
        "no manifest",
        "an empty signature",
        "a manifest without end",
        "a path upwards",
        "a foreign file",
    ],
)
def test_what_was_tampered_with_is_refused(tamper: Callable[[dict[str, bytes]], object]):
    entries = _entries(SIGNED)
    tamper(entries)

    with pytest.raises(BundleRefused):
        read_bundle(_zip(entries), TRUSTED)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 no zip",
        SIGNED[: len(SIGNED) // 2],
        b"0" * (LARGEST_BUNDLE + 1),
        _zip({}),
        _zip({"units.yaml": b"0" * (LARGEST_FILE + 1)}),
        _zip(dict.fromkeys(FILES, b"0" * LARGEST_FILE)),
    ],
    ids=["empty", "no zip", "cut off", "too large", "without files", "a large file", "large altogether"],
)
def test_what_is_no_pack_file_is_refused_in_words(content: bytes):
    with pytest.raises(BundleRefused) as refused:
        read_bundle(content, TRUSTED)

    assert refused.value.zh
    assert refused.value.en


def test_a_header_that_lies_about_a_size_unpacks_no_more_than_the_limit():
    bomb = bytearray(_zip({"units.yaml": b"0" * (LARGEST_FILE * 2)}))
    honest = (LARGEST_FILE * 2).to_bytes(4, "little")
    lie = (10).to_bytes(4, "little")
    assert bytes(bomb).count(honest) >= 2

    with pytest.raises(BundleRefused):
        read_bundle(bytes(bomb).replace(honest, lie), TRUSTED)


def test_a_file_that_stands_twice_is_refused():
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        archive.writestr("units.yaml", b"a: 1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("units.yaml", b"b: 2")

    with pytest.raises(BundleRefused, match="twice"):
        read_bundle(into.getvalue(), TRUSTED)


@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
def test_no_single_byte_can_be_changed_unseen(at: int, by: int):
    changed = bytearray(SIGNED)
    changed[at] = (changed[at] + by) % 256

    try:
        bundle = read_bundle(bytes(changed), TRUSTED)
    except BundleRefused:
        return
    assert bundle.files == FILES
    assert bundle.manifest == _manifest()
    assert bundle.trust is Trust.TRUSTED
