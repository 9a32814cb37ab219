"""The digits, loaded once for all visitors."""

import streamlit as st

from rnn_demo.app.text import _
from rnn_demo.data import mnist, source
from rnn_demo.data.digits import Digits, Origin, Source, Split

_made: set[Split] = set()


def load_digits(source_name: Source, split: Split) -> Digits:
    """One split of one source, with a spinner while synthetic digits are made for the first time.

    Raises:
        MissingFileError: MNIST is not on disk.
        InputError: MNIST is damaged, or another data set.
    """
    if source_name == "mnist":
        return mnist.load(split)  # which knows when the files are replaced
    if split in _made:
        return _make(split)
    with st.spinner(_("Loading the digits ...")):
        digits = _make(split)
    _made.add(split)
    return digits


def origin(digits: Digits) -> Origin:
    """What digits are: those of a folder of MNIST may be others under its names."""
    return "other" if digits.source == "mnist" and mnist.doubt() else digits.source


@st.cache_resource(max_entries=2, show_spinner=False)
def _make(split: Split) -> Digits:
    return source.load("synthetic", split)
