"""Visitors with forged cookies, and several visitors doing the same thing at once."""

import http.server
import re
import threading
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
import streamlit as st
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from rnn_demo.app import mnist_download
from rnn_demo.app.middleware.visitor_cookie import COOKIE
from rnn_demo.data import download, mnist_files
from rnn_demo.runs import lease, store
from rnn_demo.training import checkpoint
from tests.app.from_browser import send_event
from tests.app.inside_page import open_inside, section
from tests.app.test_pages import APP, keys, open_page, press, quiet
from tests.example_runs import finish, owner_of, put_run

DOWNLOAD = "mnist_download/start"
MINE, THEIRS = "0" * 32, "f" * 32
RUN = "20260102-030401-abcdef01"

pytestmark = pytest.mark.usefixtures("runs_folder", "without_mnist")


def app_with_cookies(cookies: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The app, opened by a browser that sends these cookies."""
    monkeypatch.setattr(ContextProxy, "cookies", cookies)
    return AppTest.from_file(APP, default_timeout=60)


def test_a_cookie_gives_access_to_the_visitors_runs(runs_folder, monkeypatch):
    put_run(runs_folder / owner_of(MINE), RUN, "paused")
    app = open_page(app_with_cookies({COOKIE: MINE}, monkeypatch), "train")
    assert app.selectbox(key="train/run").value == RUN


@pytest.mark.hostile("a cookie that is forged, missing, over-long, a path or a script")
@pytest.mark.parametrize(
    "cookies",
    [
        {},
        {COOKIE: ""},
        {COOKIE: MINE[:-1]},
        {COOKIE: MINE + "0"},
        {COOKIE: MINE.replace("0", "A")},
        {COOKIE: MINE + "\n"},
        {COOKIE: "0" * 1_000_000},
        {COOKIE: "../" + owner_of(THEIRS)},
        {COOKIE: owner_of(THEIRS)},
        {COOKIE: "<script>alert(1)</script>"},
        {COOKIE: "\u0660" * 32},
        {COOKIE: "None"},
        {COOKIE.upper(): THEIRS},
    ],
    ids=lambda cookies: f"{[value[:12] for value in cookies.values()]}",
)
def test_an_invalid_cookie_makes_a_new_visitor(runs_folder, monkeypatch, cookies):
    put_run(runs_folder / owner_of(THEIRS), RUN, "paused")
    app = open_page(app_with_cookies(cookies, monkeypatch), "train")
    key = app.session_state["visitor/key"]
    assert re.fullmatch("[0-9a-f]{32}", key)
    assert key not in cookies.values()
    quiet(send_event(app, "visitor", "found", {"key": key, "place": "nowhere"}))
    assert "train/start" in keys(app)
    assert "train/resume" not in keys(app)
    assert [path.name for path in runs_folder.iterdir()] == [owner_of(THEIRS)]


@pytest.mark.parametrize("place", ["storage", "nowhere"])
def test_without_a_cookie_the_browser_says_who_the_visitor_is(runs_folder, cookies, place):
    """Before anything of theirs is read: an address that names their run still leads to it."""
    cookies.clear()
    newer = "20260103-030401-abcdef01"
    for run_id in (RUN, newer):
        put_run(runs_folder / owner_of(MINE), run_id, "paused")
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["run"] = RUN
    open_page(app, "train")
    assert "train/start" not in keys(app)
    quiet(send_event(app, "visitor", "found", {"key": MINE, "place": place}))
    assert app.selectbox(key="train/run").value == RUN
    assert lease.is_running(owner_of(MINE)) == (place == "nowhere")
    shown = [each.proto.url for each in app.get("link_button")]
    assert len(shown) == (place == "nowhere")  # the page says that a reload loses the run


def test_a_visitor_who_sees_all_runs_loses_none(runs_folder, cookies, monkeypatch):
    monkeypatch.setenv("RNN_DEMO_SHARED", "1")
    cookies.clear()
    put_run(runs_folder / owner_of(MINE), RUN, "paused")
    app = open_page(AppTest.from_file(APP, default_timeout=60), "train")
    quiet(send_event(app, "visitor", "found", {"key": MINE, "place": "nowhere"}))
    assert not app.get("link_button")
    assert not lease.file_of(runs_folder / owner_of(MINE)).exists()


@pytest.mark.hostile("a browser that reports another visitor's folder, or no key, as its own")
@pytest.mark.parametrize(
    "found",
    [None, [], MINE, {}, {"key": None}, {"key": owner_of(THEIRS)}, {"key": "../" + MINE[:29]}],
)
def test_an_invalid_report_of_the_browser_is_ignored(cookies, found):
    cookies.clear()
    app = open_page(AppTest.from_file(APP, default_timeout=60), "train")
    key = app.session_state["visitor/key"]
    quiet(send_event(app, "visitor", "found", found))
    assert app.session_state["visitor/key"] == key
    assert "visitor/place" not in app.session_state


def uploads(app: AppTest) -> list[str]:
    """The fields for files on the page, and the links to a tab of its own in their place."""
    links = [each.proto.url for each in app.get("link_button")]
    return [each.key for each in app.file_uploader] + links


def test_without_cookies_a_tab_of_its_own_stands_in_place_of_an_upload(
    runs_folder, cookies, monkeypatch
):
    """Streamlit answers an upload without its cookie with 403, and shows an empty red mark."""
    app = AppTest.from_file(APP, default_timeout=60).run()
    inside = open_page(AppTest.from_file(APP, default_timeout=60), "inside")
    section(open_inside(inside, "BasicRNN"), "share")
    assert uploads(app) == ["draw/upload"]
    assert uploads(inside) == ["inside/file"]
    del cookies["_streamlit_xsrf"]
    assert uploads(quiet(app.run())) == [""]
    (link,) = uploads(quiet(inside.run()))
    assert dict(parse_qsl(urlsplit(link).query)) == dict(inside.query_params)
    monkeypatch.setattr(st, "get_option", lambda name: name != "server.enableXsrfProtection")
    assert uploads(quiet(app.run())) == ["draw/upload"]


@pytest.mark.hostile("the id of another visitor's run, in the session")
@pytest.mark.hostile("a run id with ../, absolute, empty or of no run")
@pytest.mark.parametrize("run_id", [RUN, f"../{owner_of(THEIRS)}/{RUN}", "/", "none", "", "\0"])
def test_the_run_of_another_visitor_is_not_shown(runs_folder, monkeypatch, run_id):
    """Even if its id is in the session."""
    finish(put_run(runs_folder / owner_of(THEIRS), RUN, "running"))
    own = put_run(runs_folder / owner_of(MINE), "20260101-000000-00000000", "paused")
    app = app_with_cookies({COOKIE: MINE}, monkeypatch)
    for key, value in (("run", run_id), ("others", [run_id])):
        app.session_state[f"train/{key}"] = value
    open_page(app, "train")
    assert app.selectbox(key="train/run").value == own.id
    assert app.session_state["train/others"] == []
    app = app_with_cookies({COOKIE: MINE}, monkeypatch)
    app.session_state["draw/network"] = run_id
    open_page(app, "draw")
    assert app.selectbox(key="draw/network").value in checkpoint.pretrained()


@pytest.mark.hostile("the run folder read-only, seen from the page")
def test_a_run_folder_that_cannot_be_written_shows_an_error(tmp_path, monkeypatch):
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    monkeypatch.setenv("RNN_DEMO_RUNS", str(in_the_way))
    app = open_page(AppTest.from_file(APP, default_timeout=60), "train")
    press(app, "train/start")
    assert not app.exception
    (error,) = app.error
    assert re.fullmatch(r"[A-Z][^/\n]*\.", error.value)  # one sentence without a path
    quiet(app.run())


@pytest.fixture
def network(monkeypatch) -> Iterator[threading.Event]:
    """A proxy that sends half a file, waits for the event, and hangs up."""
    hang_up = threading.Event()

    class Proxy(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "1000000")
            self.end_headers()
            self.wfile.write(bytes(500_000))
            self.wfile.flush()
            hang_up.wait(60)

        def do_CONNECT(self) -> None:
            hang_up.wait(60)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{server.server_port}")
    yield hang_up
    hang_up.set()
    server.shutdown()
    server.server_close()


@pytest.mark.process
@pytest.mark.hostile("visitors who download at once")
def test_visitors_who_download_at_once_cause_one_download(network, without_mnist):
    apps = [open_page(AppTest.from_file(APP, default_timeout=60), "digits") for _ in range(4)]
    together = threading.Barrier(len(apps))

    def start() -> None:
        together.wait()
        mnist_download._downloads().start()

    threads = [threading.Thread(target=start) for _ in apps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for app in apps:  # whose pages still offer the download
        app.button(key=DOWNLOAD).click().run()
    assert len(list(without_mnist.glob(".download-*"))) == 1
    assert all(DOWNLOAD not in keys(quiet(app)) for app in apps)
    assert apps[0].run().get("progress")[0].proto.value < 50
    (partial,) = without_mnist.glob(".download-*")
    (partial / "half").write_bytes(bytes((download._ARCHIVE_BYTES + download._UNPACKED_BYTES) // 2))
    assert 50 <= apps[0].run().get("progress")[0].proto.value < 100
    network.set()
    errors = wait_for_errors(apps)
    assert len(errors) == 1  # the same for everybody
    (error,) = errors
    assert f"`{mnist_files.raw_folder(without_mnist)}`" in error
    assert list(without_mnist.iterdir()) == []
    assert not store.root().exists()


def wait_for_errors(apps: list[AppTest]) -> set[str]:
    """Rerun all apps until one shows an error; returns all errors shown."""
    for _ in range(2_000):
        for app in apps:
            assert not app.run().exception
        shown = {error.value for app in apps for error in app.error}
        if shown:
            return shown
    raise AssertionError("no app shows an error")
