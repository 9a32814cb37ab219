"""Figures of what a trained network gets right and wrong, and the colours of compared runs."""

from collections.abc import Sequence

import numpy as np
import pandas as pd  # noqa: F401 (Plotly breaks while another thread imports it)
import plotly.graph_objects as go

from rnn_demo.app.text import _, n_
from rnn_demo.app.theme import DARK, Palette

# The colours of compared runs. Colour-blind eyes can tell them apart too, after Okabe and Ito,
# "Color Universal Design", 2008; darker on a light page, lighter on a dark one.
_ON_LIGHT = ("#0067a5", "#00805a", "#b0528c", "#8a6d00", "#2f9bcf", "#55606b", "#6d3fc4")
_ON_DARK = ("#5cb3f0", "#2fc79a", "#e08fc2", "#e3c64a", "#9adcff", "#b4bec8", "#b79bff")
MAX_RUNS = 1 + len(_ON_LIGHT)
_MAX_MISTAKES_IN_WORDS = 5


def run_colours(palette: Palette, n: int) -> list[str]:
    """`n` different colours, hexadecimal; the first is for the selected run.

    Args:
        palette: light or dark.
        n: number of runs, at most `MAX_RUNS`.
    """
    return [palette.lead, *(_ON_DARK if palette == DARK else _ON_LIGHT)][:n]


def confusion(counts: Sequence[Sequence[int]], palette: Palette) -> go.Figure:
    """The confusion matrix as a heatmap: right answers in blue, mistakes in orange.

    Args:
        counts: 10 rows of 10, a row for each true digit, a column for each answer.
        palette: light or dark.
    """
    table = np.array(counts)
    right = np.eye(len(table), dtype=bool)
    # Right answers are pale, so that the few mistakes stand out.
    shades = 0.65 * table / max(1, table[~right].max())
    shades[right] = -0.45 * table[right] / np.maximum(1, table.sum(axis=1))
    figure = go.Figure(
        go.Heatmap(
            z=shades.tolist(),
            text=[[str(count) if count else "" for count in row] for row in table.tolist()],
            customdata=table.tolist(),
            zmin=-1,
            zmax=1,
            colorscale=palette.diverging,
            showscale=False,
            texttemplate="%{text}",
            textfont={"size": 11, "color": palette.text},
            hovertemplate=_("{digit} read as {answer}: {count}").format(
                digit="%{y}", answer="%{x}", count="<b>%{customdata}</b>"
            )
            + "<extra></extra>",
            xgap=1,
            ygap=1,
        )
    )
    figure.update_layout(height=330, margin={"l": 8, "r": 8, "t": 4, "b": 44}, dragmode=False)
    plain = {"showgrid": False, "zeroline": False, "fixedrange": True, "dtick": 1}
    figure.update_xaxes(title=_("read as"), **plain)
    figure.update_yaxes(title=_("digit"), autorange="reversed", **plain)
    return figure


def accuracy_by_class(counts: Sequence[Sequence[int]], palette: Palette) -> go.Figure:
    """The share of each digit that was read correctly, percent; counts as for `confusion`."""
    table = np.array(counts)
    shares = 100 * table.diagonal() / np.maximum(1, table.sum(axis=1))
    lowest = float(shares.min())
    figure = go.Figure(
        go.Scatter(
            x=shares.tolist(),
            y=list(range(len(table))),
            mode="markers+text",
            marker={"size": 9, "color": palette.lead},
            text=[f"{share:.1f}" for share in shares],
            textposition="middle left",
            hovertemplate=_("{digit}: {share} % read correctly").format(
                digit="%{y}", share="%{x:.2f}"
            )
            + "<extra></extra>",
        )
    )
    figure.update_layout(height=330, margin={"l": 8, "r": 8, "t": 4, "b": 44}, dragmode=False)
    span = max(100 - lowest, 1)
    figure.update_xaxes(
        title=_("accuracy, %"),
        range=[lowest - 0.4 * span, 100 + 0.08 * span],
        # No ticks left of the lowest point: the numbers stand there.
        tickvals=list(range(0, 101, 20)) if lowest < 0.4 * span else None,
        fixedrange=True,
    )
    figure.update_yaxes(
        title=_("digit"), autorange="reversed", dtick=1, fixedrange=True, zeroline=False
    )
    return figure


def confusion_in_words(counts: Sequence[Sequence[int]]) -> str:
    """The text alternative of `confusion`: the most frequent mistakes."""
    table = np.array(counts)
    np.fill_diagonal(table, 0)
    most = np.argsort(-table, axis=None, kind="stable")[:_MAX_MISTAKES_IN_WORDS]
    mistakes = [
        n_("{digit} read as {answer}: once", "{digit} read as {answer}: {n} times", int(n)).format(
            digit=digit, answer=answer, n=n
        )
        for digit, answer in zip(*np.unravel_index(most, table.shape), strict=True)
        if (n := table[digit, answer])
    ]
    if not mistakes:
        return _("Confusion matrix. No digit was misread.")
    return _("Confusion matrix. Most frequent mistakes: {mistakes}.").format(
        mistakes="; ".join(mistakes)
    )


def accuracy_in_words(counts: Sequence[Sequence[int]]) -> str:
    """The text alternative of `accuracy_by_class`."""
    shares = [
        f"{digit}: {100 * row[digit] / max(1, sum(row)):.1f} %" for digit, row in enumerate(counts)
    ]
    return _("Accuracy by digit. {shares}.").format(shares="; ".join(shares))
