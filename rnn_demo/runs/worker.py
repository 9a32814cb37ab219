"""The process in which one run trains.

Its lock comes first, before PyTorch: within an instant all can see that the run has a worker.
"""

import contextlib
import os
import re
import sys
from dataclasses import replace
from pathlib import Path

from filelock import Timeout

from rnn_demo.formats.files import describe_os_error
from rnn_demo.runs.state import lock_of, read_status, write_last_status, write_status

_OOM_SCORE = Path("/proc/self/oom_score_adj")  # of Linux
_NICENESS = 19  # all there is where no process can be idle
_PATIENCE = 5  # seconds for the lock: somebody may look at it in this instant


def main(folder: Path) -> None:
    """Work on the run in a folder, unless another worker does already.

    Whatever goes wrong becomes one sentence in the run's status.
    """
    give_way()
    with contextlib.suppress(Timeout), lock_of(folder).acquire(timeout=_PATIENCE):
        if read_status(folder).state != "starting":
            return  # another worker has done it meanwhile
        try:
            _work(folder)
        except Exception as error:
            status = replace(read_status(folder), state="failed", message=_sentence(error))
            write_last_status(folder, status)
            raise  # into the log


def give_way() -> None:
    """Let the pages come first: from now on this process takes what they leave.

    An idle process of Linux makes room at once; one that is merely nice first runs to the end of
    its turn, which is some milliseconds, and a page waits for many such turns.
    """
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    if hasattr(os, "SCHED_IDLE"):
        with contextlib.suppress(OSError):  # a host may forbid it
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    # Where memory runs out, it is this process that goes.
    with contextlib.suppress(OSError):
        _OOM_SCORE.write_text("1000")


def _work(folder: Path) -> None:
    write_status(folder, replace(read_status(folder), stage="Loading PyTorch"))
    from rnn_demo.runs.attempt import Life

    Life(folder).live()


def _sentence(error: Exception) -> str:
    """What went wrong, for the visitor."""
    if isinstance(error, OSError):
        return str(describe_os_error(error))
    if isinstance(error, (FloatingPointError, ValueError)):
        return str(error)
    # PyTorch's own, on a CPU and on a GPU, are RuntimeErrors.
    if isinstance(error, MemoryError) or re.search("allocate memory|out of memory", str(error)):
        return "There is not enough memory to train this."
    return f"The training broke off with a {type(error).__name__}: {error}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    # All is written. To take PyTorch down in good order would cost a second and 90 MB.
    os._exit(0)
