import base64
import json
from dataclasses import replace

import numpy as np
import pytest

from rnn_demo.inside import compute, initial_payload, state
from rnn_demo.inside.payload import picture
from rnn_demo.nn import unroll


def numbers(packed: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(packed), "<f4")


def test_the_stored_picture_is_what_is_computed():
    """Up to rounding, which differs from one processor to another."""
    stored = json.loads(initial_payload.FILE.read_text("utf-8"))
    computed = json.loads(json.dumps(picture(compute.compute(initial_payload.STATE))))
    for name, packed in computed.pop("tensors").items():
        np.testing.assert_allclose(
            numbers(stored["tensors"].pop(name)), numbers(packed), rtol=1e-5, atol=1e-5
        )
    assert stored.pop("tensors") == {}
    assert stored.pop("limits") == pytest.approx(computed.pop("limits"), rel=1e-5)
    assert stored == computed


def test_only_the_first_picture_is_stored():
    assert initial_payload.picture_of(initial_payload.STATE)["stored"] is True
    state = replace(initial_payload.STATE, seed=8)
    assert initial_payload.picture_of(state) == picture(compute.compute(state)) | {"stored": False}


def test_a_state_knows_the_activations_that_can_be_computed():
    assert tuple(unroll.ACTIVATIONS) == state.ACTIVATIONS
