"""What the layout does beyond showing: by keyboard, on a phone, without the script, at the session's end."""

import pytest
from playwright.sync_api import expect

from tests.browser.pages import COQUELICOTS, PARENT, TILLEULS

ICONS = """() => [...document.querySelectorAll("svg.icon")].filter((e) => e.checkVisibility()).map((e) => {
  const use = e.querySelector("use");
  return [use.getBBox().width, getComputedStyle(use).stroke, getComputedStyle(e.parentElement).color];
})"""


def test_the_first_tab_offers_to_skip_to_the_content(site, window):
    page = window("claire").new_page()
    page.goto(site.url(TILLEULS, "/classes/"))

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


def test_slash_goes_to_the_search_and_typing_narrows_the_list(site, window):
    page = window("odile").new_page()
    page.goto(site.url(TILLEULS, "/pupils/"))
    rows = page.locator("#results tbody tr")
    before = rows.count()

    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.type("zoe", delay=20)

    expect(rows).not_to_have_count(before)
    assert "q=zoe" in page.url
    assert all("Zo" in row for row in rows.all_inner_texts())


def test_a_long_list_is_searched_in_its_form_and_what_is_ticked_stays(site, window):
    page = window("odile").new_page()
    page.goto(site.url(TILLEULS, "/groups/new/"))
    page.fill("[name=name]", "Chorale")
    part = page.locator("#id_students")
    first = part.locator("[data-searched-found] label").first
    name = first.inner_text()
    first.locator("input").check()
    found = part.locator("[data-searched-found] label")
    before = found.count()

    part.locator("[data-find]").fill("zoe")
    expect(found).not_to_have_count(before)
    part.locator("[data-find]").press("Enter")

    assert all("Zo" in row for row in found.all_inner_texts())
    expect(part.locator("[data-searched-chosen] :checked")).to_have_count(1)
    assert part.locator("[data-searched-chosen]").inner_text() == name
    expect(page.locator("[name=name]")).to_have_value("Chorale")
    assert page.url.endswith("/groups/new/")


def test_on_a_phone_the_places_are_at_the_bottom_and_the_rest_behind_more(site, window):
    page = window("odile", width=390, height=844).new_page()
    page.goto(site.url(TILLEULS, "/"))
    more = page.locator(".more")

    box = page.locator(".places").bounding_box()
    assert box
    assert round(box["y"] + box["height"]) == 844
    expect(more).to_be_hidden()
    page.click(".more-button")

    expect(more).to_be_visible()
    page.keyboard.press("Escape")
    expect(more).to_be_hidden()


def test_the_theme_chosen_is_there_at_the_next_first_paint(site, window):
    context = window("claire")
    page = context.new_page()
    page.goto(site.url(TILLEULS, "/"))

    page.click(".me > summary")
    page.click("[data-theme-choice=dark]")

    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.route("**/*.js", lambda route: route.abort())
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_the_language_is_changed_from_any_page(site, window):
    page = window("visitor").new_page()
    page.goto(site.url("", "/offers/"))
    expect(page.locator("html")).to_have_attribute("lang", "fr")

    page.click("button[name=language][value=en]")

    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_have_text("Offers")
    assert page.url.endswith("/offers/")


def test_the_session_s_end_is_announced_with_a_way_to_stay(site, window):
    page = window("claire").new_page()
    page.clock.install()
    page.goto(site.url(TILLEULS, "/"))
    dialog = page.locator("dialog[data-lock-seconds]")
    seconds, warn = (int(dialog.get_attribute(f"data-lock-{name}") or 0) for name in ("seconds", "warn"))

    page.clock.fast_forward((seconds - warn) * 1000 + 2000)
    expect(dialog).to_be_visible()
    with page.expect_response(lambda answer: answer.url.endswith("/session/stay/")) as answer:
        page.click("[data-stay]")

    assert answer.value.ok
    expect(dialog).to_be_hidden()


