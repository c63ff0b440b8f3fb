"""The JSON of the interface, field by field: the only place that knows their names.

It checks form and types; what makes a post acceptable is `casework.intake`'s to say.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from app.api.problems import FieldProblem
from casework.intake import (
    LARGEST_COUNT,
    LONGEST_NAME,
    LONGEST_TEXT,
    LONGEST_TITLE,
    LONGEST_URL,
    IncomingPost,
)
from casework.intake import Author as KnownAuthor
from casework.intake import Metrics as Figures
from casework.post import TriageState
from casework.store.answers import Plain
from casework.store.handed_over import HandedOver
from rules.model import Label

POST_STATUS = {
    TriageState.PENDING: "waiting",
    TriageState.CLAIMED: "waiting",
    TriageState.CASE: "case",
    TriageState.MERGED: "merged",
    TriageState.DISMISSED: "dismissed",
    TriageState.DESK: "desk",
}
MOST_PROBLEMS = 20


def _text(value: object) -> str:
    """Return a string as it is: half surrogate pairs, too, which intake refuses by their place."""
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "a text")
    return value


def _instant_text(value: object) -> object:
    if not isinstance(value, str):
        raise PydanticCustomError("datetime_type", "an instant")
    return value


def _with_zone(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise PydanticCustomError("timezone_aware", "an instant with a zone")
    return value


def Text(longest: int, unit: str = "characters") -> type[str]:  # noqa: N802 - makes a type
    """Return the type of a text; its length is checked by intake, which says so in both languages."""
    shown = {"type": "string", "description": f"at most {longest} {unit}"}
    return Annotated[str, PlainValidator(_text), WithJsonSchema(shown)]  # type: ignore[return-value]


Name = Text(LONGEST_NAME)
Instant = Annotated[datetime, BeforeValidator(_instant_text), AfterValidator(_with_zone)]
Count = Annotated[int, Field(strict=True, json_schema_extra={"minimum": 0, "maximum": LARGEST_COUNT})]


class Wire(BaseModel):
    """Knows its fields, refuses others, and quotes no value in an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Author(Wire):
    """Who wrote the post. Sealed at once and never returned."""

    name: Name | None = Field(None, repr=False)
    handle: Name | None = Field(None, repr=False)
    contact: Name | None = Field(None, repr=False)


class Metrics(Wire):
    """How far a post has spread, as seen at one instant (default: now). What is left out is unknown."""

    reads: Count | None = None
    likes: Count | None = None
    comments: Count | None = None
    shares: Count | None = None
    on_hot_list: Annotated[bool, Field(strict=True)] | None = None
    observed_at: Instant | None = None

    def figures(self) -> Figures:
        """Return the figures as the domain knows them."""
        return Figures(self.reads, self.likes, self.comments, self.shares, self.on_hot_list, self.observed_at)


class NewPost(Wire):
    """A post that is handed over. `text` or `title` must say something."""

    text: Text(LONGEST_TEXT, "bytes of UTF-8") = ""  # type: ignore[valid-type]
    title: Text(LONGEST_TITLE) = ""  # type: ignore[valid-type]
    url: Text(LONGEST_URL) | None = None  # type: ignore[valid-type]
    external_id: Name | None = Field(None, description="your own id: the same id is the same post")
    posted_at: Instant | None = Field(None, description="when it was written, with a time zone")
    source: Name | None = Field(None, description="if given, the source that the token was issued for")
    platform: Name | None = None
    metrics: Metrics | None = None
    author: Author | None = Field(None, repr=False)

    def incoming(self, source_code: str) -> IncomingPost:
        """Return the post as the domain knows it, from the source of the caller."""
        author = self.author
        return IncomingPost(
            source_code=source_code,
            text=self.text,
            title=self.title,
            url=self.url,
            external_id=self.external_id,
            posted_at=self.posted_at,
            platform=self.platform,
            metrics=self.metrics.figures() if self.metrics else None,
            author=KnownAuthor(author.name, author.handle, author.contact) if author else None,
        )


class PostPath(Wire):
    """Which post."""

    post_id: uuid.UUID


