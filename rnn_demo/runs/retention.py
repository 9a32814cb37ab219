"""Removal of runs: by age, by the space that all take, and of visitors who cannot come back."""

import contextlib
import logging
import os
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from rnn_demo.messages import CodedError
from rnn_demo.runs import lease, queue
from rnn_demo.runs.layout import owner_folders, remove, run_folders, sweep
from rnn_demo.runs.run import Run
from rnn_demo.runs.state import ACTIVE, read_facts, state_of
from rnn_demo.settings import SETTINGS

_LOG = logging.getLogger(__name__)
_DAY_S = 86_400
_MEGABYTE = 1_000_000  # bytes


@dataclass(frozen=True)
class _Run:
    folder: Path
    size: int  # bytes
    last_write: float  # to any of its files, seconds since 1970


def remove_old_runs() -> None:
    """Remove old runs, never one that waits or trains.

    A run goes `RNN_DEMO_KEEP_DAYS` after its last write. While all runs together take more than
    `RNN_DEMO_KEEP_MB`, the visitor whose runs take most loses the oldest: so nobody can drive out
    the runs of others. This walks the folders of all visitors, so it is for a quiet moment.

    Raises:
        ValueError: one of these settings is not a number.
        OSError: the queue cannot be locked.
    """
    oldest = time.time() - SETTINGS.keep_days.read() * _DAY_S
    limit = SETTINGS.keep_mb.read() * _MEGABYTE
    found = [_look(folder) for owner in owner_folders() for folder in run_folders(owner)]
    sizes = Counter[Path]()  # bytes, by visitor
    for run in found:
        sizes[run.folder.parent] += run.size
    for run in found:
        if run.last_write < oldest and _remove(run):
            sizes[run.folder.parent] -= run.size
    left = sorted((run for run in found if run.folder.is_dir()), key=lambda run: run.last_write)
    while left and sizes.total() > limit:
        # The first run of the visitor with most, which is the oldest.
        run = max(left, key=lambda run: sizes[run.folder.parent])
        left.remove(run)
        if _remove(run):
            sizes[run.folder.parent] -= run.size
    with queue.lock():
        for owner in owner_folders():
            sweep(owner)


def end_runs_without_visitor() -> None:
    """End and remove the runs of visitors whose lease has run out.

    A worker first ends its batch: its run is removed the next time. Runs that every visitor sees
    have no need of their own.
    """
    if SETTINGS.shared.read():
        return
    for owner in owner_folders():
        if lease.has_run_out(owner):
            for folder in run_folders(owner):
                with contextlib.suppress(CodedError):  # it still trains, or a file is in use
                    run = Run(folder)
                    run.stop()
                    run.delete()


def _remove(run: _Run) -> bool:
    """Remove a run unless it waits or trains; whether it is gone."""
    with queue.lock():
        facts = read_facts(run.folder, queued=run.folder in queue.waiting())
        if facts.queued or facts.unreadable or state_of(facts) in ACTIVE:
            return False
        try:
            remove(run.folder)
        except OSError:
            return False
    _LOG.info("An old run is removed: %.1f MB", run.size / _MEGABYTE)
    return True


def _look(folder: Path) -> _Run:
    """The size and age of a run; files that vanish meanwhile are left out."""
    size, last_write = 0, 0.0
    for parent, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                found = Path(parent, name).lstat()
                size, last_write = size + found.st_size, max(last_write, found.st_mtime)
    return _Run(folder, size, last_write)