def test_a_session_left_alone_ends_on_the_locked_page(site, window):
    page = window("claire").new_page()
    page.clock.install()
    page.goto(site.url(TILLEULS, "/"))
    seconds = int(page.locator("dialog[data-lock-seconds]").get_attribute("data-lock-seconds") or 0)
    page.route("**/session/locked/**", lambda route: route.fulfill(body="locked", content_type="text/html"))

    page.clock.fast_forward((seconds + 5) * 1000)

    page.wait_for_url("**/session/locked/**")
    assert page.inner_text("body") == "locked"


def test_a_dangerous_button_waits_for_the_name(site, window):
    page = window("parent of coquelicots").new_page()
    page.goto(site.url(COQUELICOTS, "/privacy/me/"))
    name = page.locator("[data-name-to-type]")
    button = page.locator("[data-guarded]")

    expect(button).to_have_attribute("aria-disabled", "true")
    button.click(force=True)
    expect(name).to_be_focused()
    assert page.url.endswith("/privacy/me/")
    name.fill(name.get_attribute("data-name-to-type") or "")

    expect(button).to_have_attribute("aria-disabled", "false")


def test_errors_are_summed_up_on_top_and_stand_next_to_their_field(site, window):
    page = window("odile").new_page()
    page.goto(site.url(TILLEULS, "/pupils/new/"))

    page.evaluate("document.querySelector('main form').noValidate = true")
    page.locator("main form button[type=submit]").first.click()

    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    summary.locator("a").first.click()
    wrong = page.locator(":focus")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    described = wrong.get_attribute("aria-describedby") or ""
    assert any("_error" in part for part in described.split())


@pytest.mark.parametrize("who", ["claire", PARENT])
def test_everything_can_be_reached_without_the_script(site, window, who):
    page = window(who, java_script_enabled=False).new_page()
    page.goto(site.url(TILLEULS, "/"))

    places = page.locator(".places a.place")
    assert places.count() >= 3
    places.nth(1).click()

    expect(page.locator("h1")).not_to_be_empty()
    expect(page.locator(".me > summary")).to_be_visible()


def test_nothing_moves_when_less_motion_is_asked(site, window):
    page = window("visitor", reduced_motion="reduce").new_page()
    page.goto(site.url("", "/"))

    assert page.eval_on_selector(".btn", "(e) => getComputedStyle(e).transitionDuration") == "0s"


def test_zoomed_to_four_hundred_percent_the_page_still_fits(site, window):
    page = window("claire", width=320, height=256).new_page()
    page.goto(site.url(TILLEULS, "/classes/"))

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_icons_are_fetched_once_and_drawn_in_the_colour_of_their_words(site, window, theme):
    page = window("odile", color_scheme=theme).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "icons.svg" in request.url else None)
    page.goto(site.url(TILLEULS, "/"))
    page.goto(site.url(TILLEULS, "/"))
    page.wait_for_load_state("networkidle")
    assert len(set(asked)) == 1
    seen = page.evaluate(ICONS)
    assert seen
    assert all(width > 0 for width, _, _ in seen), seen
    assert any(stroke == colour for _, stroke, colour in seen), seen


