"""The words of the page Inside that need no torch, by the ids of the core."""

from typing import Any

from rnn_demo.app.inside.settings_section import STARTS
from rnn_demo.app.text import _, n_, sentence
from rnn_demo.inside.cards import CARDS, card_at
from rnn_demo.inside.state import InsideState
from rnn_demo.messages import N_, Message

_NETWORK_CLAIMS = {
    "SingleRNN": N_(
        "The tutorial's first network: one [[neuron]] reads a [[batch]] of four "
        "[[examples|example]] in two steps. The inputs mean nothing, and they are so large that "
        "tanh is mostly [[saturated]]."
    ),
    "BasicRNN": N_(
        "The tutorial's second network: a [[layer]] of five neurons reads the same two "
        "steps. It is one layer, used twice: Wx, Wy and b are the same at both steps."
    ),
    "nn.RNNCell": N_(
        "PyTorch's own cell computes one step, and the tutorial repeats it in a loop. hx, the "
        "[[hidden state]] before the first step, starts with random numbers here."
    ),
    "CleanBasicRNN": N_(
        "The same cell with its loop, as one module. It returns the output of every step and the "
        "final state. These are [[hidden states|hidden state]], and the final one is the "
        "last output."
    ),
}
SECTION_TITLES = {
    "settings": N_("Settings"),
    "code": N_("Code"),
    "tables": N_("Tables"),
    "share": N_("Share"),
    "tutorial": N_("About the tutorial"),
}
PART_OF_SECTION = {  # by which a link hides it
    "settings": "settings",
    "code": "code",
    "tables": "sections",
    "share": "share",
    "tutorial": "sections",
}
HIDEABLE_PARTS = {
    "presets": N_("Cards and networks"),
    "settings": N_("Settings"),
    "code": N_("Code"),
    "question": N_("Question"),
    "sections": N_("Tables, About the tutorial"),
    "share": N_("Share"),
}


def card_title(place: str) -> str:
    """The number and the title of a card."""
    number, card = next((i, it) for i, it in enumerate(CARDS, 1) if it.id == place)
    return f"{number} · {_(card.title)}"


def claim(place: str) -> str:
    """What the picture of a place shows; "[[tanh]]" marks a term of the glossary."""
    card = card_at(place)
    return _(card.claim if card else _NETWORK_CLAIMS[place])


def legend() -> str:
    """What the letters and colours of every picture mean; marked like a claim."""
    return _(
        "X is the [[input]], z the sum ([[pre-activation]]), Y the [[hidden state]]. Y, output, "
        "state and hx are names for the same thing: the numbers that the network remembers. "
        "In brackets, counting starts at 0."
    )


def slider(place: str) -> dict[str, Any] | None:
    """The slider of a card, as the component shows it."""
    card = card_at(place)
    if card is None or card.slider is None:
        return None
    it = card.slider
    return {
        "cell": {"name": it.name, "index": list(it.index)},
        "values": list(it.values),
        "min": it.low,
        "max": it.high,
        "step": it.step,
        "label": it.name,
    }


def network_words(state: InsideState, payload: dict[str, Any]) -> dict[str, Any]:
    """The words of the unrolled network: titles of its matrices, and a count under the curve.

    Args:
        state: the state on screen.
        payload: its payload, see `inside.payload`.
    """
    hx = _("hx ({start})").format(start=_(STARTS[state.hx]))
    titles = {"hx": hx, "Wx": _("Wx: input → new state"), "Wy": _("Wy: old state → new state")}
    return {"titles": payload["names"] | titles, "saturation": _saturation(state, payload)}


def _saturation(state: InsideState, payload: dict[str, Any]) -> str:
    if state.activation == "none":
        return _("Without an activation, no sum is saturated.")
    n, n_total = payload["n_saturated"], state.n_steps * state.batch * state.n_neurons
    if n == 0:
        return n_(
            "The {n} sum ({counted}) is not saturated: every change comes through.",
            "None of the {n} sums ({counted}) is saturated: every change comes through.",
            n_total,
        ).format(n=n_total, counted=_counted(state))
    return n_(
        "{n} of the {n_total} sums ({counted}) is saturated: {activation} is flat there, so a "
        "change is lost there.",
        "{n} of the {n_total} sums ({counted}) are saturated: {activation} is flat there, so a "
        "change is lost there.",
        n,
    ).format(n=n, n_total=n_total, counted=_counted(state), activation=state.activation)


def _counted(state: InsideState) -> str:
    """What the sums are, such as "2 steps x 4 examples"."""
    counts = [n_("{n} step", "{n} steps", state.n_steps).format(n=state.n_steps)]
    if state.batch > 1:
        counts.append(n_("{n} example", "{n} examples", state.batch).format(n=state.batch))
    if state.n_neurons > 1:
        counts.append(n_("{n} neuron", "{n} neurons", state.n_neurons).format(n=state.n_neurons))
    return " x ".join(counts)


def link_notice(message: Message) -> str:
    """Why a link could not be opened, and what the page shows instead."""
    return _("{reason} You see the first card instead.").format(reason=sentence(message))
