"""What stands under the picture of the flow lab, one thing at a time."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from rnn_demo.app.inside import session
from rnn_demo.app.inside.grids import grids
from rnn_demo.app.text import _
from rnn_demo.inside import code_export, compute, state
from rnn_demo.inside.compute import Lab
from rnn_demo.inside.equivalence import Breaks, three_ways
from rnn_demo.inside.quiz import questions
from rnn_demo.inside.state import LabState
from rnn_demo.nn import published

_ANSWER = "lab/answer"  # of the question on screen, once given: (chosen, right)
_ASKED = "lab/question"  # which question is on screen
_PASTE_INTO, _PASTED = "lab/paste/name", "lab/paste/text"
_PASTE_PROBLEM = "lab/paste/problem"  # told once, beside the table
_SWITCHES = {
    "not_transposed": "Wy not transposed",
    "second_bias": "A second bias",
    "random_start": "A random start",
    "left_over": "State left from the call before",
}


def show(name: str, state: LabState) -> None:
    """Show the section of a name."""
    _SECTIONS[name](compute.compute(state))


def predict(shown: Lab) -> None:
    """A question, answered by a click before the picture tells."""
    asked = questions(shown.state)
    index = st.session_state.setdefault(_ASKED, 0) % len(asked)
    if _ANSWER in st.session_state:
        st.markdown(st.session_state[_ANSWER])
        st.button("Next question", icon=":material/arrow_forward:", on_click=_next_question)
        return
    question = asked[index]
    st.markdown(f"**{question.text}**")
    with st.container(horizontal=True):
        for choice, text in enumerate(question.choices):
            st.button(text, key=f"lab/answer/{choice}", on_click=_answer, args=(choice,))


def _answer(chosen: int) -> None:
    before = compute.compute(session.now())
    asked = questions(before.state)
    question = asked[st.session_state[_ASKED] % len(asked)]
    if session.go(lambda: question.change(before.state)):
        right = question.judge(before, compute.compute(session.now()))
        verdict = "As you said" if chosen == right else "Not this time"
        st.session_state[_ANSWER] = (
            f"{question.text} {verdict}: **{question.choices[right].lower()}.** "
            f"{question.because[right]}"
        )


def _next_question() -> None:
    st.session_state.pop(_ANSWER, None)
    st.session_state[_ASKED] += 1


def ways(shown: Lab) -> None:
    """The same numbers by hand, by nn.RNNCell and by nn.RNN, until a switch breaks it."""
    st.markdown(
        _(
            "The weights in the picture, given to `nn.RNNCell` and to `nn.RNN`. "
            "Switch on one mistake at a time to see what breaks the equality."
        )
    )
    with st.container(horizontal=True):
        breaks = Breaks(
            **{
                name: st.toggle(text, key=f"lab/ways/{name}", persist_state="session")
                for name, text in _SWITCHES.items()
            }
        )
    try:
        result = three_ways(shown, breaks)
    except ValueError as error:
        st.info(str(error))
        return
    st.badge(
        f"largest difference {result.difference:.2g}",
        icon=":material/check:" if result.equal else ":material/close:",
        color="green" if result.equal else "red",
    )
    if breaks == Breaks(not_transposed=True) and shown.state.n_neurons == 1:
        st.caption("With one neuron, Wy is a single number: transposed or not, it is the same.")
    rows = {"BasicRNN": result.by_hand, "nn.RNNCell": result.cell, "nn.RNN": result.rnn}
    name = shown.state.preset.output_name(shown.state.n_steps - 1)
    st.caption(f"{name}, instance 0")
    st.table(
        pd.DataFrame(
            {
                way: [f"{value:.4f}" for value in states[-1, 0].tolist()]
                for way, states in rows.items()
            }
        ).T
    )


def as_published(shown: Lab) -> None:
    """What the tutorial published, live, and what it is mended to."""
    version = st.segmented_control(
        "Version",
        ["As published", "Fixed"],
        default="As published",
        required=True,
        key="lab/errata",
        persist_state="session",
        label_visibility="collapsed",
    )
    state = shown.state
    found = published.findings(
        shown.unrolled.X, state.n_neurons, state.seed, published=version == "As published"
    )
    for row in (found[:3], found[3:]):
        for column, finding in zip(st.columns(3), row, strict=True):
            with column:
                st.metric(finding.title, finding.value)
                st.caption(finding.text)


def growing(shown: Lab) -> None:
    """The forward pass by hand, which grows with the steps, beside the loop, which does not."""
    by_hand, loop = code_export.forward_by_hand(shown.state), code_export.loop(shown.state)
    left, right = st.columns(2)
    left.caption(f"BasicRNN: {shown.state.n_steps} lines for {shown.state.n_steps} time steps")
    left.code(by_hand, language="python")
    right.caption("RNNCell: the same 4 lines for any number of time steps")
    right.code(loop, language="python")


def paste(shown: Lab) -> None:
    """A table from a spreadsheet, into any matrix."""
    with st.form("lab/paste", border=False):
        st.selectbox("Into", compute.matrices(shown.state), key=_PASTE_INTO, width=160)
        st.text_area(
            "Table",
            key=_PASTED,
            placeholder="0\t1\t2\n3,5\t4\t5",
            height=120,
            help="Cells between tabs, semicolons or spaces. A comma is a decimal point.",
        )
        st.form_submit_button("Paste", on_click=_paste)
    if problem := st.session_state.pop(_PASTE_PROBLEM, ""):
        st.error("Nothing was changed.")
        st.text(problem)  # it quotes the table, so no Markdown


def _paste() -> None:
    name, text = st.session_state[_PASTE_INTO], st.session_state[_PASTED]
    if not session.go(lambda: compute.paste(session.now(), name, text)):
        st.session_state[_PASTE_PROBLEM] = session.problem()


def share_more(_: Lab) -> None:
    """What a link hides, and opening a state file."""
    st.multiselect(
        "The link hides",
        state.HIDEABLE,
        format_func=str.capitalize,
        key="lab/hide",
        persist_state="session",
        help="For a class: the page behind the link shows less.",
    )
    st.file_uploader(
        "Open a state file", type="json", max_upload_size=1, key="lab/file", on_change=_open_file
    )


def _open_file() -> None:
    file = st.session_state["lab/file"]
    if file is not None:
        session.open_file(file.getvalue())


_SECTIONS: dict[str, Callable[[Lab], None]] = {
    "Grids": grids,
    "Predict": predict,
    "Three ways": ways,
    "Errata": as_published,
    "Code that grows": growing,
    "Paste a table": paste,
    "Share": share_more,
}
