"""The scripts of all pages, run by Streamlit's AppTest without a browser."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rnn_demo.data import mnist
from rnn_demo.messages import Message
from rnn_demo.runs import store
from rnn_demo.training import checkpoint
from rnn_demo.training.presets import PRESETS
from tests.example_runs import finish, owner_of, put_run

APP = Path(__file__).parents[2] / "streamlit_app.py"
PAGES = ["draw", "inside", "digits", "train", "glossary"]
DOWNLOAD = "mnist_download/start"


@pytest.fixture
def app(runs_folder, without_mnist) -> AppTest:
    """The app on a machine that has no MNIST."""
    return AppTest.from_file(APP, default_timeout=60)


def open_page(app: AppTest, page: str) -> AppTest:
    app.run()
    app.switch_page(f"rnn_demo/app/{page}/page.py").run()
    return quiet(app)


def quiet(app: AppTest) -> AppTest:
    """The app, after a check that it shows neither an exception nor an error."""
    assert not app.exception, app.exception
    assert not app.error, app.error
    return app


@pytest.mark.parametrize("page", PAGES)
def test_every_page_runs_without_mnist(app, page):
    open_page(app, page)


@pytest.mark.parametrize("page", ["digits", "train"])
def test_without_mnist_there_is_a_notice_and_a_download_button(app, page, without_mnist):
    open_page(app, page)
    (notice,) = app.info
    assert f"`{without_mnist}`" in notice.value
    assert DOWNLOAD in keys(app)


@pytest.mark.process
def test_a_failed_download_shows_one_error(app, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    open_page(app, "digits")
    press(app, DOWNLOAD)
    deadline = time.monotonic() + 120
    while not app.error and time.monotonic() < deadline:
        app.run()
    assert not app.exception
    values = {"proxy": "127.0.0.1:9", "reason": "Connection refused"}
    said = f"{Message('data.proxy_unreachable', values)} {mnist.by_hand()}"
    assert [error.value.replace("`", "") for error in app.error] == [said]
    assert DOWNLOAD in keys(app)


def test_digits_that_only_have_mnists_names_are_not_called_mnist(runs_folder, quick_data):
    app = AppTest.from_file(APP, default_timeout=60)
    open_page(app, "digits")
    (warning,) = app.warning
    assert warning.value.replace("`", "") == str(mnist.doubt())
    assert DOWNLOAD not in keys(app)
    assert not any(caption.value.startswith("MNIST") for caption in app.caption)
    app.switch_page("rnn_demo/app/draw/page.py").run()
    app.segmented_control(key="draw/source").set_value("digit").run()
    assert not any("of MNIST" in text.value for text in quiet(app).markdown)


def test_with_mnist_there_is_no_notice(runs_folder, real_mnist):
    app = AppTest.from_file(APP, default_timeout=60)
    open_page(app, "digits")
    assert not app.info
    assert not app.warning
    assert any(caption.value.startswith("MNIST") for caption in app.caption)
    assert DOWNLOAD not in keys(app)
    assert app.number_input(key="digits/batch").max == 938


def wait_until_ended(app: AppTest, owner: str) -> store.Run:
    run = store.runs_of(owner)[0]
    deadline = time.monotonic() + 120
    while not run.status().ended and time.monotonic() < deadline:
        quiet(app.run())
        time.sleep(0.5)  # leaves the processor to the worker
    return run


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def keys(app: AppTest) -> set[str | None]:
    """The keys of all buttons."""
    return {button.key for button in app.button}


@pytest.mark.process
def test_a_run_can_be_started_watched_and_used(app, runs_folder):
    open_page(app, "train")
    app.number_input(key="train/epochs").set_value(1).run()
    app.number_input(key="train/n_neurons").set_value(20).run()
    quiet(press(app, "train/start"))
    run = wait_until_ended(app, owner_of(app.session_state["visitor/key"]))
    quick = PRESETS["quick"].recipe
    assert run.snapshot().recipe == replace(quick, data="synthetic", epochs=1, n_neurons=20)
    quiet(app.run())
    shown = next(metric.value for metric in app.metric if "Test accuracy" in metric.label)
    assert shown == f"{run.status().test_accuracy:.2f} %"
    app.switch_page("rnn_demo/app/draw/page.py").run()
    assert any("your run" in option for option in quiet(app).selectbox(key="draw/network").options)


@pytest.mark.process
def test_a_run_can_be_stopped(app):
    open_page(app, "train")
    app.number_input(key="train/epochs").set_value(50).run()
    quiet(press(app, "train/start"))
    quiet(press(app, "train/stop"))
    run = wait_until_ended(app, owner_of(app.session_state["visitor/key"]))
    assert run.status().state == "stopped"


def test_the_page_draw_starts_with_the_best_plain_network(app):
    open_page(app, "draw")
    assert app.selectbox(key="draw/network").value == "vanilla"


def test_the_page_draw_does_not_offer_other_visitors_runs(app, runs_folder):
    finish(put_run(runs_folder / ("b" * 16), "1", "running"))
    open_page(app, "draw")
    assert len(app.selectbox(key="draw/network").options) == len(checkpoint.pretrained())
