"""The state of the page Inside: everything a visitor can change, as a link and as a file."""

import json
import re
import reprlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple, Self

from rnn_demo.formats import url
from rnn_demo.inside.presets import MAX_BATCH, MAX_INPUTS, MAX_NEURONS, MAX_STEPS, PRESETS, Preset
from rnn_demo.messages import InputError

MAX_FILE_BYTES = 200_000  # the largest state takes a quarter of it
MAX_VALUE = 100.0  # the largest absolute value of a cell
MAX_SEED = 9999
MAX_SCALE = 2.0
MAX_QUOTE_CHARACTERS = 60  # of a value in a sentence about it
ACTIVATIONS = ("tanh", "relu", "none")
STARTS = ("zero", "random", "typed")
INPUTS = ("tutorial", "zeros")
HIDEABLE = ("presets", "settings", "code", "question", "sections", "share")

Index = tuple[int, ...]
Edits = Mapping[tuple[str, Index], float]

_MAX_SIZES = {
    "n_steps": MAX_STEPS,
    "batch": MAX_BATCH,
    "n_inputs": MAX_INPUTS,
    "n_neurons": MAX_NEURONS,
}
_VIEW = re.compile(
    r"\d{1,3},(?:all|\d{1,2}),(?:(?:[XYz]\d{1,2}|Wx|Wy|b|hx)\[\d{1,2}(?:, ?\d{1,2})?\])?"
)


@dataclass(frozen=True)
class InsideState:
    """One experiment on the page Inside.

    Attributes:
        model: class name of a preset.
        n_steps: time steps.
        batch: examples in the batch.
        n_inputs: features of an example at a time step.
        n_neurons: neurons, which is the size of the hidden state.
        seed: of the weights, and of a random initial hidden state.
        activation: "tanh", "relu" or "none".
        hx: the initial hidden state: "zero", "random", or "typed" (zero except for the edits).
        scale: factor of every input, applied before the network reads it.
        inputs: what stands in X before any edit: the "tutorial"'s numbers, or "zeros".
        edits: the numbers that differ from the seed's weights and from these inputs, by
            tensor ("X", "Wx", "Wy", "b", "hx") and index; X has (t, example, input).

    Raises:
        InputError: a value is not allowed.
    """

    model: str
    n_steps: int
    batch: int
    n_inputs: int
    n_neurons: int
    seed: int
    activation: str
    hx: str
    scale: float
    inputs: str
    edits: Edits

    def __post_init__(self) -> None:
        _check_choice("model", self.model, [preset.class_name for preset in PRESETS])
        for name, largest in _MAX_SIZES.items():
            _check_whole_number(name, getattr(self, name), 1, largest)
        _check_whole_number("seed", self.seed, 0, MAX_SEED)
        _check_choice("activation", self.activation, ACTIVATIONS)
        _check_choice("hx", self.hx, STARTS)
        check_number("scale", self.scale, 0, MAX_SCALE)
        _check_choice("inputs", self.inputs, INPUTS)
        for (name, index), value in self.edits.items():
            check_index(self, name, index)
            check_number(cell_name(name, index), value, -MAX_VALUE, MAX_VALUE)
        if self.hx != "typed" and any(name == "hx" for name, _ in self.edits):
            raise InputError("inside.hx_not_typed")

    @classmethod
    def of(cls, preset: Preset) -> Self:
        """A preset with the tutorial's sizes and numbers."""
        return cls(
            model=preset.class_name,
            n_steps=len(preset.X),
            batch=len(preset.X[0]),
            n_inputs=preset.n_inputs,
            n_neurons=preset.n_neurons,
            seed=7,
            activation="tanh",
            hx="random" if preset.starts_random else "zero",
            scale=1.0,
            inputs="tutorial",
            edits={},
        )

    @property
    def preset(self) -> Preset:
        """The preset of the model."""
        return _preset(self.model)

    @property
    def shapes(self) -> dict[str, Index]:
        """Shape of every tensor that can be edited."""
        return {
            "X": (self.n_steps, self.batch, self.n_inputs),
            "Wx": (self.n_inputs, self.n_neurons),
            "Wy": (self.n_neurons, self.n_neurons),
            "b": (self.n_neurons,),
            "hx": (self.batch, self.n_neurons),
        }

    def to_json(self) -> dict[str, Any]:
        """The differences from the preset, ready for `json.dumps`."""
        start = InsideState.of(self.preset)
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        changed = {name: value for name, value in values.items() if value != getattr(start, name)}
        if self.edits:
            changed["edits"] = [
                [name, *index, value] for (name, index), value in self.edits.items()
            ]
        return {"model": self.model} | changed

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The state that `to_json` described.

        Raises:
            InputError: the data is not a state.
        """
        if not isinstance(data, dict) or not isinstance(data.get("model"), str):
            raise InputError("inside.not_a_state")
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(data) - known)
        if unknown:
            raise InputError("inside.unknown_setting", name=quoted(unknown[0]))
        start = cls.of(_preset(data["model"]))
        values = {name: getattr(start, name) for name in known} | data
        values["edits"] = _edits(values["edits"]) if "edits" in data else {}
        return cls(**values)


class StateFile(NamedTuple):
    """A state as a visitor saved it.

    Attributes:
        state: the state.
        view: what was looked at, see `check_view`.
        card: id of the card that it was changed on; any text, since files can be written by hand.
    """

    state: InsideState
    view: str
    card: str


def encode(state: InsideState) -> str:
    """The state as text for an address."""
    return url.pack(state.to_json())


def decode(text: str) -> InsideState:
    """The state in an address.

    Raises:
        InputError: the text is too long, or `encode` did not make it.
    """
    data = url.unpack(text, MAX_FILE_BYTES)
    try:
        return InsideState.from_json(data)
    except InputError as error:  # it quotes the link, which may not reach the page
        raise InputError("inside.link_without_state") from error


def load_file(content: bytes) -> StateFile:
    """What a state file holds.

    Raises:
        InputError: it is not a state file.
    """
    if len(content) > MAX_FILE_BYTES:
        raise InputError("inside.file_too_large", size=len(content), limit=MAX_FILE_BYTES)
    data = _parse(content)
    view, card = (
        (data.pop(key, "") for key in ("view", "card")) if isinstance(data, dict) else ("", "")
    )
    return StateFile(
        InsideState.from_json(data), check_view(view), card if isinstance(card, str) else ""
    )


def check_view(text: object) -> str:
    """The view "frame,example or all,selected cell"; "" if the text is not a view."""
    return text if isinstance(text, str) and _VIEW.fullmatch(text) else ""


def hidden_parts(text: str) -> frozenset[str]:
    """The parts of the page that a link hides, from names between commas."""
    return frozenset(text.split(",")) & frozenset(HIDEABLE)


def cell_name(name: str, index: Index) -> str:
    """PyTorch's name for a number of X, Wx, Wy, b or hx: "X1[0, 2]", "Wx[2, 3]", "b[1]"."""
    if name == "X":
        return f"X{index[0]}{list(index[1:])}"
    return f"{name}{list(index)}"


