"""Seconds per epoch: the tutorial's loop and ours, one epoch of each in turn.

    python tests/bench/training.py --threads 1 --epochs 10 --json
    python tests/bench/training.py --threads 1 --epochs 1 --quick

Both train the tutorial's network with the tutorial's recipe on the real MNIST; evaluation is not
counted. The tutorial's loop is the published one: a DataLoader with two workers that converts one
PIL image after the other into a tensor, `nn.RNN` and `nn.Linear`, and PyTorch's own number of
threads. `--quick` also trains the preset of that name, and times it until it first reaches the
tutorial's published accuracy on the test images.
"""

import argparse
import json
import math
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader
from torchvision import datasets
from torchvision.transforms import ToTensor

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
from rnn_demo.data.digits import Digits, as_float  # noqa: E402
from rnn_demo.nn.models import get_accuracy  # noqa: E402
from rnn_demo.nn.published import TUTORIAL_TEST_ACCURACY  # noqa: E402
from rnn_demo.settings import SETTINGS  # noqa: E402
from rnn_demo.training import data  # noqa: E402
from rnn_demo.training.loop import BatchDone, EpochDone, Training  # noqa: E402
from rnn_demo.training.presets import PRESETS  # noqa: E402

BATCH_SIZE = 64
TEST_INTERVAL_BATCHES = 50  # between two tests, which are not timed


class TutorialRNN(nn.Module):
    """The tutorial's network: 150 tanh units, and a linear layer on their last state."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.RNN(28, 150)
        self.fc = nn.Linear(150, 10)

    def forward(self, images: Tensor) -> Tensor:
        """Logits (batch, 10) of images (batch, 28, 28)."""
        _, state = self.rnn(images.permute(1, 0, 2), torch.zeros(1, len(images), 150))
        logits: Tensor = self.fc(state[0])
        return logits


def tutorial_epochs(model: nn.Module, epochs: int) -> Iterator[float]:
    """Seconds of each epoch of the tutorial's loop."""
    images = datasets.MNIST(SETTINGS.data_folder.read(), train=True, transform=ToTensor())
    loader = DataLoader(images, batch_size=BATCH_SIZE, shuffle=True, num_workers=2)
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(epochs):
        started = time.perf_counter()
        loss_sum = accuracy_sum = 0.0
        for inputs, labels in loader:
            optimizer.zero_grad()
            logits = model(inputs.view(-1, 28, 28))
            loss = criterion(logits, labels)
            loss.backward()
            optimizer.step()
            loss_sum += loss.item()
            accuracy_sum += get_accuracy(logits, labels, BATCH_SIZE)
        yield time.perf_counter() - started


def our_epochs(training: Training) -> Iterator[float]:
    """Seconds of each epoch of our loop."""
    started = time.perf_counter()
    for event in training.events():
        if isinstance(event, EpochDone):
            yield time.perf_counter() - started
            started = time.perf_counter()


def side_by_side(threads: int, epochs: int) -> dict[str, float]:
    """Both loops, an epoch of each in turn."""
    recipe = replace(PRESETS["tutorial"].recipe, epochs=epochs)
    loaded = data.load(recipe)
    torch.manual_seed(recipe.seed)
    theirs, ours = TutorialRNN(), Training(recipe, loaded.train)
    loops = [
        (torch.get_num_threads(), tutorial_epochs(theirs, epochs)),
        (threads, our_epochs(ours)),
    ]
    seconds = [0.0, 0.0]
    for _ in range(epochs):
        for which, (own_threads, loop) in enumerate(loops):
            torch.set_num_threads(own_threads)
            seconds[which] += next(loop)
    tutorial, own = seconds
    return {
        "tutorial_s_per_epoch": round(tutorial / epochs, 3),
        "ours_s_per_epoch": round(own / epochs, 3),
        "ratio": round(tutorial / own, 2),
        "threads": threads,
        "tutorial_test_accuracy": test_accuracy(theirs, loaded.test),
        "ours_test_accuracy": test_accuracy(ours.model, loaded.test),
    }


def quick(threads: int, tutorial_s_per_epoch: float) -> dict[str, float]:
    """The preset `quick`: seconds to the tutorial's accuracy and to its end."""
    torch.set_num_threads(threads)
    loaded = data.load(PRESETS["quick"].recipe)
    training = Training(PRESETS["quick"].recipe, loaded.train)
    seconds, reached, started = 0.0, float("nan"), time.perf_counter()
    for event in training.events():
        if (
            math.isnan(reached)
            and isinstance(event, BatchDone)
            and training.step % TEST_INTERVAL_BATCHES == 0
        ):
            seconds += time.perf_counter() - started
            if test_accuracy(training.model, loaded.test) >= TUTORIAL_TEST_ACCURACY:
                reached = seconds
            started = time.perf_counter()
    return {
        "quick_s": round(seconds + time.perf_counter() - started, 2),
        "quick_s_to_tutorials_accuracy": round(reached, 2),
        "quick_share_of_tutorials_ten_epochs": round(reached / (10 * tutorial_s_per_epoch), 4),
        "quick_test_accuracy": test_accuracy(training.model, loaded.test),
    }


def test_accuracy(model: nn.Module, test: Digits) -> float:
    """Percent of the test images read correctly."""
    with torch.no_grad():
        answers = model(torch.from_numpy(as_float(test.images))).argmax(dim=1).numpy()
    return round(100 * float((answers == test.labels).mean()), 2)


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=1, help="PyTorch threads of our loop")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--quick", action="store_true", help="time that preset too")
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    options = parser.parse_args()
    figures = side_by_side(options.threads, options.epochs)
    if options.quick:
        figures |= quick(options.threads, figures["tutorial_s_per_epoch"])
    if options.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{name}: {value}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
