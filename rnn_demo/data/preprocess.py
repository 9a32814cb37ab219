"""A drawing on a canvas becomes a 28x28 image, made the way MNIST was made.

MNIST's authors fitted each digit into a 20x20 box keeping its aspect ratio, with
anti-aliasing, and placed its centre of mass at the centre of a 28x28 field
(LeCun, Cortes and Burges, "The MNIST database of handwritten digits").
"""

import numpy as np
import numpy.typing as npt

SIZE = 28  # side of the finished image, pixels
BOX = 20  # side of the box the ink is fitted into, pixels
# In MNIST's 60,000 training images the mean centre of mass is pixel index (14.0, 14.0);
# index 14 spans 14 to 15, so its middle lies 14.5 pixels from the field's edge.
CENTRE = 14.5
# A pixel at least this far from the background counts as full ink, as a share of the
# farthest: strokes in a second, paler colour are ink too.
FULL_INK = 0.6
# Differences under this share of full scale are compression noise, not ink.
NOISE = 0.08
# Ink fainter than this does not stretch the bounding box: it is anti-aliasing.
EDGE = 0.1
# A speck stands apart from the rest and holds less than this share of the ink: a stray dot
# would shrink the digit and push it aside. It is looked for on a grid of so many cells a side.
SPECK = 0.04
CELLS = 32


