"""What a visitor does on the pages, from the first click to the last."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

# The script has ended, and the last line of the page has arrived.
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]:has(.st-key-frame-lead-on)"
PATHS = ["", "inside", "digits", "train", "glossary"]  # of all pages
SEVEN = [(70, 60), (210, 60), (130, 240)]
ONE = [(140, 40), (140, 240)]
REST_OF_A_FOUR = [(70, 50), (60, 150), (210, 150)]


def visit(page: Page, path: str) -> None:
    """Open a page by its address, and wait until its script has ended."""
    page.goto(f"/{path}")
    page.wait_for_selector(IDLE)


def navigate(page: Page, path: str) -> None:
    """Open a page by its link in the navigation."""
    page.locator(f"a[href$='/{path}']").first.click()
    # Until the click has reached the server, the old page is idle: going back would leave the app.
    expect(page).to_have_url(re.compile(rf"^[^?]*/{path}(\?|$)"))
    page.wait_for_selector(IDLE)


def keyed(page: Page, key: str) -> Locator:
    """The widget or container with a key."""
    return page.locator(f".st-key-{re.sub('[^a-zA-Z0-9_-]', '-', key)}").first


def click(page: Page, key: str) -> None:
    """Click the button with a key."""
    keyed(page, key).get_by_role("button").first.click()


def answer(page: Page) -> Locator:
    """The network's answer on the page Draw."""
    return page.get_by_test_id("answer")


def expect_answer(page: Page, digit: int) -> None:
    """Wait until the network answers with a digit."""
    # The digit stands alone, and is not the number of percent.
    expect(answer(page)).to_have_text(re.compile(rf"^{digit},"))


def draw(page: Page, points: list[tuple[int, int]]) -> None:
    """Draw one stroke with the mouse."""
    canvas = page.locator("canvas.upper-canvas").locator("visible=true")
    expect(canvas).to_have_count(1)  # clearing replaces the canvas; the old one is hidden first
    box = canvas.bounding_box()
    assert box is not None
    places = [(box["x"] + x, box["y"] + y) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for x, y in places[1:]:
        page.mouse.move(x, y, steps=8)
    page.mouse.up()


def time_slider(page: Page) -> Locator:
    return page.locator(".draw-reading .transport").get_by_role("slider").first


@pytest.mark.parametrize("page", ["desktop", "phone"], indirect=True)
@pytest.mark.parametrize("path", PATHS)
def test_every_page_opens_and_fits_the_screen(page, path):
    visit(page, path)
    main = page.get_by_test_id("stMain")
    expect(main).not_to_be_empty()
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(keyed(page, "frame-claim")).to_be_in_viewport()
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)


def test_the_chosen_source_survives_a_page_switch(page):
    visit(page, "draw")
    source = keyed(page, "draw/source").get_by_role("radio").nth(1)
    source.click()
    page.wait_for_selector(IDLE)
    navigate(page, "train")
    expect(keyed(page, "train/start")).to_be_visible()
    navigate(page, "")
    expect(source).to_be_checked()


def start_run(page: Page, *, epochs: int, name: str = "") -> None:
    """Open the recipe, set the number of epochs and the name, and start a run."""
    keyed(page, "train/recipe").get_by_role("button").click()
    keyed(page, "train/more").locator("summary").click()
    page.wait_for_selector(IDLE)
    for key, value in (("train/epochs", str(epochs)), ("train/name", name)):
        field = keyed(page, key).locator("input").first
        field.fill(value)
        page.keyboard.press("Enter")
        page.wait_for_selector(IDLE)
        expect(field).to_have_value(value)
        expect(field).to_be_visible()  # the recipe is still open
    click(page, "train/start")


def expect_live_loss(page: Page) -> None:
    """Wait until a run is training and its newest loss is on the page."""
    newest = page.locator("[data-chart=loss] .now")
    expect(newest).to_have_text(re.compile(r"\d\.\d"), timeout=90_000)
    expect(keyed(page, "train/stop")).to_be_visible()


