"""Back-propagation through time, written out: a plain RNN's gradients without autograd.

For `nn.RNN`, autograd records every time step and goes back through it operation by operation.
Here, the terms of the input and the gradients of the weights are one large matrix product each,
over all time steps at once. The loops contain only what depends on the step before.

Source: Werbos, "Backpropagation through time: what it does and how to do it",
Proceedings of the IEEE 78(10), 1990.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from rnn_demo.nn.models import ImageRNN


def applies(model: ImageRNN) -> bool:
    """Whether this module handles a network: a plain RNN of one layer on a CPU."""
    plain = model.cell in _ACTIVATIONS and model.num_layers == 1
    return plain and model.FC.weight.device.type == "cpu"


class Backpropagation:
    """Forward and backward pass of a network: logits, loss and gradients of a batch.

    At every step t: `z[t] = W_ih x[t] + b_ih + W_hh h[t-1] + b_hh`, `h[t] = act(z[t])`. A state is
    a column, one for each image; a matrix of all steps starts with the columns of the first step.

    Args:
        model: a network to which this module `applies`; it is not changed.
    """

    def __init__(self, model: ImageRNN) -> None:
        self._model = model
        self._weights = list(model.parameters())
        self._activate, self._slope = _ACTIVATIONS[model.cell]
        self._memory = _Memory(model, 0)

    @torch.no_grad()
    def __call__(self, images: Tensor, targets: Tensor) -> tuple[Tensor, Tensor, list[Tensor]]:
        """Logits, loss and gradients of one batch.

        Args:
            images: float (batch, n_steps, n_inputs).
            targets: float (batch, n_outputs), the target probabilities of each image.

        Returns:
            The logits, (batch, n_outputs); their mean cross-entropy, nats; and its gradients, in
            the order of `model.parameters()`.
        """
        batch = len(images)
        if self._memory.batch != batch:
            del self._memory  # before the next one is allocated
            self._memory = _Memory(self._model, batch)
        X, H, D, g = self._memory.X, self._memory.H, self._memory.D, self._memory.g
        W_ih, W_hh, b_ih, b_hh, W, b = self._weights

        # Forward. The terms of the input for every z at once; then, step by step, add the term of
        # the state and apply the activation, both in place: z becomes h.
        X.view(-1, len(images[0]), batch).copy_(images.permute(2, 1, 0))
        torch.addmm((b_ih + b_hh)[:, None], W_ih, X, out=H)
        h, *following = self._memory.states
        self._activate(h)
        for z in following:
            h = self._activate(z.addmm_(W_hh, h))
        logits = torch.addmm(b[:, None], W, h).t()
        log_p = logits.log_softmax(dim=1)
        loss = -(targets * log_p).sum() / batch

        # Backward. D holds the slopes of the activation; step by step they become the gradient
        # with respect to z: d[t] = act'(z[t]) g[t], g[t-1] = W_hh' d[t]. A product with a matrix
        # that is transposed in memory is slower, so W_hh is transposed once before the loop.
        e = (log_p.exp() - targets).t() / batch
        torch.mm(W.t(), e, out=g)
        self._slope(H, D)
        W_hh_t = W_hh.t().contiguous()
        d, *earlier = self._memory.slopes_backwards
        d.mul_(g)
        for slope in earlier:
            torch.mm(W_hh_t, d, out=g)
            d = slope.mul_(g)

        # All steps share the weights, so the gradients add up over steps and batch.
        to_W_hh = D[:, batch:] @ H[:, :-batch].t()
        to_bias = D.sum(dim=1)
        return logits, loss, [D @ X.t(), to_W_hh, to_bias, to_bias, e @ h.t(), e.sum(dim=1)]


class _Memory:
    """Buffers of the passes, kept from batch to batch, which saves 5 % of the time.

    Attributes:
        batch: number of images in a batch.
        X: (n_inputs, n_steps * batch), the input.
        H: (n_neurons, n_steps * batch), the states.
        D: (n_neurons, n_steps * batch), the slopes.
        g: (n_neurons, batch), the gradient with respect to the state of one step.
        states: the steps of H.
        slopes_backwards: the steps of D, the last step first.
    """

    def __init__(self, model: ImageRNN, batch: int) -> None:
        columns = model.n_steps * batch
        new = model.FC.weight.new_empty
        self.batch = batch
        self.X = new(model.n_inputs, columns)
        self.H, self.D = new(model.n_neurons, columns), new(model.n_neurons, columns)
        self.g = new(model.n_neurons, batch)
        self.states = self.H.split(batch, dim=1)
        self.slopes_backwards = self.D.split(batch, dim=1)[::-1]


def _tanh_slope(H: Tensor, out: Tensor) -> None:
    torch.addcmul(H.new_ones(()), H, H, value=-1, out=out)  # 1 - tanh(z)^2


def _relu_slope(H: Tensor, out: Tensor) -> None:
    torch.sign(H, out=out)  # 0 or 1: a state of relu is never negative


# The activation, in place; and the slope of the activation, from the states.
_ACTIVATIONS: dict[str, tuple[Callable[[Tensor], Tensor], Callable[[Tensor, Tensor], None]]] = {
    "rnn_tanh": (torch.tanh_, _tanh_slope),
    "rnn_relu": (torch.relu_, _relu_slope),
}