class OnceHeader(Wire):
    """Makes a request safe to repeat: same key and same body, same answer."""

    idempotency_key: str | None = Field(None, alias="Idempotency-Key", min_length=1, max_length=255)


class Taken(Wire):
    """A post is committed: it waits for triage, whatever happens now."""

    id: uuid.UUID
    status: Literal["received"] = "received"
    is_new: bool = Field(description="false: the same post was handed over before")
    is_revised: bool = Field(
        default=False, description="true: its words differ from those kept before, and are kept beside them"
    )
    href: str

    def plain(self) -> Plain:
        """Return the body of the answer."""
        return self.model_dump(mode="json")


class Observed(Wire):
    """Figures of a post are committed."""

    id: uuid.UUID
    is_new: bool = Field(description="false: figures of that instant were there already")

    def plain(self) -> Plain:
        """Return the body of the answer."""
        return self.model_dump(mode="json")


class Words(Wire):
    """A text in both languages."""

    zh: str
    en: str


class PostStatus(Wire):
    """What became of a post."""

    id: uuid.UUID
    external_id: str | None
    received_at: datetime
    status: Literal["waiting", "case", "merged", "dismissed", "desk"] = Field(
        description="waiting for triage; opened a case; joined a case; opened none; with a person"
    )
    case_number: str | None = Field(description="printed number, once the case was dispatched")
    reason: Words | None = Field(description="why it opened no case")
    decision_id: uuid.UUID | None = Field(
        description="of the verdict, to ask why; none of a confidential post"
    )

    @classmethod
    def of(cls, post: HandedOver) -> Self:
        """Return the answer for a post."""
        return cls(
            id=post.id,
            external_id=post.external_id,
            received_at=post.received_at,
            status=POST_STATUS[post.triage],  # type: ignore[arg-type]  # the table's values are the literals
            case_number=post.case_number,
            reason=Words(zh=post.dismissal.zh, en=post.dismissal.en) if post.dismissal else None,
            decision_id=post.decision_id,
        )


class Problem(Wire):
    """An error, RFC 9457. `code` is stable; `zh` and `en` say what to do."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    zh: str
    en: str
    problems: list[dict[str, str]]
    request_id: str


_SAID = {
    "missing": Label("缺少此项", "is missing"),
    "extra_forbidden": Label("不是接口定义的字段", "is no field of this request"),
    "string_type": Label("应为文本", "must be a text"),
    "int_type": Label("应为整数", "must be a whole number"),
    "int_from_float": Label("应为整数", "must be a whole number"),
    "bool_type": Label("应为 true 或 false", "must be true or false"),
    "timezone_aware": Label(
        "缺少时区，例如 2026-11-16T10:00:00+08:00", "has no time zone; write 2026-11-16T10:00:00+08:00"
    ),
    "model_type": Label("应为对象", "must be an object"),
    "string_too_short": Label("不能为空", "must not be empty"),
    "string_too_long": Label("太长", "is too long"),
}
_NO_INSTANT = Label(
    "应为 ISO 8601 时间，例如 2026-11-16T10:00:00+08:00",
    "must be an ISO 8601 instant such as 2026-11-16T10:00:00+08:00",
)
_OTHERWISE = Label("值不可用", "cannot be used")


def problems_of(error: ValidationError) -> tuple[FieldProblem, ...]:
    """Return what is wrong, field by field, without any value that was sent.

    A field that we do not know is named by its parent inside `author`, where its name may be a person's.
    """
    return tuple(
        _problem(one["type"], one["loc"]) for one in error.errors(include_input=False)[:MOST_PROBLEMS]
    )


def _problem(kind: str, where: tuple[int | str, ...]) -> FieldProblem:
    if kind == "extra_forbidden" and where[0] == "author":
        known = "name, handle, contact"
        return FieldProblem("author", Label(f"只有 {known} 三项", f"has only the fields {known}"))
    said = _NO_INSTANT if kind.startswith("datetime") else _SAID.get(kind, _OTHERWISE)
    name = ".".join(str(part)[:60] for part in where) or "body"
    return FieldProblem(name, Label(f"{name} {said.zh}", f"{name} {said.en}"))
