"""The page Train without a browser: results, several runs, damaged files."""

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from rnn_demo.app.run_titles import run_title
from rnn_demo.app.train import run_table
from rnn_demo.training.recipe import HYPERPARAMETERS, Recipe
from tests.app.test_pages import quiet
from tests.app.train_page import (
    FIRST,
    SECOND,
    THIRD,
    buttons,
    component,
    live_data,
    press,
    texts,
)
from tests.example_runs import finish, put_run


@pytest.fixture
def app(train_page: AppTest) -> AppTest:
    return train_page


def test_a_finished_run_shows_its_result(app, home):
    run = put_run(home, FIRST, "running", n=200)
    finish(run)
    quiet(app.run())
    result = run.snapshot().result
    assert [metric.value for metric in app.metric] == [f"{result.accuracy:.2f} %"]  # only one
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
