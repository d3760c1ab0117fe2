"""The pages people use, looked at: clean for axe in both themes, narrow, light, and kept as pictures in
build/screens: wide by day and narrow by night, all four with PREAU_ALL_LOOKS=1.
"""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.pages import PAGES, Stop

SCREENS = Path(__file__).resolve().parents[2] / "build" / "screens"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MOST_BYTES = 100_000
PARTS = ("Document", "Script", "Script", "Stylesheet")  # htmx and ours
# Width, theme, and whether axe looks: both themes and both widths without looking four times.
LOOKS = ((1280, "light", True), (1280, "dark", False), (390, "light", False), (390, "dark", True))
SMALL = """() => [...document.querySelectorAll(`button, .btn, .place, select, input:not([type=hidden],
[type=checkbox],
  [type=radio], [type=file]), .site-nav a, .tabs a, .filters a`)].filter((e) => e.checkVisibility()
  && !e.closest('.vh, .skip') && e.getBoundingClientRect().height < 43.5).map((e) => e.outerHTML.slice(0,
  120))"""
WIDE = """() => document.documentElement.scrollWidth > document.documentElement.clientWidth
  ? [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1
    && !e.closest('.table-box, .tabs')).map((e) => e.outerHTML.slice(0, 100)).slice(0, 5) : []"""


@pytest.mark.parametrize("stop", PAGES, ids=str)
def test_a_page_is_fit_to_be_seen(site, window, stop: Stop):
    page = window(stop.who).new_page()
    complaints: list[str] = []
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    stop.scope(page, site)

    for width, theme, is_checked in LOOKS:
        if not is_checked and "PREAU_ALL_LOOKS" not in os.environ:
            continue
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": 844 if width < 600 else 800})
        page.screenshot(path=SCREENS / f"{stop}-{width}-{theme}.png", full_page=True, animations="disabled")
        assert not is_checked or problems(page) == [], f"axe at {width} px, {theme}"

    assert page.evaluate(SMALL) == [], "targets under 44 px"
    page.set_viewport_size({"width": 320, "height": 640})
    page.wait_for_function("() => innerWidth === 320")
    assert page.evaluate(WIDE) == [], "scrolls sideways at 320 px"
    if stop.answer == 200:
        assert complaints == []
        assert weigh(page) < MOST_BYTES


def weigh(page: Page) -> int:
    """Return the bytes on the wire of a page's HTML, stylesheet and script, of which there is one each."""
    wire = page.context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}
    wire.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    wire.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}),
    )
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.reload(wait_until="load")
    wire.detach()
    parts = [(kind, sizes.get(name, 0)) for name, kind in kinds.items() if kind in PARTS]
    assert sorted(kind for kind, _size in parts) == sorted(PARTS)
    return sum(int(size) for _kind, size in parts)


def problems(page: Page) -> list[str]:
    """Return what axe finds, each with the elements it is about."""
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{violation['id']}: {[node['target'] for node in violation['nodes']][:4]} "
        f"{violation['nodes'][0]['failureSummary'][:300]}"
        for violation in found
    ]
