"""MNIST's four files: what they are called, where people put them, and what is in them."""

import gzip
import hashlib
import math
import re
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rnn_demo.data.digits import Split
from rnn_demo.messages import N_, Message

Bytes = npt.NDArray[np.uint8]

_GZIP_MAGIC, _ZIP_MAGIC = b"\x1f\x8b", b"PK"
_MAX_NPY_HEADER_BYTES = 4096
_MAX_DIMENSIONS = 4  # of a header that is read
_INK = 255


@dataclass(frozen=True)
class Part:
    """One of MNIST's four files, in the IDX format.

    Attributes:
        name: of the unpacked file, as torchvision stores it.
        magic: the first number of its header.
        shape: of its values, one byte each.
        sha256: of the unpacked file.
        first_image: SHA-256 of the first image; empty for labels.
        npz_name: of the same values in Keras' `mnist.npz`.
    """

    name: str
    magic: int
    shape: tuple[int, ...]
    sha256: str
    first_image: str
    npz_name: str

    @property
    def header(self) -> bytes:
        """The header of the unpacked file: the magic number and the shape, big-endian."""
        return np.array([self.magic, *self.shape], ">i4").tobytes()

    @property
    def n_bytes(self) -> int:
        """The size of the unpacked file."""
        return len(self.header) + math.prod(self.shape)


# Source of the digests: https://ossci-datasets.s3.amazonaws.com/mnist/, torchvision's mirror.
PARTS: dict[Split, tuple[Part, Part]] = {
    "train": (
        Part(
            "train-images-idx3-ubyte",
            0x803,
            (60_000, 28, 28),
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "23ceaef5eb61f0e70d64ac18fdf0f60df3d5971cf30bbadac7b6ebf07f782d2c",
            "x_train",
        ),
        Part(
            "train-labels-idx1-ubyte",
            0x801,
            (60_000,),
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "",
            "y_train",
        ),
    ),
    "test": (
        Part(
            "t10k-images-idx3-ubyte",
            0x803,
            (10_000, 28, 28),
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "8f6a418c9a639f9e14e96feca47a97df2a35a0a68ae2875431c5c80e05536941",
            "x_test",
        ),
        Part(
            "t10k-labels-idx1-ubyte",
            0x801,
            (10_000,),
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
            "",
            "y_test",
        ),
    ),
}

# Data sets that were made to replace MNIST, under the same names. SHA-256 of Fashion-MNIST's
# unpacked files, and of KMNIST's archives as published (no digests of its unpacked files are).
_FASHION, _KMNIST = "Fashion-MNIST", "KMNIST (Kuzushiji-MNIST)"
OTHER_DATA = {
    "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888": _FASHION,
    "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9": _FASHION,
    "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b": _FASHION,
    "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34": _FASHION,
    "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4": _KMNIST,
    "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17": _KMNIST,
    "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5": _KMNIST,
    "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c": _KMNIST,
}

# What images may have suffered, and what undoes it.
_Undo = Callable[[Bytes], Bytes]
_TURNS: tuple[tuple[str, _Undo], ...] = (
    ("", lambda images: images),
    (N_("transposed (rows and columns swapped)"), lambda images: images.swapaxes(1, 2)),
    (N_("mirrored from left to right"), lambda images: images[:, :, ::-1]),
    (N_("upside down"), lambda images: images[:, ::-1]),
    (N_("turned by 180 degrees"), lambda images: images[:, ::-1, ::-1]),
    (N_("turned by 90 degrees to the left"), lambda images: np.rot90(images, -1, (1, 2))),
    (N_("turned by 90 degrees to the right"), lambda images: np.rot90(images, 1, (1, 2))),
    (
        N_("mirrored along the diagonal from bottom left to top right"),
        lambda images: images[:, ::-1, ::-1].swapaxes(1, 2),
    ),
)

# Folders inside the data folder that may hold the files; Kaggle's download unpacks to "archive".
_FOLDERS = ("mnist", "raw", "archive")
_NPZ = "mnist.npz"


@dataclass(frozen=True)
class Content:
    """What is in a file that has the name of one of MNIST's.

    Attributes:
        values: in the shape of MNIST's file; None if the file has none in this shape.
        is_mnist: whether the content is MNIST's, byte for byte.
        error: code of the message that says why it cannot be used; empty if it can.
        details: values of that message.
    """

    values: Bytes | None = None
    is_mnist: bool = False
    error: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def raw_folder(folder: Path) -> Path:
    """Where torchvision stores the four files, for a data folder or one of its subfolders.

    Args:
        folder: the data folder, its subfolder `MNIST`, or `MNIST/raw` itself.
    """
    if folder.name.lower() == "mnist":
        return folder / "raw"
    if folder.name.lower() == "raw" and folder.parent.name.lower() == "mnist":
        return folder
    return folder / "MNIST" / "raw"


def candidates(part: Part, folder: Path) -> Iterator[Path]:
    """The paths in a data folder that may hold one of the files, the most usual place first.

    The file may lie in torchvision's layout, flat, or in a folder of its own name; its name may be
    written with a dot (`train-images.idx3-ubyte`), in capitals, or end in `.gz`; and it may be
    Keras' `mnist.npz`. A link whose target is gone is among the paths.

    Raises:
        OSError: a folder cannot be read.
    """
    usual = raw_folder(folder) / part.name
    if usual.is_file():
        yield usual
    for place in _places(folder):
        for path in _listed(place):
            if _is_named(path, part):
                if path.is_dir():
                    yield from (inner for inner in _listed(path) if _is_named(inner, part))
                else:
                    yield path
            elif path.name.lower() == _NPZ:
                yield path


