"""The lease of a visitor who cannot come back: their browser stores nothing.

Nobody else can see their runs, so these end with the visitor's session. A server renews the lease,
a file in the visitor's folder, as long as it has the session; any server ends and removes the runs
of a lease that has run out. Visitors who can come back have none.
"""

import contextlib
import os
import time
from pathlib import Path

from rnn_demo.runs.layout import LEASE, owner_folder

# Streamlit keeps a session for 120 s after its connection was lost, so a short loss of the network
# ends nothing; and servers renew leases every 30 s.
LEASE_S = 180.0


def renew(owner: str) -> None:
    """Begin or renew the lease of a visitor; nothing if they have no folder yet.

    Args:
        owner: the visitor, as 16 to 64 hexadecimal digits.
    """
    now = time.time()
    with contextlib.suppress(OSError):  # the next time may go better, well within the lease
        path = file_of(owner_folder(owner))
        path.touch()
        os.utime(path, (now, now))  # by this clock, not by that of a file server


def is_running(owner: str) -> bool:
    """Whether a visitor has a lease that has not run out."""
    folder = owner_folder(owner)
    return file_of(folder).exists() and not has_run_out(folder)


def has_run_out(folder: Path) -> bool:
    """Whether a visitor had a lease that nobody has renewed.

    Args:
        folder: of the visitor.
    """
    try:
        return time.time() - file_of(folder).lstat().st_mtime > LEASE_S
    except OSError:
        return False


def file_of(folder: Path) -> Path:
    """The file of a lease, whose time is when it was last renewed.

    Args:
        folder: of the visitor.
    """
    return folder / LEASE
