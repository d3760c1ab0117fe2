"""Customers who let us name them: marked by finance, shown on the first page, taken back."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from billing.customers.gateways.logos import NotALogo, reencoded
from billing.models import Reference
from demo.factories.billing import CustomerFactory
from isolation.context import inside_operator
from tests.billing.support import clerk, rows_of, url

pytestmark = pytest.mark.django_db
TOLD = {
    "name": "École des Érables",
    "agreed_on": "2026-11-02",
    "word": "Solène Marchetti, directrice, par lettre",
}


def picture(size=(960, 300), kind="PNG", **options):
    written = io.BytesIO()
    Image.new("RGB", size, "navy").save(written, kind, **options)
    return written.getvalue()


def logo(content=None, name="logo.png"):
    return SimpleUploadedFile(name, content or picture())


def customer(**details):
    with inside_operator():
        return CustomerFactory(**details)


def home(browse):
    return browse(None).get("/").content.decode()


def test_a_reference_is_shown_with_its_logo_until_it_is_taken_back(browse, now):
    client = clerk(browse, now)
    who = customer()
    assert "Ils nous font confiance" not in home(browse)
    assert client.post(url("reference", who.pk), TOLD | {"logo": logo()}).status_code == 302
    shown = home(browse)
    assert "Ils nous font confiance" in shown
    assert "École des Érables" in shown
    (made,) = rows_of(Reference.objects)
    address = f"/references/{made.pk}/logo.png"
    assert address in shown
    answer = browse(None).get(address)
    assert answer["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size == (480, 150)
    assert "École des Érables" in client.get(url("customer", who.pk)).content.decode()
    assert client.post(url("reference_revoke", who.pk)).status_code == 302
    assert "École des Érables" not in home(browse)
    assert browse(None).get(address).status_code == 404
    assert client.post(url("reference_revoke", who.pk)).status_code == 302  # twice is once


def test_a_reference_said_again_keeps_its_logo_and_stays_one(browse, now):
    client = clerk(browse, now)
    who = customer()
    client.post(url("reference", who.pk), TOLD | {"logo": logo()})
    client.post(url("reference", who.pk), TOLD | {"name": "Les Érables"})
    (made,) = rows_of(Reference.objects)
    assert made.name == "Les Érables"
    assert bytes(made.logo).startswith(b"\x89PNG")


def test_a_consumer_is_refused(browse, now):
    client = clerk(browse, now)
    who = customer(customer_type="consumer", siret="")
    answer = client.post(url("reference", who.pk), TOLD, follow=True)
    assert "particulier" in answer.content.decode()
    assert not rows_of(Reference.objects)


def test_who_became_a_consumer_is_named_no_more(browse, now):
    client = clerk(browse, now)
    who = customer()
    client.post(url("reference", who.pk), TOLD)
    with inside_operator():
        who.customer_type = "consumer"
        who.save()
    assert "École des Érables" not in home(browse)


@pytest.mark.parametrize(
    "changed",
    [{"name": ""}, {"word": ""}, {"agreed_on": "2026-11-17"}, {"logo": "svg"}],
)
def test_what_lacks_is_asked_for(browse, now, changed):
    told = TOLD | changed
    if told.get("logo"):
        told["logo"] = SimpleUploadedFile("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    answer = clerk(browse, now).post(url("reference", customer().pk), told)
    assert answer.status_code == 422
    assert not rows_of(Reference.objects)


def test_a_logo_is_written_anew_without_what_it_carried():
    exif = Image.Exif()
    exif[0x010E] = "GPS 48.85, 2.35"
    clean = reencoded(io.BytesIO(picture(kind="JPEG", exif=exif)))
    assert b"48.85" not in clean
    assert not Image.open(io.BytesIO(clean)).getexif()


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n broken", b"<svg/>"])
def test_what_is_no_picture_is_no_logo(content):
    with pytest.raises(NotALogo):
        reencoded(io.BytesIO(content))
