"""Networks of the visitor's own on the page Draw in a browser."""

from pathlib import Path

import torch
from playwright.sync_api import Page, expect
from safetensors.torch import save_file

from rnn_demo import ImageRNN
from tests.browser.draw_page import button
from tests.browser.test_journeys import keyed, visit


def test_a_file_of_torch_save_takes_the_place_of_a_network_that_was_asked_about(
    page: Page, tmp_path: Path
):
    """The browser still sends the choice, and the list its old title."""
    model = ImageRNN(1, 28, 28, 9, 10)
    torch.nn.init.zeros_(model.FC.weight)  # measuring leaves open how it was trained
    save_file(model.state_dict(), tmp_path / "net.safetensors")
    torch.save(model.state_dict(), tmp_path / "net.pt")
    visit(page, "draw")
    button(page, "draw-tools").click()
    upload = page.locator("input[type=file]")
    expect(upload).to_be_attached(timeout=60_000)
    network = page.get_by_role("combobox", name="Network").first
    first = network.input_value()
    upload.set_input_files(tmp_path / "net.safetensors")
    expect(keyed(page, "draw-upload-choice")).to_be_visible()
    expect(network).not_to_have_value(first)
    upload.set_input_files(tmp_path / "net.pt")
    expect(page.get_by_test_id("stCode")).to_contain_text("save_file")
    expect(keyed(page, "draw-upload-choice")).to_have_count(0)
    expect(network).to_have_value(first)
    expect(page.get_by_test_id("stToast")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)
