"""A drawing as strokes of a pen: from the canvas and back, as an image, and as a link.

Coordinates are pixels of a square canvas, x to the right and y downwards.
"""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from rnn_demo.data import handwriting, preprocess
from rnn_demo.formats import url

SIDE = 280  # of the canvas, pixels
PEN = 20  # its usual width, pixels
INK = "#ea580c"  # stands out on light and dark alike, so that a change of theme keeps the drawing

GRAIN = 0.5  # pixels between two coordinates that a link tells apart
MAX_STROKES = 100
MAX_POINTS = 2000  # of all strokes in a link
MAX_PEN = 100  # pixels
MARGIN = SIDE  # a stroke in a link may leave the canvas by so much
FARTHEST = 100 * SIDE  # where a stroke on the canvas may be moved to
UNPACKED_LIMIT = 20_000  # bytes; `MAX_POINTS` with room to spare

EXAMPLES = {
    "slashed 0": handwriting.STYLES[0][2],
    "1 with a foot": handwriting.STYLES[1][4],
    "looped 2": handwriting.STYLES[2][1],
    "open 4": handwriting.STYLES[4][0],
    "crossed 7": handwriting.STYLES[7][1],
    "straight-tailed 9": handwriting.STYLES[9][0],
}

Points = npt.NDArray[np.float64]  # (n_points, 2), x and y

_SUPERSAMPLING = 4
_CURVE = np.arange(1, 9)[:, None] / 8  # where on a curve of the canvas points are taken

_HEIGHT = 0.65  # of an example, in sides of the canvas

# What `remark` goes by: sizes in sides of the canvas, lengths in diagonals of the drawing.
_DOT = 0.03
_TINY = 0.25
_CORNER = 0.2
_SCRIBBLE = 8


@dataclass(frozen=True)
class Stroke:
    """One stroke of a round pen.

    Attributes:
        points: float (n_points, 2), one point or more.
        width: of the pen, pixels.
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
    """The strokes of a drawing, wherever they were moved, turned or stretched to.

    Args:
        drawing: what `streamlit_drawable_canvas` calls `json_data`; a browser may send anything.

    Raises:
        ValueError: it is no such drawing.
    """
    try:
        paths = [path for path in drawing["objects"] if path["type"].lower() == "path"]
        strokes = [_stroke(path) for path in paths]
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ValueError("The canvas sent no drawing.") from error
    # What is not finite is not below a bound either.
    if not all(0 < s.width <= SIDE and (np.abs(s.points) <= FARTHEST).all() for s in strokes):
        raise ValueError("The canvas sent no drawing.")
    return strokes


def picture(png: bytes) -> npt.NDArray[np.uint8]:
    """The picture of a canvas, uint8 (280, 280, 4), out of the PNG file that a browser sent.

    Raises:
        ValueError: it is no PNG file, or not of the size of the canvas.
    """
    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as sent:
            if sent.size != (SIDE, SIDE):  # asked before a pixel of it is unpacked
                raise ValueError
            return np.array(sent.convert("RGBA"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValueError("The canvas sent no picture.") from error


def _stroke(path: dict[str, Any]) -> Stroke:
    """One path of Fabric.js, its curves taken apart, its transformation applied."""
    points = [np.array(path["path"][0][1:3], float)]
    box = points[:]
    for _, *numbers in path["path"][1:]:
        *control, end = np.array(numbers, float).reshape(-1, 2)
        if control:
            start, t, middle = points[-1], _CURVE, control[0]
            points += list((1 - t) ** 2 * start + 2 * t * (1 - t) * middle + t**2 * end)
            # Fabric takes the box of a quadratic curve to be that of the cubic one which has
            # its control point twice, and `left` and `top` are the middle of such boxes.
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
    """The drawing that a canvas starts from, for `from_canvas` to read again."""
    return {"version": "7.4.0", "objects": [_path(stroke) for stroke in strokes]}


def _path(stroke: Stroke) -> dict[str, Any]:
    low, high = _box([stroke.points])
    points = stroke.points if len(stroke.points) > 1 else np.repeat(stroke.points, 2, axis=0)
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
    """The picture the canvas shows of strokes, uint8 (280, 280, 4), on a transparent ground."""
    side = SIDE * _SUPERSAMPLING
    mask = Image.new("L", (side, side))
    pen = ImageDraw.Draw(mask)
    for stroke in strokes:
        width = stroke.width * _SUPERSAMPLING
        points = stroke.points * _SUPERSAMPLING
        pen.line([tuple(point) for point in points.tolist()], fill=255, width=round(width))
        for x, y in points.tolist():  # round ends and joints
            pen.circle((x, y), width / 2, fill=255)
    picture = Image.new("RGBA", (SIDE, SIDE), INK)
    picture.putalpha(mask.reduce(_SUPERSAMPLING))
    return np.array(picture)


def image(strokes: Sequence[Stroke]) -> npt.NDArray[np.float32]:
    """What a network gets of strokes, (28, 28) in [0, 1]; see `ink.to_mnist`."""
    return preprocess.to_mnist(render(strokes))


def example(name: str) -> list[Stroke]:
    """One of `EXAMPLES`, as large as one would draw it, in the middle of the canvas."""
    written = []
    for stroke in EXAMPLES[name].split(" | "):
        points, spline = handwriting.curve(stroke)
        written.append(spline @ points)
    low, high = _box(written)
    scale = _HEIGHT * SIDE / (high - low).max()
    middle = (low + high) / 2
    return [Stroke((points - middle) * scale + SIDE / 2, PEN) for points in written]


def _box(lines: Sequence[Points]) -> tuple[Points, Points]:
    """The upper left and the lower right corner of the box around lines, (2,) each."""
    points = np.concatenate(lines)
    return points.min(axis=0), points.max(axis=0)


def remark(strokes: Sequence[Stroke]) -> str | None:
    """What a person should know about an unusual drawing, in one sentence; None if nothing."""
    if not strokes:
        return None
    low, high = _box([stroke.points for stroke in strokes])
    extent = float((high - low).max()) / SIDE
    if extent < _DOT:
        return "This is a dot: there is no line in it to read."
    steps = [np.diff(stroke.points, axis=0) for stroke in strokes]
    length = sum(float(np.hypot(*step.T).sum()) for step in steps)
    if length > _SCRIBBLE * math.dist(low, high):
        return "This looks like a scribble: a digit takes fewer turns."
    if extent < _TINY:
        return "Very small: it is enlarged before it is read, and every tremor with it."
    if (np.abs((low + high) / 2 - SIDE / 2) > _CORNER * SIDE).all():
        return "In a corner: it is moved to the middle before it is read."
    return None


def simplified(points: Points, tolerance: float) -> Points:
    """A line with fewer points, none of those left out farther from it than `tolerance`.

    Ramer, Douglas and Peucker: of all points between two, the farthest from the line through
    them is kept, until none is far.

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
    """How far points (n, 2) are from the piece of a line between two, (n,)."""
    along = end - start
    share = (points - start) @ along / max(float(along @ along), 1e-12)
    nearest = start + np.clip(share, 0, 1)[:, None] * along
    distances: npt.NDArray[np.float64] = np.hypot(*(points - nearest).T)
    return distances


