"""What the core has to say to a visitor: a code and values, which `rnn_demo.app.text` words.

The core raises, returns and stores messages; it knows no visitor and no language. `str` of a
message is English, for engineers and logs. `ENGLISH` is the one place for these sentences.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


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
    # formats
    # data
    # nn
    # inside
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
}


@dataclass(frozen=True)
class Message:
    """A sentence to be.

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


class CodedError(Exception):
    """An error that a visitor may see.

    Attributes:
        message: what to say.
    """

    def __init__(self, code: str, **values: Any) -> None:
        self.message = Message(code, values)
        super().__init__(str(self.message))

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.message.code, dict(self.message.values))


def _rebuild(kind: type[CodedError], code: str, values: dict[str, Any]) -> CodedError:
    return kind(code, **values)


class InputError(CodedError, ValueError):
    """What a visitor, a link or a file gave is not valid."""


class StorageError(CodedError, OSError):
    """A file cannot be read or written."""
