import base64
import contextlib
import json
import math
import zlib
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnn_demo import load_pretrained
from rnn_demo.data import handwriting, preprocess, strokes
from rnn_demo.data.pen import SIDE
from rnn_demo.data.strokes import Stroke
from rnn_demo.formats import url
from rnn_demo.messages import InputError
from rnn_demo.nn.reading import read

COORDINATES = st.floats(-100, 380, width=32)
POINTS = st.integers(1, 60).flatmap(lambda n: arrays(float, (n, 2), elements=COORDINATES))
STROKES = st.lists(st.builds(Stroke, POINTS, st.integers(4, 40)), min_size=1, max_size=8)

# What the canvas sends after a seven, shortened to the keys that say where the ink is.
SENT = {
    "version": "7.4.0",
    "objects": [
        {
            "type": "Path",
            "left": 108.7992,
            "top": 130.01,
            "width": 97.6384,
            "height": 140.02,
            "strokeWidth": 20,
            "scaleX": 1,
            "scaleY": 1,
            "angle": 0,
            "flipX": False,
            "flipY": False,
            "path": [
                ["M", 59.98, 60],
                ["Q", 60, 60, 72.5, 60],
                ["Q", 85, 60, 97.5, 60],
                ["Q", 110, 60, 122.5, 60],
                ["Q", 135, 60, 147.5, 60],
                ["Q", 160, 60, 152.5, 77.5],
                ["Q", 145, 95, 137.5, 112.5],
                ["Q", 130, 130, 115, 165],
                ["L", 99.98, 200.02],
            ],
        }
    ],
}


def changed(**values: object) -> dict:
    return {"objects": [SENT["objects"][0] | values]}


def packed(value: object) -> str:
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(value).encode())).decode().rstrip("=")


def distance_to_line(point: np.ndarray, line: np.ndarray) -> float:
    """Brute force: the distance to the nearest of many points along each segment."""
    if len(line) == 1:
        return math.dist(point, line[0])
    shares = np.linspace(0, 1, 2001)[:, None]
    return min(float(np.hypot(*(a + shares * (b - a) - point).T).min()) for a, b in pairwise(line))


# The canvas


def test_strokes_lie_where_the_canvas_has_its_ink():
    (stroke,) = strokes.from_canvas(SENT)
    assert stroke.width == 20
    np.testing.assert_allclose(stroke.points[0], (59.98, 60), atol=0.15)
    np.testing.assert_allclose(stroke.points[-1], (99.98, 200.02), atol=0.15)
    # Where a curve's middle is: a quarter of each end and half of the control point.
    middle = (
        0.25 * np.array([147.5, 60]) + 0.5 * np.array([160, 60]) + 0.25 * np.array([152.5, 77.5])
    )
    assert distance_to_line(middle, stroke.points) < 0.15


def test_a_path_is_moved_stretched_turned_and_mirrored():
    (before,) = strokes.from_canvas(SENT)
    (moved,) = strokes.from_canvas(changed(left=118.7992))
    np.testing.assert_allclose(moved.points - before.points, [[10, 0]] * len(before.points))
    (doubled,) = strokes.from_canvas(changed(scaleX=2, scaleY=2))
    assert doubled.width == 40
    np.testing.assert_allclose(np.ptp(doubled.points, axis=0), 2 * np.ptp(before.points, axis=0))
    (turned,) = strokes.from_canvas(changed(angle=90))  # clockwise, as y points down
    middle = np.array([108.7992, 130.01])
    x, y = (before.points - middle).T
    np.testing.assert_allclose(turned.points - middle, np.stack([-y, x], axis=1), atol=1e-9)
    (mirrored,) = strokes.from_canvas(changed(flipX=True))
    np.testing.assert_allclose(mirrored.points[:, 0] - middle[0], -x)


@settings(deadline=None)
@given(STROKES)
def test_to_the_canvas_and_back_is_the_same_drawing(drawing):
    back = strokes.from_canvas(json.loads(json.dumps(strokes.to_canvas(drawing))))
    for one, other in zip(back, drawing, strict=True):
        assert one.width == other.width
        if np.ptp(other.points, axis=0).any():
            np.testing.assert_allclose(one.points, other.points, atol=1e-6)
        else:
            assert np.ptp(one.points, axis=0).any()  # a browser draws no line without length
            np.testing.assert_allclose(one.points, other.points[[0, 0]], atol=other.width / 500)


