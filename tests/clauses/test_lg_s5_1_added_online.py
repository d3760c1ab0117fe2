"""LG-S5.1: what who has a consumer's protections adds online is concluded by the same four steps."""

from datetime import date

import pytest

from billing.models import Order, Subscription
from billing.orders.queries.conclusion import concluded_on
from isolation.context import inside_operator
from tenants.models import Customer
from tests.billing.carts import PRACTICE, bought, only_order
from tests.billing.support import url
from tests.clauses.stage import at, live, mails, paid, visitor


@pytest.mark.story(
    "LG-S5.1",
    "LG-S22",
    "LG-S15",
    door="page",
    fr="Une famille abonnée ajoute deux profils en ligne et les paie six jours plus tard : sa commande est "
    "conclue par la confirmation qui part alors, avec le formulaire ; les quatorze jours en partent.",
)
def test_licences_added_online_are_concluded_by_their_confirmation(browse, clock, shelves, now):
    """A family adds two profiles online and pays for them six days later: the order is concluded by the
    confirmation that leaves then, with the form; the fourteen days run from it.
    """
    bought(browse(None), shelves["cabinet"], PRACTICE, 5, method="transfer")
    placed = only_order()
    with inside_operator():
        Customer.objects.update(customer_type="consumer")
    paid(placed, now)
    live(clock, date(2026, 11, 17))
    with inside_operator():
        running = Subscription.objects.select_related("contact").get()
    more = {"cabinet": "7", "confirm": "1", "method": "transfer", "terms": "on"}
    assert visitor(browse, running.contact).post(url("portal_plan", running.pk), more).status_code == 302
    live(clock, date(2026, 11, 18))
    with inside_operator():
        added = Order.objects.latest("confirmed_at")
        assert concluded_on(added) is None
    assert [added.number in each.subject for each in mails("comment la payer")][-1]
    assert not [each for each in mails("est confirmée") if added.number in each.subject]
    paid(added, at(date(2026, 11, 23), 13))
    live(clock, date(2026, 11, 23), hour=14)
    (mail,) = [each for each in mails("est confirmée") if added.number in each.subject]
    assert any(name.startswith("formulaire-de-retractation") for name, _content, _kind in mail.attachments)
    with inside_operator():
        assert concluded_on(added) == date(2026, 11, 23)
    live(clock, date(2026, 12, 7))
    page = url("portal_withdraw", added.pk)
    assert visitor(browse, running.contact).post(page, {"line_1": "on", "confirm": "1"}).status_code == 302
