"""Grids: the batch of every step as a table to edit, its output as a heatmap."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from rnn_demo.app import heatmap
from rnn_demo.app.errors import escape_markdown
from rnn_demo.app.inside import session
from rnn_demo.app.text import _, sentence
from rnn_demo.app.theme import palette
from rnn_demo.formats.numbers import plain, read_number
from rnn_demo.inside import compute, tables
from rnn_demo.inside.compute import Computation
from rnn_demo.inside.state import MAX_VALUE

_BASE = "inside/grids/base"  # the inputs the editors started from; a new input resets an editor
_SHOWN = "inside/grids/shown"  # the state after the last edit in a grid
_VERSION = "inside/grids/version"


def show() -> None:
    """For every time step, the batch that goes in and the state that comes out."""
    now = session.computation()
    if st.session_state.get(_SHOWN) != now.state:
        # The numbers changed elsewhere: start again from them.
        st.session_state[_SHOWN], st.session_state[_BASE] = now.state, now.X
        st.session_state[_VERSION] = st.session_state.get(_VERSION, 0) + 1
    st.caption(
        _(
            "Double-click a number to change it, or paste cells from a spreadsheet. Values are "
            "from {low:g} to {high:g}; a comma is a decimal point."
        ).format(low=-MAX_VALUE, high=MAX_VALUE)
    )
    if error := session.take_error("grids"):
        st.error(sentence(error))
    for first in range(0, now.state.n_steps, 2):
        steps = range(first, min(first + 2, now.state.n_steps))
        for t, column in zip(steps, st.columns(2, gap="large"), strict=False):
            with column:
                _show_input(now, t)
                _show_output(now, t)


def _show_input(now: Computation, t: int) -> None:
    st.markdown(f"**t = {t}** &nbsp; " + _("the batch `X{t}` goes in").format(t=t))
    key = f"inside/grids/X{t}/{st.session_state[_VERSION]}"
    columns = [f"in {i}" for i in range(now.state.n_inputs)]
    # Cells are text, which `read_number` reads: a number column makes 15 of a pasted "1,5", and
    # the limit of "5k", without a word.
    st.data_editor(
        pd.DataFrame(_texts(st.session_state[_BASE][t].numpy()), columns=columns),
        key=key,
        alt=f"X{t}",
        column_config={
            column: st.column_config.TextColumn(
                _("in {i}").format(i=i), required=True, width="small", alignment="right"
            )
            for i, column in enumerate(columns)
        },
        on_change=_take_edits,
        args=(key, t, columns),
    )
    _show_what_was_read(_typed(key, columns))


def _texts(values: npt.NDArray[np.float32]) -> list[list[str]]:
    """Every number with no more decimals than needed to restore it."""
    return [[np.format_float_positional(value, trim="-") for value in row] for row in values]


def _show_what_was_read(typed: dict[tuple[int, int], str]) -> None:
    """Below a grid, which goes on showing what was typed: decimal commas, and what is wrong."""
    problems = [it for cell, text in typed.items() if (it := tables.cell_problem(text, *cell))]
    if problems:
        kept = _("{problems} Here the network keeps the last valid number.")
        st.error(escape_markdown(kept.format(problems=sentence(tables.joined(problems)))))
    commas = {
        text: read_number(text)
        for cell, text in typed.items()
        if "," in plain(text) and not tables.cell_problem(text, *cell)
    }
    if commas:
        read = _("“{text}” is read as {number:g}.")
        shown = list(commas.items())[: tables.MAX_LISTED_CELLS]
        st.caption(" ".join(read.format(text=text, number=number) for text, number in shown))


def _show_output(now: Computation, t: int) -> None:
    output = now.state.preset.output_name(t)
    st.markdown(_("`{output}` comes out").format(output=output))
    states = now.unrolled.hidden[t]
    st.plotly_chart(
        heatmap.signed(
            states.numpy(),
            palette(),
            row=_("example"),
            column=_("neuron"),
            limit=1.0 if now.state.activation == "tanh" else None,
        ),
        config={"displayModeBar": False},
        alt=_("{output}, examples by neurons: {numbers}").format(
            output=output, numbers=states.tolist()
        ),
    )


def _take_edits(key: str, t: int, columns: list[str]) -> None:
    """Apply the valid edits of one grid."""
    numbers = [
        ("X", (t, *cell), read_number(text))
        for cell, text in _typed(key, columns).items()
        if not tables.cell_problem(text, *cell)
    ]
    if session.go(lambda state: compute.edit(state, numbers), "grids"):
        st.session_state[_SHOWN] = session.now()


def _typed(key: str, columns: list[str]) -> dict[tuple[int, int], str]:
    """The texts that were typed into a grid, by row and column."""
    edited = st.session_state[key]["edited_rows"] if key in st.session_state else {}
    return {
        (int(row), columns.index(column)): "" if text is None else str(text)
        for row, cells in edited.items()
        for column, text in cells.items()
    }
