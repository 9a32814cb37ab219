"""The sentences of the page Train that depend on numbers: status, advice, announcement."""

from rnn_demo.app.recipe_text import value_text
from rnn_demo.app.text import _, n_, sentence
from rnn_demo.app.times import about
from rnn_demo.app.train.machine import machine_speed
from rnn_demo.app.train.recipes import recipe_of
from rnn_demo.messages import N_
from rnn_demo.runs.estimate import seconds_until_start
from rnn_demo.runs.outcome import outcome, unseen_accuracy
from rnn_demo.runs.run import Snapshot
from rnn_demo.runs.state import State
from rnn_demo.training.metrics import BY_NAME, Point
from rnn_demo.training.recipe import USUAL_LEARNING_RATES, Recipe, lower_learning_rate
from rnn_demo.training.resources import loss_floor

TUTORIAL_FORMULA = N_(
    "The tutorial adds up the accuracies of its batches and divides by the index of the last "
    "one, which is one less than their number: 937 where there are 938. It also counts every batch "
    "as 64 images, even the last one, which is smaller. On the 10,000 test images a perfect model "
    "would score 10,000 / 64 / 156 = **100.16 %**."
)
STATE_NAMES: dict[State, str] = {
    "queued": N_("queued"),
    "starting": N_("starting"),
    "running": N_("running"),
    "paused": N_("paused"),
    "interrupted": N_("interrupted"),
    "finished": N_("finished"),
    "stopped": N_("stopped"),
    "failed": N_("failed"),
}


def status_line(run: Snapshot) -> str:
    """What a run waits for, or why it failed; empty in every other state."""
    status = run.status
    match status.state:
        case "queued":
            return _queued(run)
        case "starting":
            return sentence(status.stage) if status.stage else _("Starting a process")
        case "failed":
            return sentence(status.message) if status.message else _("The training failed.")
        case _:
            return ""


def advice(run: Snapshot, end: Point | None) -> str:
    """What went wrong in a run and what to try; empty while nothing does.

    Args:
        run: the selected run, with a recipe.
        end: the end of its last whole epoch; None before the first.
    """
    match outcome(run.status, end):
        case "diverged":
            return _diverged(run)
        case "learnt_nothing":
            return _learnt_nothing(run)
    return status_line(run) if run.status.state == "failed" else ""


def _queued(run: Snapshot) -> str:
    """The place of a run in the queue, how long it will wait, and what to do meanwhile."""
    seconds = seconds_until_start(run.run, machine_speed())
    place = _("You are number {place} in the queue").format(place=run.queue_place)
    if seconds is None:
        return place
    return _(
        "{place}; it starts in about {time}. Meanwhile: draw a digit, or look inside a network."
    ).format(place=place, time=about(seconds))


def _diverged(run: Snapshot) -> str:
    """The loss has grown beyond guessing: why, and what to try."""
    recipe = recipe_of(run)
    rate = run.next_learning_rate or recipe.learning_rate
    lower = value_text("learning_rate", lower_learning_rate(recipe.optimizer, rate))
    happened = _(
        "It has diverged: at a learning rate of {rate} each step overshoots, and the loss grows "
        "instead of falling."
    ).format(rate=value_text("learning_rate", rate))
    if recipe.clip_norm:
        return _("{happened} Try a learning rate of {lower}.").format(
            happened=happened, lower=lower
        )
    return _("{happened} Try a learning rate of {lower}, or clip gradients at 1.").format(
        happened=happened, lower=lower
    )


def _learnt_nothing(run: Snapshot) -> str:
    """It reads no more digits than guessing would: why, and what to try."""
    recipe = recipe_of(run)
    rate = run.next_learning_rate or recipe.learning_rate
    usual = USUAL_LEARNING_RATES[recipe.optimizer]
    happened = _("It has learnt nothing: it reads about one digit in ten, as guessing does.")
    if rate > usual:
        return _("{happened} Try a lower learning rate, such as {rate}.").format(
            happened=happened, rate=value_text("learning_rate", usual)
        )
    if rate < usual:
        return _("{happened} Try a higher learning rate, such as {rate}, or more epochs.").format(
            happened=happened, rate=value_text("learning_rate", usual)
        )
    return _("{happened} Try more units, more epochs, or a GRU.").format(happened=happened)


def announcement(run: Snapshot, end: Point | None) -> str:
    """What a screen reader says when the state changes or an epoch ends.

    Args:
        run: the selected run.
        end: the end of its last whole epoch; None before the first.
    """
    state, n_epochs = _(STATE_NAMES[run.status.state]), recipe_of(run).epochs
    if end is None:
        return n_("{state}, 0 of {n} epoch done", "{state}, 0 of {n} epochs done", n_epochs).format(
            state=state, n=n_epochs
        )
    accuracy = unseen_accuracy(run.status, end)
    if accuracy is None:  # the recipe keeps no images aside
        accuracy = end["accuracy"]
    return n_(
        "{state}, {done} of {n} epoch done: loss {loss}, accuracy {accuracy}",
        "{state}, {done} of {n} epochs done: loss {loss}, accuracy {accuracy}",
        n_epochs,
    ).format(
        state=state,
        done=f"{end['epoch']:.0f}",
        n=n_epochs,
        loss=BY_NAME["loss"].text(end["loss"]),
        accuracy=BY_NAME["accuracy"].text(accuracy),
    )


def tutorial_note(recipe: Recipe, end: Point | None) -> str:
    """What the tutorial's formula makes of the predictions of the last epoch.

    Args:
        recipe: of the run.
        end: the end of its last whole epoch; None before the first.
    """
    if end is None:
        return _("After the first epoch, this line shows what the tutorial would have printed.")
    if recipe.non_digits:
        return _(
            "Because non-digit drawings have a uniform target (10 % for each digit), the loss "
            "cannot fall below {floor}."
        ).format(floor=BY_NAME["loss"].text(loss_floor(recipe)))
    if end["tutorial_loss"] is None:
        return _("With a single batch, the tutorial's formula would divide by zero.")
    return _(
        "The tutorial's formula gives loss {loss} and accuracy {accuracy} for the same predictions."
    ).format(
        loss=BY_NAME["loss"].text(end["tutorial_loss"]),
        accuracy=BY_NAME["accuracy"].text(end["tutorial_accuracy"]),
    )
