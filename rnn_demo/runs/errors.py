"""Errors of the disk, as ones that a visitor may see."""

from collections.abc import Iterator
from contextlib import contextmanager

from rnn_demo.formats.files import describe_os_error
from rnn_demo.messages import StorageError


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turn errors of the operating system into ones that a visitor may see.

    Raises:
        StorageError: a file could not be read, written or removed.
    """
    try:
        yield
    except OSError as error:
        message = describe_os_error(error)
        raise StorageError(message.code, **message.values) from error
