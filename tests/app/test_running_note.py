"""The line about a running training, on every page but Train."""

import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rnn_demo.runs.state import lock_of
from tests.app.test_pages import APP, open_page, quiet
from tests.app.train_page import FIRST, SECOND
from tests.example_runs import owner_of, put_into_queue, put_run, write_status

LIGHT = """
import sys
from streamlit.testing.v1 import AppTest
script = 'from rnn_demo.app.running_note import show_running_note; show_running_note("draw")'
page = AppTest.from_string(script).run(timeout=60)
assert not page.exception and not page.get("page_link")
print(*sys.modules)
"""


@pytest.fixture
def app(runs_folder, without_mnist) -> AppTest:
    return open_page(AppTest.from_file(APP, default_timeout=60), "glossary")


@pytest.fixture
def home(app, runs_folder) -> Path:
    """The visitor's folder."""
    return runs_folder / owner_of(app.session_state["visitor/key"])


def note(app: AppTest) -> list[str]:
    """The line, if there is one."""
    links = [link.proto for link in quiet(app.run()).get("page_link")]
    return [link.label for link in links if link.page == "train" and "Training" in link.label]


def test_a_running_training_is_seen_from_other_pages_until_it_ends(app, home):
    assert note(app) == []
    run = put_run(home, FIRST, "running", epoch=2)
    put_into_queue(run, claimed=True)
    run.rename("my *best*")
    with lock_of(run.folder):
        assert note(app) == [r"Training: my \*best\*, epoch 3 of 10"]
        app.switch_page("rnn_demo/app/digits/page.py")
        assert note(app) == [r"Training: my \*best\*, epoch 3 of 10"]
        app.switch_page("rnn_demo/app/train/page.py")
        assert note(app) == []
        app.switch_page("rnn_demo/app/glossary/page.py")
        assert len(note(app)) == 1
    write_status(run, "finished", epoch=10)
    assert note(app) == [r"Training: my \*best\* has ended"]
    app.switch_page("rnn_demo/app/train/page.py")
    assert note(app) == []
    app.switch_page("rnn_demo/app/glossary/page.py")
    assert note(app) == []


def test_a_run_that_waits_is_seen_and_those_of_others_are_not(app, home):
    other = put_run(home.parent / ("b" * 16), SECOND, "running")
    put_into_queue(other, claimed=True)
    with lock_of(other.folder):
        assert note(app) == []
        run = put_run(home, FIRST, "queued")
        (run.folder / "name.json").write_text('{"name": "", "number": 7}')
        assert note(app) == ["Training: Run 7 is number 1 in the queue"]


@pytest.mark.process
def test_for_a_visitor_without_runs_it_imports_nothing_heavy(runs_folder):
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & {"torch", "numpy", "pandas", "rnn_demo.runs.queue"}
