import re

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw

from rnn_demo.data.handwriting import generate, render, strokes
from rnn_demo.data.preprocess import to_mnist

CANVAS_PX = 280  # side of the drawing canvas
SUPERSAMPLING = 3
RNG = np.random.default_rng(0)


def draw(written: list[npt.NDArray[np.float32]], width: float) -> npt.NDArray[np.uint8]:
    """A canvas with the strokes, drawn by Pillow; `width` is in pixels of the 28 x 28 image."""
    side = CANVAS_PX * SUPERSAMPLING
    pen = 0.8 * side * width / 20  # ink fills 0.8 of the canvas, and 20 pixels of the image
    low = np.min([stroke.min(axis=0) for stroke in written], axis=0)
    high = np.max([stroke.max(axis=0) for stroke in written], axis=0)
    scale = (0.8 * side - pen) / (high - low).max()
    alpha = Image.new("L", (side, side))
    canvas = ImageDraw.Draw(alpha)
    for stroke in written:
        points = (stroke - low) * scale + 0.1 * side + pen / 2
        canvas.line([(x, y) for x, y in points], fill=255, width=round(pen), joint="curve")
        for x, y in points[[0, -1]]:
            canvas.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=255)
    rgba = np.zeros((CANVAS_PX, CANVAS_PX, 4), np.uint8)
    rgba[..., 3] = alpha.resize((CANVAS_PX, CANVAS_PX), Image.Resampling.BOX)
    return rgba


@pytest.fixture(scope="module")
def digits():
    return generate(1003, seed=5)


@pytest.mark.parametrize("width", [1.3, 2.5, 4.2])
@pytest.mark.parametrize("digit", range(10))
def test_rendering_equals_to_mnist_of_the_drawn_strokes(digit, width):
    for seed in range(5):
        written = strokes(digit, np.random.default_rng(seed))
        difference = np.abs(render(written, width) - to_mnist(draw(written, width)))
        assert difference.mean() < 0.02


def test_a_straight_line_is_a_bar_of_the_pens_width():
    image = render([np.array([[0, 0], [0, 1]], np.float32)], width=4)
    # 4 pixels wide and centred on 14.5, it covers 12.5 to 16.5; its ends are round.
    expected = np.tile([0, 0.5, 1, 1, 1, 0.5, 0], (16, 1))
    np.testing.assert_allclose(image[6:22, 11:18], expected, atol=1e-5)
    assert image[:4].max() == image[25:].max() == 0


def test_images_and_labels_have_mnists_format(digits):
    images, labels = digits
    assert images.shape == (1003, 28, 28)
    assert images.dtype == np.uint8
    assert labels.shape == (1003,)
    assert labels.dtype == np.uint8
    assert (images.max(axis=(1, 2)) == 255).all()


def test_labels_are_balanced_and_shuffled(digits):
    counts = np.bincount(digits[1], minlength=10)
    assert counts.tolist() == [101] * 3 + [100] * 7
    assert len(set(digits[1][:30].tolist())) > 5
    assert (np.diff(digits[1].astype(int)) % 10 == 1).mean() < 0.2  # and not 0, 1, 2, ...


def test_only_the_same_seed_gives_the_same_digits(digits):
    images, labels = generate(1003, seed=5)
    np.testing.assert_array_equal(images, digits[0])
    np.testing.assert_array_equal(labels, digits[1])
    assert not np.array_equal(generate(1003, seed=6)[0], images)


def test_all_images_differ(digits):
    assert len(np.unique(digits[0].reshape(1003, -1), axis=0)) == 1003


def test_a_digit_fills_the_box_of_20_pixels(digits):
    for image in digits[0]:
        rows, columns = np.nonzero(image)
        side = max(np.ptp(rows), np.ptp(columns)) + 1
        assert 20 <= side <= 21  # 21 if it starts inside a pixel


def test_the_centre_of_mass_is_at_the_centre_unless_ink_would_leave_the_image(digits):
    middles = np.arange(28) + 0.5
    inside = 0
    for image in digits[0].astype(float):
        for axis in (0, 1):
            mass = image.sum(axis=axis)
            if mass[0] == mass[-1] == 0:
                assert mass @ middles / mass.sum() == pytest.approx(14.5, abs=0.25)
                inside += 1
    assert inside > 1800


def test_unbalanced_ink_stays_inside_the_image():
    comb = [np.array([[x, 0], [x, 1]], np.float32) for x in (0, 0.05, 0.1)]
    written = [*comb, np.array([[0, 0.5], [1, 0.5]], np.float32)]
    image = render(written, width=2)
    assert np.flatnonzero(image.any(axis=0)).tolist() == list(range(8, 28))
    assert np.abs(image - to_mnist(draw(written, width=2))).mean() < 0.02


def test_zero_digits():
    images, labels = generate(0, seed=1)
    assert images.shape == (0, 28, 28)
    assert labels.shape == (0,)


@pytest.mark.parametrize("digit", range(10))
def test_strokes_are_dense_and_fill_about_the_unit_square(digit):
    for seed in range(20):
        for stroke in strokes(digit, np.random.default_rng(seed)):
            assert stroke.dtype == np.float32
            assert stroke.ndim == 2
            assert stroke.shape[1] == 2
            assert np.linalg.norm(np.diff(stroke, axis=0), axis=1).max() < 0.4
            assert stroke.min() > -1
            assert stroke.max() < 2


@pytest.mark.parametrize("digit", range(10))
def test_every_digit_has_several_styles(digit):
    shapes = {
        tuple(len(stroke) for stroke in strokes(digit, np.random.default_rng(seed)))
        for seed in range(60)
    }
    assert len(shapes) >= 2


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (
            lambda: strokes(10, np.random.default_rng(0)),
            ValueError,
            "digit must be 0 to 9, not 10.",
        ),
        (
            lambda: strokes(-1, np.random.default_rng(0)),
            ValueError,
            "digit must be 0 to 9, not -1.",
        ),
        (lambda: strokes("3", RNG), TypeError, "digit must be an integer"),
        (lambda: generate(-1, 0), ValueError, "n must be 0 or more, not -1."),
        (lambda: generate(2.0, 0), TypeError, "n must be an integer, not float."),
        (lambda: generate(True, 0), TypeError, "n must be an integer, not bool."),
        (lambda: render([], 2), ValueError, "strokes must be arrays of the shape"),
        (lambda: render([np.zeros((1, 2), "f4")], 2), ValueError, "strokes must be arrays"),
        (lambda: render([np.zeros((2, 2), "f4")], 2), ValueError, "more than a single point."),
        (lambda: render([np.eye(2, dtype="f4")], 20), ValueError, "under 20 pixels, not 20."),
        (lambda: render([np.eye(2, dtype="f4")], 0), ValueError, "width must be over 0"),
    ],
)
def test_wrong_input_is_refused_with_one_sentence(call, error, sentence):
    with pytest.raises(error, match=re.escape(sentence)):
        call()
