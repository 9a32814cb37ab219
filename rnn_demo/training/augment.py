"""Variations of handwriting: what a reader should not mind.

Every image of a batch is slanted, turned, scaled, shifted and bent (elastic distortions:
Simard, Steinkraus and Platt, 2003) and drawn with a thinner or a thicker pen, each at random.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional

# The ranges at strength 1, each drawn uniformly from both sides.
TURN = math.radians(12)
SLANT = 0.25  # columns a row, as a share
SCALE = 0.12  # share of the size
SHIFT = 1.6  # pixels
BEND = 1.3  # pixels
KNOTS = 5  # bends are drawn on a grid of this many points a side and smoothed in between
# How far an image moves towards its thinnest or its boldest version.
THICKNESS = 0.7

_AT_ONCE = 64  # images


def augment(images: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    """Vary a batch of images, each in its own way.

    Args:
        images: float (batch, side, side) in [0, 1], ink bright on 0.
        strength: 0 for not at all, 1 for the ranges above.
        generator: where the randomness comes from.

    Returns:
        (batch, side, side) in [0, 1].
    """
    # A few at a time: what lies between takes twenty times the room of the images.
    return torch.cat([_varied(few, strength, generator) for few in images.split(_AT_ONCE)])


def _varied(images: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    n, side, _ = images.shape
    pixel = 2 / side  # grid_sample counts from -1 to 1
    grid = functional.affine_grid(_affine(n, strength, pixel, generator), [n, 1, side, side], False)
    bends = _uniform((n, 2, KNOTS, KNOTS), strength * BEND * pixel, generator)
    bends = functional.interpolate(bends, size=(side, side), mode="bicubic", align_corners=True)
    grid = grid + bends.permute(0, 2, 3, 1)
    varied = functional.grid_sample(
        _thickness(images[:, None], strength, generator), grid, align_corners=False
    )
    # As `ink.to_mnist` does: the brightest ink is 1, however thin the pen.
    return varied[:, 0] / varied.amax(dim=(2, 3)).clamp_min(1e-6)[..., None]


def _affine(n: int, strength: float, pixel: float, generator: torch.Generator) -> Tensor:
    """Random maps from places in the new image to places in the old one, (n, 2, 3)."""
    turn, slant, wider, taller = (
        _uniform((n,), strength * limit, generator) for limit in (TURN, SLANT, SCALE, SCALE)
    )
    shift = _uniform((n, 2), strength * SHIFT * pixel, generator)
    cos, sin = turn.cos(), turn.sin()
    across = torch.stack([(1 + wider) * cos, (1 + wider) * (slant * cos - sin), shift[:, 0]], dim=1)
    down = torch.stack([(1 + taller) * sin, (1 + taller) * (slant * sin + cos), shift[:, 1]], dim=1)
    return torch.stack([across, down], dim=1)


def _thickness(images: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    """Mix each image (n, 1, side, side) with its erosion or its dilation."""
    amount = _uniform((len(images), 1, 1, 1), strength * THICKNESS, generator)
    # A cross of five pixels: the square of nine would thicken diagonals twice as much.
    bold = torch.maximum(_widest(images, (3, 1)), _widest(images, (1, 3)))
    fine = -torch.maximum(_widest(-images, (3, 1)), _widest(-images, (1, 3)))
    target = torch.where(amount > 0, bold, fine)
    return images + amount.abs() * (target - images)


def _widest(images: Tensor, window: tuple[int, int]) -> Tensor:
    padding = (window[0] // 2, window[1] // 2)
    return functional.max_pool2d(images, window, stride=1, padding=padding)


def _uniform(shape: tuple[int, ...], limit: float, generator: torch.Generator) -> Tensor:
    """Numbers from -limit to limit."""
    return (2 * torch.rand(shape, generator=generator) - 1) * limit
