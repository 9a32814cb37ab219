"""The sections below the network of the page Inside."""

import re
from dataclasses import replace

import pytest

from rnn_demo.app.inside.session import SECTIONS
from rnn_demo.inside import compute
from rnn_demo.inside.equivalence import Deviations, compare
from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.state import InsideState
from rnn_demo.messages import Message
from tests.app.inside_page import open_inside, section, sent, set_number, start

BASIC = InsideState.of(PRESETS[1])


@pytest.fixture
def app(runs_folder, without_mnist):
    return start()


def test_the_page_opens_without_a_wall_of_widgets(app):
    open_inside(app)
    assert not app.number_input
    assert not app.toggle
    assert not app.file_uploader
    assert app.segmented_control(key="inside/section").value is None
    assert len(app.segmented_control) == 3  # cards, the tutorial's networks, sections
    section(app, "settings")
    assert app.number_input
    section(app, None)
    assert not app.number_input


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_opens_on_every_kind_of_network(app, name):
    open_inside(app)
    for place in ("one_neuron", "forgets", "nn.RNNCell"):
        open_inside(app, place)
        section(app, name)


def test_code_and_link_of_the_picture_are_shown_when_their_door_is_open(app):
    open_inside(app)
    for name in (None, *SECTIONS):
        section(app, name)
        assert set(sent(app)["hidden"]) == {"code", "share"} - {name}


def test_what_is_about_the_tutorial_stands_behind_one_door_which_links_it(app):
    section(open_inside(app, "BasicRNN"), "tutorial")
    texts = " ".join(it.value for it in app.markdown)
    assert "Building RNNs is Fun with PyTorch and Google Colab" in texts
    assert "(https://medium.com/dair-ai/building-rnns-is-fun" in texts
    assert "Elvis Saravia" in texts
    for name in (None, "settings", "tables", "code", "share"):
        section(app, name)
        assert not app.metric
        assert not any("Elvis" in it.value for it in app.markdown)


def badge(app, colour: str) -> bool:
    return any(f":{colour}-badge[" in it.value for it in app.markdown)


def test_the_three_implementations_agree_until_a_mistake_is_switched_on(app):
    section(open_inside(app, "BasicRNN"), "settings")
    app.slider(key="inside/scale").set_value(0.1).run()
    section(app, "tutorial")
    assert badge(app, "green")
    for name in ("not_transposed", "second_bias", "random_start", "leftover_state"):
        app.toggle(key=f"inside/equivalence/{name}").set_value(True).run()
        assert badge(app, "red")
        app.toggle(key=f"inside/equivalence/{name}").set_value(False).run()
        assert badge(app, "green")


def test_the_largest_difference_is_on_screen_and_marked(app):
    """B2: the badge said 0.67, and the table below it 1.0000 three times."""
    section(open_inside(app, "SingleRNN"), "tutorial")
    assert not marked(app)
    app.toggle(key="inside/equivalence/second_bias").set_value(True).run()
    state = InsideState.of(PRESETS[0])
    result = compare(compute.compute(state), Deviations(second_bias=True))
    t, i, j = result.where
    values = marked(app)
    assert max(values) - min(values) == pytest.approx(result.difference, abs=1.1e-4)
    assert values == pytest.approx(
        [it[t, i, j].item() for it in (result.by_hand, result.cell, result.rnn)], abs=1e-4
    )
    captions = [it.value for it in app.caption]
    assert any(it.startswith(f"`Y{t}`, example {i + 1} of 4: ") for it in captions)


def marked(app) -> list[float]:
    """The marked numbers of the table."""
    cells = app.table[0].value.to_numpy().flatten()
    return [float(found[1]) for it in cells if (found := re.match(r":red-.*\*\*(.*)\*\*", it))]


def test_without_an_activation_the_comparison_is_an_explanation(app):
    section(open_inside(app, "BasicRNN"), "settings")
    app.segmented_control(key="inside/activation").set_value("none").run()
    section(app, "tutorial")
    assert [it.value for it in app.info] == [str(Message("inside.activation_needed"))]


def test_the_findings_are_shown_as_published_and_fixed(app):
    section(open_inside(app, "BasicRNN"), "tutorial")
    assert {"0", "RuntimeError", "1-10"} <= {metric.value for metric in app.metric}
    app.segmented_control(key="inside/findings/version").set_value("fixed").run()
    assert {"3", "0-9", "1.0000"} <= {metric.value for metric in app.metric}


def test_the_code_by_hand_stands_beside_the_loop_and_its_lines_wrap(app):
    """B17: the end of each line by hand, where the memory comes in, was cut off."""
    section(open_inside(app, "BasicRNN"), "settings")
    set_number(app, "n_steps", 12)
    section(app, "code")
    by_hand, loop = app.code
    assert "Y11 = torch.tanh(X11 @ self.Wx + Y10 @ self.Wy + self.b)" in by_hand.value
    assert len(loop.value.splitlines()) == 4
    assert by_hand.proto.wrap_lines
    assert loop.proto.wrap_lines


def test_the_largest_network_opens_in_every_section(app):
    largest = replace(BASIC, n_steps=12, batch=16, n_inputs=8, n_neurons=16)
    open_inside(app, "BasicRNN")
    section(app, "settings")
    for name in ("n_steps", "batch", "n_inputs", "n_neurons"):
        set_number(app, name, getattr(largest, name))
    for name in SECTIONS:
        section(app, name)
