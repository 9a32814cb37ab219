"""The state of a run: a table of what lies on disk, and how that is read."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from rnn_demo.messages import Message
from rnn_demo.runs import state
from rnn_demo.runs.run import Run
from rnn_demo.runs.state import (
    ACTIVE,
    START_LIMIT_S,
    Claim,
    Facts,
    Status,
    is_locked,
    lock_of,
    read_status,
    state_of,
    status_of,
    write_claim,
    write_status,
)
from tests.example_runs import claim, put_run

CLAIM = Claim(7)
PROBLEM = Message("files.disk_full")
BEFORE = START_LIMIT_S - 1
AFTER = START_LIMIT_S + 1


def said(name: state.State, moment: int = CLAIM.moment) -> Status:
    """What a worker wrote that works for a claim."""
    return Status(name, claim=moment)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # Never started.
        (Facts(queued=True), "queued"),
        (Facts(), "interrupted"),
        # Started; the worker has not written a status.
        (Facts(claim=CLAIM, claim_age=BEFORE), "starting"),
        (Facts(claim=CLAIM, claim_age=-BEFORE), "starting"),
        (Facts(claim=CLAIM, claim_age=AFTER), "interrupted"),
        (Facts(claim=CLAIM, claim_age=-AFTER), "interrupted"),
        (Facts(claim=CLAIM, claim_age=AFTER, locked=True), "starting"),
        (Facts(claim=Claim(7, over=True), claim_age=BEFORE), "interrupted"),
        (Facts(claim=Claim(7, over=True), claim_age=BEFORE, locked=True), "starting"),
        (Facts(claim=Claim(7, over=True, problem=PROBLEM), claim_age=BEFORE), "failed"),
        (Facts(claim=Claim(7, over=True, problem=PROBLEM), locked=True), "failed"),
        # The worker is alive.
        (Facts(claim=CLAIM, locked=True, status=said("starting")), "starting"),
        (Facts(claim=CLAIM, locked=True, status=said("running")), "running"),
        (Facts(claim=CLAIM, locked=True, status=said("paused")), "paused"),
        (Facts(claim=CLAIM, locked=True, status=said("finished")), "finished"),
        # The worker is gone.
        (Facts(claim=CLAIM, claim_age=BEFORE, status=said("starting")), "interrupted"),
        (Facts(claim=CLAIM, status=said("running")), "interrupted"),
        (Facts(claim=CLAIM, status=said("paused")), "paused"),
        (Facts(claim=CLAIM, status=said("finished")), "finished"),
        (Facts(claim=CLAIM, status=said("stopped")), "stopped"),
        (Facts(claim=CLAIM, status=said("failed")), "failed"),
        # Resumed: it waits, whatever an earlier worker wrote.
        (Facts(queued=True, claim=CLAIM, status=said("paused")), "queued"),
        (Facts(queued=True, claim=CLAIM, status=said("running")), "queued"),
        (Facts(queued=True, claim=Claim(7, over=True, problem=PROBLEM)), "queued"),
        (Facts(queued=True, damaged=True), "queued"),
        # Resumed and started; the last status is that of an earlier worker.
        (Facts(claim=CLAIM, claim_age=BEFORE, status=said("paused", 6)), "starting"),
        (
            Facts(claim=CLAIM, claim_age=AFTER, locked=True, status=said("failed", 6)),
            "starting",
        ),
        (Facts(claim=CLAIM, claim_age=AFTER, status=said("paused", 6)), "interrupted"),
        (Facts(claim=CLAIM, claim_age=AFTER, status=said("failed", 6)), "interrupted"),
        (
            Facts(claim=Claim(7, over=True, problem=PROBLEM), status=said("paused", 6)),
            "failed",
        ),
        # The last status cannot be read.
        (Facts(damaged=True), "failed"),
        (Facts(damaged=True, claim=CLAIM, claim_age=AFTER), "failed"),
        (Facts(damaged=True, claim=Claim(7, over=True), claim_age=BEFORE), "failed"),
        (Facts(damaged=True, claim=CLAIM, claim_age=BEFORE), "starting"),
        (Facts(damaged=True, claim=CLAIM, claim_age=AFTER, locked=True), "starting"),
        # The claim cannot be read: the last status counts.
        (Facts(locked=True, status=said("running")), "running"),
        (Facts(status=said("running")), "interrupted"),
        (Facts(status=said("paused")), "paused"),
    ],
)
def test_the_state_follows_from_what_lies_on_disk(facts, expected):
    assert state_of(facts) == expected
    assert status_of(facts).state == expected


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        (Facts(status=Status("failed", message=PROBLEM)), PROBLEM),
        (Facts(claim=Claim(7, over=True, problem=PROBLEM)), PROBLEM),
        (Facts(damaged=True), Message("files.damaged", {"name": "status.json"})),
        # A failure of an earlier attempt is over.
        (Facts(queued=True, status=Status("failed", message=PROBLEM)), None),
        (Facts(claim=CLAIM, status=Status("failed", message=PROBLEM)), None),
    ],
)
def test_a_failed_run_says_why_and_no_other_does(facts, message):
    assert status_of(facts).message == message


def test_a_stage_is_that_of_the_worker_that_starts():
    said = Status("starting", stage=Message("runs.loading_mnist"), claim=7, progress=0.5)
    assert status_of(Facts(claim=CLAIM, locked=True, status=said)).stage == said.stage
    resumed = status_of(Facts(claim=Claim(8), locked=True, status=said))
    assert (resumed.state, resumed.stage, resumed.progress) == ("starting", None, 0.5)


# Reading it


@pytest.fixture
def run(tmp_path) -> Run:
    return put_run(tmp_path, "1", "paused")


def test_a_status_comes_back_as_it_was_written(run):
    status = Status(
        "failed",
        attempts=3,
        claim=4,
        n_commands=5,
        epoch=2,
        progress=0.5,
        images_per_second=9.0,
        seconds=1.5,
        loss=0.1,
        accuracy=99.0,
        learning_rate=0.001,
        test_accuracy=98.0,
        message=Message("runs.unexpected", {"error": "KeyError", "reason": "'x'"}),
    )
    write_status(run.folder, status)
    assert run.status() == status
    assert json.loads((run.folder / "status.json").read_text())["message"] == {
        "code": "runs.unexpected",
        "values": {"error": "KeyError", "reason": "'x'"},
    }


def test_a_loss_may_be_as_large_as_a_float(run):
    """A loss that grows without bound is still reported."""
    write_status(run.folder, Status("finished", loss=float(np.finfo(np.float32).max)))
    assert run.status().state == "finished"


@pytest.mark.parametrize("name", ["queued", "interrupted", "surprised"])
def test_a_state_that_no_worker_writes_is_damage(run, name):
    written = Status("paused").to_json() | {"state": name}
    (run.folder / "status.json").write_text(json.dumps(written))
    assert read_status(run.folder) is None
    assert run.status().state == "failed"


@pytest.mark.parametrize("name", ACTIVE)
def test_without_a_worker_a_run_is_interrupted(run, name):
    written = Status(name, progress=0.5)
    write_status(run.folder, written)
    with lock_of(run.folder):
        assert run.status() == written
        assert is_locked(run.folder)
    assert (run.folder / "worker.lock").exists()  # left over, and harmless
    assert run.status() == dataclasses.replace(written, state="interrupted")
    assert not is_locked(run.folder)


def test_between_its_start_and_its_lock_a_run_is_starting_but_not_for_ever(run, monkeypatch):
    """The server may have been killed before it had made the process."""
    claim(run)
    assert run.status().state == "starting"
    monkeypatch.setattr(state, "START_LIMIT_S", 0.0)
    assert run.status().state == "interrupted"


def test_a_damaged_claim_leaves_the_last_status(run):
    claim(run)
    (run.folder / "claim.json").write_text('{"moment": "yesterday"}')
    assert run.status().state == "paused"


def test_a_look_at_a_run_makes_no_file(run):
    write_status(run.folder, Status("running"))
    before = sorted(run.folder.rglob("*"))
    assert run.status().state == "interrupted"
    assert sorted(run.folder.rglob("*")) == before


def test_a_status_written_during_the_look_counts(run, monkeypatch):
    """The worker ends between the look at its status and the look at its lock."""
    write_status(run.folder, Status("running"))

    def ends(folder: Path) -> bool:
        write_status(folder, Status("finished"))
        return False

    monkeypatch.setattr(state, "is_locked", ends)
    assert run.status().state == "finished"


def test_a_claim_comes_back_as_it_was_written(run):
    for written in (Claim(5), Claim(6, over=True, problem=PROBLEM)):
        write_claim(run.folder, written)
        assert state.read_claim(run.folder) == written


@pytest.mark.parametrize(
    "message",
    [
        "The disk is full.",
        {"code": "runs.surprise", "values": {}},
        {"code": "runs.unexpected", "values": {}},
        {"code": "runs.unexpected", "values": {"error": "\ud800", "reason": ""}},
        {"code": "runs.queue_full", "values": {"n": [1]}},
    ],
)
def test_a_message_that_cannot_be_shown_is_damage(run, message):
    written = Status("failed").to_json() | {"message": message}
    (run.folder / "status.json").write_text(json.dumps(written))
    assert read_status(run.folder) is None
