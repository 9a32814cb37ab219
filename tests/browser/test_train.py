"""The page Train in a real browser: live charts, small updates, zoom and reading kept."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocket, expect

from rnn_demo.app.visitor import COOKIE
from rnn_demo.data import source
from rnn_demo.nn.published import TUTORIAL_LOSS, TUTORIAL_TEST_ACCURACY, TUTORIAL_TRAIN_ACCURACY
from rnn_demo.runs.state import lock_of
from rnn_demo.runs.store import Run
from rnn_demo.training.recipe import Recipe
from tests.browser.conftest import start_server, wait_for_health
from tests.browser.test_journeys import visit
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


def newest(page: Page):
    """The newest loss, beside the title of its chart."""
    return page.locator("[data-chart=loss] .now")


def add(page: Page, run: Run, first: int, n: int) -> None:
    """Let a run grow by n points, and wait until they are on screen."""
    append(run, [point(i) for i in range(first, first + n)])
    expect(newest(page)).to_have_text(f"{point(first + n - 1)['loss']:.4f}")


def place(page: Page, chart: str, share: float) -> tuple[float, float]:
    """A place in a chart, at a share of its width."""
    plot = page.locator(f"[data-chart={chart}] .plot")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    return box["x"] + 46 + share * (box["width"] - 56), box["y"] + box["height"] / 2


def step_at(page: Page, share: float) -> float:
    """The step that is read at a share of the width of the charts."""
    page.mouse.move(*place(page, "loss", share))
    text = page.locator(".reading")
    expect(text).to_contain_text("Epoch")
    return float(re.match(r"Epoch ([\d.]+):", text.inner_text())[1])


# Only what is new


def test_what_is_sent_does_not_grow_with_the_run(visitor, running):
    frames: list[int] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(len(frame)))

    visitor.page.on("websocket", listen)
    visit(visitor.page, "train")
    expect(newest(visitor.page)).to_have_text(f"{point(49)['loss']:.4f}")

    def largest(first: int) -> int:
        """The largest frame while 60 points come in sixes."""
        frames.clear()
        for i in range(first, first + 60, 6):
            add(visitor.page, running, i, 6)
        return max(frames)

    early = largest(50)
    add(visitor.page, running, 110, 4000)
    assert max(frames) > 4000 * 50  # all of the many were sent
    add(visitor.page, running, 4110, 60)  # and the browser said that it has them
    late = largest(4170)
    assert late < 1.5 * early < 20_000


def test_nothing_is_sent_when_nothing_goes_on(visitor):
    visitor.run("paused", n=50)
    frames: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(frame))

    visitor.page.on("websocket", listen)
    visit(visitor.page, "train")
    expect(newest(visitor.page)).to_have_text(f"{point(49)['loss']:.4f}")
    assert any(b"rnn_demo_train" in frame for frame in frames)
    visitor.page.wait_for_timeout(1000)  # what belongs to the first picture
    frames.clear()
    visitor.page.wait_for_timeout(2500)  # five looks, if it looked
    assert not any(b"rnn_demo_train" in frame for frame in frames)


def test_after_a_refresh_and_a_switch_of_pages_all_points_are_there(visitor, running):
    page = visitor.page
    visit(page, "train")
    add(page, running, 50, 10)
    first, last = point(0)["loss"], point(59)["loss"]
    whole = re.compile(f"from {first:.4f} to {last:.4f} at epoch 3.00")
    curves = page.locator("[data-chart=loss] canvas")
    expect(curves).to_have_attribute("aria-label", whole)
    page.reload()
    expect(curves).to_have_attribute("aria-label", whole)
    page.get_by_role("link", name="Digits").click()
    expect(page.get_by_text("Digit 0 of the batch")).to_be_visible()
    append(running, [point(60)])
    page.get_by_role("link", name="Train").click()
    last = point(60)["loss"]
    whole = re.compile(f"from {first:.4f} to {last:.4f} at epoch 3.05")
    expect(curves).to_have_attribute("aria-label", whole)


# Calm


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
    for i in range(51, 71):
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
    whole = page.get_by_role("button", name="Whole run")
    expect(whole).to_have_attribute("aria-pressed", "true")
    assert step_at(page, 0.2) == pytest.approx(2, abs=0.05)
    page.mouse.move(*place(page, "accuracy", 0.1))  # from epoch 1 ...
    page.mouse.down()
    page.mouse.move(*place(page, "accuracy", 0.2), steps=5)  # ... to epoch 2
    expect(page.locator(".over .band")).to_have_count(4)
    page.mouse.up()
    expect(whole).to_have_attribute("aria-pressed", "false")
    before = step_at(page, 0.5)
    assert before == pytest.approx(1.5, abs=0.05)
    for i in range(51, 54):
        add(page, running, i, 1)
    assert step_at(page, 0.5) == before
    (running.folder / "changes.jsonl").write_text('{"step": 9, "learning_rate": 0.0005}\n')
    add(page, running, 54, 1)
    assert step_at(page, 0.5) == before
    finish(running)
    expect(page.get_by_text(re.compile("Test accuracy on"))).to_be_visible()
    assert step_at(page, 0.5) == before
    page.locator("[data-chart=loss] .plot").dblclick()
    expect(whole).to_have_attribute("aria-pressed", "true")
    assert step_at(page, 0.2) == pytest.approx(2, abs=0.05)
    page.get_by_role("button", name="Last epoch").click()
    assert step_at(page, 0.001) == pytest.approx(1.75, abs=0.05)
    whole.click()
    assert step_at(page, 0.2) == pytest.approx(2, abs=0.05)


# The listeners a page has for a kind of event; a browser adds the same one once.
LISTENERS = """
globalThis.listeners = new Set()
const { addEventListener: add, removeEventListener: remove } = window
window.addEventListener = function (kind, listener, ...rest) {
  if (kind === "rnn-demo-hall-news") listeners.add(listener)
  return add.call(window, kind, listener, ...rest)
}
window.removeEventListener = function (kind, listener, ...rest) {
  if (kind === "rnn-demo-hall-news") listeners.delete(listener)
  return remove.call(window, kind, listener, ...rest)
}
"""


def test_no_listener_is_left_behind_by_a_change_of_theme_or_of_page(visitor, running):
    page = visitor.page
    page.add_init_script(LISTENERS)
    visit(page, "train")
    for scheme, background in (("dark", "rgb(17, 21, 26)"), ("light", "rgb(253, 253, 252)")) * 2:
        page.emulate_media(color_scheme=scheme)
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", background)
        page.wait_for_function("listeners.size === 1")
    page.get_by_role("link", name="Draw").click()
    expect(page.locator(".hall")).to_have_count(0)
    page.wait_for_function("listeners.size === 0")


def test_those_who_want_no_motion_get_none(visitor, running):
    bar = visitor.page.locator(".sample-digits .track i").first
    duration = "element => getComputedStyle(element).transitionDuration"
    visit(visitor.page, "train")
    assert bar.evaluate(duration) != "0s"
    visitor.page.emulate_media(reduced_motion="reduce")
    assert bar.evaluate(duration) == "0s"


# How many pixels are painted at some places of a chart, in a square around each; the lines of its
# grid are fainter.
PAINTED = """(canvas, places) => {
  const ratio = window.devicePixelRatio, pen = canvas.getContext("2d")
  return places.map(([x, y]) => {
    const pixels = pen.getImageData(ratio * (x - 6), ratio * (y - 6), 12 * ratio, 12 * ratio).data
    return pixels.filter((value, i) => i % 4 === 3 && value > 100).length
  })
}"""


def spot(
    canvas: Locator, step: float, value: float, low: float, high: float
) -> tuple[float, float]:
    """Where a value of a run of ten epochs lies on a chart, within the margins of its axes."""
    box = canvas.bounding_box()
    share = (value - low) / (high - low)
    return 46 + step / 10 * (box["width"] - 56), box["height"] - 20 - share * (box["height"] - 28)


# Reading


def test_pointing_reads_all_charts_and_the_digits_at_one_step(visitor):
    page = visitor.page
    visitor.run("paused", n=200)
    visit(page, "train")
    expect(newest(page)).to_have_text(f"{point(199)['loss']:.4f}")
    step = step_at(page, 0.33)
    read = point(round(step * 20) - 1)
    expect(page.locator(".over .cursor")).to_have_count(4)
    expect(page.locator("[data-chart=loss] .chip")).to_have_text(f"{read['loss']:.4f}")
    expect(page.locator("[data-chart=accuracy] .chip")).to_have_text(f"{read['accuracy']:.2f} %")
    expect(page.locator("[data-chart=learning_rate] .chip")).to_have_text("0.001")
    expect(page.locator("[data-chart=gradient_norm] .chip")).to_have_text(f"{read['gradient_norm']:.4g}")
    text = page.locator(".reading").inner_text()
    epoch = -(-round(step * 20) // 20)
    assert f"held out {0.5 / epoch:.4f}, {90 + epoch / 2:.2f} %" in text
    assert "as printed 0.1957, 94.53 %" in text
    expect(page.locator(".sample-digits h3")).to_have_text(f"Twelve test digits, at epoch {step:.2f}")
    labels = source.load(SMALL.data, "test").labels
    answer, shown = read["answers"][0], page.locator(".sample-digits li")
    for index in range(12):
        right = labels[index] == answer
        expect(shown.nth(index).locator("b")).to_have_text(f"{'' if right else '✗ '}{answer}")
        if not right:
            expect(shown.nth(index).locator(".confidence")).to_contain_text(f"is {labels[index]}")
    page.mouse.move(5, 5)
    expect(page.locator(".over .cursor")).to_have_count(0)


def test_the_means_of_epochs_and_what_is_held_out_are_drawn_and_noted(visitor):
    page = visitor.page
    visitor.run("paused", n=100)
    visit(page, "train")
    expect(page.locator(".note")).to_contain_text(
        "the tutorial's formula prints 0.4321 and 98.76 %"
    )
    expect(page.locator(".legend .held")).to_be_visible()
    canvas = page.locator("[data-chart=loss] canvas")
    ends = [each for each in curve(100) if each["epoch_done"]]
    squares = [spot(canvas, end["step"], end["validation_loss"], 0, 1) for end in ends]
    dots = [spot(canvas, end["step"] - 0.5, end["loss"], 0, 1) for end in ends]
    # A square has 36 pixels and a dot 44, a line that crosses the place two dozen at most.
    assert min(canvas.evaluate(PAINTED, squares)) > 36
    assert min(canvas.evaluate(PAINTED, dots)) > 40


def test_the_keyboard_reads_too(visitor):
    page = visitor.page
    visitor.run("paused", n=100)
    visit(page, "train")
    page.locator(".charts").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".reading")).to_contain_text("Epoch 5.00:")
    page.keyboard.press("PageUp")
    expect(page.locator(".reading")).to_contain_text("Epoch 4.50:")
    expect(page.locator(".announcement")).to_contain_text("Epoch 4.50:")  # for those who listen
    page.keyboard.press("Escape")
    expect(page.locator(".reading")).not_to_contain_text("Epoch")


def test_the_charts_are_told_in_words_and_the_live_region_is_not_chatty(visitor, running):
    page = visitor.page
    (running.folder / "changes.jsonl").write_text('{"step": 188, "learning_rate": 0.0005}\n')
    visit(page, "train")
    add(page, running, 50, 5)
    accuracy = page.locator("[data-chart=accuracy] canvas")
    expect(accuracy).to_have_role("img")
    expect(accuracy).to_have_attribute(
        "aria-label", re.compile("^Accuracy over epochs.*The tutorial printed 75.88 % to 96.65 %")
    )
    rate = page.locator("[data-chart=learning_rate] canvas")
    told = re.compile("Changed to 0.0005 at epoch (1.00|0.20)")  # synthetic digits, or MNIST
    expect(rate).to_have_attribute("aria-label", told)
    expect(page.locator(".announcement")).to_be_empty()
    append(running, curve(60)[-1:])
    expect(page.locator(".announcement")).to_contain_text("running, 3 of 10 epochs done: loss")


@pytest.mark.parametrize(
    ("chart", "values", "low", "high"),
    [("loss", TUTORIAL_LOSS, 0, 1), ("accuracy", TUTORIAL_TRAIN_ACCURACY, 50, 100)],
)
def test_without_a_run_the_tutorials_curve_is_drawn(visitor, chart, values, low, high):
    visit(visitor.page, "train")
    ends = {"loss": "0.7489 to 0.1196", "accuracy": "75.88 % to 96.65 %"}[chart]
    label = f"{chart.title()} over epochs. The tutorial printed {ends} over ten epochs."
    canvas = visitor.page.locator(f"[data-chart={chart}] canvas")
    expect(canvas).to_have_attribute("aria-label", re.compile(f"^{re.escape(label)}"))
    on_the_curve = [spot(canvas, i + 0.5, value, low, high) for i, value in enumerate(values)]
    beside = [spot(canvas, i + 0.5, low + 0.55 * (high - low), low, high) for i in range(2, 8)]
    assert min(canvas.evaluate(PAINTED, on_the_curve)) > 4
    assert max(canvas.evaluate(PAINTED, beside)) == 0
    if chart == "accuracy":
        expect(canvas).to_have_attribute(
            "aria-label", re.compile("it printed 95.83 %, which is 95.68 % exact.")
        )
        (ring,) = canvas.evaluate(PAINTED, [spot(canvas, 10, TUTORIAL_TEST_ACCURACY, low, high)])
        assert ring > 20


# What a visitor does


def test_runs_are_compared_in_one_picture(visitor):
    page = visitor.page
    recipe = Recipe(data="synthetic", n_neurons=12, epochs=10, cell="gru")
    for run_id, name in ((FIRST, "plain"), (SECOND, "<i>gated</i>")):
        run = visitor.run("paused", run_id, n=60, recipe=recipe)
        run.rename(name)
    visit(page, "train")
    expect(newest(page)).to_have_text(f"{point(59)['loss']:.4f}")
    page.get_by_role("combobox", name="Compare with").focus()
    page.keyboard.type("plain")
    page.keyboard.press("Enter")
    label = re.compile("<i>gated</i>: from .*plain: from ")
    expect(page.locator("[data-chart=loss] canvas")).to_have_attribute("aria-label", label)
    page.keyboard.press("Escape")
    page.mouse.move(*place(page, "loss", 0.1))
    expect(page.locator("[data-chart=loss] .chip")).to_have_count(2)
    expect(page.get_by_text("Nothing: the same recipe, and the same figures.")).to_be_visible()
    names = page.locator(".runs li")
    expect(names).to_have_text(["<i>gated</i>", "plain"])
    colours = names.locator("i").evaluate_all(
        "all => all.map(i => getComputedStyle(i).borderColor)"
    )
    assert len(set(colours)) == 2
    expect(page.get_by_text("Take it with you")).to_be_visible()


def test_another_run_is_seen_whole(visitor):
    """Wherever one had zoomed to, or read, in the run before."""
    page = visitor.page
    visitor.run("paused", FIRST, n=200).rename("long")
    visitor.run("paused", SECOND, n=20).rename("short")
    visit(page, "train")
    page.get_by_role("combobox", name="Run").click()
    page.get_by_role("option", name="long").click()
    expect(newest(page)).to_have_text(f"{point(199)['loss']:.4f}")
    page.mouse.move(*place(page, "accuracy", 0.8))
    page.mouse.down()
    page.mouse.move(*place(page, "accuracy", 0.9), steps=5)
    page.mouse.up()
    whole = page.get_by_role("button", name="Whole run")
    expect(whole).to_have_attribute("aria-pressed", "false")
    page.get_by_role("combobox", name="Run").click()
    page.get_by_role("option", name="short").click()
    expect(newest(page)).to_have_text(f"{point(19)['loss']:.4f}")
    expect(whole).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".sample-digits h3")).to_have_text("Twelve test digits, at epoch 1.00")


def test_runs_of_one_minute_are_told_apart(visitor):
    page = visitor.page
    for run_id, n in ((FIRST, 60), (SECOND, 20)):
        visitor.run("paused", run_id, n=n)
    visit(page, "train")
    expect(newest(page)).to_have_text(f"{point(19)['loss']:.4f}")  # the newest
    page.get_by_role("combobox", name="Run").click()
    expect(page.get_by_role("option")).to_have_text([re.compile(r" \(2\)$"), re.compile(r"\d$")])
    page.get_by_role("option").last.click()
    expect(newest(page)).to_have_text(f"{point(59)['loss']:.4f}")


@pytest.mark.parametrize("data", sorted({"synthetic", source.available()}))
def test_a_mistake_is_opened_in_the_reading_room(visitor, data):
    """Of the digits that the network was tested on, whether or not MNIST is at hand too."""
    page = visitor.page
    run = visitor.run("running", n=20, recipe=replace(SMALL, data=data))
    finish(run)
    visit(page, "train")
    mistake = run.result().mistakes[3]
    page.get_by_role("button", name=f"Test digit {mistake.index},").click()
    name = "MNIST's" if data == "mnist" else "synthetic"
    expect(
        page.get_by_text(f"Number {mistake.index:,} of {name} test digits, labelled")
    ).to_be_visible()
    page.get_by_role("button", name="Pen and network").click()
    reads = page.get_by_role("combobox", name="Network that reads")
    expect(reads).to_have_value(re.compile("your run"))


def test_the_weights_and_the_code_come_down(visitor):
    page = visitor.page
    run = visitor.run("running", n=20)
    finish(run)
    visit(page, "train")
    expected = {
        "Weights (.safetensors)": run.weights.read_bytes(),
        "Curve (.csv)": b"step,epoch_done,loss",
        "Code (.py)": b'"""Repeat a run',
        "Notebook (.ipynb)": b'{"cells": [',
    }
    for label, content in expected.items():
        with page.expect_download() as download:
            page.get_by_role("button", name=label).click()
        assert Path(download.value.path()).read_bytes().startswith(content)


