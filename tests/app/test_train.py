"""The page Train without a browser: every control, run by AppTest."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rnn_demo.app.run_titles import run_title
from rnn_demo.app.text import sentence
from rnn_demo.app.theme import DARK, LIGHT
from rnn_demo.app.train import figures, run_table
from rnn_demo.app.train.sentences import announcement, epoch_note, status_line
from rnn_demo.data import source
from rnn_demo.messages import Message
from rnn_demo.runs import store
from rnn_demo.runs.commands import ActionCommand, RateCommand, read_commands
from rnn_demo.runs.run import Run, Snapshot
from rnn_demo.runs.state import lock_of
from rnn_demo.settings import SETTINGS
from rnn_demo.training.metrics import LIVE
from rnn_demo.training.recipe import HYPERPARAMETERS, Recipe
from tests.app.test_pages import APP, open_page, quiet
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
    """The page Train on a machine without MNIST."""
    return open_page(AppTest.from_file(APP, default_timeout=60), "train")


@pytest.fixture
def home(app, runs_folder) -> Path:
    """The visitor's folder."""
    return runs_folder / owner_of(app.session_state["visitor/key"])


@pytest.fixture
def running(home) -> Iterator[Run]:
    """A run with a live worker."""
    run = put_run(home, FIRST, "running", n=50, epoch=2, images_per_second=1234.5, seconds_left=61)
    with lock_of(run.folder):
        yield run


def buttons(app: AppTest) -> set[str]:
    """The names of the page's own buttons, from their keys."""
    keys = [button.key or "" for button in app.button]
    return {key.removeprefix("train/") for key in keys if key.startswith("train/")}


def press(app: AppTest, name: str) -> AppTest:
    return app.button(key=f"train/{name}").click().run()


def component(app: AppTest, name: str) -> dict:
    """The data of one of the page's components."""
    (proto,) = (
        each.proto
        for each in app.get("bidi_component")
        if each.proto.component_name.endswith(f"rnn_demo_{name}")
    )
    return json.loads(proto.json)


def live_data(app: AppTest) -> dict:
    """The data of the live charts."""
    return component(app, "train")


def last_action(run: Run) -> str:
    """The last command to the worker of a run, which has to be a pause or a stop."""
    command = read_commands(run.folder)[-1]
    assert isinstance(command, ActionCommand)
    return command.action


def selected(app: AppTest, home: Path) -> Snapshot:
    """The run that is selected."""
    return Run(home / app.selectbox(key="train/run").value).snapshot()


def status_text(app: AppTest) -> str:
    """The status line above the live charts."""
    return app.get("progress")[0].proto.text


def texts(app: AppTest) -> str:
    """All text on the page, outside of widgets and components."""
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
    quiet(press(app, "start"))
    run = store.runs_of(home.name)[0]
    snapshot = run.snapshot()
    assert snapshot.recipe == Recipe(data="synthetic", n_neurons=9, epochs=1)
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
    assert (last.queue_place, status_text(app)) == (2, status_line(last))
    assert {"leave_queue", "start"} <= buttons(app)
    assert not {"pause", "stop", "resume"} & buttons(app)
    quiet(press(app, "leave_queue"))
    assert len(store.runs_of(home.name)) == 2
    first = selected(app, home)
    assert (first.queue_place, status_text(app)) == (1, status_line(first))


def test_watching_a_run_lets_the_queued_runs_of_others_start(app, running, monkeypatch):
    """The server that started the run, and would notice its end, may be gone."""
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "1")
    put_into_queue(running, claimed=True)
    waiting = store.start(Recipe(), "0123456789abcdef")
    assert waiting.status().state == "queued"
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "2")
    quiet(app.run())
    assert waiting.status().state != "queued"


# What can be done with a run


def test_a_running_run_can_be_paused_and_given_another_learning_rate(app, running):
    quiet(app.run())
    assert running.status().state == "running"
    assert status_text(app) == status_line(running.snapshot())
    assert {"pause", "stop"} <= buttons(app)
    assert not {"resume", f"{FIRST}/delete"} & buttons(app)
    app.number_input(key=f"train/{FIRST}/learning_rate").set_value(0.005).run()
    assert read_commands(running.folder) == [RateCommand(0.005)]
    quiet(press(app, "pause"))
    assert last_action(running) == "pause"
    assert app.button(key="train/pending").disabled
    assert not {"pause", "stop"} & buttons(app)


def test_the_learning_rate_that_a_paused_run_will_resume_with_is_shown(app, home):
    run = put_run(home, FIRST, "paused", n=20)
    run.change_learning_rate(0.0005)
    quiet(app.run())
    assert app.number_input(key=f"train/{FIRST}/learning_rate").value == 0.0005


