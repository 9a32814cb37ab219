"""A visitor who speaks the server's protocol without a browser, and means no good."""

import asyncio
import base64
import io
import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from rnn_demo.data import strokes
from tests.bench.session import Session

KEY = "0123456789abcdef0123456789abcdef"
SEVEN = strokes.example("crossed 7")


def do(server: str, cookie: str, actions) -> None:
    """Let a visitor act; no traceback, no lost session, and the server lives."""

    async def visit() -> None:
        session = Session(server, cookie)
        await session.open()
        await actions(session)
        await session.close()
        assert session.errors == []
        assert not session.lost

    # In a thread of its own: Playwright keeps an event loop in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, visit()).result()
    with urllib.request.urlopen(f"{server}/_stcore/health", timeout=10) as answer:
        assert answer.status == 200


@pytest.mark.hostile("such a cookie in the headers of a real connection")
@pytest.mark.parametrize(
    "cookie",
    ["", KEY[:-1], "../../etc", "<script>alert(1)</script>", "0" * 6_000, '"', "a; b=c; =; ;;"],
    ids=lambda cookie: cookie[:9] or "none",
)
def test_any_cookie_gets_every_page(server, cookie):
    async def look(session: Session) -> None:
        for page in ("digits", "train", "draw"):
            await session.go(page)

    do(server, cookie, look)


def picture(pixels: np.ndarray) -> str:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "png")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


@pytest.mark.hostile("canvas data sent past the browser")
def test_whatever_the_canvas_sends_changes_nothing(server):
    """Then a drawing comes, and is read."""
    whole, drawn = picture(strokes.render(SEVEN)), strokes.to_canvas(SEVEN)
    hostile = [
        {"raw": drawn, "data": "<script>"},
        {"raw": drawn, "data": "data:image/png;base64,!!!!"},
        {"raw": drawn, "data": whole[:-400]},
        {"raw": drawn, "data": picture(np.zeros((9_000, 9_000), np.uint8))},
        {"raw": drawn, "data": picture(np.zeros((1, 1, 4), np.uint8))},
        {"raw": drawn, "data": 7},
        {"raw": None, "data": whole},
        {"raw": {}, "data": whole},
        {"raw": [], "data": whole},
        {"raw": {"objects": [{"type": "Path", "path": [["M", "<b>", 1e308]]}]}, "data": whole},
    ]

    async def draw(session: Session) -> None:
        await session.go("draw")
        for sent in hostile:
            await session.set("draw/canvas/0", json_value=json.dumps({"drawing": sent}))
            assert not undo_is_offered(session), sent
        good = {"drawing": {"raw": drawn, "data": whole}}
        await session.set("draw/canvas/0", json_value=json.dumps(good))
        assert undo_is_offered(session)

    do(server, KEY, draw)


def undo_is_offered(session: Session) -> bool:
    buttons = [widget.element.button for widget in session.widgets.values()]
    (undo,) = (button for button in buttons if "Undo stroke" in button.label)
    return not undo.disabled


@pytest.mark.hostile("100 refreshes during a start")
def test_a_hundred_refreshes_during_a_start_leave_one_run(server):
    """Each refresh is another connection with the same cookie, opened before the last is gone."""

    async def refresh(session: Session) -> None:
        await session.go("train")
        await session.set("train/epochs", int_value=50)  # as long a run as can be had
        await session.set("train/n_neurons", int_value=256)
        await session.set("train/start", trigger_value=True)
        before: list[Session] = []
        for _ in range(10):
            again = [Session(server, KEY) for _ in range(10)]
            await asyncio.gather(*(each.open("train") for each in again))
            await asyncio.gather(*(each.close() for each in before))
            for each in again:
                await each.settle()  # the page runs again when the worker begins
                assert each.errors == []
                assert each.has("train/run")  # the run is on screen,
                (run,) = (
                    widget.element.selectbox
                    for widget in each.widgets.values()
                    if widget.element.HasField("selectbox")
                )
                assert len(run.options) == 1  # and there is one
            before = again
        await again[-1].set("train/stop", trigger_value=True)
        await asyncio.gather(*(each.close() for each in again))

    do(server, KEY, refresh)
