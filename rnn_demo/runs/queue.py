"""Whose turn it is to train: first come, first served, `RNN_DEMO_MAX_RUNS` at a time.

`queue` in the folder of all runs holds an empty file for every run that waits or trains, named
by when its turn was asked for. Who starts or removes runs holds the lock beside them, so that
two threads, or two servers on the same folder, never start one twice.
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
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from rnn_demo.formats.files import describe_os_error
from rnn_demo.runs.commands import forget_action
from rnn_demo.runs.layout import is_run, root
from rnn_demo.runs.records import read_recipe
from rnn_demo.runs.state import Status, read_status, write_last_status, write_status
from rnn_demo.settings import SETTINGS
from rnn_demo.training.wording import summary

MAX_WAITING = 5  # runs of one visitor in the queue
MAX_IN_QUEUE = 200  # runs of all visitors: a new cookie makes a new visitor

_LOG = logging.getLogger(__name__)
_PATIENCE = 20.0  # seconds to wait for others who add, start or remove runs
_ENTRY = re.compile(r"\d{20}\.([0-9a-f]{16,64})\.([0-9A-Za-z_-]{1,64})")


def lock() -> FileLock:
    """The lock to hold while runs are added, started or removed."""
    return FileLock(_folder() / ".lock", timeout=_PATIENCE)


def enter(folder: Path, status: Status) -> None:
    """Put a run at the end of the queue; hold the lock.

    Args:
        folder: of the run.
        status: how far it is.

    Raises:
        ValueError: its visitor, or all together, have as many waiting as may.
        OSError: the disk cannot be written to.
    """
    queued = waiting()
    if len(queued) >= MAX_IN_QUEUE:
        raise ValueError(f"The queue is full ({len(queued)} runs): try again later.")
    own = [other for other in queued if other.parent == folder.parent]
    if len(own) >= MAX_WAITING:
        raise ValueError(
            f"{len(own)} of your runs are waiting already: withdraw one, or wait for its turn."
        )
    leave(folder)  # its entry of an earlier life
    (_folder() / f"{time.time_ns():020}.{folder.parent.name}.{folder.name}").touch()
    write_status(folder, replace(status, state="queued", stage="", message=""))


def leave(folder: Path) -> None:
    """Take a run out of the queue; hold the lock."""
    for entry, entered in _entries():
        if entered == folder:
            _forget(entry)


def holds(folder: Path) -> bool:
    """Whether a run waits, or trains after having waited."""
    return any(entered == folder for _, entered in _entries())


def waiting() -> list[Path]:
    """The folders of the runs that wait, the next one first."""
    return [folder for _, folder in _entries() if read_status(folder).state == "queued"]


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
    """Start the runs whose turn it is, and forget those that are over; hold the lock."""
    n_training, queued = 0, []
    for entry, folder in _entries():
        status = read_status(folder)
        if status.active:
            n_training += 1
        elif status.state == "queued" and is_run(folder):
            queued.append((folder, status))
        else:
            _forget(entry)
    for folder, status in queued[: max(0, SETTINGS.max_runs.read() - n_training)]:
        _start(folder, status)


def _start(folder: Path, status: Status) -> None:
    """Start the worker of a run; one that cannot be started stands in nobody's way."""
    try:
        forget_action(folder)
        write_status(folder, replace(status, state="starting"))
        _spawn(folder)
        _LOG.info("A training begins: %s", _in_words(folder))
    except OSError as error:
        _LOG.error("A training cannot begin: %s", describe_os_error(error))
        try:
            write_last_status(
                folder, replace(status, state="failed", message=str(describe_os_error(error)))
            )
        except OSError:  # its folder cannot be written to at all
            leave(folder)


def _in_words(folder: Path) -> str:
    """What a run trains, and not whose it is: for the log."""
    with contextlib.suppress(ValueError):
        return summary(read_recipe(folder))
    return "its recipe cannot be read"


def _spawn(folder: Path) -> None:
    written = _written(folder)
    # One thread a run: two beside a browser on two cores are many times slower than one.
    environment = os.environ | {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    # The worker has a working folder of its own.
    environment[SETTINGS.data_folder.name] = str(SETTINGS.data_folder.read().absolute())
    with (folder / "worker.log").open("a") as log:
        log.write(time.strftime("started %Y-%m-%d %H:%M:%S UTC\n", time.gmtime()))
        log.flush()
        process = subprocess.Popen(
            [sys.executable, "-m", "rnn_demo.runs.worker", folder.absolute()],
            cwd=Path(__file__).parents[2],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # An interrupted server leaves its runs alone. They stay in its session: Linux may
            # share the processor out by session, and is then only polite within one.
            process_group=0,
        )
    arguments = (folder, process.wait, written)
    threading.Thread(target=_wait, args=arguments, daemon=True).start()


def _wait(folder: Path, wait: Callable[[], int], written: int) -> None:
    """Wait for a worker to end, so that it leaves no zombie, and let the next one begin.

    Args:
        folder: of its run.
        wait: returns when it has ended.
        written: when the status was written with which it was started.
    """
    wait()
    # What goes wrong here is told to whoever asks next.
    with contextlib.suppress(OSError, ValueError):
        if _written(folder) == written:  # it died before it had said a word
            write_last_status(folder, replace(read_status(folder), state="interrupted"))
        status = read_status(folder)
        _LOG.info("A training is %s%s", status.state, status.message and f": {status.message}")
        advance()


def _written(folder: Path) -> int:
    return (folder / "status.json").stat().st_mtime_ns


def _entries() -> list[tuple[Path, Path]]:
    """Each file in the queue with the folder of its run, in the order they came in."""
    with contextlib.suppress(OSError):
        found = [(path, _ENTRY.fullmatch(path.name)) for path in sorted(_folder().iterdir())]
        return [(path, root().joinpath(*name.groups())) for path, name in found if name]
    return []


def _forget(entry: Path) -> None:
    """Remove an entry; something else of its name stays, and is passed over."""
    with contextlib.suppress(OSError):
        entry.unlink()


def _folder() -> Path:
    return root() / "queue"
