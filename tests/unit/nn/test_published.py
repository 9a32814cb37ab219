import numpy as np
import pytest
import torch

from rnn_demo import BasicRNN
from rnn_demo.nn import published


def test_published_weights_are_no_parameters_but_compute_the_same():
    torch.manual_seed(4)
    original = published.TutorialBasicRNN(3, 5)
    torch.manual_seed(4)
    mended = BasicRNN(3, 5)
    X0, X1 = torch.randn(2, 4, 3)
    assert list(original.parameters()) == []
    assert original.state_dict() == {}
    for theirs, ours in zip(original(X0, X1), mended(X0, X1), strict=True):
        torch.testing.assert_close(theirs, ours.detach())


def test_published_clean_basic_rnn_leaks_its_state():
    model = published.TutorialCleanBasicRNN(4, 3, 5)
    X = torch.randn(2, 4, 3)
    first = model(X)[1]
    first.sum().backward()
    second = model(X)[1]
    assert not torch.allclose(first, second)
    with pytest.raises(RuntimeError, match="second time"):
        second.sum().backward()


def test_published_accuracy_is_the_tutorials_loop():
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


def test_what_was_printed_is_what_is_drawn():
    """All of it, typed from the tutorial's page a second time."""
    losses = "0.7489 0.3113 0.2325 0.1957 0.1706 0.1564 0.1471 0.1329 0.1283 0.1196"
    accuracies = "75.88 91.05 93.33 94.53 95.21 95.58 95.91 96.14 96.42 96.65"
    assert [f"{loss:.4f}" for loss in published.TUTORIAL_LOSS] == losses.split()
    assert [f"{right:.2f}" for right in published.TUTORIAL_TRAIN_ACCURACY] == accuracies.split()
    assert published.TUTORIAL_TEST_ACCURACY == 95.83


def test_published_loss_is_divided_by_the_index_of_the_last_batch():
    assert published.tutorial_loss(sum([0.5, 0.25, 0.75]), 3) == pytest.approx(1.5 / 2)
    with pytest.raises(ValueError, match="at least 2 batches"):
        published.tutorial_loss(0.5, 1)


def test_the_difference_the_page_shows():
    as_published, mended = published.leak(torch.randn(2, 4, 3), 5, seed=1)
    assert as_published > 0.01
    assert mended == 0


@pytest.mark.parametrize("n_steps", [1, 2, 5])
def test_the_findings_show_each_error_and_its_mending(n_steps):
    X = torch.randn(n_steps, 4, 3)
    found = [finding.value for finding in published.findings(X, 5, 7, published=True)]
    mended = [finding.value for finding in published.findings(X, 5, 7, published=False)]
    assert found[0] == "0"
    assert mended[0] == "3"
    assert float(found[1]) > 0.01
    assert float(mended[1]) == 0
    assert found[2] == "RuntimeError"
    assert mended[2] == "works"
    assert float(found[3]) > 0.01
    assert float(mended[3]) == 0
    assert float(found[4]) > 5
    assert mended[4] == "1.0000"
    assert found[5:] == ["1-10"]
    assert mended[5:] == ["0-9"]
