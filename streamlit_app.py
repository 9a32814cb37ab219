"""The app: page configuration and navigation, nothing else."""

import streamlit as st

from rnn_demo.warmup import housekeeping, prepare, warm_up

if __name__ == "__main__":  # for a visitor, on every run
    PAGES = [
        st.Page("rnn_demo/pages/toy.py", title="Flow lab", icon=":material/hub:", default=True),
        st.Page("rnn_demo/pages/digits.py", title="Digits", icon=":material/grid_view:"),
        st.Page("rnn_demo/pages/train.py", title="Train", icon=":material/show_chart:"),
        st.Page("rnn_demo/pages/draw.py", title="Draw and read", icon=":material/draw:"),
    ]
    st.set_page_config("RNN demo", page_icon="🔁", layout="wide")
    st.navigation(PAGES, position="hidden" if st.context.is_embedded else "top").run()
    warm_up()
else:  # for the server, once, before there is a visitor
    prepare()
    app = st.App(__file__, lifespan=housekeeping)
