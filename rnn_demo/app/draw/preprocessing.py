"""Three ways from a drawing to 28 x 28 pixels, and what the network makes of each."""

import streamlit as st

from rnn_demo.app import images as pictures
from rnn_demo.app.draw.canvas import Drawing
from rnn_demo.app.draw.preprocessing_component import show_journey
from rnn_demo.app.text import _
from rnn_demo.app.theme import palette
from rnn_demo.data import preprocess
from rnn_demo.nn.models import ImageRNN
from rnn_demo.nn.reading import read

WAYS = {
    "The whole canvas, made small": preprocess.resized,
    "The box of the ink, 20 x 20, centred": preprocess.boxed,
    "The box, its centre of mass centred": preprocess.to_mnist,
}


def panel(model: ImageRNN, drawing: Drawing | None) -> None:
    """The three, side by side; it takes a drawing to show them."""
    st.markdown(
        _(
            "MNIST's digits were scaled into a box of 20 x 20 pixels and centred by their mass. "
            "A network trained on them has never seen small or off-centre digits."
        )
    )
    if drawing is None or not preprocess.ink(drawing.rgba).any():
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
