"""A pack as one file: a zip with its YAML files, manifest.json and manifest.sig, made and read with care.

Equal packs give equal bytes. What is read was made by somebody else: names, sizes and counts are limited
before anything is unpacked, and nothing is written to a disk.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.config_values import PackKey, TrustedKey
from app.packs.manifest import (
    TRUST_LABELS,
    Manifest,
    Trust,
    manifest_bytes,
    read_manifest,
    require_whole,
    signature_bytes,
    trust_of,
)
from casework.pack_refusals import BundleRefused
from rules.guarded import LARGEST_PACK
from rules.model import Label
from rules.pack import FILES
from rules.yamltree import LARGEST_FILE

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
LARGEST_BUNDLE = 20 * 1024 * 1024  # bytes of the zip itself
MOST_ENTRIES = 2 * len(FILES)
LARGEST_NOTE = 256 * 1024  # bytes of manifest or signature
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say
_MODE = 0o644 << 16
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Bundle:
    """A pack file that was read and is what it says.

    Attributes:
        manifest: None for a plain zip of YAML files, which nobody signed.
        key_id: as the signer calls his key.
    """

    files: Mapping[str, bytes]
    manifest: Manifest | None
    trust: Trust
    key_id: str

    @property
    def origin(self) -> str:
        """Return in words, both languages, where it comes from: what the approver of its draft reads."""
        label = TRUST_LABELS[self.trust]
        if self.manifest is None:
            return f"外来文件，{label.zh} / from outside, {label.en}"
        told, key = self.manifest, f"（密钥 {self.key_id}）" if self.key_id else ""
        return (
            f"导入自 {told.county} 的 {told.ref}，起草 {told.author or '—'}，批准 {told.approver or '—'}；"
            f"{label.zh}{key} / from {told.county}, {label.en}"
        )

    @property
    def told(self) -> Label:
        """Return whether one knows who exported it."""
        return TRUST_LABELS[self.trust]


def make_bundle(manifest: Manifest, files: Mapping[str, bytes], key: PackKey | None) -> bytes:
    """Return a pack as one file, the same bytes each time; signed where there is a key."""
    head = manifest_bytes(manifest)
    entries = {MANIFEST: head, **({SIGNATURE: signature_bytes(head, key)} if key else {}), **files}
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:  # compressors differ, stored bytes do not
        for name in sorted(entries):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.external_attr = _MODE
            info.create_system = 3
            archive.writestr(info, entries[name])
    return into.getvalue()


def read_bundle(content: bytes, trusted: Sequence[TrustedKey]) -> Bundle:
    """Return what a pack file holds, whole and unchanged since it was signed.

    Args:
        content: as it was handed over.
        trusted: public keys that this installation trusts, its own included.

    Raises:
        BundleRefused: it is no pack file, too large, or was tampered with.
    """
    if len(content) > LARGEST_BUNDLE:
        raise BundleRefused(f"超过 {LARGEST_BUNDLE} 字节。", f"It is larger than {LARGEST_BUNDLE} bytes.")
    entries = _entries(content)
    head, signature = entries.pop(MANIFEST, None), entries.pop(SIGNATURE, None)
    if not entries:
        raise BundleRefused("其中没有规则文件。", "There is no file of a pack in it.")
    if head is None:
        if signature is not None:
            raise BundleRefused("有签名而没有清单。", "It has a signature but no manifest.")
        return Bundle(entries, None, Trust.UNSIGNED, "")
    manifest = read_manifest(head)
    trust, key_id = trust_of(head, signature, trusted)
    require_whole(manifest, entries)
    return Bundle(entries, manifest, trust, key_id)


def _entries(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            _require_tame(infos)
            left = LARGEST_PACK
            entries: dict[str, bytes] = {}
            for info in infos:
                limit = LARGEST_NOTE if info.filename in {MANIFEST, SIGNATURE} else LARGEST_FILE
                entries[info.filename] = _read(archive, info, min(limit, left))
                left -= len(entries[info.filename])
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise BundleRefused(
            "不是可以读取的 zip 文件。请让来源单位重新导出。",
            "It is no zip that can be read. Have it exported again.",
        ) from error
    return entries


def _require_tame(infos: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse by names and declared sizes; what is read is counted again, a header may lie."""
    names = [info.filename for info in infos]
    foreign = sorted({name for name in names if name not in {*FILES, MANIFEST, SIGNATURE}})
    if foreign:
        some = "、".join(repr(name)[:60] for name in foreign[:3])
        raise BundleRefused(
            f"含有不属于规则包的文件：{some}。文件须直接放在压缩包根目录。",
            f"It holds files that are no part of a pack: {some}. They must stand at its top level.",
        )
    if len(names) > MOST_ENTRIES or len(set(names)) < len(names):
        raise BundleRefused("含有重复的文件。", "It holds a file twice.")
    if any(info.flag_bits & 0x1 for info in infos):
        raise BundleRefused("设有密码。请导出不加密的文件。", "It has a password. Export it without one.")
    if sum(info.file_size for info in infos) > LARGEST_PACK:
        raise BundleRefused(
            f"解压后超过 {LARGEST_PACK} 字节。", f"It unpacks to more than {LARGEST_PACK} bytes."
        )


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    parts, size = [], 0
    with archive.open(info) as stream:
        while part := stream.read(_CHUNK):
            size += len(part)
            if size > limit:
                raise BundleRefused(f"{info.filename} 过大。", f"{info.filename} is too large.")
            parts.append(part)
    return b"".join(parts)
