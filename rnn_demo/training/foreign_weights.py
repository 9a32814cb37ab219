"""The weights of a network from elsewhere as those of an `ImageRNN`, or why they do not fit.

Tutorials name their layers as they like: `lstm` and `fc`, `rnn` and `out`, `module.model.gru`. So
layers are found by shape, and by what PyTorch names inside them, such as `weight_hh_l0`.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

from torch import Tensor

from rnn_demo.messages import InputError

N_STEPS, N_PIXELS, N_CLASSES = 28, 28, 10
MAX_LAYERS = 4
PLAIN_CELLS = ("rnn_tanh", "rnn_relu")  # their weights look the same
_CELLS = {1: PLAIN_CELLS, 3: ("gru",), 4: ("lstm",)}  # by the rows of weights for each neuron
_MAX_SHOWN_NAMES, _MAX_SHOWN_CHARACTERS = 3, 60

# `lstm.weight_ih_l0` of an nn.LSTM, or `cell.weight_ih` of an nn.LSTMCell.
_RECURRENT = re.compile(r"(?:(.*)\.)?((?:weight|bias)_[ih]h)(?:_l(\d{1,4}))?")
_LINEAR = re.compile(r"(?:(.*)\.)?(weight|bias)")
# Names that only networks have that do not fit.
_MISFITS = (
    (re.compile(r"_l\d+_reverse$"), "training.weights_bidirectional"),
    (re.compile(r"weight_hr(_l\d+)?$"), "training.weights_with_projections"),
    (re.compile(r"(^|\.)running_(mean|var)$"), "training.weights_with_normalisation"),
    (re.compile(r"in_proj_weight$|attention|attn"), "training.weights_with_attention"),
)

_Tensors = dict[str, Tensor]  # of one layer, by the ends of their names, such as "weight_hh"
_Recurrent = dict[tuple[str, int], _Tensors]  # by module and number of the layer
_Linear = dict[str, _Tensors]  # by module
_Shapes = dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class Weights:
    """The weights of a network that reads a digit row by row.

    Attributes:
        cells: the cells that they may belong to, see `ImageRNN`.
        n_neurons: of each recurrent layer.
        num_layers: stacked recurrent layers.
        tensors: float32, by their names in an `ImageRNN`. A bias that the network does not have
            is zero.
        reads_unit_pixels: whether the network is known to read pixels from 0 to 1.
    """

    cells: tuple[str, ...]
    n_neurons: int
    num_layers: int
    tensors: Mapping[str, Tensor]
    reads_unit_pixels: bool = False

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that decides how the network reads, in hexadecimal."""
        sha = hashlib.sha256(repr((self.cells, self.reads_unit_pixels)).encode())
        for name in sorted(self.tensors):
            sha.update(f"{name} {_shape(self.tensors[name].shape)}".encode())
            sha.update(self.tensors[name].numpy().tobytes())
        return sha.hexdigest()


def weights_of(state_dict: Mapping[str, Tensor], max_bytes: int) -> Weights:
    """The weights in the state dict of another program.

    Args:
        state_dict: tensors by name.
        max_bytes: of all weights together, as float32.

    Raises:
        InputError: they are not those of a network that reads digits row by row.
    """
    # A single number is a counter, such as `n_averaged` of an averaged network.
    tensors = {name: tensor for name, tensor in state_dict.items() if tensor.ndim}
    recurrent, linear = _layers_of(tensors)
    _check_numbers(tensors.values(), max_bytes)
    layers = _in_order(recurrent)
    cells, n_neurons = _cells_and_size(layers)
    found = {f"FC.{kind}": tensor for kind, tensor in _output_layer(linear, n_neurons).items()}
    for i, layer in enumerate(layers):
        rows, n_inputs = len(layer["weight_hh"]), n_neurons if i else N_PIXELS
        shapes: _Shapes = {"weight_ih": (rows, n_inputs), "weight_hh": (rows, n_neurons)}
        complete = _complete(layer, shapes | dict.fromkeys(("bias_ih", "bias_hh"), (rows,)))
        found |= {f"basic_rnn.{kind}_l{i}": tensor for kind, tensor in complete.items()}
    floats = {name: tensor.float() for name, tensor in found.items()}
    return Weights(cells, n_neurons, len(layers), floats)


