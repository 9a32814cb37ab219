"""What leaves the page Inside: code, links and files; and how the picture's own code comes."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect

from rnn_demo.app.components import MODULE_PATH, version, with_imports
from rnn_demo.app.inside import sentences
from rnn_demo.app.inside.sentences import SECTION_TITLES
from rnn_demo.app.middleware.visitor_cookie import COOKIE
from rnn_demo.inside import compute
from rnn_demo.inside.presets import PRESETS
from rnn_demo.inside.state import InsideState, decode, encode, load_file
from rnn_demo.messages import InputError
from tests.browser.conftest import start_server, wait_for_health
from tests.browser.inside import (
    BASIC,
    FIRST,
    TEXT,
    UNCHANGED_Y0,
    cell,
    change,
    choose,
    expect_numbers,
    filled,
    formula,
    open_inside,
    open_section,
    time,
    type_in,
)
from tests.browser.test_journeys import IDLE, keyed

CSS = ["shared/controls.css", "shared/link_panel.css", "shared/terms.css", "inside/inside.css"]


def test_the_code_marks_the_line_that_runs(page):
    open_inside(page, BASIC, section="code")
    for frame, start in ((0, "Y0 = "), (4, "Y0 = "), (5, "Y1 = ")):
        time(page).fill(str(frame))
        expect(page.locator(".code .running")).to_have_text(re.compile(start))


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.class_name)
def test_downloaded_code_computes_what_is_on_screen(page, preset, tmp_path):
    state = compute.edit(InsideState.of(preset), [("Wx", (0, 0), 0.25), ("X", (0, 0, 1), -2.0)])
    open_inside(page, state, section="code")
    for ending in (".py", ".ipynb"):
        with page.expect_download() as download:
            page.locator(f".code {ending}").click()
        assert download.value.suggested_filename.endswith(ending)
        text = Path(download.value.path()).read_text(encoding="utf-8")
        if ending == ".ipynb":
            cells = json.loads(text)["cells"]
            text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
        namespace: dict[str, object] = {}
        exec(text, namespace)
        for t, hidden in enumerate(namespace["output"]):
            expect_numbers(page, preset.output_name(t), hidden[0].detach())


@pytest.mark.own_context
def test_code_is_copied(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_inside(page, BASIC, section="code")
    copy = page.locator(".code .copy")
    for _ in range(2):
        copy.click()
        expect(copy).to_have_text(TEXT["link_panel"]["copied"])
    assert "class BasicRNN(nn.Module)" in page.evaluate("navigator.clipboard.readText()")
    expect(copy).to_have_text(TEXT["copy"])
    type_in(page, "X1[0, 0]", "-4")
    expect(change(page)).not_to_be_empty()
    expect(copy).to_have_accessible_name(TEXT["copy"])


@pytest.mark.own_context
def test_in_a_frame_that_may_not_copy_the_text_is_selected_to_be_copied_by_hand(page, server):
    page.context.grant_permissions(["clipboard-read"], origin=server)
    reader = page.context.new_page()
    reader.goto(f"{server}/_stcore/health")
    page.set_content(f'<iframe width="900" height="600" src="{server}/inside"></iframe>')
    frame = page.frame_locator("iframe")
    for section, button in (("code", ".code .copy"), ("share", ".link button")):
        place = list(SECTION_TITLES).index(section)
        frame.locator(".st-key-inside-section").get_by_role("radio").nth(place).click()
        if section == "share":
            frame.locator(".get-link").click()
        page.bring_to_front()
        frame.locator(button).click()
        expect(frame.locator(button)).to_have_text(TEXT["link_panel"]["copy_selection"])
        page.keyboard.press("Control+c")
        reader.bring_to_front()
        copied = reader.evaluate("navigator.clipboard.readText()")
        if section == "code":
            assert "import torch" in copied
        else:
            shown = frame.get_by_label(TEXT["link_panel"]["link"], exact=True)
            assert copied == shown.input_value()


@pytest.mark.own_context
def test_a_download_can_be_fetched_long_after_the_click(page):
    """A telephone asks the visitor first."""
    page.goto("/_stcore/health")
    page.clock.install()
    module = f"/{MODULE_PATH}/{version()}/shared/download.js"
    address = page.evaluate(
        """async (module) => {
          const { saveText } = await import(module)
          let address
          HTMLAnchorElement.prototype.click = function () { address = this.href }
          saveText("state.json", "7")
          return address
        }""",
        module,
    )
    page.clock.fast_forward("01:00:00")
    assert page.evaluate("async (address) => (await fetch(address)).text()", address) == "7"


def test_a_link_restores_numbers_frame_example_and_cell(page):
    open_inside(page, replace(BASIC, n_steps=3, seed=5, scale=0.2))
    type_in(page, "X1[0, 0]", "-4")
    expect(page.locator(".cell.changed").first).to_be_visible()
    page.locator("select.example").select_option("2")
    cell(page, "Y1[2, 3]").click()
    time(page).fill("8")
    open_section(page, "share")
    page.locator(".get-link").click()
    address = page.get_by_label(TEXT["link_panel"]["link"], exact=True).input_value()
    assert len(address) <= 1800
    expect(page.locator(".share").get_by_role("note")).to_have_text(TEXT["link_panel"]["local"])
    code = page.locator(".share").get_by_role("img", name=TEXT["link_panel"]["qr"])
    code.evaluate("it => it.decode()")  # which fails unless the code can be drawn
    page.goto(address)
    page.wait_for_selector(IDLE)
    state = compute.edit(replace(BASIC, n_steps=3, seed=5, scale=0.2), [("X", (1, 0, 0), -4.0)])
    expect_numbers(page, "Y1", compute.compute(state).unrolled.hidden[1, 2])
    expect(time(page)).to_have_value("8")
    expect(page.locator("select.example")).to_have_value("2")
    expect(formula(page)).to_contain_text("Y1[2, 3] = tanh(")
    open_inside(page, card="tanh", section="share")
    time(page).fill("6")
    page.locator(".get-link").click()
    page.goto(page.get_by_label(TEXT["link_panel"]["link"], exact=True).input_value())
    page.wait_for_selector(IDLE)
    expect(keyed(page, "inside/card").get_by_role("radio").nth(2)).to_be_checked()
    expect(time(page)).to_have_value("6")


def test_too_long_a_link_becomes_a_file_that_can_be_opened(page):
    values = np.random.default_rng(0).normal(size=(16, 16)).round(4)
    edits = [("Wy", (i, j), float(values[i, j])) for i in range(16) for j in range(16)]
    fresh = replace(BASIC, n_neurons=16, scale=0.05)
    state = compute.edit(fresh, edits)
    rows = "\n".join("\t".join(map(str, row)) for row in values.tolist())
    open_inside(page, fresh)
    open_section(page, "tables")
    page.locator(".stMain textarea").fill(rows)
    page.locator("input[role=combobox]").click()
    page.get_by_role("option", name="Wy").click()
    page.locator(".st-key-inside-paste-submit button").click()
    expect(change(page)).to_contain_text(UNCHANGED_Y0)
    value = f"{compute.compute(state).unrolled.hidden[1, 0, 7]:.4f}"
    name = filled("state_name", tensor="Y1", example=0, neuron=7, value=value)
    expect(cell(page, "Y1[0, 7]")).to_have_attribute("aria-label", name)
    page.wait_for_selector(IDLE)
    page.reload()  # the visitor's own address holds more than a link to send
    expect(cell(page, "Y1[0, 7]")).to_have_attribute("aria-label", name)
    open_section(page, "share")
    page.locator(".get-link").click()
    expect(page.locator(".share .message")).not_to_be_empty()
    expect(page.locator(".share .link")).to_be_hidden()
    with page.expect_download() as download:
        page.locator(".share .file").click()
    saved = Path(download.value.path()).read_bytes()
    assert load_file(saved)[0] == state
    open_inside(page)
    open_section(page, "share")
    page.locator("input[type=file]").set_input_files(
        {"name": "inside.json", "mimeType": "application/json", "buffer": saved}
    )
    expect(cell(page, "Y1[0, 7]")).to_have_attribute("aria-label", name)


def test_a_link_hides_controls_and_embeds(page):
    open_inside(page, BASIC, hide="settings,code,presets,share,sections,question", embed="true")
    expect(page.locator(".inside .code")).to_be_hidden()
    expect(page.locator(".inside .share")).to_be_hidden()
    expect(page.get_by_test_id("stNumberInput")).to_have_count(0)
    expect(page.get_by_test_id("stTopNavLink")).to_have_count(0)
    expect_numbers(page, "Y1", compute.compute(BASIC).unrolled.hidden[1, 0])


def test_a_broken_link_says_so_in_one_sentence(page):
    page.goto("/?state=%3Cscript%3E")  # as links were made when Inside was the landing page
    expect(page).to_have_url(re.compile("/inside"))
    page.wait_for_selector(IDLE)
    with pytest.raises(InputError) as error:
        decode("<script>")
    expect(page.get_by_test_id("stAlert")).to_have_text(sentences.link_notice(error.value.message))
    expect(page.locator(".inside .cell").first).to_be_visible()


def watch(page: Page) -> tuple[list[str], list[str | bytes]]:
    """Addresses of requested modules, and frames that the server sends, as they come."""
    requested: list[str] = []
    received: list[str | bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: received.append(frame))

    page.on("websocket", listen)
    page.on("request", lambda it: f"/{MODULE_PATH}/" in it.url and requested.append(it.url))
    return requested, received


@pytest.mark.own_context
def test_code_goes_to_the_browser_once_and_not_with_an_edit(page):
    requested, received = watch(page)
    open_inside(page)
    files = with_imports("shared/markup.js", "inside/inside.js")
    files += ["inside/inside.html", *CSS]
    paths = [url.split("/", 5)[-1] for url in requested]
    assert sorted(path for path in paths if path in files) == sorted(files)
    before = len(received)
    type_in(page, "X1[0, 0]", "-8.5")
    expect(change(page)).not_to_be_empty()
    answer = b"".join(it if isinstance(it, bytes) else it.encode() for it in received[before:])
    edited = compute.edit(FIRST, [("X", (1, 0, 0), -8.5)])
    assert encode(edited).encode() in answer
    assert b"class Inside" not in answer
    assert b"class Transport" not in answer
    assert b'class="net"' not in answer  # nor HTML
    assert b".tensor.active" not in answer  # nor CSS
    choose(page, "model", 1)
    expect(cell(page, "Y1[0, 4]")).to_be_visible()
    assert len(requested) == len(paths)
    page.reload()
    expect(cell(page, "Y1[0, 0]")).to_be_visible()
    sizes = page.evaluate(
        """path => performance.getEntriesByType("resource")
          .filter((it) => it.name.includes(`/${path}/`)).map((it) => it.transferSize)""",
        MODULE_PATH,
    )
    assert sizes == [0] * len(files)  # from the browser's cache


@pytest.fixture(params=["", "demo", "demo/sub"], ids=["root", "path", "nested path"])
def server_at_path(request: pytest.FixtureRequest, runs_folder: Path) -> Iterator[str]:
    """The address of the app behind a path of its own."""
    process, root = start_server({"STREAMLIT_SERVER_BASE_URL_PATH": request.param})
    address = f"{root}/{request.param}".rstrip("/")
    wait_for_health(address, process)
    yield address
    process.terminate()
    process.wait(timeout=20)


def test_modules_are_found_under_any_path_and_in_a_frame(browser: Browser, server_at_path: str):
    page = browser.new_page(base_url=server_at_path, reduced_motion="reduce")
    shown = compute.compute(FIRST).unrolled.hidden[1, 0]
    page.goto(f"{server_at_path}/train")
    page.wait_for_selector(IDLE)
    (cookie,) = (each for each in page.context.cookies() if each["name"].startswith(COOKIE))
    assert cookie["path"] == (urlsplit(server_at_path).path or "/")
    expect(page.locator(".st-key-frame-visitor")).to_have_count(0)  # the session knows the key
    page.locator("a[href$='/inside']").first.click()
    expect_numbers(page, "Y1", shown)
    page.goto(f"{server_at_path}/inside?state={encode(BASIC)}")
    expect_numbers(page, "Y1", compute.compute(BASIC).unrolled.hidden[1, 0])
    page.set_content(
        f'<iframe width="900" height="600" src="{server_at_path}/inside?embed=true"></iframe>'
    )
    expect_numbers(page.frame_locator("iframe"), "Y1", shown)
    page.close()
