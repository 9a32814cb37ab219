"""The app: page configuration and navigation, nothing else."""

import streamlit as st

from rnn_demo.app import frame, presenter
from rnn_demo.app.middleware import middleware
from rnn_demo.app.routes import routes
from rnn_demo.app.startup import housekeeping, prepare, warm_up
from rnn_demo.app.text import _
from rnn_demo.messages import N_

# The title and icon of each page, by its folder in rnn_demo/app; the first is the landing page.
PAGES = {
    "draw": (N_("Draw"), ":material/draw:"),
    "inside": (N_("Inside"), ":material/hub:"),
    "digits": (N_("Digits"), ":material/grid_view:"),
    "train": (N_("Train"), ":material/show_chart:"),
    "glossary": (N_("Glossary"), ":material/menu_book:"),
}

if __name__ == "__main__":  # for a visitor, on every run
    st.set_page_config("RNN demo", page_icon="🔁", layout="wide")
    presenter.receive()
    pages = [
        st.Page(
            f"rnn_demo/app/{name}/page.py",
            title=_(title),
            icon=icon,
            url_path=name,
            default=name == "draw",
        )
        for name, (title, icon) in PAGES.items()
    ]
    plain = st.context.is_embedded or presenter.presenting()
    page = st.navigation(pages, position="hidden" if plain else "top")
    if page.url_path == "" and "state" in st.query_params:  # a link made when Inside was here
        st.switch_page(pages[1], query_params=st.query_params.to_dict())
    try:
        page.run()
    finally:  # also under an error, with which a page ends
        if st.context.is_embedded:
            frame.show_ways(other for other in pages if other != page)
    warm_up()
else:  # for the server, once, before there is a visitor
    prepare()
    app = st.App(__file__, lifespan=housekeeping, routes=routes(), middleware=middleware())
