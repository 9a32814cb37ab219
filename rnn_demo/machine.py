"""What this process may use of its machine: cores and memory, and how many trainings fit.

A machine may have many cores and give a container one of them. Linux writes the limits of control
groups down in files: https://docs.kernel.org/admin-guide/cgroup-v2.html, and cgroup-v1 beside it.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SERVER_BYTES = 700 * 10**6  # with all modules imported; see tests/bench/README.md
TRAINING_BYTES = 700 * 10**6  # a process that trains the largest preset

_PROC_CGROUP = Path("/proc/self/cgroup")
_CGROUPS = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Capacity:
    """What this process may use.

    Attributes:
        cores: whole cores, at least 1.
        memory: bytes; None where the system does not say.
    """

    cores: int
    memory: int | None

    @property
    def max_runs(self) -> int:
        """Number of trainings that leave a core and its memory to the pages, at least 1."""
        fit = self.cores - 1
        if self.memory is not None:
            fit = min(fit, (self.memory - SERVER_BYTES) // TRAINING_BYTES)
        return max(1, fit)

    def __str__(self) -> str:
        cores = "1 core" if self.cores == 1 else f"{self.cores} cores"
        return cores if self.memory is None else f"{cores}, {self.memory / 1e9:.1f} GB of memory"


def capacity(groups_of_process: Path = _PROC_CGROUP, cgroups: Path = _CGROUPS) -> Capacity:
    """What the machine has, its scheduler allows, and every control group above leaves.

    Args:
        groups_of_process: Linux's list of the groups of this process.
        cgroups: the folder where Linux shows all groups.
    """
    cores, memory = float(_allowed_cores()), _machine_memory()
    for folder in _groups(groups_of_process, cgroups):
        for quota, period in (("cpu.max", None), ("cpu.cfs_quota_us", "cpu.cfs_period_us")):
            words = _words(folder / quota) + (_words(folder / period) if period else [])
            if len(words) == 2 and all(map(str.isdigit, words)) and int(words[1]):
                cores = min(cores, int(words[0]) / int(words[1]))
        for limit in ("memory.max", "memory.high", "memory.limit_in_bytes"):
            words = _words(folder / limit)
            if words and words[0].isdigit():  # not "max"
                memory = min(int(words[0]), memory or int(words[0]))
    return Capacity(max(1, int(cores)), memory)


def _allowed_cores() -> int:
    """Number of cores that the scheduler may give this process."""
    if hasattr(os, "process_cpu_count"):  # from Python 3.13 on
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _machine_memory() -> int | None:
    """Bytes; None where the system does not say, such as Windows."""
    with suppress(AttributeError, OSError, ValueError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return None


def _groups(groups_of_process: Path, cgroups: Path) -> Iterator[Path]:
    """The folders of this process's control groups, and of all groups around them.

    A container often sees its own group as the outermost one, under a path that is not there.
    """
    for line in _lines(groups_of_process):
        _, controllers, path = line.split(":", 2)
        # Version 2 has one tree; version 1 has one for each set of controllers.
        mounts = [controllers, *controllers.split(",")] if controllers else ["", "unified"]
        for mount in mounts:
            group = Path(path.lstrip("/"))
            for part in (group, *group.parents):
                if (cgroups / mount / part).is_dir():
                    yield cgroups / mount / part


def _lines(file: Path) -> list[str]:
    with suppress(OSError, UnicodeDecodeError):
        return [line for line in file.read_text().splitlines() if line.count(":") >= 2]
    return []


def _words(file: Path) -> list[str]:
    with suppress(OSError, UnicodeDecodeError):
        return file.read_text().split()
    return []
