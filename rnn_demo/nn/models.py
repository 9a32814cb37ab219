"""The tutorial's networks, with its mistakes corrected.

Names, constructors, calls and attributes are those of the tutorial "Building RNNs is Fun with
PyTorch and Google Colab" (2018). Its original classes are in `rnn_demo.nn.published`.
"""

import torch
from torch import Tensor, nn

CELLS = ("rnn_tanh", "rnn_relu", "gru", "lstm")


class BasicRNN(nn.Module):
    """A recurrent layer over two time steps, written out by hand.

    `Y0 = tanh(X0 Wx + b)` and `Y1 = tanh(Y0 Wy + X1 Wx + b)`: both steps use the same three
    parameters.

    Args:
        n_inputs: features of one example at one time step.
        n_neurons: neurons in the layer, and so the size of the hidden state.

    Attributes:
        Wx: (n_inputs, n_neurons), input-to-hidden weights, initialized from N(0, 1).
        Wy: (n_neurons, n_neurons), hidden-to-hidden weights, initialized from N(0, 1).
        b: (1, n_neurons), bias, initialized to zeros.
        Y0: (batch, n_neurons), hidden state after step 0 of the last call.
        Y1: (batch, n_neurons), hidden state after step 1 of the last call.

    Raises:
        ValueError: a size is below 1.
        TypeError: a size is not a whole number.
    """

    Y0: Tensor
    Y1: Tensor

    def __init__(self, n_inputs: int, n_neurons: int) -> None:
        super().__init__()
        check_sizes(n_inputs=n_inputs, n_neurons=n_neurons)
        self.Wx = nn.Parameter(torch.randn(n_inputs, n_neurons))
        self.Wy = nn.Parameter(torch.randn(n_neurons, n_neurons))
        self.b = nn.Parameter(torch.zeros(1, n_neurons))

    def forward(self, X0: Tensor, X1: Tensor) -> tuple[Tensor, Tensor]:
        """The hidden states for a batch of two-step sequences.

        Args:
            X0: float (batch, n_inputs), the inputs at step 0.
            X1: float (batch, n_inputs), the inputs at step 1.

        Returns:
            Y0, Y1: (batch, n_neurons) each.

        Raises:
            ValueError: a shape is wrong, the batch sizes differ, or a value is not finite.
            TypeError: an input is not a float tensor.
        """
        n_inputs = self.Wx.shape[0]
        check_input("X0", X0, ("batch", n_inputs))
        check_input("X1", X1, ("batch", n_inputs))
        check_same_batch("X0", len(X0), "X1", len(X1))
        self.Y0 = torch.tanh(X0 @ self.Wx + self.b)
        self.Y1 = torch.tanh(self.Y0 @ self.Wy + X1 @ self.Wx + self.b)
        return self.Y0, self.Y1

    def extra_repr(self) -> str:
        """The sizes, which `print(model)` shows."""
        return f"n_inputs={self.Wx.shape[0]}, n_neurons={self.Wx.shape[1]}"


class SingleRNN(BasicRNN):
    """The tutorial's first network: the computation of `BasicRNN`, shown with one neuron.

    `SingleRNN(4, 1)` has one neuron with 4 inputs.
    """


