"""The app: page configuration and navigation, nothing else."""

import streamlit as st

from rnn_demo.app.routes import routes
from rnn_demo.app.startup import housekeeping, prepare, warm_up

if __name__ == "__main__":  # for a visitor, on every run
    PAGES = [
        st.Page("rnn_demo/app/inside/page.py", title="Inside", icon=":material/hub:", default=True),
        st.Page(
            "rnn_demo/app/digits/page.py",
            title="Digits",
            icon=":material/grid_view:",
            url_path="digits",
        ),
        st.Page(
            "rnn_demo/app/train/page.py",
            title="Train",
            icon=":material/show_chart:",
            url_path="train",
        ),
        st.Page("rnn_demo/app/draw/page.py", title="Draw", icon=":material/draw:", url_path="draw"),
    ]
    st.set_page_config("RNN demo", page_icon="🔁", layout="wide")
    st.navigation(PAGES, position="hidden" if st.context.is_embedded else "top").run()
    warm_up()
else:  # for the server, once, before there is a visitor
    prepare()
    app = st.App(__file__, lifespan=housekeeping, routes=routes())
