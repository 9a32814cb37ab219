"""Where networks are trained."""

import torch

from rnn_demo.messages import InputError
from rnn_demo.settings import SETTINGS


def device() -> torch.device:
    """The device of the setting `device`; for "auto" CUDA, else MPS, else the CPU.

    Only a CPU repeats a training bit for bit from the same seed, and only on one machine.

    Raises:
        InputError: the setting names an unknown device, or one that this machine lacks.
    """
    name = SETTINGS.device.read()
    available = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if name == "auto":
        name = next((kind for kind, found in available.items() if found), "cpu")
    if not available.get(name, True):
        raise InputError("settings.device_missing", name=SETTINGS.device.name, device=name)
    return torch.device(name)
