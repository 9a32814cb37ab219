"""Every page, run by Streamlit's AppTest: no browser, but the real scripts."""

import re
import time
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from rnn_demo.data import mnist, source
from rnn_demo.runs import store
from rnn_demo.training import checkpoint
from rnn_demo.training.recipe import Recipe
from tests.example_runs import finish, owner_of, put_run

APP = Path(__file__).parents[2] / "streamlit_app.py"
PAGES = ["toy", "digits", "train", "draw"]


@pytest.fixture
def app(runs_folder, without_mnist) -> AppTest:
    """The app on a machine that has no MNIST."""
    return AppTest.from_file(APP, default_timeout=60)


def open_page(app: AppTest, page: str) -> AppTest:
    app.run()
    app.switch_page(f"rnn_demo/app/{page}/page.py").run()
    return quiet(app)


def quiet(app: AppTest) -> AppTest:
    assert not app.exception, app.exception
    assert not app.error, app.error
    return app


@pytest.mark.parametrize("page", PAGES)
def test_every_page_runs_without_mnist(app, page):
    open_page(app, page)


@pytest.mark.parametrize("page", ["digits", "train"])
def test_without_mnist_the_digits_are_labelled_synthetic(app, page):
    open_page(app, page)
    assert any("synthetic" in info.value for info in app.info)
    assert any("Download MNIST" in button.label for button in app.button)


def test_a_download_that_fails_ends_in_one_sentence(app, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    open_page(app, "digits")
    press(app, "Download MNIST (12 MB)")
    deadline = time.monotonic() + 120
    while not app.error and time.monotonic() < deadline:
        app.run()
    assert not app.exception
    assert [error.value for error in app.error] == [mnist._NO_ANSWER]
    assert any(button.label == "Download MNIST (12 MB)" for button in app.button)


def test_with_mnist_nothing_is_synthetic(runs_folder, real_mnist):
    app = AppTest.from_file(APP, default_timeout=60)
    open_page(app, "digits")
    assert not app.info
    assert any("MNIST, 60,000 images" in caption.value for caption in app.caption)


# Digits


def test_digits_can_be_browsed(app):
    open_page(app, "digits")
    first = app.get("plotly_chart")[0].proto.spec
    app.number_input(key="digits/train/batch").set_value(1).run()
    assert quiet(app).get("plotly_chart")[0].proto.spec != first
    app.segmented_control(key="digits/split").set_value("test").run()
    assert any("2,000 images" in caption.value for caption in quiet(app).caption)
    last = app.number_input(key="digits/test/batch").set_value(31).run()
    assert any("This batch: 16" in caption.value for caption in quiet(last).caption)


def test_the_untrained_network_gives_64_by_10_logits(app):
    open_page(app, "digits")
    logits = app.dataframe[0].value
    assert logits.shape == (64, 10)
    # Untrained logits are small, as the tutorial's are: all within +-0.2.
    assert np.abs(logits.to_numpy()).max() < 0.2


def test_a_digit_is_shown_as_28_rows_of_28_numbers(app):
    open_page(app, "digits")
    (table,) = app.get("html")
    rows = table.proto.body.split("<tr>")[2:]  # below the style and the numbers of the columns
    shown = [re.findall(r">([01]\.\d\d)</td>", row) for row in rows]
    image = source.load("synthetic", "train").images[0] / 255
    assert np.array_equal(np.array(shown, float), image.round(2))


# Training


def wait_until_ended(app: AppTest, owner: str) -> store.Run:
    run = store.runs_of(owner)[0]
    deadline = time.monotonic() + 120
    while not run.status().ended and time.monotonic() < deadline:
        app.run()
        quiet(app)
    return run


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def test_a_run_is_started_watched_and_used(app, runs_folder):
    open_page(app, "train")
    app.number_input(key="train/epochs").set_value(1).run()
    app.number_input(key="train/n_neurons").set_value(20).run()
    quiet(press(app, "Start"))
    run = wait_until_ended(app, owner_of(app.session_state["visitor/key"]))
    assert run.snapshot().recipe == Recipe(data="synthetic", epochs=1, n_neurons=20)
    quiet(app.run())
    shown = next(metric.value for metric in app.metric if "Test accuracy" in metric.label)
    assert shown == f"{run.status().test_accuracy:.2f} %"
    app.switch_page("rnn_demo/app/draw/page.py").run()
    assert any("your run" in option for option in quiet(app).selectbox(key="draw/network").options)


def test_a_run_can_be_stopped(app):
    open_page(app, "train")
    app.number_input(key="train/epochs").set_value(50).run()
    quiet(press(app, "Start"))
    quiet(press(app, "Stop"))
    run = wait_until_ended(app, owner_of(app.session_state["visitor/key"]))
    assert run.status().state == "stopped"


# Drawing


def test_the_drawing_page_reads_with_the_shipped_network(app):
    open_page(app, "draw")
    options = app.selectbox(key="draw/network").options
    assert options[0].startswith("vanilla (99.")


def test_another_visitors_runs_are_not_offered(app, runs_folder):
    finish(put_run(runs_folder / ("b" * 16), "1", "running"))
    open_page(app, "draw")
    assert len(app.selectbox(key="draw/network").options) == len(checkpoint.pretrained())
