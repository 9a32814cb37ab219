"""The queue of runs: first come, first served, `RNN_DEMO_MAX_RUNS` at a time.

`queue` in the folder of all runs holds an empty file for each run that waits or trains, named by
the time at which it was entered; that of a run whose worker was started ends in `.claimed`. Code
that adds, starts or removes runs holds the lock beside them, so that no run is started twice, not
even by two servers on the same folder. How many wait is counted from these names alone.
"""

import contextlib
import logging
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from rnn_demo.formats.files import describe_os_error, retried
from rnn_demo.messages import InputError
from rnn_demo.runs.layout import is_run, root
from rnn_demo.runs.records import read_recipe, recipe_arguments
from rnn_demo.runs.state import (
    ACTIVE,
    Claim,
    read_claim,
    read_facts,
    state_of,
    status_of,
    write_claim,
)
from rnn_demo.settings import SETTINGS

MAX_WAITING_RUNS = 5  # of one visitor
MAX_QUEUE_LENGTH = 200  # runs of all visitors; every new cookie makes a new visitor
LOCK_TIMEOUT_S = 20.0

_LOG = logging.getLogger(__name__)
_CLAIMED = ".claimed"
_ENTRY = re.compile(r"\d{20}\.([0-9a-f]{16,64})\.([0-9A-Za-z_-]{1,64})(\.claimed)?")


@dataclass(frozen=True)
class Entry:
    """A file in the queue.

    Attributes:
        path: of the file.
        folder: of the run.
        claimed: a worker was started for it.
    """

    path: Path
    folder: Path
    claimed: bool


def lock() -> FileLock:
    """The lock to hold while runs are added, started or removed."""
    return FileLock(_folder() / ".lock", timeout=LOCK_TIMEOUT_S)


def entries() -> list[Entry]:
    """All entries of the queue, the oldest first."""
    with contextlib.suppress(OSError):
        paths = retried(lambda: sorted(_folder().iterdir()))
        found = [(path, _ENTRY.fullmatch(path.name)) for path in paths]
        return [
            Entry(path, root() / name[1] / name[2], claimed=name[3] is not None)
            for path, name in found
            if name
        ]
    return []


def waiting() -> list[Path]:
    """The folders of the runs that wait, the next one first."""
    return [entry.folder for entry in entries() if not entry.claimed]


def enter(folder: Path) -> None:
    """Put a run at the end of the queue; hold the lock.

    Args:
        folder: of the run.

    Raises:
        InputError: too many runs wait, of its visitor or of all.
        OSError: the disk cannot be written to.
    """
    queued = waiting()
    if len(queued) >= MAX_QUEUE_LENGTH:
        raise InputError("runs.queue_full", n=len(queued))
    n_own = sum(other.parent == folder.parent for other in queued)
    if n_own >= MAX_WAITING_RUNS:
        raise InputError("runs.too_many_waiting", n=n_own)
    leave(folder)  # its entry of an earlier attempt
    (_folder() / f"{time.time_ns():020}.{folder.parent.name}.{folder.name}").touch()


def leave(folder: Path) -> None:
    """Remove the entries of a run; hold the lock."""
    for entry in entries():
        if entry.folder == folder:
            _remove(entry.path)


def advance() -> None:
    """Start the runs whose turn it is.

    Raises:
        ValueError: `RNN_DEMO_MAX_RUNS` is not a number.
        OSError: the folder of all runs cannot be written to.
    """
    if not waiting():
        return
    with contextlib.suppress(Timeout), lock().acquire():
        _advance()


def _advance() -> None:
    """Start the runs whose turn it is, and remove the entries of those that are over."""
    max_runs, n_training, queued = SETTINGS.max_runs.read(), 0, []
    for entry in entries():
        if not entry.claimed:
            queued.append(entry)
            continue
        facts = read_facts(entry.folder, queued=False)
        if facts.unreadable or state_of(facts) in ACTIVE:
            n_training += 1
        else:
            _remove(entry.path)
    for entry in queued:
        if n_training >= max_runs:
            return
        if not is_run(entry.folder):
            _remove(entry.path)
        elif _start(entry):
            n_training += 1


def _start(entry: Entry) -> bool:
    """Start the worker of a run; False if that fails, which frees its place."""
    folder, claim = entry.folder, Claim(time.time_ns())
    path = entry.path
    try:
        write_claim(folder, claim)
        # Before the process exists: were this server killed here, no second worker could start.
        path = retried(lambda: entry.path.rename(path.with_name(path.name + _CLAIMED)))
        _spawn(folder, claim)
    except OSError as error:
        problem = describe_os_error(error)
        _LOG.error("A training cannot begin: %s", problem)
        with contextlib.suppress(OSError):  # the folder may be unwritable, or the disk full
            write_claim(folder, replace(claim, over=True, problem=problem))
        _remove(path)
        return False
    _LOG.info("A training begins: %s", _description(folder))
    return True


def _spawn(folder: Path, claim: Claim) -> None:
    """Start the process that trains a run, and a thread that waits for its end."""
    # One thread a run: two beside a browser on two cores are many times slower than one.
    environment = os.environ | {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    # The worker has another working folder.
    environment[SETTINGS.data_folder.name] = str(SETTINGS.data_folder.read().absolute())
    with retried(lambda: (folder / "worker.log").open("a")) as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "rnn_demo.runs.worker", folder.absolute()],
            cwd=Path(__file__).parents[2],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # Ctrl-C in the server's terminal leaves its runs alone. They stay in its session:
            # Linux may share the processor out by session, and is only polite within one.
            process_group=0,
        )
    threading.Thread(target=_wait, args=(folder, process.wait, claim), daemon=True).start()


def _wait(folder: Path, wait: Callable[[], object], claim: Claim) -> None:
    """Wait for a worker to end, so that it leaves no zombie, and start the next one.

    Args:
        folder: of its run.
        wait: returns when the process has ended.
        claim: that the process was started for.
    """
    wait()
    # Whatever goes wrong here, the next look at the queue meets again.
    with contextlib.suppress(OSError, ValueError):
        with lock():
            if read_claim(folder) == claim:  # no other worker was started since
                write_claim(folder, replace(claim, over=True))
        status = status_of(read_facts(folder, queued=False))
        _LOG.info("A training is %s%s", status.state, f": {status.message}" * bool(status.message))
    with contextlib.suppress(OSError, ValueError):
        advance()


def _description(folder: Path) -> str:
    """What a run trains, without saying whose it is: for the log."""
    with contextlib.suppress(ValueError):
        return ", ".join(recipe_arguments(read_recipe(folder))) or "the tutorial's recipe"
    return "its recipe cannot be read"


def _remove(path: Path) -> None:
    """Remove an entry; a folder in its place stays, and is passed over."""
    with contextlib.suppress(OSError):
        retried(path.unlink)


def _folder() -> Path:
    return root() / "queue"
