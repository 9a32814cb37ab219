"""Thirty visitors at once on loopback: how fast the server answers, and what it takes.

    python tests/bench/load.py [--seconds 120] [--trainings 2] [--after 180] [--json]

27 visitors speak Streamlit's protocol (`session.py`), three are tabs of a real Chromium. Each
waits two seconds on average, does something (edits a number on the page Inside, clicks a digit,
shows another batch, draws a stroke, picks a preset, goes to another page), and waits again. With
trainings, as many visitors press Start at the beginning, and others join the queue behind them.

An interaction is timed from its request to the message that the script has finished, so the time
on loopback and in this process is part of it. Chromium draws three pages on the same cores, which
no visitor's browser does: it has the lowest priority, and still takes its part of the caches and
of each core's turns.
"""

import argparse
import asyncio
import json
import os
import random
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from playwright.async_api import Error, Page, async_playwright
from session import LostError, Session

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from rnn_demo.data import pen, strokes  # noqa: E402
from rnn_demo.data.strokes import Stroke  # noqa: E402
from rnn_demo.inside.cards import CARDS  # noqa: E402
from rnn_demo.runs import store  # noqa: E402
from rnn_demo.runs.layout import owner_folders  # noqa: E402
from rnn_demo.runs.run import Snapshot  # noqa: E402
from rnn_demo.training.presets import PRESETS  # noqa: E402
from tests.browser.conftest import ARGUMENTS, start_server, wait_for_health  # noqa: E402
from tests.browser.test_journeys import IDLE  # noqa: E402

SESSIONS, TABS = 27, 3
THINKING_TIME_S = 2.0  # on average
PAGE_CHANGE_PROBABILITY = 0.2
PATHS = ("", "inside", "digits", "train")  # Draw is at the root
DRAW = "Draw"
# Milliseconds and megabytes that may not be exceeded.
LIMITS = {"p95": 100, "p95 with trainings": 150, "join": 3_000, "resident": 700, "session": 5}


@dataclass
class Record:
    """What was measured."""

    times: dict[str, list[float]] = field(default_factory=dict)  # seconds, by kind of action
    browser: list[float] = field(default_factory=list)  # seconds, in Chromium
    errors: list[str] = field(default_factory=list)
    lost: int = 0

    def add(self, kind: str, seconds: float) -> None:
        self.times.setdefault(kind, []).append(seconds)


@dataclass
class Usage:
    """What a process takes, from /proc."""

    resident: float  # MB, of the process alone
    own: float  # MB of these that no file is behind, so that no other process may share them
    threads: int
    files: int
    processes: int  # it and all below it
    cpu: float  # seconds so far, of the process alone

    @classmethod
    def of(cls, pid: int) -> "Usage":
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        status = dict(line.split(":", 1) for line in lines)
        return cls(
            resident=int(status["VmRSS"].split()[0]) / 1024,
            own=int(status["RssAnon"].split()[0]) / 1024,
            threads=int(status["Threads"]),
            files=len(list(Path(f"/proc/{pid}/fd").iterdir())),
            processes=len(_descendants(pid)),
            cpu=sum(map(int, _stat(pid)[11:13])) / os.sysconf("SC_CLK_TCK"),
        )