@pytest.mark.parametrize(
    ("recipe", "tutorial", "shown"),
    [
        (Recipe(), (0.4321, 98.76), {"0.4321", "98.76 %"}),
        (Recipe(fraction=0.5, non_digits=7_500), (None, None), {"0.4605"}),  # ln(10) of every fifth
        (Recipe(batch_size=1_024, fraction=0.01), (None, None), set()),  # a single batch
    ],
)
def test_the_note_gives_the_tutorials_figures_or_why_there_are_none(
    app, home, recipe, tutorial, shown
):
    run = put_run(home, FIRST, "paused", recipe=recipe)
    end = point(
        0, epoch=1.0, epoch_done=True, tutorial_loss=tutorial[0], tutorial_accuracy=tutorial[1]
    )
    append(run, [end])
    quiet(app.run())
    note = live_data(app)["note"]
    assert note == epoch_note(recipe, end)
    assert {f"{end['loss']:.4f}", f"{end['accuracy']:.2f} %", *shown} <= set(
        re.findall(r"[\d.]*\d(?: %)?", note)
    )


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
    assert (snapshot.status.state, status_text(app)) == (state, status_line(snapshot))
    assert "resume" in buttons(app)
    assert not {"pause", "stop"} & buttons(app)


def test_a_failed_run_shows_why_and_can_be_resumed(app, home):
    reason = Message("runs.out_of_memory")
    run = put_run(home, FIRST, "failed", message=reason)
    app.run()
    assert [error.value for error in app.error] == [sentence(reason)]
    assert "resume" in buttons(app)
    # If the loss became infinite, it would do so again with the same learning rate.
    app.number_input(key=f"train/{FIRST}/learning_rate").set_value(0.0001).run()
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


# The data of the live charts


def test_before_the_first_run_the_tutorials_curve_is_shown(app):
    sent = live_data(app)
    assert sent["runs"] == []
    by_name = {chart["name"]: chart for chart in sent["words"]["charts"]}
    assert by_name["loss"]["tutorial"][0] == 0.7489
    assert by_name["accuracy"]["tutorial"][-1] == 96.65
    assert sent["digits"]["labels"] == source.load("synthetic", "test").labels[:12].tolist()


def test_the_charts_are_those_of_the_table_of_metrics(app):
    shown = live_data(app)["words"]["charts"]
    assert [chart["name"] for chart in shown] == list(
        dict.fromkeys(metric.chart for metric in LIVE if metric.chart)
    )
    for chart in shown:
        metrics = [metric.name for metric in LIVE if metric.chart == chart["name"]]
        assert [chart["metric"], *filter(None, [chart["validation"]])] == metrics


def test_all_points_are_sent_until_the_browser_acknowledges_them(app, home):
    run = put_run(home, FIRST, "paused", n=50)
    (first,) = live_data(app.run())["runs"]
    assert (first["base"], len(first["points"])) == (0, 52)
    assert live_data(app)["columns"] == [metric.name for metric in LIVE]
    for row, point_ in zip(first["points"], curve(50), strict=True):
        shown = dict(zip(live_data(app)["columns"], row, strict=True))
        for name in ("epoch", "epoch_done", "loss", "accuracy", "learning_rate", "answers"):
            assert shown[name] == pytest.approx(point_[name], rel=1e-5)
        for name in ("validation_loss", "validation_accuracy"):
            assert shown[name] == point_.get(name)
    append(run, [point(50)])
    (second,) = live_data(app.run())["runs"]
    assert (second["base"], len(second["points"])) == (0, 53)
    assert "images" in live_data(app)["digits"]
    app.session_state["train/live/acknowledged"] = {f"{FIRST}/1": 52, "digits/synthetic": 1}
    (third,) = live_data(app.run())["runs"]
    assert (third["base"], len(third["points"])) == (52, 1)
    assert "images" not in live_data(app)["digits"]


def test_a_resumed_run_is_sent_from_its_first_point(app, home):
    run = put_run(home, FIRST, "paused", n=50)
    app.session_state["train/live/acknowledged"] = {f"{FIRST}/1": 52}
    assert live_data(app.run())["runs"][0]["points"] == []
    status = json.loads((run.folder / "status.json").read_text())
    (run.folder / "status.json").write_text(json.dumps(status | {"attempts": 2}))
    (run.folder / "metrics.jsonl").write_text("".join(json.dumps(p) + "\n" for p in curve(10)))
    (sent,) = live_data(app.run())["runs"]
    assert (sent["base"], len(sent["points"])) == (0, 10)


def test_changes_of_the_learning_rate_are_marked_at_their_epoch(app, home):
    run = put_run(home, FIRST, "paused", n=50)
    (run.folder / "changes.jsonl").write_text('{"step": 94, "learning_rate": 0.0005}\n')
    (sent,) = live_data(app.run())["runs"]
    assert sent["changes"] == [[94 / 188, 0.0005]]  # 12,000 images in batches of 64


def test_a_screen_reader_announces_the_state_and_the_last_epoch(app, home):
    run = put_run(home, FIRST, "paused", n=50)
    quiet(app.run())
    last = curve(50)[-11]
    assert last["epoch_done"]
    assert live_data(app)["announcement"] == announcement(run.snapshot(), last)


def test_a_perfect_model_by_the_tutorials_formula(app):
    assert f"{100 * 2_000 / 64 / 31:.2f} %" in texts(app)  # on 2,000 synthetic digits


# The result


