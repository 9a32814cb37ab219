"""The unrolled network of the page Inside, in the browser."""

import hashlib
import json
from collections.abc import Callable, Collection
from dataclasses import asdict
from typing import Any

from rnn_demo.app.components import register, reported, transport_text
from rnn_demo.app.glossary import terms
from rnn_demo.app.link_panel import link_text
from rnn_demo.app.presenter import presenting
from rnn_demo.app.text import _, plural_forms
from rnn_demo.app.theme import Palette

_mount = register(
    "inside",
    module="inside/inside.js",
    html="inside/inside.html",
    css=["shared/controls.css", "shared/link_panel.css", "shared/terms.css", "inside/inside.css"],
    height_px=410,
)

_TOOLS = ("code", "share")  # parts that presenter mode hides


def show_network(
    payload: dict[str, Any],
    palette: Palette,
    *,
    key: str,
    on_edit: Callable[[], None],
    on_answer: Callable[[], None],
    on_next: Callable[[], None],
    n_resets: int = 0,
    view: str = "",
    error: str = "",
    hidden: Collection[str] = (),
    hide: Collection[str] = (),
) -> None:
    """Show a state: the network to play and to edit, its formulas, its code and its link.

    Args:
        payload: the numbers, names and code, see `inside.payload`, with "titles" and "saturation".
            Also "card", the id of what is shown, and "query", the parameters of a link to it. It
            may have a "question", with its id, text (`code` in backticks), choices, verdict and
            the label of the button that goes on; and a "slider", with the cell that it edits, its
            label, range and marked values.
        palette: light or dark.
        key: of the component; it keeps its place on the page when the numbers change.
        on_edit: called when a number was typed; `typed(key)` returns it.
        on_answer: called when the question was answered; `chosen(key)` returns the answer.
        on_next: called when the visitor asks for what follows the question.
        n_resets: how often the visitor has pressed Reset; when it grows, the picture is clean:
            nothing is marked as changed, even if the state is the one before.
        view: what to look at first, see `state.check_view`; applied when it changes.
        error: why the last edit was refused, in a sentence.
        hidden: parts that are not shown here, of `state.HIDEABLE`.
        hide: parts that the link hides.
    """
    data = payload | {
        "palette": asdict(palette),
        "view": view,
        "presenting": presenting(),
        "hidden": sorted({*hidden, *(_TOOLS if presenting() else ())}),
        "hide": sorted(hide),
        "n_resets": n_resets,
        "text": text(),
        "terms": terms("saturated"),
    }
    signature = hashlib.sha256(json.dumps(data).encode()).hexdigest()
    # In a list, since Streamlit imports pandas to find out whether a part of a dictionary is a
    # data frame.
    _mount(
        key=key,
        data=[data | {"signature": signature, "error": error}],
        on_edit_change=on_edit,
        on_answer_change=on_answer,
        on_next_change=on_next,
    )


def typed(key: str) -> Any:
    """The number typed last, as {"name", "index", "value"}; it comes from a visitor: check it.

    None if the page has been left.
    """
    return reported(key, "edit")


def chosen(key: str) -> Any:
    """The id of the choice that answers the question; it comes from a visitor: check it.

    None if the page has been left.
    """
    return reported(key, "answer")


def text() -> dict[str, Any]:
    """Every word and sentence of the component in the visitor's language, by name.

    Templates are filled in the browser: t, n, example, neuron and the like are numbers, X, Y, z,
    tensor and cell the names of tensors and their elements.
    """
    return {
        "transport": transport_text(),
        "link_panel": link_text(),
        **_controls(),
        **_frames(),
        **_cells(),
        **_changes(),
        **_errors(),
    }


