"""LG-S5.2: a signed quote is a firm order and can't be edited; a change is a new version to be signed again."""

import pytest

from billing.actions.revise_quote import OrderStands, revise_quote
from billing.actions.sign_quote import NotOpen, TermsNotTicked, sign_quote
from billing.actions.write_quote import AlreadySent, rewrite_quote
from billing.models import Order
from billing.policy.days import paris_day
from billing.policy.seal import digest
from billing.queries.seals import content_of
from demo.factories.billing import ContactFactory, draft_for, order_signed, quote_sent

CLAUSE = "LG-S5.2"


@pytest.mark.usefixtures("as_operator")
def test_a_signature_makes_a_firm_order_sealed_over_all_it_said(now):
    order = order_signed(now=now)
    assert Order.objects.filter(pk=order.pk, version__state="signed").exists()
    assert order.version.signature.digest == digest(content_of(order.version))
    changed = content_of(order.version)
    changed["gross_cents"] += 1
    assert digest(changed) != order.version.signature.digest


@pytest.mark.usefixtures("as_operator")
def test_it_can_not_be_edited_nor_signed_twice(now):
    contact = ContactFactory()
    order, told = order_signed(contact, now=now), {"now": now, "today": paris_day(now)}
    with pytest.raises(AlreadySent):
        rewrite_quote(version_id=order.version_id, draft=draft_for(contact), by=None, **told)
    with pytest.raises(OrderStands):
        revise_quote(version_id=order.version_id, by=None, **told)
    with pytest.raises(NotOpen):
        sign_quote(version_id=order.version_id, contact=contact, name="S", capacity="d", terms_version=order.pk, **told)


@pytest.mark.usefixtures("as_operator")
def test_a_change_is_a_new_version_and_the_old_one_is_void(now):
    contact = ContactFactory()
    version, told = quote_sent(contact, now=now), {"now": now, "today": paris_day(now)}
    new = revise_quote(version_id=version.id, by=None, **told)
    assert (new.version, new.state) == (2, "draft")
    with pytest.raises(NotOpen):
        sign_quote(version_id=version.id, contact=contact, name="S", capacity="d", terms_version=new.pk, **told)


@pytest.mark.usefixtures("as_operator")
def test_the_terms_are_ticked_first(now):
    contact = ContactFactory()
    version, told = quote_sent(contact, now=now), {"now": now, "today": paris_day(now)}
    with pytest.raises(TermsNotTicked):
        sign_quote(version_id=version.id, contact=contact, name="S", capacity="d", terms_version=None, **told)
