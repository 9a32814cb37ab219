"""The process in which one run trains: events go in, the run's folder is written."""

import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import torch

from rnn_demo.training import data
from rnn_demo.training.checkpoint import card_of, save
from rnn_demo.training.loop import BatchDone, EpochDone, Event, accuracy, build, train
from rnn_demo.training.recipe import Recipe
from rnn_demo.training.runs import Run, Status

_INTERVAL = 0.25  # seconds between two reports
_NICENESS = 10  # the page comes first


class Reporter:
    """Writes into a run's folder what happens in its training.

    Args:
        run: the run.
        recipe: what it trains.
        n_images: training images in an epoch.
    """

    def __init__(self, run: Run, recipe: Recipe, n_images: int) -> None:
        self._run = run
        self._total = recipe.epochs * n_images
        self._seen = 0
        self._recent: list[BatchDone] = []  # since the last report
        self._started = self._reported = time.monotonic()

    def report(self, event: Event) -> None:
        """Write an event down; batches are gathered until the last report is old enough."""
        if isinstance(event, EpochDone):
            self._write_point(event.epoch + 1, event.loss, event.accuracy, epoch_done=True)
            return
        self._seen += event.size
        self._recent.append(event)
        if time.monotonic() - self._reported >= _INTERVAL:
            self._report_recent(event)

    def _report_recent(self, last: BatchDone) -> None:
        size = sum(done.size for done in self._recent)
        loss = sum(done.loss * done.size for done in self._recent) / size
        met = sum(done.digits for done in self._recent)
        right = 100 * sum(done.right for done in self._recent) / met
        now = time.monotonic()
        self._write_point(last.epoch + (last.batch + 1) / last.n_batches, loss, right)
        self._run.write_status(
            Status(
                state="running",
                epoch=last.epoch,
                progress=self._seen / self._total,
                samples_per_second=size / (now - self._reported),
                # The whole run's mean speed: an estimate that does not jump about.
                seconds_left=(self._total - self._seen) * (now - self._started) / self._seen,
                loss=loss,
                accuracy=right,
            )
        )
        self._recent, self._reported = [], now

    def _write_point(
        self, step: float, loss: float, accuracy: float, *, epoch_done: bool = False
    ) -> None:
        point = {"step": step, "loss": loss, "accuracy": accuracy, "epoch_done": epoch_done}
        with (self._run.folder / "metrics.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(point) + "\n")


def work(run: Run) -> None:
    """Train a run from start to end, or until it is asked to stop.

    Raises:
        FloatingPointError: the loss is no longer a number.
        OSError, ValueError: the data cannot be read, or the folder not written.
    """
    recipe = run.recipe
    loaded = data.load(recipe)
    card = card_of(recipe, loaded)
    model = build(recipe)
    reporter = Reporter(run, recipe, len(loaded.train))
    started = time.monotonic()
    for event in train(model, recipe, loaded.train):
        reporter.report(event)
        if isinstance(event, EpochDone):
            card = replace(card, epochs_done=event.epoch + 1, seconds=time.monotonic() - started)
            save(run.weights, model, card)
        if run.stop_requested:
            break
    seconds, test_accuracy = time.monotonic() - started, accuracy(model, loaded.test)
    save(run.weights, model, replace(card, test_accuracy=test_accuracy, seconds=seconds))
    finished = card.epochs_done == recipe.epochs
    run.write_status(
        Status(
            state="finished" if finished else "stopped",
            epoch=card.epochs_done,
            progress=1.0 if finished else run.status().progress,
            test_accuracy=test_accuracy,
        )
    )


def main(folder: str) -> None:
    """Work on the run in a folder; whatever goes wrong becomes one sentence in its status."""
    run = Run(Path(folder))
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    torch.set_num_threads(1)
    try:
        work(run)
    except (FloatingPointError, OSError, ValueError) as error:
        run.write_status(Status("failed", message=str(error)))


if __name__ == "__main__":
    main(sys.argv[1])
