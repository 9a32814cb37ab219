"""The page Train in a real browser: live charts, small updates, zoom and reading kept."""

import re
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, WebSocket, WebSocketRoute, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from rnn_demo.app.run_titles import run_title
from rnn_demo.app.train.sentences import announcement
from rnn_demo.app.visitor import COOKIE
from rnn_demo.data import source
from rnn_demo.nn.published import TUTORIAL_LOSS, TUTORIAL_TEST_ACCURACY, TUTORIAL_TRAIN_ACCURACY
from rnn_demo.runs.run import Run
from rnn_demo.runs.state import lock_of
from rnn_demo.training.recipe import Recipe
from tests.browser.conftest import start_server, wait_for_health
from tests.browser.test_journeys import IDLE, visit
from tests.example_runs import SMALL, append, curve, finish, owner_of, point, put_run, write_status

FIRST, SECOND = "20260102-030401-abcdef01", "20260102-030402-abcdef02"
ARGUMENTS = {"epoch": 2, "images_per_second": 1000.0, "seconds_left": 60}


@dataclass
class Visitor:
    """A visitor whose key, and so whose folder, is known."""

    page: Page
    home: Path

    def run(self, state: str, run_id: str = FIRST, **more) -> Run:
        return put_run(self.home, run_id, state, **more)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all runs."""
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def server(root: Path) -> Iterator[str]:
    """The app on a run folder that is known here."""
    process, address = start_server({"RNN_DEMO_RUNS": str(root), "RNN_DEMO_MAX_RUNS": "2"})
    wait_for_health(address, process)
    yield address
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture
def visitor(page: Page, server: str, root: Path) -> Visitor:
    key = secrets.token_hex(16)
    page.context.add_cookies([{"name": COOKIE, "value": key, "url": server}])
    return Visitor(page, root / owner_of(key))


@pytest.fixture
def running(visitor) -> Iterator[Run]:
    """A run with 50 points and a live worker."""
    run = visitor.run("running", n=50, **ARGUMENTS)
    with lock_of(run.folder):
        yield run


def widget(page: Page, key: str) -> Locator:
    """The widget with a key; Streamlit makes a CSS class of it."""
    name = re.sub(r"[^\w-]", "-", key)
    return page.locator(f".st-key-train-{name}")


def button(page: Page, name: str) -> Locator:
    return widget(page, name).get_by_role("button")


def selected_run(page: Page) -> Locator:
    """The field that shows which run is selected."""
    return widget(page, "run").get_by_role("combobox")


def result(page: Page) -> Locator:
    """The test accuracy of a run that has ended."""
    return page.get_by_test_id("stMetric").first


def open_page(page: Page, name: str) -> None:
    """Go to another page through the navigation."""
    page.locator(f"[data-testid^=stTopNav] a[href$='/{name}']").first.click()


def newest(page: Page) -> Locator:
    """The newest loss, beside the title of its chart."""
    return page.locator("[data-chart=loss] .now")


def add(page: Page, run: Run, first: int, n: int) -> None:
    """Let a run grow by n points, and wait until they are on screen."""
    append(run, [point(i) for i in range(first, first + n)])
    expect(newest(page)).to_have_text(f"{point(first + n - 1)['loss']:.4f}")


def place(page: Page, chart: str, fraction: float) -> tuple[float, float]:
    """A place in a chart, at a fraction of its width."""
    plot = page.locator(f"[data-chart={chart}] .plot")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    return box["x"] + 46 + fraction * (box["width"] - 56), box["y"] + box["height"] / 2


READING = re.compile(r"\d+\.\d\d")  # a hint has no number


def epoch_in(text: str) -> float:
    """The first number of a reading: its epoch."""
    return float(READING.search(text)[0])


def epoch_at(page: Page, fraction: float) -> float:
    """The epoch that is read at a fraction of the width of the charts."""
    page.mouse.move(*place(page, "loss", fraction))
    text = page.locator(".reading")
    expect(text).to_have_text(READING)
    return epoch_in(text.inner_text())


# Only what is new is sent


def test_an_update_does_not_grow_with_the_run(visitor, running):
    frames: list[int] = []
    acknowledged: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(len(frame)))
        socket.on(
            "framesent", lambda frame: b"acknowledged" in frame and acknowledged.append(frame)
        )

    def wait_for_acknowledgement() -> None:
        while not acknowledged:
            visitor.page.wait_for_timeout(50)
        acknowledged.clear()

    visitor.page.on("websocket", listen)
    visit(visitor.page, "train")
    wait_for_acknowledgement()  # of the images of the sample digits
    add(visitor.page, running, 50, 1)

    def largest(first: int) -> int:
        """The largest frame while 30 points come in sixes."""
        frames.clear()
        for i in range(first, first + 30, 6):
            add(visitor.page, running, i, 6)
        return max(frames)

    early = largest(51)
    acknowledged.clear()
    add(visitor.page, running, 81, 4000)
    assert max(frames) > 4000 * 50  # all of these were sent
    wait_for_acknowledgement()
    add(visitor.page, running, 4081, 1)
    late = largest(4082)
    assert late < 1.5 * early < 20_000


def test_nothing_is_sent_while_nothing_happens(visitor):
    visitor.run("paused", n=50)
    frames: list[bytes] = []
    acknowledged: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(frame))
        socket.on(
            "framesent", lambda frame: b"acknowledged" in frame and acknowledged.append(frame)
        )

    visitor.page.on("websocket", listen)
    visit(visitor.page, "train")
    expect(newest(visitor.page)).to_have_text(f"{point(49)['loss']:.4f}")
    assert any(b"rnn_demo_train" in frame for frame in frames)
    while not acknowledged:
        visitor.page.wait_for_timeout(50)
    visitor.page.wait_for_timeout(500)  # the server's answer
    frames.clear()
    visitor.page.wait_for_timeout(2500)  # five updates, if there were any
    assert not any(b"rnn_demo_train" in frame for frame in frames)


def test_after_a_refresh_and_a_switch_of_pages_all_points_are_there(visitor, running):
    page = visitor.page
    visit(page, "train")
    add(page, running, 50, 10)
    first, last = point(0)["loss"], point(59)["loss"]
    whole = re.compile(rf" {first:.4f} \w+ {last:.4f} .*3\.00")
    curves = page.locator("[data-chart=loss] canvas")
    expect(curves).to_have_attribute("aria-label", whole)
    page.reload()
    expect(curves).to_have_attribute("aria-label", whole)
    open_page(page, "digits")
    expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()
    append(running, [point(60)])
    open_page(page, "train")
    last = point(60)["loss"]
    whole = re.compile(rf" {first:.4f} \w+ {last:.4f} .*3\.05")
    expect(curves).to_have_attribute("aria-label", whole)


@pytest.mark.own_context
def test_nothing_is_acknowledged_while_the_page_is_being_left(visitor, running):
    """Streamlit would go back to the old page, or show an empty one."""
    page = visitor.page
    sent: list[BackMsg] = []
    held: list[tuple[WebSocketRoute, str | bytes]] = []
    holding = False

    def connect(browser: WebSocketRoute) -> None:
        server = browser.connect_to_server()

        def ask(message: str | bytes) -> None:
            sent.append(BackMsg.FromString(bytes(message)))
            server.send(message)

        browser.on_message(ask)
        server.on_message(
            lambda message: held.append((browser, message)) if holding else browser.send(message)
        )

    def wait_until(holds: Callable[[], bool]) -> None:
        while not holds():
            page.wait_for_timeout(20)

    page.route_web_socket("**/_stcore/stream", connect)
    visit(page, "train")
    wait_until(lambda: any("acknowledged" in str(message) for message in sent))
    page.wait_for_selector(IDLE)
    holding = True  # on a slow connection
    append(running, [point(i) for i in range(50, 100)])  # enough to be acknowledged
    loss = f"{point(99)['loss']:.6g}".encode()  # of the newest point
    wait_until(lambda: any(loss in message for _, message in held))
    n_of_update = len(held)
    open_page(page, "digits")
    sent.clear()
    page.clock.install()
    for browser, message in held[:n_of_update]:
        browser.send(message)
    expect(newest(page)).to_have_text(f"{point(99)['loss']:.4f}")
    page.clock.run_for(2000)
    assert not any("acknowledged" in str(message) for message in sent)
    holding = False
    for browser, message in held[n_of_update:]:
        browser.send(message)
    expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()


# The charts stay as they are while points arrive


WATCH = """() => {
  const find = (node) => {
    for (const each of node.querySelectorAll("*")) {
      const found = each.shadowRoot?.querySelector("[data-chart=loss] canvas") ?? null
      if (found) return found
    }
    return null
  }
  const canvas = find(document)
  const state = { canvas, find, least: Infinity, frames: 0 }
  window.watched = state
  const look = () => {
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
    let drawn = 0
    for (let i = 3; i < pixels.length; i += 4) drawn += pixels[i] > 0
    state.least = Math.min(state.least, drawn)
    state.first ??= drawn
    state.frames += 1
    if (state.frames < 100_000) requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}"""


def test_the_canvas_stays_and_is_never_blank(visitor, running):
    page = visitor.page
    visit(page, "train")
    add(page, running, 50, 1)
    page.evaluate(WATCH)
    first_digit = page.locator(".sample-digits li b").first
    for i in range(51, 59):
        add(page, running, i, 1)
        expect(first_digit).to_have_text(re.compile(f"{point(i)['answers'][0]}$"))
    result = page.evaluate(
        """() => ({ same: watched.canvas === watched.find(document) && watched.canvas.isConnected,
                    least: watched.least, first: watched.first, frames: watched.frames })"""
    )
    assert result["same"]
    assert result["frames"] > 20
    assert result["least"] > 0.9 * result["first"] > 500


def test_the_zoom_is_kept_while_points_arrive(visitor, running):
    page = visitor.page
    visit(page, "train")
    add(page, running, 50, 1)
    whole = page.locator("[data-range=all]")
    expect(whole).to_have_attribute("aria-pressed", "true")
    assert epoch_at(page, 0.2) == pytest.approx(2, abs=0.05)
    page.mouse.move(*place(page, "accuracy", 0.1))  # from epoch 1 ...
    page.mouse.down()
    page.mouse.move(*place(page, "accuracy", 0.2), steps=5)  # ... to epoch 2
    expect(page.locator(".over .band")).to_have_count(4)
    page.mouse.up()
    expect(whole).to_have_attribute("aria-pressed", "false")
    before = epoch_at(page, 0.5)
    assert before == pytest.approx(1.5, abs=0.05)
    for i in range(51, 54):
        add(page, running, i, 1)
    assert epoch_at(page, 0.5) == before
    (running.folder / "changes.jsonl").write_text('{"step": 9, "learning_rate": 0.0005}\n')
    add(page, running, 54, 1)
    assert epoch_at(page, 0.5) == before
    finish(running)
    expect(result(page)).to_be_visible()
    assert epoch_at(page, 0.5) == before
    page.locator("[data-chart=loss] .plot").dblclick()
    expect(whole).to_have_attribute("aria-pressed", "true")
    assert epoch_at(page, 0.2) == pytest.approx(2, abs=0.05)
    page.locator("[data-range=last]").click()
    assert epoch_at(page, 0.001) == pytest.approx(1.75, abs=0.05)
    whole.click()
    assert epoch_at(page, 0.2) == pytest.approx(2, abs=0.05)


def test_the_charts_follow_the_theme_and_keep_their_zoom(visitor, running):
    page = visitor.page
    visit(page, "train")
    add(page, running, 50, 1)
    page.locator("[data-range=last]").click()
    for scheme, background in (("dark", "rgb(17, 21, 26)"), ("light", "rgb(253, 253, 252)")) * 2:
        page.emulate_media(color_scheme=scheme)
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", background)
        colour = {"dark": "rgb(251, 146, 60)", "light": "rgb(185, 61, 11)"}[scheme]
        expect(newest(page)).to_have_css("color", colour)
        expect(page.locator("[data-range=last]")).to_have_attribute("aria-pressed", "true")


def test_the_code_of_the_charts_is_fetched_once(visitor, running):
    """And no update carries it, or the style sheet."""
    page = visitor.page
    asked: list[str] = []
    frames: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(frame))

    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", listen)
    visit(page, "train")
    add(page, running, 50, 1)
    frames.clear()
    for i in range(51, 56):
        add(page, running, i, 1)
    for file in ("train.js", "train.html", "train.css"):
        assert sum(url.endswith(f"/train/{file}") for url in asked) == 1
    updates = [frame for frame in frames if b"rnn_demo_train" in frame]
    assert updates
    for part in (b"class PointBuffer", b"sample-digits", b"{ display:"):
        assert not any(part in frame for frame in updates)


def test_reduced_motion_is_respected(visitor, running):
    bar = visitor.page.locator(".sample-digits .track i").first
    duration = "element => getComputedStyle(element).transitionDuration"
    visit(visitor.page, "train")
    assert bar.evaluate(duration) != "0s"
    visitor.page.emulate_media(reduced_motion="reduce")
    assert bar.evaluate(duration) == "0s"


# The number of painted pixels in a square around each of some places of a chart; the lines of its
# grid are fainter.
PAINTED = """(canvas, places) => {
  const ratio = window.devicePixelRatio, pen = canvas.getContext("2d")
  return places.map(([x, y]) => {
    const pixels = pen.getImageData(ratio * (x - 6), ratio * (y - 6), 12 * ratio, 12 * ratio).data
    return pixels.filter((value, i) => i % 4 === 3 && value > 100).length
  })
}"""


def spot(
    canvas: Locator, epoch: float, value: float, low: float, high: float
) -> tuple[float, float]:
    """The place of a value of a run of ten epochs on a chart, within the margins of its axes."""
    box = canvas.bounding_box()
    up = (value - low) / (high - low) * (box["height"] - 28)
    return 46 + epoch / 10 * (box["width"] - 56), box["height"] - 20 - up


# Reading


def test_pointing_reads_all_charts_and_the_digits_at_one_epoch(visitor):
    page = visitor.page
    visitor.run("paused", n=200)
    visit(page, "train")
    expect(newest(page)).to_have_text(f"{point(199)['loss']:.4f}")
    read_at = epoch_at(page, 0.33)
    read = point(round(read_at * 20) - 1)
    expect(page.locator(".over .cursor")).to_have_count(4)
    chips = {
        "loss": f"{read['loss']:.4f}",
        "accuracy": f"{read['accuracy']:.2f} %",
        "learning_rate": "0.001",
        "gradient_norm": f"{read['gradient_norm']:.4g}",
    }
    for chart, text in chips.items():
        expect(page.locator(f"[data-chart={chart}] .chip")).to_have_text(text)
    text = page.locator(".reading").inner_text()
    epoch = -(-round(read_at * 20) // 20)
    assert f"{0.5 / epoch:.4f}, {90 + epoch / 2:.2f} %" in text  # validation
    assert f"{TUTORIAL_LOSS[epoch - 1]}, {TUTORIAL_TRAIN_ACCURACY[epoch - 1]} %" in text
    expect(page.locator(".sample-digits h3")).to_contain_text(f"{read_at:.2f}")
    labels = source.load(SMALL.data, "test").labels
    answer, shown = read["answers"][0], page.locator(".sample-digits li")
    for index in range(12):
        right = labels[index] == answer
        expect(shown.nth(index).locator("b")).to_have_text(f"{'' if right else '✗ '}{answer}")
        if not right:
            expect(shown.nth(index).locator(".confidence")).to_contain_text(
                re.compile(rf"\D{labels[index]}$")
            )
    page.mouse.move(5, 5)
    expect(page.locator(".over .cursor")).to_have_count(0)


def test_epoch_means_and_validation_are_drawn(visitor):
    page = visitor.page
    visitor.run("paused", n=100)
    visit(page, "train")
    expect(page.locator(".note")).to_have_text(re.compile(r"0\.4321 .*98\.76 %"))
    expect(page.locator(".legend .validation")).to_be_visible()
    canvas = page.locator("[data-chart=loss] canvas")
    ends = [each for each in curve(100) if each["epoch_done"]]
    squares = [spot(canvas, end["epoch"], end["validation_loss"], 0, 1) for end in ends]
    dots = [spot(canvas, end["epoch"] - 0.5, end["loss"], 0, 1) for end in ends]
    # A square has 36 pixels and a dot 44, a line through the place at most 24.
    assert min(canvas.evaluate(PAINTED, squares)) > 36
    assert min(canvas.evaluate(PAINTED, dots)) > 40


def test_the_keyboard_reads_too(visitor):
    page = visitor.page
    visitor.run("paused", n=100)
    visit(page, "train")
    reading = page.locator(".reading")
    page.locator(".charts").focus()
    page.keyboard.press("ArrowLeft")
    expect(reading).to_have_text(re.compile(r"^\D*5\.00\D"))
    page.keyboard.press("PageUp")
    expect(reading).to_have_text(re.compile(r"^\D*4\.50\D"))
    expect(page.locator(".announcement")).to_have_text(reading.inner_text())
    page.keyboard.press("Escape")
    expect(reading).not_to_have_text(READING)


def test_the_charts_have_text_alternatives_and_the_live_region_is_quiet(visitor, running):
    page = visitor.page
    (running.folder / "changes.jsonl").write_text('{"step": 188, "learning_rate": 0.0005}\n')
    visit(page, "train")
    add(page, running, 50, 5)
    accuracy = page.locator("[data-chart=accuracy] canvas")
    expect(accuracy).to_have_role("img")
    expect(accuracy).to_have_attribute("aria-label", re.compile(r"75\.88 % .*96\.65 %"))
    rate = page.locator("[data-chart=learning_rate] canvas")
    change = re.compile(r"0\.0005 .*(1\.00|0\.20)")  # of synthetic digits, or of MNIST
    expect(rate).to_have_attribute("aria-label", change)
    expect(page.locator(".announcement")).to_be_empty()
    end = curve(60)[-1]
    append(running, [end])
    expect(page.locator(".announcement")).to_have_text(announcement(running.snapshot(), end))


@pytest.mark.parametrize(
    ("chart", "values", "low", "high"),
    [("loss", TUTORIAL_LOSS, 0, 1), ("accuracy", TUTORIAL_TRAIN_ACCURACY, 50, 100)],
)
def test_without_a_run_the_tutorials_curve_is_drawn(visitor, chart, values, low, high):
    visit(visitor.page, "train")
    ends = {"loss": r"0\.7489 .*0\.1196", "accuracy": r"75\.88 % .*96\.65 %"}[chart]
    canvas = visitor.page.locator(f"[data-chart={chart}] canvas")
    expect(canvas).to_have_attribute("aria-label", re.compile(ends))
    on_the_curve = [spot(canvas, i + 0.5, value, low, high) for i, value in enumerate(values)]
    beside = [spot(canvas, i + 0.5, low + 0.55 * (high - low), low, high) for i in range(2, 8)]
    assert min(canvas.evaluate(PAINTED, on_the_curve)) > 4
    assert max(canvas.evaluate(PAINTED, beside)) == 0
    if chart == "accuracy":
        expect(canvas).to_have_attribute("aria-label", re.compile(r"95\.83 %.* 95\.68 %"))
        (ring,) = canvas.evaluate(PAINTED, [spot(canvas, 10, TUTORIAL_TEST_ACCURACY, low, high)])
        assert ring > 20


# Working with runs


def test_compared_runs_share_the_charts(visitor):
    page = visitor.page
    recipe = Recipe(data="synthetic", n_neurons=12, epochs=10, cell="gru")
    for run_id, name in ((FIRST, "plain"), (SECOND, "<i>gated</i>")):
        run = visitor.run("paused", run_id, n=60, recipe=recipe)
        run.rename(name)
    visit(page, "train")
    expect(newest(page)).to_have_text(f"{point(59)['loss']:.4f}")
    widget(page, "others").get_by_role("combobox").focus()
    page.keyboard.type("plain")
    page.keyboard.press("Enter")
    label = re.compile(r"<i>gated</i>: .*\d.* plain: .*\d")
    expect(page.locator("[data-chart=loss] canvas")).to_have_attribute("aria-label", label)
    page.keyboard.press("Escape")
    page.mouse.move(*place(page, "loss", 0.1))
    expect(page.locator("[data-chart=loss] .chip")).to_have_count(2)
    expect(widget(page, "differences")).to_have_count(0)  # same recipe, same results
    names = page.locator(".runs li")
    expect(names).to_have_text(["<i>gated</i>", "plain"])
    colours = names.locator("i").evaluate_all(
        "all => all.map(i => getComputedStyle(i).borderColor)"
    )
    assert len(set(colours)) == 2
    expect(button(page, "download/csv")).to_be_visible()


def test_another_run_is_shown_whole(visitor):
    """Even if the visitor had zoomed into the run before, or read it."""
    page = visitor.page
    visitor.run("paused", FIRST, n=200).rename("long")
    visitor.run("paused", SECOND, n=20).rename("short")
    visit(page, "train")
    selected_run(page).click()
    page.get_by_role("option", name="long").click()
    expect(newest(page)).to_have_text(f"{point(199)['loss']:.4f}")
    page.mouse.move(*place(page, "accuracy", 0.8))
    page.mouse.down()
    page.mouse.move(*place(page, "accuracy", 0.9), steps=5)
    page.mouse.up()
    whole = page.locator("[data-range=all]")
    expect(whole).to_have_attribute("aria-pressed", "false")
    selected_run(page).click()
    page.get_by_role("option", name="short").click()
    expect(newest(page)).to_have_text(f"{point(19)['loss']:.4f}")
    expect(whole).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".sample-digits h3")).to_contain_text("1.00")


def test_runs_of_the_same_minute_have_different_titles(visitor):
    page = visitor.page
    for run_id, n in ((FIRST, 60), (SECOND, 20)):
        visitor.run("paused", run_id, n=n)
    visit(page, "train")
    expect(newest(page)).to_have_text(f"{point(19)['loss']:.4f}")  # the newest
    selected_run(page).click()
    expect(page.get_by_role("option")).to_have_text([re.compile(r" \(2\)$"), re.compile(r"\d$")])
    page.get_by_role("option").last.click()
    expect(newest(page)).to_have_text(f"{point(59)['loss']:.4f}")


@pytest.mark.parametrize("data", sorted({"synthetic", source.available()}))
def test_a_mistake_is_opened_on_the_page_draw(visitor, data):
    """From the digits that the network was tested on, whether or not MNIST is available too."""
    page = visitor.page
    run = visitor.run("running", n=20, recipe=replace(SMALL, data=data))
    finish(run)
    visit(page, "train")
    snapshot = run.snapshot()
    mistake = snapshot.result.mistakes[3]
    page.locator(f".mistakes [data-index='{mistake.index}']").click()
    number = page.locator(f".st-key-draw-digit-{snapshot.result.n} input")
    expect(number).to_have_value(str(mistake.index))
    page.locator(".st-key-draw-tools button").click()
    network = page.locator(".st-key-draw-network").get_by_role("combobox")
    expect(network).to_have_value(re.compile(re.escape(run_title(snapshot))))


def test_the_files_of_a_run_are_downloaded(visitor):
    page = visitor.page
    run = visitor.run("running", n=20)
    finish(run)
    visit(page, "train")
    expected = {
        "safetensors": run.weights.read_bytes(),
        "csv": b"epoch,epoch_done,loss",
        "py": b'"""',
        "ipynb": b'{"cells": [',
    }
    for extension, content in expected.items():
        with page.expect_download() as download:
            button(page, f"download/{extension}").click()
        assert Path(download.value.path()).read_bytes().startswith(content)


