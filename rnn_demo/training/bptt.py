"""Back-propagation through time, written out: a plain RNN's whole sequence as one step of autograd.

`nn.RNN` leaves a trace for autograd at every time step and takes it back op by op. Here the
backward pass is a loop of its own: what all time steps have in common (the input's part, the
gradients of the weights) is one large matrix product each, and only what really is sequential
remains in the loop.

The source of the method: Werbos, "Backpropagation through time: what it does and how to do it",
Proceedings of the IEEE 78(10), 1990.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from rnn_demo.models import ImageRNN


def logits(model: ImageRNN, images: Tensor) -> Tensor:
    """What `model(images)` gives, up to rounding; faster for a plain RNN of one layer on a CPU.

    Args:
        model: the network; its `hidden` is left as it is.
        images: float (batch, n_steps, n_inputs).

    Returns:
        (batch, n_outputs).
    """
    if not applies(model):
        return model(images)  # type: ignore[no-any-return]
    rnn = model.basic_rnn
    X = images.transpose(0, 1).contiguous()
    h = LastState.apply(
        X, rnn.weight_ih_l0, rnn.weight_hh_l0, rnn.bias_ih_l0, rnn.bias_hh_l0, model.cell
    )
    return model.FC(h)  # type: ignore[no-any-return]


def applies(model: ImageRNN) -> bool:
    """Whether a network is a plain RNN of one layer on a CPU, the case this module is for."""
    plain = model.cell in _ACTIVATIONS and model.num_layers == 1
    return plain and model.FC.weight.device.type == "cpu"


class LastState(torch.autograd.Function):
    """A plain RNN reads a sequence from a state of zeros; its state after the last step.

    At every step t: `h[t] = act(W_ih x[t] + b_ih + W_hh h[t-1] + b_hh)`.
    """

    @staticmethod
    def forward(
        ctx: Any, X: Tensor, W_ih: Tensor, W_hh: Tensor, b_ih: Tensor, b_hh: Tensor, cell: str
    ) -> Tensor:
        """The last hidden state, (batch, n_neurons).

        Args:
            ctx: what the backward pass will need.
            X: (n_steps, batch, n_inputs), contiguous.
            W_ih: (n_neurons, n_inputs).
            W_hh: (n_neurons, n_neurons).
            b_ih: (n_neurons,).
            b_hh: (n_neurons,).
            cell: "rnn_tanh" or "rnn_relu".
        """
        activate, ctx.slope = _ACTIVATIONS[cell]
        n_steps, batch, _ = X.shape
        # The input's part of every pre-activation, at all steps at once; then, step by step, the
        # state's part is added and the activation taken in place: z becomes h.
        H = torch.addmm(b_ih + b_hh, X.flatten(0, 1), W_ih.t()).view(n_steps, batch, -1)
        W = W_hh.t().contiguous()
        h, *following = H.unbind()
        activate(h)
        for z in following:
            h = activate(z.addmm_(h, W))
        ctx.save_for_backward(X, W_ih, W_hh, H)
        return h.clone()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor | None, ...]:
        """From the gradient of the last state to those of the input, the weights and the biases.

        Args:
            ctx: what `forward` left.
            g: (batch, n_neurons), gradient of the loss with respect to the last state.
        """
        X, W_ih, W_hh, H = ctx.saved_tensors
        # The slope of the activation at every step, which becomes the gradient with respect to
        # the pre-activation when its turn comes: d[t] = g[t] act'(z[t]), g[t-1] = d[t] W_hh.
        D = ctx.slope(H)
        for d in reversed(D.unbind()):
            d.mul_(g)
            g = d @ W_hh
        # All steps share the weights, so their gradients add up: one product over steps and batch.
        before, after = H[:-1].flatten(0, 1), D[1:].flatten(0, 1)
        D, X = D.flatten(0, 1), X.flatten(0, 1)
        bias = D.sum(dim=0)
        to_input = (D @ W_ih).view(*H.shape[:2], -1) if ctx.needs_input_grad[0] else None
        return to_input, D.t() @ X, after.t() @ before, bias, bias, None


def _tanh_slope(H: Tensor) -> Tensor:
    return torch.addcmul(H.new_ones(()), H, H, value=-1)  # 1 - tanh(z)^2


def _relu_slope(H: Tensor) -> Tensor:
    return (H > 0).to(H.dtype)


# In place, from a pre-activation to the state; and from the state to the slope there.
_ACTIVATIONS: dict[str, tuple[Callable[[Tensor], Tensor], Callable[[Tensor], Tensor]]] = {
    "rnn_tanh": (torch.tanh_, _tanh_slope),
    "rnn_relu": (torch.relu_, _relu_slope),
}