def _controls() -> dict[str, Any]:
    """Names of controls and regions."""
    return {
        "example": _("example"),
        "example_shown": _("Example shown"),
        "one_example": _("{example} of {batch}"),
        "changed_example": _("{example} of {batch} (changed)"),
        "all_examples": plural_forms("all {n}", "all {n}"),
        "show_numbers": _("Show numbers"),
        "network": _("The network, unrolled over time"),
        "negative": _("negative"),
        "positive": _("positive"),
        "question": _("Question"),
        "flat": _("[[saturated]]: a change is lost here"),
        "course_title": _("Y over time"),
        "course_of_example": _("Y over time, example {example} of {batch}"),
        "course": _("neuron {neuron}: {values}"),
        "code": _("Code"),
        "code_title": _("The same in PyTorch"),
        "copy": _("Copy"),
        "formula": _("Formula"),
        "edit": _("Edit"),
        "affects": _("What does this affect?"),
        "share": _("Link and file"),
        "embed": _("to embed (no menu)"),
        "save_file": _("Save as file"),
        "link": _("Link to what you see"),
        "link_too_long": _(
            "So many changed numbers make the link too long (characters: {length}). "
            "Save them as a file instead."
        ),
    }


def _frames() -> dict[str, str]:
    """What happens in a frame: in a few words for the slider, and in a sentence."""
    return {
        "frame": _("t = {t}: {phase}"),
        "input_phase": _("input term"),
        "recurrent_phase": _("recurrent term"),
        "bias_phase": _("bias"),
        "activation_phase": _("activation"),
        "passed_on_phase": _("passed on"),
        "input_now": _("the input comes in: {X} · Wx"),
        "recurrent_now": _("the past comes in: + {previous} · Wy"),
        "bias_now": _("the bias: + b"),
        "activation_now": _("the activation: {activation} of {z} is {Y}"),
        "no_activation_now": _("no activation: {z} itself is {Y}"),
        "no_activation": _("unchanged"),
        "last_now": _("{Y} is the last hidden state"),
        "passed_on_now": _("{Y} goes on to t = {next}"),
    }


def _cells() -> dict[str, str]:
    """What a number is: its name for a screen reader, and its meaning in the formula."""
    return {
        "input_name": _("{tensor}, example {example}, input {input}, {value}"),
        "state_name": _("{tensor}, example {example}, neuron {neuron}, {value}"),
        "bias_name": _("{tensor}, neuron {neuron}, {value}"),
        "input_weight_name": _("{tensor}, from input {input} to neuron {neuron}, {value}"),
        "hidden_weight_name": _("{tensor}, from neuron {source} to neuron {neuron}, {value}"),
        "input_meaning": _("an input at t = {t}"),
        "start_meaning": _("the memory before t = 0"),
        "weight_meaning": _("a weight, the same at every time step"),
        "bias_meaning": _("a bias, the same at every time step"),
    }


def _changes() -> dict[str, Any]:
    """What an edit changed; n counts the states, the neurons or the examples of the batch."""
    return {
        "states": _("{first} to {last}"),
        "unchanged": plural_forms("{states} is unchanged.", "{states} are unchanged."),
        "changed_slightly": plural_forms(
            "{states} changed by less than 0.0001.", "{states} changed by less than 0.0001."
        ),
        "changed": _("{states} changed."),
        "changed_neurons": plural_forms(
            "{states} changed in {changed} of the {n} neurons.",
            "{states} changed in {changed} of the {n} neurons.",
        ),
        "changed_examples": plural_forms(
            "{states} changed in {changed} of the {n} examples.",
            "{states} changed in {changed} of the {n} examples.",
        ),
        "changed_here_only": _("{states} changed in the example shown, and in no other."),
        "changed_elsewhere": plural_forms(
            "{states} changed in {changed} of the {n} examples, not in the one shown.",
            "{states} changed in {changed} of the {n} examples, not in the one shown.",
        ),
        "all_changed": _("Every state from {first} to {last} changed."),
        "show_changed": _("Show all examples"),
        "none_changed": _("No state changed."),
        "none_changed_visibly": _("No state changed by 0.0001 or more."),
        "change_lost": _(
            "No state changed: {z} went from {from} to {to}, but {activation} is {value} at both."
        ),
    }


def _errors() -> dict[str, str]:
    """Why an entry was refused, and the name of the field it was typed into."""
    return {
        "new_value": _("New value of {cell}"),
        "computed": _(
            "{cell} is computed and can't be edited. Edit one of the highlighted inputs instead."
        ),
        "empty": _("An empty cell is not a number. Nothing was changed."),
        "infinite": _("“{typed}” is infinite. Nothing was changed."),
        "not_a_number": _("“{typed}” is not a number. Nothing was changed."),
        "out_of_range": _("{typed} is not between -{limit} and {limit}. Nothing was changed."),
    }
