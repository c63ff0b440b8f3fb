"""Redraw a glyph's contour with fewer quadratic curves, within a stated distance of the original.

Subset fonts are committed, so their size matters: traced Chinese outlines carry twice the points that print
needs, and CFF outlines have to become TrueType ones anyway.
It reads no font and writes none; `build_fonts` does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]
Segment = tuple[Point, ...]  # the end of a line; control, end; control, control, end

FLATTEN_STEP = 5.0  # font units between the points of a flattened segment
CORNER_ANGLE = 0.45  # radians (26 degrees); sharper turns stay corners
CORNER_WINDOW = 5.0  # font units over which a direction is measured, so that tiny bevels do not hide a corner
LONG_LINE = 25.0  # font units; longer straight lines keep both their ends exactly
NEAR_CORNERS = 3.0  # font units; corners closer than this are one corner
FAR = 10.0  # font units
GRAIN = 4.0  # font units: half a step, and what rounding a tight corner off may add
SAME_POINT = 0.5  # font units; outlines lie on a grid of whole ones
STRAIGHT = 0.75  # font units a run may leave its chord and still be a line


class OutlineLost(Exception):  # noqa: N818 - named for the situation
    """A redrawn contour strays from the original further than allowed."""

    def __init__(self, apart: float) -> None:
        super().__init__(f"the redrawn contour is {apart:.1f} units away from the original")
        self.apart = apart


@dataclass(frozen=True, slots=True)
class Stroke:
    """One drawn piece: a line when `control` is None, else a quadratic curve."""

    control: Point | None
    end: Point


@dataclass(frozen=True, slots=True)
class Contour:
    """A closed contour: start point and the strokes that lead back to it."""

    start: Point
    strokes: tuple[Stroke, ...]


@dataclass(frozen=True, slots=True)
class _Fit:
    stroke: Stroke
    error: float  # font units, largest distance from the original


def refit(start: Point, segments: list[Segment], *, tolerance: float) -> Contour:
    """Return the closed contour redrawn so that no point moves by more than about `tolerance`.

    Args:
        start: first point, font units.
        segments: lines, quadratics and cubics in order; closed by a line when they do not end at `start`.
        tolerance: font units (1/1000 em in the fonts we use).

    Raises:
        OutlineLost: the result strays; a fault of this module, not of the font.
    """
    outline = _flatten(start, segments)
    contour = _redrawn(outline, tolerance)
    apart = distance(outline.points, _flatten(contour.start, _as_segments(contour)).points)
    if apart > tolerance + GRAIN:
        raise OutlineLost(apart)
    return contour


def distance(points: list[Point], others: list[Point]) -> float:
    """Return the largest distance from a point of one polyline to the nearest point of the other, both ways.

    Distances beyond `FAR` count as infinite; points stand `FLATTEN_STEP` apart, so that much is grain.
    """
    return max(_one_way(points, others), _one_way(others, points))


def _one_way(points: list[Point], others: list[Point]) -> float:
    cells: dict[tuple[int, int], list[Point]] = {}
    for x, y in others:
        cells.setdefault((int(x // FAR), int(y // FAR)), []).append((x, y))
    worst = 0.0
    for x, y in points:
        column, row = int(x // FAR), int(y // FAR)
        near = [
            other
            for c in (column - 1, column, column + 1)
            for r in (row - 1, row, row + 1)
            for other in cells.get((c, r), ())
        ]
        worst = max(worst, min((math.dist((x, y), other) for other in near), default=math.inf))
    return worst


def _as_segments(contour: Contour) -> list[Segment]:
    return [(s.end,) if s.control is None else (s.control, s.end) for s in contour.strokes]


def _redrawn(outline: _Outline, tolerance: float) -> Contour:
    points, corners = outline.points, _corners(outline)
    count = len(points)
    strokes: list[Stroke] = []
    for first, last in zip(corners, [*corners[1:], corners[0] + count], strict=True):
        run = [points[index % count] for index in range(first, last + 1)]
        strokes.extend(_fit_run(run, tolerance))
    return Contour(points[corners[0]], tuple(strokes))


@dataclass(frozen=True, slots=True)
class _Outline:
    """A closed polyline (first point not repeated) and what is known of its points.

    Attributes:
        joints: indexes where segments join.
        long_lines: indexes of the first and last point of each long straight segment.
    """

    points: list[Point]
    joints: list[int]
    long_lines: list[tuple[int, int]]


def _flatten(start: Point, segments: list[Segment]) -> _Outline:
    """Return the polyline of a contour; lines have points on their way, lest a fit swing out."""
    points, joints, long_lines, current = [start], [0], [], start
    if math.dist(segments[-1][-1], start) > SAME_POINT:
        segments = [*segments, (start,)]
    for segment in segments:
        first = len(points) - 1
        points.extend(_steps(current, segment))
        last = len(points) - 1
        joints.append(last)
        if len(segment) == 1 and math.dist(current, segment[0]) > LONG_LINE:
            long_lines.append((first, last))
        current = segment[-1]
    points.pop()  # the start again
    count = len(points)
    return _Outline(
        points, sorted({joint % count for joint in joints}), [(a, b % count) for a, b in long_lines]
    )


def _steps(start: Point, segment: Segment) -> list[Point]:
    """Return points on a segment without its start, its end included."""
    length = sum(math.dist(a, b) for a, b in pairwise((start, *segment)))
    steps = max(1 if len(segment) == 1 else 4, math.ceil(length / FLATTEN_STEP))
    return [_casteljau((start, *segment), step / steps) for step in range(1, steps + 1)]


def _casteljau(points: Segment, t: float) -> Point:
    while len(points) > 1:
        points = tuple(((1 - t) * a[0] + t * b[0], (1 - t) * a[1] + t * b[1]) for a, b in pairwise(points))
    return points[0]


def _corners(outline: _Outline) -> list[int]:
    """Return the sorted indexes that stay exact: ends of long lines and sharp turns; at least one."""
    points = outline.points
    ends = {index for line in outline.long_lines for index in line}
    turns = {joint for joint in outline.joints if _turn(points, joint) > CORNER_ANGLE} - ends
    kept = sorted(ends)
    for index in sorted(turns):
        if all(math.dist(points[index], points[other]) >= NEAR_CORNERS for other in kept):
            kept.append(index)
    return sorted(kept) or [0]


def _turn(points: list[Point], index: int) -> float:
    """Return by how many radians the outline turns at `index`, 0..pi."""
    turn = _direction(points, index, 1) - _direction(points, index, -1) + math.pi
    return abs((turn + math.pi) % (2 * math.pi) - math.pi)


def _direction(points: list[Point], index: int, step: int) -> float:
    """Return the direction from `index` to the point about a window away, forwards or backwards."""
    count, walked, current = len(points), 0.0, index
    for _ in range(count):
        following = (current + step) % count
        walked += math.dist(points[current], points[following])
        current = following
        if walked >= CORNER_WINDOW:
            break
    a, b = points[index], points[current]
    return math.atan2(b[1] - a[1], b[0] - a[0])


def _fit_run(run: list[Point], tolerance: float) -> list[Stroke]:
    """Cover `run` greedily with the longest pieces that keep within `tolerance`."""
    strokes: list[Stroke] = []
    at, last = 0, len(run) - 1
    while at < last:
        good, fitted = at + 1, _fit(run[at : at + 2])
        bad, size = last + 1, 2
        while at + size < bad:  # double until it no longer fits, then halve the gap
            tried = _fit(run[at : at + size + 1])
            if tried.error > tolerance:
                bad = at + size
                break
            good, fitted = at + size, tried
            size *= 2
        while bad - good > 1:
            middle = (good + bad) // 2
            tried = _fit(run[at : middle + 1])
            if tried.error > tolerance:
                bad = middle
            else:
                good, fitted = middle, tried
        strokes.append(fitted.stroke)
        at = good
    return strokes


def _fit(points: list[Point]) -> _Fit:
    """Return the least-squares quadratic (or the line) through the first and last of `points`."""
    start, end = points[0], points[-1]
    travelled = [0.0]
    for a, b in pairwise(points):
        travelled.append(travelled[-1] + math.dist(a, b))
    total = travelled[-1]
    chord = math.dist(start, end)
    if total == 0 or (_is_straight(points, chord) and total < chord * 1.02):
        return _Fit(Stroke(None, end), 0.0)
    times = [length / total for length in travelled]
    control, error = start, math.inf
    for _ in range(4):  # each pass moves the times to the nearest points of the last curve
        control = _control(points, times)
        times, error = _nearest(points, times, control)
    return _Fit(Stroke(control, end), error)


def _is_straight(points: list[Point], chord: float) -> bool:
    if chord == 0:
        return False
    (x, y), end = points[0], points[-1]
    across, up = end[0] - x, end[1] - y
    return max(abs((p[0] - x) * up - (p[1] - y) * across) / chord for p in points) < STRAIGHT


def _on_quadratic(a: Point, c: Point, b: Point, t: float) -> Point:
    u = 1 - t
    p, q, r = u * u, 2 * u * t, t * t
    return (p * a[0] + q * c[0] + r * b[0], p * a[1] + q * c[1] + r * b[1])


def _control(points: list[Point], times: list[float]) -> Point:
    start, end = points[0], points[-1]
    weight = x = y = 0.0
    for t, point in zip(times, points, strict=True):
        w = 2 * t * (1 - t)
        weight += w * w
        x += w * (point[0] - (1 - t) ** 2 * start[0] - t * t * end[0])
        y += w * (point[1] - (1 - t) ** 2 * start[1] - t * t * end[1])
    if weight == 0:
        return ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    return (x / weight, y / weight)


def _nearest(points: list[Point], times: list[float], control: Point) -> tuple[list[float], float]:
    """Return the times moved one Newton step towards each point, and the largest distance."""
    a, c, b = points[0], control, points[-1]
    moved, error = [], 0.0
    for time, point in zip(times, points, strict=True):
        x, y = _on_quadratic(a, c, b, time)
        dx = 2 * ((1 - time) * (c[0] - a[0]) + time * (b[0] - c[0]))
        dy = 2 * ((1 - time) * (c[1] - a[1]) + time * (b[1] - c[1]))
        speed = dx * dx + dy * dy
        t = time
        if speed > 0:
            t = min(1.0, max(0.0, time - ((x - point[0]) * dx + (y - point[1]) * dy) / speed))
        moved.append(t)
        error = max(error, math.dist(_on_quadratic(a, c, b, t), point))
    moved[0], moved[-1] = 0.0, 1.0
    return moved, error
