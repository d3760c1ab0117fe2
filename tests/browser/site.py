"""Where the demonstration is, who can sign in, and the pages people use most."""

import json
import re
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from functools import cached_property
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from demo.gateways.notes import code_of


@dataclass
class Site:
    """A running demonstration."""

    port: int
    state: Path
    environment: dict[str, str] = field(default_factory=dict)

    @cached_property
    def accounts(self) -> dict[str, dict[str, Any]]:
        """Return who can sign in, by the name they sign in with."""
        people = json.loads((self.state / "people.json").read_text(encoding="utf-8"))["people"]
        known = {person["username"]: person for person in people}
        for slug in ("tilleuls", "coquelicots"):  # "parent of tilleuls" is the first guardian of that school
            parents = [
                each
                for each in people
                if slug in each["url"] and each["username"].endswith("famille.example")
            ]
            known |= {f"parent of {slug}": parent for parent in parents[:1]}
        return known

    def url(self, slug: str, path: str = "/") -> str:
        """Return an address on a tenant's host, or on the public one for an empty slug."""
        return f"http://{slug}.localhost:{self.port}{path}" if slug else f"http://localhost:{self.port}{path}"

    def mailed(self, part: str, *, to: str = "") -> str:
        """Return the newest link in the demonstration's mailbox whose address has this part, sent to
        somebody.
        """
        for path in sorted(
            (self.state / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True
        ):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            body = mail.get_body(("plain",)) if to in str(mail["To"]) else None
            if body and (found := re.search(rf"http://\S*{part}\S*", body.get_content())):
                return found[0]
        raise AssertionError(f"no mail with {part}")

    def sign_in(self, page: Page, username: str) -> None:
        """Sign in as a person does, second factor included.

        "buyer" and an address comes by the link they were sent.
        """
        if username.startswith("buyer"):
            page.goto(self.mailed("/portal/enter/", to=username.partition(" ")[2]))
            page.locator("main form button").click()
            page.wait_for_url(lambda url: "/portal/" in url and "/enter/" not in url)
            return
        account = self.accounts[username]
        page.goto(account["url"].rstrip("/") + "/account/login/")
        page.fill("[name=login]", account["username"])
        page.fill("[name=password]", account["password"])
        page.locator("main form").filter(has=page.locator("[name=password]")).locator(
            "button[type=submit]"
        ).click()
        page.wait_for_load_state()
        if account.get("secret"):
            page.fill("[name=code]", code_of(account["secret"]))
            page.locator("main form").filter(has=page.locator("[name=code]")).locator(
                "button[type=submit]"
            ).first.click()
            page.wait_for_load_state()
        page.goto(account["url"].rstrip("/") + "/me/")
        assert page.locator(".me").count(), (
            f"{username} could not sign in: {page.url} {page.inner_text('main')[:300]}"
        )
