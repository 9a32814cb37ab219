"""Where runs are: a folder for each visitor, and in it one for each run."""

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from rnn_demo.settings import SETTINGS

_OWNER = re.compile(r"[0-9a-f]{16,64}")
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_REMOVED = ".removed-"


def root() -> Path:
    """The folder of all runs."""
    return SETTINGS.runs_folder.read()


def home_of(owner: str) -> Path:
    """The folder of a visitor.

    Args:
        owner: the visitor, as 16 to 64 hexadecimal digits.

    Raises:
        ValueError: owner is nothing of the kind.
    """
    if not _OWNER.fullmatch(owner):
        raise ValueError("owner must be 16 to 64 hexadecimal digits.")
    return root() / owner


def all_homes() -> list[Path]:
    """The folders of all visitors."""
    return [path for path in _folders_in(root()) if _OWNER.fullmatch(path.name)]


def runs_in(home: Path) -> list[Path]:
    """The folders of a visitor's runs; a folder with neither recipe nor status is none."""
    return [path for path in _folders_in(home) if _looks_like_run(path)]


def is_run(folder: Path) -> bool:
    """Whether a path is the folder of a run, damaged or not; a link to one is not."""
    return folder.is_dir() and not folder.is_symlink() and _looks_like_run(folder)


def _looks_like_run(folder: Path) -> bool:
    """Whether a folder has the name and one of the files of a run."""
    return bool(_ID.fullmatch(folder.name)) and any(
        os.path.lexists(folder / name) for name in ("status.json", "recipe.json")
    )


def remove(folder: Path) -> None:
    """Remove the folder of a run, for all who look at the same instant.

    Raises:
        OSError: it cannot be removed.
    """
    gone = folder.with_name(_REMOVED + folder.name)
    folder.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def sweep(home: Path) -> None:
    """Remove what is left of runs whose removal broke off, and a visitor's empty folder."""
    for gone in _folders_in(home):
        if gone.name.startswith(_REMOVED):
            shutil.rmtree(gone, ignore_errors=True)
    with contextlib.suppress(OSError):
        home.rmdir()


def _folders_in(folder: Path) -> Iterator[Path]:
    """The folders in a folder, links left out; none where there is no such folder."""
    if folder != root() and folder.is_symlink():
        return
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield folder / entry.name