def _layers_of(tensors: Mapping[str, Tensor]) -> tuple[_Recurrent, _Linear]:
    """The tensors of each recurrent and each linear layer.

    Raises:
        InputError: there are other layers, or none is recurrent.
    """
    recurrent: _Recurrent = {}
    linear: _Linear = {}
    others = []
    for name, tensor in tensors.items():
        _check_name(name)
        if match := _RECURRENT.fullmatch(name):
            key = match[1] or "", int(match[3] or 0)
            recurrent.setdefault(key, {})[match[2]] = tensor
        elif match := _LINEAR.fullmatch(name):
            linear.setdefault(match[1] or "", {})[match[2]] = tensor
        else:
            others.append(name)
    if not recurrent:
        recurrent, linear = _written_by_hand(linear)
    for name, layer in linear.items():
        _check_linear(name, layer)
    if others:
        raise InputError("training.weights_with_others", names=_shown(others))
    return recurrent, linear


def _check_name(name: str) -> None:
    for pattern, code in _MISFITS:
        if pattern.search(name):
            raise InputError(code, name=_shown([name]))


def _check_linear(name: str, layer: _Tensors) -> None:
    """Check that a layer with a weight and perhaps a bias is linear."""
    n_dimensions = layer["weight"].ndim if "weight" in layer else 0
    if n_dimensions > 2:
        raise InputError("training.weights_with_convolution", name=_shown([name]))
    if n_dimensions == 1:  # LayerNorm, RMSNorm
        raise InputError("training.weights_with_normalisation", name=_shown([name]))


def _written_by_hand(linear: _Linear) -> tuple[_Recurrent, _Linear]:
    """A recurrent layer made of `nn.Linear`, and the output layer.

    One matrix multiplies the pixels and another one the hidden state (`i2h` and `h2h`), or one
    multiplies both, one behind the other (`torch.cat((input, hidden), 1)`).

    Raises:
        InputError: there is no such layer, or the shapes leave open which matrix is which.
    """
    found: list[tuple[_Recurrent, _Linear]] = []
    for *hidden, output in permutations(linear) if len(linear) in (2, 3) else ():
        matrices = [linear[name].get("weight") for name in (*hidden, output)]
        shapes = [() if matrix is None else tuple(matrix.shape) for matrix in matrices]
        n = shapes[-1][-1] if shapes[-1] else 0
        if shapes[:-1] == [(n, N_PIXELS), (n, n)]:
            of_pixels, of_state = (linear[name] for name in hidden)
            layer = {f"{kind}_ih": tensor for kind, tensor in of_pixels.items()}
            layer |= {f"{kind}_hh": tensor for kind, tensor in of_state.items()}
        elif shapes[:-1] == [(n, N_PIXELS + n)]:
            both = linear[hidden[0]]
            layer = {f"{kind}_ih": tensor for kind, tensor in both.items()}
            layer["weight_ih"], layer["weight_hh"] = both["weight"].split((N_PIXELS, n), dim=1)
        else:
            continue
        found.append(({("", 0): layer}, {output: linear[output]}))
    if len(found) != 1:
        raise InputError("training.weights_without_recurrent_layer")
    return found[0]


def _check_numbers(tensors: Iterable[Tensor], max_bytes: int) -> None:
    """Check the type, the memory as float32, and that every number is finite."""
    tensors = list(tensors)
    if not all(tensor.is_floating_point() for tensor in tensors):
        raise InputError("training.weights_not_floating_point")
    if 4 * sum(tensor.numel() for tensor in tensors) > max_bytes:
        raise InputError("training.network_too_large")
    # As float32: `isfinite` does not take 8-bit floats.
    if not all(tensor.float().isfinite().all() for tensor in tensors):
        raise InputError("training.weights_not_finite")


def _in_order(recurrent: _Recurrent) -> list[_Tensors]:
    """The recurrent layers, the one that reads the pixels first.

    Raises:
        InputError: a matrix is missing, or the layers are not stacked on one that reads rows.
    """
    for (module, number), layer in recurrent.items():
        for kind in ("weight_ih", "weight_hh"):
            _check_matrix(f"{module}.{kind}".removeprefix("."), layer.get(kind))
        if number and (module, number - 1) not in recurrent:
            _check_matrix(f"{module}.weight_hh_l{number - 1}".removeprefix("."), None)
    keys = sorted(recurrent, key=lambda key: (_natural(key[0]), key[1]))
    bottom = [key for key in keys if key[1] == 0]
    readers = [key for key in bottom if recurrent[key]["weight_ih"].shape[1] == N_PIXELS]
    if not readers:
        n = recurrent[bottom[0]]["weight_ih"].shape[1]
        raise InputError("training.weights_of_other_inputs", n=n)
    first, *others = readers
    # On top of a layer of 28 neurons, a layer has 28 inputs, too.
    if others and recurrent[first]["weight_hh"].shape[1] != N_PIXELS:
        raise InputError("training.weights_of_two_networks")
    keys.sort(key=lambda key: key[0] != first[0])
    return [recurrent[key] for key in keys]


