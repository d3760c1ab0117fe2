"""LG-S22: of what was given for nothing, nothing is promised back; a price error of it is told too."""

from datetime import date
from decimal import Decimal

import pytest

from billing.catalogue.policy.discount import Discount
from billing.models import Order
from isolation.context import inside_operator
from tests.billing.returns.test_withdrawal import family, things
from tests.billing.support import rows_of, url
from tests.clauses.stage import desk, later, live, mails, plain, read, visitor

pytestmark = pytest.mark.django_db


def given(now):
    """Return an order of a family, two things with a discount of all of it."""
    with inside_operator():
        order = things(
            now, ("carte", 2, 1500), contact=family(), pay=False, discount=Discount(pct=Decimal(100))
        )
        return Order.objects.select_related("contact__customer").get(pk=order.pk)


@pytest.mark.story(
    "LG-S22",
    door="page",
    fr="Une famille se rétracte de ce qui lui a été offert : rien ne lui est promis en retour, ni sur sa "
    "page, ni par courriel, ni chez nous.",
)
def test_nothing_is_promised_back_of_what_was_given(browse, clock, now):
    """A family withdraws from what was given to it: nothing is promised back, on pages or by mail."""
    order = given(now)
    told = {f"line_{line.position}": "2" for line in rows_of(order.lines.filter(kind="product"))}
    page = visitor(browse, order.contact)
    assert page.post(url("portal_withdraw", order.pk), told | {"confirm": "1"}).status_code == 302
    later(clock, minutes=5)
    live(clock, date(2026, 12, 1))
    (mail,) = mails("rétractation")
    theirs = read(visitor(browse, order.contact).get(url("portal_order", order.pk)))
    ours = read(desk(browse, now).get(url("order", order.pk)))
    for words in (plain(mail.body), theirs, ours):
        assert "remboursé au plus tard" not in words
        assert "À rembourser au plus tard" not in words
    assert "Rien n’avait été payé" in plain(mail.body)
    with inside_operator():
        order.refresh_from_db()
    assert (order.state, order.ownership_on) == (Order.State.CANCELLED, None)
    assert "Transfert de propriété" not in ours
