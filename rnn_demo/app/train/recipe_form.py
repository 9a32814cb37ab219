"""The form for the next run: presets, the Start button, and the fields of a recipe."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from rnn_demo.app import address, glossary
from rnn_demo.app.errors import escape_markdown, show_errors
from rnn_demo.app.recipe_text import difference, summary
from rnn_demo.app.text import _, sentence
from rnn_demo.app.times import about
from rnn_demo.app.train import decimal_field, recipe_address, run_controls
from rnn_demo.app.train.machine import machine_speed
from rnn_demo.app.visitor import visitor
from rnn_demo.data import source
from rnn_demo.messages import N_, InputError
from rnn_demo.runs import store
from rnn_demo.runs.layout import MAX_NAME_LENGTH
from rnn_demo.training.hyperparameter import Hyperparameter
from rnn_demo.training.presets import PRESETS
from rnn_demo.training.recipe import HYPERPARAMETERS, USUAL_LEARNING_RATES, Recipe

FIRST_FIELDS = ("cell", "n_neurons", "learning_rate", "epochs")  # the others stand under "More"
_DEFAULT_PRESET = "quick"
_PARAMETER = "recipe"  # of the address
_ADDED_SYNTHETIC = 40_000  # digits, when a visitor first mixes both kinds
_BOTH = "both"  # a choice of the field `data` in the form: MNIST with synthetic digits added
_PRESET, _NAME = "train/preset", "train/name"
_AVAILABLE = "train/available"  # the best data there was when `data` was last set
_VALUES = "train/values"  # the last value of each field: an emptied field gets it back
_LABELS = "train/labels"  # of the presets, as they were last shown
_STARTED = "train/started"  # a run was started in the last rerun
# Terms of the glossary that say more than the help of a field.
_TERMS = {"learning_rate": "learning rate", "epochs": "epoch", "batch_size": "batch"}


def receive() -> None:
    """Fill the form from the address after a link, a reload, Back or Forward."""
    text = address.received(_PARAMETER)
    if text is None and _PRESET in st.session_state:
        return
    given = recipe_address.from_text(text or _DEFAULT_PRESET)
    preset, recipe = given or (_DEFAULT_PRESET, PRESETS[_DEFAULT_PRESET].recipe)
    _set("preset", preset)
    _fill(recipe)


@st.fragment
def settings() -> None:
    """The form; while a visitor fills it in, only this part of the page reruns."""
    if st.session_state.pop(_STARTED, False):
        st.session_state[_NAME] = ""  # the name belonged to the run that was started
    if st.session_state[_AVAILABLE] != source.available():  # MNIST has been downloaded meanwhile
        _fill_data(PRESETS[st.session_state[_PRESET]].recipe)
    with st.container(key="tools-train-presets", gap="xsmall"):
        _presets()
        # Each run fills this place anew. In a container, a refusal could stay on screen that the
        # run no longer shows, while a training reruns another part of the page.
        description = st.empty()
    start = st.container(width="content")
    with st.container(key="tools-train-recipe", width="content"):
        popover = st.popover(_("Change the recipe"), icon=":material/tune:", key="train/recipe")
    with popover:
        in_popover = st.empty()
        _fields()
    recipe = None
    try:
        recipe = _recipe()
        with description:
            _describe(recipe)
    except InputError as error:
        text = escape_markdown(sentence(error.message))  # it quotes what was typed
        in_popover.error(text)
        # The open popover would cover it, so it is hidden then.
        description.container(key="train/refusal").error(text)
    with show_errors():
        if (
            start.button(
                _("Start"),
                disabled=recipe is None,
                icon=":material/play_arrow:",
                type="primary",
                key="train/start",
            )
            and recipe
        ):
            run_controls.look_at(store.start(recipe, visitor(), st.session_state.get(_NAME, "")))
            st.session_state[_STARTED] = True
            st.rerun()
    if recipe:
        _remember(recipe)


def _presets() -> None:
    """The presets, each with how long it takes on this machine."""
    labels = {name: _label(name) for name in PRESETS}
    if st.session_state.get(_LABELS, labels) != labels or st.session_state[_PRESET] is None:
        # Streamlit knows an option by its text: choose the one with the new text. A browser that
        # missed the new text sends no choice.
        _keep("preset")
    st.session_state[_LABELS] = labels
    st.pills(
        _("Preset"),
        list(PRESETS),
        required=True,
        format_func=labels.__getitem__,
        key=_PRESET,
        on_change=_fill_from_preset,
        persist_state="session",
        label_visibility="collapsed",
        wrap=True,
    )


def _label(preset: str) -> str:
    seconds = machine_speed().seconds(_with_available_data(PRESETS[preset].recipe))
    return _("{preset} (about {time})").format(preset=_(PRESETS[preset].label), time=about(seconds))


def _describe(recipe: Recipe) -> None:
    """What the preset is for, what the recipe trains, and what was changed."""
    preset = PRESETS[st.session_state[_PRESET]]
    parts = [_(preset.purpose), summary(recipe), difference(recipe, preset.recipe)]
    changed = recipe != replace(preset.recipe, data=recipe.data, synthetic=recipe.synthetic)
    if changed:
        time = about(machine_speed().seconds(recipe))
        parts[0] = _("About {time}.").format(time=time)
    st.caption(" ".join(filter(None, parts)))


def _remember(recipe: Recipe) -> None:
    """Keep the recipe in the address, unless it is the one that the form begins with."""
    preset = st.session_state[_PRESET]
    text = recipe_address.to_text(preset, recipe)
    plain = recipe_address.to_text(preset, _with_available_data(PRESETS[preset].recipe))
    address.write(_PARAMETER, None if (preset, text) == (_DEFAULT_PRESET, plain) else text)


def _fill_from_preset() -> None:
    """Set every field to the value of the chosen preset."""
    _keep("preset")
    _fill(PRESETS[st.session_state[_PRESET]].recipe)


def _fill(recipe: Recipe) -> None:
    """Set every field to the value of a recipe."""
    for name, value in recipe.to_json().items():
        _set(name, value)
    _set("synthetic", recipe.synthetic or _ADDED_SYNTHETIC)
    _fill_data(recipe)


def _fill_data(recipe: Recipe) -> None:
    """Set the data to a recipe's, or to synthetic digits without MNIST."""
    st.session_state[_AVAILABLE] = source.available()
    available = _with_available_data(recipe)
    _set("data", _BOTH if available.synthetic else available.data)


