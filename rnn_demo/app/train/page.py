"""Train: choose a preset, press Start, and watch a network learn to read digits."""

from contextlib import suppress

import streamlit as st

from rnn_demo.app.train import downloads, live, recipe_form, result, run_controls, run_table
from rnn_demo.app.visitor import remember_visitor, visitor
from rnn_demo.app.widgets import data_notice, show_errors
from rnn_demo.runs import store
from rnn_demo.runs.store import Run


def readable(run: Run) -> bool:
    """Whether its recipe can be read. If not, the run is only listed, and can be deleted."""
    with suppress(ValueError):
        return bool(run.recipe)
    return False


remember_visitor()
recipe_form.settings()
with show_errors():
    found = {run.id: run for run in store.runs_of(visitor())}
names = store.titles(list(found.values()))
statuses = {key: run.status() for key, run in found.items()}
usable = {key: run for key, run in found.items() if readable(run)}
shown: list[Run] = []
if usable:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        run = run_controls.choose(usable, names)
        run_controls.controls(run, statuses[run.id])
    shown = [run, *run_controls.compared(usable, run)]
run_controls.show_error()
live.live(shown, names, [(found[key], status) for key, status in statuses.items()])
data_notice()
if len(usable) > 1:
    run_controls.compare(usable, names, shown[0])
if len(shown) > 1:
    run_table.differences(shown, names)
if shown:
    measured = shown[0].result()
    if measured is not None and statuses[shown[0].id].ended:
        result.show(shown[0], measured)
    downloads.show(shown[0])
if found:
    run_table.damage(found, names, statuses)
    for key, run in found.items():
        if key not in usable and not statuses[key].active:
            run_controls.delete_damaged(run, names[key])
    run_table.show(found, names, statuses)
