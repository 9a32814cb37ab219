"""The small files of a run, read as what they should be."""

from pathlib import Path

from rnn_demo.formats.checked import text
from rnn_demo.formats.files import read_json
from rnn_demo.runs.naming import check_name
from rnn_demo.training.recipe import Recipe
from rnn_demo.training.result import Result


def read_recipe(folder: Path) -> Recipe:
    """What a run trains.

    Raises:
        ValueError: its recipe is missing or damaged, in one sentence.
    """
    try:
        return Recipe.from_json(read_json(folder / "recipe.json"))
    except FileNotFoundError as error:
        raise ValueError(str(error)) from error
    except (TypeError, ValueError, ArithmeticError) as error:
        raise ValueError("recipe.json is damaged.") from error


def read_name(folder: Path) -> str:
    """What a visitor called a run; empty if they did not.

    Raises:
        ValueError: the file is damaged, in one sentence.
    """
    try:
        return check_name(text(read_json(folder / "name.json").get("name")))
    except FileNotFoundError:
        return ""
    except ValueError as error:
        raise ValueError("name.json is damaged.") from error


def read_result(folder: Path) -> Result | None:
    """What the network of a run was measured to be worth; None before that.

    Raises:
        ValueError: the file is damaged, in one sentence.
    """
    try:
        return Result.from_json(read_json(folder / "result.json"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise ValueError("result.json is damaged.") from error