def _descendants(pid: int) -> list[int]:
    """A process and all below it."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            child = int(path.parent.name)
            children.setdefault(int(_stat(child)[1]), []).append(child)
    found = [pid]
    for parent in found:
        found += children.get(parent, [])
    return found


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name, which may hold anything."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, int]]:
    """The app on a port of its own, for two trainings at once; its address and its process."""
    os.environ |= {"RNN_DEMO_RUNS": str(folder), "RNN_DEMO_MAX_RUNS": "2"}  # for ourselves too
    process, address = start_server({})
    try:
        wait_for_health(address, process)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait()


# What a visitor does, by the path of the page. Each returns what it is called in the record.


async def edit(session: Session, rng: random.Random) -> str:
    """Type a number into the unrolled network of the page Inside."""
    value = {"name": "X", "index": [0, 0, 0], "value": round(rng.uniform(-9, 9), 1)}
    await session.send_event("inside/network", "edit", value)
    return "edit a number"


async def turn_card(session: Session, rng: random.Random) -> str:
    """Go to another card of the page Inside."""
    number, card = rng.choice(list(enumerate(CARDS, 1)))
    await session.set("inside/card", string_array_value=[f"{number} · {card.title}"])
    return "another card"


async def click_digit(session: Session, rng: random.Random) -> str:
    """Click one of the 64 digits."""
    place = {"image": rng.randrange(64), "row": None, "question": 0}
    await session.send_event("digits/sequence", "place", place)
    return "click a digit"


async def move_row(session: Session, rng: random.Random) -> str:
    """Stop at another row of a digit."""
    place = {"image": 0, "row": rng.randrange(28), "question": 0}
    await session.send_event("digits/sequence", "place", place)
    return "another row"


async def pick(session: Session, rng: random.Random) -> str:
    """Pick another preset for the next training."""
    await session.set("train/preset", string_array_value=[rng.choice(list(PRESETS))])
    return "pick a preset"


async def queue_a_run(session: Session, rng: random.Random) -> str:
    """Press Start while others train, or take a waiting run from the queue."""
    if session.has("train/leave_queue"):
        await press(session, "leave_queue")
        return "leave the queue"
    await press(session, "start")
    return "press Start"


async def turn_page(session: Session, rng: random.Random) -> str:
    """Look at another batch."""
    await session.set("digits/batch", int_value=rng.randrange(1, 181))
    return "another batch"


async def draw(session: Session, rng: random.Random) -> str:
    """Draw one more stroke, or begin anew after three."""
    session.strokes = session.strokes % len(DRAWINGS[0]) + 1
    drawing = rng.choice(DRAWINGS)[session.strokes - 1]
    await session.set("draw/canvas/0", json_value=drawing)
    return "draw a stroke"


def _drawings(rng: np.random.Generator) -> list[str]:
    """What the canvas sends after the first, the second and the third stroke of a drawing."""
    sent: list[str] = []
    drawn: list[Stroke] = []
    for _ in range(3):
        points = np.cumsum(rng.uniform(-30, 30, (20, 2)), axis=0) + pen.SIDE / 2
        drawn.append(Stroke(points.clip(10, 270), pen.PEN_WIDTH))
        sent.append(json.dumps({"drawing": {"raw": strokes.to_canvas(drawn), "data": None}}))
    return sent


DRAWINGS = [_drawings(np.random.default_rng(seed)) for seed in range(8)]  # made before the clock
ACTIONS: dict[str, tuple[Callable[[Session, random.Random], Awaitable[str]], ...]] = {
    "": (draw,),
    "inside": (edit, edit, turn_card),
    "digits": (click_digit, move_row, turn_page),
    "train": (pick,),
}


async def press(session: Session, button: str) -> None:
    """Press a button of the page Train."""
    await session.set(f"train/{button}", trigger_value=True)


async def act(session: Session, rng: random.Random) -> str:
    """One interaction of a visitor."""
    if rng.random() < PAGE_CHANGE_PROBABILITY:
        path = rng.choice([path for path in PATHS if path != session.page])
        await session.go(path)
        return f"go to {path or 'draw'}"
    return await rng.choice(ACTIONS[session.page])(session, rng)


async def visit(session: Session, record: Record, seconds: float, seed: int) -> None:
    """Think and act until the time is over."""
    rng = random.Random(seed)
    end = time.perf_counter() + seconds
    try:
        while True:
            await asyncio.sleep(rng.uniform(0.5, 1.5) * THINKING_TIME_S)
            start = time.perf_counter()
            if start > end:
                return
            await session.settle()  # the page may be renewing itself
            kind = await act(session, rng)
            record.add(kind, time.perf_counter() - start)
    except LostError as error:
        record.lost += 1
        record.errors.append(str(error))


async def click_about(page: Page, record: Record, seconds: float, seed: int) -> None:
    """The same in a tab of Chromium: draw, edit, and go from page to page."""
    rng = random.Random(seed)
    page.on("pageerror", lambda error: record.errors.append(str(error)))
    end = time.perf_counter() + seconds
    names = ["Inside", "Digits", "Train", DRAW]
    while time.perf_counter() < end:
        await asyncio.sleep(rng.uniform(0.5, 1.5) * THINKING_TIME_S)
        start = time.perf_counter()
        try:
            name = rng.choice(names)
            await page.get_by_role("link", name=name).first.click()  # of the navigation
            await page.wait_for_selector(IDLE)
            canvas = page.locator("canvas.upper-canvas")
            if name == DRAW and (box := await canvas.bounding_box()):
                await page.mouse.move(box["x"] + 60, box["y"] + 60)
                await page.mouse.down()
                await page.mouse.move(box["x"] + 200, box["y"] + rng.randrange(40, 240), steps=6)
                await page.mouse.up()
                await page.wait_for_selector(IDLE)
        except Error as error:
            record.errors.append(error.message.splitlines()[0])
        record.browser.append(time.perf_counter() - start)
    if await page.get_by_test_id("stException").count():
        record.errors.append("a traceback in Chromium")


async def see_everything(address: str) -> None:
    """One visitor sees every page and does everything once, so that all is loaded."""
    rng = random.Random(0)
    session = Session(address)
    await session.open()
    for path in PATHS:
        await session.go(path)
        for action in ACTIONS[path]:
            await action(session, rng)
    await session.close()
    if session.errors:
        raise AssertionError(session.errors)


def giving_way(program: str, folder: Path) -> Path:
    """A program that runs at the lowest priority, with all that it starts."""
    script = folder / program
    # Its own priority, and that of its session: Linux may share the processor out by session.
    session = "echo 19 2>/dev/null > /proc/self/autogroup"
    script.write_text(f'#!/bin/sh\n{session}\nexec nice -n 19 {program} "$@"\n')
    script.chmod(0o700)
    return script


async def train(session: Session, n_epochs: int) -> None:
    """Let a visitor start a run."""
    await session.go("train")
    await session.set("train/epochs", int_value=n_epochs)
    await press(session, "start")


def all_runs() -> list[Snapshot]:
    """The runs of all visitors, as they are now."""
    return [run for folder in owner_folders() for run in store.snapshots_of(folder.name)]


async def no_training() -> None:
    """Wait until no run trains or waits."""
    while any(run.status.active or run.queue_place for run in all_runs()):
        await asyncio.sleep(0.1)


async def stop_trainings() -> None:
    """Remove the waiting runs, stop the others, and wait until no worker writes any more."""
    for found in all_runs():
        if found.queue_place:
            found.run.delete()
        else:
            found.run.stop()
    await no_training()


async def measure(address: str, pid: int, options: argparse.Namespace) -> dict[str, float]:
    """All of it; figures by name."""
    record = Record()
    await see_everything(address)
    base = Usage.of(pid)
    sessions = [Session(address, secrets.token_hex(16)) for _ in range(options.sessions)]
    start = time.perf_counter()
    await asyncio.gather(*(session.open() for session in sessions))
    joined = time.perf_counter() - start
    if options.trainings:
        ACTIONS["train"] += (queue_a_run,)
    for session in sessions[: options.trainings]:
        await train(session, 50)  # longer than we look
    before = Usage.of(pid)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=giving_way("chromium", Path(options.folder)), args=ARGUMENTS
        )
        tabs = [await chromium.new_page() for _ in range(options.tabs)]
        for tab in tabs:
            tab.set_default_timeout(120_000)  # beside trainings it gets next to nothing
            await tab.goto(address)
            await tab.wait_for_selector(IDLE)
        await asyncio.gather(
            *(visit(it, record, options.seconds, seed) for seed, it in enumerate(sessions)),
            *(click_about(it, record, options.seconds, seed) for seed, it in enumerate(tabs)),
        )
        full = Usage.of(pid)
        await chromium.close()
    await stop_trainings()
    for session in sessions:
        record.errors += session.errors
        with suppress(LostError):
            await session.close()
    await asyncio.sleep(options.after)
    left = Usage.of(pid)
    return _report(record, joined, (base, before, full, left), options)


def _report(
    record: Record,
    joined: float,
    usage: tuple[Usage, ...],
    options: argparse.Namespace,
) -> dict[str, float]:
    base, before, full, left = usage
    times = sorted(1000 * time for found in record.times.values() for time in found)
    if not options.json:
        for kind, found in sorted(record.times.items()):
            ordered = sorted(1000 * time for time in found)
            print(
                f"  {kind:18} {len(found):5} {statistics.median(ordered):6.0f} ms median,", end=""
            )
            print(f" {ordered[int(0.95 * len(ordered))]:5.0f} ms p95")
        for error in sorted(set(record.errors)):
            print(f"  {record.errors.count(error)} x {error}")
    visitors = options.sessions + options.tabs
    return {
        "visitors": visitors,
        "trainings": options.trainings,
        "interactions": len(times),
        "p50_ms": round(statistics.median(times)),
        "p95_ms": round(times[int(0.95 * len(times))]),
        "max_ms": round(times[-1]),
        "server_cpu_ms_each": round(1000 * (full.cpu - before.cpu) / len(times), 1),
        "chromium_p50_ms": round(1000 * statistics.median(record.browser or [0])),
        "joined_s": round(joined, 2),
        "lost": record.lost,
        "errors": len(record.errors),
        "base_mb": round(base.resident),
        "base_own_mb": round(base.own),
        "full_mb": round(full.resident),
        "mb_per_visitor": round((full.resident - base.resident) / visitors, 1),
        "left_mb": round(left.resident),
        "left_over_base": round(left.resident / base.resident, 3),
        "threads": full.threads,
        "threads_left": left.threads,
        "files_left": left.files,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--sessions", type=int, default=SESSIONS)
    parser.add_argument("--tabs", type=int, default=TABS)
    parser.add_argument("--trainings", type=int, default=0)
    parser.add_argument("--after", type=float, default=180, help="seconds to wait after all left")
    parser.add_argument("--json", action="store_true", help="one line of JSON, nothing else")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as root:
        options.folder = folder
        with served(Path(root)) as (address, pid):
            figures = asyncio.run(measure(address, pid, options))
    if options.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
