"""A link to what is on screen: to copy, as a QR code, and for other devices."""

import io
import ipaddress
import socket
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response

from rnn_demo.app.components import register
from rnn_demo.app.text import _

QR_PATH = "qr.svg"  # the address that draws the code: qr.svg?link=...
MAX_QR_BYTES = 2_300  # what a code holds that can still lose 7 % of its area (version 40, level L)
# Reserved for documentation (RFC 5737): no packet is sent, the system only chooses a way out.
_ELSEWHERE = ("192.0.2.1", 9)

_mount = register(
    "link_panel",
    module="shared/link_panel.js",
    html="shared/link_panel.html",
    css=["shared/controls.css", "shared/link_panel.css"],
)


def show_link(path_and_query: str, *, key: str) -> None:
    """Show a link with a button that copies it, its QR code, and a warning where it is local.

    Args:
        path_and_query: of the link in this app, such as "?drawing=...".
        key: of this place on the page.
    """
    page = st.context.url or ""
    # In a list: Streamlit searches a dictionary for data frames.
    _mount(key=key, data=[{"link": page.partition("?")[0] + path_and_query, "text": link_text()}])


def link_text() -> dict[str, Any]:
    """What `assets/shared/link_panel.js` needs, in the visitor's language.

    Returns:
        Texts by name, and "origin": this machine's own address for other devices, or "".
    """
    return {
        "origin": network_origin() or "",
        "link": _("Link"),
        "copy": _("Copy link"),
        "copied": _("Copied"),
        "copy_selection": _("Not allowed here. Copy the selected text."),
        "qr": _("QR code of the link"),
        "qr_too_long": _("The link is too long for a QR code."),
        "local": _("No other device can open a link to localhost."),
        "local_elsewhere": _(
            "No other device can open a link to localhost. In the same network, this one works:"
        ),
    }


def network_origin() -> str | None:
    """This machine's address in its own network, such as "http://192.168.1.7:8501".

    Nothing is sent, and nobody outside is asked. None without a network, or where the server
    accepts connections from this machine only.
    """
    listens = st.get_option("server.address")
    if listens and _is_loopback(listens):
        return None
    host = network_host()
    if host is None:
        return None
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    return f"{scheme}://{host}:{st.get_option('server.port')}"


def network_host() -> str | None:
    """This machine's address in its own network; nothing is sent. None without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
        except OSError:
            return None
        host = str(probe.getsockname()[0])
    return None if _is_loopback(host) else host


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_link_to(hosts: Collection[str], text: str) -> bool:
    try:
        url = urlsplit(text)
    except ValueError:
        return False
    return url.scheme in ("http", "https") and url.netloc in hosts


async def qr_code(request: Request) -> Response:
    """A link of this app as a QR code, SVG; 404 for any other text, or one that is too long."""
    import segno

    link = request.query_params.get("link", "")
    hosts = {request.url.netloc, urlsplit(network_origin() or "").netloc} - {""}
    if len(link.encode()) > MAX_QR_BYTES or not _is_link_to(hosts, link):
        return Response(status_code=404)
    image = io.BytesIO()
    segno.make(link, error="l", micro=False).save(
        image, kind="svg", dark="#000", light="#fff", xmldecl=False, scale=4
    )
    return Response(
        image.getvalue(),
        media_type="image/svg+xml",
        headers={"X-Content-Type-Options": "nosniff"},
    )
