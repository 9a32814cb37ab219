"""The rules of the house that import-linter cannot check; its own stand in pyproject.toml."""

import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "rnn_demo"


def modules_after(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_importing_the_package_imports_no_torch():
    assert "torch" not in modules_after("import rnn_demo, rnn_demo.data.preprocess")


def test_the_public_names_are_there():
    import rnn_demo

    for name in rnn_demo.__all__:
        assert getattr(rnn_demo, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'Nonsense'"):
        _ = rnn_demo.Nonsense


@pytest.mark.parametrize(
    "page", sorted((PACKAGE / "app").glob("*/page.py")), ids=lambda p: p.parent.name
)
def test_a_page_is_short(page):
    assert len(page.read_text().splitlines()) < 150


def test_the_training_pair_is_pinned():
    lines = (PACKAGE.parent / "requirements.txt").read_text().split()
    assert {"torch==2.14.1", "torchvision==0.29.2"} <= set(lines)
