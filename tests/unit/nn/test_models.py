import copy

import numpy as np
import pytest
import torch
from torch import nn

from rnn_demo import BasicRNN, CleanBasicRNN, ImageRNN, SingleRNN, get_accuracy

X0_SINGLE = torch.tensor([[0, 1, 2, 0], [3, 4, 5, 0], [6, 7, 8, 0], [9, 0, 1, 0]]).float()
X1_SINGLE = torch.tensor([[9, 8, 7, 0], [0, 0, 0, 0], [6, 5, 4, 0], [3, 2, 1, 0]]).float()
X0 = torch.tensor([[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 0, 1]]).float()
X1 = torch.tensor([[9, 8, 7], [0, 0, 0], [6, 5, 4], [3, 2, 1]]).float()


@pytest.mark.parametrize(
    ("model", "inputs"),
    [(SingleRNN(4, 1), (X0_SINGLE, X1_SINGLE)), (BasicRNN(3, 5), (X0, X1))],
    ids=["SingleRNN", "BasicRNN"],
)
def test_two_steps_equal_numpy(model, inputs):
    Y0, Y1 = model(*inputs)
    Wx, Wy, b = (p.detach().numpy().astype(np.float64) for p in (model.Wx, model.Wy, model.b))
    expected0 = np.tanh(inputs[0].numpy() @ Wx + b)
    expected1 = np.tanh(expected0 @ Wy + inputs[1].numpy() @ Wx + b)
    np.testing.assert_allclose(Y0.detach(), expected0, atol=1e-5)
    np.testing.assert_allclose(Y1.detach(), expected1, atol=1e-5)
    assert model.Y0 is Y0
    assert model.Y1 is Y1


def test_weights_are_parameters_with_the_tutorials_values():
    torch.manual_seed(7)
    model = BasicRNN(3, 5)
    torch.manual_seed(7)
    Wx, Wy = torch.randn(3, 5), torch.randn(5, 5)
    assert torch.equal(model.Wx, Wx)
    assert torch.equal(model.Wy, Wy)
    assert torch.equal(model.b, torch.zeros(1, 5))
    assert [name for name, _ in model.named_parameters()] == ["Wx", "Wy", "b"]


