"""How long a training takes on this machine, and how long a run waits."""

import pytest

from rnn_demo.runs import store
from rnn_demo.runs.estimate import Speed, seconds_until_start, speed
from rnn_demo.runs.state import lock_of
from rnn_demo.training.cost import other_seconds, training_seconds
from rnn_demo.training.presets import PRESETS
from rnn_demo.training.recipe import Recipe
from tests.example_runs import put_into_queue, put_run

OWNER, OTHER = "0123456789abcdef", "fedcba9876543210"
QUICK = PRESETS["quick"].recipe

pytestmark = pytest.mark.usefixtures("runs_folder")


@pytest.mark.parametrize(
    ("preset", "low", "high"),
    # Measured on one core of two machines: README, "Figures".
    [("quick", 12, 40), ("tutorial", 25, 75), ("vanilla", 500, 2_100), ("gru", 300, 700)],
)
def test_before_the_first_run_a_time_is_that_of_a_reference_machine(preset, low, high):
    assert low < Speed({}).seconds(PRESETS[preset].recipe) < high


def test_more_work_takes_longer():
    base = training_seconds(Recipe())
    for more in (
        {"n_neurons": 200},
        {"num_layers": 2},
        {"epochs": 11},
        {"augmentation": 0.5},
        {"synthetic": 100},
        {"validation": 9_000, "fraction": 1.0, "synthetic": 9_000},
        {"cell": "gru"},
        {"cell": "lstm"},
    ):
        assert training_seconds(Recipe(**more)) > base


def test_the_speed_is_learnt_from_runs_that_have_ended(runs_folder):
    """From those of all visitors; a gated cell may be slower here than a plain one."""
    assert speed() == Speed({})
    tanh, gru = Recipe(), Recipe(cell="gru", epochs=20)
    for owner, run, recipe, factor, progress in (
        (OWNER, "1", tanh, 2.0, 1.0),
        (OTHER, "2", tanh, 3.0, 1.0),
        (OTHER, "3", tanh, 50.0, 1.0),  # its machine slept
        (OTHER, "4", gru, 6.0, 0.5),  # stopped after half of it
    ):
        seconds = progress * factor * training_seconds(recipe)
        put_run(
            runs_folder / owner, run, "stopped", recipe=recipe, seconds=seconds, progress=progress
        )
    put_run(runs_folder / OWNER, "5", "paused", recipe=tanh, seconds=1.0, progress=1.0)
    (put_run(runs_folder / OWNER, "6", "finished").folder / "recipe.json").write_text("garbage")
    learnt = speed()
    assert learnt.by_cell == pytest.approx({"rnn_tanh": 3.0, "gru": 6.0})
    assert learnt.seconds(tanh) == pytest.approx(3 * training_seconds(tanh) + other_seconds(tanh))
    lstm = Recipe(cell="lstm")  # between the two
    assert learnt.seconds(lstm) == pytest.approx(4.5 * training_seconds(lstm) + other_seconds(lstm))


def test_a_run_waits_for_those_that_train_and_those_ahead(runs_folder, monkeypatch):
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "2")
    speed_of_reference = Speed({})
    long, short = (
        put_run(runs_folder / OTHER, run, "running", seconds_left=left)
        for run, left in (("1", 100.0), ("2", 30.0))
    )
    with lock_of(long.folder), lock_of(short.folder):
        for run in (long, short):
            put_into_queue(run, claimed=True)
        first = store.start(QUICK, OTHER)
        second = store.start(QUICK, OWNER)
        third = store.start(QUICK, OWNER)
        takes = speed_of_reference.seconds(QUICK)
        assert seconds_until_start(long, speed_of_reference) is None
        assert [
            seconds_until_start(run, speed_of_reference) for run in (first, second, third)
        ] == pytest.approx([30, 30 + takes, 30 + 2 * takes])
