"""Behind one click: every accuracy of a run, and what the tutorial's formula makes of them."""

import pandas as pd
import streamlit as st

from rnn_demo.app.glossary import show_explained
from rnn_demo.app.text import _, n_
from rnn_demo.app.train.recipes import recipe_of
from rnn_demo.app.train.sentences import TUTORIAL_FORMULA, tutorial_note
from rnn_demo.runs.run import Snapshot
from rnn_demo.training.metrics import BY_NAME, Point

_INTERVAL_S = 2.0  # between two updates while the run trains


def show(run: Snapshot) -> None:
    """An expander; what is in it is read only while it is open.

    Args:
        run: the selected run.
    """
    opened = st.expander(
        _("Other accuracies"), icon=":material/percent:", key="train/accuracies", on_change="rerun"
    )
    if opened.open:
        with opened:
            st.fragment(_show, run_every=_INTERVAL_S if run.status.active else None)(run)


def _show(run: Snapshot) -> None:
    run = run.run.snapshot()
    ends = [point for point in run.run.points() if point["epoch_done"]]
    end = ends[-1] if ends else None
    rows = _rows(run, end)
    st.dataframe(
        pd.DataFrame(rows, columns=[_("Accuracy"), "%", _("Measured on")]),
        hide_index=True,
        column_config={"%": st.column_config.NumberColumn(format="%.2f")},
        placeholder="-",
        alt=_("The accuracies of this run"),
        key="train/accuracies/table",
    )
    show_explained(
        _(
            "[[Validation|validation]] accuracy can be above training accuracy: it is measured "
            "after the [[epoch]], while training accuracy counts each image before the network "
            "has learnt from it, and distorted if the [[recipe]] says so."
        )
    )
    st.markdown(tutorial_note(recipe_of(run), end))
    st.caption(_(TUTORIAL_FORMULA))


def _rows(run: Snapshot, end: Point | None) -> list[tuple[str, float | None, str]]:
    """A row for each accuracy: its name, percent, and the images it is measured on."""
    recipe, result = recipe_of(run), run.result
    epoch = "" if end is None else f"{end['epoch']:.0f}"
    validation = n_(
        "{n} image kept aside, after epoch {epoch}",
        "{n} images kept aside, after epoch {epoch}",
        recipe.validation,
    ).format(n=f"{recipe.validation:,}", epoch=epoch)
    training = _("the training images, during epoch {epoch}").format(epoch=epoch)
    tested = _("the test images, at the end")
    rows = [(_("Test"), run.status.test_accuracy, tested)]
    if result is not None and result.tutorial_accuracy is not None:
        rows.append((_("Test, by the tutorial's formula"), result.tutorial_accuracy, tested))
    if end is not None:
        if recipe.validation:
            rows.append((_("Validation"), end["validation_accuracy"], validation))
        rows.append((_("Training"), end["accuracy"], training))
        if end["tutorial_accuracy"] is not None:
            name = _(BY_NAME["tutorial_accuracy"].label)
            rows.append((name, end["tutorial_accuracy"], training))
    return rows
