"""MNIST is found wherever people put its files; other data under its names is recognised."""

import gzip
import hashlib
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rnn_demo.data import mnist, mnist_files, source
from rnn_demo.messages import InputError
from rnn_demo.settings import SETTINGS
from tests.unit.data.conftest import put

Files = dict[str, bytes]
IMAGES, LABELS = "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"


@pytest.mark.parametrize("split", ["train", "test"])
def test_load_returns_what_torchvision_reads(real_mnist, split):
    from torchvision.datasets import MNIST

    expected = MNIST(SETTINGS.data_folder.read(), train=split == "train")
    digits = mnist.load(split)
    np.testing.assert_array_equal(digits.images, expected.data)
    np.testing.assert_array_equal(digits.labels, expected.targets)
    assert isinstance(digits.images, np.memmap)
    assert digits.digest() == mnist.DIGESTS[split]
    assert source.available() == "mnist"
    assert mnist.doubt() is None


def test_without_mnist_the_source_is_synthetic(without_mnist):
    message = mnist.error_message()
    assert message is not None
    assert message.code == "data.mnist_missing"
    assert message.values == {"folder": str(without_mnist)}
    with pytest.raises(FileNotFoundError):
        mnist.load("test")
    assert source.available() == "synthetic"
    digits = source.load("synthetic", "test")
    assert digits.source == "synthetic"
    assert digits.images.shape == (2_000, 28, 28)
    assert digits.images.dtype == np.uint8
    for array in (digits.images, digits.labels):  # all visitors share them
        assert not array.flags.writeable


def as_npz(files: Files) -> bytes:
    """The files as Keras stores them."""
    arrays = {}
    for parts in mnist_files.PARTS.values():
        for part in parts:
            values = np.frombuffer(files[part.name][len(part.header) :], np.uint8)
            arrays[part.npz_name] = values.reshape(part.shape)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


