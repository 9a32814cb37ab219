"""What became of a training, judged by its numbers."""

import math

import pytest

from rnn_demo.messages import Message
from rnn_demo.runs.outcome import outcome
from rnn_demo.runs.state import Status
from tests.example_runs import point


def end(loss: float, accuracy: float, validation: float | None = None) -> dict:
    """The end of an epoch."""
    return point(19, epoch_done=True, loss=loss, accuracy=accuracy, validation_accuracy=validation)


@pytest.mark.parametrize(
    ("status", "last", "expected"),
    [
        # With a learning rate of 10 the tutorial's recipe ends like this.
        (Status("finished", loss=102.0, test_accuracy=9.8), end(98.0, 10.1), "diverged"),
        (Status("running", loss=6.0, accuracy=11.0), None, "diverged"),
        (Status("failed", loss=2.2, message=Message("training.diverged")), None, "diverged"),
        (Status("failed", message=Message("files.disk_full")), None, "unknown"),
        # Always the most frequent digit: 1,135 of the 10,000 test images are a 1.
        (Status("finished", loss=2.301, test_accuracy=11.35), end(2.301, 11.2), "learnt_nothing"),
        (Status("running", loss=math.log(10), accuracy=10.0), end(2.31, 10.0), "learnt_nothing"),
        (Status("running", loss=2.29, accuracy=12.0), None, "unknown"),  # in the first epoch
        (Status("running", loss=0.3, accuracy=90.0), end(0.9, 12.0, 80.0), "learns"),
        (Status("running", loss=2.3, accuracy=90.0), end(2.3, 90.0, 0.0), "learnt_nothing"),
        (Status("stopped", loss=0.9, test_accuracy=70.0), None, "learns"),
        (Status("queued"), None, "unknown"),
    ],
)
def test_a_run_is_judged_by_its_loss_and_its_accuracy(status, last, expected):
    assert outcome(status, last) == expected
