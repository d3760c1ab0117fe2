"""Everybody comes in by their own door."""

from collections.abc import Iterator

from demo.journeys.browser import Browser, Surprise
from demo.journeys.stage import account, signed_in
from demo.world.cast import HEADS, HOUSE, TEAMS, Member


def steps(port: int) -> Iterator[str]:
    """Play a sign-in for every role there is."""
    Browser(port).get("/").must_have("Préau")
    yield "a visitor reads the public site"
    for member in (*HOUSE, HEADS[0], *_one_of_each()):
        page = signed_in(port, member.username).get("/" if member.where else "/console/")
        page.must_have(member.first_name)
        yield f"{account(member.username).role} signs in"
    other = Browser(port, f"{HEADS[1].where}.localhost")
    who = account(HEADS[0].username)
    page = other.get("/account/login/").browser.post(
        "/account/login/",
        other.get("/account/login/").form(having="password").fields
        + [("login", who.username), ("password", who.password)],
        {},
        expect=None,
    )
    if "/account/login" not in page.url:
        raise Surprise("the head of one school came into another")
    yield "the head of one school is nobody in another"


def _one_of_each() -> list[Member]:
    seen: dict[str, Member] = {}
    for member in TEAMS:
        seen.setdefault(member.role, member)
    return list(seen.values())
