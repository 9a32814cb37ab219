"""Few memory arenas: all threads share two pools of memory, where the C library is glibc.

Gains memory: otherwise each of the many threads that run scripts gets a pool of its own, and what
one visitor leaves in it is not used again for another.
"""

import ctypes
from contextlib import suppress

MAX_ARENAS = 2
_M_ARENA_MAX = -8  # as <malloc.h> has it


def limit_arenas() -> None:
    """Limit the arenas that threads started from now on may make."""
    # Fails where there is no C library (Windows), or one without arenas (macOS, musl).
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, MAX_ARENAS)
