import base64
import json
from dataclasses import replace

import numpy as np
import pytest

from rnn_demo.inside import initial_payload, quiz, state
from rnn_demo.inside.cards import CARDS
from rnn_demo.inside.compute import compute
from rnn_demo.inside.payload import payload
from rnn_demo.nn import unroll


def numbers(packed: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(packed), "<f4")


def test_the_stored_payload_is_up_to_date():
    """Up to rounding: the last bits differ from one processor to another."""
    stored = initial_payload.load()
    computed = json.loads(json.dumps(payload(compute(initial_payload.STATE))))
    for name, packed in computed.pop("tensors").items():
        np.testing.assert_allclose(
            numbers(stored["tensors"].pop(name)), numbers(packed), rtol=1e-5, atol=1e-5
        )
    assert stored.pop("tensors") == {}
    assert stored.pop("limits") == pytest.approx(computed.pop("limits"), rel=1e-5)
    assert stored == computed | {"stored": True}


def test_the_stored_question_is_that_of_the_first_card():
    stored = initial_payload.QUESTION
    assert stored == quiz.question_of(compute(initial_payload.STATE), CARDS[0].question_id)


def test_a_payload_is_ready_for_json():
    computation = compute(replace(initial_payload.STATE, seed=8))
    data = payload(computation)
    assert json.loads(json.dumps(data))["stored"] is False
    np.testing.assert_array_equal(
        numbers(data["tensors"]["Y"]), computation.unrolled.hidden.flatten()
    )


def test_a_state_has_the_activations_that_can_be_computed():
    assert tuple(unroll.ACTIVATIONS) == state.ACTIVATIONS
