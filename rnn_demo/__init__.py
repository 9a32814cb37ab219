"""See a recurrent network work: the tutorial's networks, and what they do with a number.

The names below are loaded when they are first used, so that importing the package alone
imports no torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rnn_demo.models import BasicRNN, CleanBasicRNN, ImageRNN, SingleRNN, get_accuracy
    from rnn_demo.training.checkpoint import load_pretrained

__all__ = [
    "BasicRNN",
    "CleanBasicRNN",
    "ImageRNN",
    "SingleRNN",
    "get_accuracy",
    "load_pretrained",
]

_HOMES = {
    "BasicRNN": "rnn_demo.models",
    "CleanBasicRNN": "rnn_demo.models",
    "ImageRNN": "rnn_demo.models",
    "SingleRNN": "rnn_demo.models",
    "get_accuracy": "rnn_demo.models",
    "load_pretrained": "rnn_demo.training.checkpoint",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