@pytest.mark.hostile("canvas JSON that is not a drawing")
@pytest.mark.parametrize(
    "sent",
    [
        None,
        7,
        [],
        "objects",
        {},
        {"objects": None},
        {"objects": 7},
        {"objects": "path"},
        {"objects": [None]},
        {"objects": [{}]},
        {"objects": [{"type": 7}]},
        {"objects": [{"type": "Path"}]},
        changed(path=[]),
        changed(path=None),
        changed(path=[["M", "<script>", 0]]),
        changed(path=[["M", 0], ["L", 1, 2]]),
        changed(path=[["M", 0, 0], ["Q", 1, 2, 3]]),
        changed(path=[["M", 0, 0], ["L", float("nan"), 0]]),
        changed(path=[["M", 0, 0], ["L", 1e308, 0]]),
        changed(path=[["M", 0, 0], ["L", 10**400, 0]]),
        changed(left=float("inf")),
        changed(left="<script>"),
        changed(angle=float("inf")),
        changed(scaleX=1e308),
        changed(strokeWidth=1e308),
        changed(strokeWidth=-1),
        changed(strokeWidth="wide"),
    ],
)
@pytest.mark.filterwarnings("ignore:.*encountered in:RuntimeWarning")
def test_invalid_canvas_data_is_rejected(sent):
    with pytest.raises(InputError) as error:
        strokes.from_canvas(sent)
    assert error.value.message.code == "data.invalid_canvas_drawing"


# Rendering


def test_ink_lies_within_half_a_pen_of_the_line_and_nowhere_else():
    line = np.array([(60.0, 70.0), (200.0, 90.0), (120.0, 220.0)])
    alpha = strokes.render([Stroke(line, 24)])[..., 3]
    for y in range(0, SIDE, 7):
        for x in range(0, SIDE, 7):
            reach = distance_to_line(np.array([x + 0.5, y + 0.5]), line) - 12
            if abs(reach) > 1.2:
                assert alpha[y, x] == (255 if reach < 0 else 0), (x, y)


@pytest.mark.parametrize("width", [8, 20, 40])
@pytest.mark.parametrize("end", [(200.3, 90.6), (60.5, 210.1), (60.5, 70.25)])
def test_a_line_has_as_much_ink_as_its_area(width, end):
    start = (60.5, 70.25)
    alpha = strokes.render([line(start, end, width=width)])[..., 3] / 255.0
    area = width * math.dist(start, end) + math.pi * (width / 2) ** 2
    assert alpha.sum() == pytest.approx(area, rel=0.01)
    middles = np.arange(SIDE) + 0.5
    centre = [alpha.sum(axis=axis) @ middles / alpha.sum() for axis in (0, 1)]
    np.testing.assert_allclose(centre, np.mean([start, end], axis=0), atol=0.03)


def test_the_image_is_close_to_that_of_the_synthetic_digits_for_the_same_strokes():
    written = handwriting.strokes(5, np.random.default_rng(3))
    drawing = [Stroke(stroke.astype(float) * 180 + 50, 20) for stroke in written]
    image = strokes.image(drawing)
    low, high = strokes._box([stroke.points for stroke in drawing])
    width = 20 * 20 / (float((high - low).max()) + 20)  # of the pen, in the finished image
    assert np.abs(image - handwriting.render(written, width)).mean() < 0.01


def test_no_strokes_make_an_empty_canvas():
    assert not strokes.render([])[..., 3].any()
    assert not strokes.image([]).any()


# Examples


@pytest.mark.parametrize("name", strokes.EXAMPLES)
def test_an_example_fills_the_canvas_and_stays_on_it(name):
    points = np.concatenate([stroke.points for stroke in strokes.example(name)])
    assert points.min() > 20
    assert points.max() < SIDE - 20
    assert np.ptp(points, axis=0).max() > SIDE / 2
    assert strokes.drawing_hint(strokes.example(name)) is None


def test_examples_of_unusual_handwriting_have_their_unusual_strokes():
    lifted = {name: len(strokes.example(name)) for name in strokes.EXAMPLES}
    assert lifted["open 4"] == lifted["crossed 7"] == lifted["slashed 0"] == 2
    assert lifted["1 with a foot"] == 2
    foot = strokes.example("1 with a foot")[1].points
    assert np.ptp(foot[:, 0]) > 5 * np.ptp(foot[:, 1])  # it is horizontal


# Hints


def line(*points: tuple[float, float], width: float = 20) -> Stroke:
    return Stroke(np.array(points, float), width)


