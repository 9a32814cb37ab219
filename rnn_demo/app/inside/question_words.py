"""The sentences of the questions: by the ids of the core. `Code` stands in backticks."""

from rnn_demo.app.text import _, n_
from rnn_demo.inside.question import Answer, Question
from rnn_demo.messages import N_

_CHOICES = {
    "changes": N_("It changes"),
    "stays": N_("It stays the same"),
    "more": N_("More"),
    "fewer": N_("Fewer"),
    "same": N_("The same number"),
    "nearer": N_("Nearer to 0"),
    "farther": N_("Farther from 0"),
    "all": N_("All of them"),
    "some": N_("Some of them"),
    "none": N_("None of them"),
    "both": N_("Both"),
    "by_hand": N_("Only the code by hand"),
    "neither": N_("Neither"),
}
_OUTCOMES = {
    "changes": N_("it changes"),
    "stays": N_("it stays the same"),
    "more": N_("more"),
    "fewer": N_("fewer"),
    "same": N_("the same number"),
    "nearer": N_("nearer to 0"),
    "farther": N_("farther from 0"),
    "all": N_("all of them"),
    "some": N_("some of them"),
    "none": N_("none of them"),
    "both": N_("both"),
    "by_hand": N_("only the code by hand"),
    "neither": N_("neither"),
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
    "divide_inputs": N_("I will divide all inputs by ten. Will more or fewer sums be saturated?"),
    "multiply_inputs": N_(
        "I will multiply all inputs by ten. Will more or fewer sums be saturated?"
    ),
    "more_steps": N_(
        "I will let the network read {n_more_steps} steps instead of {n_steps}. Does it need more "
        "weights for that?"
    ),
    "double_last_input": N_(
        "I will double the last input, `{input}`. Will `{state}` change visibly (in its first four "
        "decimals)?"
    ),
    "change_memory": N_(
        "I will set `Wy` to {Wy:g}. Will the last state, `{state}`, be nearer to 0 or farther "
        "from 0?"
    ),
    "one_connection": N_(
        "I will set one weight, `Wy[{source}, {neuron}]`, to 0: neuron {neuron} no longer hears "
        "neuron {source}. How many of the {n} numbers of the last state, `{state}`, will change?"
    ),
    "longer_code": N_(
        "I will let the network read {n_more_steps} steps instead of {n_steps}. Which code grows: "
        "the one by hand, the loop, or both?"
    ),
}
_REASONS = {
    "time_order": N_("`{state}` was computed before `{input}` came in: time runs one way."),
    "carried": N_("The change reached `{state}` through `Wy`, step by step: this is the memory."),
    "memory_used": N_(
        "`{state}` received `hx` through `Wy`. Without `Wy`, every step sees only its own input."
    ),
    "not_received": N_(
        "Nothing visible of it reaches `{pre_activation}`, which keeps its first four decimals."
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
        "{n_before} of the {n_total} sums were saturated, now {n_after} are. Their average "
        "distance from zero went from {size_before:.2f} to {size_after:.2f}: tanh is steep near "
        "zero and flat far from it."
    ),
    "counted_relu": N_(
        "{n_before} of the {n_total} sums were saturated, now {n_after} are: {n_became} became "
        "zero or negative, where relu is flat, and {n_ceased} became positive."
    ),
    "not_flat": N_(
        "`{pre_activation}{index}` went from {z_before:.4g} to {z_after:.4g}, and `{state}` from "
        "{y_before:.4f} to {y:.4f}: the curve is not flat there, so the change comes through."
    ),
    "shared_weights": N_(
        "{n_before} weights and biases for {n_steps} steps, {n_after} for {n_more_steps}: every "
        "step uses the same ones."
    ),
    "spread": N_(
        "In `{first_state}`, {n_first} of the {n} numbers changed; in `{state}`, {n_changed} of "
        "{n}. Through `Wy`, all neurons hear each other one step later."
    ),
    "fed_back": N_(
        "`{state}` went from {y_before:.4f} to {y_after:.4f}. With `Wy` at 1 or below, each step "
        "keeps less than it got; above 1, the neuron can keep itself going."
    ),
    "lines": N_(
        "By hand: {by_hand_before} lines before, {by_hand_after} now. The loop: {loop_before} "
        "lines before, {loop_after} now."
    ),
}
_SPREAD_AT_ONCE = N_(
    "{n_changed} of the {n} numbers of `{state}` changed. One step later, the other neurons would "
    "hear of it through `Wy`."
)
_LOST_WITHOUT_WY = N_(
    "All of `Wy` is 0, so nothing of `{previous_state}` reaches `{pre_activation}`: there is no "
    "memory."
)
_LOST_IN_WY = N_(
    "`{previous_state}` changed, but `Wy` passed on too little of it: `{pre_activation}` keeps its "
    "first four decimals."
)
_ZERO_START = N_("`hx` is zero, so `{state}` had nothing to remember.")


def question_text(question: Question) -> str:
    """A question in the visitor's language."""
    return _(_QUESTIONS[question.id]).format(**question.values)


def choice_text(choice: str) -> str:
    """A choice as its button says it."""
    return _(_CHOICES[choice])


def verdict(chosen: str, answer: Answer) -> str:
    """Whether the visitor was right, and why."""
    outcome = _(_OUTCOMES[answer.choice])
    template = _("Yes: {outcome}.") if chosen == answer.choice else _("No: {outcome}.")
    return f"{template.format(outcome=outcome)} {_reason(answer)}"


def _reason(answer: Answer) -> str:
    values = answer.values
    if answer.reason == "not_carried":
        return _(_LOST_WITHOUT_WY if values["zero_weights"] else _LOST_IN_WY).format(**values)
    if answer.reason == "zero_start":
        return f"{_(_ZERO_START).format(**values)} {_later_states(values['n_later'])}"
    if answer.reason == "spread" and values["first_state"] == values["state"]:
        return _(_SPREAD_AT_ONCE).format(**values)
    return _(_REASONS[answer.reason]).format(**values)


def _later_states(n_changed: int) -> str:
    if n_changed == 0:
        return _("No later state changed visibly.")
    return n_(
        "{n} later state changed: it has lost its memory.",
        "{n} later states changed: they have lost their memory.",
        n_changed,
    ).format(n=n_changed)
