"""Adam, and SGD with momentum: PyTorch's functions, which are what its optimisers call.

`torch.optim.Adam` and the like bring PyTorch's compiler into the process: a second and 150 MB for
nothing that is used here. What they keep from step to step is two vectors, kept here instead.
"""

from typing import Protocol

import torch
from torch import Tensor
from torch.optim.adam import adam
from torch.optim.sgd import sgd

from rnn_demo.training import recipe

_SECOND = 0.999  # PyTorch's defaults for the rest of Adam
_EPSILON = 1e-8


class Optimizer(Protocol):
    """What changes a vector of weights along its gradient.

    Attributes:
        state: all that it keeps from step to step, by name; to be written into to go back.
    """

    state: dict[str, Tensor]

    def step(self, gradient: Tensor, learning_rate: float, momentum: float) -> None:
        """Change the weights.

        Args:
            gradient: as long as the weights.
            learning_rate: of this step.
            momentum: of this step, the share that is kept of what the steps before it did.
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
        """Change the weights; the momentum is Adam's first coefficient."""
        adam(
            [self._weights],
            [gradient],
            [self.state["exp_avg"]],
            [self.state["exp_avg_sq"]],
            [],
            [self.state["step"]],
            fused=True,  # one pass over the weights, instead of a dozen
            amsgrad=False,
            beta1=momentum,
            beta2=_SECOND,
            lr=learning_rate,
            weight_decay=0.0,
            eps=_EPSILON,
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
        """Change the weights."""
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
    """The optimiser of a recipe.

    Args:
        name: of the optimiser.
        weights: one vector, which it will change.
    """
    return Adam(weights) if name == "adam" else SGD(weights)
