"""The batches of the flow lab in grids, and what comes out of each step as a heatmap."""

import pandas as pd
import streamlit as st

from rnn_demo.app import heatmap
from rnn_demo.app.inside import session
from rnn_demo.app.theme import palette
from rnn_demo.inside import compute
from rnn_demo.inside.compute import Lab
from rnn_demo.inside.state import MAX_VALUE

_BASE = "lab/grids/base"  # the inputs the editors began with: one whose input changes forgets
_SHOWN = "lab/grids/shown"  # the state after the last edit made in a grid
_VERSION = "lab/grids/version"


def grids(shown: Lab) -> None:
    """For every time step the batch that goes in, to edit, and the state that comes out."""
    if st.session_state.get(_SHOWN) != shown.state:
        # Something else changed the numbers: begin anew from them.
        st.session_state[_SHOWN], st.session_state[_BASE] = shown.state, shown.X
        st.session_state[_VERSION] = st.session_state.get(_VERSION, 0) + 1
    st.caption(
        f"Double-click a number to change it, from -{MAX_VALUE:g} to {MAX_VALUE:g}; a grid cuts "
        "off what is larger and refuses text."
    )
    for first in range(0, shown.state.n_steps, 2):
        steps = range(first, min(first + 2, shown.state.n_steps))
        for t, column in zip(steps, st.columns(2, gap="large"), strict=False):
            with column:
                _step(shown, t)


def _step(shown: Lab, t: int) -> None:
    output = shown.state.preset.output_name(t)
    st.markdown(f"**t = {t}** &nbsp; the batch `X{t}` goes in")
    key = f"lab/grids/X{t}/{st.session_state[_VERSION]}"
    columns = [f"in {i}" for i in range(shown.state.n_inputs)]
    number = st.column_config.NumberColumn(
        required=True, min_value=-MAX_VALUE, max_value=MAX_VALUE, width="small"
    )
    st.data_editor(
        pd.DataFrame(st.session_state[_BASE][t].numpy(), columns=columns),
        key=key,
        alt=f"X{t}",
        column_config=dict.fromkeys(columns, number),
        on_change=_edited,
        args=(key, t, columns),
    )
    st.markdown(f"`{output}` comes out")
    states = shown.unrolled.hidden[t]
    st.plotly_chart(
        heatmap.signed(
            states.numpy(), palette(), limit=1.0 if shown.state.activation == "tanh" else None
        ),
        config={"displayModeBar": False},
        alt=f"{output}, instances by neurons: {states.tolist()}",
    )


def _edited(key: str, t: int, columns: list[str]) -> None:
    """Take the edits of one grid over into the lab."""
    numbers = [
        ("X", (t, int(row), columns.index(column)), value)
        for row, cells in st.session_state[key]["edited_rows"].items()
        for column, value in cells.items()
    ]
    if session.go(lambda: compute.edit(session.now(), numbers)):
        st.session_state[_SHOWN] = session.now()
