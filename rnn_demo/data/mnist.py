"""The real MNIST, stored as `torchvision.datasets.MNIST` stores it.

torchvision downloads, verifies and unpacks the archives. The unpacked files are then mapped
into memory, which all processes of the machine share. Importing torchvision takes seconds and
170 MB, so only the download imports it, in a process of its own.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from rnn_demo.data.digits import Digits
from rnn_demo.formats.files import MissingFileError, describe_os_error
from rnn_demo.messages import CodedError, InputError, Message
from rnn_demo.settings import SETTINGS

Split = Literal["train", "test"]

# Name, magic number and shape of each file in MNIST/raw.
_IMAGES_MAGIC, _LABELS_MAGIC = 0x803, 0x801
_FILES: dict[Split, tuple[tuple[str, int, tuple[int, ...]], ...]] = {
    "train": (
        ("train-images-idx3-ubyte", _IMAGES_MAGIC, (60_000, 28, 28)),
        ("train-labels-idx1-ubyte", _LABELS_MAGIC, (60_000,)),
    ),
    "test": (
        ("t10k-images-idx3-ubyte", _IMAGES_MAGIC, (10_000, 28, 28)),
        ("t10k-labels-idx1-ubyte", _LABELS_MAGIC, (10_000,)),
    ),
}
_ARCHIVE_BYTES, _UNPACKED_BYTES = 11_594_722, 54_950_048  # of the four files together
CONNECTION_TIMEOUT_S = 10
_PARTIAL_PREFIX = ".download-"  # of the folder that a download fills
_STALE_AFTER_S = 86_400


def error_message(folder: Path | None = None) -> Message | None:
    """Why MNIST cannot be read from a folder; None if it can.

    Args:
        folder: that holds MNIST, by default the setting `data_folder`.
    """
    try:
        for split in _FILES:
            load(split, folder)
    except CodedError as error:
        return error.message
    except OSError as error:
        return describe_os_error(error)
    return None


def load(split: Split, folder: Path | None = None) -> Digits:
    """One split of MNIST, mapped into memory.

    Args:
        split: "train" (60,000 images) or "test" (10,000).
        folder: that holds MNIST, by default the setting `data_folder`.

    Raises:
        MissingFileError: MNIST is not in the folder.
        InputError: a file differs in size or header from the original.
    """
    raw = (folder or SETTINGS.data_folder.read()) / "MNIST" / "raw"
    images, labels = (_map(raw / name, magic, shape) for name, magic, shape in _FILES[split])
    return Digits(images, labels, "mnist")


def _map(path: Path, magic: int, shape: tuple[int, ...]) -> npt.NDArray[np.uint8]:
    """Map a file in the IDX format: magic number and sizes, big-endian, then one byte a value."""
    if not path.is_file():
        raise MissingFileError("data.mnist_missing", file=path.name)
    header = np.array([magic, *shape], ">i4")
    n_bytes = header.nbytes + int(np.prod(shape))
    with path.open("rb") as file:
        intact = file.read(header.nbytes) == header.tobytes()
    if not intact or path.stat().st_size != n_bytes:
        raise InputError("data.mnist_damaged", file=path.name)
    return np.memmap(path, np.uint8, "r", header.nbytes, shape)


@dataclass
class Download:
    """A download of MNIST, which runs in a process of its own.

    The files arrive in a temporary folder. It is renamed only when all files are there and
    verified, so that an interrupted download never looks complete.

    Attributes:
        folder: the data folder, by default the setting `data_folder`.
    """

    folder: Path = field(default_factory=SETTINGS.data_folder.read)
    _process: subprocess.Popen[str] = field(init=False)
    _partial: Path = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        _remove_stale_downloads(self.folder)
        self._partial = Path(tempfile.mkdtemp(prefix=_PARTIAL_PREFIX, dir=self.folder))
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, self._partial, self.folder],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    @property
    def running(self) -> bool:
        """Whether the download is still running."""
        return self._process.poll() is None

    @property
    def progress(self) -> float:
        """The fraction that has been downloaded and unpacked, from 0 to 1."""
        n_bytes = 0
        # The other process moves or removes files meanwhile; os.walk skips missing folders.
        for folder, _, names in os.walk(self._partial):
            for name in names:
                with contextlib.suppress(FileNotFoundError):
                    n_bytes += Path(folder, name).stat().st_size
        return min(n_bytes / (_ARCHIVE_BYTES + _UNPACKED_BYTES), 1)

    def error_message(self) -> Message | None:
        """Why the finished download failed; None if it succeeded. Waits for the process."""
        output, _ = self._process.communicate()
        shutil.rmtree(self._partial, ignore_errors=True)
        if self._process.returncode == 0:
            return None
        try:
            return Message.from_json(json.loads(output))
        except ValueError:
            return Message("data.download_stopped")


def _remove_stale_downloads(folder: Path) -> None:
    """Remove what killed downloads left behind; a recent one may still be running."""
    for partial in folder.glob(f"{_PARTIAL_PREFIX}*"):
        if partial.stat().st_mtime < time.time() - _STALE_AFTER_S:
            shutil.rmtree(partial, ignore_errors=True)


def fetch(partial: Path, folder: Path) -> None:
    """Download MNIST into `partial`, verify it, and move it into `folder`.

    Archives that already lie in `folder/MNIST/raw` are verified and unpacked instead of being
    downloaded again.

    Raises:
        ImportError: torchvision cannot be imported.
        RuntimeError: no mirror delivered intact files.
        OSError: the disk or the network failed.
    """
    import socket

    from torchvision.datasets import MNIST

    raw = partial / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for archive in (folder / "MNIST" / "raw").glob("*.gz"):
        shutil.copy(archive, raw)
    socket.setdefaulttimeout(CONNECTION_TIMEOUT_S)
    with contextlib.redirect_stdout(None):
        MNIST(partial, download=True)
    shutil.rmtree(folder / "MNIST", ignore_errors=True)
    (partial / "MNIST").rename(folder / "MNIST")


def _main(partial: Path, folder: Path) -> int:
    """Fetch MNIST; on failure print the error message as JSON. Returns the exit status."""
    try:
        fetch(partial, folder)
    except (ImportError, RuntimeError) as error:
        # If torch and torchvision are builds that do not belong together, the import raises
        # the RuntimeError "operator torchvision::nms does not exist".
        import_failed = isinstance(error, ImportError) or "torchvision::" in str(error)
        return _fail(Message("data.no_torchvision" if import_failed else "data.no_mirror"))
    except OSError as error:
        return _fail(Message("data.download_failed", {"reason": describe_os_error(error)}))
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return 0


def _fail(message: Message) -> int:
    sys.stdout.write(json.dumps(message.to_json()))
    return 1


if __name__ == "__main__":
    sys.exit(_main(Path(sys.argv[1]), Path(sys.argv[2])))
