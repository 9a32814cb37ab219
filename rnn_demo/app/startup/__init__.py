"""What the server does by itself: set up its process, import ahead of need, keep house.

Each trick is a module of this package, which says what it gains. `tests/bench/startup.py` measures
the server with and without each of them.
"""

import asyncio
import logging
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

from rnn_demo.app.link_panel import network_origin
from rnn_demo.app.startup import collector, heavy_imports, nagle
from rnn_demo.app.visitor import renew_leases

HOUSEKEEPING_PERIOD_S = 30.0
# From the end of the first page's script: the browser is still drawing then, and asks this
# process for the files it needs for it.
WARM_UP_DELAY_S = 1.0
_LOG = logging.getLogger(__name__)


def prepare() -> None:
    """Set up the process, before there is a visitor."""
    # Reading a digit is a chain of small products: on two cores, a second thread makes it a
    # hundred times slower. Unlike `torch.set_num_threads`, this holds for every thread.
    os.environ["OMP_NUM_THREADS"] = "1"
    nagle.disable_nagle()
    write_log()
    if origin := network_origin():
        _LOG.info("Address for other devices in the same network: %s", origin)


@cache
def warm_up() -> threading.Thread:
    """Start the thread that imports all heavy modules, once, after the first page."""
    thread = threading.Timer(WARM_UP_DELAY_S, _warm_up)
    thread.daemon = True
    thread.start()
    return thread


def _warm_up() -> None:
    heavy_imports.import_all()
    collector.freeze()
    _LOG.info("All modules are imported")


@asynccontextmanager
async def housekeeping(_: object) -> AsyncIterator[None]:
    """As long as the server runs: collect garbage, and look after the runs."""
    task = asyncio.create_task(_keep_house())
    yield
    task.cancel()


async def _keep_house() -> None:
    while True:
        await asyncio.sleep(HOUSEKEEPING_PERIOD_S)
        await asyncio.to_thread(collector.collect)
        await asyncio.to_thread(renew_leases)
        await asyncio.to_thread(_look_after_runs)


def _look_after_runs() -> None:
    """Start runs whose turn it is and remove old ones, even if no visitor opens a page."""
    from rnn_demo.runs import store

    try:
        store.look_after()
    except (OSError, ValueError) as error:
        _LOG.error("The runs cannot be looked after: %s", error)


def write_log() -> None:
    """Write the app's log to the standard error, a line an event; it names no visitor."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log = logging.getLogger("rnn_demo")
    log.addHandler(handler)
    log.setLevel(logging.INFO)
