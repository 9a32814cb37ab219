"""Runs of visitors who cannot come back end with their session."""

import json
import os
import time
from pathlib import Path

import pytest

from rnn_demo.app import visitor
from rnn_demo.runs import lease, store
from rnn_demo.runs.state import lock_of
from tests.example_runs import put_into_queue, put_run, training_run, write_status

PASSING, LASTING = "0" * 16, "f" * 16

pytestmark = pytest.mark.usefixtures("runs_folder")


def let_pass(owner: str, seconds: float) -> None:
    """Let time pass since a lease was renewed."""
    moment = time.time() - seconds
    os.utime(lease.file_of(store.root() / owner), (moment, moment))


def left() -> list[str]:
    return sorted(path.parent.name for path in store.root().glob("*/*/recipe.json"))


def test_runs_go_with_the_lease_of_their_visitor_and_no_other(monkeypatch):
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "1")
    for owner in (PASSING, LASTING):
        for state in ("finished", "paused", "interrupted", "queued"):
            put_run(store.root() / owner, f"{owner[0]}-{state}", state)
    lease.renew(PASSING)
    with training_run(LASTING):  # so the others wait
        let_pass(PASSING, lease.LEASE_S - 10)  # a short loss of the network
        store.look_after()
        assert len(left()) == 9
        let_pass(PASSING, lease.LEASE_S + 10)
        store.look_after()
        assert left() == ["busy", "f-finished", "f-interrupted", "f-paused", "f-queued"]
    assert not (store.root() / PASSING).exists()


def test_a_run_that_trains_is_stopped_first():
    run = put_run(store.root() / PASSING, "trains", "running")
    put_into_queue(run, claimed=True)
    lease.renew(PASSING)
    let_pass(PASSING, lease.LEASE_S + 10)
    with lock_of(run.folder):
        store.look_after()
        (command,) = (run.folder / "commands.jsonl").read_text().splitlines()
        assert json.loads(command)["action"] == "stop"
        assert left() == ["trains"]
    write_status(run, "stopped")
    store.look_after()
    assert left() == []


def test_a_lease_is_renewed_while_the_visitor_is_connected(monkeypatch):
    """After a server was away for an hour, too: the visitor's page has come back first."""
    put_run(store.root() / PASSING, "waits", "paused")
    lease.renew(PASSING)
    let_pass(PASSING, 3600)
    connected = {"a session"}
    monkeypatch.setattr(visitor, "_passing", {"a session": PASSING})
    monkeypatch.setattr(visitor, "_is_connected", connected.__contains__)
    visitor.renew_leases()
    store.look_after()
    assert left() == ["waits"]
    connected.clear()
    let_pass(PASSING, lease.LEASE_S + 10)
    visitor.renew_leases()
    store.look_after()
    assert left() == []
    assert visitor._passing == {}


def test_runs_that_everybody_sees_need_no_visitor(monkeypatch):
    put_run(store.root() / PASSING, "paused", "paused")
    lease.renew(PASSING)
    let_pass(PASSING, lease.LEASE_S + 10)
    monkeypatch.setenv("RNN_DEMO_SHARED", "1")
    store.look_after()
    assert left() == ["paused"]


def test_a_visitor_without_runs_gets_neither_a_folder_nor_a_lease(runs_folder: Path):
    lease.renew(PASSING)
    assert not (runs_folder / PASSING).exists()
    (runs_folder / PASSING).mkdir(parents=True)
    lease.renew(PASSING)
    store.look_after()
    assert not (runs_folder / PASSING).exists()


@pytest.mark.hostile("the run folder read-only, when a lease is renewed")
def test_a_lease_that_cannot_be_written_stops_nothing(runs_folder: Path):
    runs_folder.mkdir()
    (runs_folder / PASSING).touch()
    lease.renew(PASSING)
    assert not lease.is_running(PASSING)
