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
    "data.drawing_is_a_dot": N_("This is a dot, without a line to read."),
    "data.drawing_has_many_turns": N_("This has more turns than any digit."),
    "data.drawing_is_small": N_("Very small: it will be enlarged, and so will every wobble."),
    "data.drawing_is_in_a_corner": N_("In a corner: it will be moved to the middle."),
    "data.invalid_canvas_drawing": N_("The canvas did not send a drawing."),
    "data.invalid_canvas_image": N_("The canvas did not send an image."),
    "data.too_many_strokes_for_a_link": N_("This drawing has too many strokes for a link."),
    "data.no_drawing_in_link": N_("This link does not contain a drawing."),
    # nn
    # inside
    # training
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
