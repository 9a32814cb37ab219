"""Synthetic handwritten digits, for machines without MNIST.

Each digit has several styles (`STYLES`): pen strokes with control points, designed by hand. To
write a digit, the control points move a little, smooth curves run through them, and the plane
bends, slants and turns. A round pen draws the curves, placed in the image as
`rnn_demo.data.preprocess` places a drawing. All functions work on a batch of one style.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from rnn_demo.data.preprocess import BOX, CENTRE, SIZE

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

# Control points x,y in hundredths of the digit's height, y downwards. A bar lifts the pen; a
# star marks a corner, where the curve may change its direction.
STYLES: dict[int, list[str]] = {
    0: [
        "52,1 28,14 16,50 28,87 50,99 74,86 84,50 74,14 50,1",  # closed
        "60,7 36,6 15,42 22,82 48,99 76,82 85,42 66,10 38,3",  # overshot
        "52,1 28,14 16,50 28,87 50,99 74,86 84,50 74,14 50,1 | 76,8 50,50 24,92",  # slashed
        "46,10 24,24 16,56 30,92 56,98 80,70 80,30 60,4 42,4 40,16 62,20",  # looped
        "44,4 22,28 16,62 34,95 62,94 82,64 82,30 70,8 58,3",  # gaping
        "60,24 46,6 24,18 14,54 30,94 60,98 82,66 80,28 62,4 40,2",  # curled
        "34,6 18,30 16,66 36,96 62,94 82,68 84,34 66,8 44,8 32,16",  # from-left
        "56,1 40,20 34,60 44,96 56,98 68,60 68,24 54,2",  # narrow
    ],
    1: [
        "50,0 50,50 50,100",  # plain
        "54,0 49,30 47,65 50,100",  # bowed
        "36,24 46,14 54,0* 53,50 52,100",  # flag
        "28,38 43,21 54,0* 54,50 54,100",  # steep-flag
        "34,24 52,0* 52,50 52,98 | 28,99 52,98 78,97",  # foot
        "50,0 50,50 50,98 | 28,99 50,98 74,98",  # footed-plain
        "50,0 50,33 50,67 50,100",  # wavering
    ],
    2: [
        "12,26 24,7 50,1 72,16 68,42 42,72 10,97* 46,96 86,95",  # angled
        "16,24 34,4 60,3 72,20 62,48 36,82 16,97 4,86 20,68 44,76 66,94 92,88",  # looped
        "10,24 28,4 54,4 68,24 56,56 34,82 14,96* 34,86 60,98 90,92",  # swan
        "24,32 14,22 28,5 56,1 76,18 70,40 44,70 14,96* 50,96 84,98",  # hooked
        "14,10 40,4 66,8 70,24 48,56 12,94* 50,94 88,94",  # flat
        "20,16 42,3 68,10 68,36 50,66 26,92 8,90 8,70 28,60 50,72 66,88 92,88",  # ringed
        "14,24 34,3 62,8 66,32 46,66 24,94* 44,90 66,98",  # short
        "18,20 38,4 64,10 64,36 40,66 12,84* 40,82 66,92 94,100",  # dipping
        "22,22 46,2 74,10 72,36 46,60 6,80* 52,84 108,84",  # wide
        "22,20 40,2 64,10 60,46 38,84 22,98* 48,94 78,96",  # narrow
        "24,40 18,22 36,5 64,4 76,26 66,56 40,90 16,94 14,78 36,76 62,90 92,92",  # curly
        "16,26 30,6 58,2 72,20 58,52 36,84 16,96 4,84 14,66 36,64 56,80 92,78",  # flourished
        "22,22 42,2 66,10 60,44 40,76 18,96* 50,93 90,94",  # nosed
    ],
    3: [
        "14,14 36,2 66,8 70,30 38,47* 72,58 78,80 48,99 10,88",  # angled
        "14,4 46,4 78,3* 60,24 42,43* 74,52 80,78 50,99 12,90",  # flat-topped
        "16,12 44,1 70,14 62,38 40,50 34,44 46,43 74,58 76,84 46,99 10,88",  # looped
        "16,12 46,1 72,18 60,42 46,50 64,58 78,76 56,97 12,92",  # smooth
        "12,8 44,2 68,16 58,36 32,48* 64,50 76,68 62,90 36,99 20,96",  # spined
        "20,10 50,2 74,8* 56,30 46,42* 68,50 72,72 50,90 16,100",  # straight-tailed
        "26,16 46,6 64,16 58,32 44,40* 76,46 90,70 64,96 12,98",  # bellied
        "22,22 26,6 48,0 66,14 58,34 38,44* 66,50 76,70 62,94 34,98 14,84",  # hooked
        "10,12 40,2 70,4 66,22 36,44* 62,46 80,62 74,86 46,99 16,94",  # wide-topped
    ],
    4: [
        "22,4 18,28 12,54* 46,54 84,50 | 70,2 66,50 60,100",  # open
        "60,2 36,34 8,66* 50,66 90,64 | 60,2 60,50 60,100",  # closed
        "58,100 60,50 62,2* 36,34 8,64* 50,65 90,64",  # single
        "20,6 14,28 24,48 48,50 88,38 | 76,2 70,50 62,100",  # rounded
        "18,2 14,36 20,52 50,52 78,48* | 72,6 70,50 68,100",  # cup
        "34,0 22,30 8,60* 50,58 92,56 | 62,34 58,66 54,100",  # short-stemmed
    ],
    5: [
        "28,5 25,24 21,44* 50,38 76,54 72,86 40,99 10,90 | 28,5 54,4 82,1",  # two strokes
        "80,3 54,4 28,5* 24,24 20,44* 52,38 76,56 68,90 34,99 8,88",  # one stroke
        "80,6 54,4 32,12 28,34 48,46 72,60 72,86 42,99 10,90",  # snake
        "30,12 24,28 22,48* 54,42 72,60 66,88 36,99 12,92 | 36,5 60,2 90,0",  # detached
        "90,0 62,6 36,8* 28,26 20,44* 46,48 58,66 42,90 8,99",  # lightning
        "34,20 28,36 22,48* 46,46 56,64 44,86 8,98 | 34,20 60,12 96,0",  # long-barred
        "96,2 64,12 40,18* 30,40 44,50 56,64 44,86 4,96",  # lazy
        "34,6 26,26 20,44* 46,42 68,56 66,80 54,100 | 34,6 58,6 84,4",  # upright
        "30,6 27,25 24,44* 50,36 76,54 72,88 40,99 14,90 10,76 | 30,6 54,4 84,2",  # curled
    ],
    6: [
        "64,2 36,22 18,56 24,88 50,99 76,84 72,62 46,54 20,72",  # curved
        "60,0 40,28 22,62 24,90 50,98 72,80 64,62 42,64 24,82",  # straight
        "70,12 58,2 36,16 20,48 24,86 48,99 72,86 68,64 46,60 24,74",  # hooked
        "50,0 28,30 18,66 28,94 50,97 60,80 48,68 32,76 24,92",  # tight
        "30,0 16,34 14,66 30,92 60,96 92,84 96,66 74,60 48,74 36,92",  # reclining
    ],
    7: [
        "12,8 46,7 82,5* 60,48 44,100",  # plain
        "12,6 46,6 82,4* 62,46 44,100 | 30,52 54,50 80,47",  # crossed
        "10,24 13,7* 48,7 84,4* 62,48 46,100",  # serifed
        "10,14 30,5 60,6 78,14 72,36 56,66 48,100",  # curved
        "10,22 14,6* 48,6 84,4* 58,48 36,100 | 26,54 52,51 78,48",  # crossed serifed
        "14,2 18,16 46,16 80,8* 70,50 62,100",  # sagging
        "12,36 20,8* 34,14 60,8 82,6* 70,48 58,100",  # hung
        "24,14 44,8 66,4* 54,50 40,100",  # short
        "8,26 32,12 60,8 92,4* 68,44 44,90",  # wide
        "14,20 30,4 56,2 74,16 70,50 66,100",  # arched
    ],
    8: [
        "74,14 50,1 26,14 32,36 56,50 76,70 70,92 48,99 24,90 24,70 48,48 70,30 72,10",  # twisted
        "50,2 30,12 32,36 50,46 70,34 70,12 50,2 | 50,47 24,58 22,86 50,99 78,86 50,47",  # two
        "80,10 54,3 28,14 36,38 60,56 68,82 46,99 24,86 34,62 56,42 82,16",  # open
        "50,48 28,34 30,10 52,1 72,12 68,36 48,49 26,66 28,92 52,99 74,86 70,62 48,47",  # waist
        "70,6 48,1 26,16 40,38 66,58 72,84 48,99 24,84 36,58 62,38 70,14",  # thin
        "76,10 54,1 32,14 40,38 60,58 66,84 46,99 30,84 44,58 64,32 84,4",  # gaping
        "70,20 56,8 40,14 42,32 56,46 70,70 60,96 34,96 26,74 44,50 62,34 72,22",  # bottom-heavy
        "80,20 56,0 24,8 24,34 50,50 64,70 60,94 44,98 36,80 48,54 74,36 80,16",  # top-heavy
        "90,14 62,3 38,14 42,34 60,56 56,86 34,96 22,80 40,58 68,38 80,22",  # unclosed
        "72,6 44,4 30,22 50,42 74,64 68,94 36,98 18,78 38,54 66,36 74,14",  # slim
        "92,12 62,3 34,14 42,38 64,58 62,88 36,98 20,82 42,58 70,40 84,24",  # winged
        "50,2 20,12 22,36 50,44 80,34 78,10 50,2 | 50,44 14,58 16,90 50,99 86,86 50,44",  # wide
    ],
    9: [
        "72,12 48,1 22,16 20,40 42,52 66,36 74,8* 70,54 64,100",  # straight-tailed
        "74,14 50,1 24,14 20,38 44,52 68,38 76,12* 78,56 64,92 38,99 18,88",  # curled
        "68,26 52,4 28,10 18,34 38,50 62,36 72,10 70,40 60,72 44,100",  # smooth
        "70,16 50,3 26,12 22,38 44,50 68,34 70,16 | 74,4 72,52 70,100",  # two strokes
        "70,24 56,3 30,6 20,28 40,44 66,34 72,14 74,36 62,74 38,98",  # bent
        "64,12 48,2 32,10 30,28 44,34 60,22 66,8* 62,50 56,100",  # small-headed
        "76,8 50,2 18,24 20,46 46,46 72,22 76,6* 66,54 46,100",  # wide
        "70,22 60,2 36,6 24,28 34,44 54,38 68,20* 58,60 46,100",  # leaning
        "72,4 46,8 22,28 24,46 46,44 70,18* 60,56 48,100",  # tilted
        "62,10 44,3 24,18 26,40 48,40 68,16* 66,54 60,100",  # unclosed
        "72,20 58,4 34,6 22,26 34,42 56,36 74,10 72,46 70,100",  # upright
        "70,8 48,2 28,18 26,40 46,44 66,22 70,12* 58,56 42,100",  # slanted
        "66,14 50,4 30,14 24,36 40,46 60,30 68,16 58,56 36,98",  # flowing
        "74,16 48,2 18,20 16,56 40,68 66,44 74,14* 74,60 80,100",  # big-headed
        "64,6 40,10 20,30 26,44 46,38 72,8 62,50 52,100",  # swift
    ],
}

PEN_WIDTHS_PX = (0.9, 4.4)  # smallest and largest, in the finished image
SEGMENTS_PER_CURVE = 5  # straight lines from one control point to the next
BATCH_SIZE = 64  # images drawn at the same time; their pixels fit into a core's cache

# How much a digit varies. Each value is drawn uniformly from its range; a length is measured in
# heights of the digit, and a range that is a single number is symmetric around zero.
MAX_JITTER = 0.05  # length by which a control point moves
MAX_DRIFT = 0.03  # length by which a whole stroke moves
N_WAVES = 3  # that bend the plane
MAX_STRAIN = 0.45  # amplitude of a wave times its frequency
WAVE_FREQUENCIES = (2.0, 7.0)  # radians per height
MAX_LOG_ASPECT = 0.3  # logarithm of width / height
SHEARS = (-0.25, 0.65)  # to the right
MAX_TURN_RAD = 0.2


def strokes(digit: int, rng: np.random.Generator) -> list[Floats]:
    """The strokes of one digit in a random style.

    Args:
        digit: 0 to 9.
        rng: the source of randomness.

    Returns:
        The strokes in the order of writing, each float32 (n_points, 2): (x, y) in heights of
        the digit, about 0 to 1, y downwards.

    Raises:
        TypeError: `digit` is not an integer.
        ValueError: `digit` is not one of 0 to 9.
    """
    if isinstance(digit, bool) or not isinstance(digit, int | np.integer):
        raise TypeError(f"digit must be an integer, not {type(digit).__name__}.")
    if digit not in STYLES:
        raise ValueError(f"digit must be 0 to 9, not {digit}.")
    styles = STYLES[int(digit)]
    return [stroke[0] for stroke in write(styles[rng.integers(len(styles))], 1, rng)]


def generate(n: int, seed: int) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Images and labels in MNIST's format.

    Args:
        n: number of images; the counts of the ten digits differ by at most one.
        seed: 0 or more; the same `n` and `seed` give the same images.

    Returns:
        Images, uint8 (n, 28, 28), from 0 (paper) to 255 (ink), and labels, uint8 (n,), in
        random order.

    Raises:
        TypeError: `n` is not an integer.
        ValueError: `n` is negative.
    """
    check_count(n)
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(n) % 10).astype(np.uint8)
    images = np.empty((n, SIZE, SIZE), np.uint8)
    for digit, styles in STYLES.items():
        members = np.flatnonzero(labels == digit)
        chosen = rng.integers(len(styles), size=members.size)
        for i, style in enumerate(styles):
            images[members[chosen == i]] = _draw(style, int((chosen == i).sum()), rng)
    return images, labels


