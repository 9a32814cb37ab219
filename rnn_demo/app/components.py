"""The app's own browser parts; their HTML, CSS and JavaScript are in `assets`.

A component's HTML and CSS are registered with Streamlit, which sends them with every update of
its data. Its JavaScript is a module that the browser fetches once, from an address with the
content's version in it, see `rnn_demo.app.routes`.
"""

import hashlib
import posixpath
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from rnn_demo.app.text import _

ASSETS = Path(__file__).parents[2] / "assets"
MODULE_PATH = "modules"  # the first part of the address of every module

_IMPORT = re.compile(r'^(?:import|.* from) "(\.[^"]+)"$', re.MULTILINE)

# Streamlit runs a component's script from a blob: address, where relative imports do not resolve.
# Every page's address is one level below the server's base path, also under
# `server.baseUrlPath` and behind a proxy. All modules are fetched at the same time.
_LOADER = """\
const modules = {paths}.map((path) => import(new URL(path, document.baseURI)))
export default (await Promise.all(modules))[0].default
"""


@cache
def modules() -> dict[str, bytes]:
    """The JavaScript modules in `assets`, by path there, such as "inside/inside.js"."""
    return {
        path.relative_to(ASSETS).as_posix(): path.read_bytes()
        for path in sorted(ASSETS.glob("*/*.js"))
    }


@cache
def version() -> str:
    """A digest of all modules: their address changes when one of them does."""
    digest = hashlib.sha256()
    for path, content in modules().items():
        digest.update(b"%s\0%d\0%s" % (path.encode(), len(content), content))
    return digest.hexdigest()[:16]


def register(
    name: str, *, module: str, html: str | None = None, css: Sequence[str] = ()
) -> ComponentRenderer:
    """Register a component.

    Args:
        name: unique, such as "inside".
        module: path in `assets` of the JavaScript module, such as "inside/inside.js"; its
            default export is what Streamlit calls with the data.
        html: path in `assets` of the component's HTML.
        css: paths in `assets` of its style sheets, in order.
    """
    addresses = [f"{MODULE_PATH}/{version()}/{path}" for path in with_imports(module)]
    return st.components.v2.component(
        f"rnn_demo_{name}",
        html=(ASSETS / html).read_text("utf-8") if html else None,
        css="\n".join((ASSETS / path).read_text("utf-8") for path in css) or None,
        js=_LOADER.replace("{paths}", str(addresses)),
    )


def with_imports(module: str) -> list[str]:
    """A module and all modules that it imports, directly or not; the module itself comes first.

    Raises:
        KeyError: there is no such module in `assets`.
    """
    found = [module]
    for path in found:  # grows while it is walked
        folder = posixpath.dirname(path)
        for target in _IMPORT.findall(modules()[path].decode()):
            imported = posixpath.normpath(posixpath.join(folder, target))
            if imported not in found:
                found.append(imported)
    return found


def transport_text() -> dict[str, str]:
    """The names of the controls of `assets/shared/transport.js`, in the visitor's language."""
    return {
        "back": _("Step back"),
        "play": _("Play"),
        "pause": _("Pause"),
        "forward": _("Step forward"),
        "time": _("Time"),
        "speed": _("Speed"),
        "speed_option": _("{factor}x"),
    }
