"""The real MNIST: where its files are, and whether they are other data under its names.

Unpacked files are mapped into memory, which all processes of the machine share. An archive is
unpacked into memory.
"""

from pathlib import Path

from rnn_demo.data.digits import Digits, Split
from rnn_demo.data.mnist_files import (
    PARTS,
    Content,
    Part,
    candidates,
    raw_folder,
    read,
)
from rnn_demo.formats.files import MissingFileError, describe_os_error
from rnn_demo.messages import CodedError, InputError, Message
from rnn_demo.settings import SETTINGS

# `Digits.digest` of both splits.
DIGESTS: dict[Split, str] = {
    "train": "edc0d1098aa497be14ace79ddd5171e5a3dcf9c4d196c015389203eb3ba1f59b",
    "test": "c3f9adf9c66efb572b1f9326c3a511b45910c7173b97be66ceceeeeaef6b802b",
}


def data_folder(folder: Path | None = None) -> Path:
    """The folder that is searched for MNIST, absolute.

    Args:
        folder: that holds MNIST, by default the setting `data_folder`. Where it is a file, its
            folder is searched.
    """
    absolute = (folder or SETTINGS.data_folder.read()).absolute()
    return absolute.parent if absolute.is_file() else absolute


def error_message(folder: Path | None = None) -> Message | None:
    """Why MNIST cannot be read from a folder; None if it can.

    Args:
        folder: see `data_folder`.
    """
    try:
        for split in PARTS:
            load(split, folder)
    except CodedError as error:
        return error.message
    except OSError as error:
        values = {"name": str(data_folder(folder)), "reason": describe_os_error(error)}
        return Message("files.unreadable", values)
    return None


def doubt(folder: Path | None = None) -> Message | None:
    """That the files can be read, but are not MNIST's; None if they are, or cannot be read.

    Args:
        folder: see `data_folder`.
    """
    if error_message(folder):
        return None
    searched = data_folder(folder)
    differing = [
        _shown(path, searched)
        for part in _all_parts()
        for path, content in [_find(part, searched)]
        if not content.is_mnist
    ]
    if not differing:
        return None
    values = {"n": len(differing), "files": ", ".join(differing), "folder": str(searched)}
    return Message("data.not_mnist", values)


def load(split: Split, folder: Path | None = None) -> Digits:
    """One split of MNIST.

    Args:
        split: "train" (60,000 images) or "test" (10,000).
        folder: see `data_folder`.

    Raises:
        MissingFileError: one of the four files is not in the folder.
        InputError: a file is damaged, holds another data set, or MNIST's images turned.
        OSError: a file or folder cannot be read.
    """
    searched = data_folder(folder)
    images, labels = (_content(part, searched).values for part in PARTS[split])
    assert images is not None
    assert labels is not None
    return Digits(images, labels, "mnist")


def by_hand(folder: Path | None = None) -> Message:
    """How to put MNIST into a folder without the download.

    Args:
        folder: see `data_folder`.
    """
    files = ", ".join(part.name for part in _all_parts())
    return Message("data.by_hand", {"files": files, "folder": str(raw_folder(data_folder(folder)))})


def _all_parts() -> list[Part]:
    return [part for parts in PARTS.values() for part in parts]


def _content(part: Part, folder: Path) -> Content:
    """The content of one of the files, which can be used.

    Raises:
        MissingFileError, InputError, OSError: as `load`.
    """
    try:
        path, content = _find(part, folder)
    except FileNotFoundError as error:
        raise _missing(folder) from error
    if content.error:
        values = {"file": _shown(path, folder), "folder": str(folder)}
        raise InputError(content.error, **values, **content.details)
    return content


def _find(part: Part, folder: Path) -> tuple[Path, Content]:
    """The first path that holds a file that can be used, or else the first of all.

    Raises:
        FileNotFoundError: there is none.
    """
    first: tuple[Path, Content] | None = None
    for path in candidates(part, folder):
        if not path.is_file():
            continue
        found = path, read(part, path)
        if not found[1].error:
            return found
        first = first or found
    if first is None:
        raise FileNotFoundError(part.name)
    return first


def _missing(folder: Path) -> MissingFileError:
    """What to say of a folder that lacks at least one of the four files."""
    missing, dangling = [], []
    for part in _all_parts():
        paths = list(candidates(part, folder))
        if not any(path.is_file() for path in paths):
            missing.append(part.name)
            dangling += [path for path in paths if path.is_symlink()]
    if dangling:
        file = _shown(dangling[0], folder)
        return MissingFileError("data.mnist_dangling", file=file, folder=str(folder))
    if len(missing) == len(_all_parts()):
        return MissingFileError("data.mnist_missing", folder=str(folder))
    return MissingFileError(
        "data.mnist_incomplete", n=len(missing), files=", ".join(missing), folder=str(folder)
    )


def _shown(path: Path, folder: Path) -> str:
    """A path as seen from the data folder; by its name if it lies beside it."""
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else path.name
