import base64
import contextlib
import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn_demo.formats import url
from rnn_demo.inside import compute
from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.state import (
    InsideState,
    check_view,
    decode,
    encode,
    hidden_parts,
    load_file,
)
from rnn_demo.messages import InputError, Message

BASIC = InsideState.of(PRESETS[1])


def refused(load: Callable[[Any], object], content: object) -> Message:
    """The message of the error."""
    with pytest.raises(InputError) as caught:
        load(content)
    return caught.value.message


@st.composite
def states(draw) -> InsideState:
    size = {
        name: draw(st.integers(1, largest))
        for name, largest in {"n_steps": 12, "batch": 16, "n_inputs": 8, "n_neurons": 16}.items()
    }
    bare = InsideState(
        model=draw(st.sampled_from([preset.class_name for preset in PRESETS])),
        seed=draw(st.integers(0, 9999)),
        activation=draw(st.sampled_from(["tanh", "relu", "none"])),
        hx="typed",
        scale=draw(st.floats(0, 2)),
        inputs=draw(st.sampled_from(["tutorial", "zeros"])),
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
    content = json.dumps(state.to_json() | {"view": "3,all,Y1[0,2]", "card": "layer"}).encode()
    assert load_file(content) == (state, "3,all,Y1[0,2]", "layer")
    assert load_file(json.dumps(state.to_json()).encode()) == (state, "", "")


@pytest.mark.hostile("any text in the address")
@settings(deadline=None)
@given(
    st.text(max_size=60)
    | st.binary(max_size=60).map(lambda b: base64.urlsafe_b64encode(b).decode())
)
def test_any_other_text_in_the_address_is_refused(text):
    refused(decode, text)


@pytest.mark.hostile("any JSON as a state")
@given(
    st.dictionaries(
        st.sampled_from(["n_steps", "seed", "hx", "scale", "inputs", "edits", "x"]), json_values
    )
)
@settings(max_examples=150, deadline=None)
def test_any_json_is_a_state_or_is_refused(data):
    with contextlib.suppress(InputError):
        state = InsideState.from_json({"model": "BasicRNN"} | data)
        assert InsideState.from_json(state.to_json()) == state


@pytest.mark.hostile("a link with changed characters")
@settings(deadline=None)
@given(states(), st.data())
def test_a_link_with_a_changed_character_is_a_state_or_is_refused(state, data):
    text = encode(state)
    at = data.draw(st.integers(0, len(text) - 1))
    other = text[:at] + data.draw(st.sampled_from("AZaz09-_")) + text[at + 1 :]
    with contextlib.suppress(InputError):
        assert isinstance(decode(other), InsideState)


@pytest.mark.hostile("a state file that is too large")
def test_a_bomb_is_not_unpacked():
    bomb = base64.urlsafe_b64encode(zlib.compress(b" " * 1_000_000, 9)).decode()
    assert len(bomb) < url.MAX_LINK_CHARACTERS
    for load, content, code in (
        (decode, bomb, "link.damaged"),
        (decode, "A" * 6001, "link.too_long"),
        (load_file, b" " * 200_001, "inside.file_too_large"),
    ):
        assert refused(load, content).code == code


@pytest.mark.hostile("a cell with infinity")
@pytest.mark.parametrize(
    ("data", "code", "values"),
    [
        ({"model": "GRU"}, "unknown_model", {"model": "'GRU'"}),
        ({"n_steps": 2}, "not_a_state", {}),
        ([], "not_a_state", {}),
        ({"model": "BasicRNN", "colour": 1}, "unknown_setting", {"name": "'colour'"}),
        (
            {"model": "BasicRNN", "n_steps": 13},
            "not_a_whole_number",
            {"name": "n_steps", "low": 1, "high": 12, "value": "13"},
        ),
        ({"model": "BasicRNN", "batch": True}, "not_a_whole_number", {"name": "batch"}),
        ({"model": "BasicRNN", "n_inputs": 9}, "not_a_whole_number", {"high": 8}),
        ({"model": "BasicRNN", "n_neurons": 17}, "not_a_whole_number", {"high": 16}),
        ({"model": "BasicRNN", "activation": "gelu"}, "not_a_choice", {"name": "activation"}),
        ({"model": "BasicRNN", "hx": "warm"}, "not_a_choice", {"name": "hx"}),
        ({"model": "BasicRNN", "inputs": "ones"}, "not_a_choice", {"name": "inputs"}),
        ({"model": "BasicRNN", "scale": float("nan")}, "not_a_number", {"name": "scale"}),
        ({"model": "BasicRNN", "scale": float("inf")}, "not_a_number", {"name": "scale"}),
        ({"model": "BasicRNN", "scale": 10**400}, "not_a_number", {"name": "scale"}),
        ({"model": "BasicRNN", "edits": [["b", 0, 1e308]]}, "not_a_number", {"name": "b[0]"}),
        ({"model": "BasicRNN", "edits": [["b", 0, 10**400]]}, "not_a_number", {"high": 100}),
        ({"model": "x" * 100_000}, "unknown_model", {}),
        ({"model": "BasicRNN", "x" * 100_000: 1}, "unknown_setting", {}),
        (
            {"model": "BasicRNN", "seed": [[["x"] * 9] * 9] * 9},
            "not_a_whole_number",
            {"name": "seed"},
        ),
        ({"model": "BasicRNN", "edits": [["X", *[0] * 9_999, 1]]}, "no_such_cell", {"name": "X"}),
        (
            {"model": "BasicRNN", "edits": [["X", 0, 0, 3, 1]]},
            "no_such_cell",
            {"index": "[0, 0, 3]"},
        ),
        ({"model": "BasicRNN", "edits": [["Wz", 0, 0, 1]]}, "not_a_choice", {"name": "tensor"}),
        (
            {"model": "BasicRNN", "edits": [["Wx", 0, 0, 101]]},
            "not_a_number",
            {"name": "Wx[0, 0]", "low": -100},
        ),
        ({"model": "BasicRNN", "edits": [["Wx", 0, [0], 1]]}, "malformed_edit_index", {}),
        ({"model": "BasicRNN", "edits": [["hx", 0, 0, 1]]}, "hx_not_typed", {}),
        ({"model": "BasicRNN", "edits": 7}, "malformed_edit", {}),
    ],
)
def test_an_invalid_state_is_refused_with_a_short_sentence(data, code, values):
    message = refused(InsideState.from_json, data)
    assert message.code == f"inside.{code}"
    assert message.values.items() >= values.items()
    assert len(str(message)) < 400


@pytest.mark.hostile("a number too large for a float")
def test_a_number_too_large_for_a_float_is_refused_in_a_link_and_in_a_file():
    data = {"model": "BasicRNN", "scale": 10**400}
    assert refused(decode, url.pack(data)).code == "inside.link_without_state"
    assert refused(load_file, json.dumps(data).encode()).code == "inside.not_a_number"


@pytest.mark.hostile("a state file cut short, foreign, binary, nested or script-laden")
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_state"),
        (json.dumps(BASIC.to_json()).encode()[:-1], "not_a_state"),
        (b"\xff\xfe\x00", "not_a_state"),
        (b"PK\x03\x04" + bytes(100), "not_a_state"),
        (b"[" * 100_000, "not_a_state"),
        (b'{"epochs": 3, "cell": "gru"}', "not_a_state"),
        (b'{"model": "<script>"}', "unknown_model"),
        (b'{"model": "BasicRNN", "scale": NaN}', "not_a_number"),
    ],
)
def test_a_file_without_a_state_is_refused(content, code):
    assert refused(load_file, content).code == f"inside.{code}"


