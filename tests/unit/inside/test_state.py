import base64
import contextlib
import json
import subprocess
import sys
import zlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn_demo.formats import url
from rnn_demo.inside import compute
from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.state import LabState, check_view, decode, encode, hidden, load_file

BASIC = LabState.of(PRESETS[1])


@st.composite
def states(draw) -> LabState:
    size = {
        name: draw(st.integers(1, largest))
        for name, largest in {"n_steps": 12, "batch": 16, "n_inputs": 8, "n_neurons": 16}.items()
    }
    bare = LabState(
        model=draw(st.sampled_from([preset.class_name for preset in PRESETS])),
        seed=draw(st.integers(0, 9999)),
        activation=draw(st.sampled_from(["tanh", "relu", "none"])),
        hx="typed",
        scale=draw(st.floats(0, 2)),
        edits={},
        **size,
    )
    edits = {}
    for name in draw(st.lists(st.sampled_from(list(bare.shapes)), max_size=5)):
        index = tuple(draw(st.integers(0, size - 1)) for size in bare.shapes[name])
        edits[name, index] = draw(st.floats(-100, 100))
    return replace(bare, edits=edits)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@settings(deadline=None)
@given(states())
def test_a_state_survives_the_link_and_the_file(state):
    assert decode(encode(state)) == state
    content = json.dumps(state.to_json() | {"view": "3,all,Y1[0,2]"}).encode()
    assert load_file(content) == (state, "3,all,Y1[0,2]")


@pytest.mark.hostile("any text in the address")
@settings(deadline=None)
@given(
    st.text(max_size=60)
    | st.binary(max_size=60).map(lambda b: base64.urlsafe_b64encode(b).decode())
)
def test_no_text_in_the_address_does_more_than_raise_a_sentence(text):
    with pytest.raises(ValueError, match=r"\.$"):
        decode(text)


@pytest.mark.hostile("any JSON as a state")
@given(
    st.dictionaries(st.sampled_from(["n_steps", "seed", "hx", "scale", "edits", "x"]), json_values)
)
@settings(max_examples=300, deadline=None)
def test_no_json_does_more_than_raise_a_sentence(data):
    with contextlib.suppress(ValueError):
        state = LabState.from_json({"model": "BasicRNN"} | data)
        assert LabState.from_json(state.to_json()) == state


@pytest.mark.hostile("a link with changed characters")
@settings(deadline=None)
@given(states(), st.data())
def test_a_changed_character_never_passes_as_another_kind_of_thing(state, data):
    text = encode(state)
    at = data.draw(st.integers(0, len(text) - 1))
    other = text[:at] + data.draw(st.sampled_from("AZaz09-_")) + text[at + 1 :]
    with contextlib.suppress(ValueError):
        assert isinstance(decode(other), LabState)


@pytest.mark.hostile("a state file that is too large")
def test_a_bomb_is_not_unpacked():
    bomb = base64.urlsafe_b64encode(zlib.compress(b" " * 1_000_000, 9)).decode()
    assert len(bomb) < url.MAX_LINK_CHARACTERS
    with pytest.raises(ValueError, match="damaged"):
        decode(bomb)
    with pytest.raises(ValueError, match="too long"):
        decode("A" * 1801)
    with pytest.raises(ValueError, match="at most 200,000 bytes"):
        load_file(b" " * 200_001)


