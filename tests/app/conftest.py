"""What the tests with AppTest share."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from rnn_demo.app.middleware.visitor_cookie import COOKIE
from rnn_demo.runs.run import Run
from rnn_demo.runs.state import lock_of
from tests.app.train_page import FIRST
from tests.example_runs import owner_of, put_run


@pytest.fixture(scope="session", autouse=True)
def one_scan_for_components() -> Iterator[None]:
    """Each AppTest scans all installed packages for components, which takes 0.1 s: scan once."""
    with pytest.MonkeyPatch.context() as patch:
        scan = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(autouse=True)
def cookies(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What every browser sends that takes cookies; a test may change it."""
    sent = {COOKIE: "5" * 32, "_streamlit_xsrf": "2|a|b|c"}
    monkeypatch.setattr(ContextProxy, "cookies", sent)
    return sent


@pytest.fixture
def train_page(runs_folder: Path, without_mnist: Path) -> AppTest:
    """The page Train on a machine without MNIST."""
    from tests.app.test_pages import APP, open_page

    return open_page(AppTest.from_file(APP, default_timeout=60), "train")


@pytest.fixture
def home(train_page: AppTest, runs_folder: Path) -> Path:
    """The visitor's folder."""
    return runs_folder / owner_of(train_page.session_state["visitor/key"])


@pytest.fixture
def running(home: Path) -> Iterator[Run]:
    """A run with a live worker."""
    run = put_run(home, FIRST, "running", n=50, epoch=2, images_per_second=1234.5, seconds_left=61)
    with lock_of(run.folder):
        yield run
