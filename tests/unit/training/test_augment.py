import numpy as np
import pytest
import torch

from rnn_demo.data import handwriting
from rnn_demo.data.digits import as_float
from rnn_demo.training.augment import augment


@pytest.fixture(scope="module")
def images() -> torch.Tensor:
    return torch.from_numpy(as_float(handwriting.generate(200, seed=4)[0]))


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def centre_of_mass(images: torch.Tensor) -> np.ndarray:
    x = images.numpy()
    pixels = np.arange(28)
    total = x.sum(axis=(1, 2))
    return np.stack([x.sum(axis=2) @ pixels, x.sum(axis=1) @ pixels], axis=1) / total[:, None]


def test_strength_zero_changes_nothing(images):
    # The brightest pixel becomes 1, which it is already, up to rounding.
    torch.testing.assert_close(augment(images, 0.0, seeded()), images, atol=2e-2, rtol=0)


def test_images_stay_images_and_differ_from_each_other(images):
    varied = augment(images[:1].expand(50, -1, -1), 1.0, seeded())
    assert varied.shape == (50, 28, 28)
    assert varied.min() >= 0
    torch.testing.assert_close(varied.amax(dim=(1, 2)), torch.ones(50))
    distances = torch.cdist(varied.flatten(1), varied.flatten(1))
    assert distances.fill_diagonal_(9).min() > 0.5


def test_the_same_seed_gives_the_same_images(images):
    first, second = (augment(images, 1.0, seeded(3)) for _ in range(2))
    assert torch.equal(first, second)
    assert not torch.equal(first, augment(images, 1.0, seeded(4)))


def test_digits_stay_near_the_middle(images):
    shift = centre_of_mass(augment(images, 1.0, seeded())) - centre_of_mass(images)
    assert 0.5 < np.abs(shift).mean() < 1.5
    assert np.abs(shift).max() < 5


def test_pens_get_thinner_and_bolder(images):
    before = images.sum(dim=(1, 2))
    after = augment(images, 1.0, seeded()).sum(dim=(1, 2))
    ratio = after / before
    assert ratio.min() < 0.75
    assert ratio.max() > 1.3


def test_an_empty_image_stays_empty():
    assert not augment(torch.zeros(3, 28, 28), 1.0, seeded()).any()
