"""The page Train without a browser: what can be done with a run."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from rnn_demo.app.errors import escape_markdown
from rnn_demo.app.text import sentence
from rnn_demo.app.train.sentences import advice, tutorial_note
from rnn_demo.messages import Message
from rnn_demo.runs import store
from rnn_demo.runs.commands import RateCommand, read_commands
from rnn_demo.settings import SETTINGS
from rnn_demo.training.recipe import Recipe
from tests.app.test_pages import APP, open_page, quiet
from tests.app.train_page import FIRST, buttons, last_action, live_data, press, texts
from tests.example_runs import append, point, put_into_queue, put_run, write_status


@pytest.fixture
def app(train_page: AppTest) -> AppTest:
    return train_page


def test_a_running_run_can_be_paused_and_given_another_learning_rate(app, running):
    quiet(app.run())
    assert running.status().state == "running"
    assert {"pause", "stop"} <= buttons(app)
    assert not {"resume", f"{FIRST}/delete"} & buttons(app)
    app.text_input(key=f"train/{FIRST}/learning_rate").set_value("0,005").run()
    assert read_commands(running.folder) == [RateCommand(0.005)]
    assert [toast.value for toast in app.toast if "0.005" in toast.value]
    quiet(press(app, "pause"))
    assert last_action(running) == "pause"
    assert app.button(key="train/pending").disabled
    assert not {"pause", "stop"} & buttons(app)


def test_the_learning_rate_that_a_paused_run_will_resume_with_is_shown(app, home):
    run = put_run(home, FIRST, "paused", n=20)
    run.change_learning_rate(0.0005)
    quiet(app.run())
    assert app.text_input(key=f"train/{FIRST}/learning_rate").value == "0.0005"


@pytest.mark.hostile("text typed as a new learning rate")
@pytest.mark.parametrize("state", ["running", "stopped"])  # meanwhile: then the field is gone
def test_a_learning_rate_that_is_not_a_number_is_refused_in_a_sentence(app, running, state):
    app.run()
    field = app.text_input(key=f"train/{FIRST}/learning_rate").set_value("*fast*")
    write_status(running, state)
    field.run()
    assert read_commands(running.folder) == []
    (error,) = app.error
    assert error.value == escape_markdown("Learning rate must be a number, not '*fast*'.")


@pytest.mark.parametrize(
    ("recipe", "tutorial", "shown"),
    [
        (Recipe(), (0.4321, 98.76), {"0.4321", "98.76 %"}),
        (Recipe(fraction=0.5, non_digits=7_500), (None, None), {"0.4605"}),  # ln(10) of every fifth
        (Recipe(batch_size=1_024, fraction=0.01), (None, None), set()),  # a single batch
    ],
)
def test_one_click_away_are_all_accuracies_and_the_tutorials_formula(
    app, home, recipe, tutorial, shown
):
    run = put_run(home, FIRST, "paused", recipe=recipe)
    end = point(
        0, epoch=1.0, epoch_done=True, tutorial_loss=tutorial[0], tutorial_accuracy=tutorial[1]
    ) | {"accuracy": 91.23, "validation_accuracy": None}
    append(run, [end])
    quiet(app.run())
    assert "100.16 %" not in texts(app)
    app.session_state["train/accuracies"] = True  # the expander is open
    quiet(app.run())
    assert tutorial_note(recipe, end) in texts(app)
    assert shown <= set(re.findall(r"[\d.]*\d(?: %)?", tutorial_note(recipe, end)))
    assert "100.16 %" in texts(app)
    assert 91.23 in app.dataframe[0].value["%"].tolist()


@pytest.mark.parametrize(
    ("recipe", "status", "parts"),
    [
        # It diverged: what to try is a lower learning rate.
        (Recipe(learning_rate=10.0), {"loss": 102.0}, ["diverged", "of 10 ", "0.001", "clip"]),
        (Recipe(learning_rate=0.002, clip_norm=1.0), {"loss": 102.0}, ["diverged", "0.0002"]),
        # It stays at 10 %.
        (Recipe(learning_rate=1.0), {"loss": 2.31}, ["learnt nothing", "lower", "0.001"]),
        (Recipe(learning_rate=1e-6), {"loss": 2.30}, ["learnt nothing", "higher", "0.001"]),
        (Recipe(optimizer="sgd", learning_rate=0.01), {"loss": 2.3}, ["learnt nothing", "GRU"]),
    ],
)
def test_a_run_that_goes_wrong_says_what_happened_and_what_to_try(app, home, recipe, status, parts):
    run = put_run(home, FIRST, "running", recipe=recipe)
    write_status(run, "finished", test_accuracy=9.8, epoch=1, progress=1.0, **status)
    quiet(app.run())
    note = live_data(app)["note"]
    assert note["text"] == advice(run.snapshot(), None)
    assert all(part in note["text"] for part in parts)
    assert ("clip" in note["text"]) is ("clip" in parts)
    assert note["urgent"]


def test_a_run_that_learns_needs_no_advice(home):
    run = put_run(home, FIRST, "finished", test_accuracy=97.0, loss=0.1)
    assert advice(run.snapshot(), None) == ""


def test_a_pending_command_is_forgotten_when_the_run_is_resumed(app, running):
    """A resumed run starts in its old attempt: the next one begins when its data is loaded."""
    quiet(app.run())
    quiet(press(app, "pause"))
    write_status(running, "paused")
    quiet(app.run())
    put_into_queue(running, claimed=True)
    press(app, "resume")
    write_status(running, "starting", stage=Message("runs.loading_mnist"))
    quiet(app.run())
    assert {"pause", "stop"} <= buttons(app)


def test_after_a_download_of_mnist_the_next_run_trains_on_it(
    runs_folder, real_mnist, tmp_path, monkeypatch
):
    here = str(SETTINGS.data_folder.read())
    monkeypatch.setenv("RNN_DEMO_DATA", str(tmp_path / "empty"))
    app = open_page(AppTest.from_file(APP, default_timeout=60), "train")
    app.segmented_control(key="train/cell").set_value("gru").run()
    assert app.segmented_control(key="train/data").value == "synthetic"
    monkeypatch.setenv("RNN_DEMO_DATA", here)
    quiet(app.run())
    assert app.segmented_control(key="train/data").value == "mnist"
    assert app.segmented_control(key="train/cell").value == "gru"  # as chosen before


def test_stop_can_be_pressed_once(app, running):
    app.run()
    quiet(press(app, "stop"))
    assert last_action(running) == "stop"
    assert app.button(key="train/pending").disabled
    assert not {"pause", "stop"} & buttons(app)


@pytest.mark.parametrize(("written", "state"), [("paused", "paused"), ("running", "interrupted")])
def test_a_paused_or_interrupted_run_can_be_resumed(app, home, written, state):
    put_run(home, FIRST, written, n=30, epoch=1, progress=0.15)  # without a worker
    quiet(app.run())
    snapshot = store.snapshots_of(home.name)[0]
    assert snapshot.status.state == state
    assert "resume" in buttons(app)
    assert not {"pause", "stop"} & buttons(app)


def test_a_failed_run_shows_why_and_can_be_resumed(app, home):
    reason = Message("runs.out_of_memory")
    run = put_run(home, FIRST, "failed", message=reason)
    quiet(app.run())
    assert sentence(reason) in live_data(app)["note"]["text"]
    assert "resume" in buttons(app)
    # If the loss became infinite, it would do so again with the same learning rate.
    app.text_input(key=f"train/{FIRST}/learning_rate").set_value("0.0001").run()
    assert read_commands(run.folder) == [RateCommand(0.0001)]


def test_a_run_is_renamed_and_the_table_shows_it(app, home):
    run = put_run(home, FIRST, "paused")
    app.run()
    app.text_input(key=f"train/{FIRST}/name").set_value("my best").run()
    assert run.snapshot().name == "my best"
    assert app.text_input(key=f"train/{FIRST}/name").value == "my best"
    assert app.dataframe[0].value.iloc[:, 0].tolist() == ["my best"]
    app.text_input(key=f"train/{FIRST}/name").set_value("\u202eturned").run()
    assert len(app.error) == 1
    assert run.snapshot().name == "my best"


def test_a_run_is_deleted_after_confirmation(app, home):
    run = put_run(home, FIRST, "paused")
    app.run()
    assert app.button(key=f"train/{FIRST}/delete").disabled
    quiet(app.checkbox(key=f"train/{FIRST}/confirm").check().run())
    quiet(app.button(key=f"train/{FIRST}/delete").click().run())
    assert not run.folder.exists()
    assert "resume" not in buttons(app)
