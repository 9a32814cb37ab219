import re

import numpy as np
import pytest
import torch

from rnn_demo import load_pretrained
from rnn_demo.data import handwriting
from rnn_demo.data.digits import as_float
from rnn_demo.data.non_digits import KINDS, LETTERS, SHAPES, generate

N = 1003


@pytest.fixture(scope="module")
def drawings():
    return generate(N, seed=5)


def test_images_have_mnists_format_and_kinds_are_indices(drawings):
    images, indices = drawings
    assert images.shape == (N, 28, 28)
    assert images.dtype == np.uint8
    assert (images.max(axis=(1, 2)) == 255).all()
    assert indices.shape == (N,)
    assert indices.dtype == np.uint8


def test_kinds_are_balanced_and_shuffled(drawings):
    counts = np.bincount(drawings[1], minlength=len(KINDS))
    assert np.ptp(counts) <= 1
    assert (np.diff(drawings[1].astype(int)) % len(KINDS) == 1).mean() < 0.25


def test_only_the_same_seed_gives_the_same_drawings(drawings):
    again = generate(N, seed=5)
    np.testing.assert_array_equal(again[0], drawings[0])
    np.testing.assert_array_equal(again[1], drawings[1])
    assert not np.array_equal(generate(N, seed=6)[0], drawings[0])


def test_all_drawings_differ(drawings):
    assert len(np.unique(drawings[0].reshape(N, -1), axis=0)) == N


@pytest.mark.parametrize("kind", KINDS)
def test_a_drawing_fills_the_box_of_20_pixels(kind):
    for image in generate(150, 3, [kind])[0]:
        rows, columns = np.nonzero(image)
        side = max(np.ptp(rows), np.ptp(columns)) + 1
        assert 20 <= side <= 21  # 21 if it starts inside a pixel


def test_dots_have_the_least_ink_and_blobs_the_most():
    ink = {kind: as_float(generate(200, 2, [kind])[0]).sum(axis=(1, 2)) for kind in KINDS}
    means = {kind: float(values.mean()) for kind, values in ink.items()}
    assert min(float(values.min()) for values in ink.values()) > 3
    assert min(means, key=lambda kind: means[kind]) == "dots"
    assert max(means, key=lambda kind: means[kind]) == "blob"


def test_chosen_kinds_are_numbered_in_the_order_given():
    images, indices = generate(100, 1, ["dots", "blob"])
    ink = images.sum(axis=(1, 2))
    assert ink[indices == 0].mean() < ink[indices == 1].mean() / 2


@pytest.mark.parametrize("n", [0, 1, 3])
def test_a_few_or_zero_drawings(n):
    images, indices = generate(n, seed=1)
    assert images.shape == (n, 28, 28)
    assert len(set(indices.tolist())) == n


def test_the_tables_have_the_right_notation():
    assert len(set(LETTERS + SHAPES)) == len(LETTERS) + len(SHAPES)
    for style in LETTERS + SHAPES:
        for stroke in style.split(" | "):
            assert re.fullmatch(r"(-?\d+,\d+\*? )+-?\d+,\d+\*?", stroke)


def test_a_network_trained_on_digits_is_less_confident_than_on_digits(drawings):
    model = load_pretrained("tutorial")

    def confidence(images):
        with torch.no_grad():
            logits = model(torch.from_numpy(as_float(images)))
        return logits.softmax(dim=1).max(dim=1).values.numpy()

    # Measured: 0.92 on digits; by kind 0.64 (several digits) to 0.75 (letter).
    digits = confidence(handwriting.generate(500, 5)[0]).mean()
    others = confidence(drawings[0])
    assert digits > 0.88
    for i in range(len(KINDS)):
        assert others[drawings[1] == i].mean() < digits - 0.1


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ((-1, 0), ValueError, "n must be 0 or more, not -1."),
        ((2.0, 0), TypeError, "n must be an integer, not float."),
        ((True, 0), TypeError, "n must be an integer, not bool."),
        ((5, 0, []), ValueError, "kinds must hold at least one name."),
        ((5, 0, "dots"), TypeError, "kinds must be a sequence of names, not the string 'dots'."),
        ((5, 0, ["dots", "digit"]), ValueError, "kinds must be among letter, shape, "),
    ],
)
def test_wrong_input_is_refused_with_one_sentence(arguments, error, sentence):
    with pytest.raises(error, match=re.escape(sentence)):
        generate(*arguments)
