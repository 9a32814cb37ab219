"""The training loop, against plain PyTorch."""

import dataclasses
import subprocess
import sys

import numpy as np
import pytest
import torch
from torch import nn

from rnn_demo.data.digits import Digits, as_float
from rnn_demo.messages import InputError
from rnn_demo.training import data
from rnn_demo.training.augment import augment
from rnn_demo.training.build import build
from rnn_demo.training.data import NO_DIGIT
from rnn_demo.training.device import device, unusable
from rnn_demo.training.evaluate import accuracy
from rnn_demo.training.loop import BatchDone, DivergedError, EpochDone, Training
from rnn_demo.training.recipe import Recipe
from rnn_demo.training.schedule import rates


@pytest.fixture(autouse=True)
def on_the_cpu(monkeypatch):
    monkeypatch.setenv("RNN_DEMO_DEVICE", "cpu")


def test_the_first_step_is_plain_pytorch(digits):
    recipe = Recipe(n_neurons=20, batch_size=50, seed=3)
    training, expected = Training(recipe, digits), build(recipe)
    done = next(training.events())
    index = np.random.default_rng(3).permutation(1_000)[:50]
    X = torch.from_numpy(digits.images[index]) / 255
    target = torch.from_numpy(digits.labels[index]).long()
    optimizer = torch.optim.Adam(expected.parameters(), lr=1e-3)
    logits = expected.FC(expected.basic_rnn(X.transpose(0, 1))[0][-1])
    loss = nn.functional.cross_entropy(logits, target)
    loss.backward()
    optimizer.step()
    assert done.loss == pytest.approx(loss.item(), rel=1e-5)
    assert done.right == int((logits.argmax(1) == target).sum())
    norm = sum(float((value.grad**2).sum()) for value in expected.parameters()) ** 0.5
    assert done.gradient_norm == pytest.approx(norm, rel=1e-4)
    assert done.learning_rate == 1e-3
    for ours, theirs in zip(training.model.parameters(), expected.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs)


def test_every_image_is_read_once_an_epoch_and_means_are_exact(digits):
    recipe = Recipe(n_neurons=10, batch_size=64, epochs=2)
    events = list(Training(recipe, digits).events())
    for epoch in range(2):
        batches = [e for e in events if isinstance(e, BatchDone) and e.epoch == epoch]
        assert [e.batch for e in batches] == list(range(16))
        assert [e.size for e in batches] == [64] * 15 + [40]
        assert {e.n_batches for e in batches} == {16}
        end = next(e for e in events if isinstance(e, EpochDone) and e.epoch == epoch)
        assert end.accuracy == pytest.approx(100 * sum(e.right for e in batches) / 1_000)
        assert end.loss == pytest.approx(sum(e.loss * e.size for e in batches) / 1_000)
        # The tutorial's sums over 16 batches, divided by the index of the last.
        assert end.tutorial_loss == pytest.approx(sum(e.loss for e in batches) / 15)
        right = [100 * e.right / 64 for e in batches]
        assert end.tutorial_accuracy == pytest.approx(sum(right) / 15)


def test_a_seed_gives_the_same_run_bit_for_bit(digits):
    recipe = Recipe(n_neurons=10, epochs=1, seed=8)
    trainings = [Training(recipe, digits) for _ in range(2)]
    losses = [[event.loss for event in training.events()] for training in trainings]
    assert losses[0] == losses[1]
    assert_same_network(*trainings)
    other = Training(dataclasses.replace(recipe, seed=9), digits)
    assert losses[0] != [event.loss for event in other.events()]


def test_identity_initialisation_is_the_published_one():
    model = build(Recipe(cell="rnn_relu", initialisation="identity", n_neurons=20))
    weights = model.basic_rnn.state_dict()
    assert torch.equal(weights["weight_hh_l0"], torch.eye(20))
    assert not weights["bias_ih_l0"].any()
    assert not weights["bias_hh_l0"].any()
    assert weights["weight_ih_l0"].abs().max() <= (6 / (28 + 20)) ** 0.5


