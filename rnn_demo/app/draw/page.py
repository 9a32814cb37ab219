"""The page Draw: draw a digit, and watch a network read it row by row.

It is the first page a visitor sees, so it is on screen before torch and NumPy are imported: what
it shows at first is stored, see `first_reading`. Whatever computes is imported when it is needed.
"""

from typing import Any

import streamlit as st

from rnn_demo.app.components import ASSETS
from rnn_demo.app.draw import canvas, first_reading, inputs, link, sentences
from rnn_demo.app.draw.first_reading import FIRST_NETWORK
from rnn_demo.app.draw.inputs import Input
from rnn_demo.app.draw.keys import NETWORK, PANEL, SECOND_NETWORK, SOURCE
from rnn_demo.app.draw.reading_component import shared_row, show_reading
from rnn_demo.app.errors import escape_markdown, show_errors
from rnn_demo.app.frame import lead_on, open_page
from rnn_demo.app.startup import heavy_imports
from rnn_demo.app.text import _
from rnn_demo.app.theme import palette

LAYOUT = ASSETS / "draw" / "page.css"
READING = "draw/reading"  # the component
SHARED_ROW = "draw/shared_row"  # the row to share; set when the visitor asks for a link
TOOLS = "draw/tools"  # whether the tools are open


def select_source() -> str:
    """Let the visitor choose what is read: "drawing", "digit" or "mistake"."""
    # Without `default`: a link sets the value too, and Streamlit warns about both.
    st.session_state.setdefault(SOURCE, "drawing")
    kind = st.segmented_control(
        _("What to read"),
        sentences.SOURCES,
        required=True,
        format_func=lambda name: _(sentences.SOURCES[name]),
        key=SOURCE,
        persist_state="session",
        label_visibility="collapsed",
    )
    assert kind is not None  # it is required
    return kind


def select_panel() -> str:
    """Let the visitor choose what stands beside the drawing."""
    st.session_state.setdefault(PANEL, "rows")
    panel = st.segmented_control(
        _("What to look at"),
        sentences.PANELS,
        required=True,
        format_func=lambda name: _(sentences.PANELS[name]),
        key=PANEL,
        persist_state="session",
        label_visibility="collapsed",
        wrap=True,
    )
    assert panel is not None  # it is required
    return panel


def select_input(kind: str) -> Input:
    """Show the canvas, or the test digits; return what is read."""
    if kind == "drawing":
        return inputs.drawn()
    from rnn_demo.app.draw import digit_gallery, model_picker

    return digit_gallery.pick(kind, model_picker.load(NETWORK))


def show_tools() -> None:
    """The pen and the network; the list of networks needs torch, so the first page has none."""
    tools = st.popover(_("Pen and network"), icon=":material/tune:", key=TOOLS, on_change="rerun")
    if tools.open or heavy_imports.are_imported():
        from rnn_demo.app.draw import model_picker

        with tools:
            canvas.pen()
            model_picker.choose(_("Network"), NETWORK)
            model_picker.upload()


def reading_of(given: Input) -> tuple[str, dict[str, Any]]:
    """The title of the network and its reading."""
    if st.session_state.get(NETWORK, FIRST_NETWORK) == FIRST_NETWORK:
        stored = first_reading.load()
        title = sentences.titled(**stored["network"])
        if given.place == inputs.EXAMPLE:
            return title, stored["reading"]
    return computed(given, NETWORK)


def computed(given: Input, network: str) -> tuple[str, dict[str, Any]]:
    """The title of the network that a list has selected, and its reading."""
    from rnn_demo.app.draw import model_picker
    from rnn_demo.app.draw.payload import payload
    from rnn_demo.nn.reading import read

    loaded = model_picker.load(network)
    return loaded.title, payload(given.image, read(loaded.model, given.image))


def compared(given: Input) -> tuple[str, dict[str, Any]]:
    """The list for the second network, and its reading."""
    from rnn_demo.app.draw import model_picker

    first = st.session_state.get(NETWORK, FIRST_NETWORK)
    with st.container(horizontal=True, vertical_alignment="center", key="tools-draw-compare"):
        st.markdown(_("Compare with"), width="content")
        model_picker.choose(_("Compare with"), SECOND_NETWORK, unlike=first, show_label=False)
    return computed(given, SECOND_NETWORK)


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
            kind = select_source()
        given = select_input(kind)
    with choice_area, st.container(key="tools-draw-panel"):
        panel = select_panel()
    with reading_area, show_errors():
        first = reading_of(given)
        with choice_area:
            readings = [first, compared(given)] if panel == "comparison" else [first]
        place = f"{st.session_state.get(NETWORK, FIRST_NETWORK)} {given.place}"
        show_reading(
            readings,
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
        show_tools()
        st.caption(_("Network: {title}").format(title=escape_markdown(first[0])))
    link.write(place)
    if (row := st.session_state.pop(SHARED_ROW, None)) is not None:
        link.show_dialog(row)


open_page(
    "draw",
    _("Draw a digit"),
    _("A [[recurrent network]] reads a digit one row at a time. Draw one."),
)
st.html(LAYOUT)
link.receive()
page()
lead_on(_("How does it do that? Look inside."), "inside")
