"""Back-propagation through time, written out: a plain RNN's gradients without autograd.

`nn.RNN` leaves a trace for autograd at every time step and takes it back op by op. Here both
passes are loops of their own: what all time steps have in common (the input's part, the gradients
of the weights) is one large matrix product each, and only what really is sequential remains in
the loops.

The source of the method: Werbos, "Backpropagation through time: what it does and how to do it",
Proceedings of the IEEE 78(10), 1990.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from rnn_demo.nn.models import ImageRNN


def applies(model: ImageRNN) -> bool:
    """Whether a network is a plain RNN of one layer on a CPU, the case this module is for."""
    plain = model.cell in _ACTIVATIONS and model.num_layers == 1
    return plain and model.FC.weight.device.type == "cpu"


class Backpropagation:
    """Reads batches of images, and sees how the loss changes with each weight.

    At every step t: `z[t] = W_ih x[t] + b_ih + W_hh h[t-1] + b_hh`, `h[t] = act(z[t])`. States are
    columns here, one for each image; a matrix of all steps has those of the first step first.

    Args:
        model: a network that `applies`; nothing of it is changed.
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
            targets: float (batch, n_outputs), the probabilities to be learnt, one row an image.

        Returns:
            The logits, (batch, n_outputs); their mean cross-entropy, nats; and the gradients of
            that, in the order of `model.parameters()`.
        """
        batch = len(images)
        if self._memory.batch != batch:
            del self._memory  # first: there is not room enough for both
            self._memory = _Memory(self._model, batch)
        X, H, D, g = self._memory.X, self._memory.H, self._memory.D, self._memory.g
        W_ih, W_hh, b_ih, b_hh, W, b = self._weights

        # Forward. The input's part of every z at once; then, step by step, the state's part is
        # added and the activation taken, both in place: z becomes h.
        X.view(-1, len(images[0]), batch).copy_(images.permute(2, 1, 0))
        torch.addmm((b_ih + b_hh)[:, None], W_ih, X, out=H)
        h, *following = self._memory.states
        self._activate(h)
        for z in following:
            h = self._activate(z.addmm_(W_hh, h))
        logits = torch.addmm(b[:, None], W, h).t()
        log_p = logits.log_softmax(dim=1)
        loss = -(targets * log_p).sum() / batch

        # Backward. D holds the activation's slopes first, and the gradient with respect to z from
        # when its turn comes: d[t] = act'(z[t]) g[t], g[t-1] = W_hh' d[t]. Products with a matrix
        # that lies transposed in memory are slower, and there is one a step: it is turned first.
        e = (log_p.exp() - targets).t() / batch
        torch.mm(W.t(), e, out=g)
        self._slope(H, D)
        W_hh_t = W_hh.t().contiguous()
        d, *earlier = self._memory.slopes_backwards
        d.mul_(g)
        for slope in earlier:
            torch.mm(W_hh_t, d, out=g)
            d = slope.mul_(g)

        # All steps share the weights, so their gradients add up: a product over steps and batch.
        to_W_hh = D[:, batch:] @ H[:, :-batch].t()
        to_bias = D.sum(dim=1)
        return logits, loss, [D @ X.t(), to_W_hh, to_bias, to_bias, e @ h.t(), e.sum(dim=1)]


class _Memory:
    """What the passes write into, kept from batch to batch, which saves a twentieth of the time.

    Attributes:
        batch: images in a batch.
        X: (n_inputs, n_steps * batch), what is read.
        H: (n_neurons, n_steps * batch), the states.
        D: (n_neurons, n_steps * batch), the slopes.
        g: (n_neurons, batch), the gradient with respect to the state of one step.
        states: the steps of H.
        slopes_backwards: the steps of D, the last first.
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
    torch.sign(H, out=out)  # a state of relu is never negative


# In place, from a pre-activation to the state; and from the states to the slopes there.
_ACTIVATIONS: dict[str, tuple[Callable[[Tensor], Tensor], Callable[[Tensor, Tensor], None]]] = {
    "rnn_tanh": (torch.tanh_, _tanh_slope),
    "rnn_relu": (torch.relu_, _relu_slope),
}
