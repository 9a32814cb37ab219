import gzip
import hashlib
import http.server
import json
import os
import socket
import struct
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from rnn_demo.data import mnist, source
from rnn_demo.messages import InputError, Message
from rnn_demo.settings import SETTINGS


@pytest.mark.parametrize("split", ["train", "test"])
def test_load_returns_what_torchvision_reads(real_mnist, split):
    from torchvision.datasets import MNIST

    expected = MNIST(SETTINGS.data_folder.read(), train=split == "train")
    digits = mnist.load(split)
    np.testing.assert_array_equal(digits.images, expected.data)
    np.testing.assert_array_equal(digits.labels, expected.targets)
    assert isinstance(digits.images, np.memmap)
    assert source.available() == "mnist"


def test_without_mnist_the_source_is_synthetic(without_mnist):
    message = mnist.error_message()
    assert message is not None
    assert message.code == "data.mnist_missing"
    assert message.values == {"file": "train-images-idx3-ubyte"}
    with pytest.raises(FileNotFoundError):
        mnist.load("test")
    assert source.available() == "synthetic"
    digits = source.load("synthetic", "test")
    assert digits.source == "synthetic"
    assert digits.images.shape == (2_000, 28, 28)
    assert digits.images.dtype == np.uint8
    for array in (digits.images, digits.labels):  # all visitors share them
        assert not array.flags.writeable


@pytest.fixture
def small_mnist(monkeypatch):
    """The content of MNIST's four files by name, with only three images in each split."""
    shapes = {"train-images-idx3-ubyte": (3, 28, 28), "train-labels-idx1-ubyte": (3,)}
    shapes |= {name.replace("train", "t10k"): shape for name, shape in shapes.items()}
    magic = {3: 0x803, 1: 0x801}
    files = {
        name: np.array([magic[len(shape)], *shape], ">i4").tobytes()
        + bytes(i % 10 for i in range(int(np.prod(shape))))
        for name, shape in shapes.items()
    }
    for split, prefix in (("train", "train"), ("test", "t10k")):
        entry = tuple(
            (name, magic[len(shape)], shape)
            for name, shape in shapes.items()
            if name.startswith(prefix)
        )
        monkeypatch.setitem(mnist._FILES, split, entry)
    return files


def put(files: dict[str, bytes], folder: Path) -> Path:
    """Write the files where torchvision would; returns their folder."""
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name, content in files.items():
        (raw / name).write_bytes(content)
    return raw


def test_intact_files_are_read(small_mnist, tmp_path):
    put(small_mnist, tmp_path)
    assert mnist.error_message(tmp_path) is None
    assert mnist.load("test", tmp_path).labels.tolist() == [0, 1, 2]


@pytest.mark.hostile("files of MNIST cut short, empty or zeros")
@pytest.mark.parametrize(
    "damage",
    [lambda content: content[:-1], lambda content: b"\x00" * len(content), lambda _: b""],
    ids=["cut short", "zeros", "empty"],
)
def test_damaged_files_are_refused(small_mnist, tmp_path, damage):
    raw = put(small_mnist, tmp_path)
    name = "t10k-images-idx3-ubyte"
    (raw / name).write_bytes(damage(small_mnist[name]))
    with pytest.raises(InputError) as error:
        mnist.load("test", tmp_path)
    assert error.value.message == Message("data.mnist_damaged", {"file": name})
    assert mnist.error_message(tmp_path) == error.value.message


def printed_code(capsys) -> str:
    """The code of the message that a download printed."""
    return Message.from_json(json.loads(capsys.readouterr().out)).code


class Archives(dict[str, bytes]):
    """The archives of a mirror by path, and how it sends one."""

    @staticmethod
    def send(handler: http.server.BaseHTTPRequestHandler, archive: bytes) -> None:
        handler.end_headers()
        handler.wfile.write(archive)


