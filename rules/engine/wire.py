"""Frames between the engine and its child: four bytes of length, then JSON in UTF-8. It opens no pipe."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping

HEADER = struct.Struct(">I")
LARGEST_FRAME = 16 * 1024 * 1024  # bytes; a pack or a batch is far smaller

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]
Frame = dict[str, Json]


class BadFrame(ValueError):  # noqa: N818 - says what happened
    """Bytes that are no frame of ours."""


def packed(frame: Mapping[str, Json]) -> bytes:
    """Return the bytes of a frame."""
    body = json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode()
    return HEADER.pack(len(body)) + body


def body_length(header: bytes) -> int:
    """Return how many bytes follow this header.

    Raises:
        BadFrame: more than any frame of ours has.
    """
    length: int = HEADER.unpack(header)[0]
    if length > LARGEST_FRAME:
        raise BadFrame(f"a frame of {length} bytes")
    return length


def unpacked(body: bytes) -> Frame:
    """Return the frame of these bytes.

    Raises:
        BadFrame: they are no JSON object.
    """
    try:
        frame = json.loads(body)
    except ValueError as error:
        raise BadFrame("not JSON") from error
    if not isinstance(frame, dict):
        raise BadFrame("not an object")
    return frame