def test_the_visitors_key_is_in_no_address_no_log_and_no_export(new_context, tmp_path):
    """Nor is the name of their folder, which is made of it."""
    key, log = secrets.token_hex(16), tmp_path / "server.log"
    secret = {key, owner_of(key)}
    finished = put_run(tmp_path / "runs" / owner_of(key), FIRST, "paused", n=20)
    finish(finished)
    process, address = start_server({"RNN_DEMO_RUNS": str(tmp_path / "runs")}, log)
    wait_for_health(address, process)
    asked: list[str] = []
    try:
        with new_context(base_url=address) as context:
            context.add_cookies([{"name": COOKIE, "value": key, "url": address}])
            page = context.new_page()
            page.on("request", lambda request: asked.append(request.url))
            visit(page, "train")
            exported = []
            for extension in ("safetensors", "csv", "py", "ipynb"):
                with page.expect_download() as download:
                    button(page, f"download/{extension}").click()
                exported.append(Path(download.value.path()).read_bytes().decode(errors="replace"))
            button(page, "start").click()
            expect(newest(page)).to_have_text(READING, timeout=90_000)
            button(page, "stop").click()
            expect(result(page)).to_be_visible(timeout=60_000)
            asked.append(page.url)
    finally:
        process.terminate()
        process.wait(timeout=20)
    assert "A training begins" in log.read_text()
    for text in (*asked, *exported, log.read_text()):
        assert not [each for each in secret if each in text]


