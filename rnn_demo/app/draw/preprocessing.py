"""The panel From drawing to image: three 28 x 28 images of a drawing, and the answer to each."""

import streamlit as st

from rnn_demo.app.draw import figures, sentences
from rnn_demo.app.draw.preprocessing_component import animate
from rnn_demo.app.text import _
from rnn_demo.app.theme import palette
from rnn_demo.data.preprocess import Preprocessing
from rnn_demo.nn.models import ImageRNN
from rnn_demo.nn.reading import read

IMAGE_HEIGHT = 130  # pixels


def panel(model: ImageRNN, preprocessing: Preprocessing | None) -> None:
    """Show the animated steps and the three images.

    Args:
        model: the network.
        preprocessing: of the drawing; None without one.
    """
    st.markdown(
        _(
            "MNIST's digits were scaled into a box of 20 x 20 pixels and centred by their mass. "
            "A network trained on them has never seen small or off-centre digits."
        )
    )
    if preprocessing is None or preprocessing.is_blank:
        st.info(_("Draw a digit to see its three images."))
        return
    images = {
        "shrunk": preprocessing.shrunk_image,
        "boxed": preprocessing.boxed_image,
        "centred": preprocessing.image,
    }
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.markdown(_("**Step by step**"))
        animate(preprocessing, palette(), key="draw/preprocessing")
    for column, (name, image) in zip(right.columns(3), images.items(), strict=True):
        with column:
            title = _(sentences.IMAGES[name])
            st.markdown(f"**{title}**")
            st.plotly_chart(
                figures.digit(image, palette(), height=IMAGE_HEIGHT),
                config={"displayModeBar": False},
                key=f"draw/preprocessing/{name}",
                alt=title,
            )
            st.markdown(sentences.headline(read(model, image).answer))
