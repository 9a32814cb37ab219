"""A drawing as strokes of a pen: from and to the canvas, as an image, and as a link.

Coordinates are pixels of a square canvas, x to the right and y downwards.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from rnn_demo.data import handwriting, preprocess
from rnn_demo.data.pen import INK, PEN_WIDTH, SIDE
from rnn_demo.formats import url
from rnn_demo.messages import N_, InputError, Message

GRID_STEP = 0.5  # pixels: a link holds coordinates as multiples of this
MAX_STROKES = 100  # in a link
MAX_POINTS = 2000  # of all strokes in a link
MAX_PEN_WIDTH = 100  # pixels
MARGIN = SIDE  # pixels by which a stroke in a link may leave the canvas
MAX_COORDINATE = 100 * SIDE  # pixels: a stroke on the canvas can be moved beyond its edge
MAX_LINK_DATA_BYTES = 25_000  # unpacked: enough for `MAX_POINTS`, each of twelve characters

EXAMPLES: dict[str, str] = {
    N_("slashed 0"): handwriting.STYLES[0][2],
    N_("1 with a foot"): handwriting.STYLES[1][4],
    N_("looped 2"): handwriting.STYLES[2][1],
    N_("open 4"): handwriting.STYLES[4][0],
    N_("crossed 7"): handwriting.STYLES[7][1],
    N_("straight-tailed 9"): handwriting.STYLES[9][0],
}

Points = npt.NDArray[np.float64]  # (n_points, 2), x and y

_DOT_REACH = 0.001  # pen widths from the middle of a dot to each end of its line
_UNSEEN = 0.1  # pixels: a line that is this much off looks the same
_CURVE_SHARES = np.arange(1, 9)[:, None] / 8  # positions of the points taken from a curve
_EXAMPLE_SIDE = 0.65  # of an example, in sides of the canvas

# Thresholds of `drawing_hint`: sizes in sides of the canvas, lengths in diagonals of the drawing.
_MAX_DOT_SIZE = 0.03
_MAX_SMALL_SIZE = 0.25
_MIN_CORNER_OFFSET = 0.2
_MAX_DIGIT_LENGTH = 8


@dataclass(frozen=True)
class Stroke:
    """One stroke of a round pen.

    Attributes:
        points: float (n_points, 2), at least one point.
        width: pen width, pixels.
    """

    points: Points
    width: float

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Stroke)
            and self.width == other.width
            and np.array_equal(self.points, other.points)
        )


def from_canvas(drawing: dict[str, Any]) -> list[Stroke]:
    """The strokes of a drawing, with every move, turn and stretch applied.

    Args:
        drawing: what `streamlit_drawable_canvas` calls `json_data`; a browser may send anything.

    Raises:
        InputError: this is not such a drawing.
    """
    try:
        paths = [path for path in drawing["objects"] if path["type"].lower() == "path"]
        strokes = [_stroke(path) for path in paths]
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise InputError("data.invalid_canvas_drawing") from error
    # NaN fails both comparisons, so it is rejected too.
    if not all(0 < s.width <= SIDE and (np.abs(s.points) <= MAX_COORDINATE).all() for s in strokes):
        raise InputError("data.invalid_canvas_drawing")
    return strokes


def _stroke(path: dict[str, Any]) -> Stroke:
    """One path of Fabric.js as points, with its transformation applied."""
    points = [np.array(path["path"][0][1:3], float)]
    box = points[:]
    for _, *numbers in path["path"][1:]:
        *control, end = np.array(numbers, float).reshape(-1, 2)
        if control:
            start, t, middle = points[-1], _CURVE_SHARES, control[0]
            points += list((1 - t) ** 2 * start + 2 * t * (1 - t) * middle + t**2 * end)
            # Fabric computes the box of a quadratic curve as if it were a cubic curve with its
            # control point twice; `left` and `top` are the middle of that box.
            box += list((1 - t) ** 3 * start + 3 * t * (1 - t) * middle + t**3 * end)
        else:
            points.append(end)
            box.append(end)
    low, high = _box([np.array(box)])
    scale = np.array([path.get("scaleX", 1), path.get("scaleY", 1)], float)
    flip = np.where([path.get("flipX", False), path.get("flipY", False)], -1, 1)
    angle = math.radians(path.get("angle", 0))
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    placed = (np.array(points) - (low + high) / 2) * scale * flip @ turn
    placed += np.array([path["left"], path["top"]])
    return Stroke(placed, float(path["strokeWidth"] * scale.mean()))


def to_canvas(strokes: Sequence[Stroke]) -> dict[str, Any]:
    """A drawing for a canvas to start from; `from_canvas` reads it back."""
    return {"version": "7.4.0", "objects": [_path(stroke) for stroke in strokes]}


def _path(stroke: Stroke) -> dict[str, Any]:
    points = stroke.points if len(stroke.points) > 1 else np.repeat(stroke.points, 2, axis=0)
    if not np.ptp(points, axis=0).any():
        # A browser draws no line without length. Fabric makes a dot of a tap in the same way.
        points = points[[0, -1]] + stroke.width * np.array([[-_DOT_REACH, 0], [_DOT_REACH, 0]])
    low, high = _box([points])
    (left, top), (width, height) = (low + high) / 2, high - low
    return {
        "type": "Path",
        "originX": "center",
        "originY": "center",
        "left": left,
        "top": top,
        "width": width,
        "height": height,
        "fill": None,
        "stroke": INK,
        "strokeWidth": stroke.width,
        "strokeLineCap": "round",
        "strokeLineJoin": "round",
        "path": [["L" if i else "M", x, y] for i, (x, y) in enumerate(points.tolist())],
    }


def render(strokes: Sequence[Stroke]) -> npt.NDArray[np.uint8]:
    """The pixels of a canvas with these strokes, uint8 (280, 280, 4), transparent background.

    Up to the way it smooths the round ends, a browser draws the same.
    """
    paper = np.ones((SIDE, SIDE), np.float32)  # the share of each pixel that is left
    for stroke in strokes:
        paper *= 1 - _coverage(simplified(stroke.points, _UNSEEN), stroke.width)
    canvas = np.empty((SIDE, SIDE, 4), np.uint8)
    canvas[..., :3] = list(bytes.fromhex(INK.removeprefix("#")))
    canvas[..., 3] = np.rint(255 * (1 - paper))
    return canvas


def _coverage(points: Points, width: float) -> npt.NDArray[np.float32]:
    """The fraction of each pixel that a line with round ends and joints covers, (280, 280).

    As in `handwriting`, it grows linearly with how far the line reaches into the pixel.
    """
    reach = width / 2 + 0.5
    middles = np.arange(SIDE) + 0.5
    depth = np.zeros((SIDE, SIDE), np.float32)
    for start, end in zip(points, [*points[1:], points[-1]], strict=True):
        # Only pixels near this piece of the line are looked at.
        corners = np.minimum(start, end) - reach, np.maximum(start, end) + reach
        columns, rows = (slice(*np.searchsorted(middles, edges)) for edges in np.transpose(corners))
        x, y = middles[columns] - start[0], (middles[rows] - start[1])[:, None]
        along = end - start
        unit = along / max(along @ along, 1e-12)
        position = np.clip(x * unit[0] + y * unit[1], 0, 1)
        distance = np.sqrt((x - position * along[0]) ** 2 + (y - position * along[1]) ** 2)
        np.maximum(depth[rows, columns], reach - distance, out=depth[rows, columns])
    return np.minimum(depth, 1)


def image(strokes: Sequence[Stroke]) -> npt.NDArray[np.float32]:
    """The image of strokes that a network reads, float32 (28, 28) in [0, 1]; see `to_mnist`."""
    return preprocess.to_mnist(render(strokes))


def example(name: str) -> list[Stroke]:
    """One of `EXAMPLES`, in the middle of the canvas and about as large as people draw."""
    written = []
    for stroke in EXAMPLES[name].split(" | "):
        points, spline = handwriting.curve(stroke)
        written.append(spline @ points)
    low, high = _box(written)
    scale = _EXAMPLE_SIDE * SIDE / (high - low).max()
    middle = (low + high) / 2
    return [Stroke((points - middle) * scale + SIDE / 2, PEN_WIDTH) for points in written]


def _box(lines: Sequence[Points]) -> tuple[Points, Points]:
    """Upper left and lower right corner of the box around lines, (2,) each."""
    points = np.concatenate(lines)
    return points.min(axis=0), points.max(axis=0)


def drawing_hint(strokes: Sequence[Stroke]) -> Message | None:
    """A hint about an unusual drawing: a dot, many turns, very small, in a corner; else None."""
    if not strokes:
        return None
    low, high = _box([stroke.points for stroke in strokes])
    size = float((high - low).max()) / SIDE
    if size < _MAX_DOT_SIZE:
        return Message("data.drawing_is_a_dot")
    steps = [np.diff(stroke.points, axis=0) for stroke in strokes]
    length = sum(float(np.hypot(*step.T).sum()) for step in steps)
    if length > _MAX_DIGIT_LENGTH * math.dist(low, high):
        return Message("data.drawing_has_many_turns")
    if size < _MAX_SMALL_SIZE:
        return Message("data.drawing_is_small")
    if (np.abs((low + high) / 2 - SIDE / 2) > _MIN_CORNER_OFFSET * SIDE).all():
        return Message("data.drawing_is_in_a_corner")
    return None


def simplified(points: Points, tolerance: float) -> Points:
    """A line with fewer points; every point left out lies within `tolerance` of it.

    The algorithm of Ramer, Douglas and Peucker: between two points that are kept, the point
    farthest from the line through them is kept too, until all lie within the tolerance.

    Args:
        points: (n_points, 2).
        tolerance: pixels.
    """
    kept = np.zeros(len(points), bool)
    kept[[0, -1]] = True
    open_ends = [(0, len(points) - 1)]
    while open_ends:
        first, last = open_ends.pop()
        if last - first < 2:
            continue
        between = _distances(points[first + 1 : last], points[first], points[last])
        if between.max() > tolerance:
            farthest = first + 1 + int(between.argmax())
            kept[farthest] = True
            open_ends += [(first, farthest), (farthest, last)]
    return points[kept]


def _distances(points: Points, start: Points, end: Points) -> npt.NDArray[np.float64]:
    """Distances of points (n, 2) from the line segment between two points, (n,)."""
    along = end - start
    share = (points - start) @ along / max(float(along @ along), 1e-12)
    nearest = start + np.clip(share, 0, 1)[:, None] * along
    distances: npt.NDArray[np.float64] = np.hypot(*(points - nearest).T)
    return distances


def encode(strokes: Sequence[Stroke], limit: int = url.MAX_LINK_CHARACTERS) -> str:
    """The strokes as text for an address, simplified until they fit.

    Args:
        strokes: the drawing.
        limit: maximum length, characters.

    Raises:
        InputError: the strokes do not fit even as straight lines.
    """
    tolerance = GRID_STEP
    while tolerance < SIDE:
        lines = [_numbers(stroke, tolerance) for stroke in strokes]
        text = url.pack(lines)
        n_points = sum(len(line) // 2 for line in lines)
        if len(text) <= limit and len(lines) <= MAX_STROKES and n_points <= MAX_POINTS:
            return text
        tolerance *= 1.5
    raise InputError("data.too_many_strokes_for_a_link")


def _numbers(stroke: Stroke, tolerance: float) -> list[int]:
    """Pen width, the first point, and the steps from point to point, in steps of the grid."""
    points = _within_margin(simplified(stroke.points, tolerance))
    on_grid = np.rint(points / GRID_STEP).astype(int)
    steps = np.concatenate([on_grid[:1], np.diff(on_grid, axis=0)])
    width = min(max(round(stroke.width), 1), MAX_PEN_WIDTH)
    return [width, *steps.ravel().tolist()]


def _within_margin(points: Points) -> Points:
    """A line that is the same on the canvas, and leaves it by `MARGIN` at most."""
    for axis in (0, 1):
        for edge in (-MARGIN, SIDE + MARGIN):
            # Without a point where it crosses the edge, a line to a point far out would turn.
            beyond = points[:, axis] - edge
            (crossing,) = np.nonzero(beyond[:-1] * beyond[1:] < 0)
            start, end = points[crossing], points[crossing + 1]
            share = beyond[crossing] / (beyond[crossing] - beyond[crossing + 1])
            points = np.insert(points, crossing + 1, start + share[:, None] * (end - start), axis=0)
    return np.clip(points, -MARGIN, SIDE + MARGIN)


def decode(text: str) -> list[Stroke]:
    """The strokes in an address.

    Raises:
        InputError: the text is too long, or is not what `encode` makes.
    """
    lines = url.unpack(text, MAX_LINK_DATA_BYTES)
    try:
        return _checked(lines)
    except ValueError as error:
        raise InputError("data.no_drawing_in_link") from error


def _checked(lines: object) -> list[Stroke]:
    """The strokes that lists of numbers describe.

    Raises:
        ValueError: they do not describe strokes, or describe too many.
    """
    if not isinstance(lines, list) or not 1 <= len(lines) <= MAX_STROKES:
        raise ValueError
    for line in lines:
        if not isinstance(line, list) or any(type(n) is not int for n in line):
            raise ValueError
        if len(line) < 3 or len(line) % 2 == 0 or not 1 <= line[0] <= MAX_PEN_WIDTH:
            raise ValueError
        if max(map(abs, line)) > (SIDE + 2 * MARGIN) / GRID_STEP:
            raise ValueError
    if sum(len(line) // 2 for line in lines) > MAX_POINTS:
        raise ValueError
    strokes = [
        Stroke(np.cumsum(np.reshape(line[1:], (-1, 2)), axis=0) * GRID_STEP, line[0])
        for line in lines
    ]
    low, high = (-MARGIN, SIDE + MARGIN)
    if any(((stroke.points < low) | (stroke.points > high)).any() for stroke in strokes):
        raise ValueError
    return strokes
