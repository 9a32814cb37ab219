"""What the tests of the page Draw without a browser share."""

import base64
import json
import re

import numpy as np
from streamlit.testing.v1 import AppTest

from rnn_demo import load_pretrained
from rnn_demo.data import strokes
from rnn_demo.training import checkpoint
from tests.app.test_pages import quiet

MODEL = load_pretrained(checkpoint.pretrained()[0])  # the default choice
SEVEN = strokes.example("crossed 7")
LINKED_SEVEN = strokes.decode(strokes.encode(SEVEN))  # what is read


def component(app: AppTest, name: str) -> dict:
    """What a component of the page gets, by its name."""
    for element in app.get("bidi_component"):
        if element.proto.component_name.endswith(name):
            return json.loads(element.proto.json)[0]
    raise AssertionError(f"There is no {name} on the page.")


def headlines(app: AppTest) -> list[str]:
    """The answer of each network after the last row."""
    return [reading["headline"] for reading in component(app, "draw_reading")["readings"]]


def figures(app: AppTest) -> list[np.ndarray]:
    """The numbers of each heatmap, and the lengths of the bars of each bar chart."""
    first = [json.loads(chart.proto.spec)["data"][0] for chart in app.get("plotly_chart")]
    return [numbers(trace["z"] if trace["type"] == "heatmap" else trace["x"]) for trace in first]


def numbers(sent: list | dict) -> np.ndarray:
    """Plotly sends lists as they are, and arrays packed."""
    if isinstance(sent, list):
        return np.array(sent)
    return np.frombuffer(base64.b64decode(sent["bdata"]), sent["dtype"])


def texts(app: AppTest) -> str:
    """All Markdown and captions, without Markdown's escapes."""
    text = "\n".join(element.value for element in [*app.markdown, *app.caption])
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def press(app: AppTest, key: str) -> AppTest:
    return quiet(app.button(key=key).click().run())


def put(app: AppTest, drawn: list[strokes.Stroke]) -> AppTest:
    """Draw strokes: the canvas itself is not part of AppTest."""
    from rnn_demo.app.draw.canvas import Drawing  # the canvas needs a running app

    history = app.session_state["draw/canvas/history"]
    history.append(Drawing(strokes.to_canvas(drawn)))
    return quiet(app.run())


def draw_seven(app: AppTest) -> np.ndarray:
    """Put the example onto the canvas; return the image that a network gets."""
    put(app, SEVEN)
    return strokes.image(LINKED_SEVEN)


def look_at(app: AppTest, panel: str) -> AppTest:
    return quiet(app.segmented_control(key="draw/panel").set_value(panel).run())


def ask(app: AppTest, question: str) -> AppTest:
    """Choose a question of the panel Why."""
    look_at(app, "attribution")
    return quiet(app.segmented_control(key="draw/attribution/question").set_value(question).run())
