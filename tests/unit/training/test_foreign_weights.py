"""Uploaded networks whose layers have other names than ours, as in other tutorials."""

import pytest
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel

from rnn_demo.data import handwriting
from rnn_demo.data.digits import as_float
from rnn_demo.messages import InputError
from rnn_demo.training.foreign_weights import PLAIN_CELLS, weights_of
from rnn_demo.training.scaling import Interpretation, network
from rnn_demo.training.upload import MAX_UPLOAD_BYTES

IMAGES = torch.from_numpy(as_float(handwriting.generate(6, seed=4)[0]))


class Tutorial(nn.Module):
    """A network as tutorials write it: any names, batch first, the state after the last row."""

    def __init__(self, recurrent: nn.Module, names: tuple[str, str], output: nn.Module) -> None:
        super().__init__()
        self.names = names
        setattr(self, names[0], recurrent)
        setattr(self, names[1], output)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        states, _ = getattr(self, self.names[0])(images)
        return getattr(self, self.names[1])(states[:, -1])


class Cells(nn.Module):
    """A loop over the rows with one cell on top of another."""

    def __init__(self, *cells: nn.RNNCellBase) -> None:
        super().__init__()
        self.cells = nn.ModuleList(cells)
        self.readout = nn.Linear(cells[-1].hidden_size, 10)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        states = [None] * len(self.cells)
        for x in images.unbind(1):
            for i, cell in enumerate(self.cells):
                states[i] = cell(x, states[i])
                x = states[i][0] if isinstance(states[i], tuple) else states[i]
        return self.readout(x)


class Stacked(nn.Module):
    """Two modules, whose names are not in the order in which they read."""

    def __init__(self) -> None:
        super().__init__()
        self.upper = nn.GRU(12, 12, batch_first=True)
        self.words = nn.GRU(28, 12, 2, batch_first=True)
        self.head = nn.Sequential(nn.Dropout(0.5), nn.Linear(12, 10), nn.LogSoftmax(dim=1))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        states, _ = self.upper(self.words(images)[0])
        return self.head(states[:, -1])


class ByHand(nn.Module):
    """The cell of "NLP From Scratch" and of many others: `nn.Linear` for pixels and state."""

    def __init__(self, n: int = 12, *, joined: bool) -> None:
        super().__init__()
        self.n, self.joined = n, joined
        self.i2h = nn.Linear(28 + n * joined, n)
        if not joined:
            self.h2h = nn.Linear(n, n, bias=False)
        self.h2o = nn.Linear(n, 10)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        h = images.new_zeros(len(images), self.n)
        for x in images.unbind(1):
            z = self.i2h(torch.cat((x, h), 1)) if self.joined else self.i2h(x) + self.h2h(h)
            h = torch.tanh(z)
        return self.h2o(h)


def lstm(names: tuple[str, str] = ("lstm", "fc"), **options: object) -> Tutorial:
    return Tutorial(nn.LSTM(28, 12, batch_first=True, **options), names, nn.Linear(12, 10))


def rnn(names: tuple[str, str] = ("rnn", "out"), **options: object) -> Tutorial:
    return Tutorial(nn.RNN(28, 12, batch_first=True, **options), names, nn.Linear(12, 10))


NETWORKS = {
    "lstm and fc": lstm(),
    "rnn and out": rnn(),
    "relu": rnn(nonlinearity="relu"),
    "gru and linear, 3 layers": Tutorial(
        nn.GRU(28, 12, 3, batch_first=True), ("gru", "linear"), nn.Linear(12, 10)
    ),
    "DataParallel": nn.DataParallel(lstm()),
    "model.net": nn.ModuleDict({"model": nn.ModuleDict({"net": rnn()})}),
    "compiled": nn.ModuleDict({"_orig_mod": nn.ModuleDict({"module": lstm()})}),
    "averaged": AveragedModel(lstm()),
    "no biases": Tutorial(
        nn.GRU(28, 12, bias=False, batch_first=True), ("a", "b"), nn.Linear(12, 10, bias=False)
    ),
    "RNNCell": Cells(nn.RNNCell(28, 12)),
    "two LSTMCells": Cells(nn.LSTMCell(28, 12), nn.LSTMCell(12, 12)),
    "cells of 28 neurons": Cells(*(nn.RNNCell(28, 28) for _ in range(4))),
    "modules on top of each other": Stacked(),
    "two matrices": ByHand(joined=False),
    "one matrix": ByHand(joined=True),
}


