"""All runs of a visitor in a table, what is wrong with them, and what those compared differ in."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from rnn_demo.training.folder.status import Status
from rnn_demo.training.history import comparison
from rnn_demo.training.runs import Run


def show(found: Mapping[str, Run], statuses: Mapping[str, Status]) -> None:
    """The list of runs, the newest first.

    Args:
        found: runs by their ids.
        statuses: of the same runs.
    """
    table = pd.DataFrame(
        {
            "Run": [run.title for run in found.values()],
            "State": [statuses[key].state for key in found],
            "Started": [run.started for run in found.values()],
            "Epochs": [statuses[key].epoch for key in found],
            "Test accuracy": [statuses[key].test_accuracy for key in found],
        }
    )
    st.markdown("**Your runs**")
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            "Started": st.column_config.DatetimeColumn(format="D MMM, HH:mm"),
            "Test accuracy": st.column_config.NumberColumn(format="%.2f %%"),
        },
        placeholder="-",
        alt="Your runs, their states and their test accuracies",
    )


def problems(found: Mapping[str, Run], statuses: Mapping[str, Status]) -> None:
    """What is wrong with the files of runs that stand still, a sentence each.

    Args:
        found: runs by their ids.
        statuses: of the same runs.
    """
    told = [
        f"{run.title}: {sentence}"
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
    hash_funcs={Run: lambda run: str(run.folder), Status: lambda status: status.lives},
)
def _problems(run: Run, status: Status) -> list[str]:  # noqa: ARG001 (a new life, a new look)
    """Every file is read to its end, so not again with each click."""
    return run.problems()


def differences(shown: Sequence[Run]) -> None:
    """What the runs that are compared differ in; what is the same is left out."""
    rows = comparison(
        [run.recipe for run in shown],
        [run.changes() for run in shown],
        [run.status() for run in shown],
    )
    st.markdown("**What differs**")
    if not rows:
        st.caption("Nothing: the same recipe, and the same figures.")
        return
    names = _unique([run.title for run in shown])
    st.dataframe(
        pd.DataFrame.from_dict(rows, orient="index", columns=names),
        alt="What differs between the runs that are compared",
    )


def _unique(names: Sequence[str]) -> list[str]:
    """Names of columns; what is there before gets a number."""
    return [
        name if name not in names[:i] else f"{name} ({names[:i].count(name) + 1})"
        for i, name in enumerate(names)
    ]
