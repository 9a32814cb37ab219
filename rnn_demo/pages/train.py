"""Train: choose a recipe, press Start, and watch loss and accuracy move."""

import streamlit as st

from rnn_demo import texts
from rnn_demo.components.visitor import remember_visitor, visitor
from rnn_demo.figures import training as charts
from rnn_demo.training import runs
from rnn_demo.training.recipe import RANGES, Optimizer, Recipe
from rnn_demo.training.runs import Run, Status
from rnn_demo.widgets import data_notice, palette, told_in_a_sentence

# Where each optimiser begins.
LEARNING_RATES: dict[Optimizer, float] = {"adam": 0.001, "sgd": 0.01}


def choose_recipe() -> Recipe:
    """The settings of the next run; the tutorial's to begin with."""
    data = data_notice()
    with st.grid(6, min_column_width=140, vertical_alignment="bottom"):
        epochs = whole_number("epochs", 10)
        n_neurons = whole_number("n_neurons", 150)
        batch_size = whole_number("batch_size", 64)
        seed = whole_number("seed", 0)
        optimizer = st.segmented_control(
            "Optimiser",
            LEARNING_RATES,
            default="adam",
            required=True,
            format_func={"adam": "Adam", "sgd": "SGD"}.__getitem__,
            key="train/optimizer",
            persist_state="session",
        )
        low, high = RANGES["learning_rate"]
        learning_rate = st.number_input(
            "Learning rate",
            low,
            high,
            LEARNING_RATES[optimizer],
            step=LEARNING_RATES[optimizer],
            format="%g",
            help=f"From {low:g} to {high:g}",
            key=f"train/{optimizer}/learning_rate",
            persist_state="session",
        )
    return Recipe(
        data=data,
        n_neurons=n_neurons,
        optimizer=optimizer,
        learning_rate=learning_rate,
        batch_size=batch_size,
        epochs=epochs,
        seed=seed,
    )


def whole_number(name: str, default: int) -> int:
    """One setting of the recipe, its range in the label."""
    low, high = (int(bound) for bound in RANGES[name])
    return st.number_input(
        f"{name.removeprefix('n_').replace('_', ' ').capitalize()} ({low} to {high})",
        low,
        high,
        default,
        key=f"train/{name}",
        persist_state="session",
    )


def start(recipe: Recipe) -> None:
    """Start a run, and look at it."""
    with told_in_a_sentence():
        st.session_state["train/run"] = runs.start(recipe, visitor()).id


def choose_run() -> Run | None:
    """The run to look at: the newest, until the visitor picks another."""
    found = {run.id: run for run in runs.runs_of(visitor())}
    if not found:
        return None
    if st.session_state.get("train/run") not in found:
        st.session_state["train/run"] = next(iter(found))
    if len(found) == 1:
        return next(iter(found.values()))
    title = {key: run.title for key, run in found.items()}.__getitem__
    return found[st.selectbox("Run", found, format_func=title, key="train/run")]


def watch(run: Run) -> None:
    """Progress, and loss and accuracy as they move; runs again by itself until the end."""
    status, recipe = run.status(), run.recipe
    if status.state == "failed":
        st.error(status.message)
    else:
        st.progress(status.progress, status.describe(recipe.epochs))
    if not status.ended:
        label = "Stopping" if run.stop_requested else "Stop"
        st.button(label, icon=":material/stop:", on_click=run.stop, disabled=run.stop_requested)
    show_charts(run.metrics(), recipe.epochs)
    if status.ended and st.session_state.get("train/watched") == run.id:
        del st.session_state["train/watched"]
        st.rerun()  # the rest of the page learns that it is over
    elif not status.ended:
        st.session_state["train/watched"] = run.id


def show_charts(points: charts.Points, epochs: int) -> None:
    """Loss and accuracy, the tutorial's own behind them."""
    shown = {
        "**Loss** (cross-entropy, training images)": charts.loss_chart,
        "**Accuracy** (training images, as they are met)": charts.accuracy_chart,
    }
    for column, (name, chart) in zip(st.columns(2), shown.items(), strict=True):
        with column:
            st.markdown(name)
            options = chart(points, epochs, palette())
            alt = f"{name.replace('*', '')} over epochs, with the tutorial's dashed"
            st.echarts_chart(options, key=f"train/{chart.__name__}", height=280, alt=alt)


def show_result(run: Run, status: Status) -> None:
    """Test accuracy, and the way to the drawing page."""
    if status.test_accuracy is None:
        return
    text = texts.load("test_accuracy")
    digits = "MNIST" if run.recipe.data == "mnist" else "synthetic digits"
    st.metric(f"Test accuracy on {digits}, exact", f"{status.test_accuracy:.2f} %", help=text)
    if st.button("Let it read my drawing", icon=":material/draw:", type="primary"):
        st.session_state["draw/network"] = run.id
        st.switch_page("rnn_demo/pages/draw.py")


remember_visitor()
with told_in_a_sentence():
    recipe = choose_recipe()
run = choose_run()
status = run.status() if run else None
training = status is not None and not status.ended
if not training:
    st.button("Start", icon=":material/play_arrow:", type="primary", on_click=start, args=(recipe,))
if run is None or status is None:
    show_charts([], recipe.epochs)
else:
    st.fragment(watch, run_every=0.5 if training else None)(run)
    show_result(run, status)
