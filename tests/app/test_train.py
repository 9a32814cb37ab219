"""The training hall without a browser: every control on its page, run by AppTest."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rnn_demo.app.theme import DARK, LIGHT
from rnn_demo.app.train import figures as figures
from rnn_demo.data import source
from rnn_demo.runs import store
from rnn_demo.runs.state import lock_of
from rnn_demo.runs.store import Run
from rnn_demo.settings import SETTINGS
from rnn_demo.training.recipe import Recipe
from tests.app.test_pages import APP, open_page, press, quiet
from tests.example_runs import (
    append,
    curve,
    finish,
    owner_of,
    point,
    put_into_queue,
    put_run,
    write_status,
)

FIRST, SECOND, THIRD = (f"20260102-03040{i}-abcdef0{i}" for i in (1, 2, 3))
NAME = "train/name"


@pytest.fixture
def app(runs_folder, without_mnist) -> AppTest:
    """The training hall on a machine that has no MNIST."""
    return open_page(AppTest.from_file(APP, default_timeout=60), "train")


@pytest.fixture
def home(app, runs_folder) -> Path:
    """The visitor's folder."""
    return runs_folder / owner_of(app.session_state["visitor/key"])


@pytest.fixture
def running(home) -> Iterator[Run]:
    """A run that somebody works on."""
    run = put_run(home, FIRST, "running", n=50, epoch=2, images_per_second=1234.5, seconds_left=61)
    with lock_of(run.folder):
        yield run


def labels(app: AppTest) -> set[str]:
    return {button.label for button in app.button}


def hall(app: AppTest) -> dict:
    """What was sent to the curves."""
    found = [
        each.proto for each in app.get("bidi_component") if "hall_news" in each.proto.component_name
    ]
    (proto,) = found
    return json.loads(proto.json)


def said(app: AppTest) -> str:
    parts = [*app.markdown, *app.caption, *app.text, *app.warning, *app.info]
    return "\n".join(element.value for element in parts)


# Starting, the queue


def test_start_makes_a_run_of_the_recipe_and_of_the_name(app, home, monkeypatch):
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "1")
    put_run(home, FIRST, "paused")
    hostile = "<b>x</b> `**:red[y]"
    app.text_input(key=NAME).set_value(hostile).run()
    app.number_input(key="train/n_neurons").set_value(9).run()
    app.number_input(key="train/epochs").set_value(1).run()
    quiet(press(app, "Start"))
    run = store.runs_of(home.name)[0]
    assert run.recipe == Recipe(data="synthetic", n_neurons=9, epochs=1)
    assert run.title == hostile
    assert app.text_input(key=NAME).value == ""  # the next run is another
    assert app.selectbox(key="train/run").value == run.id
    assert not any(hostile in element.value for element in [*app.markdown, *app.caption])
    run.stop()


def test_a_run_that_waits_says_its_place_and_can_be_withdrawn(app, home, running, monkeypatch):
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "1")
    put_into_queue(running, claimed=True)
    quiet(press(app, "Start"))
    quiet(press(app, "Start"))
    assert [run.status().state for run in store.runs_of(home.name)] == [
        "queued",
        "queued",
        "running",
    ]
    assert app.get("progress")[0].proto.text == "You are number 2 in the queue"
    assert {"Withdraw", "Start"} <= labels(app)
    assert not {"Pause", "Stop", "Resume"} & labels(app)
    quiet(press(app, "Withdraw"))
    assert len(store.runs_of(home.name)) == 2
    assert app.get("progress")[0].proto.text == "You are number 1 in the queue"


def test_who_watches_a_run_lets_those_of_others_begin(app, running, monkeypatch):
    """The server that started it, and would notice its end, may be gone."""
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "1")
    put_into_queue(running, claimed=True)
    waiting = store.start(Recipe(), "0123456789abcdef")
    assert waiting.status().state == "queued"
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "2")
    quiet(app.run())
    assert waiting.status().state != "queued"


# What can be done with a run


