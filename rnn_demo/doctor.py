"""Say whether everything the app needs is in order, and what to do where it is not.

    python -m rnn_demo.doctor

Versions, settings, MNIST, the networks that come with the project and the folder of the runs.
It ends with status 1 if something must be mended. It runs without PyTorch, and says so.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_REQUIREMENTS = _ROOT / "requirements.txt"
_INSTALL = f"Run: {sys.executable} -m pip install -r {_REQUIREMENTS}"
_PYTHONS = ((3, 11), (3, 13))  # the oldest and the newest that were tried
_LITTLE_SPACE = 200 * 2**20  # bytes; a run keeps a few megabytes, MNIST takes 66


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        text: what was found, in a sentence or less.
        remedy: what to do about it; empty where it is in order.
        optional: the app works without it.
    """

    text: str
    remedy: str = ""
    optional: bool = False

    @property
    def broken(self) -> bool:
        """Whether it must be mended."""
        return bool(self.remedy) and not self.optional

    def __str__(self) -> str:
        word = "mend" if self.broken else "note" if self.remedy else "ok"
        return f"{word:5} {self.text}" + (f"\n      {self.remedy}" if self.remedy else "")


def versions() -> Iterator[Finding]:
    """Python, and every package of requirements.txt."""
    running = sys.version_info[:2]
    oldest, newest = _PYTHONS
    found = f"Python {sys.version.split()[0]}"
    wanted = f"3.{oldest[1]} to 3.{newest[1]}"
    if running < oldest:
        yield Finding(f"{found} is too old", f"Install Python {wanted}.")
    elif running > newest:
        yield Finding(
            f"{found} is newer than what was tried",
            f"If something fails, use Python {wanted}.",
            optional=True,
        )
    else:
        yield Finding(found)
    for line in _REQUIREMENTS.read_text(encoding="utf-8").splitlines():
        if re.match("[a-z]", line, re.IGNORECASE):
            yield _version(line.partition(" #")[0])
    yield from _pair()


def _version(line: str) -> Finding:
    """Whether a line of requirements.txt is met."""
    from packaging.requirements import Requirement

    requirement = Requirement(line)
    try:
        installed = metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        return Finding(f"{requirement.name} is not installed", _INSTALL)
    if not requirement.specifier.contains(installed, prereleases=True):
        return Finding(f"{requirement.name} is {installed}, not {requirement.specifier}", _INSTALL)
    return Finding(f"{requirement.name} {installed}")


def _pair() -> Iterator[Finding]:
    """Whether torch, and torchvision on top of it, can be imported; each in a new process."""
    for code in ("torch", "torch, torchvision"):
        done = subprocess.run(
            [sys.executable, "-c", f"import {code}"], capture_output=True, text=True, check=False
        )
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
            yield Finding(
                f"import {code} fails: {reason}",
                "torch and torchvision must be a pair built for each other. " + _INSTALL,
            )
            return
    yield Finding("torch and torchvision can be imported, and fit each other")


def settings() -> Iterator[Finding]:
    """The settings in the environment."""
    from rnn_demo import settings

    checks: dict[str, Callable[[], object]] = {
        "RNN_DEMO_DATA": Path,
        "RNN_DEMO_RUNS": settings.root,
        "RNN_DEMO_MAX_RUNS": settings.most_at_once,
        "RNN_DEMO_DEVICE": _device,
        "RNN_DEMO_SHARED": settings.shared,
        "RNN_DEMO_KEEP_DAYS": settings.keep_days,
        "RNN_DEMO_KEEP_MB": settings.keep_mb,
    }
    given = sorted(name for name in os.environ if name.startswith("RNN_DEMO_"))
    for name in given:
        shown = f"{name}={os.environ[name]}"
        if name not in checks:
            yield Finding(f"{shown} is not a setting", f"There are {', '.join(checks)}.")
            continue
        try:
            checks[name]()
        except ValueError as error:
            yield Finding(str(error), f"Set {name} so, or take it away.")
        else:
            yield Finding(shown)
    if not given:
        yield Finding("No setting is made, so all have their defaults")


