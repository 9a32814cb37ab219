"""Reports of a training: the status and the curve of its run, written a few times a second."""

import math
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from rnn_demo.data.digits import Digits
from rnn_demo.formats.files import describe_os_error, is_disk_full
from rnn_demo.nn.models import ImageRNN
from rnn_demo.runs.metrics import append_point
from rnn_demo.runs.state import Status, write_status
from rnn_demo.training.evaluate import answers_of, loss_and_accuracy
from rnn_demo.training.loop import BatchDone, EpochDone
from rnn_demo.training.metrics import Point

_MIN_INTERVAL_S = 0.25  # between two reports
_MAX_REPORTS = 2_400  # of ten minutes; the longer a run has lasted, the rarer they become


class Reporter:
    """Writes the status and the curve of a run.

    Args:
        folder: of the run.
        status: of the run before this attempt.
        epochs: of its recipe.
        model: the network that is trained.
        sample_digits: test images whose answers are part of each point.

    Attributes:
        status: as it was last written.
    """

    def __init__(
        self, folder: Path, status: Status, epochs: int, model: ImageRNN, sample_digits: Digits
    ) -> None:
        self.status = status
        self._folder, self._epochs, self._model = folder, epochs, model
        self._sample_digits = sample_digits
        self._recent: list[BatchDone] = []  # since the last report
        self._unwritten: list[Point] = []  # of reports that were missed
        self._earlier_s = status.seconds
        self._n_steps = 0  # in this attempt
        self._started = self._reported = time.monotonic()

    @property
    def seconds(self) -> float:
        """Training time in all attempts."""
        return self._earlier_s + time.monotonic() - self._started

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Do not count what is done meanwhile in the speed of the training."""
        start = time.monotonic()
        yield
        self._reported += time.monotonic() - start

    def batch(self, done: BatchDone) -> None:
        """Collect a batch; report when the last report is old enough."""
        self._recent.append(done)
        self._n_steps += 1
        interval = max(_MIN_INTERVAL_S, self.seconds / _MAX_REPORTS)
        if time.monotonic() - self._reported >= interval:
            self._report(done)

    def flush(self) -> None:
        """Report what was done since the last report, so that the curve ends where training did."""
        if self._recent:
            self._report(self._recent[-1])

    def epoch(self, done: EpochDone, last: BatchDone, validation: Digits | None) -> None:
        """Report a whole epoch.

        Args:
            done: the epoch.
            last: its last batch.
            validation: images to measure the network on.
        """
        measured = loss_and_accuracy(self._model, validation) if validation else (None, None)
        self._write_point(
            epoch=done.epoch + 1,
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

    def write_n_commands(self, n_commands: int) -> None:
        """Report how many commands have been read."""
        self.status = replace(self.status, n_commands=n_commands)
        self._write_status()

    def _report(self, last: BatchDone) -> None:
        """Report what was done since the last report."""
        now = time.monotonic()
        n_images = sum(done.size for done in self._recent)
        n_steps = last.epoch * last.n_batches + last.batch + 1
        n_all_steps = self._epochs * last.n_batches
        self.status = replace(
            self.status,
            state="running",
            stage=None,
            epoch=last.epoch,
            progress=n_steps / n_all_steps,
            images_per_second=n_images / (now - self._reported),
            # From the mean speed of this attempt, so that the estimate does not jump.
            seconds_left=(n_all_steps - n_steps) * (now - self._started) / self._n_steps,
            seconds=self.seconds,
            loss=sum(done.loss * done.size for done in self._recent) / n_images,
            accuracy=self._accuracy(),
            learning_rate=last.learning_rate,
        )
        self._write_point(
            epoch=last.epoch + (last.batch + 1) / last.n_batches,
            loss=self.status.loss,
            accuracy=self.status.accuracy,
            learning_rate=last.learning_rate,
            gradient_norm=sum(done.gradient_norm for done in self._recent) / len(self._recent),
            epoch_done=False,
        )
        self._write_status()
        self._recent, self._reported = [], now

    def _write_status(self) -> None:
        """Write the status; the next report makes up for one that is missed."""
        with _missed_report():
            write_status(self._folder, self.status)

    def _accuracy(self) -> float:
        """Right answers among the digits since the last report, percent."""
        n_digits = sum(done.digits for done in self._recent)
        return 100 * sum(done.right for done in self._recent) / max(n_digits, 1)

    def _write_point(self, **values: float | None) -> None:
        """Append a point; NaN and infinity, which a last step may leave, become None."""
        answers, confidence = answers_of(self._model, self._sample_digits)
        point: Point = {
            name: value if value is None or math.isfinite(value) else None
            for name, value in values.items()
        }
        point |= {
            "images_per_second": self.status.images_per_second,
            "answers": answers,
            "confidence": confidence,
        }
        self._unwritten.append(point)
        with _missed_report():
            while self._unwritten:
                append_point(self._folder, self._unwritten[0])
                del self._unwritten[0]


@contextmanager
def _missed_report() -> Iterator[None]:
    """A report that cannot be written ends no training, except on a full disk."""
    try:
        yield
    except OSError as error:
        if is_disk_full(error):
            raise
        sys.stdout.write(f"a report was missed: {describe_os_error(error)}\n")
