"""Train: choose a preset, press Start, and watch a network learn to read digits."""

import streamlit as st

from rnn_demo.app import address, frame, own_tab, running_note
from rnn_demo.app.components import ASSETS
from rnn_demo.app.errors import show_errors
from rnn_demo.app.mnist_download import data_notice
from rnn_demo.app.run_titles import run_titles
from rnn_demo.app.text import _
from rnn_demo.app.train import (
    accuracies,
    downloads,
    live,
    question,
    recipe_form,
    result,
    run_controls,
    run_table,
)
from rnn_demo.app.visitor import loses_runs, visitor
from rnn_demo.runs import store
from rnn_demo.runs.run import Snapshot

frame.open_page(
    "train",
    _("Train a network"),
    _(
        "[[Training|training]] turns random [[weights]] into good ones, [[batch]] by batch; "
        "nothing else changes."
    ),
)
st.html(ASSETS / "train" / "page.css")
if loses_runs():
    own_tab.offer(
        _(
            "Your browser stores nothing for this page. When you reload or close it, your "
            "training ends and is deleted."
        ),
        key="train/passing",
    )
running_note.forget_ended()
recipe_form.receive()
with show_errors():
    runs = store.snapshots_of(visitor())
titles = run_titles(runs)
# A run whose recipe is damaged is only listed, and can be deleted.
usable = {run.id: run for run in runs if run.recipe is not None}
run_controls.receive(usable)
address.took_over()
# A container each for what may be there or not: the live charts below keep their place, and with
# it what the visitor reads in them.
with st.container(horizontal=True, vertical_alignment="center", gap="small", key="train-next"):
    recipe_form.settings()
    asked = st.container(key="train-asked", width="content")
shown: list[Snapshot] = []
with st.container(key="train-picture"):
    with st.container(
        horizontal=True, vertical_alignment="center", gap="xsmall", key="tools-train-run"
    ):
        if usable:
            selected = run_controls.select(usable, titles)
            run_controls.controls(selected, titles[selected.id])
            shown = [selected, *run_controls.compared(usable, selected)]
        # There is always something in this row, so nothing moves when the first run starts.
        show_tutorial = run_controls.compare_with_the_published_run()
    with st.container():
        run_controls.show_error()
    with asked:
        question.ask(shown[0] if shown else None)
    live.live(shown, titles, runs, show_tutorial=show_tutorial)
data_notice()
if len(usable) > 1:
    with st.container(key="tools-train-compare"):
        run_controls.compare(usable, titles, shown[0])
if len(shown) > 1:
    run_table.differences(shown, titles)
if shown:
    with st.container(key="tools-train-accuracies"):
        accuracies.show(shown[0])
    if shown[0].result is not None:
        result.show(shown[0], shown[0].result)
    with st.container(key="tools-train-downloads"):
        downloads.show(shown[0], titles[shown[0].id])
if runs:
    run_table.damage(runs, titles)
    for run in runs:
        if run.id not in usable and not run.status.active:
            run_controls.delete_damaged(run, titles[run.id])
    with st.container(key="tools-train-runs"):
        run_table.show(runs, titles)
run_controls.remember(usable)
frame.lead_on(_("Let it read your own digit."), "draw")
