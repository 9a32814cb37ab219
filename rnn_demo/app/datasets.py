"""The digits, loaded once for all visitors."""

import streamlit as st

from rnn_demo.app.text import _
from rnn_demo.data import mnist, source
from rnn_demo.data.digits import Digits, Origin, Source, Split

_loaded: set[tuple[Source, Split]] = set()


def load_digits(source_name: Source, split: Split) -> Digits:
    """One split of one source, with a spinner while it is loaded for the first time.

    Raises:
        MissingFileError: MNIST is not on disk.
        InputError: MNIST is damaged.
    """
    if (source_name, split) in _loaded:
        return _load(source_name, split)
    with st.spinner(_("Loading the digits ...")):
        digits = _load(source_name, split)
    _loaded.add((source_name, split))
    return digits


def origin(digits: Digits) -> Origin:
    """What digits are: those of a folder of MNIST may be others under its names."""
    return "other" if digits.source == "mnist" and mnist.doubt() else digits.source


@st.cache_resource(max_entries=4, show_spinner=False)
def _load(source_name: Source, split: Split) -> Digits:
    return source.load(source_name, split)