def test_the_visitors_key_is_in_no_address_no_log_and_no_export(chromium: Browser, tmp_path):
    """Nor is the name of their folder, which is made of it."""
    key, log = secrets.token_hex(16), tmp_path / "server.log"
    secret = {key, owner_of(key)}
    finished = put_run(tmp_path / "runs" / owner_of(key), FIRST, "paused", n=20)
    finish(finished)
    process, address = start_server({"RNN_DEMO_RUNS": str(tmp_path / "runs")}, log)
    wait_for_health(address, process)
    asked: list[str] = []
    try:
        with chromium.new_context(base_url=address) as context:
            context.add_cookies([{"name": COOKIE, "value": key, "url": address}])
            page = context.new_page()
            page.on("request", lambda request: asked.append(request.url))
            visit(page, "train")
            exported = []
            for label in ("Weights", "Curve", "Code", "Notebook"):
                with page.expect_download() as download:
                    page.get_by_role("button", name=re.compile(f"^{label} ")).click()
                exported.append(Path(download.value.path()).read_bytes().decode(errors="replace"))
            page.get_by_role("button", name="Start").click()
            expect(page.get_by_text(re.compile(r"Epoch 1 of 10"))).to_be_visible(timeout=90_000)
            page.get_by_role("button", name="Stop").click()
            expect(page.get_by_text(re.compile("Test accuracy on"))).to_be_visible(timeout=60_000)
            asked.append(page.url)
    finally:
        process.terminate()
        process.wait(timeout=20)
    assert "A training begins" in log.read_text()
    for text in (*asked, *exported, log.read_text()):
        assert not [each for each in secret if each in text]