def test_a_running_run_is_paused_stopped_and_given_another_rate(app, running):
    quiet(app.run())
    text = app.get("progress")[0].proto.text
    assert text == "Epoch 3 of 10, 1,234 samples/s, 1:01 left"
    assert {"Pause", "Stop"} <= labels(app)
    assert "Resume" not in labels(app)
    assert not any(button.key == f"train/{FIRST}/delete" for button in app.button)
    app.number_input(key=f"train/{FIRST}/learning_rate").set_value(0.005).run()
    assert json.loads((running.folder / "request.json").read_text())["learning_rate"] == 0.005
    quiet(press(app, "Pause"))
    assert json.loads((running.folder / "request.json").read_text())["action"] == "pause"
    assert "Pausing ..." in labels(app)
    assert not {"Pause", "Stop"} & labels(app)


def test_a_learning_rate_that_waits_for_a_resumed_run_is_shown(app, home):
    run = put_run(home, FIRST, "paused", n=20)
    run.change_learning_rate(0.0005)
    quiet(app.run())
    assert app.number_input(key=f"train/{FIRST}/learning_rate").value == 0.0005


@pytest.mark.parametrize(
    ("recipe", "note"),
    [
        (Recipe(), "For the same predictions the tutorial's formula prints"),
        (
            Recipe(data="synthetic", non_digits=3_000),
            "No loss is below 0.4605 here",
        ),  # ln(10) of every fifth
        (Recipe(batch_size=1_024, fraction=0.01), "With a single batch"),
    ],
)
def test_the_note_says_what_the_tutorial_would_have_printed_and_where_not_why(
    app, home, recipe, note
):
    run = put_run(home, FIRST, "paused", recipe=recipe)
    printed = (0.4, 92.0) if recipe == Recipe() else (None, None)
    end = point(
        0, step=1.0, epoch_done=True, tutorial_loss=printed[0], tutorial_accuracy=printed[1]
    )
    append(run, [end])
    quiet(app.run())
    assert note in hall(app)["note"]


def test_what_was_asked_of_a_run_is_forgotten_when_it_is_resumed(app, running):
    """It starts in the life it was paused in: its next one begins when its data is there."""
    quiet(app.run())
    quiet(press(app, "Pause"))
    write_status(running, "paused")
    quiet(app.run())
    put_into_queue(running, claimed=True)
    press(app, "Resume")
    write_status(running, "starting", stage="Loading MNIST")
    quiet(app.run())
    assert {"Pause", "Stop"} <= labels(app)