@pytest.mark.hostile("drawings of a dot, with many turns, in a corner")
@pytest.mark.parametrize(
    ("drawing", "code"),
    [
        ([line((140, 140), (140.02, 140))], "data.drawing_is_a_dot"),
        ([line((20, 20), (20, 60))], "data.drawing_is_small"),
        ([line((30, 30), (90, 110))], "data.drawing_is_in_a_corner"),
        (
            [line(*[(60 + 150 * (i % 2), 60 + 5 * i) for i in range(30)])],
            "data.drawing_has_many_turns",
        ),
    ],
)
def test_an_unusual_drawing_gets_a_hint_and_an_image(drawing, code):
    hint = strokes.drawing_hint(drawing)
    assert hint is not None
    assert hint.code == code
    assert strokes.image(drawing).max() == 1


def test_ordinary_handwriting_gets_no_hint():
    rng = np.random.default_rng(0)
    for digit, styles in handwriting.STYLES.items():
        for style in styles:
            written = [s[0].astype(float) * 180 + 50 for s in handwriting.write(style, 1, rng)]
            assert strokes.drawing_hint([Stroke(s, 20) for s in written]) is None, (digit, style)
    assert strokes.drawing_hint([]) is None


# Simplifying


@settings(deadline=None)
@given(POINTS, st.floats(0.1, 40))
def test_no_point_left_out_is_farther_away_than_the_tolerance(points, tolerance):
    kept = strokes.simplified(points, tolerance)
    np.testing.assert_array_equal(kept[[0, -1]], points[[0, -1]])
    rows = {tuple(point) for point in points}
    assert all(tuple(point) in rows for point in kept)
    longest = np.ptp(kept, axis=0).max() if len(kept) > 1 else 0
    for point in points:  # the brute force tries 2001 points of a segment
        assert distance_to_line(point, kept) <= tolerance + longest / 1000


def test_a_straight_line_keeps_its_ends_and_a_corner_stays():
    straight = np.array([(float(i), 2.0 * i) for i in range(50)])
    assert len(strokes.simplified(straight, 0.1)) == 2
    bent = np.concatenate([straight, straight[::-1] * [1, 0.5]])
    assert len(strokes.simplified(bent, 0.1)) >= 3
    closed = np.array([(0.0, 0), (10, 0), (10, 10), (0, 0)])
    assert len(strokes.simplified(closed, 1)) == 4  # its ends are the same point


# Links


@settings(max_examples=40, deadline=None)
@given(STROKES)
def test_a_link_brings_the_drawing_back(drawing):
    text = strokes.encode(drawing)
    assert len(text) <= url.MAX_LINK_CHARACTERS
    back = strokes.decode(text)
    assert [stroke.width for stroke in back] == [stroke.width for stroke in drawing]
    for one, other in zip(back, drawing, strict=True):
        np.testing.assert_allclose(one.points[[0, -1]], other.points[[0, -1]], atol=0.26)


@pytest.mark.parametrize(
    "end",
    [(1500, 190), (-900, 400), (150, -5000), (3000, 2000)],
    ids=["right", "left", "up", "down"],
)
def test_a_stroke_that_ends_far_beside_the_canvas_keeps_its_direction_in_a_link(end):
    drawing = [line((140, 60), (150, 140), end)]
    shared = strokes.decode(strokes.encode(drawing))
    for one, other in zip(strokes.render(drawing), strokes.render(shared), strict=True):
        assert np.abs(one[:, 3].astype(int) - other[:, 3]).mean() < 3