def check_count(n: int) -> None:
    """Check that `n` can be a number of images.

    Raises:
        TypeError: `n` is not an integer.
        ValueError: `n` is negative.
    """
    if isinstance(n, bool) or not isinstance(n, int | np.integer):
        raise TypeError(f"n must be an integer, not {type(n).__name__}.")
    if n < 0:
        raise ValueError(f"n must be 0 or more, not {n}.")


def render(strokes: list[Floats], width: float) -> Floats:
    """The image of some strokes, drawn with a round pen and placed as `to_mnist` places them.

    Args:
        strokes: each (n_points, 2) with at least two points: (x, y) in any unit, y downwards.
        width: of the pen in the finished image, pixels; over 0 and under 20.

    Returns:
        float32 (28, 28), from 0 (paper) to 1 (ink).

    Raises:
        ValueError: the strokes hold no line, or `width` is out of range.
    """
    if not strokes or any(s.ndim != 2 or s.shape[0] < 2 or s.shape[1] != 2 for s in strokes):
        raise ValueError("strokes must be arrays of the shape (2 points or more, 2).")
    if np.ptp(np.concatenate(strokes), axis=0).max() == 0:
        raise ValueError("strokes must cover more than a single point.")
    if not 0 < width < BOX:
        raise ValueError(f"width must be over 0 and under {BOX} pixels, not {width}.")
    batch = [np.asarray(stroke, np.float32)[None] for stroke in strokes]
    image: Floats = render_lines(as_lines(batch), np.array([width], np.float32))[0]
    return image