def test_a_line_added_by_keyboard_has_the_focus(site, window):
    page = window("felix").new_page()
    page.goto(site.url("", "/console/customers/"))
    page.locator("main table tbody a").first.click()
    page.locator("main a[href*='quotes/new/?customer=']").first.click()
    page.locator("#sheet button[value=add]").press("Enter")

    rows = page.locator("#sheet tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.last.locator(":focus")).to_have_count(1)
    page.locator("#desk button[value=site-add]").press("Enter")
    expect(page.locator(":focus[name^=sites]")).to_have_count(1)


def test_the_act_of_a_thing_to_do_is_the_next_stop_of_the_keyboard(site, window):
    page = window("felix").new_page()
    page.goto(site.url("", "/console/todo/"))
    rows = page.locator("[data-rows] [data-row] a")
    assert rows.count() > 2, "the demonstration has things to do"
    rows.first.focus()

    page.keyboard.press("Tab")
    act = page.locator("[data-explains]:not([hidden]) .btn-primary")
    expect(act).to_be_focused()
    assert act.get_attribute("href") == rows.first.get_attribute("href")

    page.keyboard.press("Tab")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("[data-explains]:not([hidden]) .btn-primary")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(rows.nth(1)).to_be_focused()

    rows.last.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    for _ in range(8):  # nobody is trapped, nor led back
        expect(page.locator("[data-rows] :focus, [data-explains] :focus")).to_have_count(0)
        page.keyboard.press("Tab")


def test_capital_j_and_k_choose_a_line_as_small_ones_do(site, window):
    page = window("felix").new_page()
    page.goto(site.url("", "/console/todo/"))
    chosen = page.locator("[data-rows] .chosen")
    first = chosen.get_attribute("data-row")

    page.keyboard.press("Shift+J")
    assert chosen.get_attribute("data-row") != first
    page.keyboard.press("Shift+K")
    assert chosen.get_attribute("data-row") == first


def test_where_one_thing_is_asked_the_cursor_stands_in_it(site, window):
    page = window("felix").new_page()
    page.goto(site.url("", "/console/todo/"))
    page.keyboard.press("/")
    page.wait_for_url("**/search/**")
    expect(page.locator("[data-search]")).to_be_focused()

    page = window("visitor").new_page()
    account = site.accounts["felix"]
    page.goto(site.url("", "/account/login/"))
    expect(page.locator("[name=login]")).to_be_focused()
    page.fill("[name=login]", account["username"])
    page.fill("[name=password]", account["password"])
    page.keyboard.press("Enter")
    expect(page.locator("[name=code]")).to_be_focused()


def test_an_error_of_a_line_is_summed_up_when_the_quote_is_counted_by_keyboard(site, window):
    page = window("felix").new_page()
    page.goto(site.url("", "/console/customers/"))
    page.locator("main table tbody a").first.click()
    page.locator("main a[href*='quotes/new/?customer=']").first.click()
    page.fill("[name=lines-0-unit_net]", "abc")
    page.locator("#judge").press("Enter")

    expect(page.locator(".error-summary")).to_be_focused()
    page.locator(".error-summary a[href='#id_lines-0-unit_net']").press("Enter")
    expect(page.locator("[name=lines-0-unit_net]")).to_be_focused()


def test_the_only_act_of_a_line_to_do_shows_that_it_has_the_focus(site, window):
    page = window("felix").new_page()
    page.goto(site.url("", "/console/todo/"))
    act = page.locator("[data-row].chosen a, [data-row].chosen button").first
    page.keyboard.press("Tab")  # from the keyboard

    act.evaluate("each => { each.tabIndex = -1; each.focus({focusVisible: true}); }")

    assert act.evaluate("each => getComputedStyle(each).outlineStyle") == "solid"


def test_revenue_never_scrolls_sideways_on_a_phone(site, window):
    page = window("felix", width=390, height=844).new_page()
    page.goto(site.url("", "/console/accounting/revenue/"))

    wide = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right >
        innerWidth + 1).map((e) => e.outerHTML.slice(0, 160)).slice(0, 12)"""
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, wide


def test_what_was_typed_stays_when_it_cannot_be_sent_and_goes_when_it_can(site, window):
    page = window("claire").new_page()
    page.goto(site.url(TILLEULS, "/record/new/"))
    page.fill("[name=text]", "Elle a lu toute une page.")
    save = page.locator("main form .form-actions button").first

    page.context.set_offline(True)
    save.click()
    expect(page.locator("[data-not-sent-here]")).to_contain_text("Rien n’a été envoyé")
    expect(page.locator("[name=text]")).to_have_value("Elle a lu toute une page.")

    page.context.set_offline(False)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    save.click()
    expect(page.locator("[data-not-sent-here]")).to_contain_text("vous n’êtes plus connecté")
    expect(page.locator("[name=text]")).to_have_value("Elle a lu toute une page.")

    page.context.add_cookies(cookies)
    save.click()
    page.wait_for_load_state()
    expect(page.locator("[data-not-sent-here]")).to_have_count(0)
