"""What stands between the visitors and Streamlit's own server, for every request."""

from starlette.middleware import Middleware

from rnn_demo.app.middleware.origin import OriginCheck
from rnn_demo.app.middleware.visitor_cookie import VisitorCookie


def middleware() -> list[Middleware]:
    """All of it; the first sees a request first."""
    return [Middleware(OriginCheck), Middleware(VisitorCookie)]
