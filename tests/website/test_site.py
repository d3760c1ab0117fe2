"""The public site, as a visitor reads it."""

from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from django.utils import translation

from billing.money.gateways.seller import seller
from website.queries import checks, offers

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/", "/offers/", "/status/", "/legal/", "/accessibility/"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_opens_for_anybody(browse, path, language):
    client = browse(None)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    page = client.get(path, secure=True)

    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.content.decode()


def test_the_school_s_host_has_no_public_site(browse, school):
    assert browse(school).get("/offers/", secure=True).status_code == 404


def test_an_offer_s_promises_are_said_from_its_parameters(as_operator):
    with translation.override("en"):
        found = {offer.key: offer for offer in offers(today=date(2026, 11, 16), language="en")}

    assert "A deleted account is gone within 24 hours." in found["school"].promises
    assert "Nothing is kept after the end." in found["residents"].promises
    assert "We answer for your data ourselves, within one month." in found["family"].promises
    assert "At most 180 days of keeping after the end." in found["campus"].promises
    assert list(found)[:2] == ["school", "nursery"]


def test_a_professional_reads_prices_without_vat_and_a_consumer_with(as_operator):
    from billing.models import Price, PriceList, Product

    current = PriceList.objects.create(name="Tarif de novembre", starts_on=date(2026, 11, 2))
    for key, profile in (("ecole", "school"), ("famille", "family")):
        product = Product.objects.create(key=f"t-{key}", name_fr=key, name_en=key, profile=profile)
        Price.objects.create(price_list=current, product=product, net_cents=1000)

    found = {offer.key: offer for offer in offers(today=date(2026, 11, 16), language="fr")}

    assert (found["school"].price_cents, found["school"].is_with_vat) == (1000, False)
    assert (found["family"].price_cents, found["family"].is_with_vat) == (1200, True)
    assert found["campus"].price_cents is None


def test_the_status_page_says_what_is_behind(as_operator, now):
    from uuid import uuid4

    from agenda.actions import instant, open_obligation

    assert all(check.is_well for check in checks(now=now))

    open_obligation("LG-DBr", subject=uuid4(), **instant(now + timedelta(hours=1)), now=now)

    late = checks(now=now + timedelta(hours=2))
    assert [check.is_well for check in late] == [True, False, True, True]


def test_the_security_contact_is_whole_and_expires_within_a_year(browse, now):
    answer = browse(None).get("/.well-known/security.txt", secure=True)
    assert answer["Content-Type"].startswith("text/plain")
    told = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert told["Contact"] == f"mailto:{seller()['email']}"
    assert now < datetime.fromisoformat(told["Expires"]) < now + timedelta(days=365)
    assert told["Canonical"].endswith("/.well-known/security.txt")


def test_what_nobody_audited_is_declared_not_conforming(browse):
    client = browse(None)
    page = client.get("/accessibility/", secure=True).content.decode()
    assert "non conforme" in page
    assert seller()["email"] in page
    assert "/accessibility/" in client.get("/legal/", secure=True).content.decode()
