"""What a visitor may call a run."""

import unicodedata
from collections.abc import Sequence

LONGEST = 40  # characters

# Control characters, halves of surrogate pairs, line and paragraph separators.
_REFUSED = {"Cc", "Cs", "Zl", "Zp"}
# Marks that turn the text after them around.
_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def check_name(name: str) -> str:
    """A name without the blanks around it; it may be empty.

    Raises:
        ValueError: it is too long, or holds characters that have no place in a name.
    """
    name = name.strip()
    if len(name) > LONGEST:
        raise ValueError(f"A name has at most {LONGEST} characters, not {len(name)}.")
    for character in name:
        kinds = {unicodedata.category(character), unicodedata.bidirectional(character)}
        if kinds & (_REFUSED | _TURNING):
            raise ValueError("A name cannot contain control characters.")
    return name


def unique_titles(titles: Sequence[str]) -> list[str]:
    """Titles of which no two are the same: those that were there before get a number.

    Args:
        titles: the newest first, so that a title stays when others come.
    """
    found: list[str] = []
    for title in reversed(titles):
        n, name = 1, title
        while name in found:
            n += 1
            name = f"{title} ({n})"
        found.append(name)
    return found[::-1]
