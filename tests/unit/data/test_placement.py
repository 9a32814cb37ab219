"""The animated way is the one that the images were made on."""

import numpy as np
import pytest

from rnn_demo.data import preprocess, strokes
from rnn_demo.data.placement import Placement, journey
from rnn_demo.data.strokes import Stroke


def drawing(name: str) -> np.ndarray:
    """An example, smaller and off the middle."""
    small = [Stroke(s.points * 0.6 + [20, 70], 12) for s in strokes.example(name)]
    return strokes.render(small)


def edges(image: np.ndarray) -> np.ndarray:
    """First and last column and row that hold ink."""
    rows, columns = np.nonzero(image > 0.02)
    return np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1])


def mass(image: np.ndarray) -> np.ndarray:
    y, x = np.indices(image.shape) + 0.5
    return np.array([(image * x).sum(), (image * y).sum()]) / image.sum()


def placed(point: tuple[float, ...], placement: Placement) -> np.ndarray:
    shift = [placement.left, placement.top] * (len(point) // 2)
    return placement.scale * np.array(point) + shift


@pytest.mark.parametrize("name", strokes.EXAMPLES)
@pytest.mark.parametrize(
    ("stop", "make"),
    [("whole", preprocess.resized), ("boxed", preprocess.boxed), ("centred", preprocess.to_mnist)],
)
def test_each_stop_is_where_the_image_has_its_ink(name, stop, make):
    rgba = drawing(name)
    way = journey(preprocess.ink(rgba))
    image = make(rgba)
    placement = getattr(way, stop)
    np.testing.assert_allclose(placed(way.box, placement), edges(image), atol=1)
    np.testing.assert_allclose(placed(way.mass, placement), mass(image), atol=0.05)


def test_no_ink_has_no_way():
    with pytest.raises(ValueError, match="There is no ink"):
        journey(np.zeros((280, 280), np.float32))