def test_a_run_survives_a_reload_can_be_paused_stopped_and_used(page):
    visit(page, "train")
    start_run(page, epochs=50, name="Ada")
    expect_live_loss(page)
    page.reload()
    expect_live_loss(page)
    click(page, "train/pause")
    click(page, "train/resume")
    keyed(page, "train/stop").get_by_role("button").click(timeout=60_000)
    expect(keyed(page, "train/read_drawing")).to_be_visible(timeout=90_000)
    expect(page.locator(".headline")).to_contain_text("% on images it has never seen")
    click(page, "train/read_drawing")
    expect(answer(page)).not_to_be_empty()
    click(page, "draw/tools")
    network = keyed(page, "draw/network").get_by_role("combobox")
    expect(network).to_have_value(re.compile("Ada"))


def test_a_drawn_digit_is_read_after_each_stroke(page):
    visit(page, "draw")
    expect(answer(page)).not_to_be_empty()
    draw(page, SEVEN)
    expect_answer(page, 7)
    click(page, "draw/canvas/clear")
    expect(keyed(page, "draw/canvas/undo").get_by_role("button")).to_be_disabled()
    draw(page, ONE)
    expect_answer(page, 1)


def test_there_are_ten_probabilities_after_each_row(page):
    page.emulate_media(reduced_motion="reduce")
    visit(page, "draw")
    draw(page, SEVEN)
    expect_answer(page, 7)
    for row in (0, 13, 27):
        time_slider(page).fill(str(row))
        expect(page.locator(".draw-reading .now h2")).to_contain_text(str(row + 1))
        values = page.locator(".draw-reading .now .value").all_text_contents()
        assert len(values) == 10
        # Each is rounded down to whole percent.
        assert 90 <= sum(int(value.removesuffix(" %")) for value in values) <= 100
    for panel, width in (("image", 28), ("hidden", 150), ("probabilities", 10)):
        canvas = page.locator(f".draw-reading .{panel} canvas")
        assert canvas.get_attribute("width") == str(width)
        assert canvas.get_attribute("height") == "28"


def test_the_reading_can_be_played_paused_and_stepped(page):
    visit(page, "draw")
    transport = page.locator(".draw-reading .transport").first
    slider, buttons = transport.get_by_role("slider"), transport.get_by_role("button")
    back, play = buttons.nth(0), buttons.nth(1)
    expect(slider).to_have_value("27")  # it plays to the end by itself
    back.click()
    expect(slider).to_have_value("26")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("27"))  # rows count from 1
    slider.fill("3")
    transport.get_by_role("combobox").select_option("0.25")  # slow enough to be paused
    play.click()
    expect(slider).not_to_have_value("3")
    play.click()
    slider.focus()
    before = int(slider.input_value())
    page.keyboard.press("PageDown")
    expect(slider).to_have_value(str(before + 1))


def test_the_drawing_survives_a_page_switch_and_can_be_undone(page):
    visit(page, "draw")
    draw(page, ONE)
    expect_answer(page, 1)
    draw(page, REST_OF_A_FOUR)
    expect_answer(page, 4)
    navigate(page, "digits")
    expect(page.get_by_test_id("chosen")).to_be_visible()
    navigate(page, "")
    expect(page.locator("canvas.upper-canvas")).to_be_visible()
    click(page, "draw/canvas/undo")
    expect_answer(page, 1)


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_a_finger_draws_without_scrolling_the_page(page):
    visit(page, "draw")
    canvas = page.locator("canvas.upper-canvas")
    box = canvas.bounding_box()
    session = page.context.new_cdp_session(page)
    before = page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")

    def touch(kind: str, point: tuple[float, float] | None) -> None:
        points = [{"x": box["x"] + point[0], "y": box["y"] + point[1]}] if point else []
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    path = [(140, 40 + 10 * i) for i in range(21)]
    touch("touchStart", path[0])
    for point in path[1:]:
        touch("touchMove", point)
    touch("touchEnd", None)
    expect_answer(page, 1)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == before


def test_the_browser_asks_no_other_machine(page, server):
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    for path in PATHS:
        visit(page, path)
    assert [url for url in urls if not url.startswith((server, "data:", "blob:"))] == []
