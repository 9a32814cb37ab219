"""Old runs go: by age, and by how much room all of them take."""

import contextlib
import logging
import os
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from rnn_demo.runs.layout import all_homes, remove, runs_in, sweep
from rnn_demo.runs.state import read_status
from rnn_demo.settings import SETTINGS

_LOG = logging.getLogger(__name__)
_DAY = 86_400  # seconds


@dataclass(frozen=True)
class _Found:
    folder: Path
    size: int  # bytes
    used: float  # when something in it was last written, seconds since 1970


def clean_up() -> None:
    """Remove old runs, never one that waits or trains; hold the queue's lock.

    Others go `RNN_DEMO_KEEP_DAYS` after they were last written to. While all runs together still
    take more than `RNN_DEMO_KEEP_MB`, the oldest run of the visitor who has most of that goes: so
    nobody can drive out what others have learnt.

    Raises:
        ValueError: one of these settings is not a number.
    """
    oldest = time.time() - SETTINGS.keep_days.read() * _DAY
    most = SETTINGS.keep_mb.read() * 1_000_000
    found = [_look(folder) for home in all_homes() for folder in runs_in(home)]
    sizes = Counter[Path]()  # of all that each visitor has
    for run in found:
        sizes[run.folder.parent] += run.size
    for run in found:
        if run.used < oldest and _remove(run):
            sizes[run.folder.parent] -= run.size
    left = sorted((run for run in found if run.folder.is_dir()), key=lambda run: run.used)
    while left and sizes.total() > most:
        run = max(left, key=lambda run: sizes[run.folder.parent])  # the first, that is the oldest
        left.remove(run)
        if _remove(run):
            sizes[run.folder.parent] -= run.size
    for home in all_homes():
        sweep(home)


def _remove(run: _Found) -> bool:
    """Remove a run unless it waits or trains; whether it is gone."""
    status = read_status(run.folder)
    if status.active or status.state == "queued":
        return False
    try:
        remove(run.folder)
    except OSError:
        return False
    _LOG.info("An old run is removed: %.1f MB", run.size / 1e6)
    return True


def _look(folder: Path) -> _Found:
    """Size and age of a run; what goes away meanwhile is passed over."""
    size, used = 0, 0.0
    for parent, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                found = Path(parent, name).lstat()
                size, used = size + found.st_size, max(used, found.st_mtime)
    return _Found(folder, size, used)
