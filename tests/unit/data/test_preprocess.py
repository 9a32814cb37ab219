import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from rnn_demo.data import preprocess

SEVEN = [(80, 60), (200, 60), (130, 230)]


def drawing(points=SEVEN, *, size=280, width=20, colour="black", paper=(0, 0, 0, 0), shift=(0, 0)):
    """A canvas with one stroke, drawn by Pillow at twice its size and reduced."""
    image = Image.new("RGBA", (2 * size, 2 * size), paper)
    draw = ImageDraw.Draw(image)
    scaled = [(2 * (x + shift[0]), 2 * (y + shift[1])) for x, y in points]
    draw.line(scaled, fill=colour, width=2 * width, joint="curve")
    for x, y in scaled:
        draw.circle((x, y), width, fill=colour)
    return np.asarray(image.resize((size, size), Image.Resampling.BOX))


def centre_of_mass(image):
    rows, columns = np.indices(image.shape)
    return (rows * image).sum() / image.sum(), (columns * image).sum() / image.sum()


def test_the_image_is_like_those_of_mnist():
    image = preprocess.to_mnist(drawing())
    assert image.shape == (28, 28)
    assert image.dtype == np.float32
    assert image.min() == 0
    assert image.max() == 1
    rows, columns = np.nonzero(image > 0.02)
    # 20 pixels of ink may straddle 21 pixels of the grid.
    assert max(np.ptp(rows), np.ptp(columns)) + 1 in (20, 21)
    assert centre_of_mass(image) == pytest.approx((14, 14), abs=0.05)


def test_a_tall_drawing_keeps_its_aspect():
    image = preprocess.to_mnist(drawing([(140, 40), (140, 240)]))
    rows, columns = np.nonzero(image > 0.5)
    assert np.ptp(rows) + 1 == pytest.approx(20, abs=1)
    assert np.ptp(columns) + 1 == pytest.approx(20 * 20 / 220, abs=1)


@pytest.mark.parametrize(
    ("colour", "paper"),
    [
        ("white", (0, 0, 0, 0)),
        ("white", "black"),
        ("black", "white"),
        ("red", "yellow"),
        ("#ea580c", (0, 0, 0, 0)),
        ("#777777", "#888888"),
    ],
)
def test_colours_do_not_matter(colour, paper):
    expected = preprocess.to_mnist(drawing())
    image = preprocess.to_mnist(drawing(colour=colour, paper=paper))
    assert np.abs(image - expected).mean() < 0.01


def test_two_colours_of_ink_are_both_ink():
    image = drawing(paper="white").copy()
    image[200:240, 60:100] = (250, 200, 40, 255)
    assert preprocess.ink(image)[220, 80] > 0.8


@pytest.mark.parametrize("colour", [(0, 0, 0, 0), (255, 255, 255, 255), (10, 200, 30, 128)])
def test_a_uniform_canvas_is_all_zeros(colour):
    canvas = np.full((90, 120, 4), colour, np.uint8)
    assert not preprocess.to_mnist(canvas).any()


def test_compression_noise_is_not_ink():
    noise = np.random.default_rng(0).integers(250, 256, (100, 100, 4)).astype(np.uint8)
    assert not preprocess.to_mnist(noise).any()


@settings(max_examples=30, deadline=None)
@given(st.integers(-60, 60), st.integers(-30, 30))
def test_a_shift_of_the_drawing_changes_nothing(dx, dy):
    shifted = preprocess.to_mnist(drawing(shift=(dx, dy)))
    assert np.abs(shifted - preprocess.to_mnist(drawing())).max() < 0.02


@settings(max_examples=15, deadline=None)
@given(st.floats(0.4, 3.5))
def test_the_scale_of_the_canvas_hardly_changes_anything(scale):
    points = [(x * scale, y * scale) for x, y in SEVEN]
    large = drawing(points, size=round(280 * scale), width=max(1, round(20 * scale)))
    assert np.abs(preprocess.to_mnist(large) - preprocess.to_mnist(drawing())).mean() < 0.03


