"""Toy networks: edit the two batches, and see what the neurons say."""

import pandas as pd
import streamlit as st
import torch

from rnn_demo import errata, flow, texts
from rnn_demo.presets import PRESETS, Preset
from rnn_demo.widgets import LIMIT, matrix, number_grid, reset_grids, told_in_a_sentence


def choose_preset() -> Preset:
    """One of the tutorial's four networks."""
    index = st.segmented_control(
        "Network",
        range(len(PRESETS)),
        default=0,
        required=True,
        format_func=lambda index: PRESETS[index].title,
        key="toy/preset",
        persist_state="session",
        label_visibility="collapsed",
    )
    return PRESETS[index]


def grid_key(preset: Preset, t: int) -> str:
    """Key of the grid of one time step."""
    return f"toy/{preset.class_name}/X{t}"


def edit_batch(preset: Preset, t: int) -> torch.Tensor:
    """The grid of one time step; returns (batch, n_inputs)."""
    columns = [f"in {i}" for i in range(preset.n_inputs)]
    start = pd.DataFrame(preset.X[t], columns=columns, dtype=float)
    frame = number_grid(f"X{t}", start, grid_key(preset, t))
    return torch.tensor(frame.to_numpy(), dtype=torch.float)


def choose_size(preset: Preset) -> tuple[int, int]:
    """Number of neurons, and the seed of the weights."""
    key = f"toy/{preset.class_name}"
    neurons = preset.n_neurons
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if preset.n_neurons > 1:
            neurons = st.number_input(
                "Neurons (1 to 16)",
                1,
                16,
                preset.n_neurons,
                key=f"{key}/neurons",
                persist_state="session",
                width=160,
            )
        seed = st.number_input(
            "Seed of the weights",
            0,
            9999,
            7,
            key=f"{key}/seed",
            persist_state="session",
            help="Another seed draws other weights; the same seed draws the same ones again.",
            width=160,
        )
        grids = [grid_key(preset, t) for t in range(len(preset.X))]
        st.button("Tutorial's numbers", icon=":material/undo:", on_click=reset_grids, args=grids)
    return neurons, seed


def show_states(preset: Preset, unrolled: flow.Unrolled) -> None:
    """The start and the final state of a loop, and everything as PyTorch prints it."""
    if preset.in_a_loop:
        start, final = st.columns(2, gap="large")
        with start:
            matrix("`hx`, the random state before t = 0", unrolled.hx, limit=None)
        with final:
            matrix("`state`, the final one, is `output[1]`", unrolled.hidden[-1])
    with st.expander("As PyTorch prints it"):
        for t, hidden in enumerate(unrolled.hidden):
            st.code(f"{preset.output_name(t)} =\n{hidden}", language=None)


def show_steps(unrolled: flow.Unrolled) -> None:
    """Every intermediate, left to right as the equation reads."""
    terms = {
        "`X{t} Wx` input": unrolled.input_term,
        "`h Wy` recurrent": unrolled.recurrent_term,
        "their sum + `b`": unrolled.pre_activation,
        "`tanh` of it": unrolled.hidden,
    }
    for t in range(len(unrolled.hidden)):
        st.markdown(f"**t = {t}**")
        for column, (name, term) in zip(st.columns(4), terms.items(), strict=True):
            with column:
                matrix(name.format(t=t), term[t], limit=None)


def show_weights(weights: flow.Weights) -> None:
    """The parameters, the same at every step."""
    shown = {
        "`Wx` input to hidden": (weights.Wx, "input"),
        "`Wy` hidden to hidden": (weights.Wy, "from neuron"),
        "`b` bias": (weights.b[None], ""),
    }
    for column, (name, (values, row)) in zip(st.columns(3), shown.items(), strict=True):
        with column:
            matrix(name, values, row=row, limit=None)


def show_errata(preset: Preset, X: torch.Tensor, n_neurons: int, seed: int) -> None:
    """What the tutorial published, next to what it does here."""
    published, here = st.columns(2)
    if preset.in_a_loop:
        label, text = "Same batch twice: the answers lie apart by", "leaking_state"
        values = [f"{apart:.4f}" for apart in errata.leak(X, n_neurons, seed)]
    else:
        label, text = "Tensors an optimiser could train", "no_parameters"
        values = [str(n) for n in errata.trainable_tensors(preset.n_inputs, n_neurons)]
    published.metric(f"{label}, as published", values[0])
    here.metric(f"{label}, here", values[1])
    st.markdown(texts.load(text))


preset = choose_preset()
st.markdown(preset.idea)
n_neurons, seed = choose_size(preset)
st.caption(
    f"Double-click a number to change it, from -{LIMIT:g} to {LIMIT:g}; the grid cuts off what "
    "is larger and refuses text."
)
batches = []
for t, column in enumerate(steps := st.columns(len(preset.X), gap="large")):
    with column:
        st.markdown(f"**t = {t}** &nbsp; the batch `X{t}` goes in")
        batches.append(edit_batch(preset, t))
with told_in_a_sentence():
    model, hx = preset.network(n_neurons, seed)
    unrolled = flow.unroll(model, torch.stack(batches), hx)
for t, column in enumerate(steps):
    with column:
        matrix(f"`{preset.output_name(t)}` comes out", unrolled.hidden[t])
show_states(preset, unrolled)
with st.expander("Every step on the way"):
    st.latex(flow.EQUATION)
    show_steps(unrolled)
with st.expander("The weights"):
    show_weights(flow.weights(model))
with st.expander("What the tutorial got wrong here"):
    show_errata(preset, unrolled.X, n_neurons, seed)
