"""Every setting of the app, each an environment variable; `python -m rnn_demo.settings` lists them.

A setting is read when it is used, so that a test or a server can set it at any time.
"""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Generic, TypeVar

from rnn_demo import machine
from rnn_demo.messages import InputError

T = TypeVar("T")

DEVICES = ("auto", "cpu", "cuda", "mps")
_MAX_DIGITS = 8  # of a whole number


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One setting.

    Attributes:
        name: of the environment variable.
        meaning: what it decides, in Markdown.
        default: the value where the variable is not set or empty.
        check: the value for the variable's name and text; raises InputError if it has none.
        default_text: the default in words; empty for the value itself.
    """

    name: str
    meaning: str
    default: T
    check: Callable[[str, str], T]
    default_text: str = ""

    def read(self) -> T:
        """The value in the environment, or the default.

        Raises:
            InputError: the variable is set to something that it cannot be.
        """
        text = os.environ.get(self.name)
        return self.check(self.name, text) if text else self.default


def _folder(_name: str, text: str) -> Path:
    return Path(text)


def _whole_number(low: int, high: int) -> Callable[[str, str], int]:
    def check(name: str, text: str) -> int:
        # `int` alone would also take "1_0", " 1 " and the digits of other scripts.
        plain = text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS
        if not plain or not low <= int(text) <= high:
            raise InputError(
                "settings.not_a_whole_number", name=name, low=low, high=high, value=text
            )
        return int(text)

    return check


def _switch(name: str, text: str) -> bool:
    return bool(_whole_number(0, 1)(name, text))


def _one_of(choices: tuple[str, ...]) -> Callable[[str, str], str]:
    def check(name: str, text: str) -> str:
        if text not in choices:
            raise InputError(
                "settings.unknown_choice", name=name, choices=", ".join(choices), value=text
            )
        return text

    return check


@dataclass(frozen=True)
class Settings:
    """All settings. The doctor's checks and the table in the README are made from these fields."""

    data_folder: Setting[Path] = Setting(
        "RNN_DEMO_DATA",
        "folder of MNIST, in torchvision's layout or with its four files side by side",
        Path("data"),
        _folder,
    )
    runs_folder: Setting[Path] = Setting(
        "RNN_DEMO_RUNS", "folder of the training runs", Path("runs"), _folder
    )
    max_runs: Setting[int] = Setting(
        "RNN_DEMO_MAX_RUNS",
        "number of runs that may train at the same time",
        machine.capacity().max_runs,
        _whole_number(1, 1_000),
        "one less than this process has cores, as far as its memory goes, at least 1",
    )
    device: Setting[str] = Setting(
        "RNN_DEMO_DEVICE",
        "where networks are trained: `cpu`, `cuda`, `mps`, or `auto` for the fastest available",
        "auto",
        _one_of(DEVICES),
    )
    shared: Setting[bool] = Setting(
        "RNN_DEMO_SHARED", "1: every visitor sees and controls all runs", False, _switch, "0"
    )
    keep_days: Setting[int] = Setting(
        "RNN_DEMO_KEEP_DAYS",
        "days that an idle run is kept (one that neither trains nor waits)",
        30,
        _whole_number(1, 36_500),
    )
    keep_mb: Setting[int] = Setting(
        "RNN_DEMO_KEEP_MB",
        "megabytes (10^6 bytes) for all runs together; "
        "beyond that, the visitor whose runs take most loses the oldest",
        1_000,
        _whole_number(1, 10_000_000),
    )
    locale_folder: Setting[Path | None] = Setting(
        "RNN_DEMO_LOCALE",
        "folder of more languages, laid out like `assets/locale`",
        None,
        _folder,
        "none",
    )

    def __iter__(self) -> Iterator[Setting[Any]]:
        return (getattr(self, field.name) for field in fields(self))


SETTINGS = Settings()


def markdown_table() -> str:
    """All settings as the Markdown table that stands in the README."""
    lines = ["| setting (environment) | meaning | default |", "|---|---|---|"]
    for setting in SETTINGS:
        default = setting.default_text or f"`{setting.default}`"
        lines.append(f"| `{setting.name}` | {setting.meaning} | {default} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(markdown_table())