def encode(strokes: Sequence[Stroke], limit: int = url.MAX_LINK_CHARACTERS) -> str:
    """The strokes as text for an address, simplified as far as it takes to fit.

    Args:
        strokes: the drawing.
        limit: characters there is room for.

    Raises:
        ValueError: not even straight lines fit.
    """
    tolerance = GRAIN
    while tolerance < SIDE:
        lines = [_numbers(stroke, tolerance) for stroke in strokes]
        text = url.pack(lines)
        n_points = sum(len(line) // 2 for line in lines)
        if len(text) <= limit and len(lines) <= MAX_STROKES and n_points <= MAX_POINTS:
            return text
        tolerance *= 1.5
    raise ValueError("This drawing has too many strokes for a link.")


def _numbers(stroke: Stroke, tolerance: float) -> list[int]:
    """The pen's width, the first point, and the way from each point to the next, in grains."""
    points = np.clip(simplified(stroke.points, tolerance), -MARGIN, SIDE + MARGIN)
    grains = np.rint(points / GRAIN).astype(int)
    ways = np.concatenate([grains[:1], np.diff(grains, axis=0)])
    width = min(max(round(stroke.width), 1), MAX_PEN)
    return [width, *ways.ravel().tolist()]


def decode(text: str) -> list[Stroke]:
    """The strokes in an address.

    Raises:
        ValueError: the text is too long, or is not what `encode` makes.
    """
    lines = url.unpack(text, UNPACKED_LIMIT)
    try:
        return _checked(lines)
    except ValueError as error:
        raise ValueError("The link holds no drawing.") from error


def _checked(lines: object) -> list[Stroke]:
    """The strokes that numbers stand for.

    Raises:
        ValueError: they stand for none, or for more than is drawn by hand.
    """
    if not isinstance(lines, list) or not 1 <= len(lines) <= MAX_STROKES:
        raise ValueError
    for line in lines:
        if not isinstance(line, list) or any(type(n) is not int for n in line):
            raise ValueError
        if len(line) < 3 or len(line) % 2 == 0 or not 1 <= line[0] <= MAX_PEN:
            raise ValueError
        if max(map(abs, line)) > (SIDE + 2 * MARGIN) / GRAIN:
            raise ValueError
    if sum(len(line) // 2 for line in lines) > MAX_POINTS:
        raise ValueError
    strokes = [
        Stroke(np.cumsum(np.reshape(line[1:], (-1, 2)), axis=0) * GRAIN, line[0]) for line in lines
    ]
    low, high = (-MARGIN, SIDE + MARGIN)
    if any(((stroke.points < low) | (stroke.points > high)).any() for stroke in strokes):
        raise ValueError
    return strokes
