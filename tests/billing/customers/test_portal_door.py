"""How long the portal's door stays open behind a buyer."""

import pytest
from django.db.models import F

from billing.models import Contact
from demo.factories.billing import ContactFactory
from isolation.context import inside_operator
from tests.billing.support import buyer

pytestmark = pytest.mark.django_db
HOME = "/portal/"


def test_renewing_a_contacts_links_ends_the_sessions_they_opened(browse):
    with inside_operator():
        contact = ContactFactory()
        other = ContactFactory()
    mine = buyer(browse, contact)
    theirs = buyer(browse, other)
    assert (mine.get(HOME).status_code, theirs.get(HOME).status_code) == (200, 200)
    with inside_operator():
        Contact.objects.filter(pk=contact.pk).update(link_version=F("link_version") + 1)
    refused = mine.get(HOME)
    assert (refused.status_code, "/portal/" in refused["Location"]) == (302, True)
    assert theirs.get(HOME).status_code == 200
    with inside_operator():
        contact.refresh_from_db()
    assert buyer(browse, contact).get(HOME).status_code == 200


def test_a_session_from_before_versions_were_kept_is_over(browse):
    with inside_operator():
        contact = ContactFactory()
    client = buyer(browse, contact)
    session = client.session
    with inside_operator():
        del session["contact_link_version"]
        session.save()
    assert client.get(HOME).status_code == 302
