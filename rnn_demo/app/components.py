"""The app's own browser parts; their HTML, CSS and JavaScript are in `assets`.

Streamlit sends what is registered with it again with every update of a component's data: here a
script of a few lines. The browser fetches all else once, from addresses with the version of the
content in them, see `rnn_demo.app.routes`.
"""

import hashlib
import posixpath
import re
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from rnn_demo.app.text import _

ASSETS = Path(__file__).parents[2] / "assets"
MODULE_PATH = "modules"  # the first part of the address of every such file

_CALLBACK = re.compile(r"on_(\w+)_change")
_IMPORT = re.compile(r'^(?:import|.* from) "(\.[^"]+)"$', re.MULTILINE)

_SUFFIXES = (".js", ".html", ".css")
_MARKUP_MODULE = "shared/markup.js"

# Streamlit runs a component's script from a blob: address, where relative imports do not resolve.
# Every page's address is one level below the server's base path, also under
# `server.baseUrlPath` and behind a proxy. All files are fetched at the same time.
# No `await` stands outside a function: Streamlit imports the script again with each update of the
# data, and Safari takes a module that still waits there for a complete one
# (https://bugs.webkit.org/show_bug.cgi?id=242740).
_LOADER = """\
const url = (path) => new URL(`{base}/${{path}}`, document.baseURI)
const texts = {texts}.map((path) => fetch(url(path)))
const loading = Promise.all({modules}.map((path) => import(url(path))))
const mounting = loading.then(([markup, part]) => markup.withMarkup(part.default, texts))
export default async (args) => (await mounting)(args)
"""


@cache
def browser_files() -> dict[str, bytes]:
    """JavaScript, HTML and CSS in `assets`, by path there, such as "inside/inside.js"."""
    return {
        path.relative_to(ASSETS).as_posix(): path.read_bytes()
        for path in sorted(ASSETS.glob("*/*"))
        if path.suffix in _SUFFIXES
    }


@cache
def version() -> str:
    """A digest of all these files: their addresses change when one of them does."""
    digest = hashlib.sha256()
    for path, content in browser_files().items():
        digest.update(b"%s\0%d\0%s" % (path.encode(), len(content), content))
    return digest.hexdigest()[:16]


def register(
    name: str,
    *,
    module: str,
    html: str | None = None,
    css: Sequence[str] = (),
    height_px: int = 0,
) -> Callable[..., Any]:
    """Register a component.

    Args:
        name: unique, such as "inside".
        module: path in `assets` of the JavaScript module, such as "inside/inside.js"; its
            default export is what Streamlit calls with the data.
        html: path in `assets` of the component's HTML.
        css: paths in `assets` of its style sheets, in order.
        height_px: its approximate height in CSS pixels. This space stays free until the component
            has loaded, so that nothing below it jumps; 0 keeps none.

    Returns:
        A function that shows it; its arguments are those of Streamlit's.
    """
    script = _script(module, [path for path in (html, *css) if path])
    place = f'<div data-place style="height: {height_px}px"></div>' if height_px else None
    return partial(_show, st.components.v2.component(f"rnn_demo_{name}", html=place, js=script))


def _script(module: str, texts: Sequence[str]) -> str:
    """The script that Streamlit sends; it fetches everything else.

    Args:
        module: path in `assets` of a component's JavaScript module.
        texts: paths in `assets` of its HTML and its style sheets.

    Raises:
        KeyError: one of them is not in `assets`.
    """
    if missing := {*texts} - browser_files().keys():
        raise KeyError(f"Not in assets: {', '.join(sorted(missing))}")
    return _LOADER.format(
        base=f"{MODULE_PATH}/{version()}",
        texts=list(texts),
        modules=with_imports(_MARKUP_MODULE, module),
    )


def _show(mount: ComponentRenderer, *, key: str, **arguments: Any) -> Any:
    """Show a component, and do not miss what it reported before this session knew of it.

    After a restart of the server the browser still shows the page, and what the visitor clicks
    reaches a session that has not run once: Streamlit calls no callback then.
    """
    is_new = key not in st.session_state
    result = mount(key=key, **arguments)
    for name, callback in arguments.items():
        event = _CALLBACK.fullmatch(name)
        if is_new and event and result.get(event[1]) is not None and callback is not no_callback:
            callback()
            st.rerun()
    return result


def no_callback() -> None:
    """The callback of a report that the page reads from the result."""


def with_imports(*modules: str) -> list[str]:
    """Modules and all modules that these import, directly or not; the modules themselves first.

    Raises:
        KeyError: there is no such module in `assets`.
    """
    found = list(modules)
    for path in found:  # grows while it is walked
        folder = posixpath.dirname(path)
        for target in _IMPORT.findall(browser_files()[path].decode()):
            imported = posixpath.normpath(posixpath.join(folder, target))
            if imported not in found:
                found.append(imported)
    return found


def reported(key: str, name: str) -> Any:
    """What the browser part `key` reports as `name`; None if its page has been left.

    A report on its way while the visitor leaves the page still calls its callback, when Streamlit
    has already forgotten the component's state.
    """
    return getattr(st.session_state.get(key), name, None)


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
