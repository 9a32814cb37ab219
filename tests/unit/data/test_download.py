"""The download of MNIST, from real servers on this machine."""

import gzip
import http.server
import json
import os
import socket
import ssl
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rnn_demo.data import download, mnist
from rnn_demo.messages import Message
from tests.unit.data.conftest import put

Handler = http.server.BaseHTTPRequestHandler
TRAIN, LAST = "train-images-idx3-ubyte", "t10k-labels-idx1-ubyte"


class Mirror:
    """A server with the archives of the small MNIST.

    Attributes:
        archives: by path.
        asked: the paths that were asked for.
        send: sends an archive, or something else in its place.
    """

    def __init__(self, files: dict[str, bytes]) -> None:
        self.archives = {f"/{name}.gz": gzip.compress(data) for name, data in files.items()}
        self.asked: list[str] = []
        self.send: Callable[[Handler, bytes], None] = send_whole
        mirror = self

        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = "/" + self.path.rpartition("/")[2]
                mirror.asked.append(path)
                mirror.send(self, mirror.archives[path])

            def do_CONNECT(self) -> None:
                mirror.send(self, b"")

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"

    def start(self) -> None:
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def send_whole(handler: Handler, content: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def send_status(status: int) -> Callable[[Handler, bytes], None]:
    def send(handler: Handler, _: bytes) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return send


def send_half(handler: Handler, content: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content[: len(content) // 2])


def send_half_and_reset(handler: Handler, content: bytes) -> None:
    """As a router does when it restarts."""
    send_half(handler, content)
    handler.wfile.flush()
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def mirror(small_mnist, monkeypatch) -> Iterator[Mirror]:
    """The only mirror."""
    mirror = Mirror(small_mnist)
    monkeypatch.setattr(download, "MIRRORS", (f"http://{mirror.address}/",))
    mirror.start()
    yield mirror
    mirror.stop()


@pytest.fixture
def folder(tmp_path) -> Path:
    """The data folder."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def failure(tmp_path, folder, capsys) -> Callable[[], Message]:
    """Download, which fails and leaves nothing; returns the message."""

    def fail() -> Message:
        assert download._main(tmp_path / "partial", folder) == 1
        assert list(folder.iterdir()) == []
        assert not (tmp_path / "partial").exists()
        return Message.from_json(json.loads(capsys.readouterr().out))

    return fail


def test_a_download_is_verified_and_put_in_place(mirror, tmp_path, folder):
    assert download._main(tmp_path / "partial", folder) == 0
    assert mnist.error_message(folder) is None
    assert mnist.doubt(folder) is None
    assert [path.name for path in folder.iterdir()] == ["MNIST"]
    assert not (tmp_path / "partial").exists()


def test_only_the_four_files_are_replaced(mirror, small_mnist, tmp_path, folder):
    raw = put(small_mnist, folder)
    (raw / TRAIN).write_bytes(b"something else")
    outside = tmp_path / "outside"
    outside.write_bytes(b"of somebody else")
    (raw / LAST).unlink()
    (raw / LAST).symlink_to(outside)
    others = [raw / "notes.txt", raw / f"{TRAIN}.old", raw.parent / "processed" / "training.pt"]
    for path in others:
        path.parent.mkdir(exist_ok=True)
        path.write_text(path.name)
    untouched = (raw / "t10k-images-idx3-ubyte").stat()
    download.fetch(tmp_path / "partial", folder)
    assert {path.name: path.read_bytes() for path in raw.iterdir() if path.name in small_mnist} == (
        small_mnist
    )
    assert [path.read_text() for path in others] == [path.name for path in others]
    assert outside.read_bytes() == b"of somebody else"
    assert (raw / "t10k-images-idx3-ubyte").stat() == untouched
    assert mirror.asked == [f"/{TRAIN}.gz", f"/{LAST}.gz"]  # nothing that was there already


def test_a_download_that_breaks_off_leaves_the_old_files(mirror, small_mnist, tmp_path, folder):
    raw = put(dict.fromkeys(small_mnist, b"old"), folder)
    mirror.archives[f"/{LAST}.gz"] = b"something else"
    assert download._main(tmp_path / "partial", folder) == 1
    assert {path.name: path.read_bytes() for path in raw.iterdir()} == (
        dict.fromkeys(small_mnist, b"old")
    )


def test_files_that_lie_elsewhere_are_not_downloaded_again(mirror, small_mnist, tmp_path, folder):
    for name, content in small_mnist.items():
        if name != LAST:
            (folder / f"{name}.gz").write_bytes(gzip.compress(content))
    download.fetch(tmp_path / "partial", folder)
    assert mirror.asked == [f"/{LAST}.gz"]
    assert mnist.error_message(folder) is None


@pytest.mark.parametrize("inside", ["MNIST", "MNIST/raw"])
def test_a_setting_that_points_too_deep_is_filled_where_torchvision_looks(
    mirror, small_mnist, tmp_path, inside
):
    (tmp_path / "partial").mkdir()
    download.fetch(tmp_path / "partial", tmp_path / inside)
    found = {path.name for path in (tmp_path / "MNIST" / "raw").iterdir()}
    assert found == set(small_mnist)


def test_another_mirror_is_asked(mirror, small_mnist, tmp_path, folder, monkeypatch):
    dead = f"http://127.0.0.1:{closed_port()}/"
    monkeypatch.setattr(download, "MIRRORS", (dead, *download.MIRRORS))
    download.fetch(tmp_path / "partial", folder)
    assert mnist.error_message(folder) is None


@pytest.mark.hostile("a mirror that is busy, gone or closed to this server")
@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "data.download_forbidden"),
        (403, "data.download_forbidden"),
        (404, "data.download_not_there"),
        (429, "data.download_busy"),
        (500, "data.download_busy"),
        (503, "data.download_busy"),
        (418, "data.download_status"),
    ],
)
def test_a_status_is_said(mirror, failure, status, code):
    mirror.send = send_status(status)
    message = failure()
    assert message.code == code
    assert "127.0.0.1" in str(message)
    assert f"HTTP {status}" in str(message)


@pytest.mark.hostile("a proxy that refuses, asks for a password or is not there")
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("status", [403, 407, 503])
def test_a_proxy_is_named(mirror, failure, monkeypatch, scheme, status):
    monkeypatch.setattr(download, "MIRRORS", (f"{scheme}://mnist.example/",))
    monkeypatch.setenv(f"{scheme}_proxy", f"http://somebody:secret@{mirror.address}")
    mirror.send = send_status(status)
    message = failure()
    text = str(message)
    assert "secret" not in text
    if status == 407:
        assert message.code == "data.proxy_login"
        assert mirror.address in text
    else:
        assert "mnist.example" in text
        assert f"HTTP {status}" in text
        # Of an answer to http nobody knows whether it is the proxy's own.
        assert (mirror.address in text) == (scheme == "https")


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_a_proxy_that_is_not_there_is_named(mirror, failure, monkeypatch):
    proxy = f"127.0.0.1:{closed_port()}"
    monkeypatch.setenv("http_proxy", f"http://{proxy}")
    message = failure()
    assert message == Message(
        "data.proxy_unreachable", {"proxy": proxy, "reason": "Connection refused"}
    )


def test_a_server_that_is_not_there_is_named(mirror, failure, monkeypatch):
    monkeypatch.setattr(download, "MIRRORS", (f"http://127.0.0.1:{closed_port()}/",))
    message = failure()
    assert message == Message(
        "data.host_unreachable", {"host": "127.0.0.1", "reason": "Connection refused"}
    )


def test_a_name_that_cannot_be_found_is_said(mirror, failure, monkeypatch):
    monkeypatch.setattr(download, "MIRRORS", ("https://mnist.invalid/",))  # see RFC 2606
    message = failure()
    assert message.code == "data.name_unknown"
    assert "mnist.invalid" in str(message)


def test_a_server_that_does_not_answer_is_said(mirror, failure, monkeypatch):
    monkeypatch.setattr(download, "CONNECTION_TIMEOUT_S", 0.2)
    ended = threading.Event()
    mirror.send = lambda *_: ended.wait(60)
    try:
        message = failure()
    finally:
        ended.set()
    assert message == Message("data.download_timeout", {"host": "127.0.0.1", "seconds": 0.2})


@pytest.fixture
def certificate(tmp_path) -> Path:
    """A certificate that nobody has signed, with its key."""
    path = tmp_path / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", path, "-out", tmp_path / "only_certificate.pem"),
        ],
        check=True,
        capture_output=True,
    )
    path.write_text(path.read_text() + (tmp_path / "only_certificate.pem").read_text())
    return path


@pytest.fixture
def secure_mirror(small_mnist, certificate, monkeypatch) -> Iterator[Mirror]:
    """A mirror on https."""
    mirror = Mirror(small_mnist)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    mirror.server.socket = context.wrap_socket(mirror.server.socket, server_side=True)
    mirror.server.handle_error = lambda *_: None  # what the client hangs up on is no news
    mirror.start()
    monkeypatch.setattr(download, "MIRRORS", (f"https://localhost:{mirror.server.server_port}/",))
    yield mirror
    mirror.stop()


@pytest.mark.hostile("a network that reads encrypted connections")
def test_a_certificate_is_said_and_can_be_trusted(
    secure_mirror, failure, certificate, tmp_path, folder, monkeypatch
):
    message = failure()
    assert message.code == "data.certificate"
    assert message.values["host"] == "localhost"
    assert "self-signed certificate" in str(message)
    assert secure_mirror.asked == []
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))  # as the sentence says
    assert download._main(tmp_path / "partial", folder) == 0
    assert mnist.error_message(folder) is None


def test_a_certificate_for_another_name_is_said(secure_mirror, failure, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    port = secure_mirror.server.server_port
    monkeypatch.setattr(download, "MIRRORS", (f"https://127.0.0.1:{port}/",))
    message = failure()
    assert message.code == "data.certificate"
    assert "IP address mismatch" in str(message)


def test_a_server_without_encryption_is_said(mirror, failure, monkeypatch):
    monkeypatch.setattr(download, "MIRRORS", (f"https://{mirror.address}/",))
    assert failure().code == "data.no_secure_connection"


@pytest.mark.hostile("a mirror that gives something else")
def test_something_else_is_said(mirror, failure):
    mirror.archives[f"/{LAST}.gz"] = b"<html>Log in to this network"
    assert failure() == Message(
        "data.download_altered", {"host": "127.0.0.1", "file": f"{LAST}.gz"}
    )


@pytest.mark.hostile("a mirror that sends for ever")
def test_an_endless_file_is_cut(mirror, failure):
    def send(handler: Handler, _: bytes) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(bytes(2**16))

    mirror.server.handle_error = lambda *_: None  # the download hangs up
    mirror.send = send
    assert failure().code == "data.download_altered"


@pytest.mark.hostile("the network gone in mid-download")
@pytest.mark.parametrize("send", [send_half, send_half_and_reset])
def test_a_connection_that_breaks_is_said(mirror, failure, send):
    def answer(handler: Handler, archive: bytes) -> None:
        (send if LAST in handler.path else send_whole)(handler, archive)

    mirror.send = answer
    message = failure()
    assert message == Message(
        "data.download_broke_off", {"host": "127.0.0.1", "file": f"{LAST}.gz"}
    )
    assert mirror.asked[-1] == f"/{LAST}.gz"


@pytest.mark.hostile("a data folder that cannot be written")
def test_a_folder_that_cannot_be_written_is_said(mirror, tmp_path, folder, capsys):
    (folder / "MNIST").touch()
    assert download._main(tmp_path / "partial", folder) == 1
    message = Message.from_json(json.loads(capsys.readouterr().out))
    assert message.code == "data.cannot_store"


def offline(monkeypatch) -> Message:
    """Send every connection to a proxy that is not there; returns what is then said."""
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    values = {"proxy": "127.0.0.1:9", "reason": "Connection refused"}
    return Message("data.proxy_unreachable", values)


@pytest.mark.process
@pytest.mark.hostile("no network at all")
def test_a_download_without_a_network_ends_with_a_message(tmp_path, monkeypatch):
    expected = offline(monkeypatch)
    running = download.Download(tmp_path / "data")
    deadline = time.monotonic() + 120
    while running.running and time.monotonic() < deadline:
        assert 0 <= running.progress <= 1
        os.sched_yield()
    assert running.error_message() == expected
    assert running.progress == 0  # the folder that it measures is gone
    assert list((tmp_path / "data").iterdir()) == []


@pytest.mark.process
def test_the_rest_of_a_killed_download_is_removed_after_a_day(tmp_path, monkeypatch):
    expected = offline(monkeypatch)
    old, new = (tmp_path / f"{download._PARTIAL_PREFIX}{name}" for name in ("old", "new"))
    for folder in (old, new):
        folder.mkdir(parents=True)
    os.utime(old, (time.time() - 2 * download._STALE_AFTER_S,) * 2)
    running = download.Download(tmp_path)
    assert not old.exists()
    assert new.exists()  # it may still be running
    assert running.error_message() == expected


@pytest.mark.process
@pytest.mark.hostile("a download that is killed")
def test_a_killed_download_ends_with_a_message(tmp_path, monkeypatch):
    offline(monkeypatch)
    running = download.Download(tmp_path)
    running._process.kill()
    assert running.error_message() == Message("data.download_stopped")
    assert list(tmp_path.iterdir()) == []
