"""The live charts: the curves of training runs, and sample digits being learnt, in the browser."""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import streamlit as st

from rnn_demo.app.components import register, reported
from rnn_demo.app.glossary import terms
from rnn_demo.app.presenter import presenting
from rnn_demo.app.theme import Palette
from rnn_demo.app.train.charts import TERMS, chart_text, charts
from rnn_demo.app.train.figures import run_colours
from rnn_demo.app.train.headline import headline, note
from rnn_demo.app.train.recipes import recipe_of
from rnn_demo.app.train.sentences import announcement
from rnn_demo.data.digits import Digits
from rnn_demo.nn.published import TUTORIAL_LOSS
from rnn_demo.runs.run import Snapshot
from rnn_demo.training.metrics import LIVE, N_SAMPLE_DIGITS, Point, live_row
from rnn_demo.training.resources import batches_in_epoch

_mount = register(
    "train",
    module="train/train.js",
    html="train/train.html",
    css=["shared/controls.css", "shared/terms.css", "train/train.css"],
    height_px=500,
)


def live_charts(
    runs: Sequence[Snapshot],
    titles: Sequence[str],
    test: Digits | None,
    palette: Palette,
    *,
    show_tutorial: bool,
    key: str,
) -> None:
    """Show the curves of runs; only what the browser does not have yet is sent.

    The browser acknowledges what it has, see assets/train/point_buffer.js: a slow browser may
    skip an update, and after a refresh it has nothing.

    Args:
        runs: the selected one first, then those it is compared with; without any, the tutorial's
            curve is shown alone.
        titles: of the runs.
        test: test digits; the first ones are the sample digits. None if they are not on disk.
        palette: light or dark.
        show_tutorial: draw the tutorial's published run; it is always drawn before the first point.
        key: of this component.
    """
    acknowledged: dict[str, int] = st.session_state.get(_acknowledged(key), {})
    ends: dict[str, Point] = st.session_state.setdefault(f"{key}/epochs", {})
    colours = run_colours(palette, len(runs))
    sent = [
        _run(run, acknowledged, ends) | {"name": title, "colour": colour}
        for run, title, colour in zip(runs, titles, colours, strict=True)
    ]
    selected = runs[0] if runs else None
    end = ends.get(_curve(selected)) if selected else None
    _mount(
        key=key,
        data={
            "palette": asdict(palette),
            "columns": [metric.name for metric in LIVE],
            "n_epochs": max([recipe_of(run).epochs for run in runs], default=len(TUTORIAL_LOSS)),
            "runs": sent,
            "words": _words(acknowledged),
            "digits": _sample_digits(test, acknowledged),
            "header": headline(selected, titles[0] if titles else "", end),
            "note": note(selected, end),
            "announcement": announcement(selected, end) if selected else "",
            "show_tutorial": show_tutorial,
            "presenting": presenting(),
        },
        on_acknowledged_change=lambda: _acknowledge(key),
    )


def _acknowledged(key: str) -> str:
    """The session key of what the browser has: the number of points by curve, digits, words."""
    return f"{key}/acknowledged"


def _acknowledge(key: str) -> None:
    """Keep what a browser says it has. If that is wrong, only its own charts are."""
    counts = reported(key, "acknowledged")
    if isinstance(counts, dict):
        st.session_state[_acknowledged(key)] = {
            name: count for name, count in counts.items() if isinstance(count, int) and count >= 0
        }


def _curve(run: Snapshot) -> str:
    """The name of a curve. In a new attempt the points may be others."""
    return f"{run.id}/{run.status.attempts}"


def _run(run: Snapshot, acknowledged: dict[str, int], ends: dict[str, Point]) -> dict[str, Any]:
    """What is new of a run; the end of its last whole epoch goes into `ends`, by curve."""
    curve = _curve(run)
    base = acknowledged.get(curve, 0)
    points = run.run.points(base)
    whole = [point for point in points if point["epoch_done"]]
    if whole:
        ends[curve] = whole[-1]
    n_batches = batches_in_epoch(recipe_of(run))
    return {
        "curve": curve,
        "test_accuracy": run.status.test_accuracy,
        "changes": [[change.step / n_batches, change.learning_rate] for change in run.changes],
        "base": base,
        "points": [live_row(point) for point in points],
    }


def _words(acknowledged: dict[str, int]) -> dict[str, Any]:
    """What is the same for every run, if the browser does not have it: charts, texts and terms."""
    words = {"text": chart_text(), "terms": terms(*TERMS), "charts": charts()}
    name = hashlib.sha256(json.dumps(words).encode()).hexdigest()[:16]
    return {"name": name} if f"words/{name}" in acknowledged else {"name": name} | words


def _sample_digits(test: Digits | None, acknowledged: dict[str, int]) -> dict[str, Any]:
    """The sample digits, with their images if the browser does not have them."""
    if test is None:
        return {"source": ""}
    if f"digits/{test.source}" in acknowledged:
        return {"source": test.source}
    return {
        "source": test.source,
        "images": base64.b64encode(test.images[:N_SAMPLE_DIGITS].tobytes()).decode(),
        "labels": test.labels[:N_SAMPLE_DIGITS].tolist(),
    }
