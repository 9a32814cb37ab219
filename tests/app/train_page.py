"""What the tests of the page Train without a browser share."""

import json
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from rnn_demo.runs.commands import ActionCommand, read_commands
from rnn_demo.runs.run import Run, Snapshot

FIRST, SECOND, THIRD = (f"20260102-03040{i}-abcdef0{i}" for i in (1, 2, 3))
NAME = "train/name"


def buttons(app: AppTest) -> set[str]:
    """The names of the page's own buttons, from their keys."""
    keys = [button.key or "" for button in app.button]
    return {key.removeprefix("train/") for key in keys if key.startswith("train/")}


def press(app: AppTest, name: str) -> AppTest:
    return app.button(key=f"train/{name}").click().run()


def component(app: AppTest, name: str) -> dict[str, Any]:
    """The data of one of the page's components."""
    (proto,) = (
        each.proto
        for each in app.get("bidi_component")
        if each.proto.component_name.endswith(f"rnn_demo_{name}")
    )
    data: dict[str, Any] = json.loads(proto.json)
    return data


def live_data(app: AppTest) -> dict[str, Any]:
    """The data of the live charts."""
    return component(app, "train")


def last_action(run: Run) -> str:
    """The last command to the worker of a run, which has to be a pause or a stop."""
    command = read_commands(run.folder)[-1]
    assert isinstance(command, ActionCommand)
    return command.action


def selected(app: AppTest, home: Path) -> Snapshot:
    """The run that is selected."""
    return Run(home / app.selectbox(key="train/run").value).snapshot()


def texts(app: AppTest) -> str:
    """All text on the page, outside of widgets and components."""
    parts = [*app.markdown, *app.caption, *app.text, *app.warning, *app.info]
    return "\n".join(element.value for element in parts)
