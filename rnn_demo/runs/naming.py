"""What a visitor may call a run."""

import unicodedata

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
