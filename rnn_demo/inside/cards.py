"""Six cards, each with one claim, one saved state and one question, as data without torch.

A place is what the page Inside can show: a card, or one of the tutorial's networks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.state import Index, InsideState
from rnn_demo.messages import N_, Translatable


@dataclass(frozen=True)
class Slider:
    """A slider for one number of a state.

    Attributes:
        name: of the tensor.
        index: of the number in it.
        values: marked on the slider.
        low: the least value.
        high: the largest value.
        step: between two values.
    """

    name: str
    index: Index
    values: tuple[float, ...]
    low: float
    high: float
    step: float


@dataclass(frozen=True)
class Card:
    """One idea.

    Attributes:
        id: of the card, as it stands in the address.
        title: its idea in a few words.
        claim: what its picture shows; "[[tanh]]" marks a term of the glossary.
        state: the numbers of its picture.
        question_id: of its question, one of `question.QUESTION_IDS`.
        slider: for a number that is worth trying out.
        section: id of the section below the picture that belongs to it.
    """

    id: str
    title: Translatable
    claim: Translatable
    state: InsideState
    question_id: str
    slider: Slider | None = None
    section: str | None = None


def _state(
    model: str,
    X: Sequence[Sequence[float]],
    *,
    n_neurons: int = 1,
    seed: int = 7,
    weights: Mapping[tuple[str, Index], float] | None = None,
) -> InsideState:
    """The state of a card: one example, zeros before the first step, tanh.

    Args:
        model: class name of a preset.
        X: (n_steps, n_inputs).
        n_neurons: size of the hidden state.
        seed: of the weights.
        weights: those that are not the seed's.
    """
    inputs = {
        ("X", (t, 0, i)): float(value)
        for t, step in enumerate(X)
        for i, value in enumerate(step)
        if value
    }
    return InsideState(
        model=model,
        n_steps=len(X),
        batch=1,
        n_inputs=len(X[0]),
        n_neurons=n_neurons,
        seed=seed,
        activation="tanh",
        hx="zero",
        scale=1.0,
        inputs="zeros",
        edits=inputs | dict(weights or {}),
    )


def _one_neuron(X: Sequence[float], Wx: float, Wy: float, b: float = 0.0) -> InsideState:
    weights: dict[tuple[str, Index], float] = {("Wx", (0, 0)): Wx, ("Wy", (0, 0)): Wy}
    if b:
        weights["b", (0,)] = b
    return _state("SingleRNN", [[x] for x in X], weights=weights)


# The sums are small, so that the first edit of a student changes something; on the card about
# tanh they grow, and the last one is saturated.
CARDS = (
    Card(
        "one_neuron",
        N_("One neuron hears itself"),
        N_(
            "A recurrent neuron reads one [[input]] at each [[time step]]. At t = 1 it also hears "
            "its own last answer, Y0. This one number is its whole memory: its [[hidden state]]."
        ),
        _one_neuron((1, 0), Wx=0.8, Wy=0.9),
        "early_input",
    ),
    Card(
        "same_weights",
        N_("The same weights at every step"),
        N_(
            "[[Wx|input-to-hidden weights]], [[Wy|hidden-to-hidden weights]] and [[b|bias]] are "
            "the same at every step: one network, used again. So it can read a [[sequence]] of "
            "any length, and it has few numbers to learn: here three."
        ),
        _one_neuron((1, -1, 0.5, 0, 1, -0.5), Wx=0.7, Wy=0.6, b=0.1),
        "more_steps",
    ),
    Card(
        "tanh",
        N_("tanh squashes"),
        N_(
            "[[tanh]] squashes every sum into the range from -1 to 1. Far from zero its curve is "
            "flat. A neuron there is [[saturated]]: a change of its sum is lost."
        ),
        _one_neuron((0.5, 2, 6), Wx=1.0, Wy=0.5),
        "double_last_input",
    ),
    Card(
        "forgets",
        N_("It forgets"),
        N_(
            "One input at t = 0, then silence. At each step Wy multiplies what is left of it. "
            "With Wy at 0.5 it fades away: the network forgets. When a network learns, its "
            "gradient fades in the same way: the [[vanishing gradient]]."
        ),
        _one_neuron((1, *[0] * 11), Wx=1.0, Wy=0.5),
        "change_memory",
        Slider("Wy", (0, 0), values=(0.5, 1.0, 1.5), low=0.0, high=2.0, step=0.05),
    ),
    Card(
        "layer",
        N_("A layer"),
        N_(
            "Several neurons make a [[layer]]. Each of them hears every input and the whole last "
            "[[hidden state]]: three neurons remember three numbers, and they hear one another."
        ),
        _state("BasicRNN", ((1, 0), (0, 1), (0, 0)), n_neurons=3, seed=1301),
        "one_connection",
    ),
    Card(
        "loop",
        N_("A loop, a module"),
        N_(
            "PyTorch's RNNCell computes one step, and a loop repeats it. CleanBasicRNN is this "
            "cell with its loop, as one module. Its code does not grow with the sequence, so this "
            "is the form for a project of your own."
        ),
        _state("CleanBasicRNN", ((1, 0), (0, 1), (1, 1), (0, 0)), n_neurons=3, seed=137),
        "longer_code",
        section="code",
    ),
)

_CARDS = {card.id: card for card in CARDS}
_TUTORIAL = {preset.class_name: InsideState.of(preset) for preset in PRESETS}
PLACES = (*_CARDS, *_TUTORIAL)
FIRST_PLACE = CARDS[0].id


def card_at(place: str) -> Card | None:
    """The card of a place; None if it is one of the tutorial's networks."""
    return _CARDS.get(place)


def home(place: str) -> InsideState:
    """The saved state of a place.

    Args:
        place: one of `PLACES`.

    Raises:
        KeyError: there is no such place.
    """
    card = card_at(place)
    return card.state if card else _TUTORIAL[place]


def place_of(state: InsideState, place: str) -> str:
    """Where a state belongs.

    Args:
        state: from a link or a file.
        place: where it was changed, or any other text.

    Returns:
        The place if its network has the class of the state, or else the tutorial's network.
    """
    fits = place in PLACES and home(place).model == state.model
    return place if fits else state.model


def next_card(place: str) -> Card | None:
    """The card after a place; None after the last card and after a network of the tutorial."""
    ids = [card.id for card in CARDS]
    at = ids.index(place) + 1 if place in ids else len(ids)
    return CARDS[at] if at < len(CARDS) else None
