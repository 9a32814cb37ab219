"""Which network reads: a shipped one, one of the visitor's runs, or one from their file."""

import hashlib
from dataclasses import dataclass

import numpy as np
import streamlit as st

from rnn_demo.app.datasets import load_digits
from rnn_demo.app.draw.model_list import Network, networks
from rnn_demo.app.errors import show_errors
from rnn_demo.app.visitor import visitor
from rnn_demo.data import source
from rnn_demo.data.digits import Digits, Source
from rnn_demo.nn.models import ImageRNN
from rnn_demo.nn.reading import worst_mistakes
from rnn_demo.training import checkpoint
from rnn_demo.training.evaluate import predict

_FILE, _CELL = "network/file", "network/cell"  # the widgets
_OWN = "network/own"  # what the visitor's file holds, or why it holds nothing
_CELLS = {"rnn_tanh": "tanh", "rnn_relu": "relu"}


@dataclass(frozen=True)
class Chosen:
    """A network that is ready to read.

    Attributes:
        name: what tells its weights from all others.
        title: what it is called on a page.
        model: the network.
        data: what it was trained on; MNIST where that is not known.
    """

    name: str
    title: str
    model: ImageRNN
    data: Source = "mnist"

    @property
    def test_digits(self) -> Digits:
        """The test digits of its data; without MNIST, synthetic ones."""
        return load_digits("synthetic" if self.data == "synthetic" else source.available(), "test")


def choose(label: str, key: str, unlike: str | None = None) -> Chosen:
    """One of all networks the visitor has.

    Args:
        label: of the list.
        key: of the choice.
        unlike: key of another choice; this one begins with a network that is not that.
    """
    own = st.session_state.get(_OWN)
    found: dict[str, Network | Chosen] = {network.key: network for network in networks(visitor())}
    if isinstance(own, Chosen):
        found[_OWN] = own
    if st.session_state.get(key) not in found:
        others = [name for name in found if unlike and name != st.session_state[unlike]]
        st.session_state[key] = next(iter(others or found))
    titles = {name: network.title for name, network in found.items()}
    chosen = found[
        st.selectbox(label, found, format_func=titles.__getitem__, key=key, persist_state="session")
    ]
    return chosen if isinstance(chosen, Chosen) else _loaded(chosen)


def _loaded(network: Network) -> Chosen:
    with show_errors():
        return Chosen(network.version, network.title, _load(network), network.data)


@st.cache_resource(
    max_entries=16, show_spinner=False, hash_funcs={Network: lambda network: network.version}
)
def _load(network: Network) -> ImageRNN:
    return checkpoint.load(network.weights)[0]


def upload() -> None:
    """Take a file of weights; it stays in the visitor's session."""
    st.file_uploader(
        "A network of your own (.safetensors)",
        type="safetensors",
        max_upload_size=checkpoint.MAX_UPLOAD_BYTES // 2**20,
        key=_FILE,
        on_change=_receive,
    )
    st.segmented_control(
        "If it is a plain RNN, its activation",
        _CELLS,
        default="rnn_tanh",
        required=True,
        format_func=_CELLS.__getitem__,
        key=_CELL,
        on_change=_receive,
        persist_state="session",
    )
    problem = st.session_state.get(_OWN)
    if isinstance(problem, str):
        st.error(problem)


def _receive() -> None:
    """Make a network of the file that was given, or forget the one before it."""
    file = st.session_state.get(_FILE)
    st.session_state.pop(_OWN, None)
    if file is None:
        return
    content = file.getvalue()
    try:
        model = checkpoint.from_bytes(content, st.session_state[_CELL])
    except ValueError as error:
        st.session_state[_OWN] = str(error)
        return
    title = f"your file ({model.n_neurons} units, {model.cell})"
    name = f"{model.cell}/{hashlib.sha256(content).hexdigest()}"
    st.session_state[_OWN] = Chosen(name, title, model)
    st.session_state["draw/network"] = _OWN


@st.cache_data(
    max_entries=16,
    show_spinner="Looking for mistakes ...",
    hash_funcs={Chosen: lambda chosen: chosen.name, Digits: lambda test: test.source},
)
def mistakes(chosen: Chosen, test: Digits) -> np.ndarray:
    """Indices of the test digits a network gets wrong, the surest first."""
    return worst_mistakes(predict(chosen.model, test.images), test.labels)
