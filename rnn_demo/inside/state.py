"""The state of the flow lab: all that can be changed, as a link and as a file."""

import json
import re
import reprlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from rnn_demo.formats import url
from rnn_demo.inside.presets import MAX_BATCH, MAX_INPUTS, MAX_NEURONS, MAX_STEPS, PRESETS, Preset

FILE_LIMIT = 200_000  # bytes; the largest state takes a quarter of it
MAX_VALUE = 100.0  # the largest number a cell takes, either sign
MAX_SEED = 9999
MAX_SCALE = 2.0
ACTIVATIONS = ("tanh", "relu", "none")
STARTS = ("zero", "random", "typed")
HIDEABLE = ("presets", "settings", "code", "sections", "share")

Index = tuple[int, ...]
Edits = Mapping[tuple[str, Index], float]

_LARGEST = {
    "n_steps": MAX_STEPS,
    "batch": MAX_BATCH,
    "n_inputs": MAX_INPUTS,
    "n_neurons": MAX_NEURONS,
}
_VIEW = re.compile(
    r"\d{1,3},(?:all|\d{1,2}),(?:(?:[XYz]\d{1,2}|Wx|Wy|b|hx)\[\d{1,2}(?:, ?\d{1,2})?\])?"
)


@dataclass(frozen=True)
class LabState:
    """One experiment in the flow lab. What cannot be, raises.

    Attributes:
        model: class name of a preset.
        n_steps: time steps.
        batch: instances.
        n_inputs: features of an instance at a time step.
        n_neurons: neurons, which is the size of the hidden state.
        seed: of the weights, and of a random start.
        activation: "tanh", "relu" or "none".
        hx: the starting state: "zero", "random", or "typed", zero where nothing is typed.
        scale: what every input is multiplied by before the network reads it.
        edits: the numbers that differ from the seed's and from the tutorial's, by tensor
            ("X", "Wx", "Wy", "b", "hx") and index; X has (t, instance, input).

    Raises:
        ValueError: with one sentence for a person.
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
    edits: Edits

    def __post_init__(self) -> None:
        _check_choice("model", self.model, [preset.class_name for preset in PRESETS])
        for name, largest in _LARGEST.items():
            _check_whole(name, getattr(self, name), 1, largest)
        _check_whole("seed", self.seed, 0, MAX_SEED)
        _check_choice("activation", self.activation, ACTIVATIONS)
        _check_choice("hx", self.hx, STARTS)
        check_number("scale", self.scale, 0, MAX_SCALE)
        for (name, index), value in self.edits.items():
            check_index(self, name, index)
            check_number(label(name, index), value, -MAX_VALUE, MAX_VALUE)
        if self.hx != "typed" and any(name == "hx" for name, _ in self.edits):
            raise ValueError("Numbers for hx need the start to be typed.")

    @classmethod
    def of(cls, preset: Preset) -> Self:
        """A preset as the tutorial has it."""
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
            edits={},
        )

    @property
    def preset(self) -> Preset:
        """The preset it started from."""
        return _preset(self.model)

    @property
    def has_preset_sizes(self) -> bool:
        """Whether it is as large as the tutorial has it."""
        return self.shapes == LabState.of(self.preset).shapes

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
        """What differs from the preset, ready for `json.dumps`."""
        start = LabState.of(self.preset)
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        changed = {name: value for name, value in values.items() if value != getattr(start, name)}
        if self.edits:
            changed["edits"] = [
                [name, *index, value] for (name, index), value in self.edits.items()
            ]
        return {"model": self.model} | changed

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The state that `to_json` told of.

        Raises:
            ValueError: it is no such thing.
        """
        if not isinstance(data, dict) or not isinstance(data.get("model"), str):
            raise ValueError("This is no state of the flow lab.")
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(data) - known)
        if unknown:
            raise ValueError(f"The flow lab knows no setting {reprlib.repr(unknown[0])}.")
        start = cls.of(_preset(data["model"]))
        values = {name: getattr(start, name) for name in known} | data
        values["edits"] = _edits(values["edits"]) if "edits" in data else {}
        return cls(**values)


