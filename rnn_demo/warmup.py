"""What a server does once, when it starts, while its first visitor's browser loads the page."""

import gc
import os
import socket
import stat
import threading
from importlib import import_module
from pathlib import Path

# Everything heavy that any page imports, what the first page needs being first.
_HEAVY = ("torch", "pandas", "plotly.graph_objects", "rnn_demo.training.checkpoint")


def warm_up() -> threading.Thread:
    """Import what is heavy, then keep it out of the garbage collector's way.

    Streamlit collects garbage after every rerun; with torch, pandas and Plotly among the
    objects to look at, that takes ten times as long as the rerun itself.
    """
    # A reading is a chain of small products: on two cores, a second thread makes it a hundred
    # times slower. In this way it holds for every thread, `torch.set_num_threads` does not.
    os.environ["OMP_NUM_THREADS"] = "1"
    send_at_once()
    thread = threading.Thread(target=_import_and_freeze, daemon=True)
    thread.start()
    return thread


def _import_and_freeze() -> None:
    for name in _HEAVY:
        import_module(name)
    gc.collect()
    gc.freeze()


def send_at_once() -> None:
    """Switch Nagle's algorithm off on all of this process's TCP sockets.

    It holds a small message back until the browser has acknowledged the one before, which takes
    40 ms and more. asyncio switches it off by itself, but not on a socket like Streamlit's, whose
    protocol number was left to the system. A connection made later has what the socket has that
    the server listens on. Does nothing where there is no /dev/fd (Windows).
    """
    folder = Path("/dev/fd")
    for number in [int(path.name) for path in folder.iterdir()] if folder.is_dir() else []:
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                _switch_off_nagle(number)
        except OSError:
            continue  # closed meanwhile


def _switch_off_nagle(descriptor: int) -> None:
    with socket.socket(fileno=os.dup(descriptor)) as copy:
        internet = copy.family in (socket.AF_INET, socket.AF_INET6)
        if internet and copy.type == socket.SOCK_STREAM:
            copy.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
