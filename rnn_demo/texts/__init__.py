"""Prose longer than a label: Markdown, one folder a language."""

from pathlib import Path

_ENGLISH = Path(__file__).parent / "en"


def load(name: str) -> str:
    """The text of a name.

    Raises:
        FileNotFoundError: there is none.
    """
    return (_ENGLISH / f"{name}.md").read_text(encoding="utf-8")
