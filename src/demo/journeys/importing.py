"""Back to school: the file is shown, applied, and applied again in vain."""

import re
from collections.abc import Iterator
from datetime import date

from django.utils import translation

from classrooms.templatetags.imports import PARTS
from demo.journeys.browser import Browser, Page, Surprise
from demo.journeys.stage import said, signed_in, wait_for
from demo.onde import LATER, onde_file


def steps(port: int) -> Iterator[str]:
    """Play it."""
    head = signed_in(port, "odile")
    page = _upload(head)
    found = {part: _count(page, part) for part in ("create", "update", "missing", "refused")}
    if (found["create"], found["update"]) != (2, 1) or found["refused"] < 1:
        raise Surprise(f"the preview says {found}: {page.text[:600]}")
    page.must_have("Adresse1", "INE")
    yield f"the head drops ONDE's file and sees what it would do: {found}"
    head.get(f"{page.url}?part=refused").must_have("131", "Date naissance")
    yield "a refused line says where and why"
    page.submit("/confirm/")
    wait_for("the import", lambda: _is_applied(head, page.url))
    head.get("/pupils/?q=vandevyvere").must_have("Vandevyvère")
    yield "it is applied in the background; a newcomer is found, accents or not"
    again = _upload(head)
    if _count(again, "create") or _count(again, "update"):
        raise Surprise(f"the same file would change something again: {again.text[:600]}")
    again.submit("/give-up/")
    yield "the same file a second time changes nothing"


def _upload(head: Browser) -> Page:
    today = date.today()  # noqa: DTZ011  the demonstration lives on this machine's day
    return head.get("/imports/").submit(
        having="pupils", files={"pupils": (LATER, onde_file(LATER, today=today))}
    )


def _count(page: Page, part: str) -> int:
    with translation.override("fr"):
        found = re.search(rf"{PARTS[part]} (\d+)", page.text)
    return int(found[1]) if found else 0


def _is_applied(head: Browser, url: str) -> bool:
    return head.get(url).has(said("Import applied"))
