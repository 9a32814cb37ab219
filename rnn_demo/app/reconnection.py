"""When the connection comes back, the page runs again by itself.

A new server, or one that a phone lost for more than two minutes, knows nothing of the visitor. The
browser still shows the old page, whose widgets nobody listens to: the first click or the first
number would be lost. A run beforehand takes everything from the address, see
`rnn_demo.app.address`, and from the widgets, which the browser sends along.
"""

import streamlit as st

_DAY_S = 86_400


@st.fragment(run_every=_DAY_S)
def run_again() -> None:
    """Ask the browser for that run.

    Streamlit's browser part asks for one whenever the page has a fragment that runs at an interval.
    """
