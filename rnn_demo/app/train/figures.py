"""Figures of trained networks, and the colours that tell several runs apart."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rnn_demo.app.theme import DARK, Palette

# Beside the palette's own. Told apart by colour-blind eyes too, after Okabe and Ito, "Color
# Universal Design", 2008; darker on a light page, lighter on a dark one.
_ON_LIGHT = ("#0067a5", "#00805a", "#b0528c", "#8a6d00", "#2f9bcf", "#55606b", "#6d3fc4")
_ON_DARK = ("#5cb3f0", "#2fc79a", "#e08fc2", "#e3c64a", "#9adcff", "#b4bec8", "#b79bff")
MOST_RUNS = 1 + len(_ON_LIGHT)


def run_colours(palette: Palette, n: int) -> list[str]:
    """Colours for so many runs, hexadecimal, the first one for the run that matters.

    Args:
        palette: light or dark.
        n: how many, at most `MOST_RUNS`.
    """
    return [palette.lead, *(_ON_DARK if palette == DARK else _ON_LIGHT)][:n]


def confusion(counts: Sequence[Sequence[int]], palette: Palette) -> go.Figure:
    """Which digits were taken for which: what is right in blue, mistakes in orange.

    Args:
        counts: 10 rows of 10, a row for each right digit, a column for each answer.
        palette: light or dark.
    """
    table = np.array(counts)
    right = np.eye(len(table), dtype=bool)
    # Pale where it is right, so that the few mistakes are what stands out.
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
            hovertemplate="a %{y} taken for a %{x}: <b>%{customdata}</b><extra></extra>",
            xgap=1,
            ygap=1,
        )
    )
    figure.update_layout(height=330, margin={"l": 8, "r": 8, "t": 4, "b": 44}, dragmode=False)
    plain = {"showgrid": False, "zeroline": False, "fixedrange": True, "dtick": 1}
    figure.update_xaxes(title="taken for", **plain)
    figure.update_yaxes(title="digit", autorange="reversed", **plain)
    return figure


def accuracy_by_class(counts: Sequence[Sequence[int]], palette: Palette) -> go.Figure:
    """How many of each digit were read right, percent, from the same counts as `confusion`."""
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
            hovertemplate="%{x:.2f} % of all %{y} are read right<extra></extra>",
        )
    )
    figure.update_layout(height=330, margin={"l": 8, "r": 8, "t": 4, "b": 44}, dragmode=False)
    span = max(100 - lowest, 1)
    figure.update_xaxes(
        title="read right, %",
        range=[lowest - 0.4 * span, 100 + 0.08 * span],
        # What is left of the lowest is room for numbers.
        tickvals=list(range(0, 101, 20)) if lowest < 0.4 * span else None,
        fixedrange=True,
    )
    figure.update_yaxes(
        title="digit", autorange="reversed", dtick=1, fixedrange=True, zeroline=False
    )
    return figure


def confusion_in_words(counts: Sequence[Sequence[int]]) -> str:
    """What `confusion` shows, for those who do not see it: what is mixed up most."""
    table = np.array(counts)
    np.fill_diagonal(table, 0)
    most = np.argsort(-table, axis=None, kind="stable")[:5]
    told = [
        f"{digit} taken for {answer} {table[digit, answer]} times"
        for digit, answer in zip(*np.unravel_index(most, table.shape), strict=True)
        if table[digit, answer]
    ]
    return f"Most often mixed up: {', '.join(told) or 'nothing'}."


def accuracy_in_words(counts: Sequence[Sequence[int]]) -> str:
    """What `accuracy_by_class` shows, for those who do not see it."""
    told = [f"{100 * row[i] / max(1, sum(row)):.1f} % of all {i}" for i, row in enumerate(counts)]
    return f"Read right: {', '.join(told)}."
