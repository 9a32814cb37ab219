"""Train in a real browser: small updates, and only as many as are needed."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import WebSocket, WebSocketRoute, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.browser.test_journeys import IDLE, visit
from tests.browser.train_page import (
    add,
    newest,
    open_page,
)
from tests.example_runs import append, point


def test_an_update_does_not_grow_with_the_run(visitor, running):
    frames: list[int] = []
    acknowledged: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(len(frame)))
        socket.on(
            "framesent", lambda frame: b"acknowledged" in frame and acknowledged.append(frame)
        )

    def wait_for_acknowledgement() -> None:
        while not acknowledged:
            visitor.page.wait_for_timeout(50)
        acknowledged.clear()

    visitor.page.on("websocket", listen)
    visit(visitor.page, "train")
    wait_for_acknowledgement()  # of the images of the sample digits
    add(visitor.page, running, 50, 1)

    def largest(first: int) -> int:
        """The largest frame while 30 points come in sixes."""
        frames.clear()
        for i in range(first, first + 30, 6):
            add(visitor.page, running, i, 6)
        return max(frames)

    early = largest(51)
    acknowledged.clear()
    add(visitor.page, running, 81, 4000)
    assert max(frames) > 4000 * 50  # all of these were sent
    wait_for_acknowledgement()
    add(visitor.page, running, 4081, 1)
    late = largest(4082)
    assert late < 1.5 * early < 20_000


def test_nothing_is_sent_while_nothing_happens(visitor):
    visitor.run("paused", n=50)
    frames: list[bytes] = []
    acknowledged: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(frame))
        socket.on(
            "framesent", lambda frame: b"acknowledged" in frame and acknowledged.append(frame)
        )

    visitor.page.on("websocket", listen)
    visit(visitor.page, "train")
    expect(newest(visitor.page)).to_have_text(f"{point(49)['loss']:.4f}")
    assert any(b"rnn_demo_train" in frame for frame in frames)
    while not acknowledged:
        visitor.page.wait_for_timeout(50)
    visitor.page.wait_for_timeout(500)  # the server's answer
    frames.clear()
    visitor.page.wait_for_timeout(2500)  # five updates, if there were any
    assert not any(b"rnn_demo_train" in frame for frame in frames)


def test_after_a_refresh_and_a_switch_of_pages_all_points_are_there(visitor, running):
    page = visitor.page
    visit(page, "train")
    add(page, running, 50, 10)
    first, last = point(0)["loss"], point(59)["loss"]
    whole = re.compile(rf" {first:.4f} \w+ {last:.4f} .*3\.00")
    curves = page.locator("[data-chart=loss] canvas")
    expect(curves).to_have_attribute("aria-label", whole)
    page.reload()
    expect(curves).to_have_attribute("aria-label", whole)
    open_page(page, "digits")
    expect(page.locator(".transport").first).to_be_visible()
    append(running, [point(60)])
    open_page(page, "train")
    last = point(60)["loss"]
    whole = re.compile(rf" {first:.4f} \w+ {last:.4f} .*3\.05")
    expect(curves).to_have_attribute("aria-label", whole)


@pytest.mark.own_context
def test_nothing_is_acknowledged_while_the_page_is_being_left(visitor, running):
    """Streamlit would go back to the old page, or show an empty one."""
    page = visitor.page
    sent: list[BackMsg] = []
    held: list[tuple[WebSocketRoute, str | bytes]] = []
    holding = False

    def connect(browser: WebSocketRoute) -> None:
        server = browser.connect_to_server()

        def ask(message: str | bytes) -> None:
            sent.append(BackMsg.FromString(bytes(message)))
            server.send(message)

        browser.on_message(ask)
        server.on_message(
            lambda message: held.append((browser, message)) if holding else browser.send(message)
        )

    def wait_until(holds: Callable[[], bool]) -> None:
        while not holds():
            page.wait_for_timeout(20)

    page.route_web_socket("**/_stcore/stream", connect)
    visit(page, "train")
    wait_until(lambda: any("acknowledged" in str(message) for message in sent))
    page.wait_for_selector(IDLE)
    holding = True  # on a slow connection
    append(running, [point(i) for i in range(50, 100)])  # enough to be acknowledged
    loss = f"{point(99)['loss']:.6g}".encode()  # of the newest point
    wait_until(lambda: any(loss in message for _, message in held))
    n_of_update = len(held)
    open_page(page, "digits")
    sent.clear()
    page.clock.install()
    for browser, message in held[:n_of_update]:
        browser.send(message)
    expect(newest(page)).to_have_text(f"{point(99)['loss']:.4f}")
    page.clock.run_for(2000)
    assert not any("acknowledged" in str(message) for message in sent)
    holding = False
    for browser, message in held[n_of_update:]:
        browser.send(message)
    expect(page.locator(".transport").first).to_be_visible()


def test_the_code_of_the_charts_is_fetched_once(visitor, running):
    """And no update carries it, or the style sheet."""
    page = visitor.page
    asked: list[str] = []
    frames: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(frame))

    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", listen)
    visit(page, "train")
    add(page, running, 50, 1)
    frames.clear()
    for i in range(51, 56):
        add(page, running, i, 1)
    for file in ("train.js", "train.html", "train.css"):
        assert sum(url.endswith(f"/train/{file}") for url in asked) == 1
    updates = [frame for frame in frames if b"rnn_demo_train" in frame]
    assert updates
    for part in (b"class PointBuffer", b"sample-digits", b"{ display:"):
        assert not any(part in frame for frame in updates)


def test_at_most_four_updates_a_second(visitor, running):
    frames: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(frame))

    page = visitor.page
    page.on("websocket", listen)
    visit(page, "train")
    expect(newest(page)).to_have_text(f"{point(49)['loss']:.4f}")
    frames.clear()
    started = time.monotonic()
    for i in range(50, 80):
        append(running, [point(i)])
        page.wait_for_timeout(100)
    seconds = time.monotonic() - started  # three, or more on a busy machine
    updates = sum(b"rnn_demo_train" in frame for frame in frames)
    assert 2 <= updates <= 4 * seconds
