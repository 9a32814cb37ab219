"""The visitor's key as a cookie that the server sets and renews with every page.

The server sets it because Safari forgets after seven days what a script has stored, and runs are
kept for thirty. No script can read it. On https a browser also takes it in a frame of another
site, where it counts for that site only (`Partitioned`).
"""

import re
import secrets
from collections.abc import Mapping
from urllib.parse import quote

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "rnn_demo_visitor"
MAX_AGE_S = 30 * 24 * 60 * 60

_KEY = re.compile(r"[0-9a-f]{32}")


def new_key() -> str:
    """A key for a new visitor, 32 hexadecimal digits."""
    return secrets.token_hex(16)


def is_key(value: object) -> bool:
    """Whether a value from a browser has the form of a key."""
    return isinstance(value, str) and _KEY.fullmatch(value) is not None


def cookie_name() -> str:
    """The name of the cookie, which says under which path of its host the app is.

    A browser sends the cookies of `/` to `/demo`, too, and does not say which is which.
    """
    base = _base_path()
    return f"{COOKIE}_{quote(base, safe='')}" if base else COOKIE


def key_in(cookies: Mapping[str, str]) -> str | None:
    """The visitor's key among the cookies of a request; None without a valid one.

    Earlier versions set a cookie without the app's path in its name: its key stays valid, so that
    nobody loses their runs.
    """
    values = (str(cookies.get(name)) for name in (cookie_name(), COOKIE))
    return next(filter(is_key, values), None)


class VisitorCookie:
    """Sets the cookie with every page; a valid key is kept for another 30 days.

    Args:
        app: the next part of the server.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        # What a page loads for itself is asked for otherwise, also where it is HTML.
        opens_a_page = "text/html" in request.headers.get("accept", "")

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and opens_a_page:
                headers = MutableHeaders(scope=message)
                # A key in a file that a proxy may keep would be handed to other visitors.
                if "public" not in headers.get("cache-control", ""):
                    headers.append("Set-Cookie", _set_cookie(request))
                    headers["Cache-Control"] = "private, no-cache"
            await send(message)

        await self._app(scope, receive, send_with_cookie)


def _set_cookie(request: Request) -> str:
    """The header's value, with the visitor's key or a new one."""
    key = key_in(request.cookies) or new_key()
    # Elsewhere than on https, a browser refuses all three.
    site = "Secure; SameSite=None; Partitioned" if _is_https(request) else "SameSite=Lax"
    path = "/" + quote(_base_path())
    return f"{cookie_name()}={key}; Max-Age={MAX_AGE_S}; Path={path}; HttpOnly; {site}"


def _is_https(request: Request) -> bool:
    """Whether the browser uses https, perhaps up to a proxy that says so."""
    forwarded = request.headers.get("x-forwarded-proto", "").partition(",")[0].strip().lower()
    return (forwarded or request.url.scheme) == "https"


def _base_path() -> str:
    return str(st.get_option("server.baseUrlPath")).strip("/")
