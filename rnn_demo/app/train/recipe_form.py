"""The form for the next run: presets, the Start button, and the whole recipe in an expander."""

from collections.abc import Callable, Mapping

import streamlit as st

from rnn_demo.app.errors import show_errors
from rnn_demo.app.recipe_text import difference, summary
from rnn_demo.app.text import _, sentence
from rnn_demo.app.train import run_controls
from rnn_demo.app.visitor import visitor
from rnn_demo.data import source
from rnn_demo.messages import N_, InputError
from rnn_demo.runs import store
from rnn_demo.runs.layout import MAX_NAME_LENGTH
from rnn_demo.training.hyperparameter import Hyperparameter
from rnn_demo.training.presets import PRESETS
from rnn_demo.training.recipe import HYPERPARAMETERS, Optimizer, Recipe

# Where each optimiser starts.
LEARNING_RATES: dict[Optimizer, float] = {"adam": 0.001, "sgd": 0.01}
_ADDED_SYNTHETIC = 40_000  # digits, when a visitor first mixes both kinds
_BOTH = "both"  # a choice of the field `data` in the form: MNIST with synthetic digits added
_PRESET, _NAME = "train/preset", "train/name"
_AVAILABLE = "train/available"  # the best data there was when `data` was last set
_EXPANDER = "train/recipe"
_STARTED = "train/started"  # a run was started in the last rerun


@st.fragment
def settings() -> None:
    """The form; while a visitor fills it in, only this part of the page reruns."""
    if _PRESET not in st.session_state:
        st.session_state[_PRESET] = "tutorial"
        _fill()
    if st.session_state.pop(_STARTED, False):
        st.session_state[_NAME] = ""  # the name belonged to the run that was started
    if st.session_state[_AVAILABLE] != source.available():  # MNIST has been downloaded meanwhile
        _fill_data()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.pills(
            _("Preset"),
            list(PRESETS),
            required=True,
            format_func=lambda name: _(PRESETS[name].label),
            key=_PRESET,
            on_change=_fill,
            persist_state="session",
            label_visibility="collapsed",
        )
        start = st.container(width="content")
    recipe = _recipe_or_error()
    # With a new label Streamlit would take it for a new expander, and close it.
    with st.expander(
        _("Change the recipe"), icon=":material/tune:", key=_EXPANDER, on_change="rerun"
    ):
        _fields()
    if recipe:
        preset = PRESETS[st.session_state[_PRESET]].recipe
        st.caption(f"{summary(recipe)} {difference(recipe, preset)}")
    with show_errors():
        if (
            start.button(
                _("Start"),
                disabled=recipe is None,
                icon=":material/play_arrow:",
                type="primary",
                key="train/start",
                on_click=_close_expander,
                width=160,
            )
            and recipe
        ):
            run_controls.look_at(store.start(recipe, visitor(), st.session_state.get(_NAME, "")))
            st.session_state[_STARTED] = True
            st.rerun()


def _fill() -> None:
    """Set every field to the value of the chosen preset."""
    recipe = PRESETS[st.session_state[_PRESET]].recipe
    for name, value in recipe.to_json().items():
        st.session_state[_key(name)] = value
    st.session_state[_key("synthetic")] = recipe.synthetic or _ADDED_SYNTHETIC
    _fill_data()


def _fill_data() -> None:
    """Set the data to the preset's, or to synthetic digits without MNIST."""
    recipe = PRESETS[st.session_state[_PRESET]].recipe
    st.session_state[_AVAILABLE] = source.available()
    if source.available() == "synthetic":
        st.session_state[_key("data")] = "synthetic"
    else:
        st.session_state[_key("data")] = _BOTH if recipe.synthetic else recipe.data


def _close_expander() -> None:
    """Show the curves instead of the fields once a run has started."""
    st.session_state[_EXPANDER] = False


def _key(name: str) -> str:
    return f"train/{name}"


def _recipe_or_error() -> Recipe | None:
    """The recipe in the fields; if it is not valid, shows why and returns None."""
    values = {name: st.session_state[_key(name)] for name in HYPERPARAMETERS}
    if values["data"] == _BOTH:
        values["data"] = "mnist"
    else:
        values["synthetic"] = 0
    try:
        return Recipe(**values)
    except InputError as error:
        st.error(sentence(error.message))
        return None


def _fields() -> None:
    """The name of the run, and a widget for each hyperparameter."""
    with st.grid(4, min_column_width=200, vertical_alignment="top"):
        st.text_input(
            _("Name (optional)"), max_chars=MAX_NAME_LENGTH, key=_NAME, persist_state="session"
        )
        for parameter in HYPERPARAMETERS.values():
            if parameter.name == "data":
                _data(parameter)
            elif parameter.name == "synthetic":
                if st.session_state[_key("data")] == _BOTH:
                    _number(parameter)
            elif parameter.name == "optimizer":
                _choice(parameter, on_change=_set_learning_rate)
            elif parameter.choices:
                _choice(parameter)
            else:
                _number(parameter)


def _choice(
    parameter: Hyperparameter,
    choices: Mapping[str, str] | None = None,
    on_change: Callable[[], None] | None = None,
) -> None:
    """One button for each choice, those of the hyperparameter if none are given."""
    labels = choices or parameter.choices
    st.segmented_control(
        _(parameter.label),
        list(labels),
        required=True,
        format_func=lambda choice: _(labels[choice]),
        help=_(parameter.help),
        key=_key(parameter.name),
        on_change=on_change,
        persist_state="session",
    )


def _data(parameter: Hyperparameter) -> None:
    """Which digits to train on; without MNIST there are only synthetic ones."""
    choices = {**parameter.choices, _BOTH: N_("both")}
    if source.available() == "synthetic":
        choices = {"synthetic": choices["synthetic"]}
    _choice(parameter, choices)


def _set_learning_rate() -> None:
    """Set the learning rate at which the chosen optimiser starts."""
    optimizer: Optimizer = st.session_state[_key("optimizer")]
    st.session_state[_key("learning_rate")] = LEARNING_RATES[optimizer]


def _number(parameter: Hyperparameter) -> None:
    """A number with its range in the help; an emptied field keeps its value."""
    to_type = int if parameter.whole else float
    limits = _("From {low} to {high}.").format(
        low=parameter.text(parameter.low), high=parameter.text(parameter.high)
    )
    st.number_input(
        _(parameter.label),
        to_type(parameter.low),
        to_type(parameter.high),
        None,
        required=True,
        step=to_type(parameter.step),
        format=None if parameter.whole else "%g",
        help=f"{_(parameter.help)} {limits}",
        key=_key(parameter.name),
        persist_state="session",
    )