@pytest.mark.hostile("any bytes as a state file")
@given(st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode()))
@settings(deadline=None)
def test_any_other_file_is_refused(content):
    refused(load_file, content)


def test_a_link_has_only_the_differences_from_the_preset():
    assert BASIC.to_json() == {"model": "BasicRNN"}
    changed = compute.edit(replace(BASIC, seed=8), [("X", (0, 1, 2), -2.5)])
    assert changed.to_json() == {"model": "BasicRNN", "seed": 8, "edits": [["X", 0, 1, 2, -2.5]]}
    assert len(encode(changed)) < 120


@pytest.mark.parametrize("text", ["9,0,", "12,all,Y1[3,2]", "0,3,b[4]", "7,0,X11[0, 7]"])
def test_a_view_is_read(text):
    assert check_view(text) == text


@pytest.mark.hostile("a view that is a script")
@pytest.mark.parametrize("text", ["", "9", "9,0,<b>", "1,0,Y1[0,1]]", "x,0,", 7, None, "9,0,q[1]"])
def test_any_other_text_is_no_view(text):
    assert check_view(text) == ""


@pytest.mark.hostile("a link that hides what is not there")
def test_a_link_hides_only_what_can_be_hidden():
    assert hidden_parts("code,settings,<script>") == {"code", "settings"}
