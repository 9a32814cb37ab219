"""The cards and questions of the page Inside, and how they come back from the address."""

import base64
import json
import zlib
from dataclasses import replace

import pytest

from rnn_demo.app.inside import question_words, sentences
from rnn_demo.app.inside.session import SECTIONS
from rnn_demo.inside import compute, quiz
from rnn_demo.inside.cards import CARDS, PLACES, home
from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.state import HIDEABLE, InsideState, decode, encode
from rnn_demo.messages import Message
from tests.app.from_browser import travel
from tests.app.inside_page import (
    address_of,
    choose,
    expect_state,
    open_inside,
    press,
    question,
    quiet,
    reload,
    section,
    send,
    sent,
    set_number,
    start,
)
from tests.unit.inside.test_quiz import STATES, rounds

SINGLE, BASIC = (InsideState.of(preset) for preset in PRESETS[:2])


@pytest.fixture
def app(runs_folder, without_mnist):
    return start()


def claim(app) -> str:
    """The claim above the picture, as HTML."""
    return next(it.proto.body for it in app.get("html") if "explained" in it.proto.body)


@pytest.mark.parametrize("place", PLACES)
def test_every_place_has_a_claim_with_explained_terms_above_its_picture(app, place):
    open_inside(app, place)
    terms = claim(app).count("<dfn")
    assert terms == sentences.claim(place).count("[[") >= (place != "loop")


def test_the_claim_stays_after_a_change_of_size(app):
    """B20: it vanished as soon as a size was not the tutorial's."""
    section(open_inside(app, "BasicRNN"), "settings")
    before = claim(app)
    set_number(app, "n_neurons", 3)
    assert claim(app) == before


def test_one_sentence_says_that_output_state_and_hx_are_the_hidden_state(app):
    open_inside(app)
    said = "Y, output, state and hx are names for the same thing"
    (legend,) = (it.proto.body for it in app.get("html") if said in it.proto.body)
    assert ">hidden state<" in legend


def test_only_the_card_about_forgetting_has_a_slider_and_it_is_an_edit(app):
    open_inside(app)
    for card in CARDS:
        choose(app, card.id)
        assert (sent(app)["slider"] is not None) == (card.id == "forgets")
    choose(app, "forgets")
    slider = sent(app)["slider"]
    assert slider["values"] == [0.5, 1.0, 1.5]
    send(app, "edit", slider["cell"] | {"value": 1.5})
    expect_state(app, compute.edit(home("forgets"), [("Wy", (0, 0), 1.5)]), "forgets")


def test_the_card_about_loops_comes_with_the_code_that_grows_beside_the_loop(app):
    by_hand, loop = (code.value for code in open_inside(app, "loop").code)
    assert "Y3 = torch.tanh(X3 @ self.Wx + Y2 @ self.Wy + self.b)" in by_hand
    assert len(loop.splitlines()) == 4
    assert "code" not in sent(app)["hidden"]
    assert not choose(app, "layer").code
    assert reload(choose(app, "loop")).code


# Questions


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_a_cards_question_is_answered_by_the_numbers_and_leads_to_the_next_card(app, card):
    open_inside(app, card.id)
    asked = question(app)
    assert asked["id"] == card.question_id
    assert asked["verdict"] is None
    assert asked["next"] is None
    before = compute.compute(card.state)
    core = quiz.question_of(before, card.question_id)
    after = compute.compute(quiz.changed_state(core, before))
    right = quiz.answer(core, before, after).choice
    wrong = next(it["id"] for it in asked["choices"] if it["id"] != right)
    send(app, "answer", wrong)
    expect_state(app, after.state, card.id)
    assert question(app)["verdict"]["right"] is False
    press(app, "undo")
    expect_state(app, card.state, card.id)
    assert question(app) == asked
    send(app, "answer", right)
    assert question(app)["verdict"]["right"] is True
    resets = sent(app)["n_resets"]
    send(app, "next", True)
    following = CARDS[min(CARDS.index(card) + 1, len(CARDS) - 1)]
    expect_state(app, following.state, following.id)
    assert question(app)["verdict"] is None
    assert sent(app)["n_resets"] == resets + 1
    expect_state(choose(app, card.id), card.state, card.id)


def test_after_the_last_card_the_verdict_says_so(app):
    send(open_inside(app, CARDS[-1].id), "answer", "both")
    assert question(app)["verdict"]["text"].endswith("This was the last card.")


@pytest.mark.parametrize("model", ["BasicRNN", "nn.RNNCell"])
def test_the_questions_about_a_network_leave_its_numbers_as_they_are_and_end(app, model):
    """They went on for ever, on a picture that they had changed: `Wy` 0, the inputs a tenth."""
    open_inside(app, model)
    ids = [it.id for it in quiz.questions(compute.compute(home(model)))]
    for number, expected in enumerate(ids, 1):
        asked = question(app)
        assert asked["id"] == expected
        assert asked["text"].startswith(f"Question {number} of {len(ids)}: ")
        expect_state(app, home(model), model)
        send(app, "answer", asked["choices"][0]["id"])
        is_last = number == len(ids)
        assert ("last question" in question(app)["verdict"]["text"]) == is_last
        send(app, "next", True)
    expect_state(app, home(model), model)
    assert question(app)["id"] == ids[0]