# How the files are laid: their path below the data folder for a name, and their content.
LAYOUTS: dict[str, tuple[Callable[[str], str], Callable[[bytes], bytes]]] = {
    "as torchvision does": (lambda name: f"MNIST/raw/{name}", bytes),
    "archives": (lambda name: f"MNIST/raw/{name}.gz", gzip.compress),
    "flat": (lambda name: name, bytes),
    "flat archives": (lambda name: f"{name}.gz", gzip.compress),
    "a dot in the name": (lambda name: name.replace("-idx", ".idx"), bytes),
    "capitals": (lambda name: name.upper(), bytes),
    "a folder a file": (lambda name: f"{name}/{name}", bytes),
    "a folder a file, a dot": (
        lambda name: "{0}/{0}".format(name.replace("-idx", ".idx")),
        bytes,
    ),
    "Kaggle's folder": (lambda name: f"archive/{name.replace('-idx', '.idx')}", bytes),
    "small letters": (lambda name: f"mnist/{name}", bytes),
    "test for t10k": (lambda name: name.replace("t10k", "test"), bytes),
    "unpacked by a browser": (lambda name: f"{name}.gz", bytes),
    "archives without .gz": (lambda name: name, gzip.compress),
    "one folder too deep": (lambda name: f"raw/{name}", bytes),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_usual_layouts_and_names_are_found(small_mnist, tmp_path, layout):
    place, content = LAYOUTS[layout]
    for name, data in small_mnist.items():
        path = tmp_path / place(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content(data))
    expect_small_mnist(small_mnist, tmp_path)


def expect_small_mnist(files: Files, folder: Path) -> None:
    assert mnist.error_message(folder) is None
    assert mnist.doubt(folder) is None
    digits = mnist.load("test", folder)
    assert digits.images.tobytes() == files[IMAGES][16:]
    assert digits.labels.tobytes() == files[LABELS][8:]
    assert not digits.images.flags.writeable


@pytest.mark.parametrize("inside", ["MNIST", "MNIST/raw", f"MNIST/raw/{IMAGES}"])
def test_a_setting_that_points_too_deep_is_understood(small_mnist, tmp_path, inside):
    put(small_mnist, tmp_path)
    expect_small_mnist(small_mnist, tmp_path / inside)


def test_links_are_followed(small_mnist, tmp_path):
    raw = put(small_mnist, tmp_path / "elsewhere")
    folder = tmp_path / "data"
    folder.mkdir()
    for name in small_mnist:
        (folder / name).symlink_to(raw / name)
    expect_small_mnist(small_mnist, folder)
    (tmp_path / "link").symlink_to(raw.parent.parent)
    expect_small_mnist(small_mnist, tmp_path / "link")


def test_the_file_of_keras_is_found(small_mnist, tmp_path):
    (tmp_path / "mnist.npz").write_bytes(as_npz(small_mnist))
    expect_small_mnist(small_mnist, tmp_path)


def test_a_good_file_is_found_beside_a_damaged_one(small_mnist, tmp_path):
    raw = put(small_mnist, tmp_path)
    (raw / IMAGES).write_bytes(b"")
    (tmp_path / f"{IMAGES}.gz").write_bytes(gzip.compress(small_mnist[IMAGES]))
    expect_small_mnist(small_mnist, tmp_path)


def code_and_text(folder: Path) -> tuple[str, str]:
    message = mnist.error_message(folder)
    assert message is not None
    return message.code, str(message)


def test_what_is_missing_is_named_with_its_folder(small_mnist, tmp_path):
    raw = put(small_mnist, tmp_path)
    (raw / LABELS).unlink()
    code, text = code_and_text(tmp_path)
    assert code == "data.mnist_incomplete"
    assert text == f"MNIST is incomplete in {tmp_path}: one of its four files is missing, {LABELS}."
    (raw / IMAGES).unlink()
    _, text = code_and_text(tmp_path)
    assert f"2 of its four files are missing, {IMAGES}, {LABELS}." in text


def test_a_link_to_nothing_is_named(small_mnist, tmp_path):
    raw = put(small_mnist, tmp_path)
    (raw / LABELS).unlink()
    (raw / LABELS).symlink_to(tmp_path / "gone")
    code, text = code_and_text(tmp_path)
    assert code == "data.mnist_dangling"
    assert f"MNIST/raw/{LABELS}" in text


@pytest.mark.hostile("files of MNIST cut short, empty or zeros")
@pytest.mark.parametrize("name", [IMAGES, f"{IMAGES}.gz", "mnist.npz"])
@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: b"\x00" * len(content),
        lambda _: b"",
        lambda content: content[:2],
        lambda content: content[: len(content) // 2] + b"?" + content[len(content) // 2 + 1 :],
    ],
    ids=["cut short", "zeros", "empty", "two bytes", "a wrong byte"],
)
def test_damaged_files_are_refused(small_mnist, tmp_path, name, damage, request):
    raw = put(small_mnist, tmp_path)
    packed = {IMAGES: bytes, f"{IMAGES}.gz": gzip.compress}
    content = as_npz(small_mnist) if name == "mnist.npz" else packed[name](small_mnist[IMAGES])
    (raw / IMAGES).unlink()
    (raw / name).write_bytes(damage(content))
    if name == IMAGES and "a wrong byte" in request.node.name:
        assert str(tmp_path) in str(mnist.doubt(tmp_path))  # nothing but the digest tells it
        return
    with pytest.raises(InputError) as error:
        mnist.load("test", tmp_path)
    values = {"file": f"MNIST/raw/{name}", "folder": str(tmp_path)}
    assert error.value.message.code == "data.mnist_damaged"
    assert error.value.message.values == values
    assert mnist.error_message(tmp_path) == error.value.message


@pytest.mark.hostile("a file of Keras that runs code when it is read")
def test_pickled_objects_are_not_read(small_mnist, tmp_path):
    marker = tmp_path / "ran"

    class Evil:
        def __reduce__(self):
            return Path.touch, (marker,)

    np.savez(tmp_path / "mnist.npz", x_train=np.array([Evil()], object))
    assert code_and_text(tmp_path)[0] == "data.mnist_damaged"
    assert not marker.exists()


def test_another_number_of_images_is_named(small_mnist, tmp_path):
    """As in EMNIST's digits, which are 240,000."""
    raw = put(small_mnist, tmp_path)
    values = np.zeros((1_200, 28, 28), np.uint8)
    header = np.array([0x803, *values.shape], ">i4").tobytes()
    for name, content in ((IMAGES, bytes), (f"{IMAGES}.gz", gzip.compress)):
        (raw / IMAGES).unlink(missing_ok=True)
        (raw / name).write_bytes(content(header + values.tobytes()))
        code, text = code_and_text(tmp_path)
        assert code == "data.mnist_other_shape"
        assert "it holds 1,200 x 28 x 28 numbers, MNIST's holds 3 x 28 x 28." in text


@pytest.mark.parametrize("known_by", ["content", "archive"])
@pytest.mark.parametrize("name", [IMAGES, LABELS])
def test_another_data_set_is_named(small_mnist, tmp_path, monkeypatch, name, known_by):
    raw = put(small_mnist, tmp_path)
    content = small_mnist[name][:-1] + b"\xff"
    archive = gzip.compress(content)
    known = content if known_by == "content" else archive
    monkeypatch.setitem(mnist_files.OTHER_DATA, hashlib.sha256(known).hexdigest(), "KMNIST")
    (raw / name).unlink()
    (raw / f"{name}.gz").write_bytes(archive)
    code, text = code_and_text(tmp_path)
    assert code == "data.mnist_other_data"
    assert text == f"MNIST/raw/{name}.gz in {tmp_path} is not MNIST's: it comes from KMNIST."