def test_the_page_notices_that_a_run_was_paused(visitor, running):
    page = visitor.page
    visit(page, "train")
    expect(button(page, "pause")).to_be_visible()
    write_status(running, "paused", epoch=2, progress=0.25)
    expect(button(page, "resume")).to_be_visible()
    expect(button(page, "pause")).to_have_count(0)


def test_two_visitors_train_at_once_and_see_their_own_runs_only(new_context, server):
    pages = []
    for name in ("one", "two"):
        context = new_context(base_url=server)
        page = context.new_page()
        visit(page, "train")
        widget(page, "recipe").locator("summary").click()
        for field, value in (("name", f"run of {name}"), ("epochs", "50")):
            widget(page, field).locator("input").fill(value)
            page.keyboard.press("Tab")
        page.wait_for_selector(IDLE)
        button(page, "start").click()
        pages.append(page)
    for page, own, other in zip(pages, ("one", "two"), ("two", "one"), strict=True):
        expect(newest(page)).not_to_be_empty(timeout=90_000)
        expect(page.get_by_test_id("stProgress")).to_contain_text("50")  # epochs
        expect(selected_run(page)).to_have_value(re.compile(f"run of {own}"))
        selected_run(page).click()
        expect(page.get_by_role("option")).to_have_count(1)
        expect(page.get_by_text(f"run of {other}")).to_have_count(0)
        page.keyboard.press("Escape")
    for page in pages:
        button(page, "stop").click()
    for page in pages:
        expect(result(page)).to_be_visible(timeout=60_000)
        page.context.close()


