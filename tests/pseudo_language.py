"""A pseudo-language: every English text in brackets and 40 % longer.

Run through all pages, it shows which sentence has missed its catalogue and which layout a longer
language breaks.
"""

import importlib.util
import math
import re
from pathlib import Path

from babel.messages.catalog import Catalog

LANGUAGE = "xx"
OPEN, CLOSE = "⟦", "⟧"
FILLER = "more words than in English " * 20
# What stays as it is: placeholders, code, Streamlit's icons and colours, addresses, line starts.
KEPT = re.compile(r"\{\{|\}\}|\{[^{}]*\}|`[^`]*`|:[a-z_]+(?:/[a-z_]+)?:|\]\([^)]*\)|<[^<>]*>")
LINE_START = re.compile(r"\s*(?:[-*>] +|#+ +|\d+\. +)?")
CATALOGUES = Path(__file__).parents[1] / ".ci" / "messages.py"


def pseudo(text: str) -> str:
    """A text in the language; the values of its placeholders will stand outside of brackets."""
    return "\n".join(map(_line, text.split("\n")))


def _line(line: str) -> str:
    start = LINE_START.match(line)
    assert start is not None
    words = line[start.end() :]
    if not re.search(r"[^\W\d_]", KEPT.sub("", words)):
        return line
    length = math.ceil(0.4 * len(KEPT.sub("", words)))
    longer = f"{words} {FILLER[:length].rstrip()}"
    bracketed = re.sub(r"(?<!\{)\{[^{}]+\}(?!\})", rf"{CLOSE}\g<0>{OPEN}", longer)
    return f"{start[0]}{OPEN}{bracketed}{CLOSE}".replace(OPEN + CLOSE, "")


def write(folder: Path) -> None:
    """Write the language's compiled catalogue into a folder of catalogues."""
    spec = importlib.util.spec_from_file_location("messages", CATALOGUES)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    catalogue = Catalog()
    for message in tool.extract():
        if message.id:
            plural = isinstance(message.id, tuple)
            catalogue.add(
                message.id, tuple(map(pseudo, message.id)) if plural else pseudo(message.id)
            )
    path = folder / LANGUAGE / "LC_MESSAGES" / f"{tool.DOMAIN}.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(tool.compiled(catalogue))
