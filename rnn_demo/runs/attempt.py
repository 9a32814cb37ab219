"""One life of a run: from its last checkpoint, or its start, to its end or to a pause."""

import contextlib
import os
import re
import time
from dataclasses import asdict, replace
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save_file
from torch import Tensor

from rnn_demo.formats.files import read_bytes, write_json, write_whole
from rnn_demo.runs.changes import read_changes, write_changes
from rnn_demo.runs.commands import Action, take_request
from rnn_demo.runs.metrics import N_SAMPLE_DIGITS, cut_points
from rnn_demo.runs.records import read_recipe
from rnn_demo.runs.reporter import Reporter
from rnn_demo.runs.state import State, read_status, write_status
from rnn_demo.training import data
from rnn_demo.training.checkpoint import card_of, save
from rnn_demo.training.evaluate import measure
from rnn_demo.training.loop import BatchDone, EpochDone, Training
from rnn_demo.training.recipe import Recipe

_CHECKPOINT_INTERVAL = 20  # seconds


class Life:
    """Trains the run in a folder, and writes down how far it is.

    Args:
        folder: of the run.

    Raises:
        OSError, ValueError: the recipe, the data or the changes cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        torch.set_num_threads(1)
        self._folder = folder
        _remove_partial(self._state_file.parent)
        self._recipe = read_recipe(folder)
        status = replace(read_status(folder), stage=_stage(self._recipe))
        write_status(folder, status)
        self._data = data.load(self._recipe)
        self._training = self._take_up()
        cut_points(folder / "metrics.jsonl", self._training.epochs_done)
        status = replace(status, attempts=status.attempts + 1)
        write_status(folder, status)
        card = card_of(self._recipe, self._data)
        self._card = replace(card, epochs_done=int(self._training.epochs_done))
        sample_digits = self._data.test.part(0, N_SAMPLE_DIGITS)
        epochs = self._recipe.epochs
        self._reporter = Reporter(folder, status, epochs, self._training.model, sample_digits)
        self._saved = time.monotonic()

    def live(self) -> None:
        """Train to the end, or until a pause or a stop is asked for.

        Raises:
            FloatingPointError: the loss is no longer a number.
            OSError: the folder cannot be written.
        """
        action = self._train()
        if action == "pause":
            self._save_training()
            self._write_state("paused")
        else:
            self._finish("stopped" if action == "stop" else "finished")

    def _train(self) -> Action | None:
        """Train until there is something else to do, which is returned."""
        # Before the first step too: it may be the one that a lower learning rate is to save.
        action = self._asked()
        for event in self._training.events():
            if isinstance(event, BatchDone):
                last = event
                self._reporter.batch(event)
                if event.batch + 1 == event.n_batches:
                    continue  # its epoch's end comes first
                if time.monotonic() - self._saved > _CHECKPOINT_INTERVAL:
                    with self._reporter.aside():
                        self._save_training()
            else:
                with self._reporter.aside():
                    self._end_epoch(event, last)
            action = action or self._asked()
            if action:
                return action
        return None

    def _asked(self) -> Action | None:
        """Do what is asked of the training; a pause or a stop is returned."""
        request = take_request(self._folder)
        if request.learning_rate is not None:
            self._change_learning_rate(request.learning_rate)
        return request.action

    def _end_epoch(self, event: EpochDone, last: BatchDone) -> None:
        self._reporter.epoch(event, last, self._data.validation)
        self._card = replace(
            self._card, epochs_done=event.epoch + 1, seconds=self._reporter.seconds
        )
        self._save_training()
        save(self._weights, self._training.model, self._card)

    def _finish(self, state: State) -> None:
        """Measure the network, and leave it with its card; there is nothing to resume."""
        result = measure(self._training.model, self._data.test)
        card = replace(self._card, test_accuracy=result.accuracy, seconds=self._reporter.seconds)
        save(self._weights, self._training.model, card)
        write_json(self._folder / "result.json", asdict(result))
        self._write_state(state, result.accuracy)
        self._state_file.unlink(missing_ok=True)

    def _write_state(self, state: State, test_accuracy: float | None = None) -> None:
        epochs_done = self._training.epochs_done
        status = replace(
            self._reporter.status,
            state=state,
            stage="",
            epoch=int(epochs_done),
            progress=epochs_done / self._recipe.epochs,
            seconds_left=None,
            seconds=self._reporter.seconds,
            test_accuracy=test_accuracy,
        )
        write_status(self._folder, status)

    def _change_learning_rate(self, learning_rate: float) -> None:
        """Change it and write that down; one out of range, put there by hand, changes nothing."""
        with contextlib.suppress(ValueError):
            self._training.change_learning_rate(learning_rate)
            write_changes(self._folder / "changes.jsonl", self._training.changes)

    def _take_up(self) -> Training:
        """The training at its last checkpoint; before there is one, at the beginning.

        Raises:
            ValueError: the checkpoint is damaged. To begin again would be to overwrite a network
                that is whole.
        """
        changes = read_changes(self._folder / "changes.jsonl")
        training = Training(self._recipe, self._data.train, changes)
        try:
            training.restore(load_tensors(read_bytes(self._state_file)))
        except FileNotFoundError:
            return training
        except (SafetensorError, RuntimeError, TypeError, KeyError, ValueError) as error:
            name = self._state_file.name
            raise ValueError(
                f"{name} is damaged, so this run cannot go on. What it has learnt is kept."
            ) from error
        return training

    def _save_training(self) -> None:
        """Write down all it takes to go on from here."""
        state = self._training.state()
        write_whole(self._state_file, lambda partial: _write_tensors(state, partial))
        self._saved = time.monotonic()

    @property
    def _weights(self) -> Path:
        return self._folder / "checkpoints" / "last.safetensors"

    @property
    def _state_file(self) -> Path:
        return self._folder / "checkpoints" / "training.safetensors"


def _write_tensors(tensors: dict[str, Tensor], path: Path) -> None:
    """Fill a file straight from memory: copies of the largest network's state take 130 MB.

    Raises:
        OSError: it cannot be written.
    """
    try:
        save_file(tensors, path)
    except SafetensorError as error:
        code = re.search(r"os error (\d+)", str(error))
        if code is None:
            raise
        raise OSError(int(code[1]), os.strerror(int(code[1]))) from error


def _remove_partial(checkpoints: Path) -> None:
    """Remove what a worker that was killed had begun to write; nobody else writes there."""
    # The second are safetensors' own.
    for partial in [*checkpoints.glob(".*.safetensors.*"), *checkpoints.glob(".tmp*")]:
        with contextlib.suppress(OSError):
            partial.unlink()


def _stage(recipe: Recipe) -> str:
    """What it takes to get the images of a recipe."""
    made = recipe.synthetic + recipe.non_digits
    if recipe.synthetic:
        made += recipe.validation  # as many are made to validate on
    if recipe.data == "synthetic":
        return "Making synthetic digits"
    return f"Making {made:,} synthetic drawings" if made else "Loading MNIST"
