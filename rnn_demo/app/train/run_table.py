"""All runs of a visitor in a table, what is wrong with them, and what those compared differ in."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from rnn_demo.runs.export import comparison
from rnn_demo.runs.state import Status
from rnn_demo.runs.store import Run
from rnn_demo.settings import SETTINGS


def show(
    found: Mapping[str, Run], names: Mapping[str, str], statuses: Mapping[str, Status]
) -> None:
    """The list of runs, the newest first.

    Args:
        found: runs by their ids.
        names: what they are called.
        statuses: of the same runs.
    """
    table = pd.DataFrame(
        {
            "Run": [names[key] for key in found],
            "State": [statuses[key].state for key in found],
            "Started": [run.started for run in found.values()],
            # It would stand still: this is shown again when a run gets into another state.
            "Epochs": [None if statuses[key].active else statuses[key].epoch for key in found],
            "Test accuracy": [statuses[key].test_accuracy for key in found],
        }
    )
    whose = "Everybody's" if SETTINGS.shared.read() else "Your"
    st.markdown(f"**{whose} runs**")
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            "Started": st.column_config.DatetimeColumn(format="D MMM, HH:mm"),
            "Test accuracy": st.column_config.NumberColumn(format="%.2f %%"),
        },
        placeholder="-",
        alt=f"{whose} runs, their states and their test accuracies",
    )


def problems(
    found: Mapping[str, Run], names: Mapping[str, str], statuses: Mapping[str, Status]
) -> None:
    """What is wrong with the files of runs that stand still, a sentence each.

    Args:
        found: runs by their ids.
        names: what they are called.
        statuses: of the same runs.
    """
    told = [
        f"{names[key]}: {sentence}"
        for key, run in found.items()
        if not statuses[key].active
        for sentence in _problems(run, statuses[key])
    ]
    if told:
        st.warning("Some files of your runs are damaged, or do not belong there.")
        st.text("\n".join(told))  # names of files and of runs are no Markdown


@st.cache_data(
    ttl=60,
    max_entries=500,
    show_spinner=False,
    hash_funcs={Run: lambda run: str(run.folder), Status: lambda status: status.attempts},
)
def _problems(run: Run, status: Status) -> list[str]:  # noqa: ARG001 (a new life, a new look)
    """Every file is read to its end, so not again with each click."""
    return run.problems()


def differences(shown: Sequence[Run], names: Mapping[str, str]) -> None:
    """What the runs that are compared differ in; what is the same is left out.

    Args:
        shown: these runs.
        names: what they are called, by their ids.
    """
    rows = comparison(
        [run.recipe for run in shown],
        [run.changes() for run in shown],
        [run.status() for run in shown],
    )
    st.markdown("**What differs**")
    if not rows:
        st.caption("Nothing: the same recipe, and the same figures.")
        return
    st.dataframe(
        pd.DataFrame.from_dict(rows, orient="index", columns=[names[run.id] for run in shown]),
        alt="What differs between the runs that are compared",
    )
