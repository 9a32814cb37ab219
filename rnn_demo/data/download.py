"""The download of MNIST, in a process of its own.

Only the four files are ever written, each in one step, and only when all that are needed have
arrived and have MNIST's digests. Nothing is deleted.
"""

import contextlib
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, build_opener, getproxies, proxy_bypass

from rnn_demo.data import mnist
from rnn_demo.data.mnist_files import PARTS, Part, candidates, raw_folder, read
from rnn_demo.formats.files import describe_os_error, write_whole
from rnn_demo.messages import InputError, Message

# The first is torchvision's, the second TensorFlow's; both have the same archives.
MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
CONNECTION_TIMEOUT_S = 10
_CHUNK_BYTES = 2**16
_ARCHIVE_BYTES, _UNPACKED_BYTES = 11_594_722, 54_950_048  # of the four files together
_PARTIAL_PREFIX = ".download-"  # of the folder that a download fills
_STALE_AFTER_S = 86_400


@dataclass
class Download:
    """A running download of MNIST.

    The files arrive in a temporary folder, so that an interrupted download never looks complete.

    Attributes:
        folder: the data folder, by default the setting `data_folder`.
    """

    folder: Path = field(default_factory=mnist.data_folder)
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
    """Download what is missing of MNIST into `partial`, then put it into `folder`.

    A file whose content is MNIST's already stays as it is, wherever it lies.

    Args:
        partial: folder for what arrives.
        folder: the data folder.

    Raises:
        InputError: no mirror delivered one of the files; says why the first one did not.
        OSError: the disk failed.
    """
    partial.mkdir(exist_ok=True)
    needed = [part for parts in PARTS.values() for part in parts if not _is_there(part, folder)]
    for part in needed:
        _fetch_part(part, partial)
    raw = raw_folder(folder)
    raw.mkdir(parents=True, exist_ok=True)
    for part in needed:
        _put(partial / part.name, raw / part.name)


def _put(arrived: Path, target: Path) -> None:
    """Move a file to its place, in one step even where that is on another disk."""
    write_whole(target, lambda temporary: shutil.move(arrived, temporary))


def _is_there(part: Part, folder: Path) -> bool:
    paths = (path for path in candidates(part, folder) if path.is_file())
    return any(read(part, path).is_mnist for path in paths)


def _fetch_part(part: Part, partial: Path) -> None:
    """Download and unpack one file.

    Raises:
        InputError: no mirror delivered it.
        OSError: the disk failed.
    """
    archive = partial / f"{part.name}.gz"
    reasons = []
    for mirror in MIRRORS:
        try:
            _get(f"{mirror}{archive.name}", archive, part)
        except InputError as error:
            reasons.append(error)
            continue
        archive.unlink()
        return
    raise reasons[0]


def _get(url: str, archive: Path, part: Part) -> None:
    """Download an archive and unpack it beside itself."""
    request = Request(url, headers={"User-Agent": "rnn_demo"})
    with _network_errors(url):
        response = build_opener().open(request, timeout=CONNECTION_TIMEOUT_S)
    n_bytes = 0
    with response, archive.open("wb") as file:
        while True:
            with _network_errors(url):
                chunk = response.read(_CHUNK_BYTES)
            if not chunk or n_bytes > part.n_bytes:
                break
            n_bytes += file.write(chunk)
        if response.length:  # bytes that were promised and did not come
            raise InputError("data.download_broke_off", host=_host(url), file=archive.name)
    content = read(part, archive)
    if not content.is_mnist or content.values is None:
        raise InputError("data.download_altered", host=_host(url), file=archive.name)
    archive.with_suffix("").write_bytes(part.header + content.values.tobytes())


@contextlib.contextmanager
def _network_errors(url: str) -> Iterator[None]:
    """Raise what goes wrong with the network as an InputError that says what it is."""
    try:
        yield
    except HTTPError as error:
        raise _status_error(url, error.code) from error
    except (OSError, http.client.HTTPException) as error:
        reason = error.reason if isinstance(error, URLError) else error
        raise _connection_error(url, reason) from error


def _status_error(url: str, status: int) -> InputError:
    """What an HTTP status means."""
    values = {"host": _host(url), "status": status}
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return _login_error(_proxy(url))
    if status in (401, 403, 451):
        return InputError("data.download_forbidden", **values)
    if status in (404, 410):
        return InputError("data.download_not_there", file=url.rpartition("/")[2], **values)
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= 500:
        return InputError("data.download_busy", **values)
    return InputError("data.download_status", **values)


def _connection_error(url: str, reason: object) -> InputError:
    """What it means that a connection failed, or broke."""
    host, proxy = _host(url), _proxy(url)
    if tunnel := re.search(r"Tunnel connection failed: (\d+)", str(reason)):
        status = int(tunnel[1])
        if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
            return _login_error(proxy)
        return InputError("data.proxy_refuses", proxy=proxy, host=host, status=status)
    if isinstance(reason, ssl.SSLCertVerificationError):
        return InputError("data.certificate", host=host, reason=reason.verify_message)
    if isinstance(reason, ssl.SSLError):
        return InputError("data.no_secure_connection", host=host, reason=_words(reason))
    if isinstance(reason, http.client.HTTPException | ConnectionResetError | BrokenPipeError):
        return InputError("data.download_broke_off", host=host, file=url.rpartition("/")[2])
    if proxy:
        return InputError("data.proxy_unreachable", proxy=proxy, reason=_words(reason))
    if isinstance(reason, socket.gaierror):
        return InputError("data.name_unknown", host=host, reason=_words(reason))
    if isinstance(reason, TimeoutError):
        return InputError("data.download_timeout", host=host, seconds=CONNECTION_TIMEOUT_S)
    return InputError("data.host_unreachable", host=host, reason=_words(reason))


def _login_error(proxy: str) -> InputError:
    return InputError("data.proxy_login", proxy=proxy, example=f"http://name:password@{proxy}")


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def _proxy(url: str) -> str:
    """Host and port of the proxy that an address is asked through, without a password; or ""."""
    parts = urlsplit(url)
    proxy = getproxies().get(parts.scheme, "")
    if not proxy or proxy_bypass(parts.netloc):
        return ""
    return urlsplit(proxy if "//" in proxy else f"//{proxy}").netloc.rpartition("@")[2]


def _words(reason: object) -> str:
    """What an error of the system says, without its number."""
    text = getattr(reason, "strerror", None) or str(reason)
    return str(text).removesuffix(".")


def _main(partial: Path, folder: Path) -> int:
    """Fetch MNIST; on failure print the error message as JSON. Returns the exit status."""
    try:
        fetch(partial, folder)
    except InputError as error:
        return _fail(error.message)
    except OSError as error:
        return _fail(Message("data.cannot_store", {"reason": describe_os_error(error)}))
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return 0


def _fail(message: Message) -> int:
    sys.stdout.write(json.dumps(message.to_json()))
    return 1


if __name__ == "__main__":
    sys.exit(_main(Path(sys.argv[1]), Path(sys.argv[2])))
