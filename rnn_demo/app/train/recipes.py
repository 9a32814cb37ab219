"""The recipe of a run that is shown."""

from rnn_demo.runs.run import Snapshot
from rnn_demo.training.recipe import Recipe


def recipe_of(run: Snapshot) -> Recipe:
    """The recipe of a run; the page only selects runs that have one.

    Raises:
        ValueError: its recipe could not be read.
    """
    if run.recipe is None:
        raise ValueError("The recipe of this run could not be read.")
    return run.recipe
