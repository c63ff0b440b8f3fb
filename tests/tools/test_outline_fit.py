from __future__ import annotations

import importlib.util
import math
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
Point = tuple[float, float]


@pytest.fixture(scope="module")
def outline_fit() -> ModuleType:
    """The tool's module; tools are scripts and no package."""
    spec = importlib.util.spec_from_file_location("outline_fit", ROOT / "tools" / "outline_fit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["outline_fit"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def circle(radius: float, pieces: int) -> tuple[Point, list[tuple[Point, ...]]]:
    """Return a circle of `pieces` cubic arcs."""
    handle = 4 / 3 * math.tan(math.pi / 2 / pieces) * radius
    segments = []
    for piece in range(pieces):
        a, b = (2 * math.pi * (piece + i) / pieces for i in (0, 1))
        start, end = ((radius * math.cos(x), radius * math.sin(x)) for x in (a, b))
        first = (start[0] - handle * math.sin(a), start[1] + handle * math.cos(a))
        second = (end[0] + handle * math.sin(b), end[1] - handle * math.cos(b))
        segments.append((first, second, end))
    return (radius, 0.0), segments


@pytest.mark.parametrize("tolerance", [1.0, 2.5])
def test_a_circle_is_redrawn_with_fewer_curves_and_stays_round(outline_fit: ModuleType, tolerance: float):
    start, segments = circle(300.0, 32)

    contour = outline_fit.refit(start, segments, tolerance=tolerance)

    at = contour.start
    assert len(contour.strokes) < 16
    for stroke in contour.strokes:
        middle = tuple((at[i] + stroke.end[i]) / 2 for i in (0, 1))
        control = stroke.control or middle  # a line is a curve whose control is in its middle
        for step in range(1, 9):
            t = step / 8
            x, y = (
                (1 - t) ** 2 * at[i] + 2 * t * (1 - t) * control[i] + t * t * stroke.end[i] for i in (0, 1)
            )
            assert abs(math.hypot(x, y) - 300.0) < tolerance + 0.5
        at = stroke.end
    assert math.dist(at, contour.start) < 1e-6


def test_a_box_keeps_its_four_corners_and_its_straight_sides(outline_fit: ModuleType):
    box = [((100.0, 0.0),), ((100.0, 100.0),), ((0.0, 100.0),), ((0.0, 0.0),)]

    contour = outline_fit.refit((0.0, 0.0), box, tolerance=2.0)

    assert {stroke.end for stroke in contour.strokes} == {
        (100.0, 0.0),
        (100.0, 100.0),
        (0.0, 100.0),
        (0.0, 0.0),
    }
    assert all(stroke.control is None for stroke in contour.strokes)


def test_a_long_side_that_begins_beside_a_tiny_bevel_stays_straight(outline_fit: ModuleType):
    # The left stroke of 亻 in a bold face: a curve ends two units before a stem of 600 units begins.
    stem = [
        ((60.0, 420.0), (112.0, 520.0)),
        ((130.0, 560.0), (150.0, 610.0)),
        ((152.0, 611.0),),
        ((152.0, 0.0),),
        ((70.0, 0.0),),
        ((70.0, 380.0),),
        ((40.0, 340.0), (0.0, 300.0)),
    ]

    contour = outline_fit.refit((0.0, 300.0), stem, tolerance=2.0)

    at = contour.start
    for stroke in contour.strokes:
        if math.dist(at, stroke.end) > 500:
            assert stroke.control is None
        at = stroke.end
    assert {(152.0, 611.0), (152.0, 0.0)} <= {stroke.end for stroke in contour.strokes}


def test_an_outline_that_strays_is_refused_and_not_drawn(
    outline_fit: ModuleType, monkeypatch: pytest.MonkeyPatch
):
    start, segments = circle(300.0, 8)
    monkeypatch.setattr(
        outline_fit,
        "_redrawn",
        lambda _outline, _tolerance: outline_fit.Contour(start, (outline_fit.Stroke(None, start),)),
    )

    with pytest.raises(outline_fit.OutlineLost):
        outline_fit.refit(start, segments, tolerance=2.0)
