"""No Nagle's algorithm: a small message is sent at once.

Gains time to join: the algorithm holds a small message back until the browser has acknowledged the
one before, which takes 40 ms and more. Without this module, thirty visitors who come at once wait
1.2 times as long for their first page (0.9 to 1.3 in seven pairs, on loopback); an answer takes as
long as with it. asyncio switches the algorithm off by itself, but not on a socket like Streamlit's,
whose protocol number was left to the system.
"""

import os
import socket
import stat
from pathlib import Path


def disable_nagle() -> None:
    """Set TCP_NODELAY on all of this process's TCP sockets.

    A connection made later inherits it from the socket that the server listens on. Does nothing
    where there is no /dev/fd (Windows).
    """
    folder = Path("/dev/fd")
    for number in [int(path.name) for path in folder.iterdir()] if folder.is_dir() else []:
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                _set_no_delay(number)
        except OSError:
            continue  # closed meanwhile


def _set_no_delay(descriptor: int) -> None:
    with socket.socket(fileno=os.dup(descriptor)) as copy:
        internet = copy.family in (socket.AF_INET, socket.AF_INET6)
        if internet and copy.type == socket.SOCK_STREAM:
            copy.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
