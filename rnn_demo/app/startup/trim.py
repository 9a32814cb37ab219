"""Free memory goes back to the operating system, where the C library is glibc.

Gains memory after visitors have left: the C library keeps what Python frees, in case it is needed
again.
"""

import ctypes
from contextlib import suppress


def trim() -> None:
    """Give the C library's free memory back."""
    # Fails where there is no C library (Windows), or one without this function (macOS, musl).
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
