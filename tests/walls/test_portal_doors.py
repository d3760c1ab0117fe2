"""The portal's doors: a mail's link shows, one that was asked for acts, and whoever is closed is out."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client

from agenda.loop import tick
from billing.customers.gateways.portal_link import FRESH_SECONDS, VALID_SECONDS, fresh_token_for, token_for
from billing.models import Contact, QuoteVersion
from demo.factories.billing import ContactFactory, quote_sent
from isolation.context import inside_operator
from tests.billing.carts import fill_shelves, order, put
from tests.billing.support import buyer, clerk, url
from tests.clauses.stage import plain

pytestmark = pytest.mark.django_db
SIGNED = {"name": "Solène Marchetti", "job_title": "directrice", "terms": "on", "firm": "on"}


@pytest.fixture
def sent(now):
    """Give a quote that was sent, and its contact."""
    with inside_operator():
        contact = ContactFactory()
        version = quote_sent(contact, now=now)
        return contact, QuoteVersion.objects.get(pk=version.pk)


def came_in(token):
    """Return a browser that came in by a link."""
    client = Client(HTTP_HOST="localhost")
    assert client.post(url("portal_sign_in_link", token)).status_code == 302
    return client


def mailed(to):
    """Return the address of the newest link into the portal that was mailed."""
    tick(datetime.now(UTC))
    found = [each for each in mail.outbox if each.to == [to] and "espace client" in each.subject]
    return re.search(r"/portal/enter/[^\s?]+", found[-1].body)[0] if found else ""


def state_of(version):
    """Return what became of a quote."""
    with inside_operator():
        return QuoteVersion.objects.get(pk=version.pk).state


def test_the_link_of_a_mail_shows_and_one_that_was_asked_for_signs(sent, clock, now):
    contact, version = sent
    page = url("portal_quote", version.pk)
    client = came_in(token_for(contact))
    assert "par le lien d’un courriel" in plain(client.get(page).text)
    refused = client.post(page, SIGNED, headers={"referer": f"http://localhost{page}"})
    assert refused.url == f"{url('portal_confirm')}?next={page.replace('/', '%2F')}"
    asked = client.get(refused.url)
    assert "Rien n’a été fait" in plain(asked.text)
    assert state_of(version) == "sent"
    assert client.post(url("portal_confirm"), {"next": page}).status_code == 200
    link = mailed(contact.email)
    assert client.post(link, {"next": page}).url == page
    assert "par le lien d’un courriel" not in plain(client.get(page).text)
    assert client.post(page, SIGNED).status_code == 302
    assert state_of(version) == "signed"


def test_who_may_act_still_may_after_another_mails_link(sent, browse):
    contact, version = sent
    client = buyer(browse, contact)
    client.post(url("portal_sign_in_link", token_for(contact)))
    assert client.post(url("portal_quote", version.pk), SIGNED).status_code == 302
    assert state_of(version) == "signed"


def test_a_colleagues_mail_takes_the_right_to_act_away(sent, browse, now):
    contact, version = sent
    with inside_operator():
        other = ContactFactory(customer=contact.customer, email="relais@erables.example")
    client = buyer(browse, other)
    client.post(url("portal_sign_in_link", token_for(contact)))
    assert client.post(url("portal_quote", version.pk), SIGNED).status_code == 302
    assert state_of(version) == "sent"


def fresh(contact, now, name="a" * 32):
    """Return the token of a link that was asked for."""
    with inside_operator():
        contact.name_fresh_link(name, at=now)
    return fresh_token_for(contact)


def test_a_link_that_acts_serves_once_and_for_a_quarter_of_an_hour(sent, clock, now):
    contact, _version = sent
    token = fresh(contact, now)
    scanner = Client(HTTP_HOST="localhost")
    assert scanner.get(url("portal_sign_in_link", token)).status_code == 200
    came_in(token)
    again = Client(HTTP_HOST="localhost").post(url("portal_sign_in_link", token))
    assert (again.status_code, "no-store" in again.headers["Cache-Control"]) == (410, True)
    late = fresh(contact, now)
    clock.move_to(now + timedelta(seconds=FRESH_SECONDS + 5))
    assert Client(HTTP_HOST="localhost").get(url("portal_sign_in_link", late)).status_code == 410
    older = fresh(contact, now, "b" * 32)
    fresh(contact, now, "c" * 32)
    assert Client(HTTP_HOST="localhost").get(url("portal_sign_in_link", older)).status_code == 410


def test_a_mails_link_that_is_too_old_mails_a_new_one(sent, clock, now):
    contact, version = sent
    token = token_for(contact)
    page = url("portal_quote", version.pk)
    later = now + timedelta(seconds=VALID_SECONDS + 60)
    clock.move_to(later)
    client = Client(HTTP_HOST="localhost")
    dead = client.get(f"{url('portal_sign_in_link', token)}?next={page}")
    assert (dead.status_code, url("portal_link_renew", token) in dead.text) == (410, True)
    told = client.post(url("portal_link_renew", token), {"next": page})
    assert contact.email not in told.text
    assert client.post(mailed(contact.email), {"next": page}).url == page
    nothing = client.post(url("portal_link_renew", "invented"), {})
    assert plain(nothing.text) == plain(told.text)


def test_links_are_asked_for_so_often_and_the_answer_is_the_same(sent, clock, now):
    contact, _version = sent
    cache.clear()
    client = Client(HTTP_HOST="localhost")
    answers = {
        plain(client.post(url("portal_sign_in"), {"email": address}).text).replace(address, "")
        for address in [contact.email, "nobody@nowhere.example"] * 20
    }
    assert len(answers) == 1
    tick(datetime.now(UTC))
    links = [each for each in mail.outbox if "espace client" in each.subject]
    assert [each.to for each in links] == [[contact.email]]


def test_closing_a_contact_ends_links_and_sessions_and_mails_go_to_who_is_left(sent, browse, clock, now):
    contact, version = sent
    inside = buyer(browse, contact)
    shown = token_for(contact)
    finance = clerk(browse, now)
    refused = finance.post(url("contact_close", contact.pk), follow=True)
    assert "ajoutez d’abord" in plain(refused.text)
    with inside_operator():
        heir = ContactFactory(customer=contact.customer, email="relais@erables.example")
    assert finance.post(url("contact_close", contact.pk)).status_code == 302
    assert inside.get("/portal/").status_code == 302
    assert Client(HTTP_HOST="localhost").get(url("portal_sign_in_link", shown)).status_code == 410
    Client(HTTP_HOST="localhost").post(url("portal_sign_in"), {"email": contact.email})
    assert mailed(contact.email) == ""
    with inside_operator():
        assert Contact.objects.get(pk=contact.pk).reader == heir
    assert str(contact.pk) not in finance.get(url("quote_new") + f"?customer={contact.customer_id}").text
    finance.post(url("contact_reopen", contact.pk))
    assert inside.get("/portal/").status_code == 302
    assert buyer(browse, reread(contact)).get("/portal/").status_code == 200


def reread(contact):
    """Return a contact as it is kept now."""
    with inside_operator():
        return Contact.objects.select_related("customer").get(pk=contact.pk)


def test_an_order_in_the_shop_is_an_act_too(sent, clock, now):
    contact, _version = sent
    shelves = fill_shelves()
    client = came_in(token_for(contact))
    put(client, shelves["cartes"], 1)
    answer = order(client, method="transfer")
    assert answer.url.startswith(url("portal_confirm"))
    assert order(came_in_with(client, fresh(reread(contact), now)), method="transfer").status_code == 302


def came_in_with(client, token):
    """Let the same browser come in by another link."""
    assert client.post(url("portal_sign_in_link", token)).status_code == 302
    return client


def test_leaving_ends_the_session(sent, browse):
    contact, _version = sent
    client = buyer(browse, contact)
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post(url("portal_sign_out"))
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert client.get("/portal/").status_code == 302


@pytest.mark.parametrize(
    "wanted",
    [
        "/portal/\n\nNotre IBAN a changé",
        "/portal/../console/",
        "//evil.example/portal/",
        "/portal/\0",
        "/portal/quotes/?next=https://evil.example",
        "https://evil.example/portal/",
        "/console/",
    ],
)
def test_only_our_own_pages_stand_in_the_mail_of_a_link(sent, clock, now, wanted):
    contact, _version = sent
    client = came_in(token_for(contact))
    assert client.post(url("portal_confirm"), {"next": wanted}).status_code == 200
    tick(datetime.now(UTC))
    (link,) = [each for each in mail.outbox if "espace client" in each.subject]
    assert "next=" not in link.body
    assert "IBAN" not in link.body


@pytest.mark.parametrize("referer", ["http://[::1/portal/", "http://x\uff0fy/portal/", "", "mailto:x"])
def test_a_header_that_is_no_address_is_nothing(sent, referer):
    contact, version = sent
    client = came_in(token_for(contact))
    answer = client.post(url("portal_quote", version.pk), SIGNED, headers={"referer": referer})
    assert answer.url == f"{url('portal_confirm')}?next="


def test_who_asks_for_somebody_elses_address_kills_no_link_of_theirs(sent, clock, now):
    contact, _version = sent
    cache.clear()
    Client(HTTP_HOST="localhost").post(url("portal_sign_in"), {"email": contact.email})
    mine = mailed(contact.email)
    clock.shift(timedelta(minutes=6))
    Client(HTTP_HOST="localhost").post(url("portal_sign_in"), {"email": contact.email})
    assert mailed(contact.email)
    assert Client(HTTP_HOST="localhost").post(mine).status_code == 302
    assert Client(HTTP_HOST="localhost").post(mailed(contact.email)).status_code == 410  # the same link: used


def test_a_mailbox_is_not_flooded(sent, clock, now):
    contact, _version = sent
    cache.clear()
    token = token_for(contact)
    for _time in range(20):
        Client(HTTP_HOST="localhost").post(url("portal_link_renew", token), {})
        clock.shift(timedelta(minutes=6))
        tick(datetime.now(UTC))
    links = [each for each in mail.outbox if "espace client" in each.subject]
    assert len(links) <= 14  # six an hour
