"""Messages from the browser that AppTest does not send: events of components, Back and Forward."""

import json
from collections.abc import Mapping
from functools import partial

import pytest
from streamlit.testing.v1 import AppTest, local_script_runner


def send_event(app: AppTest, component: str, event: str, value: object) -> AppTest:
    """Let a component report an event.

    Args:
        app: on the page that has it.
        component: its name, as in `components.register`.
        event: name of the trigger.
        value: of the trigger.
    """
    (sender,) = (
        each.proto
        for each in app.get("bidi_component")
        if each.proto.component_name == f"rnn_demo_{component}"
    )
    states = app._tree.get_widget_states()
    states.widgets.add(
        id=f"$$STREAMLIT_INTERNAL_KEY_{sender.id}__events",
        json_trigger_value=json.dumps([{"event": event, "value": value}]),
    )
    return app._run(states)


def travel(app: AppTest, query: Mapping[str, str]) -> AppTest:
    """Press the browser's Back or Forward button: the same page at another address."""
    for name in list(app.query_params):
        del app.query_params[name]
    for name, text in query.items():
        app.query_params[name] = text
    message = partial(local_script_runner.RerunData, is_history_navigation=True)
    with pytest.MonkeyPatch.context() as patch:  # AppTest has no button for it
        patch.setattr(local_script_runner, "RerunData", message)
        return app.run()