def test_a_run_that_another_tab_deletes_goes_from_the_page(visitor, running):
    """The selected one, while another one trains."""
    page = visitor.page
    run = visitor.run("paused", SECOND, n=30)
    visit(page, "train")
    watched = selected_run(page)
    expect(newest(page)).to_have_text(f"{point(29)['loss']:.4f}")
    run.delete()
    expect(newest(page)).to_have_text(f"{point(49)['loss']:.4f}")
    expect(watched).to_have_value(re.compile("02 Jan"))
    expect(button(page, "pause")).to_be_visible()


@pytest.mark.own_context
def test_two_tabs_of_a_new_visitor_are_one_visitor(page, root):
    """The second reaches the page Train first, and leaves its key in the browser."""
    visit(page, "")
    second = page.context.new_page()
    visit(second, "train")
    cookie = "() => document.cookie.match(/rnn_demo_visitor=([0-9a-f]{32})/)?.[1]"
    key = second.wait_for_function(cookie).json_value()
    put_run(root / owner_of(key), FIRST, "paused", n=30)
    open_page(page, "train")
    expect(newest(page)).to_have_text(f"{point(29)['loss']:.4f}")
    assert page.evaluate(cookie) == key
    for tab in (page, second):
        tab.reload()
        expect(newest(tab)).to_have_text(f"{point(29)['loss']:.4f}")


