"""The doctor finds problems that are really there."""

import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
import torch
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from rnn_demo import doctor
from rnn_demo.settings import SETTINGS
from rnn_demo.training.checkpoint import WEIGHTS
from tests.example_runs import put_run

REPOSITORY = Path(__file__).parents[2]


def examine(
    folder: Path, repository: Path = REPOSITORY, **environment: str
) -> tuple[int, list[str]]:
    """The doctor's exit status and lines, with these settings and no others."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("RNN_DEMO_")}
    folders = {"RNN_DEMO_DATA": str(folder / "data"), "RNN_DEMO_RUNS": str(folder / "runs")}
    done = subprocess.run(
        [sys.executable, "-m", "rnn_demo.doctor"],
        cwd=repository,
        env=clean | folders | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


def problems(lines: list[str]) -> list[str]:
    return [line.removeprefix("fix").strip() for line in lines if line.startswith("fix")]


@pytest.mark.process
def test_a_fresh_clone_is_in_order(tmp_path):
    status, lines = examine(tmp_path)
    assert problems(lines) == []
    assert status == 0
    assert lines[-1] == "No problems to fix"
    assert any(line.startswith("note  MNIST is not in") for line in lines)
    assert sum("reads a 3 as 3" in line for line in lines) == 3
    assert list(tmp_path.iterdir()) == []  # the doctor creates no files


def write_mnist(folder: Path) -> Path:
    """Write four blank files in MNIST's format; returns their folder."""
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name, count in (("train", 60_000), ("t10k", 10_000)):
        for kind, magic, shape in (
            ("images-idx3", 0x803, (count, 28, 28)),
            ("labels-idx1", 0x801, (count,)),
        ):
            header = np.array([magic, *shape], ">i4").tobytes()
            (raw / f"{name}-{kind}-ubyte").write_bytes(header + bytes(int(np.prod(shape))))
    return raw


def test_the_real_mnist_is_in_order(real_mnist):
    folder = SETTINGS.data_folder.read().absolute()
    assert [str(finding) for finding in doctor.mnist()] == [f"ok    MNIST is in {folder}"]


def test_what_has_only_the_names_of_mnist_is_not_in_order(without_mnist):
    raw = write_mnist(without_mnist)
    (finding,) = doctor.mnist()
    assert finding.remedy
    assert f"t10k-labels-idx1-ubyte in {without_mnist} have the names of MNIST" in finding.text
    assert str(raw) in finding.remedy


def test_a_truncated_mnist_file_is_a_problem(without_mnist):
    raw = write_mnist(without_mnist)
    with (raw / "t10k-images-idx3-ubyte").open("r+b") as file:
        file.truncate(1_000_000)
    (finding,) = doctor.mnist()
    assert finding.is_problem
    assert "t10k-images-idx3-ubyte" in finding.text


def test_a_read_only_run_folder_is_a_problem(tmp_path, monkeypatch):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("no folder")
    monkeypatch.setenv("RNN_DEMO_RUNS", str(in_the_way / "runs"))
    (finding,) = doctor.runs()
    assert finding.is_problem
    assert str(in_the_way / "runs") in finding.text
    assert "Not a directory" in finding.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RNN_DEMO_MAX_RUNS", "many"),
        ("RNN_DEMO_MAX_RUNS", "0"),
        ("RNN_DEMO_SHARED", "perhaps"),
        ("RNN_DEMO_MAXRUNS", "2"),
    ],
)
def test_a_bad_or_unknown_setting_is_a_problem(monkeypatch, name, value):
    monkeypatch.setenv("RNN_DEMO_DATA", "anywhere")
    monkeypatch.setenv(name, value)
    (problem,) = [finding for finding in doctor.settings() if finding.is_problem]
    assert name in problem.text
    assert value in problem.text


def test_an_unknown_setting_lists_the_real_ones(monkeypatch):
    monkeypatch.setenv("RNN_DEMO_NONSENSE", "1")
    (problem,) = [finding for finding in doctor.settings() if finding.is_problem]
    assert re.findall(r"RNN_DEMO_\w+", problem.remedy) == [setting.name for setting in SETTINGS]


@pytest.mark.parametrize(("device", "word"), [("cpu", "ok"), ("abacus", "fix")])
def test_the_device_is_checked(monkeypatch, device, word):
    monkeypatch.setenv("RNN_DEMO_DEVICE", device)
    assert [str(found)[:5].strip() for found in doctor.settings() if device in found.text] == [word]


def test_shared_runs_are_counted_once(runs_folder, monkeypatch):
    monkeypatch.setenv("RNN_DEMO_SHARED", "1")
    for visitor in range(3):
        put_run(runs_folder / f"{visitor:016x}", "20260131-235901-0a1b2c3d", "finished")
    assert "Runs: 3, visitors: 3 (3 finished)" in [finding.text for finding in doctor.runs()]


