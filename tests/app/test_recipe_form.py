"""The form of the page Train: every hyperparameter has its widget, made from its field."""

import re
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from rnn_demo.app.recipe_text import difference, summary
from rnn_demo.app.times import about
from rnn_demo.app.train import machine
from rnn_demo.app.train.recipe_form import FIRST_FIELDS
from rnn_demo.training.cost import other_seconds, training_seconds
from rnn_demo.training.presets import PRESETS
from rnn_demo.training.recipe import HYPERPARAMETERS
from tests.app.test_pages import APP, open_page, quiet
from tests.app.train_page import FIRST
from tests.example_runs import put_run

# Without MNIST nothing can be added to it, so this widget is not shown.
SHOWN = [parameter for parameter in HYPERPARAMETERS.values() if parameter.name != "synthetic"]
each_hyperparameter = pytest.mark.parametrize(
    "parameter", SHOWN, ids=lambda parameter: parameter.name
)


@pytest.fixture
def app(train_page: AppTest) -> AppTest:
    return train_page


def widget(app: AppTest, name: str):
    parameter = HYPERPARAMETERS[name]
    number = app.number_input if parameter.whole else app.text_input
    find = app.segmented_control if parameter.choices else number
    return find(key=f"train/{name}")


def captions(app: AppTest) -> str:
    return "\n".join(caption.value for caption in app.caption)


@each_hyperparameter
def test_every_hyperparameter_has_a_widget_with_its_label_help_and_range(app, parameter):
    shown = widget(app, parameter.name)
    assert shown.label == parameter.label
    assert parameter.help in shown.help
    if parameter.choices:
        if parameter.name != "data":  # without MNIST there is no choice
            assert shown.options == list(parameter.choices.values())
    else:
        if parameter.whole:
            limits = (parameter.low, parameter.high, parameter.step)
            assert (shown.min, shown.max, shown.step) == limits
        assert parameter.text(parameter.low) in shown.help
        assert parameter.text(parameter.high) in shown.help


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_sets_everything(app, name):
    quiet(app.pills(key="train/preset").set_value(name).run())
    recipe = PRESETS[name].recipe
    for parameter in SHOWN:
        expected = "synthetic" if parameter.name == "data" else getattr(recipe, parameter.name)
        shown = widget(app, parameter.name).value
        assert (float(shown) if isinstance(expected, float) else shown) == expected


def test_presets_stand_in_their_order(app):
    """The first one, chosen at first, is fit for a class; each says how long it takes."""
    pills = app.pills(key="train/preset")
    for option, preset in zip(pills.options, PRESETS.values(), strict=True):
        assert re.fullmatch(rf"{preset.label} \(about \d+ (s|min|h)\)", option)
    assert (pills.value, next(iter(PRESETS))) == ("quick", "quick")
    assert pills.proto.wrap is not False


def test_a_preset_says_what_it_is_for(app):
    for name, preset in PRESETS.items():
        app.pills(key="train/preset").set_value(name).run()
        assert preset.purpose in captions(quiet(app))


def test_times_are_learnt_from_earlier_runs(app, home):
    """And the chosen preset stays, although its text is another one then."""
    machine._speed.clear()
    recipe = replace(PRESETS["quick"].recipe, data="synthetic")
    slow = 100 * training_seconds(recipe)
    put_run(home, FIRST, "finished", recipe=recipe, seconds=slow, progress=1.0)
    app.pills(key="train/preset").set_value("gru").run()
    machine._speed.clear()
    quiet(app.run())
    pills = app.pills(key="train/preset")
    assert about(slow + other_seconds(recipe)) in pills.options[0]
    assert pills.value == "gru"
    machine._speed.clear()


def test_the_recipe_is_shown_in_words(app):
    app.number_input(key="train/epochs").set_value(3).run()
    app.segmented_control(key="train/cell").set_value("gru").run()
    recipe = replace(PRESETS["quick"].recipe, data="synthetic", cell="gru", epochs=3)
    assert summary(recipe) in captions(app)
    assert difference(recipe, PRESETS["quick"].recipe) in captions(app)


