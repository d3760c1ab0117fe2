"""A company runs courses on its own URL: it has its people in, stops, and 180 days later all is gone."""

import re
from datetime import date
from typing import Any

from django.core import mail
from django.test import Client

from demo.factories.billing import ContactFactory
from demo.factories.people import PASSWORD
from dpa.gateways import ledger
from dpa.models import ErasureEvidence
from isolation.context import inside, inside_operator
from people.models import Role
from tenants.middleware import forget_hosts
from tests.billing.support import url
from tests.clauses.stage import archive_of, fetched, later, live, read, subscribed, visitor


def comes_in(browse: Any, campus: Any, email: str, first_name: str) -> Client:
    """Return the browser of somebody who followed the link of their invitation and accepted the terms."""
    told = next(each for each in reversed(mail.outbox) if each.to == [email] and "/invitation/" in each.body)
    door = re.search(r"/invitation/[^\s/]+/", told.body)
    assert door
    browser: Client = browse(campus)
    boxes = re.findall(r'name="(terms_[^"]+)"', browser.get(door[0]).content.decode())
    names = {"first_name": first_name, "last_name": "Marchetti", "password": PASSWORD}
    assert browser.post(door[0], names | dict.fromkeys(boxes, "on")).status_code == 302
    return browser


def signed_in(browse: Any, campus: Any, email: str) -> Client:
    """Return the browser of somebody who signed in again."""
    browser: Client = browse(campus)
    assert browser.post("/account/login/", {"login": email, "password": PASSWORD}).status_code == 302
    return browser


def test_it_has_its_people_in_stops_and_180_days_later_the_data_is_gone(browse, clock, now):
    with inside_operator():
        contact = ContactFactory()
    subscription = subscribed(now, contact, product="preau-campus", quantity=20)
    campus = subscription.contract.tenant

    # its administrator comes in and registers somebody who teaches
    office = comes_in(browse, campus, contact.email, "Solène")
    with inside(campus):
        tutor = Role.objects.get(shipped="teacher")
    asked = {"email": "ugo@lilas.example", "role": str(tutor.pk), "language": "fr"}
    assert office.post("/people/invitations/new/", asked).status_code == 302
    later(clock, minutes=1)
    assert "Ugo" in read(comes_in(browse, campus, "ugo@lilas.example", "Ugo").get("/"))

    # it stops: nothing renews, and on the last day everybody but the administrator is out
    portal = visitor(browse, contact)
    stop = url("portal_terminate", subscription.pk)
    assert "16 novembre 2027" in read(portal.post(stop, {"word-reason": "fin des cours"}, follow=True))
    live(clock, date(2027, 11, 15))
    assert signed_in(browse, campus, "ugo@lilas.example").get("/classes/").status_code == 200
    live(clock, date(2027, 11, 16))
    forget_hosts()
    assert signed_in(browse, campus, "ugo@lilas.example").get("/classes/").status_code == 403
    office = signed_in(browse, campus, contact.email)
    assert "14 mai 2028" in read(office.get("/privacy/end/"))
    everything = archive_of(fetched(office, office.post("/exports/ask/school/").url, clock))
    assert b"ugo@lilas.example" in b"".join(everything.values())

    # 180 days later the data is gone, with its address and its people
    live(clock, date(2028, 5, 13))
    forget_hosts()
    assert signed_in(browse, campus, contact.email).get("/privacy/end/").status_code == 200
    live(clock, date(2028, 5, 14))
    forget_hosts()
    assert browse(campus).get("/").status_code == 404
    with inside_operator():
        assert ErasureEvidence.objects.get(tenant_id=campus.pk).kind == "tenant"
    assert [line.kind for line in ledger.lines()] == ["tenant"]
