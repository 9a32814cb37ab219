"""Files that other processes read at the same time, and that may be damaged."""

import errno
import json
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from filelock import Timeout

from rnn_demo.messages import CodedError, InputError, Message, StorageError

MAX_FILE_BYTES = 2**26  # larger than any file of a run becomes


class MissingFileError(StorageError, FileNotFoundError):
    """A file is not there."""


def write_whole(path: Path, write: Callable[[Path], object], *, sync: bool = True) -> None:
    """Replace a file in one step: a reader sees the old content or the new, never a part.

    Args:
        path: the file.
        write: fills the temporary file whose path it gets.
        sync: wait until the data is on the disk, so that even a power failure leaves the old
            content or the new.

    Raises:
        OSError: the file cannot be written; the old content is still there.
    """
    # Two threads may write the same file, so each has a temporary file of its own.
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        write(temporary)
        if sync:
            _sync(temporary)
        temporary.replace(path)
        if sync:
            _sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def write_json(path: Path, value: dict[str, Any], *, sync: bool = True) -> None:
    """Replace a file by a dictionary as JSON, in one step; see `write_whole`."""
    text = json.dumps(value, indent=2) + "\n"
    write_whole(path, lambda temporary: temporary.write_text(text, encoding="utf-8"), sync=sync)


def overwrite_json(path: Path, value: dict[str, Any]) -> None:
    """Write a dictionary into an existing small file, which works even on a full disk.

    Raises:
        OSError: the file does not exist or cannot be written.
    """
    with path.open("r+", encoding="utf-8") as file:
        file.write(json.dumps(value, indent=2) + "\n")
        file.truncate()


def read_json(path: Path) -> dict[str, Any]:
    """The dictionary in a JSON file.

    Raises:
        MissingFileError: the file does not exist.
        InputError: it does not hold a JSON object.
    """
    try:
        value = json.loads(read_bytes(path))
    except InputError:
        raise
    except (ValueError, RecursionError) as error:
        raise InputError("files.damaged", name=path.name) from error
    if not isinstance(value, dict):
        raise InputError("files.not_an_object", name=path.name)
    return value


def read_bytes(path: Path, start: int = 0) -> bytes:
    """The content of a file that anyone may have put there.

    Args:
        path: the file.
        start: the first byte to read.

    Raises:
        MissingFileError: the file does not exist.
        InputError: it is not a regular file of a reasonable size, or cannot be read.
    """
    # Follow no link out of the folder and wait for no pipe; Windows has neither flag.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    flags |= getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
        try:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_FILE_BYTES:
                raise InputError("files.not_regular", name=path.name)
            os.lseek(descriptor, start, os.SEEK_SET)
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                return file.read()
        finally:
            os.close(descriptor)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MissingFileError("files.missing", name=path.name) from error
    except OSError as error:
        reason = describe_os_error(error)
        raise InputError("files.unreadable", name=path.name, reason=reason) from error


def describe_os_error(error: OSError) -> Message:
    """What went wrong with a file, without its path."""
    if isinstance(error, CodedError):
        return error.message
    if isinstance(error, Timeout):
        return Message("files.locked")
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Message("files.disk_full")
    return Message("files.other", {"reason": (error.strerror or str(error)).removesuffix(".")})


def _sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot sync a folder
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