def test_each_optimiser_starts_at_a_learning_rate_of_its_own(app):
    app.segmented_control(key="train/optimizer").set_value("sgd").run()
    assert app.text_input(key="train/learning_rate").value == "0.01"
    app.segmented_control(key="train/optimizer").set_value("adam").run()
    assert app.text_input(key="train/learning_rate").value == "0.001"


def refusal(app):
    """Why the recipe cannot be trained, which stands on the page and in the popover."""
    on_page, in_popover = (error.value for error in app.error)
    assert on_page == in_popover
    return on_page


def test_a_batch_that_is_too_large_is_refused_and_can_be_made_smaller(app):
    app.segmented_control(key="train/cell").set_value("lstm").run()
    app.number_input(key="train/n_neurons").set_value(256).run()
    app.number_input(key="train/batch_size").set_value(512).run()
    assert "256" in refusal(app)  # the largest batch
    assert app.button(key="train/start").disabled
    quiet(app.number_input(key="train/batch_size").set_value(256).run())
    assert not app.error
    assert app.number_input(key="train/n_neurons").value == 256
    assert not app.button(key="train/start").disabled


def test_synthetic_digits_can_be_added_to_mnist(runs_folder, real_mnist):
    app = open_page(AppTest.from_file(APP, default_timeout=60), "train")
    app.segmented_control(key="train/data").set_value("both").run()
    added = app.number_input(key="train/synthetic")
    assert added.label == HYPERPARAMETERS["synthetic"].label
    added.set_value(1234).run()
    quick = PRESETS["quick"].recipe
    assert difference(replace(quick, synthetic=1234), quick) in captions(app)
    app.segmented_control(key="train/data").set_value("mnist").run()
    assert summary(quick) in captions(app)


def test_an_emptied_field_gets_its_number_back(app):
    """So that no field needs "(required)" behind its label."""
    for parameter in SHOWN:
        field = widget(app, parameter.name)
        assert not field.proto.required
        value = field.value
        quiet(field.set_value(None).run())
        assert widget(app, parameter.name).value == value
    app.number_input(key="train/epochs").set_value(7).run()
    app.number_input(key="train/epochs").set_value(None).run()
    assert app.number_input(key="train/epochs").value == 7


def test_a_browser_that_missed_new_times_keeps_its_preset(app):
    """The label it knows is no longer among the options, so it sends no choice."""
    app.pills(key="train/preset").set_value("gru").run()
    states = app._tree.get_widget_states()
    (preset,) = (each for each in states.widgets if each.id.endswith("train/preset"))
    del preset.string_array_value.data[:]
    app._run(states)
    assert quiet(app).pills(key="train/preset").value == "gru"


def test_four_fields_come_first(app):
    assert FIRST_FIELDS == ("cell", "n_neurons", "learning_rate", "epochs")
    (popover,) = [each for each in app.get("popover") if widgets_in(each) >= {"train/cell"}]
    more = popover.expander[0]
    assert widgets_in(popover) - widgets_in(more) == {f"train/{name}" for name in FIRST_FIELDS}


def widgets_in(block) -> set[str]:
    """The keys of the widgets in a block."""
    found = [*block.number_input, *block.segmented_control, *block.text_input]
    return {each.key for each in found}


def test_a_decimal_comma_is_taken_as_such_and_shown(app):
    """A browser's number field drops the comma, so that a learning rate of "0,01" became 1."""
    app.text_input(key="train/learning_rate").set_value("0,01").run()
    assert app.text_input(key="train/learning_rate").value == "0.01"
    recipe = replace(PRESETS["quick"].recipe, data="synthetic", learning_rate=0.01)
    assert summary(recipe) in captions(app)


@pytest.mark.hostile("text or a number out of range typed into a recipe")
@pytest.mark.parametrize("typed", ["5k", "**1**", "11", "1e999", "nan", "0,0000001"])
def test_a_bad_number_stays_in_its_field_and_the_sentence_names_it(app, typed):
    app.text_input(key="train/learning_rate").set_value(typed).run()
    assert app.text_input(key="train/learning_rate").value == typed
    text = refusal(app)
    assert text.startswith(HYPERPARAMETERS["learning_rate"].label + " must be ")
    assert "**" not in text
    assert app.button(key="train/start").disabled
    quiet(app.text_input(key="train/learning_rate").set_value("0.5").run())
    assert not app.error
    assert not app.button(key="train/start").disabled
