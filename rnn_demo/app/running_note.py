"""A line on every page but Train while one of the visitor's runs trains or waits.

It costs a visitor without runs one look for a folder, and imports nothing for them: the first page
is on screen before NumPy and PyTorch are loaded.
"""

from typing import TYPE_CHECKING

import streamlit as st

from rnn_demo.app.errors import escape_markdown
from rnn_demo.app.text import _
from rnn_demo.app.visitor import visitor
from rnn_demo.runs import layout

if TYPE_CHECKING:
    from rnn_demo.runs.run import Snapshot

_PAGE = "rnn_demo/app/train/page.py"
_INTERVAL_S = 2.0
_WATCHED = "running_note/watched"  # the run that was last seen in training, with its title
_ENDED = "running_note/ended"  # the title of one that has ended since


def show_running_note(page: str) -> None:
    """Show how far the visitor's running training is, with a link to the page Train.

    Args:
        page: name of the folder of the page on which it stands; nothing on Train itself.
    """
    if page == "train" or not layout.owner_folder(visitor()).is_dir():
        return
    active = _look()
    if active or _ENDED in st.session_state:
        st.fragment(_note, run_every=_INTERVAL_S if active else None)()


def forget_ended() -> None:
    """Forget the run that has ended: the page Train shows it."""
    st.session_state.pop(_ENDED, None)
    st.session_state.pop(_WATCHED, None)


def _note() -> None:
    trained = _WATCHED in st.session_state
    active = _look()
    if trained and active is None:
        st.rerun()  # the whole page, which then stops looking
    with st.container(key="running-note", width="content"):
        st.page_link(_PAGE, label=_label(active), icon=":material/show_chart:")


def _label(active: "tuple[Snapshot, str] | None") -> str:
    """What the line says; a title is the visitor's own text, so its Markdown is escaped."""
    if active is None:
        return _("Training: {run} has ended").format(
            run=escape_markdown(st.session_state.get(_ENDED, ""))
        )
    run, title = active[0], escape_markdown(active[1])
    if run.status.state == "queued":
        return _("Training: {run} is number {place} in the queue").format(
            run=title, place=run.queue_place
        )
    if run.status.state == "starting" or run.recipe is None:
        return _("Training: {run} is starting").format(run=title)
    return _("Training: {run}, epoch {epoch} of {n}").format(
        run=title, epoch=min(run.status.epoch + 1, run.recipe.epochs), n=run.recipe.epochs
    )


def _look() -> "tuple[Snapshot, str] | None":
    """The visitor's active run with its title; remembers one that has ended since the last look."""
    active = _active()
    watched = st.session_state.pop(_WATCHED, None)
    if watched and watched[0].status().ended:
        st.session_state[_ENDED] = watched[1]
    if active:
        st.session_state[_WATCHED] = active[0].run, active[1]
    return active


def _active() -> "tuple[Snapshot, str] | None":
    """The visitor's run that trains, else the next that waits, with its title; None without one."""
    from rnn_demo.runs import queue

    own = layout.owner_folder(visitor())
    folders = [entry.folder for entry in queue.entries() if entry.folder.parent == own]
    if not folders:
        return None
    from rnn_demo.app.run_titles import run_title, short_title
    from rnn_demo.runs.run import Run, snapshots

    runs = snapshots([Run(folder) for folder in folders])
    runs = [run for run in runs if run.status.active or run.status.state == "queued"]
    first = min(runs, key=lambda run: (not run.status.active, run.queue_place), default=None)
    return (first, short_title(first, run_title(first))) if first else None
