"""Choose a test digit, or one of the network's mistakes, from images."""

import base64
from collections.abc import Sequence

import numpy as np
import streamlit as st

from rnn_demo.app.components import reported
from rnn_demo.app.datasets import origin
from rnn_demo.app.draw import model_picker, sentences
from rnn_demo.app.draw.gallery_component import Pages, chosen_place, show_gallery
from rnn_demo.app.draw.inputs import Input
from rnn_demo.app.draw.keys import INDEX
from rnn_demo.app.draw.model_picker import LoadedModel
from rnn_demo.app.glossary import show_explained
from rnn_demo.app.text import _
from rnn_demo.app.theme import palette
from rnn_demo.data.digits import Digits, as_float

# The kind of list, the chosen digit, and the position in the list of the first image shown.
_PAGE = "draw/gallery/page"
_SHOWN = "draw/gallery/shown"  # the indices of the images on the page
_GALLERY = "draw/gallery"
COLUMNS, PAGE_SIZE = 5, 20


def pick(kind: str, loaded: LoadedModel) -> Input:
    """Show the digits as images; return the chosen one.

    Args:
        kind: "digit" or "mistake".
        loaded: the network.
    """
    test = loaded.test_digits
    answers = model_picker.mistakes(loaded, test) if kind == "mistake" else {}
    indices = list(answers) if kind == "mistake" else range(len(test))
    if not indices:
        st.success(_("This network makes no mistake on the test digits."))
        st.stop()
    asked_for: int = st.session_state.get(INDEX, indices[0])
    place = indices.index(asked_for) if asked_for in indices else 0
    index = st.session_state[INDEX] = indices[place]
    label = int(test.labels[index])
    _show_page(kind, test, indices, place, answers)
    _show_steps(indices, place)
    st.markdown(sentences.digit_caption(index, label, origin(test)))
    if kind == "mistake":
        with st.container(key="draw-trust"):
            show_explained(
                _(
                    "Why can't I trust 99 %? [[Confidence|confidence]] says how the network "
                    "divides 100 % among the ten digits, not how often it is right. Here it is "
                    "wrong."
                )
            )
    return Input(f"{kind} {index}", as_float(test.images[index]), label)


def _show_page(
    kind: str, test: Digits, indices: Sequence[int], place: int, answers: dict[int, int]
) -> None:
    """The page with the chosen digit, or the one that the visitor turned to."""
    *turned_at, first = st.session_state.get(_PAGE, (None, None, 0))
    if turned_at != [kind, indices[place]] or first >= len(indices):
        first = place // PAGE_SIZE * PAGE_SIZE
    shown = list(indices[first : first + PAGE_SIZE])
    st.session_state[_PAGE], st.session_state[_SHOWN] = (kind, indices[place], first), shown
    show_gallery(
        [sentences.digit_name(i, int(test.labels[i]), answers.get(i)) for i in shown],
        base64.b64encode(np.ascontiguousarray(test.images[shown]).tobytes()).decode(),
        palette(),
        key=_GALLERY,
        columns=COLUMNS,
        on_choose=_choose,
        chosen=place - first,
        pages=Pages(first, PAGE_SIZE, len(indices)),
        on_turn=_turn,
    )


def _show_steps(indices: Sequence[int], place: int) -> None:
    """The buttons that go to the digit before, and to the next one."""
    with st.container(horizontal=True, gap="xsmall"):
        for name, title, to in (
            ("previous", _("Previous"), place - 1),
            ("next", _("Next"), place + 1),
        ):
            exists = 0 <= to < len(indices)
            st.button(
                title,
                key=f"draw/digit/{name}",
                disabled=not exists,
                on_click=_go_to,
                args=(indices[to] if exists else indices[place],),
            )


def _go_to(index: int) -> None:
    st.session_state[INDEX] = index


def _choose() -> None:
    shown = st.session_state[_SHOWN]
    place = chosen_place(_GALLERY, len(shown))
    if place is not None:
        st.session_state[INDEX] = shown[place]


def _turn() -> None:
    kind, index, first = st.session_state[_PAGE]
    by = 1 if reported(_GALLERY, "turned") == 1 else -1
    st.session_state[_PAGE] = kind, index, max(first + by * PAGE_SIZE, 0)
