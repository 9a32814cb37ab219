import base64
import json
from dataclasses import replace

import numpy as np
import pytest

from rnn_demo import first_picture, flow, lab, share
from rnn_demo.picture import picture


def numbers(packed: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(packed), "<f4")


def test_the_stored_picture_is_what_is_computed():
    """Up to rounding, which differs from one processor to another."""
    stored = json.loads(first_picture.FILE.read_text("utf-8"))
    computed = json.loads(json.dumps(picture(lab.compute(first_picture.STATE))))
    for name, packed in computed.pop("tensors").items():
        np.testing.assert_allclose(
            numbers(stored["tensors"].pop(name)), numbers(packed), rtol=1e-6, atol=1e-6
        )
    assert stored.pop("tensors") == {}
    assert stored.pop("limits") == pytest.approx(computed.pop("limits"), rel=1e-6)
    assert stored == computed


def test_only_the_first_picture_is_stored():
    assert first_picture.picture_of(first_picture.STATE)["stored"] is True
    state = replace(first_picture.STATE, seed=8)
    assert first_picture.picture_of(state) == picture(lab.compute(state)) | {"stored": False}


def test_a_state_knows_the_activations_that_can_be_computed():
    assert tuple(flow.ACTIVATIONS) == share.ACTIVATIONS