def test_the_longest_possible_link_is_opened():
    """Steps as long as possible, and nearly all alike, so that the link is short."""
    corners = [(-280, -280), (560, 560), (-270, -280), (550, 560)]
    drawing = [line(*corners * (strokes.MAX_POINTS // 4))]
    assert len(strokes.decode(strokes.encode(drawing))[0].points) == strokes.MAX_POINTS


@pytest.mark.parametrize("digit", range(10))
def test_a_shared_digit_is_the_same_image_and_the_same_answer(digit):
    rng = np.random.default_rng(digit)
    written = handwriting.strokes(digit, rng)
    drawing = []
    for stroke in written:  # like a hand: many points, each with a wobble
        places = np.linspace(0, len(stroke) - 1, 300)
        curve = np.stack([np.interp(places, range(len(stroke)), axis) for axis in stroke.T], 1)
        drawing.append(Stroke(curve * 180 + 50 + rng.normal(0, 0.3, curve.shape), 20))
    text = strokes.encode(drawing, limit=600)
    assert len(text) <= 600
    image, shared = strokes.image(drawing), strokes.image(strokes.decode(text))
    assert np.abs(image - shared).mean() < 0.01
    model = load_pretrained()
    assert read(model, image).prediction == read(model, shared).prediction


def test_a_long_drawing_is_simplified_until_it_fits_or_rejected():
    rng = np.random.default_rng(0)
    long = [Stroke(rng.uniform(0, SIDE, (3000, 2)), 20)]
    assert len(strokes.encode(long)) <= url.MAX_LINK_CHARACTERS
    dots = [Stroke(rng.uniform(0, SIDE, (1, 2)), 20) for _ in range(101)]
    for drawing, limit in ((dots, url.MAX_LINK_CHARACTERS), (dots[:50], 100)):
        with pytest.raises(InputError) as error:
            strokes.encode(drawing, limit)
        assert error.value.message.code == "data.too_many_strokes_for_a_link"


@pytest.mark.hostile("a link to a drawing that holds something else")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "!",
        "AAAA",
        "ü",
        packed([]),
        packed({}),
        packed(None),
        packed([[20]]),
        packed([[20, 1]]),
        packed([[0, 1, 1]]),
        packed([[101, 1, 1]]),
        packed([[20, 1.5, 1]]),
        packed([[True, 1, 1]]),
        packed([[20, 10**9, 0]]),
        packed([[20, 1680, 0, 1680, 0]]),
        packed([[20, "1", 1]]),
        packed([[20, 1, 1]] * 101),
        packed([[20, *[0, 0] * 2001]]),
        packed([[20, 5, 5]])[:-4],
        packed("[" * 19_000),
    ],
)
def test_an_invalid_link_is_rejected(text):
    with pytest.raises(InputError) as error:
        strokes.decode(text)
    assert error.value.message.code in ("data.no_drawing_in_link", "link.damaged")


@pytest.mark.hostile("a link of the page Inside instead of a drawing's")
def test_a_link_of_another_page_holds_no_drawing():
    with pytest.raises(InputError) as error:
        strokes.decode(url.pack({"model": "BasicRNN"}))
    assert error.value.message.code == "data.no_drawing_in_link"


def test_a_zip_bomb_and_a_link_that_is_too_long_are_rejected():
    bomb = base64.urlsafe_b64encode(zlib.compress(b"[" + b" " * 1_300_000, 9)).decode().rstrip("=")
    assert len(bomb) < url.MAX_LINK_CHARACTERS
    long = "A" * (url.MAX_ADDRESS_CHARACTERS + 1)
    for text, code in ((bomb, "link.damaged"), (long, "link.too_long")):
        with pytest.raises(InputError) as error:
            strokes.decode(text)
        assert error.value.message.code == code


@settings(deadline=None)
@given(
    st.text(max_size=200)
    | st.binary(max_size=200).map(lambda b: base64.urlsafe_b64encode(b).decode())
)
def test_any_text_is_decoded_or_rejected(text):
    with contextlib.suppress(InputError):
        strokes.decode(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=20,
)


@pytest.mark.hostile("any JSON from the canvas")
@settings(deadline=None)
@given(JSON, st.sampled_from([*SENT["objects"][0]]))
@pytest.mark.filterwarnings("ignore:.*encountered in:RuntimeWarning")
def test_any_canvas_data_is_read_or_rejected(value, name):
    for sent in (value, {"objects": value}, changed(**{name: value})):
        with contextlib.suppress(InputError):
            drawing = strokes.from_canvas(sent)
            strokes.drawing_hint(drawing)
            assert strokes.render(drawing).shape == (SIDE, SIDE, 4)


@pytest.mark.hostile("any JSON in the address")
@settings(deadline=None)
@given(JSON)
def test_any_json_in_a_link_is_decoded_or_rejected(value):
    text = packed(value)
    with contextlib.suppress(InputError):
        assert strokes.render(strokes.decode(text)).shape == (SIDE, SIDE, 4)


def test_a_network_reads_strokes_without_the_canvas_image():
    image = strokes.image(strokes.from_canvas(SENT))
    np.testing.assert_array_equal(
        image, preprocess.to_mnist(strokes.render(strokes.from_canvas(SENT)))
    )
    assert read(load_pretrained(), image).prediction == 7
