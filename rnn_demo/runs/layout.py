"""The folders and files of runs, and the writer of each file.

A run is a folder. It is all there is between the app and the process that trains, so a refreshed
browser, a second tab and a restarted server see the same run, and a killed run can be resumed.
Each file has one writer; everybody may read.

    <root>/<owner>/             writer    content
        lease                   app       empty; of a visitor who cannot come back, see `lease`
    <root>/<owner>/<run>/
        recipe.json             app       what to train, written once
        name.json               app       its number, and the name that the visitor gave it
        commands.jsonl          app       commands to the worker, one a line, only appended
        claim.json              queue     when a worker was last started, and how that went
        worker.lock             worker    locked while the worker runs
        worker.log              worker    what it prints; the queue opens it
        status.json             worker    how far it is, rewritten several times a second
        metrics.jsonl           worker    the curve, one point a line
        changes.jsonl           worker    the learning-rate changes that took effect, one a line
        checkpoints/            worker
            last.*                        the network after the last whole epoch, and its card
            training.safetensors          all that is needed to continue bit for bit
        result.json             worker    what was measured on the test images, at the end
    <root>/queue/               queue     an empty file for each run that waits or trains
        .lock                   queue     locked while runs are added, started or removed

"app" is whichever server the visitor uses. "queue" is the code in `queue.py`, in any process, while
it holds the queue's lock. "worker" is the process that holds the run's lock. The state of a run is
written nowhere: `state.state_of` computes it from these files.
"""

import contextlib
import os
import re
import shutil
import stat
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

from rnn_demo.formats.files import retried
from rnn_demo.messages import InputError
from rnn_demo.settings import SETTINGS

MAX_NAME_LENGTH = 40  # characters
LEASE = "lease"  # the name of a file, see `lease.py`

_OWNER = re.compile(r"[0-9a-f]{16,64}")
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_REMOVED_PREFIX = ".removed-"
# Categories of Unicode: control characters, halves of surrogate pairs, line and paragraph ends.
_REFUSED_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}
# Characters that reverse the text after them.
_BIDI_CONTROLS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def root() -> Path:
    """The folder of all runs."""
    return SETTINGS.runs_folder.read()


def owner_folder(owner: str) -> Path:
    """The folder of a visitor's runs.

    Args:
        owner: the visitor, as 16 to 64 hexadecimal digits.

    Raises:
        ValueError: owner is something else.
    """
    if not _OWNER.fullmatch(owner):
        raise ValueError("owner must be 16 to 64 hexadecimal digits.")
    return root() / owner


def owner_folders() -> list[Path]:
    """The folders of all visitors."""
    return [path for path in _folders_in(root()) if _OWNER.fullmatch(path.name)]


def run_folders(folder: Path) -> list[Path]:
    """The folders of a visitor's runs.

    Args:
        folder: of the visitor.
    """
    return [path for path in _folders_in(folder) if _looks_like_run(path)]


def is_run(folder: Path) -> bool:
    """Whether a path is the folder of a run, damaged or not. A link to one does not count.

    A file that cannot be looked at just now counts: it is there.
    """
    return _is_there(folder, stat.S_ISDIR) and _looks_like_run(folder)


def weights_of(folder: Path) -> Path:
    """The network of a run after its last whole epoch; not there during the first one."""
    return folder / "checkpoints" / "last.safetensors"


def remove(folder: Path) -> None:
    """Remove the folder of a run; for everybody else it is gone in one instant.

    Raises:
        OSError: it cannot be removed.
    """
    removed = folder.with_name(_REMOVED_PREFIX + folder.name)
    folder.rename(removed)
    shutil.rmtree(removed, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Finish removals that broke off, and remove the folder of a visitor without runs.

    Hold the queue's lock.

    Args:
        folder: of the visitor.
    """
    for removed in _folders_in(folder):
        if removed.name.startswith(_REMOVED_PREFIX):
            shutil.rmtree(removed, ignore_errors=True)
    with contextlib.suppress(OSError):
        if not run_folders(folder):
            (folder / LEASE).unlink(missing_ok=True)
        folder.rmdir()


def check_name(name: str) -> str:
    """The name of a run without the spaces around it; it may be empty.

    Raises:
        InputError: it is too long or contains control characters.
    """
    name = name.strip()
    if len(name) > MAX_NAME_LENGTH:
        raise InputError("runs.name_too_long", limit=MAX_NAME_LENGTH, n=len(name))
    for character in name:
        if (
            unicodedata.category(character) in _REFUSED_CATEGORIES
            or unicodedata.bidirectional(character) in _BIDI_CONTROLS
        ):
            raise InputError("runs.control_characters")
    return name


def _looks_like_run(folder: Path) -> bool:
    """Whether a folder has the name and one of the files of a run."""
    return bool(_ID.fullmatch(folder.name)) and any(
        _is_there(folder / name) for name in ("recipe.json", "status.json")
    )


def _is_there(path: Path, is_kind: Callable[[int], bool] = lambda _: True) -> bool:
    """Whether something of a kind is at a path, by its mode; what cannot be looked at is there."""
    try:
        return is_kind(retried(path.lstat).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True


def _folders_in(folder: Path) -> Iterator[Path]:
    """The folders in a folder, without links; nothing if it does not exist."""
    if folder != root() and folder.is_symlink():
        return
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield folder / entry.name
