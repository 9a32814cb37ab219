"""Runs with real worker processes."""

import dataclasses
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from rnn_demo.data import source
from rnn_demo.data.digits import as_float
from rnn_demo.messages import Message, StorageError
from rnn_demo.runs import store
from rnn_demo.runs.state import Status, read_claim, write_status
from rnn_demo.training import checkpoint, data
from rnn_demo.training.evaluate import accuracy, measure
from rnn_demo.training.loop import Training
from rnn_demo.training.metrics import N_SAMPLE_DIGITS
from rnn_demo.training.recipe import Change, Recipe
from tests.example_runs import claim, put_run

OWNER = "0123456789abcdef"
QUICK = Recipe(fraction=0.02, n_neurons=20, epochs=3)
LONG = Recipe(fraction=0.5, n_neurons=150, epochs=50)

pytestmark = pytest.mark.usefixtures("runs_folder")


def test_a_run_trains_beats_chance_and_leaves_its_folder(without_mnist, wait_for, workers):
    recipe = Recipe(data="synthetic", n_neurons=100, epochs=4, learning_rate=0.002, validation=500)
    run = store.start(recipe, OWNER, "My first")
    assert run.status().state == "starting"
    assert not run.snapshot().has_network
    stages = []
    status = wait_for(run, lambda status: stages.append(status.stage) or status.ended)
    assert Message("runs.loading_pytorch") in stages
    assert Message("runs.making_digits") in stages
    assert status.state == "finished"
    assert status.progress == 1
    assert status.epoch == 4
    assert status.seconds > 0
    # Four short epochs on synthetic digits; guessing gets 10, measured 84.
    assert status.test_accuracy > 70
    assert run.snapshot().recipe == recipe
    assert run.snapshot().name == "My first"
    ends = [point for point in run.points() if point["epoch_done"]]
    assert [end["epoch"] for end in ends] == [1, 2, 3, 4]
    assert ends[-1]["validation_accuracy"] > 70
    assert ends[-1]["validation_loss"] < ends[0]["validation_loss"]
    # 11,500 images in 180 batches of 64: the formula divides 64 x 179 into them.
    for end in ends:
        assert end["tutorial_accuracy"] == pytest.approx(end["accuracy"] * 11_500 / (64 * 179))
    model, card = checkpoint.load(run.weights)
    test = source.load("synthetic", "test")
    result = run.snapshot().result
    assert card.test_accuracy == status.test_accuracy == result.accuracy
    assert accuracy(model, test) == pytest.approx(status.test_accuracy)
    assert result == measure(model, test)
    assert run.damage() == []
    wait_until_gone(run, workers)


def test_a_run_reports_the_answers_to_the_sample_digits(quick_data, wait_for):
    run = store.start(QUICK, OWNER)
    wait_for(run, lambda status: status.ended)
    model, _ = checkpoint.load(run.weights)
    logits = model(
        torch.from_numpy(as_float(data.load(QUICK).test.images[:N_SAMPLE_DIGITS]))
    ).detach()
    assert run.points()[-1]["answers"] == logits.argmax(1).tolist()
    assert run.points()[-1]["confidence"] == pytest.approx(logits.softmax(1).amax(1).tolist())


def test_a_run_that_is_stopped_keeps_its_network(quick_data, wait_for):
    run = store.start(LONG, OWNER)
    status = wait_for(run, lambda status: status.progress > 0)
    assert status.images_per_second > 0
    assert status.seconds_left > 0
    run.stop()
    status = wait_for(run, lambda status: status.ended)
    assert status.state == "stopped"
    assert 0 < status.progress < 1
    assert status.test_accuracy > 0
    assert run.snapshot().has_network
    assert run.snapshot().result.accuracy == status.test_accuracy
    assert not status.resumable


def test_a_run_that_was_paused_and_killed_ends_as_if_nothing_had_been(
    quick_data, wait_for, workers, tmp_path
):
    """Paused in epoch 1, its learning rate changed twice, killed in epoch 2: the same bytes."""
    recipe = dataclasses.replace(
        LONG, fraction=0.15, epochs=3, augmentation=0.3, schedule="one_cycle"
    )
    run = store.start(recipe, OWNER)
    wait_for(run, lambda status: status.progress > 0.05)
    run.change_learning_rate(0.004)
    wait_for(run, lambda _: run.snapshot().changes)
    run.pause()
    paused = wait_for(run, lambda status: status.state == "paused")
    wait_until_gone(run, workers)
    assert 0 < paused.progress < 1 / 3
    points = run.points()
    run.change_learning_rate(0.002)
    run.resume()
    wait_for(run, lambda status: status.active and status.progress > 0.4)
    (pid,) = workers(run.folder)
    os.kill(pid, signal.SIGKILL)
    interrupted = wait_for(run, lambda status: not status.active)
    assert interrupted.state == "interrupted"
    assert 0.4 < interrupted.progress < 1
    run.resume()
    status = wait_for(run, lambda status: status.ended)
    assert status.state == "finished"
    assert status.attempts == 3
    assert status.seconds > interrupted.seconds > paused.seconds > 0

    assert [change.learning_rate for change in run.snapshot().changes] == [0.004, 0.002]
    loaded = data.load(recipe)
    training = Training(recipe, loaded.train, run.snapshot().changes)
    for _ in training.events():
        pass
    expected = tmp_path / "expected.safetensors"
    checkpoint.save(expected, training.model, checkpoint.card_of(recipe, loaded))
    assert run.weights.read_bytes() == expected.read_bytes()

    assert run.points()[: len(points)] == points
    epochs = [point["epoch"] for point in run.points()]
    assert epochs == sorted(epochs)
    assert [point["epoch"] for point in run.points() if point["epoch_done"]] == [1, 2, 3]


