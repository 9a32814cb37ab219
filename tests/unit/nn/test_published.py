import numpy as np
import pytest
import torch

from rnn_demo import BasicRNN
from rnn_demo.nn import published


def test_the_published_weights_are_not_parameters_but_give_the_same_output():
    torch.manual_seed(4)
    original = published.TutorialBasicRNN(3, 5)
    torch.manual_seed(4)
    fixed = BasicRNN(3, 5)
    X0, X1 = torch.randn(2, 4, 3)
    assert list(original.parameters()) == []
    assert original.state_dict() == {}
    for theirs, ours in zip(original(X0, X1), fixed(X0, X1), strict=True):
        torch.testing.assert_close(theirs, ours.detach())


def test_the_published_clean_basic_rnn_keeps_its_state_for_the_next_call():
    model = published.TutorialCleanBasicRNN(4, 3, 5)
    X = torch.randn(2, 4, 3)
    first = model(X)[1]
    first.sum().backward()
    second = model(X)[1]
    assert not torch.allclose(first, second)
    with pytest.raises(RuntimeError, match="second time"):
        second.sum().backward()


def test_the_tutorials_accuracy_is_that_of_its_loop():
    # The tutorial's arithmetic, batch by batch: 9,568 right of 10,000 in batches of 64.
    right = np.zeros(10_000)
    right[:9_568] = 1
    total = sum(100.0 * right[i : i + 64].sum() / 64 for i in range(0, 10_000, 64))
    assert published.tutorial_accuracy(9_568, 157, 64) == pytest.approx(total / 156)
    assert round(published.tutorial_accuracy(9_568, 157, 64), 2) == published.TUTORIAL_TEST_ACCURACY
    assert round(published.tutorial_accuracy(10_000, 157, 64), 2) == 100.16
    assert published.EXACT_TEST_ACCURACY == 95.68
    with pytest.raises(ValueError, match="at least 2 batches"):
        published.tutorial_accuracy(64, 1, 64)


def test_the_published_figures_are_those_of_the_tutorials_page():
    """Typed from the tutorial's page a second time."""
    losses = "0.7489 0.3113 0.2325 0.1957 0.1706 0.1564 0.1471 0.1329 0.1283 0.1196"
    accuracies = "75.88 91.05 93.33 94.53 95.21 95.58 95.91 96.14 96.42 96.65"
    assert [f"{loss:.4f}" for loss in published.TUTORIAL_LOSS] == losses.split()
    assert [f"{right:.2f}" for right in published.TUTORIAL_TRAIN_ACCURACY] == accuracies.split()
    assert published.TUTORIAL_TEST_ACCURACY == 95.83


def test_the_tutorials_loss_is_divided_by_the_index_of_the_last_batch():
    assert published.tutorial_loss(sum([0.5, 0.25, 0.75]), 3) == pytest.approx(1.5 / 2)
    with pytest.raises(ValueError, match="at least 2 batches"):
        published.tutorial_loss(0.5, 1)
