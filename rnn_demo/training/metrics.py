"""The metrics of a training: the one place for their names, labels, units, ranges and defaults.

A run stores its curve as points: dictionaries from a metric's name to its value. What stores,
checks, exports or draws a point goes through `METRICS`, so a new metric is one entry here and one
value from whoever measures it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rnn_demo.formats.checked import items, number, optional_number, whole_number
from rnn_demo.messages import N_, Translatable

Point = dict[str, Any]

N_SAMPLE_DIGITS = 12  # the first test digits: the network answers them at every point

_MAX_CONFIDENCE = 99  # percent
_COMPACT_DIGITS = 6  # significant digits of a number on its way to the browser
_REQUIRED = object()


@dataclass(frozen=True)
class Metric:
    """A quantity that is measured while a network trains.

    Attributes:
        name: its key in a point, its column in a table, its name everywhere.
        label: what it is called on a page.
        kind: "number"; "flag", a boolean; "digits" and "probabilities", a list with one value for
            each sample digit.
        unit: follows the number on a page, such as "%"; empty where there is none.
        decimals: digits after the decimal point on a page; None for four significant digits.
        per_epoch: measured at the end of an epoch only, not at every point.
        chart: name of the chart that draws it; empty where none does.
        live: sent to the browser while the run trains.
        low, high: smallest and largest valid number.
        default: its value where a point lacks it. Without a default every point must have it.
    """

    name: str
    label: Translatable
    kind: Literal["number", "flag", "digits", "probabilities"] = "number"
    unit: str = ""
    decimals: int | None = None
    per_epoch: bool = False
    chart: str = ""
    live: bool = False
    low: float = -math.inf
    high: float = math.inf
    default: Any = field(default=_REQUIRED)

    @property
    def required(self) -> bool:
        """Whether every point must have it."""
        return self.default is _REQUIRED

    @property
    def columns(self) -> list[str]:
        """Its columns in a table: one, or one for each sample digit."""
        if self.kind in ("digits", "probabilities"):
            return [f"{self.name}_{i}" for i in range(N_SAMPLE_DIGITS)]
        return [self.name]

    def cells(self, point: Mapping[str, Any]) -> list[Any]:
        """Its values in a point, one for each of `columns`; None where there is no value."""
        value = point.get(self.name)
        if self.kind in ("digits", "probabilities"):
            return ([*(value or [])] + [None] * N_SAMPLE_DIGITS)[:N_SAMPLE_DIGITS]
        return [value]

    def check(self, value: Any) -> None:
        """Check a value that was read from a file.

        Raises:
            ValueError: it is not a value of this metric.
        """
        if self.kind == "flag":
            if not isinstance(value, bool):
                raise ValueError(f"{self.name} is neither true nor false.")
        elif self.kind == "digits":
            for each in items(value):
                whole_number(each, 0, 9)
        elif self.kind == "probabilities":
            for each in items(value):
                number(each, 0, 1)
        elif self.required:
            number(value, self.low, self.high)
        else:
            optional_number(value, self.low, self.high)

    def text(self, value: float) -> str:
        """A number of it as it is shown on a page, with its unit."""
        shown = f"{value:.4g}" if self.decimals is None else f"{value:,.{self.decimals}f}"
        return f"{shown} {self.unit}" if self.unit else shown

    def compact(self, value: Any) -> Any:
        """A value of it as it is sent to the browser: a few digits, probabilities in percent."""
        if self.kind == "probabilities":
            # Rounded down: no network is certain.
            return [min(int(100 * each), _MAX_CONFIDENCE) for each in value]
        if self.kind != "number" or value is None:
            return value
        return float(f"{value:.{_COMPACT_DIGITS}g}")


METRICS = (
    Metric("epoch", N_("Epoch"), decimals=2, live=True, low=0),
    Metric("epoch_done", N_("End of an epoch"), "flag", live=True, default=False),
    Metric("loss", N_("Loss"), decimals=4, chart="loss", live=True),
    Metric("accuracy", N_("Accuracy"), unit="%", decimals=2, chart="accuracy", live=True, high=100),
    Metric("learning_rate", N_("Learning rate"), chart="learning_rate", live=True, default=None),
    Metric("gradient_norm", N_("Gradient norm"), chart="gradient_norm", live=True, default=None),
    Metric("images_per_second", N_("Images per second"), decimals=0, default=None),
    Metric(
        "validation_loss",
        N_("Validation loss"),
        decimals=4,
        per_epoch=True,
        chart="loss",
        live=True,
        default=None,
    ),
    Metric(
        "validation_accuracy",
        N_("Validation accuracy"),
        unit="%",
        decimals=2,
        per_epoch=True,
        chart="accuracy",
        live=True,
        default=None,
    ),
    Metric(
        "tutorial_loss",
        N_("Loss by the tutorial's formula"),
        decimals=4,
        per_epoch=True,
        default=None,
    ),
    Metric(
        "tutorial_accuracy",
        N_("Accuracy by the tutorial's formula"),
        unit="%",
        decimals=2,
        per_epoch=True,
        default=None,
    ),
    Metric("answers", N_("Answers to the sample digits"), "digits", live=True, default=[]),
    Metric("confidence", N_("Confidence"), "probabilities", live=True, default=[]),
)
BY_NAME = {metric.name: metric for metric in METRICS}
LIVE = tuple(metric for metric in METRICS if metric.live)
COLUMNS = [column for metric in METRICS for column in metric.columns]


def checked_point(value: object) -> Point:
    """A point that was read from a file, with defaults for what it lacks.

    At the end of an epoch it has all metrics; between two ends those of every point. Keys that
    are no metric's stay as they are.

    Raises:
        ValueError: a metric is missing or has an invalid value, or this is no dictionary.
    """
    if not isinstance(value, dict):
        raise ValueError("A point is a JSON object.")
    point = dict(value)
    ends_epoch = bool(value.get("epoch_done"))
    for metric in METRICS:
        if metric.per_epoch and not ends_epoch:
            continue
        if metric.name not in point:
            if metric.required:
                raise ValueError(f"A point has no {metric.name}.")
            default = metric.default
            point[metric.name] = list(default) if isinstance(default, list) else default
        metric.check(point[metric.name])
    return point


def table_row(point: Mapping[str, Any]) -> list[Any]:
    """The values of a point in the order of `COLUMNS`; None where there is no value."""
    return [cell for metric in METRICS for cell in metric.cells(point)]


def live_row(point: Mapping[str, Any]) -> list[Any]:
    """The values of a point for the browser, in the order of `LIVE`; None where it lacks one."""
    return [metric.compact(point[metric.name]) if metric.name in point else None for metric in LIVE]