@pytest.fixture
def mirror(small_mnist, monkeypatch):
    """A local server with the small MNIST, which torchvision uses as its mirror."""
    from torchvision.datasets import MNIST

    archives = Archives(
        {f"/{name}.gz": gzip.compress(content) for name, content in small_mnist.items()}
    )

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            archives.send(self, archives[self.path])

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setattr(MNIST, "mirrors", [f"http://127.0.0.1:{server.server_port}/"])
    digests = [(path[1:], hashlib.md5(data).hexdigest()) for path, data in archives.items()]
    monkeypatch.setattr(MNIST, "resources", digests)
    monkeypatch.setattr("socket.setdefaulttimeout", lambda _: None)
    yield archives
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["closed", "reset"])
def hangs_up(request, mirror, monkeypatch):
    """The mirror hangs up in the middle of the second archive; the paths where it did so."""
    broken = []

    def send(handler, archive: bytes) -> None:
        handler.send_header("Content-Length", str(len(archive)))
        handler.end_headers()
        if "train-labels" not in handler.path:
            handler.wfile.write(archive)
            return
        broken.append(handler.path)
        handler.wfile.write(archive[: len(archive) // 2])
        handler.wfile.flush()
        if request.param == "reset":  # as a router does when it restarts
            linger = struct.pack("ii", 1, 0)
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            handler.connection.close()

    monkeypatch.setattr(mirror, "send", send)
    return broken


def test_a_download_is_verified_and_moved_into_place(mirror, tmp_path):
    partial, folder = tmp_path / "partial", tmp_path / "data"
    folder.mkdir()
    mnist.fetch(partial, folder)
    assert mnist.error_message(folder) is None


@pytest.mark.hostile("a mirror that gives something else")
def test_a_download_of_something_else_leaves_nothing(mirror, tmp_path, capsys):
    mirror["/t10k-labels-idx1-ubyte.gz"] = b"something else"
    partial, folder = tmp_path / "partial", tmp_path / "data"
    folder.mkdir()
    assert mnist._main(partial, folder) == 1
    assert printed_code(capsys) == "data.no_mirror"
    assert list(folder.iterdir()) == []
    assert not partial.exists()


@pytest.mark.hostile("the network gone in mid-download")
def test_a_connection_that_breaks_leaves_nothing(mirror, tmp_path, capsys, hangs_up):
    partial, folder = tmp_path / "partial", tmp_path / "data"
    folder.mkdir()
    assert mnist._main(partial, folder) == 1
    assert printed_code(capsys) in {"data.no_mirror", "data.download_failed"}
    assert hangs_up
    assert list(folder.iterdir()) == []
    assert not partial.exists()


def test_archives_that_are_already_there_are_unpacked(mirror, tmp_path):
    raw = tmp_path / "data" / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for path, data in mirror.items():
        (raw / path[1:]).write_bytes(data)
    mirror.clear()  # the mirror is now empty
    mnist.fetch(tmp_path / "partial", tmp_path / "data")
    assert mnist.error_message(tmp_path / "data") is None


@pytest.mark.process
@pytest.mark.hostile("no network at all")
def test_a_download_without_a_network_ends_with_a_message(tmp_path, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    download = mnist.Download(tmp_path / "data")
    deadline = time.monotonic() + 120
    while download.running and time.monotonic() < deadline:
        assert 0 <= download.progress <= 1
        os.sched_yield()
    assert download.error_message() == Message("data.no_mirror")
    assert download.progress == 0  # the folder that it measures is gone
    assert list((tmp_path / "data").iterdir()) == []


@pytest.mark.process
def test_the_rest_of_a_killed_download_is_removed_after_a_day(tmp_path, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    old, new = (tmp_path / f"{mnist._PARTIAL_PREFIX}{name}" for name in ("old", "new"))
    for folder in (old, new):
        (folder / "MNIST").mkdir(parents=True)
    os.utime(old, (time.time() - 2 * mnist._STALE_AFTER_S,) * 2)
    download = mnist.Download(tmp_path)
    assert not old.exists()
    assert new.exists()  # it may still be running
    assert download.error_message() == Message("data.no_mirror")


@pytest.mark.hostile("a torchvision that is broken")
def test_without_torchvision_a_download_ends_with_a_message(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(__import__("sys").modules, "torchvision.datasets", None)
    assert mnist._main(tmp_path / "partial", tmp_path) == 1
    assert printed_code(capsys) == "data.no_torchvision"


@pytest.mark.process
@pytest.mark.hostile("a download that is killed")
def test_a_killed_download_ends_with_a_message(tmp_path, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    download = mnist.Download(tmp_path)
    download._process.kill()
    assert download.error_message() == Message("data.download_stopped")
    assert list(tmp_path.iterdir()) == []