def test_an_edit_after_an_answer_asks_again_and_reset_brings_the_card_back(app):
    send(open_inside(app, "tanh"), "answer", "stays")
    send(app, "edit", {"name": "X", "index": [2, 0, 0], "value": 1})
    assert question(app)["verdict"] is None
    press(app, "reset")
    expect_state(app, home("tanh"), "tanh")
    assert question(app)["verdict"] is None


@pytest.mark.hostile("an answer that is no choice, or comes twice")
@pytest.mark.parametrize("answer", ["more", "", None, 7, ["changes"], {"id": "changes"}])
def test_any_other_answer_is_ignored(app, answer):
    open_inside(app)
    send(app, "next", True)
    send(app, "answer", answer)
    expect_state(app, CARDS[0].state, "one_neuron")
    send(app, "answer", "changes")
    changed = sent(app)
    send(app, "answer", "stays")
    assert sent(app)["state"] == changed["state"]
    assert question(app) == changed["question"]


def test_a_card_whose_question_makes_no_sense_any_more_has_none(app):
    section(open_inside(app, "one_neuron"), "settings")
    set_number(app, "n_steps", 1)
    assert question(app) is None
    choose(app, "BasicRNN")
    section(app, "settings")
    set_number(app, "n_steps", 1)
    assert question(app)["id"] == "divide_inputs"


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_every_question_and_every_answer_has_a_sentence(state):
    for asked, _, _, answer in rounds(state):
        texts = [question_words.question_text(asked)]
        texts += [question_words.choice_text(choice) for choice in asked.choices]
        for choice in asked.choices:
            verdict = question_words.verdict(choice, answer)
            assert verdict.startswith("Yes: " if choice == answer.choice else "No: ")
            texts.append(verdict)
        assert not any(set("{}*") & set(text) for text in texts)


# The address


def test_a_reload_comes_back_to_card_state_section_question_and_verdict(app):
    """B11, after a restart of the server too: nothing but the address is left."""
    expect_state(reload(open_inside(app)), CARDS[0].state, "one_neuron")
    section(choose(app, "forgets"), "settings")
    send(app, "edit", {"name": "Wy", "index": [0, 0], "value": 0.75})
    edited = compute.edit(home("forgets"), [("Wy", (0, 0), 0.75)])
    again = reload(app)
    expect_state(again, edited, "forgets")
    assert again.segmented_control(key="inside/section").value == "settings"
    send(app, "answer", "nearer")
    again = reload(app)
    assert sent(again)["state"] == sent(app)["state"]
    assert question(again) == question(app)
    assert question(again)["verdict"]["right"] is False
    press(again, "undo")
    expect_state(again, edited, "forgets")


def test_a_reload_comes_back_to_the_question_about_a_network(app):
    open_inside(app, "BasicRNN")
    for choice in ("stays", "stays"):
        send(app, "answer", choice)
        send(app, "next", True)
    assert question(reload(app))["id"] == question(app)["id"] == "divide_inputs"


def test_back_and_forward_go_through_cards_and_edits(app):
    choose(open_inside(app), "tanh")
    first = address_of(app)
    send(app, "edit", {"name": "X", "index": [2, 0, 0], "value": 1})
    second = address_of(app)
    edited = compute.edit(home("tanh"), [("X", (2, 0, 0), 1.0)])
    quiet(travel(app, first))
    expect_state(app, home("tanh"), "tanh")
    quiet(travel(app, second))
    expect_state(app, edited, "tanh")
    quiet(travel(app, {}))
    expect_state(app, CARDS[0].state, "one_neuron")
    press(app, "undo")
    expect_state(app, edited, "tanh")


def test_the_link_of_the_picture_carries_card_state_section_and_question(app):
    assert sent(open_inside(app))["query"] == {}
    section(choose(app, "BasicRNN"), "tutorial")
    send(app, "edit", {"name": "b", "index": [0], "value": 1})
    send(app, "answer", "stays")
    query = sent(app)["query"]
    edited = compute.edit(BASIC, [("b", (0,), 1.0)])
    assert decode(query.pop("state")) == edited
    assert query == {"card": "BasicRNN", "section": "tutorial", "question": "late_input:stays"}


def test_an_old_link_without_a_card_opens_the_tutorials_network_and_the_view(app):
    state = compute.edit(replace(BASIC, n_steps=3, seed=4), [("Wx", (1, 2), 0.5)])
    open_inside(app, state=encode(state), view="7,2,Y1[2,4]")
    expect_state(app, state, "BasicRNN")
    assert sent(app)["view"] == "7,2,Y1[2,4]"


