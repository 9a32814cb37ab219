"""All runs of a visitor in a table, their damaged files, and how the compared runs differ."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from rnn_demo.app.text import _
from rnn_demo.app.train.sentences import STATE_NAMES
from rnn_demo.runs.export import comparison
from rnn_demo.runs.state import Status
from rnn_demo.runs.store import Run
from rnn_demo.settings import SETTINGS


def show(
    found: Mapping[str, Run], names: Mapping[str, str], statuses: Mapping[str, Status]
) -> None:
    """The table of runs, the newest first.

    Args:
        found: runs by id.
        names: their titles.
        statuses: of the same runs.
    """
    started, accuracy = _("Started"), _("Test accuracy")
    table = pd.DataFrame(
        {
            _("Run"): [names[key] for key in found],
            _("State"): [_(STATE_NAMES[statuses[key].state]) for key in found],
            started: [run.started for run in found.values()],
            # Not of an active run: this table is made again only when a run changes its state.
            _("Epochs"): [None if statuses[key].active else statuses[key].epoch for key in found],
            accuracy: [statuses[key].test_accuracy for key in found],
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


def damage(
    found: Mapping[str, Run], names: Mapping[str, str], statuses: Mapping[str, Status]
) -> None:
    """The damaged files of runs that are not training, a line each.

    Args:
        found: runs by id.
        names: their titles.
        statuses: of the same runs.
    """
    lines = [
        f"{names[key]}: {sentence}"
        for key, run in found.items()
        if not statuses[key].active
        for sentence in _damage(run, statuses[key])
    ]
    if lines:
        st.warning(_("Some run files are damaged."))
        st.text("\n".join(lines))  # as text: names of files and runs may contain Markdown


@st.cache_data(
    ttl=60,
    max_entries=500,
    show_spinner=False,
    hash_funcs={Run: lambda run: str(run.folder), Status: lambda status: status.attempts},
)
def _damage(run: Run, status: Status) -> list[str]:  # noqa: ARG001 (a new attempt, a new check)
    """The damage of one run; cached, because every file is read to its end."""
    return run.problems()


def differences(shown: Sequence[Run], names: Mapping[str, str]) -> None:
    """A table of how the compared runs differ, without what they have in common.

    Args:
        shown: these runs.
        names: their titles, by id.
    """
    rows = comparison(
        [run.recipe for run in shown],
        [run.changes() for run in shown],
        [run.status() for run in shown],
    )
    st.markdown(f"**{_('Differences')}**")
    if not rows:
        st.caption(_("No differences: same recipe, same results."))
        return
    st.dataframe(
        pd.DataFrame.from_dict(rows, orient="index", columns=[names[run.id] for run in shown]),
        alt=_("How the compared runs differ"),
        key="train/differences",
    )