def _natural(name: str) -> list[tuple[int, str]]:
    """A key to sort names by their numbers: `cells.2` before `cells.10`."""
    parts = re.findall(r"(\d{1,9})|(\D+|\d)", name)
    return [(int(digits or -1), text) for digits, text in parts]


def _cells_and_size(layers: Sequence[_Tensors]) -> tuple[tuple[str, ...], int]:
    """The cells that stacked layers may have, and the neurons of each layer.

    Raises:
        InputError: the layers differ, there are too many, or the cell is unknown.
    """
    if len(layers) > MAX_LAYERS:
        raise InputError("training.weights_of_many_layers", n=len(layers), limit=MAX_LAYERS)
    shapes = [tuple(layer["weight_hh"].shape) for layer in layers]
    sizes = [n_neurons for _, n_neurons in shapes]
    for rows, n_neurons in shapes:
        if not n_neurons or rows % n_neurons or rows // n_neurons not in _CELLS:
            raise InputError("training.weights_of_unknown_cell", rows=rows, columns=n_neurons)
    if len(set(sizes)) > 1:
        listed = ", ".join(map(str, sizes))
        raise InputError("training.weights_of_unequal_layers", sizes=listed)
    if len(set(shapes)) > 1:
        raise InputError("training.weights_of_mixed_cells")
    rows, n_neurons = shapes[0]
    return _CELLS[rows // n_neurons], n_neurons


def _output_layer(linear: _Linear, n_neurons: int) -> _Tensors:
    """The tensors of the output layer.

    Raises:
        InputError: it is not one linear layer from the last state to ten classes.
    """
    if not linear:
        raise InputError("training.weights_without_output_layer")
    if len(linear) > 1:
        names = _shown(sorted(linear))
        raise InputError("training.weights_with_several_linear_layers", n=len(linear), names=names)
    ((name, layer),) = linear.items()
    _check_matrix(f"{name}.weight".removeprefix("."), layer.get("weight"))
    n_classes, n_inputs = layer["weight"].shape
    if n_classes != N_CLASSES:
        raise InputError("training.weights_of_other_classes", n=n_classes)
    if n_inputs == N_STEPS * n_neurons:
        raise InputError("training.weights_of_all_states", n=n_inputs)
    return _complete(layer, {"weight": (N_CLASSES, n_neurons), "bias": (N_CLASSES,)})


def _complete(layer: _Tensors, shapes: _Shapes) -> _Tensors:
    """A layer with zeros for the biases that it was made without.

    Raises:
        InputError: a tensor has another shape than it should.
    """
    complete = {}
    for kind, shape in shapes.items():
        tensor = layer[kind] if kind in layer else next(iter(layer.values())).new_zeros(shape)
        if tuple(tensor.shape) != shape:
            raise _wrong_shape(kind, tensor, _shape(shape))
        complete[kind] = tensor
    return complete


def _check_matrix(name: str, tensor: Tensor | None) -> None:
    if tensor is None:
        raise InputError("training.weights_incomplete", name=_shown([name]))
    if tensor.ndim != 2:
        raise _wrong_shape(_shown([name]), tensor, "(m, n)")


def _wrong_shape(name: str, tensor: Tensor, expected: str) -> InputError:
    found = _shape(tensor.shape)
    return InputError("training.weights_of_wrong_shape", name=name, found=found, expected=expected)


def _shape(sizes: Iterable[int]) -> str:
    return str(tuple(sizes))


def _shown(names: Sequence[str]) -> str:
    """A few names from a file, cut to a length that fits in a sentence."""
    cut = [name[:_MAX_SHOWN_CHARACTERS] for name in names[:_MAX_SHOWN_NAMES]]
    return ", ".join(cut) + (", ..." if len(names) > len(cut) else "")
