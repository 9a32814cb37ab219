"""Old runs go: by age, and by how much room all of them take."""

import contextlib
import logging
import os
import time
from dataclasses import dataclass
from pathlib import Path

from rnn_demo.training.folder.homes import all_homes, remove, runs_in, sweep
from rnn_demo.training.folder.status import read_status
from rnn_demo.training.settings import keep_days, keep_mb

_LOG = logging.getLogger(__name__)
_DAY = 86_400  # seconds


@dataclass(frozen=True)
class _Found:
    folder: Path
    ended: bool
    size: int  # bytes
    used: float  # when something in it was last written, seconds since 1970


def clean_up() -> None:
    """Remove old runs, never one that waits or trains; hold the queue's lock.

    Ended runs go `RNN_DEMO_KEEP_DAYS` after they were last written to. If all runs together
    still take more than `RNN_DEMO_KEEP_MB`, the oldest of those that do not train go first.

    Raises:
        ValueError: one of these settings is not a number.
    """
    oldest, most = time.time() - keep_days() * _DAY, keep_mb() * 1_000_000
    found = [_look(folder) for home in all_homes() for folder in runs_in(home)]
    total = sum(run.size for run in found)
    for run in sorted(found, key=lambda run: run.used):
        if (run.ended and run.used < oldest) or total > most:
            total -= _remove(run)
    for home in all_homes():
        sweep(home)


def _remove(run: _Found) -> int:
    """Remove a run unless it waits or trains; the bytes that became free."""
    status = read_status(run.folder)
    if status.active or status.state == "queued":
        return 0
    with contextlib.suppress(OSError):
        remove(run.folder)
        _LOG.info("An old run is removed: %.1f MB", run.size / 1e6)
        return run.size
    return 0


def _look(folder: Path) -> _Found:
    """Size and age of a run; what goes away meanwhile is passed over."""
    size, used = 0, 0.0
    for parent, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                found = Path(parent, name).lstat()
                size, used = size + found.st_size, max(used, found.st_mtime)
    return _Found(folder, read_status(folder).ended, size, used)
