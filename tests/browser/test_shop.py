"""The shop from the shelf to the button, with the keyboard and on a phone; the review is looked at by axe."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import ADD, POSTER
from tests.browser.test_screens import SCREENS, SMALL, WIDE, problems

TYPED = {
    "first_name": "Luc",
    "last_name": "Morvan",
    "street": "5 rue des Lilas",
    "postcode": "35000",
    "city": "Rennes",
}


def to_the_review(page: Page, site, email: str) -> None:
    """Put a poster in the cart and say who buys it."""
    page.goto(site.url("", POSTER))
    page.locator(ADD).click()
    page.locator("[name=go]").click()
    for name, text in (TYPED | {"email": email}).items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=city]").press("Enter")
    page.wait_for_url("**/shop/review/")


def test_a_person_asks_for_no_numbers_of_a_company_until_they_buy_for_one(site, window):
    page = window("visitor").new_page()
    page.goto(site.url("", POSTER))
    page.locator(ADD).click()
    page.locator("[name=go]").click()

    expect(page.locator("[name=siren]")).to_be_hidden()
    page.locator("[name=customer_type][value=professional]").check()

    expect(page.locator("[name=siren]")).to_be_visible()


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_the_review_is_fit_to_be_seen(site, window, width, theme):
    page = window("visitor", width=width, height=844).new_page()
    page.emulate_media(color_scheme=theme)
    to_the_review(page, site, f"luc{width}@morvan.example")

    page.screenshot(path=SCREENS / f"shop-review-{width}-{theme}.png", full_page=True, animations="disabled")
    assert problems(page) == []
    assert page.evaluate(SMALL) == []
    page.set_viewport_size({"width": 320, "height": 640})
    page.wait_for_function("() => innerWidth === 320")
    assert page.evaluate(WIDE) == []


def test_the_terms_wait_unticked_and_the_order_is_the_buyers(site, window):
    page = window("visitor").new_page()
    to_the_review(page, site, "clavier@morvan.example")
    page.locator("[name=method][value=transfer]").check()
    page.locator("form:has([name=method]) button").click()
    terms = page.locator("[name=terms]")

    expect(terms).not_to_be_checked()
    page.locator("form:has([name=seen]) button").click()
    expect(page.locator(".error-summary")).to_be_visible()
    terms.press("Space")
    page.locator("form:has([name=seen]) button").press("Enter")

    page.wait_for_url("**/portal/orders/**")
    expect(page.locator("h1")).to_contain_text("CO-")
    assert problems(page) == []
