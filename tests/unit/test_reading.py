import numpy as np
import pytest
import torch

from rnn_demo import ImageRNN
from rnn_demo.reading import read

IMAGE = torch.rand(28, 28, generator=torch.Generator().manual_seed(3))


@pytest.mark.parametrize("num_layers", [1, 2])
@pytest.mark.parametrize("cell", ["rnn_tanh", "rnn_relu", "gru", "lstm"])
def test_the_state_after_a_row_is_the_network_fed_that_far(cell, num_layers):
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


def test_reading_changes_nothing_in_the_model_and_takes_numpy():
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
def test_bad_input_gets_one_clear_sentence(image, error, sentence):
    with pytest.raises(error, match=sentence):
        read(ImageRNN(64, 28, 28, 15, 10), image)
