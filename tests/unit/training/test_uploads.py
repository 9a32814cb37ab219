"""Uploaded files of weights."""

import contextlib
import io
import json
import pickle
import re
import struct
import time
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save

from rnn_demo import ImageRNN
from rnn_demo.data import handwriting
from rnn_demo.data.digits import Digits, as_float
from rnn_demo.messages import InputError
from rnn_demo.training import checkpoint
from rnn_demo.training.build import build
from rnn_demo.training.data import Data
from rnn_demo.training.recipe import HYPERPARAMETERS, Recipe
from rnn_demo.training.scaling import Interpretation
from rnn_demo.training.scaling import network as network_of
from rnn_demo.training.upload import MAX_UPLOAD_BYTES, from_bytes

IMAGES = torch.from_numpy(as_float(handwriting.generate(6, seed=4)[0]))


def network(cell: str = "rnn_tanh", layers: int = 1, n_neurons: int = 12) -> ImageRNN:
    torch.manual_seed(1)
    return ImageRNN(1, 28, 28, n_neurons, 10, cell=cell, num_layers=layers)


def weights(**changes: torch.Tensor | None) -> dict[str, torch.Tensor]:
    """A good network's weights with some changed, or taken out where None."""
    tensors = dict(network().state_dict())
    for name, tensor in changes.items():
        key = name.replace("__", ".")
        del tensors[key]
        if tensor is not None:
            tensors[key] = tensor
    return tensors


def opened(content: bytes, cell: str = "") -> ImageRNN:
    """The network in a file, with the first of its possible cells or a given one."""
    found = from_bytes(content)
    return network_of(found, Interpretation(cell or found.cells[0], "unit"))


def refused(content: bytes) -> str:
    """The code, without its section, of the error that an uploaded file raises."""
    with pytest.raises(InputError) as error:
        from_bytes(content)
    return error.value.message.code.removeprefix("training.")


@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize("cell", ["rnn_tanh", "rnn_relu", "gru", "lstm"])
def test_the_weights_of_any_image_rnn_can_be_uploaded(cell, layers):
    model = network(cell, layers)
    back = opened(save(model.state_dict()), cell)
    assert (back.cell, back.num_layers, back.n_neurons) == (cell, layers, 12)
    assert not back.training
    torch.testing.assert_close(back(IMAGES), model(IMAGES))


def test_the_largest_trained_network_can_be_uploaded(tmp_path):
    largest = {n: int(HYPERPARAMETERS[n].high) for n in ("n_neurons", "num_layers")}
    recipe = Recipe(cell="lstm", batch_size=64, **largest)
    model, path = build(recipe), tmp_path / "last.safetensors"
    checkpoint.save(path, model, checkpoint.Card(recipe, "", "", ""))
    back = opened(path.read_bytes())
    assert torch.equal(back(IMAGES), model(IMAGES))


def test_a_network_is_measured_by_its_memory_not_by_its_file():
    """An 8-bit weight becomes a 32-bit one."""
    large = {
        name: torch.zeros(weights.shape, dtype=torch.float8_e4m3fn)
        for name, weights in network(n_neurons=2_400).state_dict().items()
    }
    assert len(save(large)) < MAX_UPLOAD_BYTES / 3
    assert refused(save(large)) == "network_too_large"


def test_the_proxy_lets_a_network_pass():
    site = (Path(__file__).parents[3] / "deploy/nginx.conf").read_text()
    megabytes = re.search(r"client_max_body_size (\d+)m;", site)
    assert int(megabytes[1]) * 2**20 > MAX_UPLOAD_BYTES


def test_a_pretrained_file_can_be_uploaded():
    content = (checkpoint.WEIGHTS / "tutorial.safetensors").read_bytes()
    pretrained = checkpoint.load_pretrained("tutorial")
    torch.testing.assert_close(opened(content)(IMAGES), pretrained(IMAGES))


