"""A proxy that changes the Host header, as nginx does by default."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from rnn_demo import doctor

# Of this machine, and unlike 127.0.0.1 not an address that the server knows as such.
LISTEN = "127.0.0.2"


@pytest.fixture
def proxy(server: str) -> Iterator[str]:
    """The address of such a proxy before the server."""
    address = urlsplit(server)
    with socket.create_server((LISTEN, 0)) as listening:

        def serve() -> None:
            with suppress(OSError):  # closed
                while True:
                    browser, _ = listening.accept()
                    inner = socket.create_connection((address.hostname, address.port))
                    for pair in ((browser, inner), (inner, browser)):
                        threading.Thread(target=pass_on, args=pair, daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://{LISTEN}:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)


def pass_on(source: socket.socket, target: socket.socket) -> None:
    """Pass on what comes, with another Host in requests."""
    with source, target, suppress(OSError):
        while data := source.recv(2**16):
            target.sendall(re.sub(rb"(?mi)^host: .*\r$", b"Host: inner.example\r", data))


def test_the_page_says_that_it_cannot_connect(page: Page, proxy: str):
    """Its websocket is refused; without a word it would be a skeleton for ever."""
    page.goto(proxy)
    expect(page.get_by_role("dialog")).to_contain_text("403")


def test_the_doctor_says_what_to_set(server: str, proxy: str):
    (problem,) = doctor.address(proxy)
    assert problem.is_problem
    assert f"browser.serverAddress to {LISTEN}" in problem.remedy
    (fine,) = doctor.address(server)
    assert not fine.remedy
    (unreachable,) = doctor.address("http://127.0.0.1:9")
    assert unreachable.is_problem
