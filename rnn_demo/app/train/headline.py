"""The header above the live charts: how far a run is, how well it reads, and what to know of it."""

from typing import Any

from rnn_demo.app.run_titles import short_title
from rnn_demo.app.text import _, n_, sentence
from rnn_demo.app.times import about
from rnn_demo.app.train.recipes import recipe_of
from rnn_demo.app.train.sentences import advice, status_line
from rnn_demo.runs.outcome import unseen_accuracy
from rnn_demo.runs.run import Snapshot
from rnn_demo.runs.state import Status
from rnn_demo.training.metrics import BY_NAME, Point

_MAX_IMPERFECT = 99.9  # percent; an accuracy below 100 is not rounded up to it


def headline(run: Snapshot | None, title: str, end: Point | None) -> dict[str, Any]:
    """The header line and what stands beside it, as `Header` in assets/train/types.js.

    Args:
        run: the selected run; None without any.
        title: of the run.
        end: the end of its last whole epoch; None before the first.
    """
    if run is None:
        return {
            "title": "",
            "text": _("No run yet. Press Start and watch a network learn."),
            "detail": "",
            "progress": 0.0,
        }
    return {
        "title": _("{run}:").format(run=short_title(run, title)),
        "text": _("{progress}, {accuracy}").format(
            progress=_progress(run), accuracy=_accuracy(run, end)
        ),
        "detail": _detail(run),
        "progress": run.status.progress,
    }


def note(run: Snapshot | None, end: Point | None) -> dict[str, Any]:
    """The note under the header: what went wrong, else what its accuracy is measured on.

    Args:
        run: the selected run; None without any.
        end: the end of its last whole epoch; None before the first.
    """
    if run is None:
        text = _(
            "The dashed curves are a published run: as a network learns, its [[loss]] falls and "
            "its [[accuracy]] rises."
        )
        return {"text": text, "urgent": False}
    problem = advice(run, end)
    return {"text": problem or _calm_note(run), "urgent": bool(problem)}


def _progress(run: Snapshot) -> str:
    """How far a run is, as the first part of a sentence."""
    status, n_epochs = run.status, recipe_of(run).epochs
    epochs = {"epoch": min(status.epoch + 1, n_epochs), "done": status.epoch, "n": n_epochs}
    match status.state:
        case "queued":
            text = _("waiting for its turn")
        case "starting":
            text = _("starting")
        case "running":
            text = _("[[epoch]] {epoch} of {n}")
        case "paused":
            text = _("paused in [[epoch]] {epoch} of {n}")
        case "interrupted":
            text = _("interrupted in [[epoch]] {epoch} of {n}")
        case "finished":
            text = n_(
                "finished after {n} [[epoch]]", "finished after {n} [[epochs|epoch]]", n_epochs
            )
        case "stopped":
            text = n_(
                "stopped after {done} of {n} [[epoch]]",
                "stopped after {done} of {n} [[epochs|epoch]]",
                n_epochs,
            )
        case "failed":
            text = _("failed in [[epoch]] {epoch} of {n}")
    return text.format(**epochs)


def _accuracy(run: Snapshot, end: Point | None) -> str:
    """How well it reads images that it has not been trained on, at the end of a sentence."""
    accuracy = unseen_accuracy(run.status, end)
    if accuracy is None:
        return _("no accuracy yet")
    shown = accuracy if accuracy == 100 else min(accuracy, _MAX_IMPERFECT)
    return _("{accuracy} on images it has never seen").format(accuracy=f"{shown:.1f} %")


def _detail(run: Snapshot) -> str:
    """What stands at the end of the header line: the time that is left, or what is prepared."""
    match run.status.state:
        case "starting":
            return status_line(run)
        case "running":
            return _speed(run.status)
        case _:
            return ""


def _speed(status: Status) -> str:
    speed = BY_NAME["images_per_second"].text(status.images_per_second)
    if status.seconds_left is None:
        return _("{speed} images/s").format(speed=speed)
    return _("{speed} images/s, about {time} left").format(
        speed=speed, time=about(status.seconds_left)
    )


def _calm_note(run: Snapshot) -> str:
    """Its place in the queue; or what it trains on, and what its accuracy is measured on."""
    if run.status.state == "queued":
        return status_line(run)
    problem = run.status.device_problem
    return f"{sentence(problem)} {_measured_on(run)}" if problem else _measured_on(run)


def _measured_on(run: Snapshot) -> str:
    """Which images the accuracy in the header is measured on."""
    if run.status.test_accuracy is not None:
        return _("Measured on the [[test images]], after the training.")
    n_images = recipe_of(run).validation
    if not n_images:
        return _(
            "This recipe keeps no images aside: how well it reads is measured at the end, on the "
            "[[test images]]."
        )
    return n_(
        "Measured after each [[epoch]] on {n} image that is kept aside ([[validation]]).",
        "Measured after each [[epoch]] on {n} images that are kept aside ([[validation]]). This "
        "can be better than in training, whose images are counted while it still learns.",
        n_images,
    ).format(n=f"{n_images:,}")
