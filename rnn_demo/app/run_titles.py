"""Titles of training runs, on the pages that list them."""

from collections.abc import Sequence

from rnn_demo.app.recipe_text import value_text
from rnn_demo.app.text import _
from rnn_demo.runs.run import Snapshot


def run_title(run: Snapshot) -> str:
    """The name of a run; without one, what it trains and when it was started."""
    if run.name:
        return run.name
    moment = f"{run.started:%d %b %H:%M}" if run.started else run.id
    if run.recipe is None:
        return moment
    return _("{units} {cell}, {moment}").format(
        units=run.recipe.n_neurons, cell=value_text("cell", run.recipe.cell), moment=moment
    )


def run_titles(runs: Sequence[Snapshot]) -> dict[str, str]:
    """The titles of several runs by their ids, all different.

    Args:
        runs: the newest first. A run keeps its title when others come, so newer ones get a number.
    """
    titles: dict[str, str] = {}
    for run in reversed(runs):
        title, n = run_title(run), 1
        while title in titles.values():
            n += 1
            title = f"{run_title(run)} ({n})"
        titles[run.id] = title
    return titles
