"""Titles of training runs, on the pages that list them."""

from collections.abc import Sequence

from rnn_demo.app.recipe_text import value_text
from rnn_demo.app.text import _
from rnn_demo.app.times import written
from rnn_demo.runs.run import Snapshot
from rnn_demo.training.presets import preset_of
from rnn_demo.training.recipe import Recipe


def run_title(run: Snapshot) -> str:
    """The name of a run; without one its number and what it trains: "Run 1: 150 relu, quick".

    A run without a number, or whose recipe is damaged, says when it was started.
    """
    if run.name:
        return run.name
    what = _what(run.recipe) if run.recipe else ""
    if run.number is not None:
        number = _("Run {n}").format(n=run.number)
        return f"{number}: {what}" if what else number
    moment = written(run.started) if run.started else run.id
    return f"{what}, {moment}" if what else moment


def short_title(run: Snapshot, title: str) -> str:
    """The number of a run without a name, "Run 1"; otherwise its title."""
    if run.name or run.number is None:
        return title
    return _("Run {n}").format(n=run.number)


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


def _what(recipe: Recipe) -> str:
    """What a recipe trains, with the name of the preset if it is one."""
    preset = preset_of(recipe)
    what = _("{units} {cell}").format(units=recipe.n_neurons, cell=value_text("cell", recipe.cell))
    return f"{what}, {_(preset.short)}" if preset else what
