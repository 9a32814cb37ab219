"""Grids: the batch of every step as a table to edit, its output as a heatmap."""

import pandas as pd
import streamlit as st

from rnn_demo.app import heatmap
from rnn_demo.app.inside import session
from rnn_demo.app.text import _, sentence
from rnn_demo.app.theme import palette
from rnn_demo.inside import compute
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
            "Double-click a number to change it. Values outside {low:g} to {high:g} are clipped; "
            "text is ignored."
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
    st.data_editor(
        pd.DataFrame(st.session_state[_BASE][t].numpy(), columns=columns),
        key=key,
        alt=f"X{t}",
        column_config={
            column: st.column_config.NumberColumn(
                _("in {i}").format(i=i),
                required=True,
                min_value=-MAX_VALUE,
                max_value=MAX_VALUE,
                width="small",
            )
            for i, column in enumerate(columns)
        },
        on_change=_take_edits,
        args=(key, t, columns),
    )


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
    """Apply the edits of one grid."""
    numbers = [
        ("X", (t, int(row), columns.index(column)), value)
        for row, cells in st.session_state[key]["edited_rows"].items()
        for column, value in cells.items()
    ]
    if session.go(lambda state: compute.edit(state, numbers), "grids"):
        st.session_state[_SHOWN] = session.now()
