"""Files that other processes read at the same time, and that may be damaged."""

import contextlib
import errno
import json
import os
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from filelock import Timeout

from rnn_demo.messages import CodedError, InputError, Message, StorageError

MAX_FILE_BYTES = 2**26  # larger than any file of a run becomes
RETRY_LIMIT_S = 0.5

_RETRY_PERIOD_S = 0.02
# What may be over in an instant: on Windows somebody else has the file open, such as a virus
# scanner, and on a network share the server has lost sight of it.
_PASSING = frozenset(
    {errno.EACCES, errno.EPERM, errno.EBUSY, errno.EAGAIN, errno.EIO, errno.EINTR, errno.ETIMEDOUT}
    | {getattr(errno, "ESTALE", errno.EBUSY), getattr(errno, "ETXTBSY", errno.EBUSY)}
)
# What systems answer that cannot sync the names in a folder: Windows opens none, and network
# shares and the volumes of containers refuse in many words.
_NO_FOLDER_SYNC = frozenset(
    {errno.EACCES, errno.EPERM, errno.EBADF, errno.EINVAL, errno.ENOSYS, errno.ENOTTY}
    | {errno.EISDIR, errno.ENOTSUP, errno.EOPNOTSUPP}
)

T = TypeVar("T")


class MissingFileError(StorageError, FileNotFoundError):
    """A file is not there."""


class UnreadableError(InputError):
    """A file is there, and cannot be read just now."""


def retried(action: Callable[[], T]) -> T:
    """Do something with a file again and again while an error may be over in an instant.

    Raises:
        OSError: the first error of another kind, or the last one after `RETRY_LIMIT_S`.
    """
    deadline = time.monotonic() + RETRY_LIMIT_S
    while True:
        try:
            return action()
        except OSError as error:
            if error.errno not in _PASSING or time.monotonic() >= deadline:
                raise
        time.sleep(_RETRY_PERIOD_S)


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
        retried(lambda: temporary.replace(path))
        if sync:
            _sync_names(path.parent)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def write_json(path: Path, value: dict[str, Any], *, sync: bool = True) -> None:
    """Replace a file by a dictionary as JSON, in one step; see `write_whole`."""
    text = json.dumps(value, indent=2) + "\n"
    write_whole(path, lambda temporary: temporary.write_text(text, encoding="utf-8"), sync=sync)


def overwrite_json(path: Path, value: dict[str, Any]) -> None:
    """Write a dictionary into an existing small file, which works even on a full disk.

    Raises:
        OSError: the file does not exist or cannot be written.
    """
    with retried(lambda: path.open("r+", encoding="utf-8")) as file:
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
        UnreadableError: it cannot be read just now.
        InputError: it is not a regular file of a reasonable size, or cannot be read.
    """
    try:
        return retried(lambda: _content(path, start))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MissingFileError("files.missing", name=path.name) from error
    except OSError as error:
        kind = UnreadableError if error.errno in _PASSING else InputError
        raise kind("files.unreadable", name=path.name, reason=describe_os_error(error)) from error


def _content(path: Path, start: int) -> bytes:
    # Follow no link out of the folder and wait for no pipe; Windows has neither flag.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    flags |= getattr(os, "O_BINARY", 0)
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


def describe_os_error(error: OSError) -> Message:
    """What went wrong with a file, without its path."""
    if isinstance(error, CodedError):
        return error.message
    if isinstance(error, Timeout):
        return Message("files.locked")
    if is_disk_full(error):
        return Message("files.disk_full")
    return Message("files.other", {"reason": (error.strerror or str(error)).removesuffix(".")})


def is_disk_full(error: OSError) -> bool:
    """Whether a file could not be written for lack of space."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def _sync(file: Path) -> None:
    """Wait until the content of a file is on the disk."""
    _fsync(file, os.O_RDWR)


def _sync_names(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, on systems that can."""
    try:
        _fsync(folder, os.O_RDONLY)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise


def _fsync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