def test_one_cycle_clipping_and_augmentation_are_plain_pytorch(digits):
    """The whole recipe against a loop of its own."""
    recipe = Recipe(
        n_neurons=10,
        batch_size=256,
        epochs=2,
        schedule="one_cycle",
        clip_norm=0.1,
        augmentation=0.5,
        learning_rate=0.01,
    )
    training, expected = Training(recipe, digits), build(recipe)
    for _ in training.events():
        pass
    optimizer = torch.optim.Adam(expected.parameters(), lr=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps=8)
    order, variation = np.random.default_rng(0), torch.Generator().manual_seed(0)
    for _ in range(2):
        for index in np.split(order.permutation(1_000), [256, 512, 768]):
            X = augment(torch.from_numpy(as_float(digits.images[index])), 0.5, variation)
            target = torch.from_numpy(digits.labels[index]).long()
            optimizer.zero_grad()
            nn.functional.cross_entropy(expected(X), target).backward()
            nn.utils.clip_grad_norm_(expected.parameters(), 0.1)
            optimizer.step()
            schedule.step()
    for ours, theirs in zip(training.model.parameters(), expected.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs)


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(optimizer="sgd", learning_rate=0.1, n_neurons=10, batch_size=100),
        Recipe(cell="gru", num_layers=2, n_neurons=6, batch_size=100),
        Recipe(cell="lstm", num_layers=3, n_neurons=6, batch_size=100),
    ],
    ids=lambda recipe: f"{recipe.optimizer}-{recipe.cell}",
)
def test_other_optimisers_cells_and_layers_are_plain_pytorch(digits, recipe):
    """One epoch against torch.optim and torch.nn themselves."""
    training = Training(dataclasses.replace(recipe, epochs=1), digits)
    start = build(recipe)
    kind = {"rnn_tanh": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[recipe.cell]
    cell = kind(28, recipe.n_neurons, recipe.num_layers)
    cell.load_state_dict(start.basic_rnn.state_dict())
    last = nn.Linear(recipe.n_neurons, 10)
    last.load_state_dict(start.FC.state_dict())
    parameters = [*cell.parameters(), *last.parameters()]
    optimizer = (
        torch.optim.SGD(parameters, lr=0.1, momentum=0.9)
        if recipe.optimizer == "sgd"
        else torch.optim.Adam(parameters, lr=1e-3)
    )
    for _ in training.events():
        pass
    for index in np.split(np.random.default_rng(0).permutation(1_000), 10):
        X = torch.from_numpy(as_float(digits.images[index])).permute(1, 0, 2)
        optimizer.zero_grad()
        target = torch.from_numpy(digits.labels[index]).long()
        nn.functional.cross_entropy(last(cell(X)[0][-1]), target).backward()
        optimizer.step()
    for ours, theirs in zip(training.model.parameters(), parameters, strict=True):
        torch.testing.assert_close(ours, theirs)


@pytest.mark.process
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_training_needs_no_compiler(optimizer):
    """`torch.optim.Optimizer` would import PyTorch's compiler: a second, and 150 MB."""
    code = (
        "import sys; from rnn_demo.data import handwriting;"
        "from rnn_demo.data.digits import Digits;"
        "from rnn_demo.training.loop import Training; from rnn_demo.training.recipe import Recipe;"
        "digits = Digits(*handwriting.generate(64, seed=1), 'synthetic');"
        f"recipe = Recipe(optimizer={optimizer!r}, clip_norm=1.0, augmentation=0.5);"
        "next(Training(recipe, digits).events()); print('torch._dynamo' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_non_digits_have_a_uniform_target(digits):
    """Cross-entropy with one-hot rows for digits and uniform rows for non-digits."""
    labels = digits.labels.copy()
    labels[::3] = NO_DIGIT
    mixed = Digits(digits.images, labels, "synthetic")
    recipe = Recipe(n_neurons=10, batch_size=1_000)
    training = Training(recipe, mixed)
    logits = training.model(torch.from_numpy(as_float(digits.images))).detach()
    target = nn.functional.one_hot(torch.from_numpy(labels).long(), 11)[:, :10].float()
    target[::3] = 0.1
    done = next(training.events())
    assert done.loss == pytest.approx(float(nn.functional.cross_entropy(logits, target)), rel=1e-5)
    assert done.digits == (labels != NO_DIGIT).sum()
    assert done.right == (logits.argmax(1).numpy() == labels).sum()


def test_building_leaves_torchs_own_generator_alone():
    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)
    build(Recipe(n_neurons=5))
    assert torch.equal(torch.rand(3), expected)


def test_accuracy_counts_every_image(test_digits):
    model = build(Recipe(n_neurons=10))
    logits = model(torch.from_numpy(as_float(test_digits.images)))
    right = (logits.argmax(1).numpy() == test_digits.labels).mean()
    assert accuracy(model, test_digits) == pytest.approx(100 * right)


@pytest.mark.parametrize(
    ("cell", "optimizer", "learning_rate"),
    [
        ("rnn_relu", "adam", 0.003),
        ("gru", "adam", 0.003),
        ("lstm", "adam", 0.003),
        ("gru", "sgd", 0.1),
    ],
)
def test_every_cell_and_optimiser_learns(digits, cell, optimizer, learning_rate):
    recipe = Recipe(
        cell=cell,
        optimizer=optimizer,
        learning_rate=learning_rate,
        n_neurons=16,
        batch_size=32,
        epochs=6,
    )
    events = list(Training(recipe, digits).events())
    assert events[-1].accuracy > 25  # guessing gets 10; measured 38 to 48


def test_a_loss_that_diverges_ends_in_one_error(digits):
    recipe = Recipe(cell="rnn_relu", learning_rate=10.0)
    with pytest.raises(DivergedError) as error:
        list(Training(recipe, digits).events())
    assert error.value.message.code == "training.diverged"


def assert_same_network(one: Training, other: Training) -> None:
    for first, second in zip(one.model.parameters(), other.model.parameters(), strict=True):
        assert torch.equal(first, second)


# Pause and resume

# Everything with a state: augmentation, momentum, a schedule, a last batch of another size.
DEMANDING = Recipe(
    n_neurons=10,
    batch_size=128,
    epochs=3,
    schedule="one_cycle",
    clip_norm=0.5,
    augmentation=0.5,
    learning_rate=0.01,
)


def run_to(training: Training, step: int) -> None:
    """Train until so many steps are done."""
    for _ in training.events():
        if training.step == step:
            return


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
@pytest.mark.parametrize("cell", ["rnn_tanh", "lstm"])
@pytest.mark.parametrize("paused_at", [1, 8, 13])  # eight batches an epoch
def test_a_resumed_training_is_the_same_as_one_without_a_pause(digits, optimizer, cell, paused_at):
    recipe = dataclasses.replace(DEMANDING, batch_size=32, optimizer=optimizer, cell=cell)
    few = digits.part(0, 250)
    whole = Training(recipe, few)
    events = list(whole.events())
    first = Training(recipe, few)
    before = []
    for event in first.events():
        before.append(event)
        if first.step == paused_at:
            break
    state = {name: value.clone() for name, value in first.state().items()}
    second = Training(recipe, few)
    second.restore(state)
    assert before + list(second.events()) == events
    assert_same_network(second, whole)


def test_an_epoch_is_reported_once(digits):
    """The pause lies between the end of an epoch and the first batch of the next."""
    first = Training(DEMANDING, digits)
    next(event for event in first.events() if isinstance(event, EpochDone))
    second = Training(DEMANDING, digits)
    second.restore(first.state())
    assert isinstance(next(second.events()), BatchDone)


def test_changes_of_the_learning_rate_are_replayed(digits):
    whole = Training(DEMANDING, digits)
    events = whole.events()
    seen_rates = []
    for event in events:
        if isinstance(event, BatchDone):
            seen_rates.append(event.learning_rate)
        if whole.step == 5 and isinstance(event, BatchDone):
            whole.change_learning_rate(0.02)
        if whole.step == 20 and isinstance(event, BatchDone):
            whole.change_learning_rate(0.005)
    factors = [1.0] * 5 + [2.0] * 15 + [0.5] * 4
    expected = [rates(DEMANDING, step, 24)[0] * factor for step, factor in enumerate(factors)]
    assert seen_rates == pytest.approx(expected)

    again = Training(DEMANDING, digits, whole.changes)
    run_to(again, 12)
    resumed = Training(DEMANDING, digits, whole.changes)
    resumed.restore(again.state())
    run_to(resumed, 24)
    assert_same_network(resumed, whole)


def test_the_latest_choice_of_the_learning_rate_holds(digits):
    """The earlier choice was for a later step, before the worker was killed."""
    training = Training(DEMANDING, digits)
    run_to(training, 5)
    training.change_learning_rate(0.02)
    back = Training(DEMANDING, digits, training.changes)
    run_to(back, 3)
    back.change_learning_rate(0.005)
    seen = [event.learning_rate for event in back.events() if isinstance(event, BatchDone)]
    assert seen[0] == pytest.approx(0.5 * rates(DEMANDING, 3, 24)[0])
    assert seen[6] == pytest.approx(0.5 * rates(DEMANDING, 9, 24)[0])


@pytest.mark.parametrize("value", [0.0, -1.0, 11.0, float("nan"), float("inf")])
def test_a_learning_rate_out_of_range_changes_nothing(digits, value):
    training = Training(DEMANDING, digits)
    with pytest.raises(InputError) as error:
        training.change_learning_rate(value)
    assert error.value.message.code == "training.out_of_range"
    assert training.changes == []


def test_the_state_of_another_training_is_refused(digits):
    state = Training(DEMANDING, digits).state()
    other = Training(dataclasses.replace(DEMANDING, n_neurons=11), digits)
    for foreign in (state, {}):
        with pytest.raises(InputError) as error:
            other.restore(foreign)
        assert error.value.message.code == "training.other_training"


# Schedules, data and devices


@pytest.mark.parametrize("total", [1, 2, 3, 4, 10, 101])
def test_one_cycle_is_pytorchs(total):
    recipe = Recipe(schedule="one_cycle", learning_rate=0.02)
    weights = [nn.Parameter(torch.zeros(1))]
    optimizer = torch.optim.Adam(weights, lr=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.02, total_steps=total)
    for step in range(total):
        group = optimizer.param_groups[0]
        assert rates(recipe, step, total) == pytest.approx((group["lr"], group["betas"][0]))
        optimizer.step()
        if step + 1 < total:
            schedule.step()


def test_a_fraction_of_the_data_is_its_first_images(without_mnist):
    recipe = Recipe(data="synthetic", validation=1_000)
    whole = data.load(recipe).train
    few = data.load(dataclasses.replace(recipe, fraction=0.25)).train
    assert len(few) == -(-len(whole) // 4)
    assert np.array_equal(few.images, whole.images[: len(few)])


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("quantum", "must be one of auto, cpu, cuda, mps"), ("mps", "does not have")],
)
def test_a_device_that_is_not_there_gets_one_clear_sentence(monkeypatch, name, sentence):
    monkeypatch.setenv("RNN_DEMO_DEVICE", name)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with pytest.raises(ValueError, match=sentence):
        device()


