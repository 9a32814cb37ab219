"""The server is killed and comes back, while every page is open: nothing that is on screen is lost.

For the app this is the same as a phone that was locked for longer than Streamlit keeps a session.
"""

import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from rnn_demo.app.middleware.visitor_cookie import COOKIE
from rnn_demo.inside.cards import CARDS
from rnn_demo.runs.run import Run
from rnn_demo.runs.state import lock_of
from tests.browser import draw_page, inside, train_page
from tests.browser.conftest import start_server, wait_for_health
from tests.browser.test_journeys import (
    IDLE,
    SEVEN,
    draw,
    expect_answer,
    keyed,
    visit,
)
from tests.example_runs import owner_of, put_run

KEY = "0123456789abcdef" * 2  # of the visitor
CONNECTED = "[data-testid=stApp][data-test-connection-state=CONNECTED]"


class Restartable:
    """A server that can be killed, and started again at the same address."""

    def __init__(self, settings: dict[str, str]) -> None:
        self.settings = settings
        self.process, self.address = start_server(settings)
        wait_for_health(self.address, self.process)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def start(self) -> None:
        port = urlsplit(self.address).port
        assert port is not None
        self.process, _ = start_server(self.settings, port=port)
        wait_for_health(self.address, self.process)


@pytest.fixture
def own_server(runs_folder: Path, without_mnist: Path) -> Iterator[Restartable]:
    server = Restartable({})
    yield server
    server.kill()


@pytest.fixture
def tab(
    own_server: Restartable, new_context: Callable[..., BrowserContext]
) -> Callable[[str], Page]:
    """A function that opens a page in a tab of its own."""
    context = new_context(base_url=own_server.address, viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": COOKIE, "value": KEY, "url": own_server.address}])

    def open_page(path: str) -> Page:
        page = context.new_page()
        page.emulate_media(reduced_motion="reduce")
        visit(page, path)
        return page

    return open_page


def expect_connected(page: Page) -> None:
    page.bring_to_front()
    page.wait_for_selector(CONNECTED, timeout=60_000)
    page.wait_for_selector(IDLE)


@pytest.fixture
def older_run(runs_folder: Path) -> Iterator[Run]:
    """A run of the visitor that trains, and is not the one that the page Train begins with."""
    owner = runs_folder / owner_of(KEY)
    run = put_run(owner, train_page.FIRST, "running", n=50, **train_page.ARGUMENTS)
    run.rename("older")
    put_run(owner, train_page.SECOND, "paused", n=20)
    with lock_of(run.folder):
        yield run


def test_every_page_goes_on_where_it_was(own_server, tab, older_run):
    network = tab("inside")
    inside.choose(network, "card", 1)
    expect(network.locator(".inside .tensor.X")).to_have_count(CARDS[1].state.n_steps)
    inside.type_in(network, "b[0]", "0.25")
    inside.expect_numbers(network, "b", [0.25])

    drawing = tab("draw")
    draw(drawing, SEVEN)
    expect_answer(drawing, 7)
    draw_page.open_panel(drawing, "preprocessing")

    digits = tab("digits?present")
    digits.locator(".sheet button").nth(4).click()
    digits.locator(".question .head button").click()
    digits.locator(".choices button").nth(1).click()
    verdict = digits.locator(".verdict").inner_text()
    expect(digits).to_have_url(re.compile("question2"))
    chosen = digits.get_by_test_id("chosen").inner_text()

    train = tab("train")
    train_page.selected_run(train).click()
    train.get_by_role("option", name="older").click()
    expect(train).to_have_url(re.compile(f"run={train_page.FIRST}"))
    train_page.add(train, older_run, 50, 1)
    keyed(train, "train/preset").get_by_role("radio").nth(1).click()
    keyed(train, "train/guess").get_by_role("radio").nth(1).click()
    expect(train).to_have_url(re.compile("recipe="))

    own_server.kill()
    network.bring_to_front()
    expect(network.locator(CONNECTED)).to_have_count(0)
    inside.type_in(network, "Wx[0, 0]", "0.75")
    own_server.start()

    inside.expect_numbers(network, "Wx", [0.75])  # typed while there was no server
    expect_connected(network)
    inside.type_in(network, "Wy[0, 0]", "0.5")
    inside.expect_numbers(network, "Wy", [0.5])
    inside.expect_numbers(network, "b", [0.25])
    expect(keyed(network, "inside/card").get_by_role("radio").nth(1)).to_be_checked()

    expect_connected(drawing)
    expect_answer(drawing, 7)
    draw(drawing, draw_page.BAR)
    expect(drawing).to_have_url(re.compile("panel=preprocessing"))
    expect_answer(drawing, 7)

    expect_connected(digits)
    expect(digits.get_by_test_id("chosen")).to_have_text(chosen)
    expect(digits.locator(".verdict")).to_have_text(verdict)
    expect(digits.locator("html[data-presenting]")).to_be_attached()
    digits.locator(".question .head button").click()
    expect(digits).to_have_url(re.compile("question3"))

    expect_connected(train)
    expect(keyed(train, "train/preset").get_by_role("radio").nth(1)).to_be_checked()
    expect(keyed(train, "train/guess").get_by_role("radio").nth(1)).to_be_checked()
    expect(train_page.selected_run(train)).to_have_value("older")
    train_page.add(train, older_run, 51, 1)
