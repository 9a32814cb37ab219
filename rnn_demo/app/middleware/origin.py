"""Which pages may open a websocket to this server; nobody outside is asked.

A browser lets any page open a websocket to any server, and says in the header Origin where the page
is from. Streamlit compares that with the header Host. Where they differ, it asks an outside service
for its own address, in its event loop: with a slow name server everybody waits, at every attempt.
So this middleware decides first, and hides from Streamlit an origin that it would look up.
"""

import logging
import re
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from rnn_demo.app.link_panel import network_host

_MAX_LOGGED = 100  # origins; a stranger can send ever new ones
_MAX_LENGTH = 100  # characters of an origin in the log
_PLAIN_ORIGIN = re.compile(r"https?://[a-z0-9.:\[\]_-]+", re.IGNORECASE)
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})
_DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
# Streamlit's page asks here whether it may connect, and shows an answer of 403 in a dialog.
_FIRST_REQUESTS = ("/_stcore/health", "/_stcore/host-config")
_REFUSAL = (
    "The address of this page is not that of the server. If a proxy is in between, it must pass "
    "the header Host on; see “Host it” in the README.\n"
)

_LOG = logging.getLogger(__name__)


class OriginCheck:
    """Refuses websockets of foreign pages with 403, without asking anybody.

    A page may connect if its origin is that of the server, by the header Host or X-Forwarded-Host
    (no page can set either), if it is on this machine, or if the settings of Streamlit allow it:
    `browser.serverAddress`, `server.corsAllowedOrigins`, `server.enableCORS`.

    Where a proxy changes Host, a page that the server itself sent is foreign too. It would wait for
    ever, so the requests that come before its websocket are refused as well.

    Args:
        app: that answers what may pass.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._logged: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif scope["type"] == "http" and scope["path"].endswith(_FIRST_REQUESTS):
            await self._first_request(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is None:
            await self._app(scope, receive, send)
        elif _may_connect(origin, headers):
            others = [(name, value) for name, value in scope["headers"] if name != b"origin"]
            await self._app({**scope, "headers": others}, receive, send)
        else:
            self._log(origin)
            await receive()  # the attempt to connect
            await send({"type": "websocket.close", "code": 1008})  # before it is accepted: 403

    async def _first_request(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        page = headers.get("referer")
        if page is None or _may_connect(page, headers):
            await self._app(scope, receive, send)
        else:
            await PlainTextResponse(_REFUSAL, 403)(scope, receive, send)

    def _log(self, origin: str) -> None:
        """Write a line for an origin, once; nothing that a stranger sends can look like another."""
        plain = len(origin) <= _MAX_LENGTH and _PLAIN_ORIGIN.fullmatch(origin)
        shown = origin if plain else "an address that is not valid"
        if shown in self._logged or len(self._logged) >= _MAX_LOGGED:
            return
        self._logged.add(shown)
        _LOG.warning(
            "Refused a connection from a page at %s. If that is this app behind a proxy, let the "
            "proxy pass on the header Host, or name the address in server.corsAllowedOrigins",
            shown,
        )


def _may_connect(page: str, headers: Headers) -> bool:
    """Whether a page at an address may open a websocket to this server."""
    if not st.get_option("server.enableCORS"):
        return True
    hosts = [headers.get("host", ""), headers.get("x-forwarded-host", "").partition(",")[0].strip()]
    if any(_is_same(page, host) for host in hosts):
        return True
    name = _host_name(page)
    allowed = {st.get_option("browser.serverAddress"), *st.get_option("server.corsAllowedOrigins")}
    names = {_host_name(address.strip()) for address in allowed} | {network_host()}
    return name is not None and name in _THIS_MACHINE | names


def _is_same(page: str, host: str) -> bool:
    """Whether a page is on a host; a port that its scheme implies may be left out."""
    try:
        parts, server = urlsplit(page), urlsplit(f"//{host}")
        implied = _DEFAULT_PORTS.get(parts.scheme)
        at = (parts.hostname, parts.port or implied)
        return parts.hostname is not None and at == (server.hostname, server.port or implied)
    except ValueError:  # a port that is not a number, half an IPv6 address
        return False


def _host_name(address: str) -> str | None:
    """The host in an address with or without a scheme; None if it has none."""
    try:
        return urlsplit(address if "//" in address else f"//{address}").hostname
    except ValueError:
        return None