@pytest.mark.parametrize(
    "kind", [torch.float64, torch.float16, torch.bfloat16, torch.float8_e4m3fn]
)
def test_weights_may_be_any_floating_point_numbers(kind):
    small = {name: weights.to(kind) for name, weights in network("rnn_tanh").state_dict().items()}
    back = opened(save(small))
    for name, weights in back.state_dict().items():
        assert torch.equal(weights, small[name].float())


def test_a_file_may_have_no_metadata():
    content = save(network("rnn_tanh").state_dict())
    size = int.from_bytes(content[:8], "little")
    header = json.dumps(json.loads(content[8 : 8 + size]) | {"__metadata__": None}).encode()
    without = len(header).to_bytes(8, "little") + header + content[8 + size :]
    assert opened(without).cell == "rnn_tanh"


def with_recipe(recipe: str, cell: str = "rnn_relu") -> bytes:
    return save(network(cell).state_dict(), {"rnn_demo.recipe": recipe})


def test_a_file_of_this_app_holds_its_activation(tmp_path):
    model = network("rnn_relu")
    recipe = Recipe(cell="rnn_relu", n_neurons=12)
    images = Digits(*handwriting.generate(10, seed=4), "synthetic")
    card = checkpoint.card_of(recipe, Data(images, None, images, "digest"))
    checkpoint.save(tmp_path / "net.safetensors", model, card)
    back = opened((tmp_path / "net.safetensors").read_bytes())
    assert back.cell == "rnn_relu"
    torch.testing.assert_close(back(IMAGES), model(IMAGES))


@pytest.mark.hostile("weights with the recipe of another network")
@pytest.mark.parametrize(
    "changes", [{"cell": "gru"}, {"n_neurons": 13}, {"num_layers": 2}, {"cell": "lstm"}]
)
def test_weights_that_do_not_match_their_recipe_are_refused(changes):
    recipe = Recipe(cell="rnn_relu", n_neurons=12).to_json() | changes
    assert refused(with_recipe(json.dumps(recipe))) == "weights_of_another_recipe"


@pytest.mark.hostile("weights with a damaged recipe")
@pytest.mark.parametrize(
    "text", ["", "[]", "7", '{"cell": 1}', '{"evil": "x"}', "[" * 100_000, '{"epochs": 1e999}']
)
def test_a_damaged_recipe_is_refused(text):
    assert refused(with_recipe(text)) == "recipe_damaged"


def header(text: str, size: int | None = None) -> bytes:
    return struct.pack("<Q", len(text) if size is None else size) + text.encode()


