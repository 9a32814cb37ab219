"""All runs of a visitor in a table, their damaged files, and how the compared runs differ."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from rnn_demo.app.recipe_text import value_text
from rnn_demo.app.text import _, sentence
from rnn_demo.app.times import visitor_zone, zone_name
from rnn_demo.app.train.sentences import STATE_NAMES
from rnn_demo.messages import N_, Message
from rnn_demo.runs.compare import compare
from rnn_demo.runs.run import Run, Snapshot
from rnn_demo.settings import SETTINGS
from rnn_demo.training.recipe import HYPERPARAMETERS

# What runs can differ in beside their recipes, see `Difference`.
_MEASURED = {
    "later_learning_rates": N_("Learning rate, changed"),
    "parameters": N_("Parameters"),
    "seconds": N_("Seconds"),
    "test_accuracy": N_("Test accuracy"),
}


def show(runs: Sequence[Snapshot], titles: Mapping[str, str]) -> None:
    """The table of runs.

    Args:
        runs: the newest first.
        titles: of these runs, by id.
    """
    zone = visitor_zone()
    started = _("Started ({zone})").format(zone=zone_name()) if zone_name() else _("Started")
    accuracy = _("Test accuracy")
    table = pd.DataFrame(
        {
            _("Run"): [titles[run.id] for run in runs],
            _("State"): [_(STATE_NAMES[run.status.state]) for run in runs],
            started: [
                run.started and run.started.astimezone(zone).replace(tzinfo=None) for run in runs
            ],
            # Not of an active run: this table is made again only when a run changes its state.
            _("Epochs"): [None if run.status.active else run.status.epoch for run in runs],
            accuracy: [run.status.test_accuracy for run in runs],
        }
    )
    title = _("Everybody's runs") if SETTINGS.shared.read() else _("Your runs")
    st.markdown(f"**{title}**")
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            started: st.column_config.DatetimeColumn(format="D MMM, HH:mm"),
            accuracy: st.column_config.NumberColumn(format="%.2f %%"),
        },
        placeholder="-",
        alt=_("{title} with their states and test accuracies").format(title=title),
        key="train/runs",
    )


def damage(runs: Sequence[Snapshot], titles: Mapping[str, str]) -> None:
    """The damaged files of runs that are not training, a line each.

    Args:
        runs: all of the visitor's.
        titles: of these runs, by id.
    """
    lines = [
        f"{titles[run.id]}: {sentence(message)}"
        for run in runs
        if not run.status.active
        for message in _damage(run.run, run.status.attempts)
    ]
    if lines:
        st.warning(_("Some run files are damaged."))
        st.text("\n".join(lines))  # as text: names of files and runs may contain Markdown


@st.cache_data(
    ttl=60,
    max_entries=500,
    show_spinner=False,
    hash_funcs={Run: lambda run: str(run.folder)},
)
def _damage(run: Run, attempts: int) -> list[Message]:  # noqa: ARG001 (a new attempt, a new check)
    """The damage of one run; cached, because every file is read to its end."""
    return run.damage()


def differences(shown: Sequence[Snapshot], titles: Mapping[str, str]) -> None:
    """A table of how the compared runs differ, without what they have in common.

    Args:
        shown: these runs.
        titles: of these runs, by id.
    """
    st.markdown(_("**Differences**"))
    rows = {
        _label(difference.name): [
            _value(difference.name, value, run)
            for value, run in zip(difference.values, shown, strict=True)
        ]
        for difference in compare(shown)
    }
    if not rows:
        st.caption(_("No differences: same recipe, same results."))
        return
    st.dataframe(
        pd.DataFrame.from_dict(rows, orient="index", columns=[titles[run.id] for run in shown]),
        alt=_("How the compared runs differ"),
        key="train/differences",
    )


def _label(name: str) -> str:
    return _(_MEASURED[name] if name in _MEASURED else HYPERPARAMETERS[name].label)


def _value(name: str, value: Any, run: Snapshot) -> str:
    """A value of a `Difference` as it is shown."""
    match name:
        case "later_learning_rates":
            changes = [
                _("{rate} from epoch {epoch}").format(
                    rate=value_text("learning_rate", rate), epoch=f"{epoch:.2f}"
                )
                for rate, epoch in value
            ]
            return ", ".join(changes) or _("unchanged")
        case "parameters":
            return f"{value:,}"
        case "seconds":
            return _("in training") if value is None else f"{value:,}"
        case "test_accuracy" if value is None:
            return _("none") if run.status.ended else _("not yet")
        case "test_accuracy":
            return f"{value:.2f} %"
        case _:
            return value_text(name, value)
