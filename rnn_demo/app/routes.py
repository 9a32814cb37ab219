"""Addresses that the server answers itself, beside Streamlit's pages."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route


async def _inside(request: Request) -> Response:
    """Inside is the landing page, so its own address leads there, with what the link says."""
    query = request.url.query
    return RedirectResponse(f"./?{query}" if query else "./")


ROUTES: list[BaseRoute] = [Route("/inside", _inside)]