def test_at_most_four_updates_a_second(visitor, running):
    frames: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(frame))

    page = visitor.page
    page.on("websocket", listen)
    visit(page, "train")
    expect(newest(page)).to_have_text(f"{point(49)['loss']:.4f}")
    frames.clear()
    started = time.monotonic()
    for i in range(50, 80):
        append(running, [point(i)])
        page.wait_for_timeout(100)
    seconds = time.monotonic() - started  # three, or more on a busy machine
    updates = sum(b"rnn_demo_train" in frame for frame in frames)
    assert 2 <= updates <= 4 * seconds


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_on_a_phone_start_and_the_curve_come_first_and_a_tap_reads(visitor):
    page = visitor.page
    visitor.run("paused", n=200)
    visit(page, "train")
    expect(newest(page)).to_have_text(f"{point(199)['loss']:.4f}")
    start = button(page, "start").bounding_box()
    boxes = [
        page.locator(f"[data-chart={name}] .plot").bounding_box() for name in ("loss", "accuracy")
    ]
    assert start["y"] + start["height"] < 300
    assert boxes[0]["y"] < 740
    assert boxes[1]["y"] > boxes[0]["y"] + boxes[0]["height"]  # one below the other
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")
    page.touchscreen.tap(*place(page, "loss", 0.5))
    expect(page.locator(".reading")).to_have_text(re.compile(r"^\D*[45]\.\d\d\D"))
    expect(page.locator(".over .cursor")).to_have_count(4)
    page.touchscreen.tap(*place(page, "accuracy", 0.52))  # the same place: back to the newest
    expect(page.locator(".over .cursor")).to_have_count(0)
    expect(page.locator(".sample-digits h3")).to_contain_text("10.00")


