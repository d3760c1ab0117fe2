"""What journeys share: who is who, signing in, the mailbox, waiting for the worker."""

import re
import time
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

from django.utils import translation

from demo.gateways.mailbox import StoredMail, mails
from demo.gateways.notes import Account, code_of, people
from demo.journeys.browser import UUID, Browser, Page, Surprise

PATIENCE = 60.0
LINK = re.compile(r"https?://[^\s<>\"]+")


def account(username: str) -> Account:
    """Return somebody of the demonstration. Raises Surprise."""
    for each in people():
        if each.username == username:
            return each
    raise Surprise(f"nobody is called {username}")


_signed_in: dict[str, Browser] = {}


def signed_in(port: int, username: str) -> Browser:
    """Return the browser of somebody who has signed in, now or in a journey before."""
    if username not in _signed_in:
        _signed_in[username] = sign_in(port, username)
    return _signed_in[username]


def sign_in(port: int, username: str) -> Browser:
    """Return the browser of somebody who just signed in, second factor included. Raises Surprise."""
    who = account(username)
    browser = Browser(port, urlsplit(who.url).hostname or "localhost")
    page = browser.get("/account/login/").submit(having="password", login=who.username, password=who.password)
    if who.secret:
        page = page.submit(having="code", code=code_of(who.secret))
    if "/account/" in page.url:
        raise Surprise(f"{username} could not sign in: {page.text[:400]}")
    return browser


def wait_for(what: str, find: Callable[[], object]) -> object:
    """Return what `find` finds, asked again until the worker has done its part.

    Raises Surprise after a minute.
    """
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := find():
            return found
        time.sleep(0.25)
    raise Surprise(f"{what} did not come within {PATIENCE:.0f} seconds")


def mail_to(address: str, *, known: Collection[str] = (), having: str = "") -> StoredMail:
    """Return the newest mail to an address that isn't known yet, once it is there."""

    def find() -> StoredMail | None:
        for each in mails():
            if each.key not in known and address in each.to and having in each.text:
                return each
        return None

    found = wait_for(f"a mail to {address}", find)
    assert isinstance(found, StoredMail)
    return found


def mails_so_far() -> set[str]:
    """Return the keys of the mails sent until now."""
    return {each.key for each in mails()}


def link_in(mail: StoredMail, part: str) -> str:
    """Return the first address in a mail that holds `part`. Raises Surprise."""
    for found in LINK.findall(mail.text):
        if part in found:
            return str(found)
    raise Surprise(f"no link with {part} in the mail “{mail.subject}”: {mail.text[:600]}")


def said(english: str) -> str:
    """Return what a page says in French for a sentence of the source."""
    with translation.override("fr"):
        return translation.gettext(english)


def path_of(url: str) -> str:
    """Return the path of an address."""
    return urlsplit(url).path


def last_uuid(page: Page) -> str:
    """Return the last uuid in a page's address."""
    return str(re.findall(UUID, page.url)[-1])
