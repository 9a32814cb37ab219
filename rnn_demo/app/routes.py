"""Addresses that the server answers itself, besides Streamlit's pages."""

import streamlit as st
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from rnn_demo.app.components import MODULE_PATH, modules, version

_HEADERS = {
    # The version in a module's address stands for its content, so it never changes.
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
}


def routes() -> list[BaseRoute]:
    """All such addresses, under `server.baseUrlPath` where one is set."""
    base = st.get_option("server.baseUrlPath").strip("/")
    prefix = f"/{base}" if base else ""
    return [
        Route(f"{prefix}/inside", _inside),
        Route(f"{prefix}/{MODULE_PATH}/{{version}}/{{path:path}}", _module),
    ]


async def _inside(request: Request) -> Response:
    """Redirect to the landing page, which is Inside, with the link's query."""
    query = request.url.query
    return RedirectResponse(f"./?{query}" if query else "./")


async def _module(request: Request) -> Response:
    """A JavaScript module, or 404 for any other path or version."""
    content = modules().get(request.path_params["path"])
    if content is None or request.path_params["version"] != version():
        return Response(status_code=404)
    return Response(content, media_type="text/javascript", headers=_HEADERS)
