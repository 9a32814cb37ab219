"""Where networks are trained."""

from functools import cache

import torch
from torch import nn

from rnn_demo.messages import InputError
from rnn_demo.settings import SETTINGS


def device() -> torch.device:
    """The device of the setting `device`; for "auto" CUDA, else MPS, else the CPU.

    A card that PyTorch sees and cannot use, such as one that is too old for its build, is passed
    over: then the CPU trains, see `unusable`.

    Only a CPU repeats a training bit for bit from the same seed, and only on one machine.

    Raises:
        InputError: the setting names an unknown device, or one that this machine lacks.
    """
    kind = _wanted()
    return torch.device("cpu" if _problem(kind) else kind)


def unusable() -> tuple[str, str] | None:
    """The device that should train and cannot, and why in PyTorch's words; None if it can.

    Raises:
        InputError: as for `device`.
    """
    kind = _wanted()
    problem = _problem(kind)
    return (kind, problem) if problem else None


def _wanted() -> str:
    name = SETTINGS.device.read()
    available = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if name == "auto":
        name = next((kind for kind, found in available.items() if found), "cpu")
    if not available.get(name, True):
        raise InputError("settings.device_missing", name=SETTINGS.device.name, device=name)
    return name


@cache
def _problem(kind: str) -> str:
    """Why a device cannot train, in PyTorch's words; empty if it can. It tries a small step."""
    if kind == "cpu":
        return ""
    try:
        inputs = torch.ones(2, 3, 4, device=kind)
        with torch.random.fork_rng(devices=[]):  # the training's own numbers stay as they are
            networks = (nn.RNN(4, 5), nn.LSTM(4, 5))
        for network in networks:
            network.to(kind)(inputs)[0].sum().backward()
        (inputs[0] @ inputs[0].T).sum().item()  # waits for the device
    except (RuntimeError, NotImplementedError) as error:
        return (str(error).strip().splitlines() or [type(error).__name__])[0]
    return ""
