"""What the disk objects to, as a message for the visitor."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import Timeout

from rnn_demo.messages import CodedError, Message, StorageError

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def os_error_message(error: OSError) -> Message:
    """What went wrong with a file, without its path."""
    if isinstance(error, CodedError):
        return error.message
    if isinstance(error, Timeout):
        return Message("runs.busy")
    if error.errno in _DISK_FULL:
        return Message("runs.disk_full")
    return Message("runs.os_error", {"reason": error.strerror or str(error)})


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turn errors of the operating system into ones that a visitor may see.

    Raises:
        StorageError: a file could not be read, written or removed.
    """
    try:
        yield
    except StorageError:
        raise
    except OSError as error:
        message = os_error_message(error)
        raise StorageError(message.code, **message.values) from error
