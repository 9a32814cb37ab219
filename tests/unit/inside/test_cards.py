"""The six cards: what each claims and asks, against numbers that NumPy computes."""

import re
from dataclasses import replace

import numpy as np
import pytest

from rnn_demo.inside import quiz
from rnn_demo.inside.cards import CARDS, FIRST_PLACE, PLACES, Card, card_at, home, next_card
from rnn_demo.inside.compute import compute, edit, initial_tensors
from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.state import InsideState, decode, encode
from tests.unit.inside.test_quiz import Numbers

every_card = pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)


def states(card: Card, state: InsideState | None = None) -> np.ndarray:
    """(n_steps, n_neurons), in float64."""
    return np.array(Numbers(compute(state or card.state)).Y)[:, 0]


def test_the_cards_come_in_this_order():
    titles = [str(card.title) for card in CARDS]
    assert titles == [
        "One neuron hears itself",
        "The same weights at every step",
        "tanh squashes",
        "It forgets",
        "A layer",
        "A loop, a module",
    ]
    assert [next_card(card.id) for card in CARDS] == [*CARDS[1:], None]


def test_every_network_of_the_tutorial_is_a_place_with_its_own_numbers():
    classes = [preset.class_name for preset in PRESETS]
    assert [*(card.id for card in CARDS), *classes] == list(PLACES)
    for preset in PRESETS:
        assert card_at(preset.class_name) is None
        assert next_card(preset.class_name) is None
        assert home(preset.class_name) == InsideState.of(preset)
    assert FIRST_PLACE == "one_neuron"


@every_card
def test_a_card_comes_back_from_its_link_and_keeps_no_needless_number(card):
    assert decode(encode(card.state)) == card.state
    original = initial_tensors(card.state)
    for (name, index), value in card.state.edits.items():
        assert float(original[name][index]) != value
    assert len(encode(card.state)) < 200


@every_card
def test_the_question_of_a_card_is_asked_on_it(card):
    now = compute(card.state)
    question = quiz.question_of(now, card.question_id)
    assert question is not None
    after = compute(quiz.changed_state(question, now))
    assert quiz.answer(question, now, after).choice in question.choices


@every_card
def test_every_input_and_weight_of_a_card_changes_a_state_at_once(card):
    """On the card about tanh, the last input is the one that does not: it is saturated."""
    before = states(card)
    weights = [(name, (0, 0)) for name in ("Wx", "Wy")] + [("b", (0,))]
    steps = range(card.state.n_steps - (card.id == "tanh"))
    for name, index in weights + [("X", (t, 0, 0)) for t in steps]:
        value = initial_value(card, name, index) + 0.5
        after = states(card, edit(card.state, [(name, index, value)]))
        assert np.abs(after - before).max() > 1e-4


def initial_value(card: Card, name: str, index: tuple[int, ...]) -> float:
    computation = compute(card.state)
    tensors = {"X": computation.X, **computation.weights._asdict()}
    return float(tensors[name][index])


def test_only_the_card_about_tanh_has_a_saturated_sum_and_there_a_change_is_lost():
    saturated = {card.id: Numbers(compute(card.state)).n_saturated() for card in CARDS}
    assert saturated == {card.id: int(card.id == "tanh") for card in CARDS}
    now = compute(home("tanh"))
    question = quiz.question_of(now, "double_last_input")
    after = compute(quiz.changed_state(question, now))
    answer = quiz.answer(question, now, after)
    assert (answer.choice, answer.reason) == ("stays", "saturated")
    assert f"{Numbers(now).Y[-1][0, 0]:.4f}" == f"{Numbers(after).Y[-1][0, 0]:.4f}" == "1.0000"


def test_the_neuron_hears_itself_where_it_has_no_input():
    state = home("one_neuron")
    assert compute(state).X[1, 0, 0] == 0
    heard = states(CARDS[0])
    assert abs(heard[1, 0]) > 0.5
    deaf = states(CARDS[0], edit(state, [("Wy", (0, 0), 0.0)]))
    assert deaf[1, 0] == 0


def test_it_forgets_below_one_and_remembers_above():
    card = card_at("forgets")
    assert card.slider.values == (0.5, 1.0, 1.5)
    assert compute(card.state).weights.Wy[0, 0] == 0.5
    assert np.count_nonzero(compute(card.state).X) == 1
    last = {}
    for Wy in card.slider.values:
        assert card.slider.low <= Wy <= card.slider.high
        course = states(card, edit(card.state, [(card.slider.name, card.slider.index, Wy)]))[:, 0]
        assert len(course) == 12
        last[Wy] = course[-1]
        if Wy <= 1:
            assert (np.diff(course) < 0).all()
    assert last[0.5] < 0.001 < 0.3 < last[1.0] < 0.8 < last[1.5]


def test_longer_sequences_of_a_card_go_on_with_silence():
    longer = replace(home("one_neuron"), n_steps=5)
    assert compute(longer).X.flatten().tolist() == [1, 0, 0, 0, 0]


@every_card
def test_a_claim_is_short_and_plain(card):
    plain = re.sub(r"\[\[([^]|]+)(?:\|[^]]+)?]]", r"\1", card.claim)
    assert len(plain) < 260
    assert not set("`*[]") & set(plain)