def innermost(model: nn.Module) -> nn.Module:
    """The network without what is wrapped around it."""
    children = list(model.children())
    wrapped = isinstance(model, nn.DataParallel | nn.ModuleDict | AveragedModel)
    return innermost(children[0]) if wrapped else model


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_of_another_tutorial_answers_as_it_did_there(name):
    model = NETWORKS[name].eval()
    weights = weights_of(model.state_dict(), MAX_UPLOAD_BYTES)
    with torch.no_grad():
        expected = innermost(model)(IMAGES)
        cell = "rnn_relu" if name == "relu" else weights.cells[0]
        found = network(weights, Interpretation(cell, "unit"))(IMAGES)
    torch.testing.assert_close(found.log_softmax(1), expected.log_softmax(1))


def test_tanh_and_relu_cannot_be_told_apart_but_gates_can():
    cells = [weights_of(m.state_dict(), MAX_UPLOAD_BYTES).cells for m in (rnn(), lstm(), Stacked())]
    assert cells == [PLAIN_CELLS, ("lstm",), ("gru",)]


def linear(*shapes: tuple[int, int]) -> nn.Sequential:
    return nn.Sequential(*(nn.Linear(n_inputs, n_outputs) for n_inputs, n_outputs in shapes))


def with_(module: nn.Module, **parts: nn.Module) -> nn.Module:
    for name, part in parts.items():
        module.add_module(name, part)
    return module


def plain(n_inputs: int = 28, *, n_classes: int = 10, n_features: int = 12, **options: object):
    recurrent = nn.RNN(n_inputs, 12, **options)
    return Tutorial(recurrent, ("rnn", "fc"), nn.Linear(n_features, n_classes))


MISFITS = {
    "bidirectional": plain(bidirectional=True, n_features=24),
    "with_projections": lstm(proj_size=5),
    "with_normalisation": with_(plain(), bn=nn.BatchNorm1d(12)),
    "with_normalisation ": with_(plain(), norm=nn.LayerNorm(12)),
    "with_attention": with_(plain(), attn=nn.MultiheadAttention(12, 2)),
    "with_attention ": with_(plain(), attention=nn.Linear(12, 1)),
    "with_convolution": with_(plain(), conv=nn.Conv1d(28, 28, 3)),
    "with_several_linear_layers": with_(plain(), head=linear((12, 12), (12, 10))),
    "with_others": with_(plain(), a=nn.ParameterDict({"h0": torch.zeros(1, 12)})),
    "of_other_inputs": plain(64),
    "of_other_classes": plain(n_classes=62),
    "of_all_states": plain(n_features=28 * 12),
    "of_wrong_shape": plain(n_features=24),
    "of_many_layers": plain(num_layers=5),
    "of_unequal_layers": Cells(nn.RNNCell(28, 12), nn.RNNCell(12, 8)),
    "of_mixed_cells": Cells(nn.LSTMCell(28, 12), nn.GRUCell(12, 12)),
    "of_two_networks": nn.ModuleDict({"model": plain(), "ema": plain()}),
    "without_output_layer": nn.RNN(28, 12),
    "without_recurrent_layer": linear((784, 12), (12, 10)),
    "without_recurrent_layer ": ByHand(28, joined=False),  # which matrix is which?
}


@pytest.mark.parametrize("reason", MISFITS)
def test_what_does_not_fit_is_refused_with_its_own_reason(reason):
    with pytest.raises(InputError) as refused:
        weights_of(MISFITS[reason].state_dict(), MAX_UPLOAD_BYTES)
    assert refused.value.message.code == f"training.weights_{reason.strip()}"
    assert "\n" not in str(refused.value)