def wait_until_gone(run: store.Run, workers) -> None:
    deadline = time.monotonic() + 30
    while workers(run.folder):
        assert time.monotonic() < deadline, "the worker is still there"


def test_a_run_killed_before_its_first_checkpoint_begins_again(quick_data, wait_for, workers):
    run = store.start(LONG, OWNER)
    wait_for(run, lambda status: status.state == "running")
    os.kill(workers(run.folder)[0], signal.SIGKILL)
    wait_for(run, lambda status: status.state == "interrupted")
    assert not run.snapshot().has_network
    before = run.points()
    run.resume()
    wait_for(run, lambda status: status.state == "running")
    assert not [point for point in before if point in run.points()]


def test_a_worker_killed_while_it_starts_is_noticed_at_once(quick_data, wait_for, workers):
    run = store.start(LONG, OWNER)
    wait_for(run, lambda status: status.stage == Message("runs.loading_pytorch"))
    os.kill(workers(run.folder)[0], signal.SIGKILL)
    wait_for(run, lambda status: status.state == "interrupted", seconds=20)


def test_a_damaged_checkpoint_ends_the_run_and_leaves_its_network(quick_data, wait_for):
    """To start again would overwrite an intact network."""
    run = store.start(QUICK, OWNER)
    wait_for(run, lambda status: status.ended)
    weights, points = run.weights.read_bytes(), run.points()
    other = Training(dataclasses.replace(QUICK, optimizer="sgd"), data.load(QUICK).train)
    next(other.events())
    state = {name: value for name, value in other.state().items() if name != "sums"}
    save_file(state, run.folder / "checkpoints" / "training.safetensors")
    write_status(run.folder, Status("paused", claim=read_claim(run.folder).moment))
    run.resume()
    status = wait_for(run, lambda status: status.ended)
    assert status.state == "failed"
    assert status.message == Message("runs.checkpoint_damaged")
    assert run.weights.read_bytes() == weights
    assert run.points() == points


def test_what_a_killed_worker_left_half_written_goes_when_the_next_one_begins(quick_data, wait_for):
    run = store.start(QUICK, OWNER)
    wait_for(run, lambda status: status.ended)
    checkpoints = run.folder / "checkpoints"
    partials = [checkpoints / name for name in (".training.safetensors.123.456", ".tmpA1b2C3")]
    for partial in partials:  # ours, and what the library of safetensors writes first
        partial.write_bytes(b"half")
    write_status(run.folder, Status("paused", claim=read_claim(run.folder).moment))
    run.resume()
    wait_for(run, lambda status: status.ended)
    assert not any(partial.exists() for partial in partials)


def test_a_worker_looks_for_mnist_where_its_server_does(
    strokes_as_mnist, runs_folder, wait_for, tmp_path, monkeypatch
):
    """Their working folders differ."""
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "digits").symlink_to(strokes_as_mnist)
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("RNN_DEMO_DATA", "digits")
    run = store.start(QUICK, OWNER)
    assert wait_for(run, lambda status: status.ended).state == "finished"