def test_a_finished_run_shows_its_result(app, home):
    run = put_run(home, FIRST, "running", n=200)
    finish(run)
    quiet(app.run())
    result = run.snapshot().result
    assert [metric.value for metric in app.metric] == [
        f"{result.accuracy:.2f} %",
        f"{result.tutorial_accuracy:.2f} %",
    ]
    confusion, classes = (json.loads(chart.proto.spec) for chart in app.get("plotly_chart"))
    assert confusion["data"][0]["customdata"] == result.confusion
    right = [100 * row[i] / sum(row) for i, row in enumerate(result.confusion)]
    assert classes["data"][0]["x"] == pytest.approx(right)
    shown = component(app, "train_mistakes")["mistakes"]
    assert [each["index"] for each in shown] == [mistake.index for mistake in result.mistakes]
    press(app, "read_drawing")
    assert app.selectbox(key="draw/network").value == run.id


def test_a_running_run_has_no_result(app, running):
    app.run()
    assert not app.metric
    assert "read_drawing" not in buttons(app)


def test_a_run_can_be_downloaded(app, home):
    run = put_run(home, FIRST, "paused", n=20)

    def downloads() -> list[str]:
        app.run()
        return [each.key.removeprefix("train/download/") for each in app.get("download_button")]

    assert downloads() == ["csv", "py", "ipynb"]
    finish(run)
    assert downloads() == ["safetensors", "csv", "py", "ipynb"]


# Several runs


def test_runs_are_compared(app, home):
    put_run(home, FIRST, "paused", n=20, seconds=5)
    put_run(home, SECOND, "paused", n=30, recipe=Recipe(data="synthetic", cell="gru"), seconds=5)
    put_run(home, THIRD, "paused", n=40)
    app.run()
    assert app.selectbox(key="train/run").value == THIRD  # the newest
    app.selectbox(key="train/run").set_value(FIRST).run()
    app.multiselect(key="train/others").set_value([SECOND]).run()
    sent = live_data(quiet(app))["runs"]
    assert [each["curve"] for each in sent] == [f"{FIRST}/1", f"{SECOND}/1"]
    assert len({each["colour"] for each in sent}) == 2
    table = app.dataframe[0].value
    labels = {name: HYPERPARAMETERS[name].label for name in ("cell", "n_neurons")}
    labels["parameters"] = run_table._MEASURED["parameters"]
    assert table.index.tolist() == list(labels.values())
    assert table.loc[labels["cell"]].tolist() == ["tanh", "GRU"]
    assert table.loc[labels["parameters"]].tolist() == ["634", "82,510"]
    app.selectbox(key="train/run").set_value(SECOND).run()  # it is not compared with itself
    assert [each["curve"] for each in live_data(quiet(app))["runs"]] == [f"{SECOND}/1"]


def test_damaged_files_are_listed_with_the_title_of_their_run(app, home):
    run = put_run(home, FIRST, "paused", n=20)
    (run.folder / "metrics.jsonl").write_text("garbage\n" * 3)
    broken = put_run(home, SECOND, "paused")
    (broken.folder / "recipe.json").write_bytes(b"\x00\xff")
    quiet(app.run())
    for damaged, file in ((run, "metrics.jsonl"), (broken, "recipe.json")):
        assert re.search(f"{re.escape(run_title(damaged.snapshot()))}: .*{file}", texts(app))
    assert [each["curve"] for each in live_data(app)["runs"]] == [f"{FIRST}/1"]
    assert len(app.dataframe[0].value) == 2
    # Nothing else can be done with it.
    app.checkbox(key=f"train/{broken.id}/confirm").check().run()
    app.button(key=f"train/{broken.id}/delete").click().run()
    quiet(app)
    assert not broken.folder.exists()
    assert run.folder.exists()


def test_with_shared_runs_everybody_sees_all_runs(app, runs_folder, monkeypatch):
    put_run(runs_folder / ("b" * 16), FIRST, "paused", n=20)
    assert live_data(app.run())["runs"] == []
    monkeypatch.setenv("RNN_DEMO_SHARED", "1")
    assert [each["curve"] for each in live_data(quiet(app.run()))["runs"]] == [f"{FIRST}/1"]


def test_the_colours_of_runs_differ_and_have_enough_contrast():
    for palette in (LIGHT, DARK):
        colours = figures.run_colours(palette, figures.MAX_RUNS)
        assert len(set(colours)) == figures.MAX_RUNS
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


def numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"\d+(?:\.\d+)?", text)]


def test_the_text_alternatives_of_a_result_agree_with_its_counts():
    counts = [[0] * 10 for _ in range(10)]
    for digit in range(10):
        counts[digit][digit] = 8
    perfect = figures.confusion_in_words(counts)
    assert numbers(perfect) == []
    counts[4][9], counts[7][2], counts[3][5] = 2, 1, 6
    # The most frequent first; a single mistake has words of its own.
    assert numbers(figures.confusion_in_words(counts)) == [3, 5, 6, 4, 9, 2, 7, 2]
    shares = [100 * row[i] / sum(row) for i, row in enumerate(counts)]
    expected = [number for i, share in enumerate(shares) for number in (i, round(share, 1))]
    assert numbers(figures.accuracy_in_words(counts)) == expected
