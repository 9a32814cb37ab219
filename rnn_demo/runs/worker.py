"""The process in which one run trains.

It takes its lock first, before PyTorch: so everybody sees at once that the run has a worker.
"""

import contextlib
import os
import re
import sys
import time
from dataclasses import replace
from pathlib import Path

from filelock import Timeout

from rnn_demo.formats.files import describe_os_error
from rnn_demo.messages import CodedError, Message
from rnn_demo.runs.state import (
    Status,
    lock_of,
    read_claim,
    read_status,
    write_last_status,
    write_status,
)

LOCK_TIMEOUT_S = 5.0  # somebody may be looking at the lock

_OOM_SCORE = Path("/proc/self/oom_score_adj")  # Linux only
_NICENESS = 19  # the most there is, where no process can be idle


def main(folder: Path) -> None:
    """Train the run in a folder, unless another worker does or has done so.

    Whatever goes wrong becomes a message in the run's status.
    """
    sys.stdout.write(time.strftime("started %Y-%m-%d %H:%M:%S UTC\n", time.gmtime()))
    sys.stdout.flush()
    give_way()
    with contextlib.suppress(Timeout), lock_of(folder).acquire(timeout=LOCK_TIMEOUT_S):
        claim, last = read_claim(folder), read_status(folder)
        if claim is None or (last is not None and last.claim == claim.moment):
            return  # another worker was here before
        status = replace(
            last or Status("starting"),
            state="starting",
            stage=Message("runs.loading_pytorch"),
            claim=claim.moment,
            message=None,
        )
        write_status(folder, status)
        try:
            _train(folder, status)
        except Exception as error:
            failed = read_status(folder) or status
            failed = replace(failed, state="failed", stage=None, message=message_of(error))
            write_last_status(folder, failed)
            raise  # into the log


def give_way() -> None:
    """Let the pages come first: from now on this process takes the time that they leave.

    An idle process of Linux makes room at once. One that is merely nice first runs to the end of
    its turn, some milliseconds, and a page waits for many such turns.
    """
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    if hasattr(os, "SCHED_IDLE"):
        with contextlib.suppress(OSError):  # a host may forbid it
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    # Where memory runs out, this process is the one to end.
    with contextlib.suppress(OSError):
        _OOM_SCORE.write_text("1000")


def message_of(error: Exception) -> Message:
    """What went wrong, for the visitor."""
    if isinstance(error, CodedError):
        return error.message
    if isinstance(error, OSError):
        return describe_os_error(error)
    # PyTorch raises RuntimeErrors for its own memory, on a CPU and on a GPU.
    if isinstance(error, MemoryError) or re.search("allocate memory|out of memory", str(error)):
        return Message("runs.out_of_memory")
    return Message("runs.unexpected", {"error": type(error).__name__, "reason": str(error)})


def _train(folder: Path, status: Status) -> None:
    from rnn_demo.runs.attempt import Attempt
    from rnn_demo.training.device import device, unusable
    from rnn_demo.training.resources import limit_memory

    if device().type == "cpu":  # the libraries of a GPU reserve far more than they use
        limit_memory()
    problem = None
    if found := unusable():
        kind, reason = found
        sys.stdout.write(f"{kind} cannot be used: {reason}\n")
        problem = Message("runs.device_unusable", {"device": kind})
    Attempt(folder, replace(status, device_problem=problem)).run()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    # All is written. To take PyTorch down in good order would cost a second and 90 MB.
    os._exit(0)