def test_a_second_worker_on_a_run_ends_at_once(quick_data, wait_for, workers):
    run = store.start(LONG, OWNER)
    wait_for(run, lambda status: status.state == "running")
    (pid,) = workers(run.folder)
    second = [sys.executable, "-m", "rnn_demo.runs.worker", run.folder.absolute()]
    done = subprocess.run(second, capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == ""
    assert workers(run.folder) == [pid]
    assert run.status().state == "running"


def test_a_worker_takes_what_the_pages_leave(quick_data, wait_for, workers):
    """Within the session of the server, which some kernels look at first."""
    run = store.start(LONG, OWNER)
    wait_for(run, lambda status: status.state == "running")
    (pid,) = workers(run.folder)
    if hasattr(os, "SCHED_IDLE"):
        assert os.sched_getscheduler(pid) == os.SCHED_IDLE
    else:
        assert os.getpriority(os.PRIO_PROCESS, pid) == 19
    if sys.platform == "linux":  # where memory runs out, it is not the server that goes
        assert Path(f"/proc/{pid}/oom_score_adj").read_text() == "1000\n"
    assert os.getsid(pid) == os.getsid(0)
    assert os.getpgid(pid) == pid  # Ctrl-C in the server's terminal is not for it
    run.stop()


@pytest.mark.parametrize("state", ["finished", "paused", "failed"])
def test_a_worker_that_comes_too_late_leaves_the_run_as_it_is(quick_data, state):
    """It had to wait for its lock until another had done the work."""
    run = store.Run(store.root() / OWNER / "1")
    (run.folder / "checkpoints").mkdir(parents=True)
    (run.folder / "recipe.json").write_text(json.dumps(QUICK.to_json()))
    claim(run)
    write_status(run.folder, Status(state, claim=read_claim(run.folder).moment))
    late = [sys.executable, "-m", "rnn_demo.runs.worker", run.folder.absolute()]
    subprocess.run(late, timeout=60, check=True)
    assert json.loads((run.folder / "status.json").read_text())["state"] == state
    assert not run.snapshot().has_network


def test_a_look_at_a_worker_that_starts_does_not_stop_it(quick_data, wait_for):
    """Reading a status takes the lock for an instant; this test reads it in a loop."""
    run = store.start(QUICK, OWNER)
    deadline = time.monotonic() + 60
    while not run.status().stage and time.monotonic() < deadline:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("rnn_demo.runs.state.START_LIMIT_S", 0.0)
            run.status()
    assert wait_for(run, lambda status: status.ended).state == "finished"


def test_a_worker_whose_server_was_killed_goes_on_to_its_end(quick_data, wait_for, workers):
    code = (
        "import sys, time; from rnn_demo.runs import store; from rnn_demo.training import recipe;"
        "run = store.start(recipe.Recipe(fraction=0.1, n_neurons=20, epochs=5), sys.argv[1]);"
        "print(run.id, flush=True); time.sleep(600)"
    )
    server = subprocess.Popen([sys.executable, "-c", code, OWNER], stdout=subprocess.PIPE)
    run = store.Run(store.root() / OWNER / server.stdout.readline().decode().strip())
    wait_for(run, lambda status: status.stage is not None)
    server.kill()
    server.wait()
    server.stdout.close()
    assert run.status().active
    (pid,) = workers(run.folder)
    store.advance()  # a new server looks around
    assert workers(run.folder) == [pid]
    status = wait_for(run, lambda status: status.ended)
    assert status.state == "finished"
    assert status.attempts == 1
    wait_until_gone(run, workers)


@pytest.mark.hostile("a loss that explodes")
def test_a_run_whose_loss_explodes_says_so(quick_data, wait_for):
    recipe = Recipe(cell="rnn_relu", learning_rate=10.0, fraction=0.05)
    status = wait_for(store.start(recipe, OWNER), lambda status: status.ended)
    assert status.state == "failed"
    assert status.message == Message("training.diverged")


def test_a_run_whose_loss_exploded_resumes_with_the_learning_rate_set_meanwhile(
    quick_data, wait_for
):
    """Its only checkpoint is of the beginning: the first step must have the new rate."""
    run = store.start(Recipe(learning_rate=10.0, cell="rnn_relu", fraction=0.05, epochs=1), OWNER)
    assert wait_for(run, lambda status: status.ended).state == "failed"
    run.change_learning_rate(0.001)
    run.resume()
    assert wait_for(run, lambda status: status.ended).state == "finished"
    assert run.snapshot().changes == (Change(0, 0.001),)


@pytest.mark.hostile("a training that takes too much memory")
@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_a_run_that_takes_too_much_memory_says_so(quick_data, runs_folder):
    """With a limit of 20 MB beside what is loaded, where a network and its batches take more."""
    recipe = Recipe(cell="lstm", n_neurons=256, num_layers=3, batch_size=85)
    run = put_run(runs_folder / OWNER, "1", "paused", recipe=recipe)
    claim(run)
    code = (
        "import sys; from pathlib import Path;"
        "from rnn_demo.runs import worker; from rnn_demo.training import resources;"
        "limit = resources.limit_memory; resources.limit_memory = lambda: limit(20 * 10**6);"
        "worker.main(Path(sys.argv[1]))"
    )
    command = [sys.executable, "-c", code, run.folder]
    subprocess.run(command, capture_output=True, timeout=120, check=False)
    assert run.status().state == "failed"
    assert run.status().message == Message("runs.out_of_memory")


def test_a_run_without_its_data_says_so(without_mnist, wait_for):
    run = store.start(QUICK, OWNER)
    status = wait_for(run, lambda status: status.ended)
    assert status.state == "failed"
    assert "MNIST" in str(status.message)


def test_an_unexpected_error_ends_the_run_with_a_message(quick_data, wait_for, workers):
    """A folder in the place of the network's file."""
    run = store.start(QUICK, OWNER)
    (run.folder / "checkpoints" / "last.safetensors" / "deep").mkdir(parents=True)
    status = wait_for(run, lambda status: status.ended)
    assert status.state == "failed"
    assert status.message == Message("files.other", {"reason": "Is a directory"})
    wait_until_gone(run, workers)
    assert "Traceback" in (run.folder / "worker.log").read_text()


# A full disk


@pytest.fixture
def small_disk(tmp_path, monkeypatch):
    """The runs on a disk of 2 MB; None where a disk cannot be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        yield None
        return
    monkeypatch.setenv("RNN_DEMO_RUNS", str(folder))
    yield folder
    for pid in pids(folder):
        os.kill(pid, signal.SIGKILL)
    subprocess.run(["umount", "-l", str(folder)], check=True)


def pids(folder: Path) -> list[int]:
    found = subprocess.run(["pgrep", "-f", str(folder)], capture_output=True, check=False)
    return [int(pid) for pid in found.stdout.split()]


def fill(folder: Path) -> Path:
    """Write until nothing goes any more."""
    ballast = folder / "ballast"
    chunk = b"x" * 512

    def write_on() -> None:
        with ballast.open("wb", buffering=0) as file:
            while True:
                file.write(chunk)

    with pytest.raises(OSError, match="No space left"):
        write_on()
    return ballast


@pytest.mark.hostile("the disk full")
def test_a_full_disk_ends_the_run_with_a_message_and_a_whole_checkpoint(
    small_disk, quick_data, wait_for, workers
):
    if small_disk is None:
        fail_at_a_limit(wait_for)
        return
    run = store.start(LONG, OWNER)
    wait_for(run, lambda _: run.snapshot().has_network)
    ballast = fill(small_disk)
    status = wait_for(run, lambda status: status.ended)
    assert status.state == "failed"
    assert status.message == Message("files.disk_full")
    assert_checkpoint_is_whole(run)
    with pytest.raises(StorageError) as error:
        store.start(LONG, OWNER)
    assert error.value.message == Message("files.disk_full")
    assert store.runs_of(OWNER) == [run]
    ballast.unlink()
    run.resume()
    wait_for(run, lambda now: now.active and now.progress > status.progress)


def test_a_file_that_cannot_grow_ends_the_run_with_a_message(quick_data, wait_for):
    fail_at_a_limit(wait_for)


def fail_at_a_limit(wait_for) -> None:
    """A worker that may write no file as large as a checkpoint."""
    run = store.start(dataclasses.replace(LONG, fraction=0.1), OWNER)
    wait_for(run, lambda _: run.snapshot().has_network)
    run.pause()
    wait_for(run, lambda status: status.state == "paused")
    claim(run)
    subprocess.run(
        [sys.executable, "-m", "rnn_demo.runs.worker", run.folder.absolute()],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert run.status().state == "failed"
    assert run.status().message == Message("files.disk_full")
    assert_checkpoint_is_whole(run)


def assert_checkpoint_is_whole(run: store.Run) -> None:
    assert run.damage() == []
    state = load_file(run.folder / "checkpoints" / "training.safetensors")
    recipe = run.snapshot().recipe
    Training(recipe, data.load(recipe).train).restore(state)
    checkpoint.load(run.weights)


# What a worker costs


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(epochs=1, fraction=0.2),
        Recipe(epochs=1, fraction=0.2, synthetic=20_000, validation=2_000),
        Recipe(epochs=1, fraction=0.2, n_neurons=256, batch_size=1_024),
        Recipe(epochs=1, fraction=0.03, n_neurons=256, batch_size=256, cell="lstm"),
        Recipe(epochs=1, fraction=0.01, n_neurons=256, batch_size=85, cell="lstm", num_layers=3),
    ],
    ids=["tutorial", "synthetic", "large", "lstm", "most-weights"],
)
def test_a_worker_stays_under_900_mb(quick_data, runs_folder, recipe):
    """From its start to the measuring at its end; the kernel keeps the peak of a dead child."""
    code = (
        "import json, resource, sys, time;"
        "from rnn_demo.runs import store; from rnn_demo.training import recipe;"
        "run = store.start(recipe.Recipe(**json.loads(sys.argv[1])), sys.argv[2])\n"
        "while not run.status().ended: time.sleep(0.2)\n"
        "while not (used := resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss): pass\n"
        "print(run.status().state, used)"
    )
    arguments = [json.dumps(recipe.to_json()), OWNER]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    state, used = done.stdout.split()
    assert state == "finished"
    assert int(used) * 1024 < 900e6
