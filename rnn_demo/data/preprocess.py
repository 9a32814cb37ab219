"""A drawing on a canvas becomes a 28x28 image, made the way MNIST was made.

MNIST's authors fitted each digit into a 20x20 box keeping its aspect ratio, with
anti-aliasing, and placed its centre of mass at the centre of a 28x28 field
(LeCun, Cortes and Burges, "The MNIST database of handwritten digits").

`preprocess` computes each step once: the ink without specks, its box, its centre of mass, and
where in the field the drawing lies after each step. Images and animation are made from these.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

SIZE = 28  # side of the finished image, pixels
BOX = 20  # side of the box the ink is fitted into, pixels
# In MNIST's 60,000 training images the mean centre of mass is pixel index (14.0, 14.0);
# index 14 spans 14 to 15, so its middle lies 14.5 pixels from the field's edge.
CENTRE = 14.5
# A pixel at least this far from the background counts as full ink, as a share of the
# largest distance: strokes in a second, paler colour are ink too.
FULL_INK = 0.6
# Differences under this share of full scale are compression noise, not ink.
NOISE = 0.08
# Ink fainter than this does not stretch the bounding box: it is anti-aliasing.
EDGE = 0.1
# A speck is a separate part with less than this share of the ink. Without it, a stray dot
# would shrink the digit and push it aside.
MAX_SPECK_SHARE = 0.04
CELLS_PER_SIDE = 32  # of the grid on which the separate parts are found

Ink = npt.NDArray[np.float32]  # (H, W) in [0, 1]
Box = tuple[int, int, int, int]  # left, top, right and bottom edge, canvas pixels


@dataclass(frozen=True)
class Placement:
    """Where the canvas lies in the 28x28 field: x goes to `scale * x + left`, y to `... + top`.

    Attributes:
        scale: image pixels per canvas pixel.
        left: image pixels.
        top: image pixels.
    """

    scale: float
    left: float
    top: float


@dataclass(frozen=True)
class Preprocessing:
    """The steps from a drawing to the image that a network reads.

    Attributes:
        canvas_ink: float32 (H, W) in [0, 1], all ink on the canvas.
        ink: float32 (H, W) in [0, 1], the ink without specks; 0 outside `box`.
        box: left, top, right and bottom edge of `ink`, canvas pixels; the whole canvas where
            there is no ink.
        mass: x and y of the centre of mass of `ink`, canvas pixels; the middle of the box
            where there is no ink.
        shrunk: the placement of the whole canvas in the field.
        boxed: the placement that makes the box 20 pixels large and centres it.
        centred: the placement that moves the centre of mass to the middle.
    """

    canvas_ink: Ink
    ink: Ink
    box: Box
    mass: tuple[float, float]
    shrunk: Placement
    boxed: Placement
    centred: Placement

    @property
    def is_blank(self) -> bool:
        """Whether there is no ink to read."""
        return not self.ink.any()

    @property
    def has_specks(self) -> bool:
        """Whether the canvas has ink besides `ink`: specks, which the network does not get."""
        return bool((self.canvas_ink[self.ink == 0] >= EDGE).any())

    @cached_property
    def image(self) -> Ink:
        """What the network reads, float32 (28, 28) in [0, 1]; see `to_mnist`."""
        return _resampled(self.ink, self.box, self.centred)

    @cached_property
    def boxed_image(self) -> Ink:
        """The box of the ink 20x20 and centred, float32 (28, 28); the mass may lie off centre."""
        return _resampled(self.ink, self.box, self.boxed)

    @cached_property
    def shrunk_image(self) -> Ink:
        """The whole canvas shrunk, float32 (28, 28), as many demos do it.

        The digit keeps its size and place on the canvas, unlike any digit of MNIST.
        """
        height, width = self.canvas_ink.shape
        return _resampled(self.canvas_ink, (0, 0, width, height), self.shrunk)


def to_mnist(rgba: npt.NDArray[np.uint8]) -> Ink:
    """A drawing as an image like those of MNIST.

    Args:
        rgba: uint8 (H, W, 4), a drawing of any size. Ink and background may have any
            colours; the background may be opaque or transparent.

    Returns:
        float32 (28, 28) in [0, 1], ink bright on 0. All zeros for a canvas of one colour.

    Raises:
        TypeError: `rgba` is not a uint8 array.
        ValueError: `rgba` is not of shape (H, W, 4), or has no pixels.
    """
    return preprocess(rgba).image


def preprocess(rgba: npt.NDArray[np.uint8]) -> Preprocessing:
    """The steps from a drawing to its 28x28 image.

    Args:
        rgba: uint8 (H, W, 4), see `to_mnist`.

    Raises:
        TypeError: `rgba` is not a uint8 array.
        ValueError: `rgba` is not of shape (H, W, 4), or has no pixels.
    """
    if not isinstance(rgba, np.ndarray) or rgba.dtype != np.uint8:
        raise TypeError("rgba must be a NumPy array of type uint8, as the canvas gives it.")
    if rgba.ndim != 3 or rgba.shape[2] != 4 or rgba.size == 0:
        raise ValueError(f"rgba must have the shape (height, width, 4), not {rgba.shape}.")
    canvas_ink = ink(rgba)
    kept = _without_specks(canvas_ink)
    box = _box(kept)
    kept = _inside(kept, box)
    mass = np.array(_centre_of_mass(kept, box))
    low, high = np.array(box[:2]), np.array(box[2:])
    scale = BOX / float((high - low).max())
    # The mass goes to the centre, but never so far that ink leaves the field.
    left, top = np.clip(CENTRE - scale * mass, -scale * low, SIZE - scale * high).tolist()
    height, width = canvas_ink.shape
    return Preprocessing(
        canvas_ink=canvas_ink,
        ink=kept,
        box=box,
        mass=(float(mass[0]), float(mass[1])),
        shrunk=_in_the_middle((0, 0, width, height), SIZE / max(width, height)),
        boxed=_in_the_middle(box, scale),
        centred=Placement(scale, left, top),
    )


def ink(rgba: npt.NDArray[np.uint8]) -> Ink:
    """The amount of ink on each pixel of a drawing.

    Colours are compared with alpha multiplied in, alpha itself being a fourth channel, so
    black on transparent, white on black and red on yellow all differ from their background.

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
    largest = distance.max()
    if largest < NOISE:
        return np.zeros_like(distance)
    amount: Ink = np.minimum(distance / (FULL_INK * largest), 1)
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


