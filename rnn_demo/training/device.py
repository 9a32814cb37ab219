"""Where networks are trained."""

import os

import torch

CHOICES = ("auto", "cpu", "cuda", "mps")


def device() -> torch.device:
    """The device `RNN_DEMO_DEVICE` names; by default ("auto") CUDA, else MPS, else the CPU.

    Only on a CPU does a seed give the same network bit for bit.

    Raises:
        ValueError: it names none, or one that is not there.
    """
    name = os.environ.get("RNN_DEMO_DEVICE") or "auto"
    if name not in CHOICES:
        raise ValueError(f"RNN_DEMO_DEVICE must be one of {', '.join(CHOICES)}, not {name!r}.")
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if name == "auto":
        name = next((kind for kind, found in there.items() if found), "cpu")
    if not there.get(name, True):
        raise ValueError(f"RNN_DEMO_DEVICE asks for {name}, which this machine does not have.")
    return torch.device(name)
