"""A network of the visitor's own, from a file: how well it reads, or why it does not fit.

It stays in the visitor's session.
"""

from dataclasses import dataclass

import streamlit as st

from rnn_demo.app.datasets import origin
from rnn_demo.app.draw import sentences
from rnn_demo.app.draw.first_reading import FIRST_NETWORK
from rnn_demo.app.draw.keys import NETWORK, UPLOADED
from rnn_demo.app.draw.model_picker import LoadedModel, networks
from rnn_demo.app.errors import escape_markdown
from rnn_demo.app.recipe_text import value_text
from rnn_demo.app.text import _, sentence
from rnn_demo.app.uploads import file_uploader
from rnn_demo.data.digits import Digits, Origin
from rnn_demo.messages import InputError, Message
from rnn_demo.training import scaling
from rnn_demo.training.data import validation_digits
from rnn_demo.training.foreign_weights import Weights
from rnn_demo.training.scaling import Interpretation, Measurement
from rnn_demo.training.upload import MAX_UPLOAD_BYTES, PICKLED, from_bytes

_FILE, _CHOICE = "draw/upload", "draw/upload/choice"  # the widgets
_FOUND = "draw/upload/found"  # the Upload, or the Message that refuses the file
N_DIGITS = 500  # that a network is measured on
# Turns the state dict in a file of torch.save into a .safetensors file.
CONVERSION = """\
import torch, safetensors.torch
weights = torch.load("model.pt", "cpu", weights_only=True)
safetensors.torch.save_file(weights, "model.safetensors")
"""


@dataclass(frozen=True)
class Upload:
    """A file whose network can read.

    Attributes:
        weights: in the file.
        measurement: of the weights.
        data: what the digits are that they were measured on.
    """

    weights: Weights
    measurement: Measurement
    data: Origin

    def loaded(self, chosen: Interpretation) -> LoadedModel:
        """The network, ready to read."""
        return LoadedModel(
            version=f"{self.weights.digest}/{chosen.cell}/{chosen.scaling}",
            title=sentences.file_title(chosen.cell, self.weights.n_neurons),
            model=scaling.network(self.weights, chosen),
        )


def show() -> None:
    """Show the upload of a file of weights, and what was found out about the last one."""
    file_uploader(
        _("A network of your own (.safetensors)"),
        max_upload_size=MAX_UPLOAD_BYTES // 2**20,
        key=_FILE,
        on_change=_receive,
        help=_("A .pt file can be turned into one: choose it, and the page shows how."),
    )
    found: Upload | Message | None = st.session_state.get(_FOUND)
    if isinstance(found, Message):
        _show_refusal(found)
    elif found:
        _show_measurement(found)


def _receive() -> None:
    """Load the network of the uploaded file, or forget the previous file's."""
    file = st.session_state.get(_FILE)
    for key in (_FOUND, _CHOICE, UPLOADED):
        st.session_state.pop(key, None)
    # The list may still name the previous file's network, by its title.
    if st.session_state.get(NETWORK) not in networks():
        st.session_state[NETWORK] = FIRST_NETWORK
    if file is None:
        return
    try:
        upload = _opened(file.getvalue())
    except InputError as error:
        st.session_state[_FOUND] = error.message
        return
    st.session_state[_FOUND] = upload
    st.session_state[UPLOADED] = upload.loaded(upload.measurement.best[0])
    st.session_state[NETWORK] = UPLOADED


def _opened(content: bytes) -> Upload:
    """The network in a file, measured.

    Raises:
        InputError: this is not a network that reads digits.
    """
    weights, digits = from_bytes(content), validation_digits(N_DIGITS)
    return Upload(weights, _measured(weights, digits), origin(digits))


# For all visitors: a class may have one file.
@st.cache_data(
    max_entries=64,
    show_spinner=False,
    hash_funcs={
        Weights: lambda weights: weights.digest,
        Digits: origin,
    },
)
def _measured(weights: Weights, digits: Digits) -> Measurement:
    return scaling.measure(weights, digits)


def _show_refusal(message: Message) -> None:
    st.error(escape_markdown(sentence(message)))  # it may quote the file
    if message.code == PICKLED:
        st.code(CONVERSION, language="python", wrap_lines=True)
        st.caption(
            _(
                "For a file with one state dict. A checkpoint holds more: take its weights out, "
                'as in `torch.load(...)["model_state_dict"]`. For a whole model, call '
                '`safetensors.torch.save_model(model, "model.safetensors")` in the program that '
                "defines its class."
            )
        )


def _show_measurement(upload: Upload) -> None:
    best = upload.measurement.best
    text = sentences.measured(upload.measurement, upload.data)
    (st.success if upload.measurement.reads else st.warning)(text)
    if len(best) > 1:
        st.selectbox(
            _("How it was trained"),
            best,
            format_func=_interpretation,
            key=_CHOICE,
            on_change=_choose,
            persist_state="session",
        )


def _interpretation(each: Interpretation) -> str:
    return _("{cell}, pixels {scaling}").format(
        cell=value_text("cell", each.cell), scaling=_(sentences.SCALINGS[each.scaling])
    )


def _choose() -> None:
    upload, chosen = st.session_state.get(_FOUND), st.session_state.get(_CHOICE)
    # A choice may arrive together with the next file.
    if isinstance(upload, Upload) and chosen in upload.measurement.best:
        st.session_state[UPLOADED] = upload.loaded(chosen)