def encode(state: LabState) -> str:
    """The state as text for an address."""
    return url.pack(state.to_json())


def decode(text: str) -> LabState:
    """The state in an address.

    Raises:
        ValueError: the text is too long, or is not what `encode` makes.
    """
    data = url.unpack(text, FILE_LIMIT)
    try:
        return LabState.from_json(data)
    except ValueError as error:  # which quotes the link: not for the page
        raise ValueError("The link holds a state that the flow lab does not know.") from error


def load_file(content: bytes) -> tuple[LabState, str]:
    """The state and the view in a state file; see `check_view`.

    Raises:
        ValueError: it is no state file.
    """
    if len(content) > FILE_LIMIT:
        raise ValueError(
            f"A state file has at most {FILE_LIMIT:,} bytes; this has {len(content):,}."
        )
    data = _parse(content)
    view = data.pop("view", "") if isinstance(data, dict) else ""
    return LabState.from_json(data), check_view(view)


def check_view(text: object) -> str:
    """What was looked at, as "frame,instance or all,selected cell"; "" where it is not that."""
    return text if isinstance(text, str) and _VIEW.fullmatch(text) else ""


def hidden(text: str) -> frozenset[str]:
    """The controls that a link hides, names between commas; unknown ones hide nothing."""
    return frozenset(text.split(",")) & frozenset(HIDEABLE)


def label(name: str, index: Index) -> str:
    """What PyTorch would call a number of X, Wx, Wy, b or hx: "X1[0, 2]", "Wx[2, 3]", "b[1]"."""
    if name == "X":
        return f"X{index[0]}{list(index[1:])}"
    return f"{name}{list(index)}"


def check_index(state: LabState, name: str, index: Index) -> None:
    """Require a number to be there.

    Raises:
        ValueError: there is no such tensor, or none of that index.
    """
    _check_choice("tensor", name, list(state.shapes))
    shape = state.shapes[name]
    inside = len(index) == len(shape) and all(
        type(i) is int and 0 <= i < size for i, size in zip(index, shape, strict=True)
    )
    if not inside:
        raise ValueError(
            f"{name} has the shape {shape}: there is no {name}{reprlib.repr(list(index))}."
        )


def _preset(model: str) -> Preset:
    for preset in PRESETS:
        if preset.class_name == model:
            return preset
    raise ValueError(f"The flow lab has no model {reprlib.repr(model)}.")


def _parse(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ValueError("This is no state of the flow lab.") from error


def _edits(rows: object) -> dict[tuple[str, Index], float]:
    edits: dict[tuple[str, Index], float] = {}
    for row in rows if isinstance(rows, list) else [None]:
        if not isinstance(row, list) or len(row) < 3 or not isinstance(row[0], str):
            raise ValueError("An edit is a tensor's name, an index and a number.")
        if any(type(i) is not int for i in row[1:-1]):
            raise ValueError("The index of an edit is made of whole numbers.")
        edits[row[0], tuple(row[1:-1])] = row[-1]
    return edits


def _check_choice(name: str, value: object, choices: tuple[str, ...] | list[str]) -> None:
    if value not in choices:
        raise ValueError(
            f"{name} must be one of {', '.join(choices)}, not {reprlib.repr(value):.60}."
        )


def _check_whole(name: str, value: object, smallest: int, largest: int) -> None:
    if type(value) is not int or not smallest <= value <= largest:
        raise ValueError(
            f"{name} must be a whole number from {smallest} to {largest}, "
            f"not {reprlib.repr(value):.60}."
        )


def check_number(name: str, value: object, smallest: float, largest: float) -> None:
    """Require a finite number in a range.

    Raises:
        ValueError: it is none.
    """
    # NaN is in no range; a whole number too large for a float is compared all the same.
    is_number = type(value) in (int, float)
    if not is_number or not smallest <= value <= largest:  # type: ignore[operator]
        raise ValueError(
            f"{name} must be a number from {smallest:g} to {largest:g}, "
            f"not {reprlib.repr(value):.60}."
        )
