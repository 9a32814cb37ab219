"""The real MNIST, in the layout of `torchvision.datasets.MNIST`.

torchvision downloads, verifies and unpacks the archives; the files it leaves are then mapped
into memory as they are, which every process on the machine shares. torchvision itself costs
170 MB and seconds to import, so it is imported for the download alone, in a process of its
own.
"""

import contextlib
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
from rnn_demo.settings import SETTINGS

Split = Literal["train", "test"]

# Name, magic number and shape of each file torchvision leaves in MNIST/raw.
_IMAGES, _LABELS = 0x803, 0x801
_FILES: dict[Split, tuple[tuple[str, int, tuple[int, ...]], ...]] = {
    "train": (
        ("train-images-idx3-ubyte", _IMAGES, (60_000, 28, 28)),
        ("train-labels-idx1-ubyte", _LABELS, (60_000,)),
    ),
    "test": (
        ("t10k-images-idx3-ubyte", _IMAGES, (10_000, 28, 28)),
        ("t10k-labels-idx1-ubyte", _LABELS, (10_000,)),
    ),
}
# Bytes of the four archives and of the four files unpacked from them.
_DOWNLOAD_BYTES = 11_594_722 + 54_950_048
CONNECTION_LIMIT = 10  # seconds
_PARTIAL = ".download-"  # how the name of a download's folder begins
_DAY = 86_400  # seconds


def problem(folder: Path | None = None) -> str | None:
    """Why MNIST cannot be read from a folder, in one sentence; None where it can."""
    try:
        for split in _FILES:
            load(split, folder)
    except (OSError, ValueError) as error:
        return str(error)
    return None


def load(split: Split, folder: Path | None = None) -> Digits:
    """Map one split of MNIST into memory.

    Args:
        split: "train" (60,000 images) or "test" (10,000).
        folder: that holds MNIST, by default the setting `data_folder`.

    Raises:
        FileNotFoundError: MNIST is not there.
        ValueError: a file is there, but not as MNIST's authors made it.
    """
    raw = (folder or SETTINGS.data_folder.read()) / "MNIST" / "raw"
    images, labels = (_map(raw / name, magic, shape) for name, magic, shape in _FILES[split])
    return Digits(images, labels, "mnist")


def _map(path: Path, magic: int, shape: tuple[int, ...]) -> npt.NDArray[np.uint8]:
    """Map a file of MNIST's IDX format: big-endian magic number and sizes, then bytes."""
    if not path.is_file():
        raise FileNotFoundError(f"MNIST is not here yet: {path.name} is missing.")
    header = np.array([magic, *shape], ">i4")
    expected = header.nbytes + int(np.prod(shape))
    with path.open("rb") as file:
        intact = file.read(header.nbytes) == header.tobytes()
    if not intact or path.stat().st_size != expected:
        raise ValueError(f"MNIST's file {path.name} is damaged: delete it and download it again.")
    return np.memmap(path, np.uint8, "r", header.nbytes, shape)


@dataclass
class Download:
    """A download of MNIST, in a process of its own.

    The files arrive in a folder beside the final one, which takes its name only when all are
    there and verified: a download that broke off is never taken for a whole one.

    Attributes:
        folder: where MNIST will live.
    """

    folder: Path = field(default_factory=SETTINGS.data_folder.read)
    _process: subprocess.Popen[str] = field(init=False)
    _partial: Path = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        _sweep(self.folder)
        self._partial = Path(tempfile.mkdtemp(prefix=_PARTIAL, dir=self.folder))
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, self._partial, self.folder],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    @property
    def running(self) -> bool:
        """Whether the download is still going on."""
        return self._process.poll() is None

    @property
    def progress(self) -> float:
        """How much has arrived and been unpacked, from 0 to 1."""
        arrived = 0
        # The files are moved, or removed after a failure, by the other process while we look:
        # os.walk passes over folders that are gone.
        for folder, _, names in os.walk(self._partial):
            for name in names:
                with contextlib.suppress(FileNotFoundError):
                    arrived += Path(folder, name).stat().st_size
        return min(arrived / _DOWNLOAD_BYTES, 1)

    def problem(self) -> str | None:
        """Why a download that is no longer running failed, in one sentence; None if it did not."""
        said, _ = self._process.communicate()
        shutil.rmtree(self._partial, ignore_errors=True)
        if self._process.returncode == 0:
            return None
        return said.strip() or "The download of MNIST broke off; try it again."


def _sweep(folder: Path) -> None:
    """Remove what is left of downloads that were killed; one of today may still go on."""
    for partial in folder.glob(f"{_PARTIAL}*"):
        if partial.stat().st_mtime < time.time() - _DAY:
            shutil.rmtree(partial, ignore_errors=True)


def fetch(partial: Path, folder: Path) -> None:
    """Download MNIST into `partial`, verify it, and move it into `folder`.

    Archives that somebody put into `folder/MNIST/raw` by hand are verified and unpacked
    instead of being downloaded.

    Raises:
        ImportError: torchvision cannot be imported.
        RuntimeError: no mirror gave the files as they should be.
        OSError: the disk or the network failed.
    """
    import socket

    from torchvision.datasets import MNIST

    raw = partial / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for archive in (folder / "MNIST" / "raw").glob("*.gz"):
        shutil.copy(archive, raw)
    socket.setdefaulttimeout(CONNECTION_LIMIT)
    with contextlib.redirect_stdout(None):
        MNIST(partial, download=True)
    shutil.rmtree(folder / "MNIST", ignore_errors=True)
    (partial / "MNIST").rename(folder / "MNIST")


def _main(partial: Path, folder: Path) -> int:
    """Fetch, and print one sentence if that fails."""
    try:
        fetch(partial, folder)
    except (ImportError, RuntimeError) as error:
        # A torch and a torchvision of different builds fail with "operator torchvision::nms
        # does not exist".
        broken = isinstance(error, ImportError) or "torchvision::" in str(error)
        sys.stdout.write(_TORCHVISION_BROKEN if broken else _NO_ANSWER)
        return 1
    except OSError as error:
        sys.stdout.write(f"MNIST could not be downloaded: {error.strerror or error}.")
        return 1
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return 0


_NO_ANSWER = "MNIST could not be downloaded: no server gave it whole. Is there a network?"
_TORCHVISION_BROKEN = (
    "Downloading MNIST needs torchvision, which cannot be imported here: torch and torchvision "
    "must be a pair built for each other. Run: pip install -r requirements.txt"
)

if __name__ == "__main__":
    sys.exit(_main(Path(sys.argv[1]), Path(sys.argv[2])))