def _with_available_data(recipe: Recipe) -> Recipe:
    """The recipe, with synthetic digits only if this server has no MNIST."""
    if source.available() == "synthetic":
        return replace(recipe, data="synthetic", synthetic=0)
    return recipe


def _set(name: str, value: Any) -> None:
    """Set a field."""
    st.session_state[_key(name)] = decimal_field.text(value) if _is_decimal(name) else value
    st.session_state.setdefault(_VALUES, {})[name] = value


def _is_decimal(name: str) -> bool:
    parameter = HYPERPARAMETERS.get(name)
    return parameter is not None and not parameter.choices and not parameter.whole


def _key(name: str) -> str:
    return f"train/{name}"


def _recipe() -> Recipe:
    """The recipe in the fields.

    Raises:
        InputError: it is not valid.
    """
    values = {name: st.session_state[_key(name)] for name in HYPERPARAMETERS}
    if values["data"] == _BOTH:
        values["data"] = "mnist"
    else:
        values["synthetic"] = 0
    for name in filter(_is_decimal, HYPERPARAMETERS):
        values[name] = decimal_field.read(HYPERPARAMETERS[name], values[name])
    return Recipe(**values)


def _fields() -> None:
    """The hyperparameters, the important ones first; under "More" also the name of the run."""
    first = [HYPERPARAMETERS[name] for name in FIRST_FIELDS]
    with st.grid(2, min_column_width=200, vertical_alignment="top"):
        _widgets(first)
    with (
        st.expander(_("More"), key="train/more"),
        st.grid(2, min_column_width=200, vertical_alignment="top"),
    ):
        st.text_input(
            _("Name (optional)"), max_chars=MAX_NAME_LENGTH, key=_NAME, persist_state="session"
        )
        _widgets([each for each in HYPERPARAMETERS.values() if each not in first])


def _widgets(parameters: Sequence[Hyperparameter]) -> None:
    for parameter in parameters:
        if parameter.name == "data":
            _data(parameter)
        elif parameter.name == "synthetic":
            if st.session_state[_key("data")] == _BOTH:
                _number(parameter)
        elif parameter.choices:
            _choice(parameter)
        else:
            _number(parameter)


def _choice(parameter: Hyperparameter, choices: Mapping[str, str] | None = None) -> None:
    """One button for each choice, those of the hyperparameter if none are given."""
    labels = choices or parameter.choices
    st.segmented_control(
        _(parameter.label),
        list(labels),
        format_func=lambda choice: _(labels[choice]),
        help=_help(parameter),
        key=_key(parameter.name),
        on_change=_keep,
        args=(parameter.name,),
        persist_state="session",
    )


def _data(parameter: Hyperparameter) -> None:
    """Which digits to train on; without MNIST there are only synthetic ones."""
    choices = {**parameter.choices, _BOTH: N_("both")}
    if source.available() == "synthetic":
        choices = {"synthetic": choices["synthetic"]}
    _choice(parameter, choices)


def _number(parameter: Hyperparameter) -> None:
    """A number with its range in the help."""
    limits = _("From {low} to {high}.").format(
        low=parameter.text(parameter.low), high=parameter.text(parameter.high)
    )
    common: dict[str, Any] = {
        "label": _(parameter.label),
        "help": f"{_help(parameter)} {limits}",
        "key": _key(parameter.name),
        "on_change": _keep,
        "args": (parameter.name,),
        "persist_state": "session",
    }
    if _is_decimal(parameter.name):
        st.text_input(**common)
        return
    low, high, step = int(parameter.low), int(parameter.high), int(parameter.step)
    st.number_input(min_value=low, max_value=high, value=None, step=step, **common)


def _help(parameter: Hyperparameter) -> str:
    """What a hyperparameter does, and what the glossary says of it."""
    term = _TERMS.get(parameter.name)
    return f"{_(parameter.help)} {glossary.explain(term)}" if term else _(parameter.help)


def _keep(name: str) -> None:
    """Keep the new value of a field; an emptied field gets its last value back.

    A field that Streamlit does not let a visitor empty has "(required)" behind its label.
    """
    value, last = st.session_state[_key(name)], st.session_state[_VALUES][name]
    if value is None or value == "":
        value = last
    elif _is_decimal(name):
        try:
            value = decimal_field.read(HYPERPARAMETERS[name], value)
        except InputError:
            return  # what was typed stays, and `settings` says what is wrong
    _set(name, value)
    if name == "optimizer" and value != last:
        _set("learning_rate", USUAL_LEARNING_RATES[value])