def test_unknown_content_is_read_and_doubted(small_mnist, tmp_path):
    raw = put(small_mnist, tmp_path)
    (raw / LABELS).write_bytes(small_mnist[LABELS][:-1] + b"\x05")
    assert mnist.error_message(tmp_path) is None
    doubt = mnist.doubt(tmp_path)
    assert doubt is not None
    assert doubt.code == "data.not_mnist"
    assert str(doubt).startswith(f"MNIST/raw/{LABELS} in {tmp_path} has the name")


# What is done to each image, in words and by another way than the module undoes it.
TURNS = {
    "": lambda image: image,
    "transposed": lambda image: image.T,
    "mirrored from left to right": np.fliplr,
    "upside down": np.flipud,
    "180 degrees": lambda image: np.rot90(image, 2),
    "90 degrees to the left": np.rot90,
    "90 degrees to the right": lambda image: np.rot90(image, 3),
    "from bottom left to top right": lambda image: np.rot90(image, 2).T,
}


@pytest.mark.parametrize(
    ("turn", "inverted"),
    [(turn, inverted) for turn in TURNS for inverted in (False, True) if turn or inverted],
)
def test_turned_and_inverted_images_are_named(small_mnist, tmp_path, turn, inverted):
    raw = put(small_mnist, tmp_path)
    header, values = small_mnist[IMAGES][:16], small_mnist[IMAGES][16:]
    images = np.frombuffer(values, np.uint8).reshape(3, 28, 28)
    changed = np.stack([TURNS[turn](image) for image in images])
    changed = ~changed if inverted else changed
    (raw / IMAGES).write_bytes(header + changed.tobytes())
    code, text = code_and_text(tmp_path)
    assert code == "data.mnist_turned"
    assert turn in text
    assert ("0 is ink" in text) == inverted


def test_the_real_images_are_known_when_they_are_turned(real_mnist, tmp_path):
    """The digests of the first images are MNIST's own."""
    for parts in mnist_files.PARTS.values():
        part = parts[0]
        images = np.array(mnist.load("train" if "train" in part.name else "test").images)
        (tmp_path / part.name).write_bytes(part.header + images.swapaxes(1, 2).tobytes())
        content = mnist_files.read(part, tmp_path / part.name)
        assert content.error == "data.mnist_turned"
        (tmp_path / part.name).unlink()


def test_a_file_is_told_apart_once_until_it_is_replaced(small_mnist, tmp_path):
    raw = put(small_mnist, tmp_path)
    (raw / IMAGES).write_bytes(b"")
    assert mnist.error_message(tmp_path) is not None
    (raw / IMAGES).write_bytes(small_mnist[IMAGES])
    assert mnist.error_message(tmp_path) is None
    misses = mnist_files._read.cache_info().misses
    assert mnist.error_message(tmp_path) is None
    assert mnist_files._read.cache_info().misses == misses


def test_the_sentence_for_doing_it_by_hand_names_files_and_folder(small_mnist, tmp_path):
    text = str(mnist.by_hand(tmp_path / "data"))
    raw = tmp_path / "data" / "MNIST" / "raw"
    assert all(name in text for name in small_mnist)
    assert str(raw) in text
    raw.mkdir(parents=True)
    for name, content in small_mnist.items():  # and what it says is true
        (raw / f"{name}.gz").write_bytes(gzip.compress(content))
    expect_small_mnist(small_mnist, tmp_path / "data")
    shutil.rmtree(raw)
    assert f"into {tmp_path / 'MNIST' / 'raw'} by hand" in str(mnist.by_hand(tmp_path / "MNIST"))


def test_pages_show_the_files_that_are_there_now(small_mnist, tmp_path, monkeypatch):
    from rnn_demo.app.datasets import load_digits

    monkeypatch.setenv("RNN_DEMO_DATA", str(tmp_path))
    raw = put(small_mnist, tmp_path)
    other = small_mnist[LABELS][:-1] + b"\x05"
    (raw / LABELS).write_bytes(other)
    assert load_digits("mnist", "test").labels.tobytes() == other[8:]
    (tmp_path / "new").write_bytes(small_mnist[LABELS])
    (tmp_path / "new").replace(raw / LABELS)
    assert load_digits("mnist", "test").labels.tobytes() == small_mnist[LABELS][8:]
