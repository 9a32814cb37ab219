"""What all pages share: terms that explain themselves, presenter mode, links with a QR code."""

import pytest
from playwright.sync_api import Page, expect

IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"


def visit(page: Page, path: str) -> None:
    page.goto(f"/{path}")
    page.wait_for_selector(IDLE)


def test_a_term_is_explained_on_hover_and_focus_until_escape(page):
    visit(page, "digits")
    term = page.locator(".st-key-frame-claim .term").first
    explanation = page.locator(".st-key-frame-claim .explanation").first
    expect(explanation).to_be_hidden()
    term.hover()
    expect(explanation).to_be_visible()
    page.keyboard.press("Escape")
    expect(explanation).to_be_hidden()
    page.mouse.move(5, 5)
    term.focus()
    expect(explanation).to_be_visible()
    expect(term).to_have_accessible_description(explanation.inner_text())
    page.keyboard.press("Escape")
    expect(explanation).to_be_hidden()


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_a_tap_explains_a_term_within_a_phone(page):
    visit(page, "digits")
    term = page.locator(".st-key-frame-claim .term").last
    explanation = page.locator(".st-key-frame-claim .explanation").last
    term.tap()
    expect(explanation).to_be_visible()
    box = explanation.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= page.viewport_size["width"]
    page.get_by_role("heading", level=1).tap()
    expect(explanation).to_be_hidden()
