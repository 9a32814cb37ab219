"""A metric is one place: storing, checking, exporting and drawing are made from its entry."""

import json

import pytest

from rnn_demo.training.metrics import (
    BY_NAME,
    COLUMNS,
    LIVE,
    METRICS,
    N_SAMPLE_DIGITS,
    checked_point,
    live_row,
    table_row,
)

BATCH = {"epoch": 0.25, "loss": 2.1, "accuracy": 31.5}


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_every_metric_has_a_name_a_label_and_columns(metric):
    assert BY_NAME[metric.name] is metric
    assert metric.name.isidentifier()
    assert metric.label.strip()
    assert set(metric.columns) <= set(COLUMNS)
    assert metric.required or json.dumps(metric.default)


def test_every_column_has_one_name():
    assert len(set(COLUMNS)) == len(COLUMNS) == len(table_row(BATCH))


def test_a_point_gets_the_defaults_of_what_it_lacks():
    point = checked_point(BATCH)
    assert point == BATCH | {
        "epoch_done": False,
        "learning_rate": None,
        "gradient_norm": None,
        "images_per_second": None,
        "answers": [],
        "confidence": [],
    }
    assert checked_point(point) == point


def test_the_end_of_an_epoch_has_every_metric():
    point = checked_point(BATCH | {"epoch_done": True})
    assert point.keys() == BY_NAME.keys()


def test_defaults_are_not_shared():
    checked_point(BATCH)["answers"].append(7)
    assert checked_point(BATCH)["answers"] == []


@pytest.mark.parametrize("name", ["epoch", "loss", "accuracy"])
def test_what_is_required_must_be_there(name):
    with pytest.raises(ValueError, match=name):
        checked_point({key: value for key, value in BATCH.items() if key != name})


@pytest.mark.hostile("a damaged point of a curve")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("epoch", -1),
        ("loss", "2.1"),
        ("loss", None),
        ("loss", float("nan")),
        ("accuracy", 101),
        ("accuracy", 10**400),
        ("learning_rate", True),
        ("epoch_done", 1),
        ("answers", 3),
        ("answers", [10]),
        ("confidence", [1.5]),
        ("confidence", ["1"]),
        ("tutorial_loss", "none"),
    ],
)
def test_an_invalid_value_is_refused(name, value):
    with pytest.raises(ValueError, match=r"\.$"):
        checked_point(BATCH | {"epoch_done": True} | {name: value})


@pytest.mark.parametrize("value", [None, [], "point", 7])
def test_only_a_dictionary_is_a_point(value):
    with pytest.raises(ValueError, match="JSON object"):
        checked_point(value)


def test_a_row_of_a_table_has_a_cell_for_each_sample_digit():
    point = checked_point(BATCH | {"answers": [7, 2], "confidence": [0.5]})
    row = dict(zip(COLUMNS, table_row(point), strict=True))
    assert (row["answers_0"], row["answers_1"], row["answers_2"]) == (7, 2, None)
    assert row["confidence_0"] == 0.5
    assert row[f"confidence_{N_SAMPLE_DIGITS - 1}"] is None
    assert row["validation_loss"] is None
    assert row["loss"] == 2.1


def test_the_browser_gets_few_digits_and_whole_percents():
    point = checked_point(
        BATCH | {"loss": 1 / 3, "answers": [7], "confidence": [0.999], "epoch_done": True}
    )
    row = dict(zip([metric.name for metric in LIVE], live_row(point), strict=True))
    assert row["loss"] == 0.333333
    assert row["confidence"] == [99]
    assert row["answers"] == [7]
    assert row["epoch_done"] is True
    assert row["gradient_norm"] is row["validation_loss"] is None
    assert "tutorial_loss" not in row


def test_numbers_are_shown_with_their_decimals_and_unit():
    assert BY_NAME["accuracy"].text(99.516) == "99.52 %"
    assert BY_NAME["loss"].text(0.29106) == "0.2911"
    assert BY_NAME["learning_rate"].text(0.0012345) == "0.001234"
    assert BY_NAME["images_per_second"].text(12345.6) == "12,346"
