"""What the tests of the page Inside share: the page, run by AppTest, and what a browser sends."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from rnn_demo.inside import compute
from rnn_demo.inside.cards import PLACES, card_at
from rnn_demo.inside.state import InsideState
from tests.app.from_browser import send_event

APP = Path(__file__).parents[2] / "streamlit_app.py"


def start() -> AppTest:
    """The app on its landing page; `open_inside` goes to Inside."""
    return AppTest.from_file(APP, default_timeout=60).run()


def open_inside(app: AppTest, place: str | None = None, **query: str) -> AppTest:
    """Go to Inside, by a link if there is a query, and there to a place.

    Args:
        app: on any page.
        place: one of `cards.PLACES`; None for what the page shows by itself.
        **query: the parameters of the address.
    """
    for name, text in query.items():
        app.query_params[name] = text
    app.switch_page("rnn_demo/app/inside/page.py").run()
    return choose(app, place) if place else quiet(app)


def choose(app: AppTest, place: str) -> AppTest:
    """Click a card, or a network of the tutorial."""
    assert place in PLACES
    key = "inside/card" if card_at(place) else "inside/model"
    return quiet(app.segmented_control(key=key).set_value(place).run())


def section(app: AppTest, name: str | None) -> AppTest:
    """Open a section, or close it."""
    return quiet(app.segmented_control(key="inside/section").set_value(name).run())


def set_number(app: AppTest, name: str, value: int) -> AppTest:
    """Change a size or the seed, in the open settings."""
    return app.number_input(key=f"inside/{name}").set_value(value).run()


def quiet(app: AppTest) -> AppTest:
    assert not app.exception, app.exception
    assert not app.error, app.error
    return app


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key=f"inside/{key}").click().run()


def sent(app: AppTest) -> dict:
    """The data of the unrolled network."""
    network = next(it for it in app.get("bidi_component") if "tensors" in it.proto.json)
    (data,) = json.loads(network.proto.json)
    return data


def question(app: AppTest) -> Any:
    """The question that the browser shows."""
    return sent(app)["question"]


def send(app: AppTest, event: str, value: object) -> AppTest:
    """Send an event of the unrolled network: "edit", "answer" or "next"."""
    return send_event(app, "inside", event, value)


def tensor(app: AppTest, name: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(sent(app)["tensors"][name]), "<f4")


def expect_state(app: AppTest, state: InsideState, place: str | None = None) -> None:
    """The page shows this state; the stored first one may differ in its last bits."""
    computation = compute.compute(state)
    Y, z = computation.unrolled.hidden, computation.unrolled.pre_activation
    tolerance = {"rtol": 1e-5, "atol": 1e-5}
    np.testing.assert_allclose(tensor(quiet(app), "Y"), Y.flatten(), **tolerance)
    np.testing.assert_allclose(tensor(app, "z"), z.flatten(), **tolerance)
    np.testing.assert_array_equal(tensor(app, "X"), computation.X.flatten())
    data = sent(app)
    assert place in (None, data["card"])
    assert data["state"] == state.to_json() | {"card": data["card"]}


def reload(app: AppTest) -> AppTest:
    """The page in a new session, at the address of an old one: the server has restarted."""
    other = AppTest.from_file(APP, default_timeout=60).run()
    return open_inside(other, **address_of(app))


def address_of(app: AppTest) -> dict[str, str]:
    """The parameters of the address; AppTest has a list where the page wrote one."""
    query = app.query_params.items()
    return {name: it if isinstance(it, str) else it[0] for name, it in query}
