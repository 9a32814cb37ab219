"""The question beside the picture of the page Inside, in Chromium."""

import re

from playwright.sync_api import expect

from rnn_demo.inside import compute
from rnn_demo.inside.cards import CARDS
from tests.browser.inside import change, choose, expect_numbers, open_inside
from tests.browser.test_journeys import keyed


def test_an_answer_is_judged_beside_the_picture_and_the_next_card_follows(page):
    page.set_viewport_size({"width": 1024, "height": 768})
    open_inside(page)
    question = page.locator(".inside .question")
    choices = question.locator(".choices button")
    verdict = question.get_by_role("status")
    expect(verdict).to_be_empty()
    expect(change(page)).to_be_empty()  # the answer is not given away
    choices.nth(0).click()
    expect(verdict).not_to_be_empty()
    expect(change(page)).not_to_be_empty()
    expect(verdict).to_have_class(re.compile("right|wrong"))
    expect(verdict).to_be_in_viewport()
    expect(page.locator(".inside .net")).to_be_in_viewport(ratio=1)
    expect(choices.nth(0)).to_have_attribute("aria-pressed", "true")
    expect(choices.nth(1)).to_be_hidden()
    expect(choices.nth(0)).to_be_focused()
    question.locator(".next").click()
    expect(page.locator(".inside .tensor.X")).to_have_count(CARDS[1].state.n_steps)
    expect(verdict).to_be_empty()
    expect(choices.nth(1)).to_be_visible()
    expect(page.locator(".inside .changed")).to_have_count(0)
    choose(page, "card", 0)
    expect(keyed(page, "inside/card").get_by_role("radio").first).to_be_checked()
    expect_numbers(page, "Y1", compute.compute(CARDS[0].state).unrolled.hidden[1, 0])


def test_right_and_wrong_differ_in_words_and_colour(page):
    """On the card It forgets: with a larger Wy, the last state is farther from 0."""
    seen = []
    for choice in (0, 1):
        open_inside(page, card="forgets")
        page.locator(".inside .choices button").nth(choice).click()
        verdict = page.locator(".inside .verdict")
        expect(verdict).not_to_be_empty()
        colour = verdict.evaluate("it => getComputedStyle(it).color")
        red, green, _ = map(int, re.findall(r"\d+", colour)[:3])
        is_right = "right" in (verdict.get_attribute("class") or "").split()
        assert (green > red) == is_right
        seen.append((is_right, verdict.inner_text()))
    assert [is_right for is_right, _ in seen] == [False, True]
    assert seen[0][1] != seen[1][1]
