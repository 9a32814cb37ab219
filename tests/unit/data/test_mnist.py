import gzip
import hashlib
import http.server
import os
import socket
import struct
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from rnn_demo.data import mnist, source
from rnn_demo.settings import SETTINGS


@pytest.mark.parametrize("split", ["train", "test"])
def test_the_map_is_what_torchvision_reads(real_mnist, split):
    from torchvision.datasets import MNIST

    expected = MNIST(SETTINGS.data_folder.read(), train=split == "train")
    digits = mnist.load(split)
    np.testing.assert_array_equal(digits.images, expected.data)
    np.testing.assert_array_equal(digits.labels, expected.targets)
    assert isinstance(digits.images, np.memmap)
    assert source.available() == "mnist"


def test_without_mnist_there_are_synthetic_digits(without_mnist):
    assert mnist.problem() == "MNIST is not here yet: train-images-idx3-ubyte is missing."
    assert source.available() == "synthetic"
    digits = source.load("synthetic", "test")
    assert digits.source == "synthetic"
    assert digits.images.shape == (2_000, 28, 28)
    assert digits.images.dtype == np.uint8


@pytest.fixture
def small_mnist(monkeypatch):
    """MNIST's four files with three images in each split, so that a test can write them."""
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
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name, content in files.items():
        (raw / name).write_bytes(content)
    return raw


def test_whole_files_are_read(small_mnist, tmp_path):
    put(small_mnist, tmp_path)
    assert mnist.problem(tmp_path) is None
    assert mnist.load("test", tmp_path).labels.tolist() == [0, 1, 2]


@pytest.mark.hostile("files of MNIST cut short, empty or zeros")
@pytest.mark.parametrize(
    "damage",
    [lambda content: content[:-1], lambda content: b"\x00" * len(content), lambda _: b""],
    ids=["cut short", "zeros", "empty"],
)
def test_damaged_files_are_never_taken_for_whole_ones(small_mnist, tmp_path, damage):
    raw = put(small_mnist, tmp_path)
    name = "t10k-images-idx3-ubyte"
    (raw / name).write_bytes(damage(small_mnist[name]))
    with pytest.raises(ValueError, match=f"{name} is damaged"):
        mnist.load("test", tmp_path)
    assert "damaged" in mnist.problem(tmp_path)


class Archives(dict[str, bytes]):
    """What a mirror has, and how it sends it."""

    @staticmethod
    def send(handler: http.server.BaseHTTPRequestHandler, archive: bytes) -> None:
        handler.end_headers()
        handler.wfile.write(archive)


@pytest.fixture
def mirror(small_mnist, monkeypatch):
    """A server on loopback that has the small MNIST, and a torchvision that asks it."""
    from torchvision.datasets import MNIST

    archives = Archives({f"/{name}.gz": gzip.compress(it) for name, it in small_mnist.items()})

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            archives.send(self, archives[self.path])

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(MNIST, "mirrors", [f"http://127.0.0.1:{server.server_port}/"])
    digests = [(path[1:], hashlib.md5(data).hexdigest()) for path, data in archives.items()]
    monkeypatch.setattr(MNIST, "resources", digests)
    monkeypatch.setattr("socket.setdefaulttimeout", lambda _: None)
    yield archives
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["closed", "reset"])
def hangs_up(request, mirror, monkeypatch):
    """The second archive breaks off halfway: the names of those that did."""
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
        if request.param == "reset":  # as a router does that is switched off and on
            linger = struct.pack("ii", 1, 0)
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            handler.connection.close()

    monkeypatch.setattr(mirror, "send", send)
    return broken


def test_a_download_is_verified_and_moved_into_place(mirror, tmp_path):
    partial, folder = tmp_path / "partial", tmp_path / "data"
    folder.mkdir()
    mnist.fetch(partial, folder)
    assert mnist.problem(folder) is None


@pytest.mark.hostile("a mirror that gives something else")
def test_a_download_that_is_not_mnist_leaves_nothing(mirror, tmp_path, capsys):
    mirror["/t10k-labels-idx1-ubyte.gz"] = b"something else"
    partial, folder = tmp_path / "partial", tmp_path / "data"
    folder.mkdir()
    assert mnist._main(partial, folder) == 1
    assert "could not be downloaded" in capsys.readouterr().out
    assert list(folder.iterdir()) == []
    assert not partial.exists()


@pytest.mark.hostile("the network gone in mid-download")
def test_a_network_that_goes_in_mid_download_leaves_nothing(mirror, tmp_path, capsys, hangs_up):
    partial, folder = tmp_path / "partial", tmp_path / "data"
    folder.mkdir()
    assert mnist._main(partial, folder) == 1
    said = capsys.readouterr().out
    assert said.startswith("MNIST could not be downloaded: ")
    assert "\n" not in said
    assert hangs_up
    assert list(folder.iterdir()) == []
    assert not partial.exists()


def test_archives_fetched_by_hand_are_unpacked(mirror, tmp_path):
    raw = tmp_path / "data" / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for path, data in mirror.items():
        (raw / path[1:]).write_bytes(data)
    mirror.clear()  # the server has nothing any more
    mnist.fetch(tmp_path / "partial", tmp_path / "data")
    assert mnist.problem(tmp_path / "data") is None


@pytest.mark.hostile("no network at all")
def test_a_download_without_a_network_ends_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    download = mnist.Download(tmp_path / "data")
    deadline = time.monotonic() + 120
    while download.running and time.monotonic() < deadline:
        assert 0 <= download.progress <= 1
        os.sched_yield()
    assert download.problem() == mnist._NO_ANSWER
    assert download.progress == 0  # though the folder it counts in is gone
    assert list((tmp_path / "data").iterdir()) == []


def test_what_killed_downloads_left_goes_after_a_day(tmp_path, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    old, new = (tmp_path / f"{mnist._PARTIAL}{name}" for name in ("old", "new"))
    for folder in (old, new):
        (folder / "MNIST").mkdir(parents=True)
    os.utime(old, (time.time() - 2 * mnist._DAY,) * 2)
    download = mnist.Download(tmp_path)
    assert not old.exists()
    assert new.exists()  # it may still go on
    assert download.problem() == mnist._NO_ANSWER


@pytest.mark.hostile("a torchvision that is broken")
def test_a_broken_torchvision_costs_mnist_and_one_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(__import__("sys").modules, "torchvision.datasets", None)
    assert mnist._main(tmp_path / "partial", tmp_path) == 1
    said = capsys.readouterr().out
    assert "pair built for each other" in said
    assert "pip install -r requirements.txt" in said
