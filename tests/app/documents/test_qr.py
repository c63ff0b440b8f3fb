"""QR codes: the shape that every reader looks for, and room around it."""

from __future__ import annotations

import re

import pytest

from app.documents.qr import QUIET, qr_path

FINDER = ("1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111")


def _dark(path: str) -> set[tuple[int, int]]:
    return {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", path)}


@pytest.mark.parametrize("text", ["a", "otpauth://totp/Jianjian:mudu?secret=JBSWY3DPEHPK3PXP", "件" * 100])
def test_the_three_corners_have_a_finder_and_the_edge_is_white(text: str):
    path, side = qr_path(text)
    dark = _dark(path)

    for left, top in ((QUIET, QUIET), (side - QUIET - 7, QUIET), (QUIET, side - QUIET - 7)):
        rows = ["".join(str(int((left + x, top + y) in dark)) for x in range(7)) for y in range(7)]
        assert tuple(rows) == FINDER
    assert all(QUIET <= x < side - QUIET and QUIET <= y < side - QUIET for x, y in dark)


def test_another_text_is_another_code():
    assert qr_path("otpauth://a") != qr_path("otpauth://b")
