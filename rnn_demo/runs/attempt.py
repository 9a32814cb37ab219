"""One attempt at a run: from its last checkpoint, or its start, to its end or to a pause."""

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
from rnn_demo.messages import InputError, Message
from rnn_demo.runs.commands import Action, Inbox
from rnn_demo.runs.layout import weights_of
from rnn_demo.runs.metrics import cut_points
from rnn_demo.runs.records import read_changes, read_recipe, write_changes
from rnn_demo.runs.reporter import Reporter
from rnn_demo.runs.state import State, Status, write_last_status, write_status
from rnn_demo.training import data
from rnn_demo.training.checkpoint import card_of, save
from rnn_demo.training.evaluate import measure
from rnn_demo.training.loop import BatchDone, EpochDone, Training
from rnn_demo.training.metrics import N_SAMPLE_DIGITS
from rnn_demo.training.recipe import Recipe

_CHECKPOINT_INTERVAL_S = 20.0


class Attempt:
    """Trains the run in a folder and writes down how far it is.

    Args:
        folder: of the run.
        status: of the run so far, with the claim that this attempt works for.

    Raises:
        OSError: a file cannot be read or written.
        ValueError: the recipe, the data, the changes or the checkpoint is damaged.
    """

    def __init__(self, folder: Path, status: Status) -> None:
        torch.set_num_threads(1)
        self._folder = folder
        self._weights = weights_of(folder)
        self._checkpoint = self._weights.with_stem("training")
        _remove_partial_files(self._checkpoint.parent)
        self._recipe = read_recipe(folder)
        write_status(folder, replace(status, state="starting", stage=_stage(self._recipe)))
        self._data = data.load(self._recipe)
        self._training = self._restored_training()
        cut_points(folder, self._training.epochs_done)
        self._inbox = Inbox(folder, status.claim, status.n_commands)
        status = replace(status, stage=_stage(self._recipe), attempts=status.attempts + 1)
        write_status(folder, status)
        card = card_of(self._recipe, self._data)
        self._card = replace(card, epochs_done=int(self._training.epochs_done))
        sample_digits = self._data.test.part(0, N_SAMPLE_DIGITS)
        epochs = self._recipe.epochs
        self._reporter = Reporter(folder, status, epochs, self._training.model, sample_digits)
        self._saved = time.monotonic()

    def run(self) -> None:
        """Train to the end, or until a visitor pauses or stops the run.

        Raises:
            DivergedError: the loss became NaN or infinite.
            OSError: the folder cannot be written.
        """
        try:
            action = self._train()
        finally:
            self._reporter.flush()
        if action == "pause":
            self._save_checkpoint()
            self._write_status("paused")
        else:
            self._finish("stopped" if action == "stop" else "finished")

    def _train(self) -> Action | None:
        """Train until the end or until an action ends it, which is returned."""
        # Before the first step too: it may need the lower learning rate.
        action = self._obey()
        for event in self._training.events():
            if isinstance(event, BatchDone):
                last = event
                self._reporter.batch(event)
                if event.batch + 1 == event.n_batches:
                    continue  # the end of its epoch comes first
                if time.monotonic() - self._saved > _CHECKPOINT_INTERVAL_S:
                    with self._reporter.paused():
                        self._save_checkpoint()
            else:
                self._reporter.flush()
                with self._reporter.paused():
                    self._end_epoch(event, last)
            action = action or self._obey()
            if action:
                return action
        return None

    def _obey(self) -> Action | None:
        """Follow new commands; a pause or a stop is returned."""
        n_read = self._inbox.n_read
        action, learning_rates = self._inbox.take()
        for learning_rate in learning_rates:
            self._training.change_learning_rate(learning_rate)
        if learning_rates:
            write_changes(self._folder, self._training.changes)
        if self._inbox.n_read != n_read:
            self._reporter.write_n_commands(self._inbox.n_read)
        return action

    def _end_epoch(self, event: EpochDone, last: BatchDone) -> None:
        self._reporter.epoch(event, last, self._data.validation)
        self._card = replace(
            self._card, epochs_done=event.epoch + 1, seconds=self._reporter.seconds
        )
        self._save_checkpoint()
        save(self._weights, self._training.model, self._card)

    def _finish(self, state: State) -> None:
        """Measure the network and save it with its card; there is nothing to resume."""
        result = measure(self._training.model, self._data.test)
        card = replace(self._card, test_accuracy=result.accuracy, seconds=self._reporter.seconds)
        save(self._weights, self._training.model, card)
        write_json(self._folder / "result.json", asdict(result))
        self._write_status(state, result.accuracy)
        self._checkpoint.unlink(missing_ok=True)

    def _write_status(self, state: State, test_accuracy: float | None = None) -> None:
        epochs_done = self._training.epochs_done
        status = replace(
            self._reporter.status,
            state=state,
            stage=None,
            epoch=int(epochs_done),
            progress=epochs_done / self._recipe.epochs,
            seconds_left=None,
            seconds=self._reporter.seconds,
            test_accuracy=test_accuracy,
        )
        write_last_status(self._folder, status)

    def _restored_training(self) -> Training:
        """The training at its last checkpoint; before there is one, at the beginning.

        Raises:
            InputError: the checkpoint is damaged. To start again would overwrite an intact network.
        """
        training = Training(self._recipe, self._data.train, read_changes(self._folder))
        try:
            training.restore(load_tensors(read_bytes(self._checkpoint)))
        except FileNotFoundError:
            return training
        except (SafetensorError, RuntimeError, TypeError, KeyError, ValueError) as error:
            raise InputError("runs.checkpoint_damaged") from error
        return training

    def _save_checkpoint(self) -> None:
        """Save all that is needed to continue from here."""
        state = self._training.state()
        write_whole(self._checkpoint, lambda partial: _write_tensors(state, partial))
        self._saved = time.monotonic()


def _write_tensors(tensors: dict[str, Tensor], path: Path) -> None:
    """Write a file straight from memory: a copy of the largest network's state takes 130 MB.

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


def _remove_partial_files(checkpoints: Path) -> None:
    """Remove what a killed worker left half written; nobody else writes there."""
    # The second pattern is that of safetensors.
    for partial in [*checkpoints.glob(".*.safetensors.*"), *checkpoints.glob(".tmp*")]:
        with contextlib.suppress(OSError):
            partial.unlink()


def _stage(recipe: Recipe) -> Message:
    """What has to be prepared before a recipe can be trained."""
    n_drawings = recipe.synthetic + recipe.non_digits
    if recipe.synthetic:
        n_drawings += recipe.validation  # the same number of synthetic validation images
    if recipe.data == "synthetic":
        return Message("runs.making_digits")
    if n_drawings:
        return Message("runs.making_drawings", {"n": n_drawings})
    return Message("runs.loading_mnist")
