"""What a server does by itself: heavy imports, at times when nobody waits for it, and tidying up.

torch and pandas take longer to import than all else between `streamlit run` and the first page.
So that page does without them: `streamlit_app`, `pages.toy` and what they import when they are
imported themselves are light, and show a picture that lies ready (`first_picture`). What computes
is heavy: `lab`, and all that builds on it. A light module imports a heavy one inside the function
that needs it. Once the first page stands, all that is heavy is imported in the background; who
needs it earlier, for an edit or a link, waits for it.
"""

import asyncio
import ctypes
import gc
import logging
import os
import socket
import stat
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import cache
from importlib import import_module
from pathlib import Path

from streamlit.runtime import get_instance

# In the order in which a visitor may ask for them: an edit, a section under the picture, a page.
_HEAVY = (
    "rnn_demo.inside.payload",
    "rnn_demo.app.inside.sections",
    "rnn_demo.training.checkpoint",
)
# Seconds from the end of the first page's script: the browser is still drawing then, and asks
# this process for the files it needs for it.
_PAUSE = 1.0
_TIDY_UP_EVERY = 30.0  # seconds
_M_ARENA_MAX = -8  # as <malloc.h> has it
_LOG = logging.getLogger(__name__)


def prepare() -> None:
    """Set up the process, before there is a visitor."""
    # A reading is a chain of small products: on two cores, a second thread makes it a hundred
    # times slower. In this way it holds for every thread, `torch.set_num_threads` does not.
    os.environ["OMP_NUM_THREADS"] = "1"
    keep_few_arenas()
    send_at_once()
    write_log()


@cache
def warm_up() -> threading.Thread:
    """Import all that is heavy, once and beside everything else, when the first page stands.

    It is then kept out of the garbage collector's way: Streamlit collects garbage after every
    rerun, and with torch, pandas and Plotly among the objects to look at, that takes ten times
    as long as the rerun itself.
    """
    thread = threading.Timer(_PAUSE, _import_and_freeze)
    thread.daemon = True
    thread.start()
    return thread


def _import_and_freeze() -> None:
    for name in _HEAVY:
        import_module(name)
    gc.collect()
    gc.freeze()
    _LOG.info("All is imported")


@asynccontextmanager
async def housekeeping(_: object) -> AsyncIterator[None]:
    """As long as the server runs: forget who has left, and throw away what they had."""
    tidying = asyncio.create_task(_tidy_up_for_ever())
    yield
    tidying.cancel()


async def _tidy_up_for_ever() -> None:
    while True:
        await asyncio.sleep(_TIDY_UP_EVERY)
        _forget_who_left()
        await asyncio.to_thread(_tidy_up)
        await asyncio.to_thread(_look_after_runs)


def _forget_who_left() -> None:
    """Drop the sessions that Streamlit keeps no longer for a visitor who may come back.

    It does so by itself only when the next visitor leaves; thirty who were the last ones keep
    60 MB. Asked for their number, its storage lets go of them. For the thread of the event loop.
    """
    with suppress(AttributeError, RuntimeError):  # it is not part of Streamlit's interface
        len(get_instance()._session_mgr._session_storage._cache)  # type: ignore[attr-defined]


def _tidy_up() -> None:
    """Look for garbage, and give memory that is free back to the system.

    Streamlit would look for garbage after every rerun, which takes longer than most reruns, and
    Python by itself only when there is a quarter more than before: until then the garbage keeps
    files open, each thread of a rerun having had an event loop of its own.
    """
    gc.collect()
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def _look_after_runs() -> None:
    """Start runs whose turn it is and remove old ones: there may be no visitor who would."""
    from rnn_demo.runs import store

    try:
        store.look_after()
    except (OSError, ValueError) as error:
        _LOG.error("The runs cannot be looked after: %s", error)


def write_log() -> None:
    """Let the app tell on the standard error what happens: a line an event, without saying who."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log = logging.getLogger("rnn_demo")
    log.addHandler(handler)
    log.setLevel(logging.INFO)


def keep_few_arenas() -> None:
    """Let all threads share two pools of memory, where the C library is glibc.

    Otherwise each of the many threads that run scripts gets a pool of its own, and what visitors
    leave behind is not used again by others: 30 MB after thirty visitors.
    """
    # Not where there is no C library to be asked so (Windows), or another one (macOS, musl).
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)


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
