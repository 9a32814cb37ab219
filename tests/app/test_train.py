"""The page Train without a browser: starting, the queue, what survives a reload."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from rnn_demo.app.times import about
from rnn_demo.app.train.question import THRESHOLD
from rnn_demo.app.train.sentences import status_line
from rnn_demo.runs import store
from rnn_demo.runs.estimate import Speed
from rnn_demo.runs.state import lock_of
from rnn_demo.training.presets import PRESETS
from rnn_demo.training.recipe import Recipe
from tests.app.from_browser import travel
from tests.app.test_pages import APP, quiet
from tests.app.train_page import (
    FIRST,
    NAME,
    SECOND,
    THIRD,
    buttons,
    press,
    selected,
    texts,
)
from tests.example_runs import append, point, put_into_queue, put_run


@pytest.fixture
def app(train_page: AppTest) -> AppTest:
    return train_page


def test_start_makes_a_run_of_the_recipe_and_of_the_name(app, home, monkeypatch):
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "1")
    put_run(home, FIRST, "paused")
    hostile = "<b>x</b> `**:red[y]"
    app.text_input(key=NAME).set_value(hostile).run()
    app.number_input(key="train/n_neurons").set_value(9).run()
    app.number_input(key="train/epochs").set_value(1).run()
    quiet(press(app, "start"))
    run = store.runs_of(home.name)[0]
    snapshot = run.snapshot()
    quick = replace(PRESETS["quick"].recipe, data="synthetic")
    assert snapshot.recipe == replace(quick, n_neurons=9, epochs=1)
    assert snapshot.name == hostile
    assert app.text_input(key=NAME).value == ""  # the next run is another
    assert app.selectbox(key="train/run").value == run.id
    assert not any(hostile in element.value for element in [*app.markdown, *app.caption])
    run.stop()


def test_a_queued_run_shows_its_place_and_can_leave_the_queue(app, home, running, monkeypatch):
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "1")
    put_into_queue(running, claimed=True)
    quiet(press(app, "start"))
    quiet(press(app, "start"))
    states = [run.status.state for run in store.snapshots_of(home.name)]
    assert states == ["queued", "queued", "running"]
    last = selected(app, home)
    assert last.queue_place == 2
    # 61 seconds for the one that trains, and then one of the queue's own.
    alone = Speed({}).seconds(last.recipe)
    assert about(61 + alone) in status_line(last)
    assert {"leave_queue", "start"} <= buttons(app)
    assert not {"pause", "stop", "resume"} & buttons(app)
    quiet(press(app, "leave_queue"))
    assert len(store.runs_of(home.name)) == 2
    first = selected(app, home)
    assert first.queue_place == 1
    assert about(61) in status_line(first)


def test_watching_a_run_lets_the_queued_runs_of_others_start(app, running, monkeypatch):
    """The server that started the run, and would notice its end, may be gone."""
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "1")
    put_into_queue(running, claimed=True)
    waiting = store.start(Recipe(), "0123456789abcdef")
    assert waiting.status().state == "queued"
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "2")
    quiet(app.run())
    assert waiting.status().state != "queued"


# What survives a reload


@pytest.fixture
def reopen(monkeypatch, train_page) -> Callable[[], AppTest]:
    """The page in a new session with the address and the cookie of the old one: a reload."""

    def new_session() -> AppTest:
        app = AppTest.from_file(APP, default_timeout=60)
        app.session_state["visitor/key"] = train_page.session_state["visitor/key"]
        app.run()
        for name, value in train_page.query_params.items():
            app.query_params[name] = value
        return quiet(app.switch_page("rnn_demo/app/train/page.py").run())

    return new_session


def test_a_reload_keeps_the_recipe_the_selected_run_and_those_beside_it(app, home, reopen):
    for run_id in (FIRST, SECOND, THIRD):
        put_run(home, run_id, "paused", n=20)
    quiet(app.run())
    assert not {"run", "with", "recipe"} & set(app.query_params)  # what a new visitor sees
    app.selectbox(key="train/run").set_value(FIRST).run()
    app.multiselect(key="train/others").set_value([THIRD]).run()
    app.pills(key="train/preset").set_value("gru").run()
    app.number_input(key="train/epochs").set_value(3).run()
    app.text_input(key="train/learning_rate").set_value("0.0005").run()
    again = reopen()
    assert again.selectbox(key="train/run").value == FIRST
    assert again.multiselect(key="train/others").value == [THIRD]
    assert again.pills(key="train/preset").value == "gru"
    assert again.number_input(key="train/epochs").value == 3
    assert again.text_input(key="train/learning_rate").value == "0.0005"
    assert again.segmented_control(key="train/cell").value == "gru"
    # Back to the beginning
    quiet(travel(again, {}))
    assert again.selectbox(key="train/run").value == THIRD
    assert again.multiselect(key="train/others").value == []
    assert again.pills(key="train/preset").value == "quick"
    assert again.number_input(key="train/epochs").value == PRESETS["quick"].recipe.epochs


@pytest.mark.hostile("an address: runs of others, a recipe that is none")
@pytest.mark.parametrize(
    "recipe",
    ["quick,epochs=999", "quick,seed=x", "quick,nothing=1", "nothing", "", "quick,," * 999],
    ids=lambda recipe: recipe[:20],
)
def test_a_forged_address_is_as_good_as_none(train_page, home, reopen, recipe):
    put_run(home, FIRST, "paused", n=20)
    put_run(home.parent / ("b" * 16), SECOND, "paused", n=20)
    train_page.query_params["recipe"] = recipe
    train_page.query_params["run"] = SECOND
    train_page.query_params["with"] = f"{SECOND},../..,{FIRST}"
    app = reopen()
    assert app.selectbox(key="train/run").value == FIRST
    assert app.pills(key="train/preset").value == "quick"
    assert app.number_input(key="train/epochs").value == PRESETS["quick"].recipe.epochs


# The question beside the charts


@pytest.mark.parametrize(("guess", "right"), [("yes", False), ("no", True)])
def test_the_numbers_decide_who_was_right_about_the_first_epoch(app, home, guess, right):
    assert f"{THRESHOLD:.0f} %" in texts(app)
    quiet(app.segmented_control(key="train/guess").set_value(guess).run())
    assert "Press Start" in texts(app)
    run = put_run(home, FIRST, "running", n=5)
    with lock_of(run.folder):
        waiting = texts(quiet(app.run()))
        assert "Its first epoch will tell" in waiting
        assert "Press Start" not in waiting
        append(run, [point(19, epoch_done=True, accuracy=99.0, validation_accuracy=93.21)])
        shown = texts(quiet(app.run()))
    assert "93.21 %" in shown
    assert ("**Right.**" in shown) is right