def test_a_link_made_when_inside_was_the_landing_page_still_opens_it(app):
    state = replace(SINGLE, seed=9)
    app.query_params["state"] = encode(state)
    app.run()
    expect_state(app, state, "SingleRNN")


def test_a_change_after_a_link_is_kept_and_the_view_is_no_longer_in_the_address(app):
    section(open_inside(app, state=encode(BASIC), view="7,2,Y1[2,4]"), "settings")
    assert "view" in app.query_params
    set_number(app, "seed", 9)
    expect_state(app, replace(BASIC, seed=9))
    assert "view" not in app.query_params


def test_so_many_edits_that_no_link_holds_them_are_not_in_the_address(app):
    state = replace(BASIC, n_steps=12, batch=16, n_inputs=8)
    edits = [
        ("X", (t, i, j), (t * 97 + i * 31 + j * 7) % 89 + 10.123)
        for t in range(12)
        for i in range(16)
        for j in range(8)
    ]
    section(open_inside(app, "BasicRNN"), "share")
    content = json.dumps(compute.edit(state, edits).to_json()).encode()
    uploader = app.file_uploader(key="inside/file")
    quiet(uploader.set_value([("state.json", content, "application/json")]).run())
    assert set(app.query_params) == {"card", "section"}
    expect_state(quiet(app.run()), compute.edit(state, edits), "BasicRNN")


@pytest.mark.parametrize(
    "query",
    [
        {"card": "<script>"},
        {"card": "tanh", "state": encode(BASIC)},  # another class
        {"card": "tanh", "section": "cellar", "question": "none:such", "view": "9"},
        {"question": "early_input:<b>"},
        {"question": ":" * 99},
        {"section": "tables" * 99},
    ],
)
@pytest.mark.hostile("an address with unknown parts")
def test_unknown_parts_of_an_address_are_ignored(app, query):
    open_inside(app, **query)
    assert not app.warning
    expected = "BasicRNN" if "state" in query else query.get("card", "one_neuron")
    place = expected if expected in PLACES else "one_neuron"
    expect_state(app, home(place), place)
    assert set(app.query_params) <= {"card"}


def test_a_broken_link_opens_the_first_card_with_one_notice(app):
    open_inside(app, state=encode(BASIC)[:-6])
    expect_state(app, CARDS[0].state, "one_neuron")
    assert [it.value for it in app.warning] == [sentences.link_notice(Message("link.damaged"))]
    send(app, "edit", {"name": "b", "index": [0], "value": 1})
    assert not app.warning


@pytest.mark.hostile("a link with a script in it")
def test_a_link_cannot_put_words_on_the_page(app):
    text = json.dumps({"model": "![x](http://example.com/x.png)"}).encode()
    open_inside(app, state=base64.urlsafe_b64encode(zlib.compress(text)).decode())
    assert [warning.value for warning in app.warning] == [
        sentences.link_notice(Message("inside.link_without_state"))
    ]


@pytest.mark.parametrize(
    ("part", "doors"),
    [
        ("settings", {"code", "tables", "share", "tutorial"}),
        ("code", {"settings", "tables", "share", "tutorial"}),
        ("share", {"settings", "code", "tables", "tutorial"}),
        ("sections", {"settings", "code", "share"}),
    ],
)
def test_a_link_can_hide_sections(app, part, doors):
    open_inside(app, hide=part, section=part)
    control = app.segmented_control(key="inside/section")
    assert control.options == [sentences.SECTION_TITLES[it] for it in SECTIONS if it in doors]
    assert control.value is None
    assert {"code", "share"} <= set(sent(app)["hidden"])


def test_a_link_can_hide_the_cards_the_question_and_every_section(app):
    open_inside(app, hide="settings,code,presets,question,sections,share,nonsense")
    assert sent(app)["hidden"] == sorted(HIDEABLE)
    assert question(app) is None
    assert not app.segmented_control


# The count of saturated sums


@pytest.mark.parametrize(
    ("state", "n_saturated", "start"),
    [
        (SINGLE, 4, "4 of the 8 sums (2 steps x 4 examples) are saturated: tanh is flat there"),
        (SINGLE, 1, "1 of the 8 sums (2 steps x 4 examples) is saturated"),
        (home("one_neuron"), 0, "None of the 2 sums (2 steps) is saturated"),
        (BASIC, 9, "9 of the 40 sums (2 steps x 4 examples x 5 neurons) are saturated"),
        (replace(BASIC, activation="none"), 0, "Without an activation"),
    ],
)
def test_the_count_of_saturated_sums_says_what_it_counts(state, n_saturated, start):
    payload = {"names": {}, "n_saturated": n_saturated}
    assert sentences.network_words(state, payload)["saturation"].startswith(start)
