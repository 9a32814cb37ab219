"""The words of browser parts: what JavaScript and HTML ask for is what Python hands over."""

import re

import numpy as np
import pytest

from rnn_demo.app.components import ASSETS, with_imports
from rnn_demo.app.digits import sequence_component
from rnn_demo.app.draw import gallery_component, preprocessing_component, reading_component
from rnn_demo.app.inside import component
from rnn_demo.app.train import mistakes_component
from rnn_demo.app.train.charts import chart_text
from rnn_demo.data.preprocess import preprocess


def asked_for(module: str) -> set[str]:
    """Names of texts in a component's modules, without those of other folders, and its HTML."""
    page = module.partition("/")[0]
    paths = [path for path in with_imports(f"{module}.js") if path.startswith(page)]
    script = "\n".join((ASSETS / path).read_text("utf-8") for path in paths)
    html = (ASSETS / f"{module}.html").read_text("utf-8")
    # Neither a method of a string nor the name of a module.
    names = re.findall(r"\b(?:text|words)\.(\w+)\b(?![(\"])", script)
    for argument in re.findall(r"\bwords\(([^,]+),", script):
        names += re.findall(r'"(\w+)"', argument)
    return {*names, *re.findall(r'data-(?:text|label|explained)="(\w+)"', html)}


def texts_of_a_sequence() -> dict[str, object]:
    return sequence_component.text(64, 150)


def texts_of_the_preprocessing() -> dict[str, object]:
    canvas = np.zeros((280, 280, 4), np.uint8)
    canvas[100:200, 100:200] = 255
    texts: dict[str, object] = preprocessing_component.payload(preprocess(canvas))["text"]
    return texts


@pytest.mark.parametrize(
    ("module", "texts"),
    [
        ("inside/inside", component.text),
        ("digits/sequence", texts_of_a_sequence),
        ("draw/reading", reading_component.text),
        ("draw/gallery", gallery_component.text),
        ("draw/preprocessing", texts_of_the_preprocessing),
        ("train/train", chart_text),
        ("train/mistakes", mistakes_component.text),
    ],
)
def test_every_text_that_a_component_asks_for_is_handed_over_and_no_other(module, texts):
    assert asked_for(module) == texts().keys()


@pytest.mark.parametrize("path", sorted(ASSETS.glob("*/*.html")), ids=lambda path: path.stem)
def test_html_holds_no_sentence(path):
    """File endings and signs are the same in every language."""
    words = re.sub(r"<[^>]*>", " ", path.read_text("utf-8")).split()
    assert [word for word in words if re.search(r"[A-Za-z]", word) and word[0] != "."] == []
    assert not re.search(r'\b(aria-label|title|placeholder|alt)="[^"]', path.read_text("utf-8"))
