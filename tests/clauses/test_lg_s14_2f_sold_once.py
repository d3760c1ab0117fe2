"""LG-S14.2f: a term goes on by one agreement; a second quote for it can't be signed."""

from datetime import date

import pytest

from billing.models import Order, QuoteVersion
from tests.billing.support import rows_of, url
from tests.clauses.stage import desk, live, plain, sign, subscribed, visitor

CLAUSE = "LG-S14.2f"


@pytest.mark.story(
    "LG-S14.2f",
    door="page",
    fr="Le bureau prépare le devis de renouvellement, l’école le demande aussi de son côté : le premier "
    "signé, l’autre ne se signe plus, et le terme n’est vendu qu’une fois.",
)
def test_a_term_is_renewed_by_one_quote_only(browse, clock, now):
    """The desk prepares the renewal's quote and the school asks for it too: once the first is signed the
    other can't be, and the term is sold once.
    """
    school = subscribed(now, renewal="fixed")
    live(clock, date(2027, 10, 12), date(2027, 10, 17))
    prepared = desk(browse, now).post(url("renewal_prepare", school.pk))
    desk(browse, now).post(f"{prepared.url}send/")
    visitor(browse, school.contact).post(url("portal_renew", school.pk), {"quantity": "218"})
    for draft in rows_of(QuoteVersion.objects.filter(state="draft")):
        desk(browse, now).post(url("quote_send", draft.pk))
    first, second = rows_of(QuoteVersion.objects.filter(state="sent"))
    client = visitor(browse, school.contact)
    assert "Le contrat a changé" not in plain(sign(client, first).text)
    refused = plain(sign(client, second).text)
    assert len(rows_of(Order.objects.filter(version__in=[first, second]))) == 1
    assert "contrat" in refused
    assert rows_of(QuoteVersion.objects.filter(pk=second.pk))[0].state != "signed"