def _without_specks(ink: Ink) -> Ink:
    """The ink (H, W) without the separate parts that are too small to be a stroke."""
    rows, columns = (np.arange(n) * CELLS_PER_SIDE // n for n in ink.shape)
    cells = np.zeros((CELLS_PER_SIDE, CELLS_PER_SIDE), np.float32)
    np.add.at(cells, (rows[:, None], columns[None, :]), ink)
    cells[cells < EDGE] = 0
    part = _connected_parts(cells > 0)
    share = np.bincount(part.ravel(), cells.ravel()) / max(float(cells.sum()), 1.0)
    return np.where((share < MAX_SPECK_SHARE)[part][rows][:, columns], np.float32(0), ink)


def _connected_parts(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """A number for each connected part of a mask (n, n), diagonals included; 0 outside it."""
    part = np.where(mask, np.arange(1, mask.size + 1).reshape(mask.shape), 0)
    while True:
        # Every cell takes the largest number around it, until nothing changes.
        padded = np.pad(part, 1)
        windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3))
        spread = np.where(mask, windows.max(axis=(2, 3)), 0)
        if (spread == part).all():
            return part
        part = spread


def _box(ink: Ink) -> Box:
    """The box around the ink (H, W); the whole canvas if it is blank."""
    rows, columns = np.nonzero(ink >= EDGE)
    if rows.size == 0:
        return 0, 0, ink.shape[1], ink.shape[0]
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def _inside(ink: Ink, box: Box) -> Ink:
    """The ink (H, W) with zeros outside a box."""
    left, top, right, bottom = box
    inside = np.zeros_like(ink)
    inside[top:bottom, left:right] = ink[top:bottom, left:right]
    return inside


def _centre_of_mass(ink: Ink, box: Box) -> tuple[float, float]:
    """The centre of mass (x, y) of the ink in a box, canvas pixels; the middle of a blank box."""
    left, top, right, bottom = box
    cropped = ink[top:bottom, left:right]
    total = float(cropped.sum())
    if total == 0:
        return (left + right) / 2, (top + bottom) / 2
    x = float(cropped.sum(axis=0) @ (np.arange(right - left) + 0.5)) / total
    y = float(cropped.sum(axis=1) @ (np.arange(bottom - top) + 0.5)) / total
    return left + x, top + y


def _in_the_middle(box: Box, scale: float) -> Placement:
    """The placement that scales a box and centres it in the field."""
    left, top, right, bottom = box
    return Placement(
        scale, SIZE / 2 - scale * (left + right) / 2, SIZE / 2 - scale * (top + bottom) / 2
    )


def _resampled(ink: Ink, box: Box, placement: Placement) -> Ink:
    """The ink of a box in the field, float32 (28, 28) in [0, 1]; zeros where there is no ink.

    Scaling and shifting happen in one resampling: each output pixel is the average of the area
    it covers, so that neither a shift nor a scale of the drawing leaves a trace. A thin stroke
    on a large canvas is brought back to full brightness.
    """
    left, top, right, bottom = box
    scale = placement.scale
    vertical = _shares(bottom - top, scale, placement.top + scale * top)
    horizontal = _shares(right - left, scale, placement.left + scale * left)
    image = vertical @ ink[top:bottom, left:right] @ horizontal.T
    normalised: Ink = (image / max(image.max(), 1e-6)).astype(np.float32)
    return normalised


def _shares(n: int, scale: float, offset: float) -> npt.NDArray[np.float32]:
    """The share of each of n canvas pixels in each of the 28 pixels of a line, (28, n)."""
    step = 1 / scale  # canvas pixels per image pixel
    starts = (np.arange(SIZE) - offset)[:, None] * step
    pixels = np.arange(n)[None, :]
    overlap = np.minimum(starts + step, pixels + 1) - np.maximum(starts, pixels)
    shares: npt.NDArray[np.float32] = (np.maximum(overlap, 0) / step).astype(np.float32)
    return shares
