"""The section About the tutorial: what it is, its code in three implementations, and its bugs."""

from dataclasses import fields

import pandas as pd
import streamlit as st

from rnn_demo.app.inside import session
from rnn_demo.app.text import _, sentence
from rnn_demo.inside import equivalence, findings
from rnn_demo.inside.compute import Computation
from rnn_demo.inside.equivalence import Deviations, Equivalence
from rnn_demo.inside.findings import Findings
from rnn_demo.messages import N_, InputError
from rnn_demo.nn.published import TUTORIAL_URL

# The tutorial's own words, so they are in no catalogue.
_TITLE = "Building RNNs is Fun with PyTorch and Google Colab"
_AUTHOR = "Elvis Saravia (dair.ai)"

_DEVIATIONS = {
    "not_transposed": N_("Wy not transposed"),
    "second_bias": N_("A second bias"),
    "random_start": N_("A random start"),
    "leftover_state": N_("State left over from the previous call"),
}
_VERSIONS = {"tutorial": N_("As published"), "fixed": N_("Fixed")}
_TITLES = {
    "n_parameters": N_("`list(BasicRNN(...).parameters())` has the length"),
    "call_difference": N_("`CleanBasicRNN` called twice with the same batch: difference"),
    "backward_error": N_("A second `backward()`"),
    "model_difference": N_("“The same model as `BasicRNN`”: difference"),
    "probability_sum": N_("Sum of `exp` of the ten outputs"),
    "digits": N_("The digits in MNIST"),
}
_TUTORIAL = {
    "n_parameters": N_("`Wx`, `Wy` and `b` are plain tensors: an optimiser has nothing to train."),
    "call_difference": N_(
        "The first call leaves its last state in `hx`, and the second call starts from it."
    ),
    "backward_error": N_("`hx` is still attached to the first call's graph, which has been freed."),
    "model_difference": N_("It has its own weights, biases and initial state."),
    "probability_sum": N_(
        "The tutorial calls them log probabilities, but they are logits: probabilities add up to 1."
    ),
    "digits": N_("The tutorial says so."),
}
_FIXED = {
    "n_parameters": N_("`Wx`, `Wy` and `b` are parameters: an optimiser trains all three."),
    "call_difference": N_("Every call starts from the stored `hx` and does not change it."),
    "backward_error": N_("Nothing is left over from the first call."),
    "model_difference": N_(
        "With equal weights, biases and initial state, they are the same up to rounding."
    ),
    "probability_sum": N_("`log_softmax` turns logits into log probabilities."),
    "digits": N_("There are ten classes, and the first one is 0."),
}


def show() -> None:
    """Which tutorial this is, then what is right and what is wrong in it."""
    st.markdown(
        _(
            "This app began with the tutorial [{title}]({url}) by {author}, 19 August 2018. Its "
            "four classes are `SingleRNN`, `BasicRNN`, `nn.RNNCell` in a loop and `CleanBasicRNN`: "
            "the buttons below open them with its own batch."
        ).format(title=_TITLE, url=TUTORIAL_URL, author=_AUTHOR)
    )
    st.header(_("Three implementations, one result"), anchor=False)
    _show_equivalence()
    st.header(_("Bugs in the tutorial"), anchor=False)
    _show_findings()


def _show_equivalence() -> None:
    """The same computation by hand, by nn.RNNCell and by nn.RNN, with mistakes to switch on."""
    st.markdown(
        _(
            "The numbers above, computed with the same weights by hand, by `nn.RNNCell` and by "
            "`nn.RNN`. Switch on a mistake and see them disagree."
        )
    )
    deviations = _deviations()
    now = session.computation()
    try:
        result = equivalence.compare(now, deviations)
    except InputError as error:
        st.info(sentence(error.message))
        return
    st.badge(
        _("largest difference {difference:.2g}").format(difference=result.difference),
        icon=":material/check:" if result.equal else ":material/close:",
        color="green" if result.equal else "red",
    )
    if deviations == Deviations(not_transposed=True) and now.state.n_neurons == 1:
        st.caption(_("With one neuron, Wy is a single number, so the transposed Wy is the same."))
    _show_largest_difference(now, result)


def _deviations() -> Deviations:
    with st.container(horizontal=True):
        return Deviations(
            **{
                field.name: st.toggle(
                    _(_DEVIATIONS[field.name]),
                    key=f"inside/equivalence/{field.name}",
                    persist_state="session",
                )
                for field in fields(Deviations)
            }
        )


def _show_largest_difference(now: Computation, result: Equivalence) -> None:
    """The states of the example and step where the implementations differ most; it is marked."""
    if result.equal:
        t, i, j = now.state.n_steps - 1, 0, -1
        template = _("`{state}`, example {i} of {batch}")
    else:
        t, i, j = result.where
        template = _("`{state}`, example {i} of {batch}: here they differ most, in neuron {neuron}")
    output = now.state.preset.output_name(t)
    st.caption(template.format(state=output, i=i + 1, batch=now.state.batch, neuron=j))
    rows = {"`BasicRNN`": result.by_hand, "`nn.RNNCell`": result.cell, "`nn.RNN`": result.rnn}
    numbers = {
        name: [
            f":red-background[**{value:.4f}**]" if k == j else f"{value:.4f}"
            for k, value in enumerate(states[t, i].tolist())
        ]
        for name, states in rows.items()
    }
    st.table(pd.DataFrame(numbers).T)


def _show_findings() -> None:
    """Six findings as numbers with a sentence each, of the tutorial's or the fixed networks."""
    version = st.segmented_control(
        _("Version"),
        list(_VERSIONS),
        format_func=lambda it: _(_VERSIONS[it]),
        default="tutorial",
        required=True,
        key="inside/findings/version",
        persist_state="session",
        label_visibility="collapsed",
    )
    now, tutorial = session.computation(), version == "tutorial"
    values = _values(
        findings.findings(now.unrolled.X, now.state.n_neurons, now.state.seed, tutorial=tutorial)
    )
    texts = _TUTORIAL if tutorial else _FIXED
    names = list(_TITLES)
    for row in (names[:3], names[3:]):
        for column, name in zip(st.columns(3), row, strict=True):
            with column:
                st.markdown(_(_TITLES[name]))  # a metric cuts off its label
                st.metric(_(_TITLES[name]), values[name], label_visibility="collapsed")
                st.caption(_(texts[name]))


def _values(found: Findings) -> dict[str, str]:
    return {
        "n_parameters": str(found.n_parameters),
        "call_difference": f"{found.call_difference:.4f}",
        "backward_error": found.backward_error or _("works"),
        "model_difference": f"{found.model_difference:.4f}",
        "probability_sum": f"{found.probability_sum:.4f}",
        "digits": "{}-{}".format(*found.digits),
    }