@pytest.mark.parametrize(
    ("cuda", "mps", "chosen"),
    [(True, True, "cuda"), (False, True, "mps"), (False, False, "cpu")],
)
def test_the_fastest_device_there_is_used(monkeypatch, cuda, mps, chosen):
    monkeypatch.delenv("RNN_DEMO_DEVICE")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    tried, _ = unusable() or (device().type, "")
    assert tried == chosen


@pytest.mark.parametrize("kind", ["cuda", "mps"])
@pytest.mark.parametrize("setting", ["auto", None])
def test_a_card_that_pytorch_sees_but_cannot_use_leaves_the_training_to_the_cpu(
    monkeypatch, digits, kind, setting
):
    """Here PyTorch is made to see a card that is not there at all."""
    other = {"cuda": torch.backends.mps, "mps": torch.cuda}[kind]
    seen = {"cuda": torch.cuda, "mps": torch.backends.mps}[kind]
    if seen.is_available():
        pytest.skip(f"this machine has {kind}")
    monkeypatch.setattr(seen, "is_available", lambda: True)
    monkeypatch.setattr(other, "is_available", lambda: False)
    monkeypatch.setenv("RNN_DEMO_DEVICE", setting or kind)
    before = torch.get_rng_state()
    *_, end = Training(Recipe(n_neurons=4, epochs=1, batch_size=500), digits).events()
    assert isinstance(end, EpochDone)
    assert device().type == "cpu"
    found, reason = unusable()
    assert found == kind
    assert reason
    assert "\n" not in reason
    assert torch.equal(torch.get_rng_state(), before)


def test_the_tutorials_formula_is_not_applied_to_non_digits(digits):
    """It divides right answers by all images, and a non-digit has no right answer."""
    labels = digits.labels.copy()
    labels[::10] = NO_DIGIT
    mixed = Digits(digits.images, labels, "synthetic")
    training = Training(Recipe(n_neurons=4, epochs=1, batch_size=50), mixed)
    *_, end = training.events()
    assert isinstance(end, EpochDone)
    assert (end.tutorial_loss, end.tutorial_accuracy) == (None, None)
