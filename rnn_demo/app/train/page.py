"""Train: choose a preset, press Start, and watch a network learn to read digits."""

import streamlit as st

from rnn_demo.app import frame
from rnn_demo.app.errors import show_errors
from rnn_demo.app.mnist_download import data_notice
from rnn_demo.app.run_titles import run_titles
from rnn_demo.app.text import _
from rnn_demo.app.train import downloads, live, recipe_form, result, run_controls, run_table
from rnn_demo.app.visitor import remember_visitor, visitor
from rnn_demo.runs import store
from rnn_demo.runs.run import Snapshot

frame.open_page(
    "train",
    _("Train a network"),
    _("Before [[training]], a network guesses. Watch it learn to read digits, [[epoch]] by epoch."),
)
remember_visitor()
# A container each for what may be there or not: the live charts below keep their place, and with
# it what the visitor reads in them.
with st.container():
    recipe_form.settings()
selection = st.container(horizontal=True, vertical_alignment="center", gap="xsmall")
with show_errors():
    runs = store.snapshots_of(visitor())
titles = run_titles(runs)
# A run whose recipe is damaged is only listed, and can be deleted.
usable = {run.id: run for run in runs if run.recipe is not None}
shown: list[Snapshot] = []
if usable:
    with selection:
        selected = run_controls.select(usable, titles)
        run_controls.controls(selected, titles[selected.id])
    shown = [selected, *run_controls.compared(usable, selected)]
with st.container():
    run_controls.show_error()
live.live(shown, titles, runs)
data_notice()
if len(usable) > 1:
    run_controls.compare(usable, titles, shown[0])
if len(shown) > 1:
    run_table.differences(shown, titles)
if shown:
    if shown[0].result is not None:
        result.show(shown[0], shown[0].result)
    downloads.show(shown[0], titles[shown[0].id])
if runs:
    run_table.damage(runs, titles)
    for run in runs:
        if run.id not in usable and not run.status.active:
            run_controls.delete_damaged(run, titles[run.id])
    run_table.show(runs, titles)
frame.lead_on(_("Let it read your own digit."), "draw")