def test_a_basic_rnn_can_learn():
    torch.manual_seed(0)
    model = BasicRNN(3, 5)
    target = torch.rand(4, 5) - 0.5
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    for _ in range(300):
        loss = nn.functional.mse_loss(model(X0 / 9, X1 / 9)[1], target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 1e-3


def test_clean_basic_rnn_equals_the_cell_in_a_loop_and_keeps_hx():
    model = CleanBasicRNN(4, 3, 5)
    X = torch.randn(7, 4, 3)
    before = model.hx.clone()
    outputs, state = model(X)
    hx = before
    for t in range(7):
        hx = model.rnn(X[t], hx)
        torch.testing.assert_close(outputs[t], hx)
    assert state is outputs[-1]
    assert torch.equal(model.hx, before)
    torch.testing.assert_close(model(X)[1], state)  # the same input gives the same output
    model(X)[1].sum().backward()
    model(X)[1].sum().backward()  # a second backward pass works


@pytest.mark.parametrize("num_layers", [1, 2])
@pytest.mark.parametrize(
    ("cell", "layer_type"),
    [("rnn_tanh", nn.RNN), ("rnn_relu", nn.RNN), ("gru", nn.GRU), ("lstm", nn.LSTM)],
)
def test_image_rnn_equals_the_torch_module_and_a_linear_layer(cell, layer_type, num_layers):
    model = ImageRNN(64, 28, 28, 15, 10, cell=cell, num_layers=num_layers)
    assert isinstance(model.basic_rnn, layer_type)
    for batch in (64, 3, 1):
        X = torch.rand(batch, 28, 28)
        logits = model(X)
        output, state = model.basic_rnn(X.transpose(0, 1))
        torch.testing.assert_close(logits, model.FC(output[-1]))
        assert logits.shape == (batch, 10)
        assert model.batch_size == batch
        torch.testing.assert_close(model.hidden, state)


def test_the_tutorials_image_rnn_equals_numpy():
    model = ImageRNN(64, 28, 28, 150, 10)
    X = torch.rand(5, 28, 28)
    p = {name: value.numpy().astype(np.float64) for name, value in model.state_dict().items()}
    h = np.zeros((5, 150))
    for t in range(28):
        h = np.tanh(
            X[:, t].numpy() @ p["basic_rnn.weight_ih_l0"].T
            + p["basic_rnn.bias_ih_l0"]
            + h @ p["basic_rnn.weight_hh_l0"].T
            + p["basic_rnn.bias_hh_l0"]
        )
    expected = h @ p["FC.weight"].T + p["FC.bias"]
    np.testing.assert_allclose(model(X).detach(), expected, atol=1e-5)


def test_the_hidden_state_can_be_set_as_in_the_tutorial():
    model = ImageRNN(64, 28, 28, 150, 10)
    assert model.init_hidden().shape == (1, 64, 150)
    model.hidden = model.init_hidden()
    assert model(torch.rand(2, 28, 28)).shape == (2, 10)
    h, c = ImageRNN(8, 28, 28, 15, 10, cell="lstm", num_layers=2).init_hidden()
    assert h.shape == c.shape == (2, 8, 15)


def test_states_have_the_type_and_device_of_the_input():
    X = torch.randn(2, 4, 3).double()
    assert CleanBasicRNN(4, 3, 5).double()(X)[1].dtype == torch.float64
    meta = ImageRNN(64, 28, 28, 15, 10).to("meta")
    assert meta(torch.empty(2, 28, 28, device="meta")).device.type == "meta"
    clean = CleanBasicRNN(4, 3, 5)
    clean.rnn.to("meta")  # hx stays on the CPU
    assert clean(torch.empty(2, 4, 3, device="meta"))[1].device.type == "meta"


@pytest.mark.parametrize("cell", ["rnn_tanh", "lstm"])
def test_a_model_can_be_copied_before_its_first_call(cell):
    model = ImageRNN(64, 28, 28, 15, 10, cell=cell)
    X = torch.rand(2, 28, 28)
    torch.testing.assert_close(copy.deepcopy(model)(X), model(X))


def test_get_accuracy_is_a_percentage_of_the_batch_size():
    logit = torch.tensor([[2.0, 1.0], [0.0, 1.0], [5.0, 1.0], [0.0, 9.0]])
    target = torch.tensor([0, 1, 1, 1])
    assert get_accuracy(logit, target, 4) == 75.0
    assert get_accuracy(logit, target, 8) == 37.5
    assert isinstance(get_accuracy(logit, target, 4), float)


BAD_CALLS = {
    "zero neurons": (lambda: BasicRNN(3, 0), ValueError, "n_neurons must be at least 1, not 0"),
    "text for a size": (lambda: SingleRNN("4", 1), TypeError, "n_inputs must be a whole number"),
    "a fraction": (lambda: CleanBasicRNN(4, 3, 2.5), TypeError, "n_neurons must be a whole"),
    "no layers": (
        lambda: ImageRNN(64, 28, 28, 150, 10, num_layers=0),
        ValueError,
        "num_layers must be at least 1",
    ),
    "an unknown cell": (
        lambda: ImageRNN(64, 28, 28, 150, 10, cell="transformer"),
        ValueError,
        "cell must be one of rnn_tanh, rnn_relu, gru, lstm",
    ),
    "wrong width": (
        lambda: BasicRNN(3, 5)(X0_SINGLE, X1_SINGLE),
        ValueError,
        r"X0 must have the shape \(batch, 3\), not \(4, 4\)",
    ),
    "different batch sizes": (
        lambda: BasicRNN(3, 5)(X0, X1[:2]),
        ValueError,
        "X0 has 4 examples and X1 has 2",
    ),
    "an empty batch": (lambda: BasicRNN(3, 5)(X0[:0], X1[:0]), ValueError, "X0 must have"),
    "NaN": (lambda: BasicRNN(3, 5)(X0 * torch.nan, X1), ValueError, "X0 holds NaN or infinite"),
    "infinity": (lambda: BasicRNN(3, 5)(X0, X1 + torch.inf), ValueError, "X1 holds NaN"),
    "whole numbers": (lambda: BasicRNN(3, 5)(X0.long(), X1), TypeError, "X0 must hold floats"),
    "a list": (lambda: BasicRNN(3, 5)([[1, 2, 3]], X1), TypeError, "X0 must be a torch.Tensor"),
    "another batch size than hx": (
        lambda: CleanBasicRNN(4, 3, 5)(torch.zeros(2, 3, 3)),
        ValueError,
        "X has 3 examples and hx has 4",
    ),
    "no steps": (lambda: CleanBasicRNN(4, 3, 5)(torch.zeros(0, 4, 3)), ValueError, "n_steps"),
    "an image with a channel": (
        lambda: ImageRNN(64, 28, 28, 150, 10)(torch.zeros(64, 1, 28, 28)),
        ValueError,
        r"\(batch, 28, 28\), not \(64, 1, 28, 28\)",
    ),
    "targets of another size": (
        lambda: get_accuracy(torch.zeros(4, 10), torch.zeros(3), 4),
        ValueError,
        r"\(4, 10\) and \(3,\)",
    ),
    "an empty accuracy": (
        lambda: get_accuracy(torch.zeros(4, 10), torch.zeros(4), 0),
        ValueError,
        "batch_size must be at least 1",
    ),
}


@pytest.mark.parametrize("case", BAD_CALLS)
def test_bad_input_is_refused_with_one_sentence(case):
    call, error, sentence = BAD_CALLS[case]
    with pytest.raises(error, match=sentence) as caught:
        call()
    assert "\n" not in str(caught.value)