def test_when_mnist_has_come_the_next_run_learns_from_it(
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
    assert app.segmented_control(key="train/cell").value == "gru"  # what was chosen stays


def test_stop_is_asked_for_once(app, running):
    app.run()
    quiet(press(app, "Stop"))
    assert json.loads((running.folder / "request.json").read_text())["action"] == "stop"
    assert "Stopping ..." in labels(app)


@pytest.mark.parametrize(("state", "text"), [("paused", "Paused"), ("running", "Interrupted")])
def test_a_run_that_stands_still_offers_to_resume(app, home, state, text):
    put_run(home, FIRST, state, n=30, epoch=1, progress=0.15)  # nobody holds its lock
    quiet(app.run())
    assert app.get("progress")[0].proto.text == f"{text} in epoch 2 of 10"
    assert "Resume" in labels(app)
    assert not {"Pause", "Stop"} & labels(app)


def test_a_failed_run_says_why_and_can_be_resumed(app, home):
    put_run(home, FIRST, "failed", message="The disk is full.")
    app.run()
    assert [error.value for error in app.error] == ["The disk is full."]
    assert "Resume" in labels(app)
    # Where the loss exploded, it would explode again with the same rate.
    app.number_input(key=f"train/{FIRST}/learning_rate").set_value(0.0001).run()
    asked = (home / FIRST / "request.json").read_text()
    assert json.loads(asked)["learning_rate"] == 0.0001


def test_a_run_is_renamed_and_the_list_shows_it(app, home):
    run = put_run(home, FIRST, "paused")
    app.run()
    app.text_input(key=f"train/{FIRST}/name").set_value("my best").run()
    assert run.title == "my best"
    assert app.text_input(key=f"train/{FIRST}/name").value == "my best"
    assert "my best" in app.dataframe[0].value["Run"].tolist()
    app.text_input(key=f"train/{FIRST}/name").set_value("\u202eturned").run()
    assert [error.value for error in app.error] == ["A name cannot contain control characters."]


def test_a_run_is_deleted_for_good_once_that_is_confirmed(app, home):
    run = put_run(home, FIRST, "paused")
    app.run()
    assert app.button(key=f"train/{FIRST}/delete").disabled
    quiet(app.checkbox(key=f"train/{FIRST}/sure").check().run())
    quiet(app.button(key=f"train/{FIRST}/delete").click().run())
    assert not run.folder.exists()
    assert "Resume" not in labels(app)


# What is sent to the curves


def test_before_the_first_run_the_tutorials_curve_is_there(app):
    sent = hall(app)
    assert sent["runs"] == []
    assert sent["printed"]["loss"][0] == 0.7489
    assert sent["printed"]["accuracy"][-1] == 96.65
    assert sent["digits"]["labels"] == source.load("synthetic", "test").labels[:12].tolist()


def test_all_points_are_sent_until_the_browser_has_them(app, home):
    run = put_run(home, FIRST, "paused", n=50)
    (first,) = hall(app.run())["runs"]
    assert (first["base"], len(first["points"])) == (0, 52)
    assert [row[0] for row in first["points"]] == [each["step"] for each in curve(50)]
    assert first["points"][20][7:] == [0.5, 90.5]  # the end of an epoch
    assert len(first["points"][19]) == 7
    append(run, [point(50)])
    (second,) = hall(app.run())["runs"]
    assert (second["base"], len(second["points"])) == (0, 53)
    assert "images" in hall(app)["digits"]
    app.session_state["train/hall/kept"] = {f"{FIRST}/1": 52, "digits/synthetic": 1}
    (third,) = hall(app.run())["runs"]
    assert (third["base"], len(third["points"])) == (52, 1)
    assert "images" not in hall(app)["digits"]


def test_a_resumed_run_is_sent_from_its_start(app, home):
    run = put_run(home, FIRST, "paused", n=50)
    app.session_state["train/hall/kept"] = {f"{FIRST}/1": 52}
    assert hall(app.run())["runs"][0]["points"] == []
    status = json.loads((run.folder / "status.json").read_text())
    (run.folder / "status.json").write_text(json.dumps(status | {"attempts": 2}))
    (run.folder / "metrics.jsonl").write_text("".join(json.dumps(p) + "\n" for p in curve(10)))
    (sent,) = hall(app.run())["runs"]
    assert (sent["base"], len(sent["points"])) == (0, 10)


def test_changes_of_the_learning_rate_are_marked_at_their_epoch(app, home):
    run = put_run(home, FIRST, "paused", n=50)
    (run.folder / "changes.jsonl").write_text('{"step": 94, "learning_rate": 0.0005}\n')
    (sent,) = hall(app.run())["runs"]
    assert sent["changes"] == [[94 / 188, 0.0005]]  # 12,000 images in batches of 64


def test_the_note_tells_what_would_have_been_printed(app, home):
    put_run(home, FIRST, "paused", n=50)
    app.run()
    note = hall(app)["note"]
    last = curve(50)[-11]
    assert last["epoch_done"]
    assert f"Epoch 2, exactly: loss {last['loss']:.4f}" in note
    assert "prints 0.4321 and 98.76 %." in note
    assert f"{2_000 / 64 / 31:.2%}".replace("%", " %") in said(app)  # of 2,000 synthetic digits


# The result


def test_a_finished_run_shows_what_it_is_worth(app, home):
    run = put_run(home, FIRST, "running", n=200)
    finish(run)
    quiet(app.run())
    shown = {metric.label: metric.value for metric in app.metric}
    result = run.result()
    assert shown["Test accuracy on synthetic digits, exact"] == f"{result.accuracy:.2f} %"
    assert shown["As the tutorial would print it"] == f"{result.tutorial_accuracy:.2f} %"
    confusion, classes = (json.loads(chart.proto.spec) for chart in app.get("plotly_chart"))
    assert confusion["data"][0]["customdata"] == result.confusion
    right = [100 * row[i] / sum(row) for i, row in enumerate(result.confusion)]
    assert classes["data"][0]["x"] == pytest.approx(right)
    (pictures,) = (
        json.loads(each.proto.json)
        for each in app.get("bidi_component")
        if "mistakes" in each.proto.component_name
    )
    assert [each["index"] for each in pictures["mistakes"]] == [m.index for m in result.mistakes]
    assert "Let it read my drawing" in labels(app)
    press(app, "Let it read my drawing")
    assert app.selectbox(key="draw/network").value == run.id


def test_a_running_run_has_no_result(app, running):
    app.run()
    assert not app.metric
    assert "Let it read my drawing" not in labels(app)


def test_a_run_can_be_taken_home(app, home):
    run = put_run(home, FIRST, "paused", n=20)
    app.run()
    assert [each.label for each in app.get("download_button")] == [
        "Curve (.csv)",
        "Code (.py)",
        "Notebook (.ipynb)",
    ]
    finish(run)
    app.run()
    assert app.get("download_button")[0].label == "Weights (.safetensors)"


# Several runs


def test_runs_are_compared(app, home):
    put_run(home, FIRST, "paused", n=20, seconds=5)
    put_run(home, SECOND, "paused", n=30, recipe=Recipe(data="synthetic", cell="gru"), seconds=5)
    put_run(home, THIRD, "paused", n=40)
    app.run()
    assert app.selectbox(key="train/run").value == THIRD  # the newest
    app.selectbox(key="train/run").set_value(FIRST).run()
    app.multiselect(key="train/others").set_value([SECOND]).run()
    sent = hall(quiet(app))["runs"]
    assert [each["curve"] for each in sent] == [f"{FIRST}/1", f"{SECOND}/1"]
    assert len({each["colour"] for each in sent}) == 2
    table = app.dataframe[0].value
    assert table.loc["Cell"].tolist() == ["tanh", "GRU"]
    assert table.loc["Parameters"].tolist() == ["634", "82,510"]
    assert {"Data", "Epochs", "Seconds"}.isdisjoint(table.index)
    app.selectbox(key="train/run").set_value(SECOND).run()  # it is not compared with itself
    assert [each["curve"] for each in hall(quiet(app))["runs"]] == [f"{SECOND}/1"]


def test_what_is_wrong_with_a_run_is_told_by_name(app, home):
    run = put_run(home, FIRST, "paused", n=20)
    (run.folder / "metrics.jsonl").write_text("garbage\n" * 3)
    broken = put_run(home, SECOND, "paused")
    (broken.folder / "recipe.json").write_bytes(b"\x00\xff")
    quiet(app.run())
    assert f"{run.title}: metrics.jsonl is damaged from line 1 on." in said(app)
    assert f"{broken.title}: recipe.json is damaged." in said(app)
    assert [each["curve"] for each in hall(app)["runs"]] == [f"{FIRST}/1"]
    assert len(app.dataframe[0].value) == 2
    # There is nothing else to do with it.
    app.checkbox(key=f"train/{broken.id}/sure").check().run()
    app.button(key=f"train/{broken.id}/delete").click().run()
    quiet(app)
    assert not broken.folder.exists()
    assert run.folder.exists()


def test_all_see_all_runs_where_they_are_shared(app, runs_folder, monkeypatch):
    put_run(runs_folder / ("b" * 16), FIRST, "paused", n=20)
    assert hall(app.run())["runs"] == []
    monkeypatch.setenv("RNN_DEMO_SHARED", "1")
    assert [each["curve"] for each in hall(quiet(app.run()))["runs"]] == [f"{FIRST}/1"]


def test_colours_of_runs_are_different_and_readable():
    for palette in (LIGHT, DARK):
        colours = figures.run_colours(palette, figures.MOST_RUNS)
        assert len(set(colours)) == figures.MOST_RUNS
        assert colours[0] == palette.lead
        for colour in colours:
            assert contrast(colour, palette.background) >= 3  # WCAG 2.2, 1.4.11


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, by the definition in WCAG 2.2."""

    def luminance(colour: str) -> float:
        shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_what_a_result_shows_is_told_in_words_too():
    counts = [[0] * 10 for _ in range(10)]
    for digit in range(10):
        counts[digit][digit] = 8
    counts[4][9], counts[7][2] = 2, 1
    said = figures.confusion_in_words(counts)
    assert said == "Most often mixed up: 4 taken for 9 2 times, 7 taken for 2 1 times."
    assert figures.accuracy_in_words(counts).startswith("Read right: 100.0 % of all 0, ")
    assert "80.0 % of all 4, " in figures.accuracy_in_words(counts)
    for digit in (4, 7):
        counts[digit] = [0] * 10
    assert figures.confusion_in_words(counts) == "Most often mixed up: nothing."
