"""The app in a frame of another site, where a browser takes no cookie of it without https."""

import html
import http.server
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import quote, unquote

import pytest
from playwright.sync_api import Frame, Page, expect

from rnn_demo.app.middleware.visitor_cookie import COOKIE
from rnn_demo.runs import layout, lease, store
from tests.browser.draw_page import wait_until
from tests.browser.test_journeys import IDLE
from tests.browser.train_page import FIRST, SECOND, newest
from tests.example_runs import owner_of, point, put_run

# What a browser does that blocks all storage, or Firefox in its strictest setting.
BLOCKED = """
Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("The operation is insecure.", "SecurityError") },
})
"""


class OtherSite(http.server.BaseHTTPRequestHandler):
    """Answers every address with a page whose frame shows what its query asks for."""

    def do_GET(self) -> None:
        shown = html.escape(unquote(self.path.partition("?")[2]))
        body = f"<!doctype html><iframe width=900 height=650 src='{shown}'></iframe>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def other_site() -> Iterator[str]:
    """The address of a site with other cookies: to a browser, localhost is not 127.0.0.1."""
    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), OtherSite)
    threading.Thread(target=site.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://localhost:{site.server_port}"
    site.shutdown()
    site.server_close()


@pytest.fixture
def show(page: Page, server: str, other_site: str) -> Callable[[str], Frame]:
    """Show a page of the app in the other site's frame."""

    def load(path: str) -> Frame:
        page.goto(f"{other_site}/?{quote(f'{server}/{path}')}")
        frame = page.frames[1]
        frame.wait_for_selector(IDLE)
        return frame

    return load


@pytest.mark.own_context
def test_in_a_frame_of_another_site_a_reload_keeps_the_runs(page, show, root):
    frame = show(f"train?run={FIRST}")
    key = frame.wait_for_function("name => localStorage.getItem(name)", arg=COOKIE).json_value()
    assert page.context.cookies() == []
    for run_id, n in ((FIRST, 30), (SECOND, 20)):
        put_run(root / owner_of(key), run_id, "paused", n=n)
    frame = show(f"train?run={FIRST}")
    expect(newest(frame)).to_have_text(f"{point(29)['loss']:.4f}")  # the address names the run
    expect(frame.locator(".st-key-train-passing")).to_have_count(0)


@pytest.mark.own_context
def test_where_a_reload_loses_a_run_the_page_says_so_and_the_run_ends(
    page, show, root, monkeypatch
):
    page.add_init_script(BLOCKED)
    frame = show("train")
    link = frame.locator(".st-key-train-passing").get_by_role("link")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_be_in_viewport(ratio=1)
    before = set(root.glob("*/lease"))
    frame.locator(".st-key-train-start").get_by_role("button").click()
    wait_until(page, lambda: set(root.glob("*/lease")) > before)
    (held,) = set(root.glob("*/lease")) - before
    (folder,) = layout.run_folders(held.parent)
    page.goto("about:blank")  # and nobody can come back
    monkeypatch.setenv("RNN_DEMO_RUNS", str(root))
    gone = time.time() - lease.LEASE_S - 10
    os.utime(held, (gone, gone))
    for _ in range(60):
        store.look_after()  # as any server does, every 30 s
        if not folder.exists():
            break
        page.wait_for_timeout(1_000)  # its worker starts, and ends when it has read its commands
    assert not held.parent.exists()


def test_a_frame_without_navigation_has_ways_to_all_pages_and_offers_a_tab_for_uploads(show):
    frame = show("inside?embed=true&section=share")
    expect(frame.get_by_test_id("stFileUploader")).to_have_count(0)
    link = frame.locator(".st-key-inside-file-blocked").get_by_role("link")
    expect(link).to_have_attribute("href", re.compile(r"/inside\?section=share$"))
    ways = frame.locator(".st-key-frame-ways").get_by_role("link")
    for path in ("glossary", "train", "digits", "inside", ""):
        ways.and_(frame.locator(f"[href='{path}']")).click()
        frame.wait_for_url(re.compile(rf"/{path}\?(.*&)?embed=true"))
        expect(ways).to_have_count(4)