def _places(folder: Path) -> Iterator[Path]:
    """The folders where the files may lie, at most two levels below the data folder."""
    yield raw_folder(folder)
    yield folder
    for outer in _subfolders(folder):
        yield outer
        yield from _subfolders(outer)


def _subfolders(folder: Path) -> list[Path]:
    return [path for path in _listed(folder) if path.name.lower() in _FOLDERS and path.is_dir()]


def _listed(folder: Path) -> list[Path]:
    """What is in a folder; nothing if there is no such folder."""
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _is_named(path: Path, part: Part) -> bool:
    return _plain(path.name) == _plain(part.name)


def _plain(name: str) -> str:
    """A name without what people and programs change in it."""
    return re.sub(r"[-_. ]", "", name.lower().removesuffix(".gz")).replace("t10k", "test")


_reading = threading.Lock()


def read(part: Part, path: Path) -> Content:
    """What is in a file; it is read and identified once, until it is changed or replaced.

    Values of an unpacked file are mapped into memory.

    Raises:
        OSError: the file cannot be read.
    """
    found = path.stat()
    with _reading:
        return _read(part, path, found.st_ino, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=8)
def _read(part: Part, path: Path, *_identity: int) -> Content:
    with path.open("rb") as file:
        start = file.read(len(part.header))
    is_archive = start.startswith(_GZIP_MAGIC)
    try:
        if start.startswith(_ZIP_MAGIC):
            values = _from_npz(part, path)
        elif is_archive:  # whatever its name ends in: browsers unpack, and keep the name
            values = _from_archive(part, path)
        elif start == part.header and path.stat().st_size == part.n_bytes:
            values = np.memmap(path, np.uint8, "r", len(start), part.shape)
        else:
            return _other_shape(part, start)
    except _OtherShapeError as error:
        return _other_shape(part, error.args[0])
    except (EOFError, KeyError, ValueError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile):
        return Content(error="data.mnist_damaged")
    return _identified(part, values, path if is_archive else None)


class _OtherShapeError(Exception):
    """The start of an unpacked file that does not hold what MNIST's holds."""


def _from_archive(part: Part, path: Path) -> Bytes:
    """The values in a gzip archive."""
    with gzip.open(path) as file:
        content = file.read(part.n_bytes + 1)
    if len(content) != part.n_bytes or not content.startswith(part.header):
        raise _OtherShapeError(content[: len(part.header)])
    return np.frombuffer(content, np.uint8, offset=len(part.header)).reshape(part.shape)


def _from_npz(part: Part, path: Path) -> Bytes:
    """The values in Keras' file. It holds no code: pickled objects are not read."""
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(f"{part.npz_name}.npy").file_size
    if size > math.prod(part.shape) + _MAX_NPY_HEADER_BYTES:
        raise ValueError("The array is too large.")
    with np.load(path, allow_pickle=False) as arrays:
        values: npt.NDArray[Any] = arrays[part.npz_name]
    if values.shape != part.shape or values.dtype != np.uint8:
        raise ValueError("The array is another one.")
    values.flags.writeable = False  # as what is mapped
    return values


def _other_shape(part: Part, start: bytes) -> Content:
    """What to say of a file that does not hold MNIST's number of values."""
    n_dimensions = start[3] if start[:3] == b"\0\0\x08" else 0  # of unsigned bytes
    shape = np.frombuffer(start[4 : 4 + 4 * n_dimensions], ">i4").tolist()
    if not 0 < len(shape) == n_dimensions <= _MAX_DIMENSIONS or tuple(shape) == part.shape:
        return Content(error="data.mnist_damaged")
    found, expected = (" x ".join(f"{n:,}" for n in sizes) for sizes in (shape, part.shape))
    return Content(error="data.mnist_other_shape", details={"found": found, "expected": expected})


def _identified(part: Part, values: Bytes, archive: Path | None) -> Content:
    """Which data set the values belong to: MNIST, MNIST turned or inverted, another, or unknown."""
    found = _digest(part, values)
    if found == part.sha256:
        return Content(values, is_mnist=True)
    name = OTHER_DATA.get(found)
    if name is None and archive is not None:
        name = OTHER_DATA.get(hashlib.sha256(archive.read_bytes()).hexdigest())
    if name is not None:
        return Content(error="data.mnist_other_data", details={"data": name})
    if part.first_image and (change := _change(part, values)):
        return Content(error="data.mnist_turned", details={"change": change})
    return Content(values)


def _digest(part: Part, values: Bytes) -> str:
    """SHA-256 of the unpacked file with these values."""
    sha = hashlib.sha256(part.header)
    sha.update(np.ascontiguousarray(values).data)
    return sha.hexdigest()


def _change(part: Part, images: Bytes) -> Message | str | None:
    """How images differ from MNIST's, if all were turned or inverted in the same way."""
    for inverted in (False, True):
        for turn, undo in _TURNS:
            first = undo(_INK - images[:1] if inverted else images[:1])
            if hashlib.sha256(first.tobytes()).hexdigest() != part.first_image:
                continue
            if _digest(part, undo(_INK - images if inverted else images)) == part.sha256:
                if not inverted:
                    return turn
                code = "data.turned_and_inverted" if turn else "data.inverted"
                return Message(code, {"turn": turn})
    return None
