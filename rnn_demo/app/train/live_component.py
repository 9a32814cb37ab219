"""The curves of training runs, and a dozen digits being learnt, live in the browser."""

import base64
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import streamlit as st

from rnn_demo.app.components import register_joined
from rnn_demo.app.palette import Palette
from rnn_demo.app.train.figures import run_colours
from rnn_demo.app.train.sentences import announcement, epoch_note
from rnn_demo.data.digits import Digits
from rnn_demo.nn.published import (
    EXACT_TEST_ACCURACY,
    TUTORIAL_LOSS,
    TUTORIAL_TEST_ACCURACY,
    TUTORIAL_TRAIN_ACCURACY,
)
from rnn_demo.runs.export import batches_in_epoch
from rnn_demo.runs.metrics import N_SAMPLE_DIGITS
from rnn_demo.runs.store import Run

_CHART = ("train/point_buffer", "train/scale", "train/chart", "train/sample_digits")
_mount_picture = register_joined(
    "train/train",
    "shared/transport",
    "shared/float32",
    "shared/digit_image",
    *_CHART,
    styles=["shared/controls"],
)
_mount_news = register_joined("train/updates")


def picture(*, key: str) -> None:
    """The place of the curves and of the digits; `news` fills it.

    Args:
        key: of this place on the page.
    """
    _mount_picture(key=key, data={})


def news(
    runs: Sequence[Run],
    titles: Sequence[str],
    digits: Digits | None,
    palette: Palette,
    *,
    key: str,
) -> None:
    """Show runs in the picture; only what the browser has not got goes there.

    The browser says from time to time how much it has, see hall_store.js: an update may be lost
    where it is slow, and after a refresh it has nothing.

    Args:
        runs: the first is the one that is looked at, the others are compared with it; none for
            the tutorial's curves alone.
        titles: what the runs are called.
        digits: test digits; the first dozen is what the runs tell about.
        palette: light or dark.
        key: of this place on the page.
    """
    kept: dict[str, int] = st.session_state.setdefault(_kept(key), {})
    epochs: dict[str, Any] = st.session_state.setdefault(f"{key}/epochs", {})
    shown = [
        _news(run, kept, epochs) | {"name": title, "colour": colour}
        for run, title, colour in zip(runs, titles, run_colours(palette, len(runs)), strict=True)
    ]
    _mount_news(
        key=key,
        data={
            "palette": asdict(palette),
            "epochs": max([run.recipe.epochs for run in runs], default=len(TUTORIAL_LOSS)),
            "state": runs[0].status().state if runs else "",
            "printed": {
                "loss": TUTORIAL_LOSS,
                "accuracy": TUTORIAL_TRAIN_ACCURACY,
                "test": TUTORIAL_TEST_ACCURACY,
                "exact": EXACT_TEST_ACCURACY,
            },
            "runs": shown,
            "digits": _dozen(digits, kept),
            **_sentences(runs, epochs.get(shown[0]["curve"]) if shown else None),
        },
        on_kept_change=lambda: _remember(key),
        height=1,
    )


def _kept(key: str) -> str:
    """Where the session keeps what the browser has: points of curves, and whose digits."""
    return f"{key}/acknowledged"


def _remember(key: str) -> None:
    """Note what a browser says it has; whatever it says, only its own picture depends on it."""
    said = st.session_state[key].kept
    counts = said.items() if isinstance(said, dict) else ()
    st.session_state[_kept(key)] = {
        name: count for name, count in counts if isinstance(count, int) and count >= 0
    }


def _news(run: Run, kept: dict[str, int], epochs: dict[str, Any]) -> dict[str, Any]:
    """What is new of a run; its last whole epoch goes into `epochs`."""
    curve = f"{run.id}/{run.status().attempts}"  # in another life, its points may be others
    base = kept.get(curve, 0)
    points = run.metrics(base)
    done = [point for point in points if point["epoch_done"]]
    if done:
        epochs[curve] = done[-1]
    in_epoch = batches_in_epoch(run.recipe)
    return {
        "curve": curve,
        "tested": run.status().test_accuracy,
        "changes": [[change.step / in_epoch, change.learning_rate] for change in run.changes()],
        "base": base,
        "points": [_row(point) for point in points],
    }


def _sentences(runs: Sequence[Run], epoch: dict[str, Any] | None) -> dict[str, str]:
    """The note under the charts and the announcement for screen readers.

    Args:
        runs: the selected run first.
        epoch: the point at the end of its last whole epoch; None before the first.
    """
    if not runs:
        return {"note": "", "announcement": ""}
    recipe = runs[0].recipe
    return {
        "note": epoch_note(recipe, epoch) if len(runs) == 1 else "",
        "announcement": announcement(runs[0].status(), recipe.epochs, epoch),
    }


def _row(point: dict[str, Any]) -> list[Any]:
    """A point as the browser keeps it, see hall_store.js."""
    numbers = [point[name] for name in ("loss", "accuracy", "learning_rate", "gradient_norm")]
    row = [
        round(point["step"], 4),
        *(None if number is None else float(f"{number:.6g}") for number in numbers),
        point["answers"],
        # Rounded down: 99.9 % is not certainty.
        [int(100 * confidence) for confidence in point["confidence"]],
    ]
    if point["epoch_done"]:
        row += [point["validation_loss"], point["validation_accuracy"]]
    return row


def _dozen(digits: Digits | None, kept: dict[str, int]) -> dict[str, Any]:
    """The first test digits, with their images if the browser has not got them."""
    if digits is None:
        return {"source": ""}
    if f"digits/{digits.source}" in kept:
        return {"source": digits.source}
    return {
        "source": digits.source,
        "images": base64.b64encode(digits.images[:N_SAMPLE_DIGITS].tobytes()).decode(),
        "labels": digits.labels[:N_SAMPLE_DIGITS].tolist(),
    }
