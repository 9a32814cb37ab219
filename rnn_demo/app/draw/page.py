"""The page Draw: draw a digit, and watch a network read it row by row.

It is the first page a visitor sees, so it is on screen before torch and NumPy are imported: what
it shows at first is stored, see `first_reading`. Whatever computes is imported when it is needed.
"""

import streamlit as st

from rnn_demo.app import address
from rnn_demo.app.components import ASSETS
from rnn_demo.app.draw import canvas, choices, inputs, link, readings
from rnn_demo.app.draw.inputs import Input
from rnn_demo.app.draw.keys import NETWORK
from rnn_demo.app.draw.reading_component import shared_row, show_reading
from rnn_demo.app.errors import escape_markdown, show_errors
from rnn_demo.app.frame import lead_on, open_page
from rnn_demo.app.text import _
from rnn_demo.app.theme import palette

READING = "draw/reading"  # the component
SHARED_ROW = "draw/shared_row"  # the row to share; set when the visitor asks for a link


def select_input(kind: str) -> Input:
    """Show the canvas, or the test digits; return what is read."""
    if kind == "drawing":
        return inputs.drawn()
    from rnn_demo.app.draw import digit_gallery, model_picker

    return digit_gallery.pick(kind, model_picker.load(NETWORK))


def show_panel(name: str, given: Input) -> None:
    """What stands in the place of the figures."""
    from rnn_demo.app.draw import attribution, model_picker, preprocessing

    model = model_picker.load(NETWORK).model
    if name == "attribution":
        attribution.panel(model, given.image, given.drawing)
    else:
        preprocessing.panel(model, given.preprocessing)


def share() -> None:
    """Have the link shown."""
    st.session_state[SHARED_ROW] = shared_row(READING)


@st.fragment
def page() -> None:
    """Show input and reading; a stroke reruns only this."""
    with st.container(key="draw-page"):
        input_area = st.container(key="draw-input-area", gap="xsmall")
        with st.container(key="draw-output-area", gap="xsmall"):
            choice_area = st.container(key="draw-choice-area", gap="xsmall")
            reading_area = st.container(key="draw-reading-area", gap="xsmall")
            panel_area = st.container(key="draw-panel-area", gap="xsmall")
        tools_area = st.container(key="draw-tools-area", gap="xsmall")
    with input_area:
        with st.container(key="tools-draw-source"):
            kind = choices.select_source()
        given = select_input(kind)
    with choice_area, st.container(key="tools-draw-panel"):
        panel = choices.select_panel()
    with reading_area, show_errors():
        first = readings.reading_of(given)
        with choice_area:
            shown = [first, readings.compared(given)] if panel == "comparison" else [first]
        place = f"{readings.selected_network()} {given.place}"
        show_reading(
            shown,
            palette(),
            key=READING,
            place=place,
            label=given.label,
            row=link.row_for(place),
            answer_only=panel in ("attribution", "preprocessing"),
            on_share=share,
        )
    if panel in ("attribution", "preprocessing"):
        with panel_area:
            show_panel(panel, given)
    with tools_area, st.container(key="tools-draw-tools", gap="xsmall"):
        if kind == "drawing":
            canvas.examples()
        choices.show_tools()
        st.caption(_("Network: {title}").format(title=escape_markdown(first[0])))
    link.write(place)
    if (row := st.session_state.pop(SHARED_ROW, None)) is not None:
        link.show_dialog(row)


open_page(
    "draw",
    _("Draw a digit"),
    _("A [[recurrent network]] reads a digit one row at a time. Draw one."),
)
st.html(ASSETS / "draw" / "page.css")
link.receive()
address.took_over()
page()
lead_on(_("How does it do that? Look inside."), "inside")
