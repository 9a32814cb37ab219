"""What is on the page Draw stands in its address, without a browser."""

import base64

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from rnn_demo.data import preprocess, strokes
from rnn_demo.data.strokes import Stroke
from rnn_demo.formats import url
from rnn_demo.messages import InputError
from tests.app.draw_page import SEVEN, component, draw_seven, headlines, put
from tests.app.test_pages import APP, quiet


@pytest.fixture
def open_link(runs_folder, without_mnist):
    """Open the page with parameters in its address."""

    def open_link(**parameters: str) -> AppTest:
        app = AppTest.from_file(APP, default_timeout=60)
        for name, text in parameters.items():
            app.query_params[name] = text
        return app.run()

    return open_link


@pytest.fixture
def app(open_link) -> AppTest:
    """The page Draw on a machine without MNIST."""
    return open_link()


def parameters(app: AppTest) -> dict[str, str]:
    return {
        name: text if isinstance(text, str) else text[0] for name, text in app.query_params.items()
    }


def test_a_link_is_opened_and_shows_the_same_digit(open_link):
    app = quiet(open_link(drawing=strokes.encode(SEVEN)))
    (drawing,) = app.session_state["draw/canvas/history"]
    expected = preprocess.to_mnist(strokes.render(strokes.decode(strokes.encode(SEVEN))))
    np.testing.assert_array_equal(preprocess.to_mnist(drawing.rgba), expected)
    assert parameters(app) == {"drawing": strokes.encode(SEVEN)}


def test_a_drawing_and_its_link_are_read_alike_bit_for_bit(app, open_link):
    rng = np.random.default_rng(0)
    # A hand is no ruler: the link rounds these points, and leaves most of them out.
    places = np.linspace(0, 1, 60)[:, None] * [[90, 170]] + 60
    shaky = [Stroke(places + rng.normal(0, 0.4, places.shape), 20), *SEVEN, dot(220, 230)]
    put(app, shaky)
    drawn = component(app, "draw_reading")["readings"]
    shared = component(quiet(open_link(**parameters(app))), "draw_reading")["readings"]
    assert shared == drawn


def dot(x: float, y: float) -> Stroke:
    """A tap."""
    return Stroke(np.array([[x, y], [x, y]]), 20)


def test_a_drawing_of_too_many_strokes_for_a_link_is_read(app):
    fan = [Stroke(np.array([[140, 30], [90 + x, 250]], float), 8) for x in range(101)]
    put(app, fan)
    assert "drawing" not in parameters(app)
    sent = component(app, "draw_reading")["image"]
    image = np.frombuffer(base64.b64decode(sent), "<f4").reshape(28, 28)
    np.testing.assert_array_equal(image, strokes.image(fan))


def test_a_drawing_stands_in_the_address_until_it_is_cleared(app):
    draw_seven(app)
    text = parameters(app)["drawing"]
    assert len(text) <= url.MAX_LINK_CHARACTERS
    assert np.abs(strokes.image(strokes.decode(text)) - strokes.image(SEVEN)).mean() < 0.01
    quiet(app.button(key="draw/canvas/clear").click().run())
    assert parameters(app) == {}


def test_another_drawing_takes_the_place_of_the_one_in_the_link(open_link):
    app = open_link(drawing=strokes.encode(SEVEN), row="16")
    assert component(app, "draw_reading")["row"] == 15
    four = strokes.example("open 4")
    put(app, four)
    assert parameters(app) == {"drawing": strokes.encode(four)}  # the row was that of the seven
    assert component(app, "draw_reading")["row"] is None
    assert headlines(app)[0].startswith("4, ")


def test_everything_that_can_be_chosen_comes_back_from_the_address(open_link):
    asked = {
        "drawing": strokes.encode(SEVEN),
        "digit": "17",
        "network": "gated",
        "panel": "comparison",
        "compare": "tutorial",
        "row": "9",
        "pen": "12",
    }
    app = quiet(open_link(**asked))
    assert parameters(app) == asked
    sent = component(app, "draw_reading")
    assert ["LSTM" in sent["readings"][0]["title"], "tutorial" in sent["readings"][1]["title"]] == [
        True,
        True,
    ]
    assert sent["row"] == 8
    assert app.slider(key="draw/canvas/pen").value == 12
    assert app.session_state["draw/index"] == 17
    assert app.session_state["draw/canvas/history"]  # the drawing waits on the canvas


def test_a_question_of_the_panel_why_comes_back_from_the_address(open_link):
    asked = {"panel": "attribution", "why": "orders"}
    app = quiet(open_link(**asked))
    assert parameters(app) == asked
    assert len(app.get("plotly_chart")) == 2


@pytest.mark.hostile("nonsense in the address of Draw")
def test_nonsense_in_the_address_is_ignored(open_link):
    nonsense = {"digit": "²", "mistake": "-1", "network": "../x", "panel": "<b>", "row": "29"}
    app = quiet(open_link(**nonsense, compare="x", pen="7", why="x"))
    assert headlines(app)[0].startswith("3, ")
    assert parameters(app) == {}


@pytest.mark.parametrize("text", ["nonsense", "A" * 1801, "eJyLBgAAXQBe"])
def test_a_damaged_link_gets_one_warning(open_link, text):
    app = quiet(open_link(drawing=text))
    assert len(app.warning) == 1
    with pytest.raises(InputError) as error:
        strokes.decode(text)
    assert app.warning[0].value == str(error.value)
    assert app.session_state["draw/canvas/history"] == []
