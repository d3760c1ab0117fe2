"""The pages people use, looked at: clean for axe in both themes, narrow, light, and kept as pictures in build/screens."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.pages import PAGES, Stop

SCREENS = Path(__file__).resolve().parents[2] / "build" / "screens"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MOST_BYTES = 100_000
WIDTHS = (1280, 390)
SMALL = """() => [...document.querySelectorAll(`button, .btn, .place, select, input:not([type=hidden], [type=checkbox],
  [type=radio], [type=file]), .site-nav a, .tabs a, .filters a`)].filter((e) => e.checkVisibility()
  && !e.closest('.vh, .skip') && e.getBoundingClientRect().height < 43.5).map((e) => e.outerHTML.slice(0, 120))"""
WIDE = """() => document.documentElement.scrollWidth > document.documentElement.clientWidth
  ? [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1
    && !e.closest('.table-box, .tabs')).map((e) => e.outerHTML.slice(0, 100)).slice(0, 5) : []"""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("stop", PAGES, ids=str)
def test_a_page_is_fit_to_be_seen(site, window, stop: Stop, theme: str):
    context = window(stop.who, color_scheme=theme)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    stop.reach(page, site)

    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844 if width < 600 else 800})
        page.screenshot(path=SCREENS / f"{stop}-{width}-{theme}.png", full_page=True)
        assert problems(page) == [], f"axe at {width} px"
    if theme == "light":
        assert page.evaluate(SMALL) == [], "targets under 44 px"
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate(WIDE) == [], "scrolls sideways at 320 px"
    assert complaints == [] or stop.answer != 200


@pytest.mark.parametrize("stop", [stop for stop in PAGES if stop.answer == 200], ids=str)
def test_a_page_is_light(site, window, stop: Stop):
    page = window(stop.who, width=390, height=844).new_page()
    stop.reach(page, site)
    sent: dict[str, tuple[str, int]] = {}
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    kinds: dict[str, str] = {}
    wire.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    wire.on(
        "Network.loadingFinished",
        lambda event: sent.update(
            {event["requestId"]: (kinds.get(event["requestId"], ""), int(event["encodedDataLength"]))}
        ),
    )

    page.reload(wait_until="networkidle")

    parts = [(kind, size) for kind, size in sent.values() if kind in {"Document", "Stylesheet", "Script", "Font"}]
    assert sorted(kind for kind, _size in parts) == ["Document", "Script", "Stylesheet"]
    assert sum(size for _kind, size in parts) < MOST_BYTES


def problems(page: Page) -> list[str]:
    """Return what axe finds, each with the elements it is about."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
    return [
        f"{violation['id']}: {[node['target'] for node in violation['nodes']][:4]} "
        f"{violation['nodes'][0]['failureSummary'][:300]}"
        for violation in found
    ]
