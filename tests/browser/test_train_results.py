"""Train in a real browser: what a run that has ended leaves."""

import re
import secrets
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from rnn_demo.app.middleware.visitor_cookie import COOKIE
from rnn_demo.data import source
from tests.browser.conftest import start_server, wait_for_health
from tests.browser.test_journeys import visit
from tests.browser.train_page import (
    FIRST,
    READING,
    button,
    newest,
    result,
)
from tests.example_runs import SMALL, finish, owner_of, put_run


@pytest.mark.parametrize("data", sorted({"synthetic", source.available()}))
def test_a_mistake_is_opened_on_the_page_draw(visitor, data):
    """From the digits that the network was tested on, whether or not MNIST is available too."""
    page = visitor.page
    run = visitor.run("running", n=20, recipe=replace(SMALL, data=data))
    finish(run)
    visit(page, "train")
    snapshot = run.snapshot()
    mistake = snapshot.result.mistakes[3]
    page.locator(f".mistakes [data-index='{mistake.index}']").click()
    address = re.compile(rf"(?=.*\bmistake={mistake.index}\b)(?=.*\bnetwork={run.id}\b)")
    expect(page).to_have_url(address)
    expect(page.get_by_role("status").first).to_contain_text(f"It is a {mistake.label}")


def test_the_files_of_a_run_are_downloaded(visitor):
    page = visitor.page
    run = visitor.run("running", n=20)
    finish(run)
    visit(page, "train")
    expected = {
        "safetensors": run.weights.read_bytes(),
        "csv": b"epoch,epoch_done,loss",
        "py": b'"""',
        "ipynb": b'{"cells": [',
    }
    for extension, content in expected.items():
        with page.expect_download() as download:
            button(page, f"download/{extension}").click()
        assert Path(download.value.path()).read_bytes().startswith(content)


def test_the_visitors_key_is_in_no_address_no_log_and_no_export(new_context, tmp_path):
    """Nor is the name of their folder, which is made of it."""
    key, log = secrets.token_hex(16), tmp_path / "server.log"
    secret = {key, owner_of(key)}
    finished = put_run(tmp_path / "runs" / owner_of(key), FIRST, "paused", n=20)
    finish(finished)
    process, address = start_server({"RNN_DEMO_RUNS": str(tmp_path / "runs")}, log)
    wait_for_health(address, process)
    asked: list[str] = []
    try:
        with new_context(base_url=address) as context:
            context.add_cookies([{"name": COOKIE, "value": key, "url": address}])
            page = context.new_page()
            page.on("request", lambda request: asked.append(request.url))
            visit(page, "train")
            exported = []
            for extension in ("safetensors", "csv", "py", "ipynb"):
                with page.expect_download() as download:
                    button(page, f"download/{extension}").click()
                exported.append(Path(download.value.path()).read_bytes().decode(errors="replace"))
            button(page, "start").click()
            expect(newest(page)).to_have_text(READING, timeout=90_000)
            button(page, "stop").click()
            expect(result(page)).to_be_visible(timeout=60_000)
            asked.append(page.url)
    finally:
        process.terminate()
        process.wait(timeout=20)
    assert "A training begins" in log.read_text()
    for text in (*asked, *exported, log.read_text()):
        assert not [each for each in secret if each in text]


@pytest.mark.hostile("the name of a run: HTML, Markdown")
def test_the_name_of_a_run_is_shown_as_it_was_typed_on_every_page(visitor):
    page = visitor.page
    name = "**a** $x^2$ <b>b</b> [c](d) :smile: `e`"
    run = visitor.run("running", n=20)
    finish(run)
    run.rename(name)
    visit(page, "train")
    expect(page.locator(".headline b")).to_have_text(f"{name}:")
    button(page, "read_drawing").click()
    expect(page.locator(".headline")).to_have_count(0)
    expect(page.get_by_text(name).first).to_be_visible()
