"""A visitor without a browser: Streamlit's own websocket protocol, as its front end speaks it.

A session keeps what a browser keeps (widgets and their values, cookies, the messages that need
not be sent twice, fragments that run again by themselves) and draws nothing.
"""

import asyncio
import contextlib
import json
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NumberInput_pb2 import NumberInput
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

ANSWER_TIMEOUT_S = 60  # after that, a session counts as lost
_CACHED_RUNS = 2  # runs for which the front end remembers a message, as Streamlit's does


class LostError(Exception):
    """The server closed the connection, or does not answer any more."""


@dataclass
class Widget:
    """A widget on the page: what it is, in which fragment, and its value."""

    element: Element
    fragment: str
    state: WidgetState | None


@dataclass
class Session:
    """One visitor.

    Attributes:
        address: of the server, as http://host:port.
        visitor: 32 hexadecimal digits for the cookie of the app, or "" for a browser without.
        errors: what the app showed as a traceback, and what the server did not answer.
        strokes: on its canvas, for a visitor who draws.
        lost: whether the server ended the connection.
    """

    address: str
    visitor: str = ""
    errors: list[str] = field(default_factory=list)
    lost: bool = False
    strokes: int = 0
    pages: dict[str, str] = field(default_factory=dict)  # hash of a page by its path
    page: str = ""  # path of the page on screen
    widgets: dict[str, Widget] = field(default_factory=dict)
    _before: dict[str, Widget] = field(default_factory=dict)  # the widgets of the run before
    _cache: dict[str, tuple[ForwardMsg, int]] = field(default_factory=dict)
    _runs: int = 0
    _finished: asyncio.Event = field(default_factory=asyncio.Event)
    _one_run: asyncio.Lock = field(default_factory=asyncio.Lock)
    _repeats: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)

    async def open(self, page: str = "") -> None:
        """Join, and wait for the first page."""
        cookie, token = await asyncio.to_thread(self._greet)
        if self.visitor:
            cookie += f"; rnn_demo_visitor={self.visitor}"
        self._connection: ClientConnection = await connect(
            self.address.replace("http", "ws") + "/_stcore/stream",
            subprotocols=[Subprotocol("streamlit"), Subprotocol(token)],
            additional_headers={"Cookie": cookie, "Origin": self.address},
            max_size=None,
        )
        self._receiving = asyncio.create_task(self._receive())
        self.page = page
        await self._run(ClientState(page_name=page))

    async def close(self) -> None:
        """Leave."""
        self._stop_repeating()
        self._receiving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._receiving
        await self._connection.close()

    async def go(self, page: str) -> None:
        """Switch to the page of a path."""
        self.page = page
        self.widgets.clear()
        self._stop_repeating()
        await self._run(ClientState(page_script_hash=self.pages[page]))

    async def set(self, key: str, **value: Any) -> None:
        """Give the widget of a key a value, as `WidgetState` names it, and run the script.

        Args:
            key: the end of its id, which is the key the app gave it.
            value: one value by its kind, for instance `int_value=3`.
        """
        widget = self.find(key)
        state = _state(widget_id(widget.element), value)
        if "trigger_value" in value:  # sent once
            await self._rerun(widget.fragment, state)
        else:
            widget.state = state
            await self._rerun(widget.fragment)

    async def send_event(self, key: str, event: str, value: Any) -> None:
        """Let one of the app's own components send a trigger, once."""
        identity = f"$$STREAMLIT_INTERNAL_KEY_{widget_id(self.find(key).element)}__events"
        payload = json.dumps([{"event": event, "value": value}])
        trigger = WidgetState(id=identity, json_trigger_value=payload)
        await self._rerun(self.find(key).fragment, trigger)

    async def settle(self) -> None:
        """Wait for the end of a run that is going on, and has not shown all widgets yet."""
        async with self._one_run:
            pass

    def find(self, key: str) -> Widget:
        """The widget whose key is, or begins with, `key`; the latest one."""
        for identity in reversed(self.widgets):
            if identity.split("-", 2)[-1].startswith(key):
                return self.widgets[identity]
        raise LookupError(f"{key} is not on page {self.page!r}: {list(self.widgets)}")

    def has(self, key: str) -> bool:
        """Whether a widget of that key is on the page."""
        return any(identity.split("-", 2)[-1].startswith(key) for identity in self.widgets)

    def _greet(self) -> tuple[str, str]:
        """What a browser asks before it opens the stream: a cookie against forged requests."""
        with urllib.request.urlopen(
            f"{self.address}/_stcore/health", timeout=ANSWER_TIMEOUT_S
        ) as answer:
            cookie = (answer.headers["Set-Cookie"] or "").split(";")[0]
        return cookie, cookie.partition("=")[2]

    async def _rerun(self, fragment: str, *triggers: WidgetState) -> None:
        await self._run(self._state_for(fragment, *triggers))

    def _state_for(self, fragment: str, *triggers: WidgetState) -> ClientState:
        """What to send with a request to run a fragment, or with "" the page."""
        state = ClientState(page_script_hash=self.pages[self.page], fragment_id=fragment)
        state.widget_states.widgets.extend(
            widget.state for widget in self.widgets.values() if widget.state is not None
        )
        state.widget_states.widgets.extend(triggers)
        return state

    async def _run(self, state: ClientState) -> None:
        async with self._one_run:
            await self._request(state)

    async def _request(self, state: ClientState) -> None:
        """Send a request, and wait until the script has finished; hold `_one_run`."""
        self._finished.clear()
        state.cached_message_hashes.extend(self._cache)
        state.context_info.url = f"{self.address}/{self.page}"
        state.context_info.color_scheme = "light"
        try:
            await self._connection.send(BackMsg(rerun_script=state).SerializeToString())
            await asyncio.wait_for(self._finished.wait(), ANSWER_TIMEOUT_S)
        except ConnectionClosed as error:
            self.lost = True
            raise LostError(str(error)) from error
        except TimeoutError as error:
            self.errors.append(f"no answer within {ANSWER_TIMEOUT_S} s on page {self.page!r}")
            raise LostError(self.errors[-1]) from error
        if self.lost:
            raise LostError("the server closed the connection")

    async def _receive(self) -> None:
        try:
            async for data in self._connection:
                assert isinstance(data, bytes)
                self._take(ForwardMsg.FromString(data))
        except ConnectionClosed:
            pass
        self.lost = True
        self._finished.set()

    def _take(self, message: ForwardMsg) -> None:
        if message.WhichOneof("type") == "ref_hash":
            message = self._cache[message.ref_hash][0]
        if message.metadata.cacheable:
            self._cache[message.hash] = message, self._runs
        kind = message.WhichOneof("type")
        if kind == "new_session" and not message.metadata.run.fragment_ids:
            self._before, self.widgets = self.widgets, {}
            self._stop_repeating()
        elif kind == "navigation":
            self.pages = {
                "" if page.is_default else page.url_pathname: page.page_script_hash
                for page in message.navigation.app_pages
            }
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._show(message.delta.new_element, message.delta.fragment_id)
        elif kind == "auto_rerun":
            self._repeat(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "stop_auto_rerun":
            self._stop(*message.stop_auto_rerun.fragment_ids)
        elif kind == "script_finished":
            self._end(message.script_finished)

    def _show(self, element: Element, fragment: str) -> None:
        if element.WhichOneof("type") == "exception":
            self.errors.append(f"{element.exception.type}: {element.exception.message}")
        identity = widget_id(element)
        if identity:
            known = self.widgets.pop(identity, None) or self._before.get(identity)
            given = _given(element, fresh=known is None)
            state = known.state if known and given is None else given
            self.widgets[identity] = Widget(element, fragment, state)

    def _end(self, status: "ForwardMsg.ScriptFinishedStatus.ValueType") -> None:
        if status == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return
        if status == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self.errors.append("the script does not compile")
        self._runs += 1
        self._cache = {
            identity: (message, run)
            for identity, (message, run) in self._cache.items()
            if self._runs - run <= _CACHED_RUNS
        }
        self._finished.set()

    def _repeat(self, fragment: str, interval: float) -> None:
        """Run a fragment again and again, as the front end does for `run_every`."""

        async def once() -> None:
            async with self._one_run:
                if fragment in self._repeats:  # it may have ended while we waited
                    with contextlib.suppress(LostError):
                        await self._request(self._state_for(fragment))

        async def repeat() -> None:
            while True:
                await asyncio.sleep(interval)
                # A run that ends the repetition, as one of the whole page does, goes on to its end.
                await asyncio.shield(once())

        if fragment not in self._repeats:
            self._repeats[fragment] = asyncio.create_task(repeat())

    def _stop(self, *fragments: str) -> None:
        for fragment in fragments:
            if fragment in self._repeats:
                self._repeats.pop(fragment).cancel()

    def _stop_repeating(self) -> None:
        self._stop(*self._repeats)


def widget_id(element: Element) -> str:
    """The id of a widget; "" for any other element."""
    kind = element.WhichOneof("type")
    return str(getattr(getattr(element, kind), "id", "")) if kind else ""


def _state(identity: str, value: dict[str, Any]) -> WidgetState:
    ((kind, content),) = value.items()
    state = WidgetState(id=identity)
    if kind.endswith("_array_value"):
        getattr(state, kind).data.extend(content)
    else:
        setattr(state, kind, content)
    return state


def _given(element: Element, *, fresh: bool) -> WidgetState | None:
    """The value that the server gives a widget; None where the widget keeps its own."""
    kind = element.WhichOneof("type")
    identity = widget_id(element)
    if kind not in ("number_input", "slider", "button_group"):
        return None
    widget = getattr(element, kind)
    if not (fresh or widget.set_value):
        return None
    if kind == "number_input":
        value = widget.value if widget.set_value else widget.default
        whole = widget.data_type == NumberInput.INT
        return _state(identity, {"int_value": int(value)} if whole else {"double_value": value})
    if kind == "slider":
        chosen = widget.value if widget.set_value else widget.default
        return _state(identity, {"double_array_value": list(chosen)})
    names = [widget.options[i].content for i in widget.default]
    names = list(widget.raw_values) if widget.set_value else names
    return _state(identity, {"string_array_value": names})
