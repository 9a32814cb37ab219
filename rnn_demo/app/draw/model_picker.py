"""Choose the network that reads: one of the app, of the visitor's runs, or from their file."""

import hashlib
from dataclasses import dataclass

import streamlit as st

from rnn_demo.app.datasets import load_digits
from rnn_demo.app.draw import sentences
from rnn_demo.app.draw.first_reading import FIRST_NETWORK
from rnn_demo.app.draw.keys import NETWORK
from rnn_demo.app.draw.model_list import AvailableModel, available_models
from rnn_demo.app.errors import show_errors
from rnn_demo.app.recipe_text import value_text
from rnn_demo.app.text import _, sentence
from rnn_demo.app.visitor import visitor
from rnn_demo.data import source
from rnn_demo.data.digits import Digits, Source
from rnn_demo.messages import InputError, Message
from rnn_demo.nn.models import ImageRNN
from rnn_demo.nn.reading import worst_mistakes
from rnn_demo.training import checkpoint
from rnn_demo.training.evaluate import predict

_UPLOAD, _CELL = "draw/upload", "draw/upload_cell"  # the widgets
_UPLOADED = "draw/uploaded"  # the LoadedModel of the file, or the Message that refuses it
_PLAIN_CELLS = ("rnn_tanh", "rnn_relu")


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
    found = _all()
    if (wanted := st.session_state.setdefault(key, FIRST_NETWORK)) not in found:
        st.session_state[key] = FIRST_NETWORK
        if wanted == _UPLOADED:  # a visitor whose phone was locked comes back to this
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
    found = _all()
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


def _all() -> dict[str, AvailableModel | LoadedModel]:
    """The networks of the visitor, by name."""
    found: dict[str, AvailableModel | LoadedModel] = {
        model.key: model for model in available_models(visitor())
    }
    uploaded = st.session_state.get(_UPLOADED)
    return found | ({_UPLOADED: uploaded} if isinstance(uploaded, LoadedModel) else {})


def _loaded(model: AvailableModel) -> LoadedModel:
    with show_errors():
        return LoadedModel(model.version, model.title, _load(model), model.data)


@st.cache_resource(
    max_entries=16, show_spinner=False, hash_funcs={AvailableModel: lambda model: model.version}
)
def _load(model: AvailableModel) -> ImageRNN:
    return checkpoint.load(model.weights)[0]


def upload() -> None:
    """Show the upload of a file of weights; its network stays in the visitor's session."""
    st.file_uploader(
        _("A network of your own (.safetensors)"),
        type="safetensors",
        max_upload_size=checkpoint.MAX_UPLOAD_BYTES // 2**20,
        key=_UPLOAD,
        on_change=_receive,
    )
    st.segmented_control(
        _("Activation of a plain RNN in the file"),
        _PLAIN_CELLS,
        default="rnn_tanh",
        required=True,
        format_func=lambda cell: value_text("cell", cell),
        key=_CELL,
        on_change=_receive,
        persist_state="session",
    )
    problem = st.session_state.get(_UPLOADED)
    if isinstance(problem, Message):
        st.error(sentence(problem))


def _receive() -> None:
    """Load the network of the uploaded file, or forget the previous file's."""
    file = st.session_state.get(_UPLOAD)
    st.session_state.pop(_UPLOADED, None)
    if file is None:
        return
    content = file.getvalue()
    try:
        model = checkpoint.from_bytes(content, st.session_state[_CELL])
    except InputError as error:
        st.session_state[_UPLOADED] = error.message
        return
    title = sentences.file_title(model.cell, model.n_neurons)
    version = f"{model.cell}/{hashlib.sha256(content).hexdigest()}"
    st.session_state[_UPLOADED] = LoadedModel(version, title, model)
    st.session_state[NETWORK] = _UPLOADED


def mistakes(loaded: LoadedModel, test: Digits) -> dict[int, int]:
    """The answer of a network to each test digit that it gets wrong, most confident first."""
    with st.spinner(_("Looking for mistakes ...")):
        return _mistakes(loaded, test)


@st.cache_data(
    max_entries=16,
    show_spinner=False,
    hash_funcs={
        LoadedModel: lambda loaded: loaded.version,
        Digits: lambda test: test.source,
    },
)
def _mistakes(loaded: LoadedModel, test: Digits) -> dict[int, int]:
    logits = predict(loaded.model, test.images)
    answers = logits.argmax(dim=1).tolist()
    return {i: answers[i] for i in worst_mistakes(logits, test.labels).tolist()}
