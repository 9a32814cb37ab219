"""The section Predict: a question, answered with a click before the network shows it."""

import streamlit as st

from rnn_demo.app.inside import session
from rnn_demo.app.text import _, n_
from rnn_demo.inside import quiz
from rnn_demo.inside.quiz import Answer, Question
from rnn_demo.messages import N_

_ASKED = "inside/quiz/asked"  # id of the question on screen, or of the answered one
_ANSWERED = "inside/quiz/answered"  # (question, chosen, answer) until the next question

_CHOICES = {
    "changes": N_("It changes"),
    "stays": N_("It stays the same"),
    "more": N_("More"),
    "fewer": N_("Fewer"),
    "same": N_("The same number"),
}
_OUTCOMES = {
    "changes": N_("it changes"),
    "stays": N_("it stays the same"),
    "more": N_("more"),
    "fewer": N_("fewer"),
    "same": N_("the same number"),
}
_QUESTIONS = {
    "late_input": N_("I will change `{input}` only. Will `{state}` change?"),
    "early_input": N_(
        "I will change `{input}` only. Will the last state, `{state}`, change visibly (in its "
        "first four decimals)?"
    ),
    "no_memory": N_(
        "I will set all of `Wy` to 0. Will `{state}` change visibly (in its first four decimals)?"
    ),
    "divide_inputs": N_(
        "I will divide all inputs by ten. Will more or fewer pre-activations be saturated?"
    ),
    "multiply_inputs": N_(
        "I will multiply all inputs by ten. Will more or fewer pre-activations be saturated?"
    ),
}
_REASONS = {
    "time_order": N_("`{state}` was computed before `{input}` came in: time runs one way."),
    "carried": N_("The change reached `{state}` through `Wy`, step by step: this is the memory."),
    "memory_used": N_(
        "`{state}` received `hx` through `Wy`. Without `Wy`, every step sees only its own input."
    ),
    "not_received": N_(
        "The change was too small to be visible: `{pre_activation}` keeps its first four decimals."
    ),
    "saturated": N_(
        "`{pre_activation}{index}` went from {z_before:.4g} to {z_after:.4g}, but {activation} is "
        "{y:.4f} at both: it is saturated, so the change is lost."
    ),
    "too_small": N_(
        "`{pre_activation}{index}` went from {z_before:.4f} to {z_after:.4f}: too little to be "
        "visible in `{state}`."
    ),
    "counted_tanh": N_(
        "{n_before} of the {n_total} pre-activations were saturated, now {n_after} are. Their "
        "average distance from zero went from {size_before:.2f} to {size_after:.2f}: tanh is "
        "steep near zero and flat far from it."
    ),
    "counted_relu": N_(
        "{n_before} of the {n_total} pre-activations were saturated, now {n_after} are: {n_became} "
        "became zero or negative, where relu is flat, and {n_ceased} became positive."
    ),
}
_LOST_WITHOUT_WY = N_(
    "All of `Wy` is 0, so nothing of `{previous_state}` reaches `{pre_activation}`: there is no "
    "memory."
)
_LOST_IN_WY = N_(
    "`{previous_state}` changed, but `Wy` passed on too little of it: `{pre_activation}` keeps its "
    "first four decimals."
)
_ZERO_START = N_("`hx` is zero, so `{state}` had nothing to remember.")


def show() -> None:
    """A question with its choices, or its answer."""
    if _ANSWERED in st.session_state:
        st.markdown(verdict(*st.session_state[_ANSWERED]))
        st.button(
            _("Next question"),
            icon=":material/arrow_forward:",
            key="inside/quiz/next",
            on_click=_next_question,
        )
        return
    question = _current_question()
    if question is None:
        st.caption(_("There is no question about this network. Give it more time steps."))
        return
    st.markdown(f"**{question_text(question)}**")
    with st.container(horizontal=True):
        for choice in question.choices:
            st.button(
                _(_CHOICES[choice]),
                key=f"inside/quiz/{choice}",
                on_click=_answer,
                args=(question, choice),
            )


def _current_question() -> Question | None:
    """The question on screen; another one if its premise no longer holds."""
    now, asked = session.computation(), st.session_state.get(_ASKED)
    question = quiz.question_of(now, asked) if asked else None
    question = question or quiz.next_question(now, asked)
    if question:
        st.session_state[_ASKED] = question.id
    return question


def _answer(question: Question, chosen: str) -> None:
    before = session.computation()
    if session.go(lambda _before: quiz.changed_state(question, before)):
        answer = quiz.answer(question, before, session.computation())
        st.session_state[_ANSWERED] = question, chosen, answer


def _next_question() -> None:
    del st.session_state[_ANSWERED]
    question = quiz.next_question(session.computation(), st.session_state[_ASKED])
    if question:
        st.session_state[_ASKED] = question.id


def question_text(question: Question) -> str:
    """A question in the visitor's language, Markdown."""
    return _(_QUESTIONS[question.id]).format(**question.values)


def verdict(question: Question, chosen: str, answer: Answer) -> str:
    """The question, whether the visitor was right, and why; Markdown."""
    outcome = _(_OUTCOMES[answer.choice])
    if chosen == answer.choice:
        verdict = ":green[**" + _("Yes: {outcome}.").format(outcome=outcome) + "**]"
    else:
        verdict = ":red[**" + _("No: {outcome}.").format(outcome=outcome) + "**]"
    return f"{question_text(question)} {verdict} {_reason(answer)}"


def _reason(answer: Answer) -> str:
    values = answer.values
    if answer.reason == "not_carried":
        return _(_LOST_WITHOUT_WY if values["zero_weights"] else _LOST_IN_WY).format(**values)
    if answer.reason == "zero_start":
        return f"{_(_ZERO_START).format(**values)} {_later_states(values['n_later'])}"
    return _(_REASONS[answer.reason]).format(**values)


def _later_states(n_changed: int) -> str:
    if n_changed == 0:
        return _("No later state changed visibly.")
    return n_(
        "{n} later state changed: it has lost its memory.",
        "{n} later states changed: they have lost their memory.",
        n_changed,
    ).format(n=n_changed)
