"""What the core has to say to a visitor: a code and values, which `rnn_demo.app.text` words.

The core raises, returns and stores messages; it knows no visitor and no language. `str` of a
message is English, for engineers and logs. `ENGLISH` is the one place for these sentences.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self


class Translatable(str):
    """English text that is translated when it is shown, such as the label of a field."""

    __slots__ = ()


def N_(text: str) -> Translatable:  # noqa: N802 (gettext's own name for it)
    """Mark a text for the catalogue without translating it yet."""
    return Translatable(text)


@dataclass(frozen=True)
class Plural:
    """A sentence in two forms; the value `n` of a message chooses one."""

    one: str
    many: str


# One section a package, one line a code: "<section>.<what is wrong>".
ENGLISH: dict[str, str | Plural] = {
    # settings
    "settings.not_a_whole_number": N_(
        "{name} must be a whole number from {low} to {high}, not {value!r}."
    ),
    "settings.unknown_choice": N_("{name} must be one of {choices}, not {value!r}."),
    "settings.device_missing": N_("{name} is set to {device}, which this machine does not have."),
    # formats
    "files.damaged": N_("{name} is damaged."),
    "files.disk_full": N_("The disk is full."),
    "files.locked": N_("Another process is using these files. Try again in a moment."),
    "files.missing": N_("{name} is missing."),
    "files.not_an_object": N_("{name} does not hold a JSON object."),
    "files.not_regular": N_("{name} is not a regular file, or it is too large."),
    "files.other": N_("{reason}."),
    "files.unreadable": N_("{name} cannot be read: {reason}"),
    "link.damaged": N_("The link is damaged: a part of it is missing or changed."),
    "link.too_long": N_("The link is too long: the limit is {limit:,} characters."),
    "number.empty": N_("A number is missing."),
    "number.infinite": N_("“{text}” is infinite."),
    "number.not_a_number": N_("“{text}” is not a number."),
    "table.ambiguous": N_(
        "“{text}” can be one number or two. Write {number} for one, or {separated} for two."
    ),
    # data
    "data.drawing_is_a_dot": N_("This is a dot, without a line to read."),
    "data.drawing_has_many_turns": N_("This has more turns than any digit."),
    "data.drawing_is_small": N_("Very small: it will be enlarged, and so will every wobble."),
    "data.drawing_is_in_a_corner": N_("In a corner: it will be moved to the middle."),
    "data.invalid_canvas_drawing": N_("The canvas did not send a drawing."),
    "data.invalid_canvas_image": N_("The canvas did not send an image."),
    "data.too_many_strokes_for_a_link": N_("This drawing has too many strokes for a link."),
    "data.no_drawing_in_link": N_("This link does not contain a drawing."),
    "data.mnist_missing": N_("MNIST is not on this server: {file} is missing."),
    "data.mnist_damaged": N_(
        "The MNIST file {file} is damaged: delete it and download MNIST again."
    ),
    "data.no_mirror": N_(
        "MNIST could not be downloaded: no mirror delivered an intact file. Is this machine online?"
    ),
    "data.no_torchvision": N_(
        "The download of MNIST needs torchvision, which cannot be imported here: torch and "
        "torchvision must be builds that belong together. "
        "Run: pip install -r requirements.txt"
    ),
    "data.download_stopped": N_("The download of MNIST stopped before its end. Try again."),
    "data.download_failed": N_("MNIST could not be downloaded: {reason}"),
    "data.cannot_store": N_("MNIST cannot be stored on this server: {reason}"),
    # nn
    # inside
    "inside.not_a_state": N_("This is not a file of the page Inside."),
    "inside.unknown_setting": N_("The page Inside has no setting {name}."),
    "inside.unknown_model": N_("The page Inside has no network {model}."),
    "inside.link_without_state": N_("The link has a state that the page Inside cannot show."),
    "inside.file_too_large": N_(
        "A file of the page Inside has at most {limit:,} bytes; this one has {size:,}."
    ),
    "inside.not_a_choice": N_("{name} must be one of {choices}, not {value}."),
    "inside.not_a_whole_number": N_(
        "{name} must be a whole number from {low} to {high}, not {value}."
    ),
    "inside.not_a_number": N_("{name} must be a number from {low:g} to {high:g}, not {value}."),
    "inside.no_such_cell": N_("{name} has the shape {shape}: there is no {name}{index}."),
    "inside.hx_not_typed": N_("A state with numbers for hx needs hx to be “typed”."),
    "inside.malformed_edit": N_("An edit consists of a tensor's name, an index and a number."),
    "inside.malformed_edit_index": N_("The index of an edit consists of whole numbers."),
    "inside.not_an_edit": N_("The browser sent something that is not an edit. Nothing changed."),
    "inside.overflow": N_(
        "With these numbers, the hidden state becomes too large for a float32. Use smaller "
        "weights, fewer time steps, or tanh."
    ),
    "inside.activation_needed": N_(
        "`nn.RNNCell` and `nn.RNN` support only tanh and relu. Choose one of them."
    ),
    "inside.sentences": N_("{first} {rest}"),
    "inside.cell_empty": N_("Row {row}, column {column} is empty."),
    "inside.cell_infinite": N_("Row {row}, column {column} ({cell}) is infinite."),
    "inside.cell_not_a_number": N_("Row {row}, column {column} ({cell}) is not a number."),
    "inside.cell_out_of_range": N_(
        "Row {row}, column {column} ({cell}) is not from -{limit:g} to {limit:g}."
    ),
    "inside.more_wrong_cells": Plural(
        "{n:,} more cell is not a valid number.", "{n:,} more cells are not valid numbers."
    ),
    "inside.table_empty": N_(
        "The table is empty. {name} needs {rows} x {columns} numbers (rows x columns)."
    ),
    "inside.table_uneven": N_(
        "The rows of the table have different lengths, from {low} to {high}. {name} needs "
        "{rows} x {columns} numbers (rows x columns)."
    ),
    "inside.table_size": N_(
        "The table has {found_rows} x {found_columns} numbers (rows x columns). {name} needs "
        "{rows} x {columns}."
    ),
    # training
    "training.batch_too_large": N_(
        "The batch is too large for this network: choose a batch size of at most {largest}."
    ),
    "training.diverged": N_(
        "The loss became NaN or infinite. Resume or restart with a lower learning rate."
    ),
    "training.not_a_choice": N_("{name} must be one of {choices}, not {value}."),
    "training.not_a_number": N_("{name} must be a number, not {value}."),
    "training.not_a_whole_number": N_("{name} must be a whole number, not {value}."),
    "training.not_a_card": N_("This is not the card of a network."),
    "training.not_a_result": N_("This is not a test result."),
    "training.not_an_object": N_("A recipe is a JSON object."),
    "training.other_training": N_("This state belongs to another training."),
    "training.out_of_range": N_("{name} must be between {low} and {high}, not {value}."),
    "training.recipe_damaged": N_("The recipe in this file is damaged."),
    "training.unknown_field": N_("A recipe has no {name}."),
    "training.weights_damaged": N_("The weights in {name} are damaged or do not match their card."),
    "training.weights_do_not_fit": N_(
        "These weights do not fit together as an ImageRNN that reads 28 rows of 28 pixels."
    ),
    "training.weights_not_an_image_rnn": N_("These are not the weights of an ImageRNN."),
    "training.weights_not_finite": N_("The weights contain NaN or infinite values."),
    "training.weights_not_floating_point": N_("The weights are not floating-point numbers."),
    "training.weights_not_safetensors": N_("This is not a whole .safetensors file."),
    "training.weights_of_another_recipe": N_(
        "The weights do not belong to the network that the file's recipe describes."
    ),
    "training.weights_too_large": N_("The file is larger than {megabytes} MB."),
    "training.network_too_large": N_("This network is too large to be read here."),
    # runs
    "runs.name_too_long": N_("A name has at most {limit} characters, not {n}."),
    "runs.control_characters": N_("A name cannot contain control characters."),
    "runs.line_damaged": N_("{file} is damaged from line {line} on."),
    "runs.checkpoint_damaged": N_(
        "The checkpoint is damaged, so this run can't resume. The last saved network is kept."
    ),
    "runs.queue_full": Plural(
        "The queue is full ({n} run). Try again later.",
        "The queue is full ({n} runs). Try again later.",
    ),
    "runs.too_many_waiting": Plural(
        "{n} of your runs is already waiting. Take it out of the queue, or wait for its turn.",
        "{n} of your runs are already waiting. Take one out of the queue, or wait for its turn.",
    ),
    "runs.not_resumable": N_("This run can't be resumed: it trains, waits or has ended for good."),
    "runs.already_started": N_("This run has already started."),
    "runs.delete_while_training": N_("This run is training. Stop it before you delete it."),
    "runs.loading_pytorch": N_("Loading PyTorch"),
    "runs.loading_mnist": N_("Loading MNIST"),
    "runs.making_digits": N_("Making synthetic digits"),
    "runs.making_drawings": Plural(
        "Making {n:,} synthetic drawing", "Making {n:,} synthetic drawings"
    ),
    "runs.out_of_memory": N_("There is not enough memory to train this."),
    "runs.unexpected": N_("Training stopped unexpectedly ({error}: {reason})."),
}

_MAX_DEPTH = 4  # of messages in the values of messages, in a file


@dataclass(frozen=True)
class Message:
    """A sentence before it is worded in a language.

    Attributes:
        code: a key of `ENGLISH`.
        values: what the sentence's {placeholders} stand for: numbers and texts. A
            `Translatable` and a nested `Message` are translated too.
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        text = ENGLISH[self.code]
        if isinstance(text, Plural):
            text = text.one if self.values["n"] == 1 else text.many
        return text.format(**self.values)

    def to_json(self) -> dict[str, Any]:
        """The message as a file stores it; `from_json` reads it back."""
        values = {name: _value_to_json(value) for name, value in self.values.items()}
        return {"code": self.code, "values": values}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The message that a file stores.

        Raises:
            ValueError: `data` is not what `to_json` returns.
        """
        message = cls._from_json(data, _MAX_DEPTH)
        try:
            str(message)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise ValueError("The values do not fit the message.") from error
        return message

    @classmethod
    def _from_json(cls, data: object, depth: int) -> Self:
        if not (depth and isinstance(data, dict) and set(data) == {"code", "values"}):
            raise ValueError("This is not a message.")
        code, values = data["code"], data["values"]
        if not (isinstance(code, str) and code in ENGLISH and isinstance(values, dict)):
            raise ValueError("This is not a known message.")
        return cls(code, {name: cls._read_value(value, depth) for name, value in values.items()})

    @classmethod
    def _read_value(cls, value: object, depth: int) -> object:
        if isinstance(value, dict) and isinstance(text := value.get("translate"), str):
            return Translatable(text)
        if isinstance(value, dict):
            return cls._from_json(value, depth - 1)
        if isinstance(value, str | int | float):
            return value
        raise ValueError("A value of a message is a number or a text.")


def _value_to_json(value: object) -> object:
    if isinstance(value, Message):
        return value.to_json()
    return {"translate": str(value)} if isinstance(value, Translatable) else value


class CodedError(Exception):
    """An error that a visitor may see.

    Attributes:
        message: what is wrong.
    """

    def __init__(self, code: str, **values: Any) -> None:
        self.message = Message(code, values)
        super().__init__(str(self.message))

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.message.code, dict(self.message.values))


def _rebuild(error_type: type[CodedError], code: str, values: dict[str, Any]) -> CodedError:
    return error_type(code, **values)


class InputError(CodedError, ValueError):
    """What a visitor, a link or a file gave is not valid."""


class StorageError(CodedError, OSError):
    """A file cannot be read or written."""
