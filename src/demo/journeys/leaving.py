"""Somebody leaves: deleted, brought back, deleted again, erased, certified."""

import json
from collections.abc import Iterator

from django.core.management import call_command

from demo.journeys.browser import UUID, Browser, Page, Surprise
from demo.journeys.stage import signed_in, wait_for

LEAVING = "Jeanne Dumonceau"
HOURS = 13  # an hour more than an erasure can be undone


def steps(port: int) -> Iterator[str]:
    """Play it."""
    head = signed_in(port, "odile")
    pupil = head.get("/pupils/?q=jeanne+dumonceau").follow(href=f"/pupils/{UUID}/")
    asked = _delete(pupil)
    if head.get(pupil.url, expect=None).status != 404:
        raise Surprise("the pupil can still be seen after the deletion")
    yield "the head deletes a pupil, told exactly what will go: access stops at once"
    asked.submit("/undo/")
    head.get(pupil.url).must_have("Dumonceau")
    yield "and undoes it: the pupil is back, with everything"
    asked = _delete(head.get(pupil.url))
    _pass_time()
    page = wait_for("the certificate", lambda: _certified(head, asked.url))
    assert isinstance(page, Page)
    yield f"deleted again; {HOURS} hours later it is erased"
    _check_certificate(head, page)
    if head.get("/pupils/?q=jeanne+dumonceau").links_to(f"/pupils/{UUID}/"):
        raise Surprise("the erased pupil is still in the list")
    yield "the certificate is there, in PDF and JSON, and names nobody"


def _delete(pupil: Page) -> Page:
    page = pupil.follow(href="/privacy/delete/student/")
    page.must_have("Dumonceau")
    refused = pupil.browser.post(page.url, [*page.form(having="confirm_name").fields], {}, expect=400)
    if "/privacy/delete/" not in refused.url:
        raise Surprise("a deletion started without the name")
    asked = page.submit(having="confirm_name", confirm_name=LEAVING)
    if "/privacy/deletions/" not in asked.url:
        raise Surprise(f"the deletion did not start: {asked.text[:600]}")
    return asked


def _pass_time() -> None:
    call_command("pass_time", str(HOURS), verbosity=0)


def _certified(head: Browser, url: str) -> Page | None:
    page = head.get(url)
    return page if page.links_to(r"certificate.*json") else None


def _check_certificate(head: Browser, page: Page) -> None:
    facts = json.loads(head.get(page.links_to(r"certificate.*json")[0]).body)
    if "Dumonceau" in json.dumps(facts, ensure_ascii=False):
        raise Surprise("the certificate names the pupil")
    if head.get(page.links_to(r"certificate.*pdf")[0]).body[:4] != b"%PDF":
        raise Surprise("the certificate's PDF is no PDF")
