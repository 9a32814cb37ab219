"""Check this installation and say how to fix each problem.

    python -m rnn_demo.doctor [address]

With the address that visitors use, such as https://demo.example, it also asks the running app
there, as a browser would: a proxy in between may be set wrongly.

It checks versions, settings, MNIST, the networks in the repository and the folder of the runs,
and exits with status 1 if there is a problem to fix. It also runs without PyTorch, which is
then one of the problems.
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rnn_demo import machine
from rnn_demo.messages import InputError
from rnn_demo.settings import SETTINGS

if TYPE_CHECKING:
    from packaging.requirements import Requirement

_ROOT = Path(__file__).parents[1]
REQUIREMENTS = _ROOT / "requirements.txt"
CONSTRAINTS = _ROOT / "deploy" / "constraints.txt"
_INSTALL = f"Run: {sys.executable} -m pip install -r {REQUIREMENTS}"
_OLDEST_PYTHON, _NEWEST_PYTHON = (3, 11), (3, 13)  # tested versions
_MIN_FREE_BYTES = 200 * 2**20  # a run takes a few megabytes, MNIST 66
_ANSWER_LIMIT_S = 10  # for the running app


@dataclass(frozen=True)
class Finding:
    """The result of one check.

    Attributes:
        text: what was found, in a sentence or less.
        remedy: what to do about it; empty if it is in order.
        optional: the app works without it.
    """

    text: str
    remedy: str = ""
    optional: bool = False

    @property
    def is_problem(self) -> bool:
        """Whether it must be fixed."""
        return bool(self.remedy) and not self.optional

    def __str__(self) -> str:
        word = "fix" if self.is_problem else "note" if self.remedy else "ok"
        return f"{word:5} {self.text}" + (f"\n      {self.remedy}" if self.remedy else "")


def versions() -> Iterator[Finding]:
    """Check the versions of Python and of every package in requirements.txt."""
    running = sys.version_info[:2]
    found = f"Python {sys.version.split()[0]}"
    tested = f"3.{_OLDEST_PYTHON[1]} to 3.{_NEWEST_PYTHON[1]}"
    if running < _OLDEST_PYTHON:
        yield Finding(f"{found} is too old", f"Install Python {tested}.")
    elif running > _NEWEST_PYTHON:
        yield Finding(
            f"{found} is newer than the tested versions",
            f"If something fails, use Python {tested}.",
            optional=True,
        )
    else:
        yield Finding(found)
    required = requirements(REQUIREMENTS)
    for requirement in required:
        yield _version(requirement)
    names = {requirement.name for requirement in required}
    yield _tested([tested for tested in requirements(CONSTRAINTS) if tested.name not in names])
    yield from _torch_imports()


def requirements(file: Path) -> list["Requirement"]:
    """The packages that a file of requirements names itself."""
    from packaging.requirements import Requirement

    lines = file.read_text(encoding="utf-8").splitlines()
    return [
        Requirement(line.partition(" #")[0])
        for line in lines
        if re.match("[a-z]", line, re.IGNORECASE)
    ]


def _tested(constraints: list["Requirement"]) -> Finding:
    """Compare what the required packages bring along with the versions of the tests."""
    differing = []
    for constraint in constraints:
        with contextlib.suppress(metadata.PackageNotFoundError):  # another system needs others
            installed = metadata.version(constraint.name)
            if not constraint.specifier.contains(installed, prereleases=True):
                differing.append(f"{constraint.name} is {installed}, not {constraint.specifier}")
    if differing:
        return Finding(
            "Other versions than those of the tests: " + "; ".join(differing),
            f"If something fails: {_INSTALL}",
            optional=True,
        )
    return Finding("The packages that these bring along have the versions of the tests")


def _version(requirement: "Requirement") -> Finding:
    """Check one package of requirements.txt."""
    try:
        installed = metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        return Finding(f"{requirement.name} is not installed", _INSTALL)
    if not requirement.specifier.contains(installed, prereleases=True):
        return Finding(f"{requirement.name} is {installed}, not {requirement.specifier}", _INSTALL)
    return Finding(f"{requirement.name} {installed}")


def _torch_imports() -> Iterator[Finding]:
    """Import torch, then torch with torchvision, each in a new process."""
    for code in ("torch", "torch, torchvision"):
        done = subprocess.run(
            [sys.executable, "-c", f"import {code}"], capture_output=True, text=True, check=False
        )
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["it printed no reason"])[-1]
            yield Finding(
                f"import {code} fails: {reason}",
                "torch and torchvision must be builds that belong together. " + _INSTALL,
            )
            return
    yield Finding("torch and torchvision can be imported and belong together")


def settings() -> Iterator[Finding]:
    """Check the settings in the environment."""
    checks: dict[str, Callable[[], object]] = {setting.name: setting.read for setting in SETTINGS}
    checks[SETTINGS.device.name] = _device
    in_environment = sorted(name for name in os.environ if name.startswith("RNN_DEMO_"))
    for name in in_environment:
        shown = f"{name}={os.environ[name]}"
        if name not in checks:
            yield Finding(f"{shown} is not a setting", f"The settings are {', '.join(checks)}.")
            continue
        try:
            checks[name]()
        except ValueError as error:
            yield Finding(str(error), f"Change or unset {name}.")
        else:
            yield Finding(shown)
    if not in_environment:
        yield Finding("All settings have their defaults")


def capacity() -> Iterator[Finding]:
    """Say what this process may use of the machine, and how many runs may train at once."""
    found = machine.capacity()
    share = (
        f"a core and {machine.SERVER_BYTES / 1e6:,.0f} MB are the server's, "
        f"and a training takes a core and {machine.TRAINING_BYTES / 1e6:,.0f} MB"
    )
    try:
        n_runs = SETTINGS.max_runs.read()
    except InputError:
        return  # the check of the settings says so
    text = f"Runs that may train at the same time: {n_runs}. Here are {found}; {share}"
    if n_runs > found.max_runs:
        yield Finding(
            text,
            f"Pages may become slow: set {SETTINGS.max_runs.name} to {found.max_runs}.",
            optional=True,
        )
    else:
        yield Finding(text)


def training_device() -> Iterator[Finding]:
    """Try a small training step on the device that would train."""
    try:
        from rnn_demo.training.device import device, unusable  # imports torch

        problem = unusable()
    except (InputError, ImportError, OSError):
        return  # the checks of the settings and of the versions say so
    if problem:
        kind, reason = problem
        yield Finding(
            f"PyTorch finds {kind} and cannot use it, so the CPU trains: {reason}",
            f"Install a PyTorch for this device, or set {SETTINGS.device.name}=cpu.",
            optional=True,
        )
    else:
        yield Finding(f"Networks are trained on {device()}")


def _device() -> None:
    from rnn_demo.training.device import device  # imports torch

    device()


def mnist() -> Iterator[Finding]:
    """Check that MNIST is on disk, complete, and not another data set under its names."""
    from rnn_demo.data import mnist

    folder = mnist.data_folder()
    problem, by_hand = mnist.error_message(), mnist.by_hand()
    if problem is None:
        if doubt := mnist.doubt():
            yield Finding(str(doubt), f"Put MNIST there. {by_hand}", optional=True)
        else:
            yield Finding(f"MNIST is in {folder}")
    elif problem.code == "data.mnist_missing":
        yield Finding(
            f"MNIST is not in {folder}; the app uses synthetic digits instead",
            f"Download it on the page Digits, or set {SETTINGS.data_folder.name} to its folder. "
            f"{by_hand}",
            optional=True,
        )
    else:
        yield Finding(
            str(problem),
            f"Download MNIST on the page Digits, which writes only its four files. {by_hand}",
        )


def weights() -> Iterator[Finding]:
    """Check that each network in the repository is intact and recognizes a digit."""
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
            yield Finding(str(error), f"Restore {path} and its .json from the repository.")
        else:
            yield Finding(f"The network {name} is intact and reads a 3 as 3")


def runs() -> Iterator[Finding]:
    """Check that runs can be written, and report free space and the runs on disk."""
    folder = SETTINGS.runs_folder.read().absolute()
    # The first run creates the folder inside its nearest existing parent.
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    try:
        with tempfile.TemporaryDirectory(dir=existing):
            free = shutil.disk_usage(existing).free
    except OSError as error:
        yield Finding(
            f"No run can be written to {folder}: {error.strerror}",
            f"Give this user write access, or set {SETTINGS.runs_folder.name} to another folder.",
        )
        return
    if free < _MIN_FREE_BYTES:
        yield Finding(f"Only {free / 2**20:,.0f} MB are free in {folder}", "Free some disk space.")
    else:
        yield Finding(f"{free / 2**30:,.0f} GB are free in {folder}")
    if existing == folder:
        yield from _run_states()


def _run_states() -> Iterator[Finding]:
    """Count the runs by state, and report interrupted ones."""
    from rnn_demo.runs.layout import owner_folders, run_folders
    from rnn_demo.runs.run import Run

    visitors = owner_folders()
    states: Counter[str] = Counter()
    for run in (Run(folder) for visitor in visitors for folder in run_folders(visitor)):
        states[run.status().state] += 1
    found = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    yield Finding(f"Runs: {states.total()}, visitors: {len(visitors)}" + (found and f" ({found})"))
    if states["interrupted"]:
        yield Finding(
            f"Interrupted runs: {states['interrupted']}",
            "Their visitors can resume them on the page Train.",
            optional=True,
        )


def address(visited: str) -> Iterator[Finding]:
    """Ask the app at the address that visitors use, as their browsers do.

    Args:
        visited: the address, with http or https.
    """
    page = visited.rstrip("/") + "/"
    try:
        connecting, _ = _answer(page + "_stcore/host-config", Referer=page)
        _, cookie = _answer(page, Accept="text/html")
    except (OSError, ValueError) as error:
        yield Finding(f"No answer at {page}: {error}", "Start the app, and check the address.")
        return
    if connecting == HTTPStatus.FORBIDDEN:
        host = urlsplit(page).hostname
        yield Finding(
            f"A proxy hides from the app that visitors come to {host}, so no page can connect",
            "Let it pass on the header Host (nginx: proxy_set_header Host $http_host) or send "
            f"X-Forwarded-Host; or set Streamlit's browser.serverAddress to {host}, or add "
            f"{page.rstrip('/')} to its server.corsAllowedOrigins.",
        )
    else:
        yield Finding(f"Pages at {page} may connect")
    if page.startswith("https:") and "secure" not in cookie.lower():
        yield Finding(
            "The app does not know that visitors use https: in a frame on another site, a reload "
            "can lose a visitor's runs",
            "Let the proxy send X-Forwarded-Proto (nginx: proxy_set_header X-Forwarded-Proto "
            "$scheme).",
            optional=True,
        )


def _answer(url: str, **headers: str) -> tuple[int, str]:
    """The status of an answer, and the cookie in it.

    Raises:
        OSError: there is no answer.
        ValueError: this is not the address of a page.
    """
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=_ANSWER_LIMIT_S) as answer:
            return answer.status, answer.headers.get("Set-Cookie", "")
    except urllib.error.HTTPError as error:
        return error.code, ""


CHECKS: dict[str, Callable[[], Iterator[Finding]]] = {
    "Versions": versions,
    "Settings": settings,
    "Capacity": capacity,
    "Device": training_device,
    "MNIST": mnist,
    "Networks": weights,
    "Runs": runs,
}


def main(visited: str = "") -> int:
    """Run and print all checks; returns 1 if there is a problem to fix, else 0.

    Args:
        visited: the address that visitors use; "" asks nobody.
    """
    n_problems = 0
    checks = CHECKS | ({"Address": lambda: address(visited)} if visited else {})
    for title, check in checks.items():
        sys.stdout.write(f"{title}\n")
        try:
            for finding in check():
                sys.stdout.write(f"{finding}\n")
                n_problems += finding.is_problem
        except (ImportError, OSError) as error:  # a library without its files is an OSError
            sys.stdout.write(f"{Finding(f'Not checked: {error}', _INSTALL)}\n")
            n_problems += 1
    problems = "1 problem" if n_problems == 1 else f"{n_problems or 'No'} problems"
    sys.stdout.write(f"{problems} to fix\n")
    return int(n_problems > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
