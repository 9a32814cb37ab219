"""Addresses that the server answers itself, besides Streamlit's pages."""

import streamlit as st
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from rnn_demo.app.components import MODULE_PATH, browser_files, version
from rnn_demo.app.link_panel import QR_PATH, qr_code

_HEADERS = {
    # The version in the address stands for the content, which never changes.
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
}
_MEDIA_TYPES = {"js": "text/javascript", "html": "text/html", "css": "text/css"}


def routes() -> list[BaseRoute]:
    """All such addresses, under `server.baseUrlPath` where one is set."""
    base = st.get_option("server.baseUrlPath").strip("/")
    prefix = f"/{base}" if base else ""
    return [
        Route(f"{prefix}/draw", _draw),
        Route(f"{prefix}/{QR_PATH}", qr_code),
        Route(f"{prefix}/{MODULE_PATH}/{{version}}/{{path:path}}", _browser_file),
    ]


async def _draw(request: Request) -> Response:
    """Redirect to the landing page, which is Draw, with the link's query."""
    query = request.url.query
    return RedirectResponse(f"./?{query}" if query else "./")


async def _browser_file(request: Request) -> Response:
    """JavaScript, HTML or CSS; 404 for any other path or version."""
    path = request.path_params["path"]
    content = browser_files().get(path)
    if content is None or request.path_params["version"] != version():
        return Response(status_code=404)
    media_type = _MEDIA_TYPES[path.rsplit(".")[-1]]
    return Response(content, media_type=media_type, headers=_HEADERS)