def test_the_end_of_a_run_is_noticed_and_nothing_is_asked_any_more(visitor, running):
    page = visitor.page
    visit(page, "train")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    write_status(running, "paused", epoch=2, progress=0.25)
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)


def test_two_visitors_train_at_once_and_see_their_own_runs_only(chromium: Browser, server):
    pages = []
    for name in ("one", "two"):
        context = chromium.new_context(base_url=server)
        page = context.new_page()
        visit(page, "train")
        page.get_by_text("Change the recipe").click()
        page.get_by_label("Name, if you like").fill(f"run of {name}")
        page.keyboard.press("Tab")
        page.get_by_label(re.compile("^Epochs")).fill("50")
        page.keyboard.press("Tab")
        expect(page.get_by_text("epochs 50 instead of 10")).to_be_visible()
        page.get_by_role("button", name="Start").click()
        pages.append(page)
    for page, own, other in zip(pages, ("one", "two"), ("two", "one"), strict=True):
        running = page.get_by_text(re.compile(r"Epoch \d+ of 50, [\d,]+ samples/s"))
        expect(running).to_be_visible(timeout=90_000)
        expect(newest(page)).not_to_be_empty()
        watched = page.get_by_role("combobox", name="Run", exact=True)
        expect(watched).to_have_value(re.compile(f"run of {own}"))
        watched.click()
        expect(page.get_by_role("option")).to_have_count(1)
        expect(page.get_by_text(f"run of {other}")).to_have_count(0)
        page.keyboard.press("Escape")
    for page in pages:
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_text(re.compile("Test accuracy on"))).to_be_visible(timeout=60_000)
        page.context.close()