def test_a_thin_line_on_a_large_canvas_is_bright():
    image = preprocess.to_mnist(drawing([(100, 100), (900, 900)], size=1000, width=8))
    assert image.max() == 1
    assert (image > 0.5).sum() > 15


def test_ink_that_touches_the_edge_stays_inside():
    image = preprocess.to_mnist(drawing([(0, 0), (279, 0), (0, 279)], width=40))
    assert image.max() == 1
    assert image.sum() > 30


def test_shrinking_the_canvas_keeps_place_and_size_of_the_digit():
    small = [(60 + x / 4, 10 + y / 4) for x, y in SEVEN]
    image = preprocess.preprocess(drawing(small, width=8)).shrunk_image
    area = preprocess.ink(drawing(small, width=8)).reshape(28, 10, 28, 10).mean(axis=(1, 3))
    np.testing.assert_allclose(image, area / area.max(), atol=1e-5)


def test_boxing_centres_the_box_and_not_the_mass():
    image = preprocess.preprocess(drawing()).boxed_image
    rows, columns = np.nonzero(image > 0.02)
    assert (rows.min() + rows.max()) / 2 == pytest.approx(13.5, abs=0.5)
    assert (columns.min() + columns.max()) / 2 == pytest.approx(13.5, abs=0.5)
    assert centre_of_mass(image)[0] < 12.5  # a 7 is heavy at the top


def test_a_stray_dot_changes_nothing():
    dotted = drawing().copy()
    dotted[262:270, 262:270, 3] = 255
    np.testing.assert_array_equal(preprocess.to_mnist(dotted), preprocess.to_mnist(drawing()))


def test_a_separate_stroke_is_kept():
    """The bar of a 5, apart from the rest."""
    parted = drawing([(90, 110), (90, 150), (190, 180), (90, 240)]).copy()
    alone = preprocess.to_mnist(parted)
    parted[40:60, 90:190, 3] = 255
    with_bar = preprocess.to_mnist(parted)
    assert np.abs(with_bar - alone).mean() > 0.05
    assert with_bar[:8].sum() > 5


def test_a_single_dot_is_all_the_ink_there_is():
    canvas = np.zeros((280, 280, 4), np.uint8)
    canvas[100:120, 100:120, 3] = 255
    assert preprocess.to_mnist(canvas).sum() == pytest.approx(400, rel=0.01)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 5), st.integers(0, 100))
def test_a_shaky_hand_hardly_changes_anything(wobble, seed):
    rng = np.random.default_rng(seed)
    corners = np.array(SEVEN, float)
    path = np.concatenate([np.linspace(corners[i], corners[i + 1], 12) for i in (0, 1)])
    shaky = [tuple(point) for point in path + rng.uniform(-wobble, wobble, path.shape)]
    image = preprocess.to_mnist(drawing(shaky))
    assert np.abs(image - preprocess.to_mnist(drawing())).mean() < 0.005 + 0.012 * wobble


@settings(max_examples=25, deadline=None)
@given(st.integers(8, 40), st.integers(100, 1000), st.data())
def test_any_pen_on_any_canvas_gives_an_image_in_its_box(width, size, data):
    """In corners and over the edge too: the ink always fills the box."""
    places = st.tuples(st.integers(0, size), st.integers(0, size))
    points = data.draw(st.lists(places, min_size=2, max_size=5))
    image = preprocess.to_mnist(drawing(points, size=size, width=width))
    assert image.max() == 1
    rows, columns = np.nonzero(image > 0.02)
    assert max(np.ptp(rows), np.ptp(columns)) + 1 in (20, 21, 22)


@settings(max_examples=20, deadline=None)
@given(st.integers(8, 40))
def test_inverting_the_canvas_changes_nothing(width):
    dark = preprocess.to_mnist(drawing(colour="black", paper="white", width=width))
    light = preprocess.to_mnist(drawing(colour="white", paper="black", width=width))
    assert np.abs(dark - light).max() < 0.02


