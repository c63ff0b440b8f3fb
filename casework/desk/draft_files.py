"""What can be a file of a draft: a name of the pack format, UTF-8 text, not too large. It reads no rule."""

from __future__ import annotations

from collections.abc import Mapping

from casework.pack_refusals import FileRefused
from rules.pack import FILES, digest_of
from rules.yamltree import LARGEST_FILE


def text_of(name: str, content: bytes) -> str:
    """Return the content of a file as a draft keeps it.

    Raises:
        FileRefused: it cannot be part of a pack.
    """
    if name not in FILES:
        raise FileRefused(
            name, f"规则包只含这些文件：{'、'.join(FILES)}", f"a pack has these files: {', '.join(FILES)}"
        )
    if len(content) > LARGEST_FILE:
        raise FileRefused(name, f"超过 {LARGEST_FILE} 字节", f"it is larger than {LARGEST_FILE} bytes")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise FileRefused(name, "不是 UTF-8 编码的文本", "it is no text in UTF-8") from None
    if "\x00" in text:
        raise FileRefused(name, "含有空字符", "it holds a NUL character")
    return text


def digest_of_texts(files: Mapping[str, str]) -> str:
    """Return the digest of files as a draft keeps them."""
    return digest_of({name: text.encode() for name, text in files.items()})
