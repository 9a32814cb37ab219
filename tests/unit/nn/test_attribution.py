import numpy as np
import pytest
import torch

from rnn_demo import ImageRNN, load_pretrained
from rnn_demo.app.draw import figures
from rnn_demo.app.theme import LIGHT
from rnn_demo.data import handwriting
from rnn_demo.data.digits import as_float
from rnn_demo.nn import attribution
from rnn_demo.nn.reading import read

IMAGES = torch.from_numpy(as_float(handwriting.generate(20, seed=9)[0]))
CELLS = ["rnn_tanh", "rnn_relu", "gru", "lstm"]


@pytest.fixture(params=CELLS)
def model(request) -> ImageRNN:
    torch.manual_seed(0)
    return ImageRNN(1, 28, 28, 15, 10, cell=request.param)


@pytest.mark.parametrize("height", [1, 5, 28])
def test_occlusion_is_reading_the_erased_image(model, height):
    probabilities = attribution.occlusion(model, IMAGES[0], height)
    answer = read(model, IMAGES[0]).prediction
    assert probabilities.shape == (29 - height,)
    for first in {0, (28 - height) // 2, 28 - height}:
        erased = IMAGES[0].clone()
        erased[first : first + height] = 0
        expected = model(erased[None]).softmax(1)[0, answer]
        torch.testing.assert_close(probabilities[first], expected.detach())


def test_only_an_erased_row_with_ink_changes_the_probability():
    probabilities = attribution.occlusion(load_pretrained(), IMAGES[0], 1)
    whole = read(load_pretrained(), IMAGES[0]).answer.confidence
    assert probabilities[0] == pytest.approx(whole, abs=1e-6)
    assert (probabilities - whole).abs().max() > 0.001


def test_the_gradient_is_the_slope_of_the_winning_logit(model):
    model.double()
    image = IMAGES[0].double()
    slope = attribution.gradient(model, image)
    answer = read(model, image).prediction
    for row, column in ((10, 14), (20, 7), (27, 27)):
        step = torch.zeros(28, 28, dtype=torch.float64)
        step[row, column] = 1e-5
        ahead, behind = (model((image + sign * step)[None])[0, answer] for sign in (1, -1))
        change = (ahead - behind).detach() / 2e-5
        assert float(slope[row, column]) == pytest.approx(float(change), rel=1e-4)


def test_the_gradient_is_shown_on_each_pixel_and_on_each_row():
    slope = attribution.gradient(load_pretrained(), IMAGES[0])
    pixels, rows = figures.gradient(slope.numpy(), LIGHT).data
    np.testing.assert_allclose(pixels.z, slope, atol=1e-6)
    np.testing.assert_allclose(rows.x, slope.square().sum(dim=1).sqrt(), atol=1e-6)


def test_a_transplanted_state_is_carried_over(model):
    reading = attribution.transplant(model, IMAGES[0], IMAGES[1], n_rows=12)
    _, state = model.basic_rnn(IMAGES[0][:12, None])
    output, _ = model.basic_rnn(IMAGES[1][12:, None], state)
    torch.testing.assert_close(reading.hidden[12:], output[:, 0].detach())
    whole = attribution.transplant(model, IMAGES[0], IMAGES[1], n_rows=28)
    torch.testing.assert_close(whole.logits, read(model, IMAGES[0]).logits)


def test_rows_in_another_order():
    backwards = attribution.reordered(IMAGES[0], range(27, -1, -1))
    np.testing.assert_array_equal(backwards, IMAGES[0].numpy()[::-1])


def test_the_model_is_not_changed(model):
    hidden = model.hidden
    attribution.occlusion(model, IMAGES[0], 3)
    attribution.gradient(model, IMAGES[0])
    assert model.hidden is hidden
    assert all(parameter.grad is None for parameter in model.parameters())


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda m: attribution.occlusion(m, IMAGES[0], 0), "height must be between 1 and 28"),
        (lambda m: attribution.occlusion(m, IMAGES[0][:5], 1), "image must have the shape"),
        (lambda m: attribution.gradient(m, IMAGES[0] * torch.nan), "image holds NaN"),
        (lambda _: attribution.reordered(IMAGES[0], [0] * 28), "each of 0 to 27 once"),
        (
            lambda m: attribution.transplant(m, IMAGES[0], IMAGES[1], 29),
            "n_rows must be between 1 and 28",
        ),
    ],
)
def test_invalid_input_raises_a_clear_error(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call(ImageRNN(1, 28, 28, 5, 10))
