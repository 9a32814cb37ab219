"""Small recurrent networks, and an app that shows how they work.

A public name is imported at its first use, so that `import rnn_demo` does not import torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rnn_demo.data.preprocess import to_mnist
    from rnn_demo.nn.models import BasicRNN, CleanBasicRNN, ImageRNN, SingleRNN, get_accuracy
    from rnn_demo.nn.reading import read
    from rnn_demo.nn.unroll import unroll
    from rnn_demo.training.checkpoint import load_pretrained

__all__ = [
    "BasicRNN",
    "CleanBasicRNN",
    "ImageRNN",
    "SingleRNN",
    "get_accuracy",
    "load_pretrained",
    "read",
    "to_mnist",
    "unroll",
]

_MODULES = {
    "BasicRNN": "nn.models",
    "CleanBasicRNN": "nn.models",
    "ImageRNN": "nn.models",
    "SingleRNN": "nn.models",
    "get_accuracy": "nn.models",
    "load_pretrained": "training.checkpoint",
    "read": "nn.reading",
    "to_mnist": "data.preprocess",
    "unroll": "nn.unroll",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