def _device() -> None:
    from rnn_demo.training.device import device  # which imports torch

    device()


def mnist() -> Iterator[Finding]:
    """Whether MNIST is on disk, whole."""
    from rnn_demo.data import mnist

    folder = mnist.root().absolute()
    problem = mnist.problem()
    if problem is None:
        yield Finding(f"MNIST is in {folder}")
    elif (folder / "MNIST").exists():
        yield Finding(problem, f"Delete {folder / 'MNIST'}, then download it on the page Digits.")
    else:
        yield Finding(
            f"MNIST is not in {folder}; the app makes its own digits",
            "Download it on the page Digits, or point RNN_DEMO_DATA at the folder it is in.",
            optional=True,
        )


def weights() -> Iterator[Finding]:
    """Whether the networks that come with the project are whole, and read a digit."""
    import numpy as np

    from rnn_demo.data import handwriting
    from rnn_demo.nn.reading import read
    from rnn_demo.training import checkpoint

    three = handwriting.render(handwriting.strokes(3, np.random.default_rng(3)), 2.4)
    for name in checkpoint.PRETRAINED:
        path = checkpoint.WEIGHTS / f"{name}.safetensors"
        try:
            model, card = checkpoint.load(path)
            size = path.stat().st_size
            if size != card.size:
                raise ValueError(f"{path.name} has {size:,} bytes, its card says {card.size:,}.")
            answer = read(model, three).prediction
            if answer != 3:
                raise ValueError(f"The network {name} reads a plain 3 as {answer}.")
        except (OSError, ValueError) as error:
            yield Finding(str(error), f"Get {path} and its .json anew from the repository.")
        else:
            yield Finding(f"The network {name} is whole and reads a 3 as 3")


def runs() -> Iterator[Finding]:
    """Whether runs can be written, how much room there is, and what is there."""
    from rnn_demo.runs import store

    folder = store.root().absolute()
    # It is made with the first run, in the nearest folder that is there already.
    there = next(path for path in (folder, *folder.parents) if path.exists())
    try:
        with tempfile.TemporaryDirectory(dir=there):
            free = shutil.disk_usage(there).free
    except OSError as error:
        yield Finding(
            f"No run can be written into {folder}: {error.strerror}",
            "Make it a folder this user may write, or point RNN_DEMO_RUNS at another one.",
        )
        return
    if free < _LITTLE_SPACE:
        yield Finding(f"{free / 2**20:,.0f} MB are free in {folder}", "Make room on that disk.")
    else:
        yield Finding(f"{free / 2**30:,.0f} GB are free in {folder}")
    if there == folder:
        yield from _run_states()


def _run_states() -> Iterator[Finding]:
    """How many runs there are, and which went wrong."""
    from rnn_demo.runs.layout import all_homes, runs_in
    from rnn_demo.runs.store import Run

    homes = all_homes()
    states: Counter[str] = Counter()
    for run in (Run(folder) for home in homes for folder in runs_in(home)):
        states[run.status().state] += 1
    found = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    yield Finding(f"{states.total()} runs of {len(homes)} visitors" + (found and f": {found}"))
    if states["interrupted"]:
        yield Finding(
            f"{states['interrupted']} runs were interrupted",
            "Their visitors can resume them on the page Train.",
            optional=True,
        )


CHECKS: dict[str, Callable[[], Iterator[Finding]]] = {
    "Versions": versions,
    "Settings": settings,
    "MNIST": mnist,
    "Networks": weights,
    "Runs": runs,
}


def main() -> int:
    """Look at everything and print it; 1 if something must be mended, else 0."""
    broken = 0
    for title, check in CHECKS.items():
        sys.stdout.write(f"{title}\n")
        try:
            for finding in check():
                sys.stdout.write(f"{finding}\n")
                broken += finding.broken
        except (ImportError, OSError) as error:  # a library without its files is an OSError
            sys.stdout.write(f"{Finding(f'Not looked at: {error}', _INSTALL)}\n")
            broken += 1
    sys.stdout.write(f"{broken or 'Nothing'} to mend\n")
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
