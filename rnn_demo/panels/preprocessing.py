"""Three ways from a drawing to 28 x 28 pixels, and what the network makes of each."""

import streamlit as st

from rnn_demo import texts
from rnn_demo.components.journey import show_journey
from rnn_demo.digits import ink
from rnn_demo.figures import digits as pictures
from rnn_demo.models import ImageRNN
from rnn_demo.panels.canvas import Drawing
from rnn_demo.reading import read
from rnn_demo.theme import palette

WAYS = {
    "The whole canvas, made small": ink.resized,
    "The box of the ink, 20 x 20, centred": ink.boxed,
    "The box, its centre of mass centred": ink.to_mnist,
}


def panel(model: ImageRNN, drawing: Drawing | None) -> None:
    """The three, side by side; it takes a drawing to show them."""
    st.markdown(texts.load("preprocessing"))
    if drawing is None or not ink.ink(drawing.rgba).any():
        st.info("Draw a digit to see its three images.")
        return
    film, *columns = st.columns(4)
    with film:
        st.markdown("**The way, step by step**")
        show_journey(drawing.rgba, palette(), key="preprocessing/journey")
    for column, (name, make) in zip(columns, WAYS.items(), strict=True):
        with column:
            image = make(drawing.rgba)
            st.markdown(f"**{name}**")
            st.plotly_chart(
                pictures.digit(image, palette(), height=220),
                config={"displayModeBar": False},
                key=f"preprocessing/{name}",
                alt=name,
            )
            st.markdown(read(model, image).answer)
