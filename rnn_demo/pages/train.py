"""Train: choose a preset, press Start, and watch a network learn to read digits."""

from contextlib import suppress

import streamlit as st

from rnn_demo.components.visitor import remember_visitor, visitor
from rnn_demo.panels import (
    hall_downloads,
    hall_list,
    hall_live,
    hall_result,
    hall_runs,
    hall_settings,
)
from rnn_demo.training import runs
from rnn_demo.training.runs import Run
from rnn_demo.widgets import data_notice, told_in_a_sentence


def readable(run: Run) -> bool:
    """Whether its recipe can be read; one that is damaged so far is listed, and can be deleted."""
    with suppress(ValueError):
        return bool(run.recipe)
    return False


remember_visitor()
hall_settings.settings()
with told_in_a_sentence():
    found = {run.id: run for run in runs.runs_of(visitor())}
names = runs.titles(list(found.values()))
statuses = {key: run.status() for key, run in found.items()}
usable = {key: run for key, run in found.items() if readable(run)}
shown: list[Run] = []
if usable:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        run = hall_runs.choose(usable, names)
        hall_runs.controls(run, statuses[run.id])
    shown = [run, *hall_runs.compared(usable, run)]
hall_runs.tell_problem()
hall_live.live(shown, names, [(found[key], status) for key, status in statuses.items()])
data_notice()
if len(usable) > 1:
    hall_runs.compare(usable, names, shown[0])
if len(shown) > 1:
    hall_list.differences(shown, names)
if shown:
    result = shown[0].result()
    if result is not None and statuses[shown[0].id].ended:
        hall_result.show(shown[0], result)
    hall_downloads.show(shown[0])
if found:
    hall_list.problems(found, names, statuses)
    for key, run in found.items():
        if key not in usable and not statuses[key].active:
            hall_runs.delete_damaged(run, names[key])
    hall_list.show(found, names, statuses)