@pytest.mark.process
def test_a_wrong_version_and_a_broken_torch_are_one_problem_each(tmp_path):
    site = tmp_path / "site"
    (site / "torch").mkdir(parents=True)
    (site / "torch" / "__init__.py").write_text("raise OSError('libtorch.so: no such file')\n")
    info = site / "plotly-5.0.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: plotly\nVersion: 5.0.0\n")
    status, lines = examine(tmp_path, PYTHONPATH=str(site))
    assert status == 1
    assert problems(lines) == [
        "plotly is 5.0.0, not ==7.1.0",
        "import torch fails: OSError: libtorch.so: no such file",
        "Not checked: libtorch.so: no such file",
    ]
    assert any("GB are free" in line for line in lines)  # the later checks ran


def brought_along() -> set[str]:
    """The names of all packages that requirements.txt brings along here.

    Without the libraries of CUDA, which PyTorch itself pins, and which some systems do not have.
    """
    wanted = [requirement.name for requirement in doctor.requirements(doctor.REQUIREMENTS)]
    found: set[str] = set()
    while wanted:
        name = canonicalize_name(wanted.pop())
        if name in found or name.startswith(("nvidia-", "cuda-", "triton")):
            continue
        found.add(name)
        more = [Requirement(line) for line in metadata.requires(name) or []]
        wanted += [each.name for each in more if each.marker is None or each.marker.evaluate()]
    return found


def test_the_tested_versions_are_those_installed_here():
    """Whoever changes requirements.txt writes the versions down that they tested."""
    constraints = doctor.requirements(doctor.CONSTRAINTS)
    tested = {str(each.name): str(each.specifier) for each in constraints}
    assert all(re.fullmatch(r"==[\w.]+", version) for version in tested.values())  # no "+cpu"
    installed = {name: f"=={metadata.version(name).partition('+')[0]}" for name in brought_along()}
    del installed["certifi"]  # always the newest
    assert installed.items() <= tested.items()
    pinned = doctor.requirements(doctor.REQUIREMENTS)
    assert all(each.specifier.contains(tested[each.name].strip("=")) for each in pinned)
    assert "-c deploy/constraints.txt" in doctor.REQUIREMENTS.read_text().splitlines()


def test_a_package_of_another_version_than_in_the_tests_is_noted(tmp_path, monkeypatch):
    constraints = tmp_path / "constraints.txt"
    constraints.write_text("# tested\nstarlette==0.1\nno-such-package==1\nh11>0\n")
    monkeypatch.setattr(doctor, "CONSTRAINTS", constraints)
    (note,) = [finding for finding in doctor.versions() if "starlette" in finding.text]
    assert note.optional
    assert note.remedy
    assert f"starlette is {metadata.version('starlette')}, not ==0.1" in note.text
    assert "h11" not in note.text


def test_the_number_of_runs_is_said_with_its_reason(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2})
    monkeypatch.setattr(os, "process_cpu_count", lambda: 3, raising=False)
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "1")
    (found,) = doctor.capacity()
    assert not found.remedy
    assert "at the same time: 1" in found.text
    assert "GB of memory" in found.text
    monkeypatch.setenv("RNN_DEMO_MAX_RUNS", "9")
    (found,) = doctor.capacity()
    assert found.optional
    assert "RNN_DEMO_MAX_RUNS" in found.remedy


def test_a_card_that_cannot_be_used_is_noted(monkeypatch):
    if torch.cuda.is_available():
        pytest.skip("this machine has one")
    monkeypatch.delenv("RNN_DEMO_DEVICE", raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    (found,) = doctor.training_device()
    assert found.optional
    assert "cuda" in found.text
    assert "RNN_DEMO_DEVICE=cpu" in found.remedy


@pytest.mark.process
def test_damaged_weights_are_problems(tmp_path):
    clone = tmp_path / "clone"
    shutil.copytree(REPOSITORY / "rnn_demo", clone / "rnn_demo")
    shutil.copytree(WEIGHTS, clone / "assets" / "weights")
    shutil.copytree(REPOSITORY / "deploy", clone / "deploy")
    shutil.copy(REPOSITORY / "requirements.txt", clone)
    vanilla, gated, tutorial = (
        clone / "assets" / "weights" / f"{name}.safetensors"
        for name in ("vanilla", "gated", "tutorial")
    )
    gated.write_bytes(gated.read_bytes()[:1000])
    with safe_open(vanilla, "pt") as file:
        metadata = file.metadata()
    save_file({name: -weight for name, weight in load_file(vanilla).items()}, vanilla, metadata)
    tutorial.unlink()
    status, lines = examine(tmp_path, clone)
    assert status == 1
    wrong, damaged, missing = problems(lines)
    assert not any("reads a 3 as 3" in line for line in lines)
    assert "vanilla reads a plain 3 as" in wrong
    assert "gated.safetensors are damaged" in damaged
    assert "tutorial.safetensors" in missing