class CleanBasicRNN(nn.Module):
    """An `nn.RNNCell` in a loop over any number of time steps.

    Every call starts from the stored `hx` and does not change it, so the same input always
    gives the same output.

    Args:
        batch_size: examples in a batch; `hx` holds an initial state for each.
        n_inputs: features of one example at one time step.
        n_neurons: size of the hidden state.

    Attributes:
        rnn: the `nn.RNNCell`.
        hx: (batch_size, n_neurons), the initial state, drawn from N(0, 1).

    Raises:
        ValueError: a size is below 1.
        TypeError: a size is not a whole number.
    """

    hx: Tensor

    def __init__(self, batch_size: int, n_inputs: int, n_neurons: int) -> None:
        super().__init__()
        check_sizes(batch_size=batch_size, n_inputs=n_inputs, n_neurons=n_neurons)
        self.rnn = nn.RNNCell(n_inputs, n_neurons)
        self.register_buffer("hx", torch.randn(batch_size, n_neurons))

    def forward(self, X: Tensor) -> tuple[list[Tensor], Tensor]:
        """The hidden states for a batch of sequences.

        Args:
            X: float (n_steps, batch_size, n_inputs).

        Returns:
            outputs: the hidden state after each step, n_steps tensors (batch_size, n_neurons).
            state: the last one.

        Raises:
            ValueError: the shape is wrong, or a value is not finite.
            TypeError: X is not a float tensor.
        """
        check_input("X", X, ("n_steps", "batch", self.rnn.input_size))
        check_same_batch("X", X.shape[1], "hx", len(self.hx))
        state = self.hx.to(X)
        outputs = []
        for step in X:
            state = self.rnn(step, state)
            outputs.append(state)
        return outputs, state


class ImageRNN(nn.Module):
    """A classifier that reads an image row by row.

    Each row is one time step. A linear layer turns the hidden state after the last row into
    one logit per class.

    Args:
        batch_size: of the states from `init_hidden` before the first call; a call accepts
            any batch size.
        n_steps: rows of an image.
        n_inputs: pixels in a row.
        n_neurons: size of the hidden state.
        n_outputs: classes.
        cell: "rnn_tanh" (the tutorial's), "rnn_relu", "gru" or "lstm".
        num_layers: stacked recurrent layers.

    Attributes:
        basic_rnn: the `nn.RNN`, `nn.GRU` or `nn.LSTM`.
        FC: the `nn.Linear` that computes the logits.
        hidden: (num_layers, batch, n_neurons), the final state of the last call; the pair
            (h, c) for an LSTM; zeros before the first call.
        batch_size: of the last call.

    Raises:
        ValueError: a size is below 1, or the cell is unknown.
        TypeError: a size is not a whole number.
    """

    hidden: Tensor | tuple[Tensor, Tensor]

    def __init__(
        self,
        batch_size: int,
        n_steps: int,
        n_inputs: int,
        n_neurons: int,
        n_outputs: int,
        *,
        cell: str = "rnn_tanh",
        num_layers: int = 1,
    ) -> None:
        super().__init__()
        check_sizes(
            batch_size=batch_size,
            n_steps=n_steps,
            n_inputs=n_inputs,
            n_neurons=n_neurons,
            n_outputs=n_outputs,
            num_layers=num_layers,
        )
        self.batch_size = batch_size
        self.n_steps = n_steps
        self.n_inputs = n_inputs
        self.n_neurons = n_neurons
        self.n_outputs = n_outputs
        self.cell = cell
        self.num_layers = num_layers
        self.basic_rnn = _recurrent_layers(cell, n_inputs, n_neurons, num_layers)
        self.FC = nn.Linear(n_neurons, n_outputs)
        self.hidden = self.init_hidden()

    def init_hidden(self) -> Tensor | tuple[Tensor, Tensor]:
        """An initial state of zeros, on the device and in the type of the weights.

        Returns:
            (num_layers, batch_size, n_neurons); a pair of such tensors for an LSTM.
        """
        zeros = self.FC.weight.new_zeros(self.num_layers, self.batch_size, self.n_neurons)
        return (zeros, zeros.clone()) if self.cell == "lstm" else zeros

    def forward(self, X: Tensor) -> Tensor:
        """The logits for a batch of images.

        Args:
            X: float (batch, n_steps, n_inputs), of any batch size.

        Returns:
            (batch, n_outputs), logits; `softmax` turns them into probabilities.

        Raises:
            ValueError: the shape is wrong, or a value is not finite.
            TypeError: X is not a float tensor.
        """
        check_input("X", X, ("batch", self.n_steps, self.n_inputs))
        self.batch_size = len(X)
        rows = X.transpose(0, 1)  # (n_steps, batch, n_inputs)
        _, self.hidden = self.basic_rnn(rows, self.init_hidden())
        h = self.hidden[0] if self.cell == "lstm" else self.hidden
        logits: Tensor = self.FC(h[-1])  # (batch, n_neurons), of the top layer
        return logits


