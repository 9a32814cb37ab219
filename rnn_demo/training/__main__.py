"""Train a network from the command line: `python -m rnn_demo.training tutorial`."""

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

import torch

from rnn_demo.data.digits import Digits
from rnn_demo.nn.models import ImageRNN
from rnn_demo.training.calibration import (
    expected_calibration_error,
    fit_temperature,
    fold_temperature,
)
from rnn_demo.training.checkpoint import WEIGHTS, Card, card_of, save
from rnn_demo.training.data import load
from rnn_demo.training.evaluate import accuracy, predict
from rnn_demo.training.hyperparameter import Hyperparameter
from rnn_demo.training.loop import DivergedError, EpochDone, Training
from rnn_demo.training.presets import PRESETS
from rnn_demo.training.recipe import HYPERPARAMETERS, Recipe


def parse(arguments: list[str]) -> tuple[Recipe, Path]:
    """The recipe and the output file of a command line."""
    parser = argparse.ArgumentParser(prog="python -m rnn_demo.training", description=__doc__)
    presets = "; ".join(f"{name}: {preset.label}" for name, preset in PRESETS.items())
    parser.add_argument("preset", choices=PRESETS, help=presets)
    parser.add_argument("--output", type=Path, help="default: assets/weights/PRESET.safetensors")
    for parameter in HYPERPARAMETERS.values():
        parser.add_argument(
            f"--{parameter.name.replace('_', '-')}",
            type=type(parameter.default),
            choices=parameter.choices or None,
            help=_help(parameter),
        )
    given = vars(parser.parse_args(arguments))
    name, output = given.pop("preset"), given.pop("output")
    changes = {key: value for key, value in given.items() if value is not None}
    try:
        recipe = replace(PRESETS[name].recipe, **changes)
    except ValueError as error:
        parser.error(str(error))
    if changes and output is None:
        parser.error("a changed preset needs --output")
    return recipe, output or WEIGHTS / f"{name}.safetensors"


def _help(parameter: Hyperparameter) -> str:
    """The help of an option; its default is the preset's value."""
    text = f"{parameter.label}. {parameter.help}"
    if not parameter.choices:
        text += f" From {parameter.text(parameter.low)} to {parameter.text(parameter.high)}."
    return text.replace("%", "%%")


def main(arguments: list[str]) -> None:
    """Train, print a line for each epoch, and save the network with its card."""
    recipe, output = parse(arguments)
    torch.set_num_threads(1)
    data = load(recipe)
    training = Training(recipe, data.train)
    model = training.model
    started = time.monotonic()
    for event in training.events():
        if isinstance(event, EpochDone):
            line = f"epoch {event.epoch}  loss {event.loss:.4f}  accuracy {event.accuracy:.2f} %"
            print(line, _validated(model, data.validation), flush=True)
    card = replace(
        card_of(recipe, data),
        epochs_done=recipe.epochs,
        seconds=round(time.monotonic() - started, 1),
    )
    if data.validation:
        card = calibrated(card, model, data.validation)
    card = replace(card, test_accuracy=accuracy(model, data.test))
    save(output, model, card)
    print(f"test accuracy {card.test_accuracy:.2f} %, {card.seconds:.0f} s, saved in {output}")


def calibrated(card: Card, model: ImageRNN, validation: Digits) -> Card:
    """Calibrate a network in place; returns its card with the validation results."""
    logits = predict(model, validation.images)
    labels = torch.from_numpy(validation.labels.astype("int64"))
    temperature = fit_temperature(logits, labels)
    fold_temperature(model, temperature)
    return replace(
        card,
        validation_accuracy=accuracy(model, validation),
        temperature=temperature,
        calibration_error=expected_calibration_error(logits / temperature, labels),
    )


def _validated(model: ImageRNN, validation: Digits | None) -> str:
    return f" validation {accuracy(model, validation):.2f} %" if validation else ""


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (DivergedError, OSError, ValueError) as error:
        sys.exit(str(error))
