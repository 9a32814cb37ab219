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
    "data.too_many_strokes_for_a_link": N_("This drawing has too many strokes for a link."),
    "data.no_drawing_in_link": N_("This link does not contain a drawing."),
    "data.mnist_missing": N_("MNIST is not in the folder {folder}."),
    "data.mnist_incomplete": Plural(
        "MNIST is incomplete in {folder}: one of its four files is missing, {files}.",
        "MNIST is incomplete in {folder}: {n} of its four files are missing, {files}.",
    ),
    "data.mnist_dangling": N_(
        "MNIST cannot be read: in {folder}, {file} is a link to a file that is not there."
    ),
    "data.mnist_damaged": N_("The MNIST file {file} in {folder} is damaged."),
    "data.mnist_other_shape": N_(
        "{file} in {folder} is not MNIST's: it holds {found} numbers, MNIST's holds {expected}."
    ),
    "data.mnist_other_data": N_("{file} in {folder} is not MNIST's: it comes from {data}."),
    "data.mnist_turned": N_("The images in {file} in {folder} are MNIST's, but {change}."),
    "data.inverted": N_("inverted (0 is ink, 255 is paper)"),
    "data.turned_and_inverted": N_("{turn} and inverted (0 is ink, 255 is paper)"),
    "data.not_mnist": Plural(
        "{files} in {folder} has the name of an MNIST file but another content. What this app "
        "says about MNIST is not true of these digits.",
        "{files} in {folder} have the names of MNIST files but another content. What this app "
        "says about MNIST is not true of these digits.",
    ),
    "data.by_hand": N_(
        "You can also put its four files into {folder} by hand, unpacked or as .gz archives: "
        "{files}."
    ),
    "data.certificate": N_(
        "MNIST could not be downloaded: the certificate of {host} cannot be verified ({reason}). "
        "If this network inspects encrypted connections, set SSL_CERT_FILE to the file with its "
        "certificate."
    ),
    "data.no_secure_connection": N_(
        "MNIST could not be downloaded: no secure connection to {host} is possible ({reason})."
    ),
    "data.proxy_login": N_(
        "MNIST could not be downloaded: the proxy {proxy} asks for a name and a password. Set "
        "https_proxy to {example}"
    ),
    "data.proxy_refuses": N_(
        "MNIST could not be downloaded: the proxy {proxy} does not connect this server to {host} "
        "(HTTP {status})."
    ),
    "data.proxy_unreachable": N_(
        "MNIST could not be downloaded: the proxy {proxy} cannot be reached ({reason})."
    ),
    "data.download_forbidden": N_(
        "MNIST could not be downloaded: {host} refuses to send it (HTTP {status})."
    ),
    "data.download_not_there": N_(
        "MNIST could not be downloaded: {host} does not have {file} (HTTP {status})."
    ),
    "data.download_busy": N_(
        "MNIST could not be downloaded: {host} cannot answer just now (HTTP {status}). Try again "
        "later."
    ),
    "data.download_status": N_("MNIST could not be downloaded: {host} answers with HTTP {status}."),
    "data.name_unknown": N_(
        "MNIST could not be downloaded: the address of {host} cannot be found ({reason}). This "
        "server is not online, or its name server does not know this name."
    ),
    "data.download_timeout": N_(
        "MNIST could not be downloaded: {host} did not answer within {seconds} seconds."
    ),
    "data.host_unreachable": N_(
        "MNIST could not be downloaded: {host} cannot be reached ({reason})."
    ),
    "data.download_broke_off": N_(
        "MNIST could not be downloaded: the connection to {host} broke before {file} was complete."
    ),
    "data.download_altered": N_(
        "MNIST could not be downloaded: what came from {host} is not {file}. A login page or a "
        "filter of this network may have answered instead."
    ),
    "data.download_stopped": N_("The download of MNIST stopped before its end. Try again."),
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
    "training.weights_are_a_web_page": N_(
        "This is a web page, not the file it links to. Download the file itself."
    ),
    "training.weights_bidirectional": N_(
        "This network is bidirectional: it also reads from the last row to the first. This page "
        "shows networks that read from the first row to the last."
    ),
    "training.weights_empty": N_("The file is empty. Was it downloaded completely?"),
    "training.weights_incomplete": N_("The file is incomplete: {name} is missing."),
    "training.weights_not_fetched": N_(
        "This is Git LFS's note about a file, not the file itself. Run git lfs pull, or download "
        "the file by its own link."
    ),
    "training.weights_not_finite": N_("The weights contain NaN or infinite values."),
    "training.weights_not_floating_point": N_("The weights are not floating-point numbers."),
    "training.weights_not_safetensors": N_("This is not a whole .safetensors file."),
    "training.weights_of_all_states": N_(
        "The output layer of this network takes {n:,} numbers, the hidden states after all rows. "
        "This page shows networks that answer from the state after the last row."
    ),
    "training.weights_of_another_recipe": N_(
        "The weights do not belong to the network that the file's recipe describes."
    ),
    "training.weights_of_keras": N_(
        "This is an HDF5 file, as Keras writes it. This page opens the weights of PyTorch networks."
    ),
    "training.weights_of_many_layers": N_(
        "This network has {n:,} recurrent layers. The limit is {limit}."
    ),
    "training.weights_of_mixed_cells": N_(
        "The recurrent layers of this network are of different kinds. This page shows networks "
        "with one kind: RNN, GRU or LSTM."
    ),
    "training.weights_of_other_classes": N_(
        "This network has {n:,} classes. Here there are 10, the digits 0 to 9."
    ),
    "training.weights_of_other_inputs": N_(
        "This network takes {n:,} numbers at each time step. Here it is a row of 28 pixels."
    ),
    "training.weights_of_two_networks": N_(
        "The file holds more than one recurrent layer that reads the pixels. Save one network "
        "alone."
    ),
    "training.weights_of_unequal_layers": N_(
        "The recurrent layers of this network have different sizes ({sizes}). This page shows "
        "networks whose layers all have the same size."
    ),
    "training.weights_of_unknown_cell": N_(
        "No RNN, GRU or LSTM has a hidden-to-hidden matrix of {rows:,} x {columns:,}."
    ),
    "training.weights_of_wrong_shape": N_(
        "These weights do not fit together: {name} has the shape {found}, not {expected}."
    ),
    "training.weights_pickled": N_(
        "This is a file of torch.save. Opening it could run code that someone hid in it, so this "
        "page does not open it. Turn it into a .safetensors file:"
    ),
    "training.weights_read_columns": N_(
        "This network reads {percent} % of the digits when rows and columns are exchanged, as in "
        "torchvision's EMNIST. Here a network reads rows: train it on transposed images."
    ),
    "training.weights_too_large": N_("The file is larger than {megabytes} MB."),
    "training.weights_with_attention": N_(
        "This network has attention ({name}), so its answer does not come from the last hidden "
        "state alone."
    ),
    "training.weights_with_convolution": N_(
        "This network has a convolution ({name}). This page shows networks whose recurrent layer "
        "reads the pixels themselves."
    ),
    "training.weights_with_many_tensors": N_(
        "The file holds far more tensors than a recurrent network has."
    ),
    "training.weights_with_normalisation": N_(
        "This network has a normalisation layer ({name}). This page shows networks of recurrent "
        "layers and one linear layer."
    ),
    "training.weights_with_others": N_("The file holds tensors of an unknown layer: {names}."),
    "training.weights_with_overflow": N_(
        "The weights are so large that this network's numbers become infinite."
    ),
    "training.weights_with_projections": N_(
        "This LSTM has projections (proj_size): its hidden state is smaller than its cell state. "
        "This page does not show such networks."
    ),
    "training.weights_with_several_linear_layers": N_(
        "This network has {n:,} linear layers ({names}). This page shows networks with one, from "
        "the last hidden state to the ten digits."
    ),
    "training.weights_without_output_layer": N_(
        "The file holds no output layer, a linear layer to the ten digits."
    ),
    "training.weights_without_recurrent_layer": N_(
        "The file holds no recurrent layer: no RNN, GRU or LSTM of PyTorch."
    ),
    "training.weights_zipped": N_(
        "This is a zip archive. Unpack it, and choose the .safetensors file in it."
    ),
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
    "runs.device_unusable": N_(
        "PyTorch cannot use the {device} device of this machine, so this network trains on the CPU."
    ),
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
