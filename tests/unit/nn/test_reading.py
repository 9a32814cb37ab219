import numpy as np
import pytest
import torch

from rnn_demo import ImageRNN
from rnn_demo.nn.answer import percent
from rnn_demo.nn.reading import Reading, read, worst_mistakes

IMAGE = torch.rand(28, 28, generator=torch.Generator().manual_seed(3))


@pytest.mark.parametrize("num_layers", [1, 2])
@pytest.mark.parametrize("cell", ["rnn_tanh", "rnn_relu", "gru", "lstm"])
def test_the_state_after_a_row_is_that_of_the_network_after_these_rows(cell, num_layers):
    model = ImageRNN(64, 28, 28, 15, 10, cell=cell, num_layers=num_layers)
    reading = read(model, IMAGE)
    assert reading.hidden.shape == (28, 15)
    for row in (0, 13, 27):
        _, state = model.basic_rnn(IMAGE[: row + 1, None])
        h = state[0] if cell == "lstm" else state
        torch.testing.assert_close(reading.hidden[row], h[-1, 0].detach())
        torch.testing.assert_close(reading.logits[row], model.FC(h[-1, 0]).detach())
    torch.testing.assert_close(reading.logits[-1], model(IMAGE[None])[0].detach())
    assert reading.prediction == int(model(IMAGE[None]).argmax())


def test_probabilities_are_the_softmax_after_every_row():
    reading = read(ImageRNN(64, 28, 28, 15, 10), IMAGE)
    exp = np.exp(reading.logits.numpy().astype(np.float64))
    np.testing.assert_allclose(
        reading.probabilities, exp / exp.sum(axis=1, keepdims=True), atol=1e-6
    )


@pytest.mark.parametrize("cell", ["rnn_tanh", "lstm"])
def test_contributions_and_bias_add_up_to_the_logit(cell):
    model = ImageRNN(64, 28, 28, 15, 10, cell=cell)
    reading = read(model, IMAGE)
    total = reading.contributions.sum() + model.FC.bias[reading.prediction]
    torch.testing.assert_close(total.detach(), reading.logits[-1].max())


def test_reading_does_not_change_the_model_and_accepts_numpy():
    model = ImageRNN(64, 28, 28, 15, 10)
    hidden, training = model.hidden, model.training
    reading = read(model, IMAGE.numpy())
    assert model.hidden is hidden
    assert model.batch_size == 64
    assert model.training == training
    assert not reading.hidden.requires_grad


@pytest.mark.parametrize(
    ("image", "error", "sentence"),
    [
        (np.zeros((28, 27), np.float32), ValueError, r"\(28, 28\), not \(28, 27\)"),
        (np.full((28, 28), np.nan, np.float32), ValueError, "image holds NaN"),
        (np.zeros((28, 28), np.uint8), TypeError, "image must hold floats"),
    ],
)
def test_invalid_input_raises_a_clear_error(image, error, sentence):
    with pytest.raises(error, match=sentence):
        read(ImageRNN(64, 28, 28, 15, 10), image)


def reading(*rows: tuple[float, ...]) -> Reading:
    """A reading with the given probabilities of the digits 0, 1, 2 after each row."""
    probabilities = torch.zeros(len(rows), 10)
    probabilities[:, :3] = torch.tensor(rows)
    prediction = int(probabilities[-1].argmax())
    unused = torch.zeros(1)
    return Reading(unused, unused, probabilities, prediction, unused, blank=False)


def test_the_rows_where_it_settled_and_became_confident():
    result = reading((0.5, 0.4, 0.1), (0.2, 0.8, 0), (0.6, 0.4, 0), (0.1, 0.9, 0), (0.01, 0.99, 0))
    answer = result.answer
    assert (answer.prediction, answer.settled_at, answer.confident_from) == (1, 3, 3)
    assert answer.confidence == pytest.approx(0.99)
    assert answer.looks_like_a_digit


def test_it_may_never_become_confident():
    answer = reading((0.1, 0.9, 0), (0.25, 0.75, 0)).answer
    assert (answer.settled_at, answer.confident_from) == (0, None)
    assert answer.percent == 75


@pytest.mark.parametrize(("probability", "shown"), [(0.0, 0), (0.829, 82), (0.9999, 99), (1.0, 99)])
def test_percent_are_rounded_down_and_nothing_is_certain(probability, shown):
    """B15: a softmax of a large logit is exactly 1, which was shown as 100 %."""
    assert percent(probability) == shown


def test_an_improbable_best_guess_does_not_look_like_a_digit():
    answer = reading((0, 0.9, 0), (0.4, 0.35, 0.25)).answer
    assert answer.prediction == 0
    assert not answer.looks_like_a_digit


def test_a_blank_image_does_not_look_like_a_digit():
    blank = read(ImageRNN(64, 28, 28, 15, 10), torch.zeros(28, 28))
    assert blank.answer.blank
    assert not blank.answer.looks_like_a_digit


def test_the_most_confident_mistake_comes_first():
    logits = torch.tensor([[2.0, 0, 0], [0, 5, 0], [0, 3, 0], [0, 0, 9]])
    labels = np.array([0, 2, 0, 2], np.uint8)
    np.testing.assert_array_equal(worst_mistakes(logits, labels), [1, 2])
    assert worst_mistakes(logits, np.array([0, 1, 1, 2], np.uint8)).size == 0