def get_accuracy(logit: Tensor, target: Tensor, batch_size: int) -> float:
    """The accuracy in a batch, in percent.

    Args:
        logit: (n, n_outputs); the class with the largest logit is the answer.
        target: (n,), the correct classes.
        batch_size: the divisor. For a last, smaller batch pass its own size; the tutorial
            passes 64 there for a batch of 32.

    Returns:
        100 x number of correct answers / batch_size.

    Raises:
        ValueError: a shape is wrong, or batch_size is below 1.
        TypeError: batch_size is not a whole number.
    """
    check_sizes(batch_size=batch_size)
    if logit.ndim != 2 or target.shape != logit.shape[:1]:
        raise ValueError(
            "logit must have the shape (n, n_outputs) and target (n,); "
            f"they have {_shape(logit)} and {_shape(target)}."
        )
    return 100.0 * int((logit.argmax(dim=1) == target).sum()) / batch_size


def _recurrent_layers(cell: str, n_inputs: int, n_neurons: int, num_layers: int) -> nn.RNNBase:
    if cell == "gru":
        return nn.GRU(n_inputs, n_neurons, num_layers)
    if cell == "lstm":
        return nn.LSTM(n_inputs, n_neurons, num_layers)
    if cell in CELLS:
        return nn.RNN(n_inputs, n_neurons, num_layers, nonlinearity=cell.removeprefix("rnn_"))
    raise ValueError(f"cell must be one of {', '.join(CELLS)}, not {cell!r}.")


def check_sizes(**sizes: int) -> None:
    """Check that every size is a whole number of at least 1.

    Raises:
        ValueError: a size is below 1.
        TypeError: a size is not a whole number.
    """
    for name, size in sizes.items():
        if isinstance(size, bool) or not isinstance(size, int):
            raise TypeError(f"{name} must be a whole number, not {size!r}.")
        if size < 1:
            raise ValueError(f"{name} must be at least 1, not {size}.")


def check_input(name: str, X: Tensor, shape: tuple[str | int, ...]) -> None:
    """Check that a value is a float tensor of the right shape, not empty and finite.

    Args:
        name: of the tensor in the error.
        X: the value.
        shape: the size of each fixed dimension, a name for each free one.

    Raises:
        ValueError: the shape is wrong, or a value is not finite.
        TypeError: X is not a float tensor.
    """
    if not isinstance(X, Tensor):
        raise TypeError(f"{name} must be a torch.Tensor, not {type(X).__name__}.")
    if not X.is_floating_point():
        raise TypeError(f"{name} must hold floats, not {X.dtype}: give it dtype=torch.float.")
    fits = X.ndim == len(shape) and all(
        size == wanted if isinstance(wanted, int) else size > 0
        for size, wanted in zip(X.shape, shape, strict=True)
    )
    if not fits:
        wanted = f"({', '.join(map(str, shape))})"
        raise ValueError(f"{name} must have the shape {wanted}, not {_shape(X)}.")
    if not X.is_meta and not X.isfinite().all():
        raise ValueError(f"{name} holds NaN or infinite values; it must be finite.")


def check_same_batch(name: str, size: int, other: str, other_size: int) -> None:
    """Check that two batches have the same size.

    Raises:
        ValueError: they differ.
    """
    if size != other_size:
        raise ValueError(
            f"{name} has {size} examples and {other} has {other_size}: the sizes must be equal."
        )


def _shape(X: Tensor) -> str:
    return str(tuple(X.shape))
