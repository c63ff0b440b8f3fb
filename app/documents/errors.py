"""What can go wrong between a document's data and its bytes, one class per situation a caller can act on.

It leaves out how an error is shown: that is the edge's business.
"""

# ruff: noqa: N818 — an error is named for the situation (style.md §2.8), not for its being an error.
from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import ClassVar

from casework.errors import CaseworkError


class DocumentError(CaseworkError):
    """Root of all errors of documents; it carries what every error of the house carries."""

    code: ClassVar[str] = "document-error"


class FieldMissing(DocumentError):
    """A field without which the document means nothing is empty."""

    code = "document-field-missing"

    def __init__(self, field: str) -> None:
        super().__init__(
            f"文书缺少必填内容（{field}），请补充后再生成。", f"The document needs '{field}'; fill it in."
        )
        self.field = field


class FieldTooLong(DocumentError):
    """A field that an officer writes is longer than the form allows."""

    code = "document-field-too-long"

    def __init__(self, field: str, *, length: int, limit: int) -> None:
        super().__init__(
            f"文书内容过长（{field}）：{length} 字，最多 {limit} 字，请精简后再生成。",
            f"'{field}' has {length} characters, at most {limit} fit; shorten it.",
        )
        self.field = field
        self.length = length
        self.limit = limit


class TooMany(DocumentError):
    """A list has more items than the form allows."""

    code = "document-too-many"

    def __init__(self, field: str, *, count: int, limit: int) -> None:
        super().__init__(
            f"文书条目过多（{field}）：{count} 条，最多 {limit} 条，请合并后再生成。",
            f"'{field}' has {count} items, at most {limit} fit; merge some.",
        )
        self.field = field
        self.count = count
        self.limit = limit


class NaiveTime(DocumentError):
    """A time without a zone: nobody could say which minute is printed."""

    code = "document-naive-time"

    def __init__(self, field: str) -> None:
        super().__init__(
            f"文书时间未带时区（{field}），请由程序传入本地带时区时间。",
            f"'{field}' has no time zone; pass an aware local datetime.",
        )
        self.field = field


class NotADigest(DocumentError):
    """An attachment's digest is not 64 hexadecimal digits."""

    code = "document-not-a-digest"

    def __init__(self, value: str) -> None:
        super().__init__(
            f"附件校验值不是 SHA-256（64 位十六进制）：{value[:80]}",
            f"Not a SHA-256 digest of 64 hexadecimal digits: {value[:80]}",
        )
        self.value = value


class SumMismatch(DocumentError):
    """The stated sum of a score sheet is not that of its entries."""

    code = "document-sum-mismatch"

    def __init__(self, *, stated: Decimal, summed: Decimal) -> None:
        super().__init__(
            f"计分单合计（{stated}）与各条目之和（{summed}）不符，请联系系统管理员核对台账。",
            f"The stated sum {stated} is not that of the entries, {summed}; have the ledger checked.",
        )
        self.stated = stated
        self.summed = summed


class UnprintableCharacter(DocumentError):
    """No font has a glyph for a character and the caller asked to be told rather than to print its number."""

    code = "document-unprintable-character"

    def __init__(self, character: str) -> None:
        name = f"U+{ord(character):04X}"
        super().__init__(
            f"字库缺少字符 {name}，无法原样印出；可改用其他写法，或允许以〔{name}〕代替。",
            f"No font has a glyph for {name}; write it differently or allow 〔{name}〕 in its place.",
        )
        self.character = character


class FontRefused(DocumentError):
    """A font file cannot be used: missing, damaged, or of a kind that cannot be embedded."""

    code = "document-font-refused"

    def __init__(self, path: Path, reason_zh: str, reason_en: str) -> None:
        super().__init__(
            f"字体文件不可用（{path.name}）：{reason_zh}", f"Font {path.name} cannot be used: {reason_en}"
        )
        self.path = path


class RenderLimitReached(DocumentError):
    """The child process that draws was stopped by one of its limits."""

    code = "document-render-limit"

    def __init__(self, limit_zh: str, limit: str) -> None:
        super().__init__(
            f"生成文书超出限制（{limit_zh}），已停止；请精简内容后重试。",
            f"Drawing the document hit its limit of {limit} and was stopped; shorten the content.",
        )
        self.limit = limit


class DocumentRefused(DocumentError):
    """The child process that draws refused the document for one of the reasons above.

    Attributes:
        reason: code of the error in the child, such as `document-font-refused`.
    """

    code = "document-refused"

    def __init__(self, reason: str, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.reason = reason


class RenderFailed(DocumentError):
    """The child process that draws ended without a document.

    Attributes:
        detail: its last words, for the log; never for a page.
    """

    code = "document-render-failed"

    def __init__(self, detail: str) -> None:
        super().__init__(
            "文书生成失败，请联系系统管理员查看日志。", "Drawing the document failed; see the log."
        )
        self.detail = detail
