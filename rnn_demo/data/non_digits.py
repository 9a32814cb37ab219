"""Synthetic drawings of other things than digits, in MNIST's format.

A network trained only on digits is confident about every drawing. Non-digit drawings with a
uniform target teach it to be unsure about unknown shapes (Hendrycks, Mazeika and Dietterich,
"Deep Anomaly Detection with Outlier Exposure", 2019).

Shapes that a person may read as a digit are left out: letters such as O, I, S, Z, B, b, G, g,
q, T and Y, circles, squares and single upright lines.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from rnn_demo.data.handwriting import (
    BATCH_SIZE,
    PEN_WIDTHS_PX,
    SEGMENTS_PER_CURVE,
    STYLES,
    Floats,
    as_lines,
    check_count,
    render_lines,
    spline,
    write,
)
from rnn_demo.data.preprocess import SIZE

# Both tables use the notation of `handwriting.STYLES`.
LETTERS = [
    "6,100 50,0* 94,100 | 24,64 76,64",  # A
    "8,100 30,40 50,0* 70,40 92,100 | 10,60 90,56",  # A, wide bar
    "80,2 20,0* 20,100* 82,98 | 20,50 70,50",  # E, two strokes
    "20,0 20,100 | 20,2 84,0 | 20,50 72,48 | 20,98 84,98",  # E, four strokes
    "82,2 20,0* 20,100 | 20,46 70,46",  # F
    "14,0 14,100 | 86,0 86,100 | 14,50 86,50",  # H
    "18,0 18,100 | 84,0 20,54* 86,100",  # K
    "18,0 18,100 | 80,2 18,60 | 40,42 86,100",  # K, three strokes
    "4,100 14,0* 50,62* 86,0* 96,100",  # M, splayed
    "4,100 4,0* 50,50* 96,0* 96,100",  # M
    "12,100 12,0* 88,100* 88,0",  # N
    "12,0 12,100* 88,0* 88,100",  # Cyrillic I
    "22,100 22,0* 60,2 82,26 60,52 22,54",  # P
    "22,100 22,0* 60,2 80,24 60,48 22,52* 84,100",  # R
    "6,0 50,100* 94,0",  # V
    "0,0 24,100* 50,36* 76,100* 100,0",  # W
    "0,6 10,80 30,94 50,40* 58,84 82,94 100,2",  # W, round
    "8,0 92,100 | 92,0 8,100",  # X
    "80,12 62,0 46,16 44,100 | 16,44 76,42",  # f
    "22,0 22,100 | 70,40 24,70* 76,100",  # k
    "4,30 6,100* 10,46 30,32 46,50 48,100* 52,46 72,32 90,48 94,100",  # m
    "24,30 26,100* 30,60 50,36 78,36",  # r
    "46,0 46,80 58,98 80,92 | 14,34 84,32",  # t
    "10,10 34,30 62,84 92,96 | 90,6 60,30 36,80 6,98",  # x
    "2,16 20,4 98,4 | 30,6 18,100 | 68,6 70,84 88,98",  # pi
    "4,0 4,100* 96,100* 96,0 | 50,0 50,100",  # Cyrillic Sha
    "50,0 50,100 | 2,0 46,50* 0,100 | 98,0 54,50* 100,100",  # Cyrillic Zhe
    "0,36 100,36 | 50,0 46,46 4,100 | 52,46 96,100",  # Chinese "big"
    "0,30 100,30 | 50,0 50,100 | 48,32 4,84 | 52,32 96,84",  # Chinese "tree"
    "50,2 50,98 | 2,50 98,50",  # plus
    "50,0 50,100 | 6,24 94,76 | 94,24 6,76",  # asterisk
]
SHAPES = [
    "12,22 28,2 64,0 84,18 72,38 50,46 48,60 | 48,94 48,102",  # question mark
    "104,98 30,30 36,6 54,0 66,16 12,58 4,84 36,100 74,90 102,52",  # ampersand
    "64,36 44,32 32,54 44,70 62,58 66,34* 68,66 86,66 96,40 76,8 40,2 8,26 4,64 28,94 76,96",  # at
    "34,0 26,100 | 72,0 64,100 | 4,34 98,32 | 2,68 96,66",  # hash
    "92,0 8,100 | 22,4 6,16 20,32 36,18 22,4 | 80,68 64,82 78,98 94,84 80,68",  # per cent
    "50,42* 32,4 4,10 6,46 50,100* 94,46 96,10 68,4 50,42*",  # heart
    "20,100 50,0* 80,100* 2,38* 98,38* 20,100",  # star
    "12,100 12,40 | 88,40 88,100* 12,100 | 0,46 50,0* 100,46 | 42,98 42,66* 60,66* 60,98",  # house
    "50,0 12,16 0,54 20,90 50,100 84,88 100,52 86,14 50,0"
    " | 32,32 32,42 | 68,32 68,42 | 26,64 50,80 76,62",  # smiley
    "26,0 26,20 | 74,0 74,20 | 2,50 24,86 50,96 76,86 98,50",  # eyes and mouth
    "10,34 12,0* 34,18 66,18 88,0* 90,34 84,82 50,100 16,82 10,34"
    " | 34,46 34,52 | 66,46 66,52 | 36,74 50,68 64,74",  # cat
    "50,0 38,12 50,24 62,12 50,0 | 50,24 50,64 | 20,100 50,64* 80,100 | 14,40 86,40",  # man
    "0,50 100,50 | 66,20 100,50* 66,80",  # arrow to the right
    "100,50 0,50 | 34,20 0,50* 34,80",  # arrow to the left
    "50,100 50,0 | 6,46 50,0* 94,46",  # arrow up
    "50,10 120,90* -20,90* 50,10",  # triangle
    "50,0 6,80* 94,80* 50,0 | 50,80 50,100",  # fir
    "4,4 96,4* 96,96* 4,96* 4,4 | 50,4 50,96 | 4,50 96,50",  # window
    "0,30 70,30* 70,100* 0,100* 0,30* 28,0* 98,0* 70,30 | 98,0 98,70* 70,100",  # cube
    "0,16 100,16* 100,84* 0,84* 0,16* 50,56* 100,16",  # envelope
    "0,20 0,90* 100,90* 100,20* 72,60* 50,10* 28,60* 0,20",  # crown
    "0,66 100,66* 78,100* 22,100* 0,66 | 50,66 50,0* 90,54* 50,54",  # boat
    "50,28 30,40 32,64 52,72 70,60 68,38 50,28 | 50,0 50,16 | 50,84 50,100"
    " | 0,50 16,50 | 84,50 100,50 | 14,14 24,24 | 76,76 86,86",  # sun
    "50,52 42,46 40,60 58,66 68,48 54,28 24,36 18,66 46,88 84,74 90,36 60,6 10,4",  # spiral
    "0,70 14,30* 30,70* 46,30* 62,70* 78,30* 96,70",  # zigzag
    "0,60 14,36 30,60 46,36 62,60 78,36 96,60",  # wave
    "0,70 20,40 16,24 8,40 24,70 44,40 38,24 32,40 48,70 68,40 62,24 56,40 74,70 98,50",  # coil
    "2,56 34,98* 98,2",  # check mark
    "0,50 50,50 100,50",  # dash
]

# Smallest and largest number in a drawing
LINE_COUNTS = (2, 8)
DOT_COUNTS = (3, 9)
CURVE_POINT_COUNTS = (10, 14)  # control points of a curve
N_BLOB_POINTS = 10  # control points of a blob's curve

# As `PEN_WIDTHS_PX`
FINE_PEN_WIDTHS_PX = (1.0, 2.4)  # keeps details apart
BROAD_PEN_WIDTHS_PX = (5.5, 11.0)  # fills a curve in


def _written(styles: list[str], n: int, rng: np.random.Generator) -> Floats:
    """The lines of n drawings, each in a random style of a table."""
    chosen = rng.integers(len(styles), size=n)
    batches = [
        as_lines(write(style, int((chosen == i).sum()), rng)) for i, style in enumerate(styles)
    ]
    n_lines = max(batch.shape[1] for batch in batches)
    lines = np.empty((n, n_lines, 2, 2), np.float32)
    for i, batch in enumerate(batches):
        # A shorter drawing repeats its last line, which changes nothing.
        lines[chosen == i] = batch[:, np.minimum(np.arange(n_lines), batch.shape[1] - 1)]
    return lines


def _letters(n: int, rng: np.random.Generator) -> Floats:
    """Letters and signs of several alphabets."""
    return _written(LETTERS, n, rng)


def _shapes(n: int, rng: np.random.Generator) -> Floats:
    """Symbols and simple objects."""
    return _written(SHAPES, n, rng)


def _random_curve(n: int, n_points: int, rng: np.random.Generator) -> Floats:
    """A random curve over the unit square, from angular to round."""
    # The square has n_points x n_points cells; each row and each column of cells has one point.
    cells = rng.permuted(np.tile(np.arange(n_points)[:, None], (n, 1, 2)), axis=1)
    points = (cells + rng.random(cells.shape)) / n_points
    roundness = rng.uniform(0.3, 1.3, (n, 1, 1))
    angular, smooth = spline([True] * n_points) @ points, spline([False] * n_points) @ points
    curve = angular + roundness * (smooth - angular)
    return as_lines([curve.astype(np.float32)])


def _curves(n: int, rng: np.random.Generator) -> Floats:
    """One to three random curves."""
    low, high = CURVE_POINT_COUNTS
    lines = _random_curve(n, high, rng)
    piece = np.arange(lines.shape[1]) // SEGMENTS_PER_CURVE  # index of the curve's piece
    end = rng.integers(low, high + 1, (n, 1)) - 1
    gap, second_gap = rng.integers(1, 2 * high, (2, n, 1))  # half of them lie after the end
    return _keep((piece < end) & (piece != gap) & (piece != second_gap), lines)


def _blobs(n: int, rng: np.random.Generator) -> Floats:
    """A random curve for a broad pen."""
    return _random_curve(n, N_BLOB_POINTS, rng)


def _lines(n: int, rng: np.random.Generator) -> Floats:
    """Straight lines side by side, or crossed by as many others.

    Equal numbers, because one line across two looks like a 4.
    """
    low, high = LINE_COUNTS
    i = np.arange(high)
    number = rng.integers(low, high + 1, (n, 1))
    crossed = rng.random((n, 1)) < 0.5
    number += crossed * (number % 2)
    angle = rng.uniform(0, np.pi, (n, 1)) + rng.uniform(-0.2, 0.2, (n, high))
    angle += crossed * (i % 2) * rng.uniform(0.25 * np.pi, 0.75 * np.pi, (n, 1))
    along = np.stack([np.cos(angle), np.sin(angle)], axis=2)  # (n, high, 2)
    across = np.stack([-np.sin(angle), np.cos(angle)], axis=2)
    rank = np.where(crossed, i // 2, i)
    parallel = np.where(crossed, number // 2, number)
    place = (rank + rng.uniform(0.3, 0.7, (n, high))) / parallel - 0.5
    start, end = rng.uniform(0.4, 0.6, (2, n, high, 1))
    middle = place[..., None] * across
    lines = np.stack([middle - start * along, middle + end * along], axis=2)
    return _keep(i < number, lines.astype(np.float32))


def _dots(n: int, rng: np.random.Generator) -> Floats:
    """Dots and very short lines, spread from left to right.

    A column of them would look like a 1.
    """
    low, high = DOT_COUNTS
    i = np.arange(high)
    number = rng.integers(low, high + 1, (n, 1))
    starts = np.stack([(i + rng.random((n, high))) / number, rng.random((n, high))], axis=2)
    ends = starts + rng.uniform(-0.06, 0.06, (n, high, 2))
    return _keep(i < number, np.stack([starts, ends], axis=2).astype(np.float32))


def _digit_rows(n: int, rng: np.random.Generator) -> Floats:
    """Two or three digits in a row."""
    styles = [style for digit in STYLES.values() for style in digit]
    row = []
    left = np.zeros((n, 1, 1), np.float32)
    for _ in range(3):
        digit = _written(styles, n, rng)
        low, high = digit.min(axis=(1, 2), keepdims=True), digit.max(axis=(1, 2), keepdims=True)
        digit = (digit - low) / (high - low)[..., 1:]  # all of height 1
        digit[..., 0] += left
        left = digit[..., 0].max(axis=(1, 2), keepdims=True)
        left += rng.uniform(0.1, 0.4, left.shape).astype(np.float32)
        row.append(digit)
    lines = np.concatenate(row, axis=1)
    third = np.arange(lines.shape[1]) >= 2 * row[0].shape[1]
    return _keep(~third | (rng.random((n, 1)) < 0.5), lines)


def _keep(kept: npt.NDArray[np.bool_], lines: Floats) -> Floats:
    """The kept lines; the first line, which must be kept, replaces the others.

    Args:
        kept: (n, n_lines).
        lines: (n, n_lines, 2 ends, 2).

    Returns:
        Lines of the same shape.
    """
    return np.where(kept[..., None, None], lines, lines[:, :1])


# For each kind, a function that returns the lines of n drawings, (n, n_lines, 2 ends, 2), and the
# smallest and largest width of the pen.
_MAKERS: dict[str, tuple[Callable[[int, np.random.Generator], Floats], tuple[float, float]]] = {
    "letter": (_letters, PEN_WIDTHS_PX),
    "shape": (_shapes, FINE_PEN_WIDTHS_PX),
    "curves": (_curves, PEN_WIDTHS_PX),
    "lines": (_lines, PEN_WIDTHS_PX),
    "dots": (_dots, PEN_WIDTHS_PX),
    "blob": (_blobs, BROAD_PEN_WIDTHS_PX),
    "several digits": (_digit_rows, FINE_PEN_WIDTHS_PX),
}
KINDS = tuple(_MAKERS)


def generate(
    n: int, seed: int, kinds: Sequence[str] = KINDS
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Images of non-digit drawings, and the kind of each.

    Args:
        n: number of images; the counts of the kinds differ by at most one.
        seed: 0 or more; the same arguments give the same images.
        kinds: at least one of `KINDS`.

    Returns:
        Images, uint8 (n, 28, 28), from 0 (paper) to 255 (ink), and the index of each image's
        kind in `kinds`, uint8 (n,), in random order.

    Raises:
        TypeError: `n` is not an integer, or `kinds` is a string.
        ValueError: `n` is negative, there are no kinds, or one is unknown.
    """
    check_count(n)
    _check_kinds(kinds)
    rng = np.random.default_rng(seed)
    indices = rng.permutation(np.arange(n) % len(kinds)).astype(np.uint8)
    images = np.empty((n, SIZE, SIZE), np.uint8)
    for i, kind in enumerate(kinds):
        members = np.flatnonzero(indices == i)
        make, pen_widths = _MAKERS[kind]
        lines = make(members.size, rng)
        widths = rng.uniform(*pen_widths, members.size).astype(np.float32)
        for start in range(0, members.size, BATCH_SIZE):
            batch = slice(start, start + BATCH_SIZE)
            images[members[batch]] = np.rint(255 * render_lines(lines[batch], widths[batch]))
    return images, indices


def _check_kinds(kinds: Sequence[str]) -> None:
    if isinstance(kinds, str):
        raise TypeError(f"kinds must be a sequence of names, not the string {kinds!r}.")
    if not kinds:
        raise ValueError("kinds must hold at least one name.")
    for kind in kinds:
        if kind not in _MAKERS:
            raise ValueError(f"kinds must be among {', '.join(KINDS)}, not {kind!r}.")
