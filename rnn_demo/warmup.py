"""What a server does once: heavy imports, at times when nobody waits for it."""

import gc
import os
import socket
import stat
import threading
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path

# What the first page needs is imported while its browser still starts; all else that any page
# imports must wait until that page stands, or it would take the processor from it.
_FIRST = ("torch", "rnn_demo.lab")
_LATER = ("pandas", "plotly.graph_objects", "rnn_demo.training.checkpoint")


def warm_up() -> threading.Thread:
    """Begin to import what the first page needs, when the server starts."""
    # A reading is a chain of small products: on two cores, a second thread makes it a hundred
    # times slower. In this way it holds for every thread, `torch.set_num_threads` does not.
    os.environ["OMP_NUM_THREADS"] = "1"
    send_at_once()
    return _in_background(_import, _FIRST)


@cache
def warm_up_the_rest() -> threading.Thread:
    """Begin, once, to import what the other pages need, when the first page stands.

    All of it is then kept out of the garbage collector's way: Streamlit collects garbage after
    every rerun, and with torch, pandas and Plotly among the objects to look at, that takes ten
    times as long as the rerun itself.
    """
    return _in_background(_import_and_freeze, _LATER)


def _in_background(work: Callable[[Sequence[str]], None], names: Sequence[str]) -> threading.Thread:
    thread = threading.Thread(target=work, args=(names,), daemon=True)
    thread.start()
    return thread


def _import(names: Sequence[str]) -> None:
    for name in names:
        import_module(name)


def _import_and_freeze(names: Sequence[str]) -> None:
    _import(names)
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
