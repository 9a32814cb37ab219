"""Augmentation: random variations of handwriting that do not change the digit.

Every image of a batch is rotated, slanted, scaled, shifted, bent (elastic distortions: Simard,
Steinkraus and Platt, 2003) and drawn with a thinner or a thicker pen, each at random.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional

# The ranges at strength 1: each value is drawn uniformly from -limit to limit.
MAX_ROTATION = math.radians(12)
MAX_SLANT = 0.25  # columns per row
MAX_SCALE = 0.12  # fraction of the size
MAX_SHIFT = 1.6  # pixels
MAX_BEND = 1.3  # pixels
N_BEND_POINTS = 5  # along each side of the grid on which bends are drawn; smooth in between
MAX_THICKNESS = 0.7  # of the way to the thinnest or the boldest version of an image

_CHUNK_SIZE = 64  # images


def augment(images: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    """Vary a batch of images, each in its own way.

    Args:
        images: float (batch, side, side) in [0, 1], ink bright on 0.
        strength: 0 leaves the images as they are, 1 takes the ranges above.
        generator: of the random numbers.

    Returns:
        (batch, side, side) in [0, 1].
    """
    # In chunks: the intermediate tensors take twenty times the memory of the images.
    return torch.cat([_varied(chunk, strength, generator) for chunk in images.split(_CHUNK_SIZE)])


def _varied(images: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    n, side, _ = images.shape
    pixel = 2 / side  # grid_sample counts from -1 to 1
    grid = functional.affine_grid(_affine(n, strength, pixel, generator), [n, 1, side, side], False)
    bends = _uniform((n, 2, N_BEND_POINTS, N_BEND_POINTS), strength * MAX_BEND * pixel, generator)
    bends = functional.interpolate(bends, size=(side, side), mode="bicubic", align_corners=True)
    grid = grid + bends.permute(0, 2, 3, 1)
    varied = functional.grid_sample(
        _thickness(images[:, None], strength, generator), grid, align_corners=False
    )
    # Like `preprocess.to_mnist`: the brightest pixel is 1, even with a thin pen.
    return varied[:, 0] / varied.amax(dim=(2, 3)).clamp_min(1e-6)[..., None]


def _affine(n: int, strength: float, pixel: float, generator: torch.Generator) -> Tensor:
    """Random affine maps from coordinates in the new image to those in the old one, (n, 2, 3)."""
    limits = (MAX_ROTATION, MAX_SLANT, MAX_SCALE, MAX_SCALE)
    angle, slant, wider, taller = (_uniform((n,), strength * limit, generator) for limit in limits)
    shift = _uniform((n, 2), strength * MAX_SHIFT * pixel, generator)
    cos, sin = angle.cos(), angle.sin()
    x = torch.stack([(1 + wider) * cos, (1 + wider) * (slant * cos - sin), shift[:, 0]], dim=1)
    y = torch.stack([(1 + taller) * sin, (1 + taller) * (slant * sin + cos), shift[:, 1]], dim=1)
    return torch.stack([x, y], dim=1)


def _thickness(images: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    """Mix each image (n, 1, side, side) with its erosion or its dilation."""
    amount = _uniform((len(images), 1, 1, 1), strength * MAX_THICKNESS, generator)
    # A cross of five pixels: a 3 x 3 square would thicken diagonals twice as much.
    bold = torch.maximum(_maximum(images, (3, 1)), _maximum(images, (1, 3)))
    fine = -torch.maximum(_maximum(-images, (3, 1)), _maximum(-images, (1, 3)))
    target = torch.where(amount > 0, bold, fine)
    return images + amount.abs() * (target - images)


def _maximum(images: Tensor, window: tuple[int, int]) -> Tensor:
    """The largest pixel in a window around each pixel, in the shape of the images."""
    padding = (window[0] // 2, window[1] // 2)
    return functional.max_pool2d(images, window, stride=1, padding=padding)


def _uniform(shape: tuple[int, ...], limit: float, generator: torch.Generator) -> Tensor:
    """Random numbers from -limit to limit."""
    return (2 * torch.rand(shape, generator=generator) - 1) * limit