def test_a_lopsided_drawing_is_not_cut_off():
    """Its centre of mass is far from its middle: it is centred only as far as it fits."""
    canvas = np.zeros((200, 200, 4), np.uint8)
    canvas[0:20, :, 3] = 255
    canvas[:, 0:4, 3] = 255
    image = preprocess.to_mnist(canvas)
    assert image.sum() == pytest.approx(preprocess.ink(canvas).sum() / 100, rel=0.02)


@pytest.mark.hostile("arrays that are not the image of a canvas")
@pytest.mark.parametrize(
    ("rgba", "error", "sentence"),
    [
        (np.zeros((28, 28, 4)), TypeError, "uint8"),
        ([[0]], TypeError, "NumPy array"),
        (np.zeros((28, 28), np.uint8), ValueError, r"\(height, width, 4\), not \(28, 28\)"),
        (np.zeros((28, 28, 3), np.uint8), ValueError, "height, width, 4"),
        (np.zeros((0, 28, 4), np.uint8), ValueError, "height, width, 4"),
    ],
)
def test_invalid_input_raises_a_clear_error(rgba, error, sentence):
    with pytest.raises(error, match=sentence):
        preprocess.to_mnist(rgba)


# The steps


def edges(image: np.ndarray) -> np.ndarray:
    """First and last column and row that hold ink."""
    rows, columns = np.nonzero(image > 0.02)
    return np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1])


def placed(point: tuple[float, ...], placement: preprocess.Placement) -> np.ndarray:
    shift = [placement.left, placement.top] * (len(point) // 2)
    return placement.scale * np.array(point) + shift


def resampled(ink: np.ndarray, placement: preprocess.Placement) -> np.ndarray:
    """Ink in the 28 x 28 field by sampling: many points in each pixel, nearest canvas pixel."""
    samples = 40
    at = (np.arange(28 * samples) + 0.5) / samples  # image pixels
    columns, rows = (
        np.floor((at - start) / placement.scale).astype(int)
        for start in (placement.left, placement.top)
    )
    inside = [(axis >= 0) & (axis < n) for axis, n in zip((rows, columns), ink.shape, strict=True)]
    clipped = [axis.clip(0, n - 1) for axis, n in zip((rows, columns), ink.shape, strict=True)]
    fine = ink[np.ix_(*clipped)] * np.outer(*inside)
    image = fine.reshape(28, samples, 28, samples).mean(axis=(1, 3))
    return image / image.max()


SMALL_SEVEN = [(20 + x / 2, 90 + y / 2) for x, y in SEVEN]


@pytest.mark.parametrize(
    ("placement", "image"),
    [("shrunk", "shrunk_image"), ("boxed", "boxed_image"), ("centred", "image")],
)
def test_each_step_places_the_ink_where_the_image_has_it(placement, image):
    steps = preprocess.preprocess(drawing(SMALL_SEVEN))
    made, where = getattr(steps, image), getattr(steps, placement)
    np.testing.assert_allclose(placed(steps.box, where), edges(made), atol=1)
    y, x = centre_of_mass(made)
    np.testing.assert_allclose(placed(steps.mass, where), (x + 0.5, y + 0.5), atol=0.05)
    np.testing.assert_allclose(resampled(steps.ink, where), made, atol=0.03)


def test_a_speck_is_in_no_step_but_the_shrunk_canvas():
    clean = drawing(SMALL_SEVEN)
    dotted = clean.copy()
    dotted[262:270, 262:270, 3] = 255
    steps, expected = preprocess.preprocess(dotted), preprocess.preprocess(clean)
    np.testing.assert_array_equal(steps.ink, expected.ink)
    assert (steps.box, steps.mass) == (expected.box, expected.mass)
    np.testing.assert_array_equal(steps.boxed_image, expected.boxed_image)
    assert steps.has_specks
    assert not expected.has_specks
    assert steps.shrunk_image[26, 26] > 0.5


def test_a_blank_drawing_is_blank_at_each_step():
    steps = preprocess.preprocess(np.zeros((90, 50, 4), np.uint8))
    assert steps.is_blank
    assert steps.box == (0, 0, 50, 90)
    assert not any(image.any() for image in (steps.image, steps.boxed_image, steps.shrunk_image))
