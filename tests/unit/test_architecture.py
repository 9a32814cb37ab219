"""The rules of the house that a machine can check."""

import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "rnn_demo"
CORE = ["models", "errata", "flow", "presets", "reading", "networks", "why", "strokes", "placing"]
CORE += ["toy_networks", "lab", "picture", "first_picture", "share", "export", "questions", "ways"]
CORE += ["digits.ink", "digits.mnist", "digits.synthetic", "digits.source", "digits.scribbles"]
CORE += [f"training.{path.stem}" for path in (PACKAGE / "training").glob("[a-z]*.py")]
CORE += [f"training.folder.{path.stem}" for path in (PACKAGE / "training/folder").glob("[a-z]*.py")]


def modules_after(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_the_core_knows_no_screen():
    loaded = modules_after("\n".join(f"import rnn_demo.{name}" for name in CORE))
    assert not loaded & {"streamlit", "plotly"}


def test_figures_know_no_streamlit():
    names = [path.stem for path in (PACKAGE / "figures").glob("[a-z]*.py")]
    assert "streamlit" not in modules_after(
        "\n".join(f"import rnn_demo.figures.{n}" for n in names)
    )


def test_importing_the_package_imports_no_torch():
    assert "torch" not in modules_after("import rnn_demo, rnn_demo.digits.ink")


def test_the_public_names_are_there():
    import rnn_demo

    for name in rnn_demo.__all__:
        assert getattr(rnn_demo, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'Nonsense'"):
        _ = rnn_demo.Nonsense


@pytest.mark.parametrize("page", sorted((PACKAGE / "pages").glob("*.py")), ids=lambda p: p.stem)
def test_a_page_is_short(page):
    assert len(page.read_text().splitlines()) < 150


def test_the_training_pair_is_pinned():
    lines = (PACKAGE.parent / "requirements.txt").read_text().split()
    assert {"torch==2.14.1", "torchvision==0.29.2"} <= set(lines)
