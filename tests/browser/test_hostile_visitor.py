"""A hostile visitor, whose own client speaks the server's websocket protocol."""

import asyncio
import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from rnn_demo.data import strokes
from tests.bench.session import Session

KEY = "0123456789abcdef0123456789abcdef"
SEVEN = strokes.example("crossed 7")


def run_session(server: str, cookie: str, actions) -> None:
    """Let a visitor act, then check for tracebacks, a lost session and a healthy server."""

    async def visit() -> None:
        session = Session(server, cookie)
        await session.open()
        await actions(session)
        await session.close()
        assert session.errors == []
        assert not session.lost

    # In another thread, because this one has the event loop of Playwright.
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
def test_every_page_opens_with_any_cookie(server, cookie):
    async def open_pages(session: Session) -> None:
        for page in ("inside", "digits", "train"):
            await session.go(page)

    run_session(server, cookie, open_pages)


@pytest.mark.hostile("canvas data sent past the browser")
def test_invalid_canvas_data_changes_nothing(server):
    """After it a valid drawing still arrives."""
    drawn = strokes.to_canvas(SEVEN)
    hostile: list[object] = [
        7,
        [drawn],
        {"data": drawn},
        {"raw": None},
        {"raw": {}},
        {"raw": [drawn]},
        {"raw": json.dumps(drawn)},
        {"raw": {"objects": [{"type": "Path", "path": [["M", "<b>", 1e308]]}]}},
        {"raw": {"objects": [{"type": "Circle", "left": 9, "top": 9, "radius": 9}]}},
    ]

    async def draw(session: Session) -> None:
        for sent in hostile:
            await session.set("draw/canvas/0", json_value=json.dumps({"drawing": sent}))
            assert not can_undo(session), sent
        good = {"drawing": {"raw": drawn, "data": None}}
        await session.set("draw/canvas/0", json_value=json.dumps(good))
        assert can_undo(session)

    run_session(server, KEY, draw)


def can_undo(session: Session) -> bool:
    return not session.find("draw/canvas/undo").element.button.disabled


@pytest.mark.hostile("100 refreshes during a start")
def test_a_hundred_reloads_during_a_start_leave_one_run(server):
    """Each reload is another connection with the same cookie, opened before the last closes."""

    async def reload(session: Session) -> None:
        await session.go("train")
        await session.set("train/epochs", int_value=50)  # the longest possible run
        await session.set("train/n_neurons", int_value=256)
        await session.set("train/start", trigger_value=True)
        before: list[Session] = []
        for _ in range(10):
            again = [Session(server, KEY) for _ in range(10)]
            await asyncio.gather(*(each.open("train") for each in again))
            await asyncio.gather(*(each.close() for each in before))
            for each in again:
                await each.settle()  # the page reruns when the worker starts
                assert each.errors == []
                assert len(each.find("train/run").element.selectbox.options) == 1
            before = again
        await again[-1].set("train/stop", trigger_value=True)
        await asyncio.gather(*(each.close() for each in again))

    run_session(server, KEY, reload)
