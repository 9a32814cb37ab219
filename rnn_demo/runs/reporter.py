"""What happens in a training, written into its run's folder a few times a second."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from rnn_demo.data.digits import Digits
from rnn_demo.nn.models import ImageRNN
from rnn_demo.runs.metrics import append_point
from rnn_demo.runs.state import Status, write_status
from rnn_demo.training.evaluate import answers_of, loss_and_accuracy
from rnn_demo.training.loop import BatchDone, EpochDone

_INTERVAL = 0.25  # seconds between two reports, at least
_MANY = 2_400  # reports of ten minutes; the longer a run has lasted, the rarer they become


class Reporter:
    """Writes the status and the curve of a run.

    Args:
        folder: of the run.
        status: of the run before this life.
        epochs: of its recipe.
        model: the network that is trained.
        dozen: test images whose answers are shown.

    Attributes:
        status: as it was last written.
    """

    def __init__(
        self, folder: Path, status: Status, epochs: int, model: ImageRNN, sample_digits: Digits
    ) -> None:
        self.status = status
        self._folder, self._epochs, self._model, self._dozen = folder, epochs, model, sample_digits
        self._recent: list[BatchDone] = []  # since the last report
        self._earlier = status.seconds
        self._steps = 0  # in this life
        self._started = self._reported = time.monotonic()

    @property
    def seconds(self) -> float:
        """Trained so far, in all lives."""
        return self._earlier + time.monotonic() - self._started

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Do something that is no training and does not count in the speed of it."""
        start = time.monotonic()
        yield
        self._reported += time.monotonic() - start

    def batch(self, done: BatchDone) -> None:
        """Gather a batch; report when the last report is old enough."""
        self._recent.append(done)
        self._steps += 1
        if time.monotonic() - self._reported >= max(_INTERVAL, self.seconds / _MANY):
            self._report(done)

    def epoch(self, done: EpochDone, last: BatchDone, validation: Digits | None) -> None:
        """Report a whole epoch.

        Args:
            done: the epoch.
            last: its last batch.
            validation: images to measure the network on.
        """
        measured = loss_and_accuracy(self._model, validation) if validation else (None, None)
        self._write_point(
            step=done.epoch + 1,
            loss=done.loss,
            accuracy=done.accuracy,
            learning_rate=last.learning_rate,
            gradient_norm=last.gradient_norm,
            validation_loss=measured[0],
            validation_accuracy=measured[1],
            tutorial_loss=done.tutorial_loss,
            tutorial_accuracy=done.tutorial_accuracy,
            epoch_done=True,
        )

    def _report(self, last: BatchDone) -> None:
        """Sum up what was done since the last report."""
        now = time.monotonic()
        size = sum(done.size for done in self._recent)
        step = last.epoch * last.n_batches + last.batch + 1
        total = self._epochs * last.n_batches
        self.status = replace(
            self.status,
            state="running",
            stage="",
            epoch=last.epoch,
            progress=step / total,
            images_per_second=size / (now - self._reported),
            # The mean speed of this life: an estimate that does not jump about.
            seconds_left=(total - step) * (now - self._started) / self._steps,
            seconds=self.seconds,
            loss=sum(done.loss * done.size for done in self._recent) / size,
            accuracy=self._accuracy(),
            learning_rate=last.learning_rate,
        )
        self._write_point(
            step=last.epoch + (last.batch + 1) / last.n_batches,
            loss=self.status.loss,
            accuracy=self.status.accuracy,
            learning_rate=last.learning_rate,
            gradient_norm=sum(done.gradient_norm for done in self._recent) / len(self._recent),
            epoch_done=False,
        )
        write_status(self._folder, self.status)
        self._recent, self._reported = [], now

    def _accuracy(self) -> float:
        """Right answers among the digits since the last report, percent."""
        digits = sum(done.digits for done in self._recent)
        return 100 * sum(done.right for done in self._recent) / max(digits, 1)

    def _write_point(self, **values: float | None) -> None:
        """Add a point; what is no number, as a last step may have left it, becomes null."""
        answers, confidence = answers_of(self._model, self._dozen)
        known = {
            name: value if value is None or math.isfinite(value) else None
            for name, value in values.items()
        }
        append_point(
            self._folder / "metrics.jsonl",
            known
            | {
                "images_per_second": self.status.images_per_second,
                "answers": answers,
                "confidence": confidence,
            },
        )
