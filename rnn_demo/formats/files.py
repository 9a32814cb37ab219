"""Files that others read at the same time, and that anyone may have damaged."""

import errno
import json
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from filelock import Timeout

_LARGEST = 2**26  # bytes; more than any file of a run grows to


def write_whole(path: Path, write: Callable[[Path], object], *, sync: bool = True) -> None:
    """Let `write` fill a file beside `path`, then give it that name.

    A reader sees the old file or the new one, never a part.

    Args:
        path: the file.
        write: fills the file it is given.
        sync: wait until the disk has it, so that not even a power cut leaves a part.

    Raises:
        OSError: the file cannot be written; the old one is still there.
    """
    # Two threads may write the same file, each its own part.
    partial = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        write(partial)
        if sync:
            _sync(partial)
        partial.replace(path)
        if sync:
            _sync(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def write_json(path: Path, value: dict[str, Any], *, sync: bool = True) -> None:
    """Write a dictionary as JSON, all of it or nothing; see `write_whole`."""
    text = json.dumps(value, indent=2) + "\n"
    write_whole(path, lambda partial: partial.write_text(text, encoding="utf-8"), sync=sync)


def overwrite_json(path: Path, value: dict[str, Any]) -> None:
    """Write a dictionary over a small file, which takes no new room on a full disk.

    Raises:
        OSError: the file is not there, or cannot be written.
    """
    with path.open("r+", encoding="utf-8") as file:
        file.write(json.dumps(value, indent=2) + "\n")
        file.truncate()


def read_json(path: Path) -> dict[str, Any]:
    """Read a dictionary from JSON.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it holds no JSON dictionary.
    """
    try:
        value = json.loads(read_bytes(path))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path.name} is damaged.") from error
    if not isinstance(value, dict):
        raise ValueError(f"{path.name} should hold a JSON object.")
    return value


def read_bytes(path: Path, start: int = 0) -> bytes:
    """Read a file that may have been put there by anyone.

    Args:
        path: the file.
        start: the first byte to read.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is no plain file of a reasonable size, or cannot be read.
    """
    # No link is followed out of the folder, and no pipe waited for; Windows has neither flag.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    flags |= getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
        try:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode) or found.st_size > _LARGEST:
                raise ValueError(f"{path.name} is not a plain file of a reasonable size.")
            os.lseek(descriptor, start, os.SEEK_SET)
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                return file.read()
        finally:
            os.close(descriptor)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileNotFoundError(f"{path.name} is missing.") from error
    except OSError as error:
        raise ValueError(f"{path.name} cannot be read: {describe_os_error(error)}") from error


def describe_os_error(error: OSError) -> str:
    """What went wrong with a file, in one sentence without its path."""
    if isinstance(error, Timeout):
        return "Others are starting or removing runs just now: try again in a moment."
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "The disk is full."
    return f"{error.strerror}." if error.strerror else str(error)


def _sync(path: Path) -> None:
    """Wait until the disk has a file, or the names in a folder."""
    if os.name == "nt" and path.is_dir():
        return  # Windows syncs no folders
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