# A page goes on scrolling for a while after the finger has left it.
STANDS_STILL = """async () => {
  const main = document.querySelector("[data-testid=stMain]")
  for (let last = null; last !== main.scrollTop; ) {
    last = main.scrollTop
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}"""


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_on_a_phone_a_finger_that_scrolls_reads_nothing(visitor):
    page = visitor.page
    visitor.run("paused", n=200)
    visit(page, "train")
    expect(newest(page)).to_have_text(f"{point(199)['loss']:.4f}")
    x, y = place(page, "loss", 0.3)
    wire = page.context.new_cdp_session(page)

    def drag(x: float, y: float, right: int, down: int) -> None:
        way = [{"x": x + right * i, "y": y + down * i} for i in range(12)]
        for kind, finger in (("Start", way[0]), *(("Move", each) for each in way[1:])):
            wire.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": [finger]})
        wire.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        page.evaluate(STANDS_STILL)

    drag(x, y, 0, -12)
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop > 50")
    expect(page.locator(".over .cursor")).to_have_count(0)
    expect(page.locator(".reading")).not_to_have_text(READING)
    drag(*place(page, "loss", 0.2), 12, 0)  # along the curve it reads
    expect(page.locator(".over .cursor")).to_have_count(4)
    reading = page.locator(".reading").inner_text()
    drag(*place(page, "loss", 0.8), 0, -12)  # and stays where it was
    expect(page.locator(".reading")).to_have_text(reading)


def test_a_loss_of_zero_has_a_place_on_a_logarithmic_scale(visitor):
    page = visitor.page
    run = visitor.run("paused")
    append(run, [point(i, loss=0.0) for i in range(20)])
    visit(page, "train")
    expect(newest(page)).to_have_text("0.0000")
    log = page.locator("[data-log]")
    log.click()
    expect(log).to_have_attribute("aria-pressed", "true")


@pytest.mark.hostile("the name of a run: HTML, Markdown")
def test_the_name_of_a_run_is_shown_as_it_was_typed_on_every_page(visitor):
    page = visitor.page
    name = "**a** $x^2$ <b>b</b> [c](d) :smile: `e`"
    run = visitor.run("running", n=20)
    finish(run)
    run.rename(name)
    visit(page, "train")
    button(page, "read_drawing").click()
    expect(page.get_by_text(name)).to_be_visible()
