"""Digits to choose from as small images, in the browser."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rnn_demo.app.components import register, reported
from rnn_demo.app.text import _
from rnn_demo.app.theme import Palette

_mount = register(
    "draw_gallery",
    module="draw/gallery.js",
    html="draw/gallery.html",
    css=["shared/controls.css", "draw/gallery.css"],
)


@dataclass(frozen=True)
class Pages:
    """Which part of a longer list is shown.

    Attributes:
        first: position of the first image in the list.
        size: images on the page.
        total: images in the list.
    """

    first: int
    size: int
    total: int


def show_gallery(
    names: Sequence[str],
    images: str,
    palette: Palette,
    *,
    key: str,
    columns: int,
    on_choose: Callable[[], None],
    chosen: int | None = None,
    pages: Pages | None = None,
    on_turn: Callable[[], None] = lambda: None,
) -> None:
    """Show images, each a button with a name.

    Args:
        names: of the images.
        images: 28 x 28 bytes each, 0 for paper to 255 for ink, base64.
        palette: light or dark.
        key: of this place on the page.
        columns: images side by side.
        on_choose: called when one was clicked; `reported(key, "chosen")` is its position.
        chosen: the position of the one to mark.
        pages: of a longer list.
        on_turn: called to turn the page; `reported(key, "turned")` is 1 or -1.
    """
    data = {
        "names": list(names),
        "images": images,
        "chosen": chosen,
        "columns": columns,
        "pages": pages and _pages(pages),
        "palette": asdict(palette),
        "text": text(),
    }
    # In a list: Streamlit searches a dictionary for data frames.
    _mount(key=key, data=[data], on_chosen_change=on_choose, on_turned_change=on_turn)


def chosen_place(key: str, count: int) -> int | None:
    """The position that was clicked; None for anything else that a browser may send."""
    place = reported(key, "chosen")
    return place if isinstance(place, int) and 0 <= place < count else None


def text() -> dict[str, str]:
    """The words of the gallery, in the visitor's language."""
    return {
        "list": _("Digits to choose from"),
        "previous": _("Previous page"),
        "next": _("Next page"),
    }


def _pages(pages: Pages) -> dict[str, Any]:
    last = min(pages.first + pages.size, pages.total)
    span = _("{first} to {last} of {total}").format(
        first=f"{pages.first + 1:,}", last=f"{last:,}", total=f"{pages.total:,}"
    )
    return {"range": span, "first": pages.first == 0, "last": last == pages.total}
