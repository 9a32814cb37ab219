"""Adam, and SGD with momentum: PyTorch's functions, which are what its optimisers call.

The classes of `torch.optim` import PyTorch's compiler, which takes a second and 150 MB and is not
used here. Their state from step to step is one or two vectors, which these classes keep instead.
"""

from typing import Protocol

import torch
from torch import Tensor
from torch.optim.adam import adam
from torch.optim.sgd import sgd

from rnn_demo.training import recipe

# PyTorch's defaults for Adam.
BETA2 = 0.999
EPSILON = 1e-8


class Optimizer(Protocol):
    """An update rule for one vector of weights.

    Attributes:
        state: its tensors from step to step, by name. Write into them to restore an earlier state.
    """

    state: dict[str, Tensor]

    def step(self, gradient: Tensor, learning_rate: float, momentum: float) -> None:
        """Update the weights in place.

        Args:
            gradient: of the same length as the weights.
            learning_rate: of this step.
            momentum: of this step, the fraction of the running mean of gradients that is kept.
        """


class Adam:
    """Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2014; see `Optimizer`.

    Args:
        weights: one vector.
    """

    def __init__(self, weights: Tensor) -> None:
        self._weights = weights
        self.state = {
            "exp_avg": torch.zeros_like(weights),
            "exp_avg_sq": torch.zeros_like(weights),
            "step": torch.zeros((), dtype=torch.float32, device=weights.device),
        }

    @torch.no_grad()
    def step(self, gradient: Tensor, learning_rate: float, momentum: float) -> None:
        """Update the weights in place; the momentum is Adam's beta1."""
        adam(
            [self._weights],
            [gradient],
            [self.state["exp_avg"]],
            [self.state["exp_avg_sq"]],
            [],
            [self.state["step"]],
            fused=True,  # one pass over the weights instead of several
            amsgrad=False,
            beta1=momentum,
            beta2=BETA2,
            lr=learning_rate,
            weight_decay=0.0,
            eps=EPSILON,
            maximize=False,
        )


class SGD:
    """Stochastic gradient descent with momentum; see `Optimizer`.

    Args:
        weights: one vector.
    """

    def __init__(self, weights: Tensor) -> None:
        self._weights = weights
        self.state = {"momentum_buffer": torch.zeros_like(weights)}

    @torch.no_grad()
    def step(self, gradient: Tensor, learning_rate: float, momentum: float) -> None:
        """Update the weights in place."""
        sgd(
            [self._weights],
            [gradient],
            [self.state["momentum_buffer"]],
            fused=True,
            weight_decay=0.0,
            momentum=momentum,
            lr=learning_rate,
            dampening=0.0,
            nesterov=False,
            maximize=False,
        )


def optimizer(name: recipe.Optimizer, weights: Tensor) -> Optimizer:
    """The optimiser of that name.

    Args:
        name: "adam" or "sgd".
        weights: one vector, updated in place.
    """
    return Adam(weights) if name == "adam" else SGD(weights)