def to_mnist(rgba: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Turn a drawing into an image as MNIST has them.

    Args:
        rgba: uint8 (H, W, 4), a drawing of any size. Ink and background may have any
            colours; the background may be opaque or transparent.

    Returns:
        float32 (28, 28) in [0, 1], ink bright on 0. All zeros for a canvas of one colour.

    Raises:
        TypeError: `rgba` is not a uint8 array.
        ValueError: `rgba` is not of shape (H, W, 4), or has no pixels.
    """
    if not isinstance(rgba, np.ndarray) or rgba.dtype != np.uint8:
        raise TypeError("rgba must be a NumPy array of type uint8, as the canvas gives it.")
    if rgba.ndim != 3 or rgba.shape[2] != 4 or rgba.size == 0:
        raise ValueError(f"rgba must have the shape (height, width, 4), not {rgba.shape}.")
    return fit(_without_specks(ink(rgba)))


def ink(rgba: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """How much ink lies on each pixel of a drawing.

    Colours are compared with alpha multiplied in, alpha itself being a fourth channel, so
    black on transparent, white on black and red on yellow are all just "not background".

    Args:
        rgba: uint8 (H, W, 4).

    Returns:
        float32 (H, W) in [0, 1].
    """
    colour = rgba.astype(np.float32) / 255  # (H, W, 4)
    colour[..., :3] *= colour[..., 3:]
    background = _background(rgba).astype(np.float32) / 255
    background[:3] *= background[3]
    distance = np.sqrt(((colour - background) ** 2).sum(axis=2))  # (H, W)
    farthest = distance.max()
    if farthest < NOISE:
        return np.zeros_like(distance)
    amount: npt.NDArray[np.float32] = np.minimum(distance / (FULL_INK * farthest), 1)
    return amount


def _background(rgba: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The colour (4,) with the largest share of the border and of the whole, added up.

    The border alone fails on strokes along the edge, the whole alone on a thick pen.
    """
    packed = np.ascontiguousarray(rgba).view(np.uint32)[..., 0]
    border = np.concatenate([packed[0], packed[-1], packed[:, 0], packed[:, -1]])
    colours, counts = np.unique(packed, return_counts=True)
    on_border, border_counts = np.unique(border, return_counts=True)
    shares = counts / packed.size
    shares[np.searchsorted(colours, on_border)] += border_counts / border.size
    background: npt.NDArray[np.uint8] = colours[[shares.argmax()]].view(np.uint8)
    return background


def _without_specks(ink: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The ink (H, W) without what stands apart and is too little to be a stroke."""
    rows, columns = (np.arange(n) * CELLS // n for n in ink.shape)
    cells = np.zeros((CELLS, CELLS), np.float32)
    np.add.at(cells, (rows[:, None], columns[None, :]), ink)
    cells[cells < EDGE] = 0
    part = _parts(cells > 0)
    share = np.bincount(part.ravel(), cells.ravel()) / max(float(cells.sum()), 1.0)
    return np.where((share < SPECK)[part][rows][:, columns], np.float32(0), ink)


def _parts(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """A number for each part of a mask (n, n) that hangs together, diagonals included."""
    part = np.where(mask, np.arange(1, mask.size + 1).reshape(mask.shape), 0)
    while True:
        # Every cell takes the largest number around it, until nothing changes.
        padded = np.pad(part, 1)
        windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3))
        spread = np.where(mask, windows.max(axis=(2, 3)), 0)
        if (spread == part).all():
            return part
        part = spread


def resized(rgba: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """What many demos do instead of `to_mnist`: the whole canvas made small, (28, 28).

    The digit keeps the size and the place it has on the canvas, which no digit of MNIST has.
    """
    amount = ink(rgba)
    step = max(amount.shape) / SIZE
    return _placed(amount, step, [(SIZE - n / step) / 2 for n in amount.shape])


def boxed(rgba: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Half of `to_mnist`: the box of the ink made 20x20 and centred, its mass left where it is."""
    amount = _cropped(_without_specks(ink(rgba)))
    step = max(amount.shape) / BOX
    return _placed(amount, step, [(SIZE - n / step) / 2 for n in amount.shape])


def fit(ink: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Fit ink into the 20x20 box and centre its mass in the 28x28 field.

    Scaling and shifting happen in one resampling, each output pixel averaging the area it
    covers, so that neither a shift nor a scale of the drawing leaves a trace.

    Args:
        ink: float (H, W) in [0, 1].

    Returns:
        float32 (28, 28) in [0, 1]; zeros where there is no ink.
    """
    ink = _cropped(ink)
    step = max(ink.shape) / BOX  # drawing pixels per image pixel
    total = max(float(ink.sum()), 1e-6)
    offsets = []
    for axis, n in enumerate(ink.shape):
        centre_of_mass = float(ink.sum(axis=1 - axis) @ (np.arange(n) + 0.5)) / total
        # The mass goes to the centre, but never so far that ink leaves the field.
        offsets.append(float(np.clip(CENTRE - centre_of_mass / step, 0, SIZE - n / step)))
    return _placed(ink, step, offsets)


def _cropped(ink: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The bounding box of the ink; all of a drawing that has none."""
    rows, columns = np.nonzero(ink >= EDGE)
    if rows.size == 0:
        return ink
    return ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def _placed(
    ink: npt.NDArray[np.float32], step: float, offsets: list[float]
) -> npt.NDArray[np.float32]:
    """Draw ink into the field, (28, 28).

    A thin stroke on a large canvas is brought back to full brightness.

    Args:
        ink: (H, W).
        step: drawing pixels per image pixel.
        offsets: rows above and columns left of the ink in the field, image pixels.
    """
    vertical, horizontal = (
        _shares(n, step, offset) for n, offset in zip(ink.shape, offsets, strict=True)
    )
    image = vertical @ ink @ horizontal.T
    normalised: npt.NDArray[np.float32] = (image / max(image.max(), 1e-6)).astype(np.float32)
    return normalised


def _shares(n: int, step: float, offset: float) -> npt.NDArray[np.float32]:
    """The share of each of n drawing pixels in each of the 28 pixels of a line, (28, n)."""
    starts = (np.arange(SIZE) - offset)[:, None] * step
    pixels = np.arange(n)[None, :]
    overlap = np.minimum(starts + step, pixels + 1) - np.maximum(starts, pixels)
    shares: npt.NDArray[np.float32] = (np.maximum(overlap, 0) / step).astype(np.float32)
    return shares