def test_a_run_that_another_tab_deletes_goes_from_the_page(visitor, running):
    """The one that is looked at, while another one trains."""
    page = visitor.page
    run = visitor.run("paused", SECOND, n=30)
    visit(page, "train")
    watched = page.get_by_role("combobox", name="Run", exact=True)
    expect(newest(page)).to_have_text(f"{point(29)['loss']:.4f}")
    run.delete()
    expect(newest(page)).to_have_text(f"{point(49)['loss']:.4f}")
    expect(watched).to_have_value(re.compile("02 Jan"))
    expect(page.get_by_role("button", name="Pause")).to_be_visible()


@pytest.mark.own_context
def test_two_tabs_of_a_new_visitor_are_one_visitor(page, root):
    """The second gets to the training hall first, and leaves its key in the browser."""
    visit(page, "")
    second = page.context.new_page()
    visit(second, "train")
    cookie = "() => document.cookie.match(/rnn_demo_visitor=([0-9a-f]{32})/)?.[1]"
    key = second.wait_for_function(cookie).json_value()
    put_run(root / owner_of(key), FIRST, "paused", n=30)
    page.get_by_role("link", name="Train").click()
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
    for i in range(50, 90):  # news for four seconds
        append(running, [point(i)])
        page.wait_for_timeout(100)
    updates = sum(b"rnn_demo_train" in frame for frame in frames)
    assert 2 <= updates <= 16


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_on_a_phone_start_and_the_curve_come_first_and_a_tap_reads(visitor):
    page = visitor.page
    visitor.run("paused", n=200)
    visit(page, "train")
    expect(newest(page)).to_have_text(f"{point(199)['loss']:.4f}")
    start = page.get_by_role("button", name="Start").bounding_box()
    boxes = [page.locator(f"[data-chart={name}] .plot").bounding_box() for name in ("loss", "accuracy")]
    assert start["y"] + start["height"] < 300
    assert boxes[0]["y"] < 740
    assert boxes[1]["y"] > boxes[0]["y"] + boxes[0]["height"]  # one below the other
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")
    page.touchscreen.tap(*place(page, "loss", 0.5))
    expect(page.locator(".reading")).to_contain_text(re.compile(r"Epoch (4|5)\.\d\d:"))
    expect(page.locator(".over .cursor")).to_have_count(4)
    page.touchscreen.tap(*place(page, "accuracy", 0.52))  # there again: back to the newest
    expect(page.locator(".over .cursor")).to_have_count(0)
    expect(page.locator(".sample-digits h3")).to_have_text("Twelve test digits, at epoch 10.00")


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
    expect(page.locator(".reading")).to_contain_text("Tap a chart")
    drag(*place(page, "loss", 0.2), 12, 0)  # along the curve it reads
    expect(page.locator(".over .cursor")).to_have_count(4)
    reading = page.locator(".reading").inner_text()
    drag(*place(page, "loss", 0.8), 0, -12)  # and stays where it was
    expect(page.locator(".reading")).to_have_text(reading)


def test_a_loss_of_nothing_at_all_has_a_place_on_a_logarithmic_scale(visitor):
    page = visitor.page
    run = visitor.run("paused")
    append(run, [point(i, loss=0.0) for i in range(20)])
    visit(page, "train")
    expect(newest(page)).to_have_text("0.0000")
    log = page.get_by_role("button", name="Log", exact=True)
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
    page.get_by_role("button", name="Let it read my drawing").click()
    expect(page.get_by_text(f"Read by your run of {name}")).to_be_visible()