def zip_bomb() -> bytes:
    """256 MB of zeros in a quarter of a megabyte, named as torch.save names its pickle."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("archive/data.pkl", "w") as file,
    ):
        for _ in range(256):
            file.write(bytes(2**20))
    return packed.getvalue()


def without_a_layer() -> dict[str, torch.Tensor]:
    """Three layers of which the middle one is missing: the others fit on each other."""
    tensors = network(layers=3).state_dict()
    return {name: tensor for name, tensor in tensors.items() if not name.endswith("_l1")}


EMPTY = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
GOOD = save(network().state_dict())
NAN = torch.full((10,), float("nan"))


@pytest.mark.hostile(
    "weights cut short, huge by their header, above 21 MB, of wrong shape, with NaN"
)
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "weights_empty"),
        (pickle.dumps({"FC.weight": 1}), "weights_pickled"),
        (b"PK\x03\x04" + bytes(500), "weights_zipped"),
        (GOOD[:-1], "weights_not_safetensors"),
        (GOOD[:100], "weights_not_safetensors"),
        (header("{}", 10 * 2**30), "weights_not_safetensors"),
        (
            header('{"FC.weight":{"dtype":"F32","shape":[10,9999999],"data_offsets":[0,8]}}')
            + bytes(8),
            "weights_not_safetensors",
        ),
        (bytes(MAX_UPLOAD_BYTES + 1), "weights_too_large"),
        (header(json.dumps({f"a{i}": EMPTY for i in range(30_000)})), "weights_with_many_tensors"),
        (save({}), "weights_without_recurrent_layer"),
        (save({"weight": torch.zeros(3)}), "weights_without_recurrent_layer"),
        (save(weights(FC__weight=None)), "weights_incomplete"),
        (save(weights(FC__weight=torch.zeros(11, 12))), "weights_of_other_classes"),
        (save(weights(FC__bias=torch.zeros(11))), "weights_of_wrong_shape"),
        (save(weights() | {"extra": torch.zeros(1)}), "weights_with_others"),
        (save(weights(basic_rnn__weight_ih_l0=torch.zeros(12, 27))), "weights_of_other_inputs"),
        (save(weights(basic_rnn__weight_ih_l0=torch.zeros(13, 28))), "weights_of_wrong_shape"),
        (save(weights(basic_rnn__weight_ih_l0=None)), "weights_incomplete"),
        (save(weights(basic_rnn__weight_hh_l0=torch.zeros(25, 12))), "weights_of_unknown_cell"),
        (save(weights(basic_rnn__weight_hh_l0=torch.zeros(12))), "weights_of_wrong_shape"),
        (save(weights(basic_rnn__weight_hh_l0=torch.zeros(0, 0))), "weights_of_unknown_cell"),
        (save(without_a_layer()), "weights_incomplete"),
        (save(weights(FC__bias=NAN)), "weights_not_finite"),
        (save(weights(FC__bias=NAN.nan_to_num(0) / 0 + 1 / torch.zeros(10))), "weights_not_finite"),
        (save(weights(FC__bias=torch.zeros(10, dtype=torch.int32))), "weights_not_floating_point"),
    ],
)
def test_a_file_that_is_not_a_network_is_refused(content, code):
    start = time.monotonic()
    assert refused(content) == code
    assert time.monotonic() - start < 5


def torch_saved(content: object, **options: bool) -> bytes:
    file = io.BytesIO()
    torch.save(content, file, **options)
    return file.getvalue()


def npz() -> bytes:
    file = io.BytesIO()
    np.savez(file, a=np.zeros(3))
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (torch_saved(network().state_dict()), "weights_pickled"),
        (
            torch_saved(network().state_dict(), _use_new_zipfile_serialization=False),
            "weights_pickled",
        ),
        (torch_saved(torch.nn.Linear(2, 2)), "weights_pickled"),
        (npz(), "weights_zipped"),
        (b"\x89HDF\r\n\x1a\n" + bytes(500), "weights_of_keras"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a", "weights_not_fetched"),
        (b"\n<!DOCTYPE HTML>\n<html lang=en>", "weights_are_a_web_page"),
        # The start of a .safetensors file whose header has 0x280 bytes, 80 02 as in a pickle.
        (header("{", 0x280), "weights_not_safetensors"),
    ],
)
def test_another_kind_of_file_is_called_by_its_name(content, code):
    """Whatever its ending says: phones and students rename files."""
    assert refused(content) == code


@pytest.mark.hostile("weights that are a zip bomb")
def test_a_zip_bomb_is_not_unpacked():
    bomb = zip_bomb()
    assert len(bomb) < MAX_UPLOAD_BYTES
    tracemalloc.start()
    assert refused(bomb) == "weights_pickled"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**20


@pytest.mark.hostile("weights that are a pickle")
def test_a_pickle_is_never_run(tmp_path):
    class Trap:
        def __reduce__(self):
            return (open, (str(tmp_path / "sprung"), "w"))

    assert refused(pickle.dumps(Trap())) == "weights_pickled"
    assert not (tmp_path / "sprung").exists()


@pytest.mark.hostile("any bytes as weights")
@given(st.binary(max_size=400))
def test_random_bytes_are_refused(content):
    assert refused(content)


@pytest.mark.hostile("weights with any byte changed")
@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_a_file_with_a_changed_byte_loads_or_is_refused(index, value):
    changed = bytearray(GOOD)
    changed[index] = value
    with contextlib.suppress(InputError):
        logits = opened(bytes(changed))(IMAGES)
        assert logits.shape == (6, 10)
