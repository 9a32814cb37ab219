"""The settings of the next run: a preset, Start, and all else folded away."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from rnn_demo.app.errors import show_errors
from rnn_demo.app.train import run_controls
from rnn_demo.app.visitor import visitor
from rnn_demo.data import source
from rnn_demo.runs import store
from rnn_demo.runs.naming import LONGEST
from rnn_demo.training import resources
from rnn_demo.training.recipe import RANGES, RECIPES, Optimizer, Recipe
from rnn_demo.training.wording import NAMES, PRESETS, WORDS, difference, summary, without_exponent

# Where each optimiser begins.
LEARNING_RATES: dict[Optimizer, float] = {"adam": 0.001, "sgd": 0.01}
_SYNTHETIC = 40_000  # digits added where both kinds are asked for
_DATA = {"mnist": "MNIST", "synthetic": "Synthetic", "both": "Both"}
_PRESET, _NAME, _KIND = "train/preset", "train/name", "train/kind"
_AVAILABLE = "train/available"  # the digits there were when the kind was chosen
_EXPANDER = "train/recipe"
_STARTED = "train/started"  # a run has just been started
# Of the buttons beside a number.
_STEPS = {"learning_rate": 0.0001, "fraction": 0.1, "augmentation": 0.1, "clip_norm": 0.5}
_HELP = {
    "initialisation": "Of the recurrent weights. Identity: a state is handed on as it is, which "
    "keeps a relu network from forgetting.",
    "schedule": "One-cycle: the learning rate rises to the one given, and then falls to nothing.",
    "clip_norm": "A longer gradient is shortened to this.",
    "augmentation": "How much each image is turned, slanted, shifted and bent before it is read.",
    "fraction": "How much of the images that are left is trained on.",
    "validation": "The last training images, kept aside to measure the network after each epoch.",
    "non_digits": "Drawings that are no digits, for which it should be unsure.",
    "seed": "Of all that is random: the same seed gives the same run.",
}


@st.fragment
def settings() -> None:
    """Presets, Start, and the recipe; only this is run again while something is chosen."""
    if _PRESET not in st.session_state:
        st.session_state[_PRESET] = "tutorial"
        _fill()
    if st.session_state.pop(_STARTED, False):
        st.session_state[_NAME] = ""  # of the run that was started, not of the next
    if st.session_state[_AVAILABLE] != source.available():  # MNIST has come
        _fill_kind()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.pills(
            "Preset",
            [name for name in PRESETS if name in RECIPES],
            required=True,
            format_func=PRESETS.__getitem__,
            key=_PRESET,
            on_change=_fill,
            persist_state="session",
            label_visibility="collapsed",
        )
        beginning = st.container(width="content")
    preset = RECIPES[st.session_state[_PRESET]]
    with show_errors():
        recipe = _recipe()
        if problem := resources.problem(recipe):
            st.error(problem)
        # With another label it would be another expander, and closed.
        with st.expander(
            "Change the recipe", icon=":material/tune:", key=_EXPANDER, on_change="rerun"
        ):
            _fields()
        st.caption(f"{summary(recipe)}. {difference(recipe, preset)}")
        if beginning.button(
            "Start",
            disabled=problem is not None,
            icon=":material/play_arrow:",
            type="primary",
            key="train/start",
            on_click=_fold_away,
            width=160,
        ):
            run_controls.look_at(store.start(recipe, visitor(), st.session_state.get(_NAME, "")))
            st.session_state[_STARTED] = True
            st.rerun()


def _fill() -> None:
    """Set everything to the preset that was chosen."""
    recipe = RECIPES[st.session_state[_PRESET]]
    for name, value in recipe.to_json().items():
        st.session_state[_key(name)] = value
    st.session_state[_key("synthetic")] = recipe.synthetic or _SYNTHETIC
    _fill_kind()


def _fill_kind() -> None:
    """Learn from the preset's kind of digits, as far as it is here."""
    recipe = RECIPES[st.session_state[_PRESET]]
    st.session_state[_AVAILABLE] = source.available()
    if source.available() == "synthetic":
        st.session_state[_KIND] = "synthetic"
    else:
        st.session_state[_KIND] = "both" if recipe.synthetic else recipe.data


def _fold_away() -> None:
    """Once it starts, the curves are what matters."""
    st.session_state[_EXPANDER] = False


def _key(name: str) -> str:
    return f"train/{name}"


def _recipe() -> Recipe:
    """The recipe that the widgets hold.

    Raises:
        ValueError, TypeError: there is no such recipe.
    """
    kind = st.session_state[_KIND]
    values = {name: st.session_state[_key(name)] for name in Recipe().to_json()}
    data = "synthetic" if kind == "synthetic" else "mnist"
    synthetic = values["synthetic"] if kind == "both" else 0
    return replace(Recipe(), **values | {"data": data, "synthetic": synthetic})


def _fields() -> None:
    """Every part of the recipe, its range beside it."""
    with st.grid(4, min_column_width=200, vertical_alignment="top"):
        st.text_input("Name, if you like", max_chars=LONGEST, key=_NAME, persist_state="session")
        _choice("cell")
        _number("n_neurons")
        _number("num_layers")
        _choice("optimizer", _follow_optimizer)
        _number("learning_rate")
        _choice("schedule")
        _number("clip_norm", ", 0 for none")
        _choice("initialisation")
        _number("augmentation", ", 0 for none")
        _kind()
        _number("fraction")
        _number("validation")
        _number("non_digits")
        _number("batch_size")
        _number("epochs")
        _number("seed")


def _choice(name: str, on_change: Callable[[], None] | None = None) -> None:
    st.segmented_control(
        NAMES[name],
        WORDS[name],
        required=True,
        format_func=WORDS[name].__getitem__,
        help=_HELP.get(name),
        key=_key(name),
        on_change=on_change,
        persist_state="session",
    )


def _follow_optimizer() -> None:
    """Each optimiser begins at a learning rate of its own."""
    st.session_state[_key("learning_rate")] = LEARNING_RATES[st.session_state[_key("optimizer")]]


def _number(name: str, more: str = "") -> None:
    """A number, its range beside it; an emptied field keeps what was there."""
    low, high = RANGES[name]
    whole = isinstance(low, int)
    st.number_input(
        f"{NAMES[name]} ({without_exponent(low)} to {without_exponent(high)}{more})",
        low,
        high,
        None,
        required=True,
        step=1 if whole else _STEPS[name],
        format=None if whole else "%g",
        help=_HELP.get(name),
        key=_key(name),
        persist_state="session",
    )


def _kind() -> None:
    """Which digits to learn from, and how many synthetic ones where it is both."""
    kinds = ["synthetic"] if source.available() == "synthetic" else list(_DATA)
    st.segmented_control(
        "Data",
        kinds,
        required=True,
        format_func=_DATA.__getitem__,
        key=_KIND,
        persist_state="session",
    )
    if st.session_state[_KIND] == "both":
        _number("synthetic")
