"""The page Train without a browser: the data of the live charts."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from rnn_demo.app.train.sentences import announcement
from rnn_demo.data import source
from rnn_demo.training.metrics import LIVE
from tests.app.test_pages import quiet
from tests.app.train_page import FIRST, live_data
from tests.example_runs import append, curve, point, put_run


@pytest.fixture
def app(train_page: AppTest) -> AppTest:
    return train_page


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
    said = live_data(app)["announcement"]
    assert said == announcement(run.snapshot(), last)
    # The one accuracy of the page: of images that the network has never seen.
    assert f"{last['validation_accuracy']:.2f} %" in said


def test_the_published_run_can_be_switched_off(app):
    assert live_data(app)["show_tutorial"]
    quiet(app.toggle(key="train/published").set_value(False).run())
    assert not live_data(app)["show_tutorial"]
    assert "https://medium.com/dair-ai/" in app.toggle(key="train/published").help
