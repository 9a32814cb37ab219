"""The app: page configuration and navigation, nothing else."""

import streamlit as st

from rnn_demo.app.routes import routes
from rnn_demo.app.startup import housekeeping, prepare, warm_up
from rnn_demo.app.text import _
from rnn_demo.messages import N_

# The title and icon of each page, by its folder in rnn_demo/app; the first is the landing page.
PAGES = {
    "inside": (N_("Inside"), ":material/hub:"),
    "digits": (N_("Digits"), ":material/grid_view:"),
    "train": (N_("Train"), ":material/show_chart:"),
    "draw": (N_("Draw"), ":material/draw:"),
}

if __name__ == "__main__":  # for a visitor, on every run
    st.set_page_config("RNN demo", page_icon="🔁", layout="wide")
    pages = [
        st.Page(
            f"rnn_demo/app/{name}/page.py",
            title=_(title),
            icon=icon,
            url_path=name,
            default=name == "inside",
        )
        for name, (title, icon) in PAGES.items()
    ]
    st.navigation(pages, position="hidden" if st.context.is_embedded else "top").run()
    warm_up()
else:  # for the server, once, before there is a visitor
    prepare()
    app = st.App(__file__, lifespan=housekeeping, routes=routes())
