"""Start runs, list them, and clean up after them."""

import secrets
import shutil
import time
from pathlib import Path

from rnn_demo.formats.files import write_json
from rnn_demo.runs import layout, queue
from rnn_demo.runs.errors import storage_errors
from rnn_demo.runs.layout import root
from rnn_demo.runs.queue import advance
from rnn_demo.runs.records import write_name
from rnn_demo.runs.retention import end_runs_without_visitor, remove_old_runs
from rnn_demo.runs.run import TIME_FORMAT, Run, Snapshot, snapshots
from rnn_demo.settings import SETTINGS
from rnn_demo.training.recipe import Recipe

__all__ = [
    "Run",
    "Snapshot",
    "advance",
    "look_after",
    "root",
    "runs_of",
    "snapshots",
    "snapshots_of",
    "start",
]


def start(recipe: Recipe, owner: str, name: str = "") -> Run:
    """Start a run in a process of its own, or queue it if the machine is busy.

    Args:
        recipe: what to train.
        owner: the visitor, as 16 to 64 hexadecimal digits.
        name: what the visitor calls it; may be empty.

    Raises:
        InputError: the name is not valid, or too many runs wait.
        ValueError: owner is something else, or a setting of the machine is wrong.
        StorageError: the folder cannot be written.
    """
    name = layout.check_name(name)
    moment = time.strftime(TIME_FORMAT, time.gmtime())
    run = Run(layout.owner_folder(owner) / f"{moment}-{secrets.token_hex(4)}")
    with storage_errors(), queue.lock():
        try:
            _write_new(run, recipe, name, _next_number(run.folder.parent))
            queue.enter(run.folder)
        except (OSError, ValueError):
            shutil.rmtree(run.folder, ignore_errors=True)
            raise
    advance()
    return run


def runs_of(owner: str) -> list[Run]:
    """The runs that a visitor may see, newest first: their own, or all if they are shared.

    Args:
        owner: the visitor, as 16 to 64 hexadecimal digits.

    Raises:
        ValueError: owner is something else.
    """
    own = layout.owner_folder(owner)
    owners = layout.owner_folders() if SETTINGS.shared.read() else [own]
    found = [Run(folder) for each in owners for folder in layout.run_folders(each)]
    return sorted(found, key=lambda run: run.id, reverse=True)


def snapshots_of(owner: str) -> list[Snapshot]:
    """Snapshots of the runs that a visitor may see, newest first; see `runs_of`."""
    return snapshots(runs_of(owner))


def look_after() -> None:
    """Remove what nobody needs and start what is next in the queue: a task for a quiet moment.

    Raises:
        ValueError: a setting of the machine is wrong.
        StorageError: the folder of all runs cannot be read or written.
    """
    if not root().is_dir():
        return  # nobody has trained here
    with storage_errors():
        end_runs_without_visitor()
        remove_old_runs()
        advance()


def _write_new(run: Run, recipe: Recipe, name: str, number: int) -> None:
    (run.folder / "checkpoints").mkdir(parents=True)
    write_json(run.folder / "recipe.json", recipe.to_json())
    write_name(run.folder, name, number)


def _next_number(folder: Path) -> int:
    """The number of a visitor's next run: no other run that they can see has it.

    Args:
        folder: of the visitor.
    """
    numbers = [Run(each).number() or 0 for each in layout.run_folders(folder)]
    return 1 + max([len(numbers), *numbers])