@pytest.mark.hostile("a cell with infinity")
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"model": "GRU"}, "no model 'GRU'"),
        ({"n_steps": 2}, "no state of the flow lab"),
        ([], "no state of the flow lab"),
        ({"model": "BasicRNN", "colour": 1}, "no setting 'colour'"),
        (
            {"model": "BasicRNN", "n_steps": 13},
            "n_steps must be a whole number from 1 to 12, not 13",
        ),
        ({"model": "BasicRNN", "batch": True}, "batch must be a whole number"),
        ({"model": "BasicRNN", "n_inputs": 9}, "from 1 to 8"),
        ({"model": "BasicRNN", "n_neurons": 17}, "from 1 to 16"),
        ({"model": "BasicRNN", "activation": "gelu"}, "tanh, relu, none"),
        ({"model": "BasicRNN", "hx": "warm"}, "zero, random, typed"),
        ({"model": "BasicRNN", "scale": float("nan")}, "scale must be a number"),
        ({"model": "BasicRNN", "scale": float("inf")}, "scale must be a number"),
        ({"model": "BasicRNN", "scale": 10**400}, "scale must be a number"),
        ({"model": "BasicRNN", "edits": [["b", 0, 1e308]]}, "from -100 to 100"),
        ({"model": "BasicRNN", "edits": [["b", 0, 10**400]]}, "from -100 to 100"),
        ({"model": "x" * 100_000}, "no model 'xxx"),
        ({"model": "BasicRNN", "x" * 100_000: 1}, "no setting 'xxx"),
        ({"model": "BasicRNN", "seed": [[["x"] * 9] * 9] * 9}, "seed must be a whole number"),
        ({"model": "BasicRNN", "edits": [["X", *[0] * 9_999, 1]]}, "X has the shape"),
        ({"model": "BasicRNN", "edits": [["X", 0, 0, 3, 1]]}, r"no X\[0, 0, 3\]"),
        ({"model": "BasicRNN", "edits": [["Wz", 0, 0, 1]]}, "tensor must be one of"),
        (
            {"model": "BasicRNN", "edits": [["Wx", 0, 0, 101]]},
            r"Wx\[0, 0\] must be a number from -100",
        ),
        ({"model": "BasicRNN", "edits": [["Wx", 0, [0], 1]]}, "whole numbers"),
        ({"model": "BasicRNN", "edits": [["hx", 0, 0, 1]]}, "need the start to be typed"),
        ({"model": "BasicRNN", "edits": 7}, "An edit is"),
    ],
)
def test_what_cannot_be_gets_one_sentence(data, sentence):
    with pytest.raises(ValueError, match=sentence) as caught:
        LabState.from_json(data)
    assert len(str(caught.value)) < 400


@pytest.mark.hostile("a number too large for a float")
def test_a_number_too_large_for_a_float_is_refused_in_a_link_and_in_a_file():
    data = {"model": "BasicRNN", "scale": 10**400}
    with pytest.raises(ValueError, match=r"^The link holds a state that the flow lab does not"):
        decode(url.pack(data))
    with pytest.raises(ValueError, match=r"^scale must be a number"):
        load_file(json.dumps(data).encode())


@pytest.mark.hostile("a state file cut short, foreign, binary, nested or script-laden")
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This is no state of the flow lab."),
        (json.dumps(BASIC.to_json()).encode()[:-1], "This is no state of the flow lab."),
        (b"\xff\xfe\x00", "This is no state of the flow lab."),
        (b"PK\x03\x04" + bytes(100), "This is no state of the flow lab."),
        (b"[" * 100_000, "This is no state of the flow lab."),
        (b'{"epochs": 3, "cell": "gru"}', "This is no state of the flow lab."),
        (b'{"model": "<script>"}', "The flow lab has no model '<script>'."),
        (b'{"model": "BasicRNN", "scale": NaN}', "scale must be a number from 0 to 2, not nan."),
    ],
)
def test_a_file_that_is_no_state_gets_one_sentence(content, sentence):
    with pytest.raises(ValueError, match=r"\.$") as caught:
        load_file(content)
    assert str(caught.value) == sentence


@pytest.mark.hostile("any bytes as a state file")
@given(st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode()))
@settings(deadline=None)
def test_no_file_does_more_than_raise_a_sentence(content):
    with pytest.raises(ValueError, match=r"\.$"):
        load_file(content)


def test_a_fresh_state_makes_a_short_link_and_only_differences_are_told():
    assert BASIC.to_json() == {"model": "BasicRNN"}
    changed = compute.edit(replace(BASIC, seed=8), [("X", (0, 1, 2), -2.5)])
    assert changed.to_json() == {"model": "BasicRNN", "seed": 8, "edits": [["X", 0, 1, 2, -2.5]]}
    assert len(encode(changed)) < 120


@pytest.mark.parametrize("text", ["9,0,", "12,all,Y1[3,2]", "0,3,b[4]", "7,0,X11[0, 7]"])
def test_a_view_is_kept(text):
    assert check_view(text) == text


@pytest.mark.hostile("a view that is a script")
@pytest.mark.parametrize("text", ["", "9", "9,0,<b>", "1,0,Y1[0,1]]", "x,0,", 7, None, "9,0,q[1]"])
def test_any_other_view_is_none(text):
    assert check_view(text) == ""


@pytest.mark.hostile("a link that hides what is not there")
def test_a_link_hides_only_what_can_be_hidden():
    assert hidden("code,settings,<script>") == {"code", "settings"}


def test_the_flow_lab_core_knows_no_screen():
    names = ("lab", "share", "export", "ways", "questions", "errata", "presets", "flow")
    names += ("picture", "first_picture", "toy_networks")
    imports = "\n".join(f"import rnn_demo.{name}" for name in names)
    script = f"import sys\n{imports}\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert not set(done.stdout.split()) & {"streamlit", "plotly"}
