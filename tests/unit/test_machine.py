"""Cores and memory from Linux's files, laid out as Linux lays them out."""

import os
from pathlib import Path

import pytest

from rnn_demo.machine import Capacity, capacity

GB = 10**9


def look(folder: Path, groups: str, files: dict[str, str]) -> Capacity:
    """What a process in these control groups may use."""
    (folder / "cgroup").write_text(groups)
    for name, text in files.items():
        path = folder / "cgroups" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return capacity(folder / "cgroup", folder / "cgroups")


@pytest.fixture(autouse=True)
def a_large_host(monkeypatch):
    """16 cores, 64 GB."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(16)))
    monkeypatch.setattr(os, "process_cpu_count", lambda: 16, raising=False)
    sizes = {"SC_PHYS_PAGES": 64 * GB // 4_000, "SC_PAGE_SIZE": 4_000}
    monkeypatch.setattr(os, "sysconf", sizes.__getitem__)


@pytest.mark.parametrize(
    ("groups", "files", "expected"),
    [
        # A container of one core and 2 GB, which sees its group as the outermost one.
        ("0::/\n", {"cpu.max": "100000 100000\n", "memory.max": f"{2 * GB}\n"}, (1, 2 * GB)),
        # Its group has a path of the host, which is not there in the container.
        ("0::/machine/abc\n", {"cpu.max": "400000 100000\n"}, (4, 64 * GB)),
        # "max" is no limit.
        ("0::/\n", {"cpu.max": "max 100000\n", "memory.max": "max\n"}, (16, 64 * GB)),
        # A limit of a group around it, as of a user or a slice.
        (
            "0::/user/me\n",
            {"user/me/cpu.max": "max 100000\n", "user/cpu.max": "250000 100000\n"},
            (2, 64 * GB),
        ),
        # Less than a core.
        ("0::/\n", {"cpu.max": "50000 100000\n"}, (1, 64 * GB)),
        # Beyond this a group is slowed down, though not ended.
        ("0::/\n", {"memory.high": f"{3 * GB}\n", "memory.max": "max\n"}, (16, 3 * GB)),
        # Version 1, one tree for each controller.
        (
            "4:memory:/docker/abc\n3:cpu,cpuacct:/docker/abc\n",
            {
                "cpu,cpuacct/docker/abc/cpu.cfs_quota_us": "300000\n",
                "cpu,cpuacct/docker/abc/cpu.cfs_period_us": "100000\n",
                "memory/docker/memory.limit_in_bytes": f"{5 * GB}\n",
            },
            (3, 5 * GB),
        ),
        (
            "4:memory:/docker/abc\n3:cpu,cpuacct:/docker/abc\n",
            {
                "cpu/cpu.cfs_quota_us": "-1\n",
                "cpu/cpu.cfs_period_us": "100000\n",
                "memory/memory.limit_in_bytes": "9223372036854771712\n",
            },
            (16, 64 * GB),
        ),
        # Nothing that a file may hold is an error.
        ("nonsense\n", {"cpu.max": "100000 100000\n"}, (16, 64 * GB)),
        ("0::/\n", {"cpu.max": "", "memory.max": "many\n"}, (16, 64 * GB)),
        ("0::/\n", {"cpu.max": "100000 0\n"}, (16, 64 * GB)),
    ],
)
def test_the_least_that_any_group_leaves_counts(tmp_path, groups, files, expected):
    found = look(tmp_path, groups, files)
    assert (found.cores, found.memory) == expected


def test_the_scheduler_may_give_less_than_the_machine_has(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3, 7})
    monkeypatch.setattr(os, "process_cpu_count", lambda: 2, raising=False)
    assert look(tmp_path, "", {}).cores == 2


def test_a_system_without_these_files_has_the_machines_own(tmp_path):
    found = capacity(tmp_path / "missing", tmp_path / "missing")
    assert (found.cores, found.max_runs) == (16, 15)


@pytest.mark.parametrize(
    ("cores", "memory", "expected"),
    [(16, None, 15), (16, 2 * GB, 1), (16, 5 * GB, 6), (2, 64 * GB, 1), (1, 2 * GB, 1), (4, 1, 1)],
)
def test_a_core_and_its_memory_are_left_to_the_pages(cores, memory, expected):
    assert Capacity(cores, memory).max_runs == expected