def _draw(style: str, n: int, rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Images of n variations of one style, uint8 (n, 28, 28)."""
    images = np.empty((n, SIZE, SIZE), np.uint8)
    for start in range(0, n, BATCH_SIZE):
        batch = images[start : start + BATCH_SIZE]
        widths = rng.uniform(*PEN_WIDTHS_PX, len(batch)).astype(np.float32)
        lines = as_lines(write(style, len(batch), rng))
        batch[:] = np.rint(255 * render_lines(lines, widths))
    return images


def write(style: str, n: int, rng: np.random.Generator) -> list[Floats]:
    """The strokes of n variations of one style.

    Args:
        style: strokes in the notation of `STYLES`.
        n: number of variations.
        rng: the source of randomness.

    Returns:
        One array per stroke, (n, n_points, 2).
    """
    deform = _deformation(n, rng)
    written = []
    for stroke in style.split(" | "):
        points, spline = curve(stroke)
        jitter = rng.uniform(-MAX_JITTER, MAX_JITTER, (n, *points.shape))
        drift = rng.uniform(-MAX_DRIFT, MAX_DRIFT, (n, 1, 2))
        written.append(deform(spline @ (points + jitter + drift)).astype(np.float32))
    return written


def curve(stroke: str) -> tuple[Doubles, Doubles]:
    """The control points of one stroke, and the matrix of the curve through them.

    Args:
        stroke: in the notation of `STYLES`.

    Returns:
        The k control points (k, 2) in heights of the digit, and their `spline`.
    """
    words = stroke.split()
    points = np.array([word.rstrip("*").split(",") for word in words], float) / 100
    return points, spline([word.endswith("*") for word in words])


def spline(corners: list[bool]) -> Doubles:
    """The matrix that turns control points into a curve of cubic Hermite pieces.

    Args:
        corners: for each of k >= 2 control points, whether it is a corner.

    Returns:
        (n_points, k): `SEGMENTS_PER_CURVE` points for each control point but the last, which
        has one.
    """
    values = np.eye(len(corners))
    slopes = np.asarray(np.gradient(values, axis=0))
    slopes[corners] = 0
    t = np.arange(SEGMENTS_PER_CURVE)[:, None] / SEGMENTS_PER_CURVE
    pieces = [
        (1 - t) ** 2 * ((1 + 2 * t) * values[i] + t * slopes[i])
        + t**2 * ((3 - 2 * t) * values[i + 1] + (t - 1) * slopes[i + 1])
        for i in range(len(corners) - 1)
    ]
    return np.concatenate([*pieces, values[-1:]])


def _deformation(n: int, rng: np.random.Generator) -> Callable[[Doubles], Doubles]:
    """A random bend, stretch, slant and turn of the plane for each of n digits.

    Strokes of a digit that touch still touch afterwards, because they lie on the same plane.

    Returns:
        A function that maps points (n, n_points, 2) to their new positions.
    """
    angle = rng.uniform(0, 2 * np.pi, (N_WAVES, n))
    frequency = rng.uniform(*WAVE_FREQUENCIES, (N_WAVES, n))
    wave = np.stack([frequency * np.cos(angle), frequency * np.sin(angle)], axis=2)[..., None]
    bend = rng.uniform(-MAX_STRAIN, MAX_STRAIN, (N_WAVES, n, 1, 2)) / frequency[..., None, None]
    phase = rng.uniform(0, 2 * np.pi, (N_WAVES, n, 1, 1))
    aspect = np.exp(rng.uniform(-MAX_LOG_ASPECT, MAX_LOG_ASPECT, n))
    slant = rng.uniform(*SHEARS, n)
    turn = rng.uniform(-MAX_TURN_RAD, MAX_TURN_RAD, n)
    zero, one = np.zeros(n), np.ones(n)
    # Points are row vectors, so the product applies the stretch first.
    stretch = np.array([[aspect, zero], [-slant, one]])
    rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    matrix = np.einsum("ijn,jkn->nik", stretch, rotation)

    def deform(points: Doubles) -> Doubles:
        waves = bend * np.sin(points @ wave + phase)  # (N_WAVES, n, n_points, 2)
        deformed: Doubles = (points + waves.sum(axis=0) - 0.5) @ matrix + 0.5
        return deformed

    return deform


def as_lines(written: list[Floats]) -> Floats:
    """The straight lines of which strokes consist.

    Args:
        written: one array per stroke, (n, n_points, 2).

    Returns:
        (n, n_lines, 2 ends, 2).
    """
    pairs = [np.stack([stroke[:, :-1], stroke[:, 1:]], axis=2) for stroke in written]
    return np.concatenate(pairs, axis=1)


def render_lines(lines: Floats, widths: Floats) -> Floats:
    """The images of n drawings with the same number of lines; see `render`.

    Args:
        lines: (n, n_lines, 2 ends, 2), in any unit, y downwards.
        widths: (n,), of the pen in the finished image, pixels.

    Returns:
        (n, 28, 28), from 0 (paper) to 1 (ink).
    """
    width = widths[:, None, None, None]
    low = lines.min(axis=(1, 2), keepdims=True)
    extent = lines.max(axis=(1, 2), keepdims=True) - low  # (n, 1, 1, 2)
    scale = (BOX - width) / extent.max(axis=3, keepdims=True)
    lines = (lines - low) * scale + width / 2
    centre = _centre_of_mass(_coverage(lines, widths, BOX))[:, None, None]
    # As in `to_mnist`, the centre of mass moves to the centre, but no ink leaves the image.
    offset = np.clip(CENTRE - centre, 0, SIZE - (extent * scale + width))
    images = _coverage(lines + offset, widths, SIZE)
    images /= images.max(axis=(1, 2), keepdims=True)
    return images


def _centre_of_mass(ink: Floats) -> Floats:
    """The centres of mass (x, y) of images (n, side, side), in pixels, as (n, 2)."""
    middles = np.arange(ink.shape[1], dtype=np.float32) + 0.5
    moments = np.stack([ink.sum(axis=1) @ middles, ink.sum(axis=2) @ middles], axis=1)
    centres: Floats = moments / ink.sum(axis=(1, 2))[:, None]
    return centres


def _coverage(lines: Floats, widths: Floats, side: int) -> Floats:
    """The fraction of each pixel that lines with round ends cover.

    It grows linearly with how far the nearest line reaches into the pixel. On average this
    differs from `to_mnist` by 0.004; drawing at twice the resolution halves the difference
    and takes three times as long.

    Args:
        lines: (n, n_lines, 2 ends, 2), in pixels.
        widths: (n,), of the lines, in pixels.
        side: of the square image, pixels.

    Returns:
        (n, side, side) in [0, 1].
    """
    middles = np.arange(side, dtype=np.float32) + 0.5
    nearest = np.full((len(lines), side, side), np.inf, np.float32)  # squared distances
    # One line of every drawing at a time: these arrays fit into the processor's cache.
    for start, end in lines.transpose(1, 2, 0, 3):  # (n, 2) each
        along = end - start
        unit = along / np.maximum((along**2).sum(axis=1, keepdims=True), 1e-12)
        across, down = middles - start[:, :1], middles - start[:, 1:]  # (n, side)
        # Position on the line of the point nearest to the pixel, from 0 (start) to 1 (end).
        position = (across * unit[:, :1])[:, None] + (down * unit[:, 1:])[:, :, None]
        np.clip(position, 0, 1, out=position)
        squared = (across[:, None] - position * along[:, 0, None, None]) ** 2
        squared += (down[:, :, None] - position * along[:, 1, None, None]) ** 2
        np.minimum(nearest, squared, out=nearest)
    covered: Floats = np.clip(widths[:, None, None] / 2 - np.sqrt(nearest) + 0.5, 0, 1)
    return covered
