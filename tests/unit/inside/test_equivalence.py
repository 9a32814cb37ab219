from dataclasses import fields, replace

import pytest
import torch

from rnn_demo.inside.compute import compute
from rnn_demo.inside.equivalence import Deviations, compare
from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.state import InsideState
from rnn_demo.messages import InputError

STATES = [InsideState.of(preset) for preset in PRESETS]
BASIC = STATES[1]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.model)
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_the_three_implementations_agree_up_to_rounding(state, activation):
    state = replace(state, activation=activation, n_steps=6)
    assert compare(compute(state), Deviations()).equal


@pytest.mark.parametrize("mistake", [field.name for field in fields(Deviations)])
def test_each_mistake_alone_breaks_the_equality(mistake):
    result = compare(compute(replace(BASIC, scale=0.1)), Deviations(**{mistake: True}))
    assert not result.equal
    assert result.difference > 0.01
    torch.testing.assert_close(result.cell, result.rnn)


@pytest.mark.parametrize("model", range(2))
@pytest.mark.parametrize("mistake", ["second_bias", "random_start", "leftover_state"])
def test_the_largest_difference_is_where_it_says(model, mistake):
    """Among the tutorial's own numbers, where the first example is saturated: B2."""
    result = compare(compute(STATES[model]), Deviations(**{mistake: True}))
    three = [getattr(result, name)[result.where].item() for name in ("by_hand", "cell", "rnn")]
    assert max(three) - min(three) == pytest.approx(result.difference)
    assert result.difference > 0.1


def test_without_an_activation_there_is_nothing_to_compare():
    with pytest.raises(InputError) as caught:
        compare(compute(replace(BASIC, activation="none")), Deviations())
    assert caught.value.message.code == "inside.activation_needed"
