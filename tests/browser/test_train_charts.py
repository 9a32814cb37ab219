"""Train in a real browser: the live charts, read and zoomed."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, expect

from rnn_demo.app.train.sentences import announcement
from rnn_demo.data import source
from rnn_demo.nn.published import TUTORIAL_LOSS, TUTORIAL_TEST_ACCURACY, TUTORIAL_TRAIN_ACCURACY
from rnn_demo.training.recipe import Recipe
from tests.browser.test_journeys import IDLE, visit
from tests.browser.train_page import (
    FIRST,
    READING,
    SECOND,
    add,
    button,
    epoch_at,
    newest,
    place,
    result,
    selected_run,
    widget,
)
from tests.example_runs import SMALL, append, curve, finish, point

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
    page.mouse.move(*place(page, "loss", 0.9))  # the run has not come that far
    expect(page.locator(".over .cursor").first).to_be_visible()
    expect(page.locator(".sample-digits h3")).to_contain_text("epoch 2.55:")
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
    expect(page.locator(".sample-digits h3")).to_contain_text(f"epoch {read_at:g}:")
    labels = source.load(SMALL.data, "test").labels
    answer, shown = read["answers"][0], page.locator(".sample-digits li")
    for index in range(12):
        right = labels[index] == answer
        expect(shown.nth(index).locator("b")).to_have_text(f"{'✓' if right else '✗'} {answer}")
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
    expect(reading).to_have_text(re.compile(r"^\D*4\.00\D"))
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


def test_a_run_that_diverges_is_shown_diverging(visitor):
    """And one that stays at 10 %: the axes follow them."""
    page = visitor.page
    run = visitor.run("paused", recipe=replace(SMALL, epochs=1))
    append(run, [point(i, loss=102.0, accuracy=10.0, gradient_norm=4.9) for i in range(20)])
    visit(page, "train")
    expect(newest(page)).to_have_text("102")
    epochs = [0.2, 0.5, 0.8]
    for chart, value, high in (("loss", 102, 250), ("accuracy", 10, 100)):
        canvas = page.locator(f"[data-chart={chart}] canvas")
        line = [spot(canvas, 10 * epoch, value, 0, high) for epoch in epochs]
        assert min(canvas.evaluate(PAINTED, line)) > 20
    norm = page.locator("[data-chart=gradient_norm] canvas")
    # Beside the axis, from 0 to 6, stand two numbers.
    places = [(36, spot(norm, 0, value, 0, 6)[1]) for value in (0, 5)]
    assert min(norm.evaluate(PAINTED, places)) > 5
    assert norm.evaluate(PAINTED, [(36, spot(norm, 0, 2.5, 0, 6)[1])]) == [0]


def test_no_line_leaves_the_plot(visitor):
    """The published run has ten epochs; this one has one."""
    page = visitor.page
    visitor.run("paused", n=19, recipe=replace(SMALL, epochs=1))
    visit(page, "train")
    expect(newest(page)).to_have_text(f"{point(18)['loss']:.4f}")
    canvas = page.locator("[data-chart=loss] canvas")
    box = canvas.bounding_box()
    right = box["width"] - 10
    _, dashed = spot(canvas, 0, sum(TUTORIAL_LOSS[:2]) / 2, 0, 2.5)  # at epoch 1
    beyond = """(canvas, [x, y]) => {
      const ratio = window.devicePixelRatio, pen = canvas.getContext("2d")
      const strip = pen.getImageData(ratio * (x + 1), ratio * (y - 20), 9 * ratio, 40 * ratio).data
      return strip.filter((value, i) => i % 4 === 3 && value > 0).length
    }"""
    assert canvas.evaluate(PAINTED, [(right - 6, dashed)])[0] > 10
    assert canvas.evaluate(beyond, [right, dashed]) == 0


def test_the_published_run_is_drawn_on_demand_and_where_nothing_else_is(visitor):
    page = visitor.page
    visit(page, "train")
    canvas = page.locator("[data-chart=loss] canvas")
    dashed = spot(canvas, 5.5, TUTORIAL_LOSS[5], 0, 1)
    toggle = widget(page, "published").locator("label")
    toggle.click()
    page.wait_for_selector(IDLE)
    assert canvas.evaluate(PAINTED, [dashed])[0] > 4
    visitor.run("paused", n=60)  # until epoch 3
    page.reload()
    expect(canvas).to_have_attribute("aria-label", re.compile("0.7489"))
    assert canvas.evaluate(PAINTED, [dashed])[0] > 4
    expect(page.locator(".legend .tutorial")).to_be_visible()
    toggle.click()
    expect(page.locator(".legend .tutorial")).to_be_hidden()
    expect(canvas).not_to_have_attribute("aria-label", re.compile("0.7489"))
    assert canvas.evaluate(PAINTED, [dashed]) == [0]


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
    names = page.locator(".runs")
    expect(names.locator("li")).to_have_text(["<i>gated</i>", "plain"])
    # Read from the list, which stays: each update of the page makes its items anew.
    colours = names.evaluate(
        "list => [...list.querySelectorAll('i')].map(i => getComputedStyle(i).borderColor)"
    )
    assert len(colours) == len(set(colours)) == 2
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
    expect(page.locator(".sample-digits h3")).to_contain_text("epoch 1:")


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