def check_index(state: InsideState, name: str, index: Index) -> None:
    """Check that a tensor has a cell of this index.

    Raises:
        InputError: there is no such tensor or no such cell.
    """
    _check_choice("tensor", name, list(state.shapes))
    shape = state.shapes[name]
    inside = len(index) == len(shape) and all(
        type(i) is int and 0 <= i < size for i, size in zip(index, shape, strict=True)
    )
    if not inside:
        raise InputError(
            "inside.no_such_cell", name=name, shape=str(shape), index=reprlib.repr(list(index))
        )


def check_number(name: str, value: object, low: float, high: float) -> None:
    """Check that a value is a finite number in a range.

    Raises:
        InputError: it is not.
    """
    # NaN is in no range, and a whole number too large for a float can still be compared.
    is_number = type(value) in (int, float)
    if not is_number or not low <= value <= high:  # type: ignore[operator]
        raise InputError("inside.not_a_number", name=name, low=low, high=high, value=quoted(value))


def quoted(value: object) -> str:
    """A value as it stands in a sentence, cut short."""
    return f"{reprlib.repr(value):.{MAX_QUOTE_CHARACTERS}}"


def _preset(model: str) -> Preset:
    for preset in PRESETS:
        if preset.class_name == model:
            return preset
    raise InputError("inside.unknown_model", model=quoted(model))


def _parse(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InputError("inside.not_a_state") from error


def _edits(rows: object) -> dict[tuple[str, Index], float]:
    edits: dict[tuple[str, Index], float] = {}
    for row in rows if isinstance(rows, list) else [None]:
        if not isinstance(row, list) or len(row) < 3 or not isinstance(row[0], str):
            raise InputError("inside.malformed_edit")
        if any(type(i) is not int for i in row[1:-1]):
            raise InputError("inside.malformed_edit_index")
        edits[row[0], tuple(row[1:-1])] = row[-1]
    return edits


def _check_choice(name: str, value: object, choices: Sequence[str]) -> None:
    if value not in choices:
        raise InputError(
            "inside.not_a_choice", name=name, choices=", ".join(choices), value=quoted(value)
        )


def _check_whole_number(name: str, value: object, low: int, high: int) -> None:
    if type(value) is not int or not low <= value <= high:
        raise InputError(
            "inside.not_a_whole_number", name=name, low=low, high=high, value=quoted(value)
        )
