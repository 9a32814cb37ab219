"""The page Inside around its picture, in Chromium: Back, Forward and reload, and a phone."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from rnn_demo.inside import compute
from rnn_demo.inside.cards import CARDS, home
from tests.browser.draw_page import wait_until
from tests.browser.inside import cell, choose, open_inside, open_section, type_in
from tests.browser.test_journeys import IDLE, keyed

FORGETS = home("forgets")
LAST = compute.compute(FORGETS).unrolled.hidden[-1, 0, 0].item()
LAST_AT_ONE = compute.compute(compute.edit(FORGETS, [("Wy", (0, 0), 1.0)])).unrolled.hidden[-1]


def query(page: Page) -> dict[str, str]:
    return {name: text for name, [text] in parse_qs(urlsplit(page.url).query).items()}


def expect_query(page: Page, *names: str) -> None:
    """Wait until the address has these parameters, and until no run is on its way."""
    page.wait_for_function(
        "names => [...new URLSearchParams(location.search).keys()].sort().join() === names",
        arg=",".join(sorted(names)),
    )
    page.wait_for_selector(IDLE)


def test_back_forward_and_reload_go_through_cards_edits_doors_and_answers(page):
    """B11: a reload lost everything; each step is one entry of the browser's history."""
    open_inside(page)
    length = page.evaluate("history.length")
    last = cell(page, "Y11[0, 0]").locator("span")
    verdict = page.locator(".inside .verdict")
    choose(page, "card", 3)
    expect(last).to_have_text(f"{LAST:.4f}")
    expect_query(page, "card")
    type_in(page, "Wy[0, 0]", "1")
    expect(last).to_have_text(f"{LAST_AT_ONE.item():.4f}")
    expect_query(page, "card", "state")
    open_section(page, "settings")
    expect_query(page, "card", "section", "state")
    page.locator(".inside .choices button").nth(1).click()
    expect(verdict).not_to_be_empty()
    expect_query(page, "card", "question", "section", "state")
    text = verdict.inner_text()
    assert page.evaluate("history.length") == length + 4

    page.reload()
    expect(verdict).to_have_text(text)
    expect(keyed(page, "inside/seed")).to_be_visible()
    expect(last).not_to_have_text(f"{LAST_AT_ONE.item():.4f}")
    expect_query(page, "card", "question", "section", "state")
    page.go_back()
    expect(last).to_have_text(f"{LAST_AT_ONE.item():.4f}")
    expect(verdict).to_be_empty()
    expect_query(page, "card", "section", "state")
    page.go_back()
    expect(keyed(page, "inside/seed")).to_have_count(0)
    expect_query(page, "card", "state")
    page.go_back()
    expect(last).to_have_text(f"{LAST:.4f}")
    expect(page.locator(".inside .changed")).to_have_count(0)
    expect_query(page, "card")
    page.go_forward()
    expect(last).to_have_text(f"{LAST_AT_ONE.item():.4f}")
    assert query(page)["card"] == "forgets"


def test_a_click_before_the_new_address_has_arrived_is_no_step_back(page):
    """On a slow network, the click's message still carries the old address."""
    arriving: list[bytes] = []
    held = False

    def hold(tab: WebSocketRoute) -> None:
        server = tab.connect_to_server()
        server.on_message(lambda sent: (arriving.append if held else tab.send)(sent))
        sockets.append(tab)

    sockets: list[WebSocketRoute] = []
    page.route_web_socket("**/_stcore/stream", hold)
    open_inside(page)
    choose(page, "card", 3)
    expect_query(page, "card")
    held = True
    choose(page, "card", 2)
    wait_until(page, lambda: any(b"card=" in sent for sent in arriving))  # the new address
    choose(page, "card", 1)
    wait_until(page, lambda: sum(b"card=" in sent for sent in arriving) > 1)
    held = False
    for sent in arriving:
        sockets[-1].send(sent)
    expect(page.locator(".inside .tensor.X")).to_have_count(CARDS[1].state.n_steps)
    expect(page).to_have_url(re.compile(f"card={CARDS[1].id}$"))


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_on_a_phone_every_card_door_and_network_is_on_the_screen(page):
    open_inside(page, section="settings")
    width = page.viewport_size["width"]
    for name, count in (("card", 6), ("section", 5), ("model", 4)):
        options = keyed(page, f"inside/{name}").get_by_role("radio")
        expect(options).to_have_count(count)
        for box in (it.bounding_box() for it in options.all()):
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
