"""Choose the network that reads: one of the app, of the visitor's runs, or from their file."""

from dataclasses import dataclass

import streamlit as st

from rnn_demo.app.datasets import load_digits, origin
from rnn_demo.app.draw.first_reading import FIRST_NETWORK
from rnn_demo.app.draw.keys import UPLOADED
from rnn_demo.app.draw.model_list import AvailableModel, available_models
from rnn_demo.app.errors import show_errors
from rnn_demo.app.text import _
from rnn_demo.app.visitor import visitor
from rnn_demo.data import source
from rnn_demo.data.digits import Digits, Source
from rnn_demo.nn.models import ImageRNN
from rnn_demo.nn.reading import worst_mistakes
from rnn_demo.training import checkpoint
from rnn_demo.training.evaluate import predict


@dataclass(frozen=True)
class LoadedModel:
    """A network that is ready to read.

    Attributes:
        version: unique for its weights.
        title: its name on the page.
        model: the network.
        data: what it was trained on; MNIST if that is unknown.
    """

    version: str
    title: str
    model: ImageRNN
    data: Source = "mnist"

    @property
    def test_digits(self) -> Digits:
        """The test digits of its data; synthetic ones if MNIST is not here."""
        return load_digits("synthetic" if self.data == "synthetic" else source.available(), "test")


def load(key: str) -> LoadedModel:
    """The network that a list has selected; the default one if it is gone.

    Args:
        key: of the list.
    """
    found = networks()
    if (wanted := st.session_state.setdefault(key, FIRST_NETWORK)) not in found:
        st.session_state[key] = FIRST_NETWORK
        if wanted == UPLOADED:  # a visitor whose phone was locked comes back to this
            st.toast(
                _(
                    "The server no longer has the network that you uploaded. The plain RNN reads "
                    "until you choose the file again."
                ),
                duration="infinite",
            )
        else:
            st.toast(_("That network is not here. The plain RNN reads instead."))
    selected = found[st.session_state[key]]
    return selected if isinstance(selected, LoadedModel) else _loaded(selected)


def choose(label: str, key: str, *, unlike: str | None = None, show_label: bool = True) -> None:
    """Show the list of all networks of the visitor; `load` returns the selected one.

    Args:
        label: of the list.
        key: of the list.
        unlike: name of a network; the list starts with another one.
        show_label: False where the label stands beside the list already.
    """
    found = networks()
    if st.session_state.get(key) not in found:
        st.session_state[key] = next(name for name in found if name != unlike)
    titles = {name: model.title for name, model in found.items()}
    st.selectbox(
        label,
        found,
        format_func=titles.__getitem__,
        key=key,
        persist_state="session",
        label_visibility="visible" if show_label else "collapsed",
    )


def networks() -> dict[str, AvailableModel | LoadedModel]:
    """The networks of the visitor, by name."""
    found: dict[str, AvailableModel | LoadedModel] = {
        model.key: model for model in available_models(visitor())
    }
    uploaded: LoadedModel | None = st.session_state.get(UPLOADED)
    return found | ({UPLOADED: uploaded} if uploaded else {})


def _loaded(model: AvailableModel) -> LoadedModel:
    with show_errors():
        return LoadedModel(model.version, model.title, _load(model), model.data)


@st.cache_resource(
    max_entries=16, show_spinner=False, hash_funcs={AvailableModel: lambda model: model.version}
)
def _load(model: AvailableModel) -> ImageRNN:
    return checkpoint.load(model.weights)[0]


def mistakes(loaded: LoadedModel, test: Digits) -> dict[int, int]:
    """The answer of a network to each test digit that it gets wrong, most confident first."""
    with st.spinner(_("Looking for mistakes ...")):
        return _mistakes(loaded, test)


@st.cache_data(
    max_entries=16,
    show_spinner=False,
    hash_funcs={
        LoadedModel: lambda loaded: loaded.version,
        Digits: origin,  # files of MNIST may be replaced while the server runs
    },
)
def _mistakes(loaded: LoadedModel, test: Digits) -> dict[int, int]:
    logits = predict(loaded.model, test.images)
    answers = logits.argmax(dim=1).tolist()
    return {i: answers[i] for i in worst_mistakes(logits, test.labels).tolist()}
