"""The sentences of the page Train that depend on numbers: status, epoch note, announcement."""

from typing import Any

from rnn_demo.app.text import _, n_
from rnn_demo.messages import N_
from rnn_demo.runs.state import State, Status
from rnn_demo.training.recipe import Recipe
from rnn_demo.training.resources import least_loss

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


def status_line(status: Status, n_epochs: int, queue_place: int) -> str:
    """How far a run is, in one line.

    Args:
        status: of the run.
        n_epochs: of its recipe.
        queue_place: its place in the queue, 1 being the next; 0 if it is not in the queue.
    """
    epoch = min(status.epoch + 1, n_epochs)
    match status.state:
        case "queued":
            if not queue_place:
                return _("Waiting in the queue")
            return _("You are number {place} in the queue").format(place=queue_place)
        case "starting":
            return status.stage or _("Starting a process")
        case "running":
            return _progress(status, n_epochs)
        case "paused":
            return _("Paused in epoch {epoch} of {total}").format(epoch=epoch, total=n_epochs)
        case "interrupted":
            return _("Interrupted in epoch {epoch} of {total}").format(epoch=epoch, total=n_epochs)
        case "finished":
            return n_("Finished after {n} epoch", "Finished after {n} epochs", n_epochs).format(
                n=n_epochs
            )
        case "stopped":
            return n_(
                "Stopped after {done} of {n} epoch", "Stopped after {done} of {n} epochs", n_epochs
            ).format(done=status.epoch, n=n_epochs)
        case "failed":
            return status.message or _("The training failed")


def _progress(status: Status, n_epochs: int) -> str:
    minutes, seconds = divmod(round(status.seconds_left or 0), 60)
    return _("Epoch {epoch} of {total}, {speed} images/s, {time} left").format(
        epoch=status.epoch + 1,
        total=n_epochs,
        speed=f"{status.images_per_second:,.0f}",
        time=f"{minutes}:{seconds:02}",
    )


def announcement(status: Status, n_epochs: int, epoch: dict[str, Any] | None) -> str:
    """What a screen reader says when the state changes or an epoch ends.

    Args:
        status: of the run.
        n_epochs: of its recipe.
        epoch: the point at the end of its last whole epoch; None before the first.
    """
    state = _(STATE_NAMES[status.state])
    if epoch is None:
        return n_("{state}, 0 of {n} epoch done", "{state}, 0 of {n} epochs done", n_epochs).format(
            state=state, n=n_epochs
        )
    return n_(
        "{state}, {done} of {n} epoch done: loss {loss}, accuracy {accuracy}",
        "{state}, {done} of {n} epochs done: loss {loss}, accuracy {accuracy}",
        n_epochs,
    ).format(state=state, done=f"{epoch['step']:.0f}", n=n_epochs, **_loss_and_accuracy(epoch))


def epoch_note(recipe: Recipe, epoch: dict[str, Any] | None) -> str:
    """What the last epoch gave, and what the tutorial's formula makes of the same predictions.

    Args:
        recipe: of the run.
        epoch: the point at the end of its last whole epoch; None before the first.
    """
    if epoch is None:
        return _("After the first epoch, this line shows what the tutorial would have printed.")
    exact = _("Epoch {epoch}: loss {loss}, accuracy {accuracy}.").format(
        epoch=f"{epoch['step']:.0f}", **_loss_and_accuracy(epoch)
    )
    return f"{exact} {_beside_the_tutorial(recipe, epoch)}"


def _beside_the_tutorial(recipe: Recipe, epoch: dict[str, Any]) -> str:
    if recipe.non_digits:
        return _(
            "Because non-digit drawings have a uniform target (10 % for each digit), the loss "
            "cannot fall below {floor}."
        ).format(floor=f"{least_loss(recipe):.4f}")
    if epoch["tutorial_loss"] is None:
        return _("With a single batch, the tutorial's formula would divide by zero.")
    return _(
        "The tutorial's formula gives loss {loss} and accuracy {accuracy} for the same predictions."
    ).format(**_loss_and_accuracy(epoch, "tutorial_"))


def _loss_and_accuracy(epoch: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """Loss and accuracy as they are shown."""
    return {
        "loss": f"{epoch[prefix + 'loss']:.4f}",
        "accuracy": f"{epoch[prefix + 'accuracy']:.2f} %",
    }
