"""Rules of the architecture that import-linter cannot check; see also pyproject.toml."""

import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "rnn_demo"
MAX_PAGE_LINES = 150


def modules_after(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_the_package_does_not_import_torch():
    assert "torch" not in modules_after("import rnn_demo, rnn_demo.data.preprocess")


def test_all_public_names_can_be_imported():
    import rnn_demo

    for name in rnn_demo.__all__:
        assert getattr(rnn_demo, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'Nonsense'"):
        _ = rnn_demo.Nonsense


@pytest.mark.parametrize(
    "script", sorted((PACKAGE / "app").glob("*/page.py")), ids=lambda path: path.parent.name
)
def test_the_script_of_a_page_is_short(script):
    assert len(script.read_text().splitlines()) < MAX_PAGE_LINES


def test_torch_and_torchvision_are_pinned():
    lines = (PACKAGE.parent / "requirements.txt").read_text().split()
    assert {"torch==2.14.1", "torchvision==0.29.2"} <= set(lines)
