"""The forms of an amendment: how many licences each running contract comes to, and how it is agreed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from billing.catalogue.actions.price_lines import LineDraft
from billing.customers.models import Contact
from billing.invoicing.policy.due import LONGEST_DAYS, PAYMENT_DAYS
from billing.money.forms.fields import MoneyField, day_field
from billing.money.labels import METHODS
from billing.quotes.actions.write_quote import QuoteDraft, SiteDraft
from billing.subscriptions.policy.amendment import Amendment, amendment
from billing.subscriptions.queries.amendable import AmendableContract
from contracts.labels import day_text
from tenants.models import Customer


class AmendmentForm(forms.Form):
    """Who signs an amendment, until when, and how it is paid."""

    contact = forms.ModelChoiceField(Contact.objects.none(), label=gettext_lazy("Who signs"))
    method = forms.ChoiceField(
        label=gettext_lazy("Paid by"), choices=list(METHODS.items()), initial="transfer"
    )
    valid_until = day_field(
        gettext_lazy("Valid until"),
        help_text=gettext_lazy("The price counts from this day: who signs earlier pays nothing more."),
    )
    payment_days = forms.IntegerField(
        label=gettext_lazy("To be paid within (days)"),
        min_value=0,
        max_value=LONGEST_DAYS,
        initial=PAYMENT_DAYS,
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    note = forms.CharField(
        label=gettext_lazy("Note on the quote"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        """Offer the contacts of this customer."""
        self.customer = customer
        super().__init__(*args, **kwargs)
        contact_field: Any = self.fields["contact"]
        contact_field.queryset = customer.contacts.all()


class ChangeForm(forms.Form):
    """What one running contract comes to; left as it is, it isn't part of the amendment."""

    licences_after = forms.IntegerField(
        label=gettext_lazy("Licences after"), min_value=1, max_value=1_000_000, required=False
    )
    term_price = MoneyField(label=gettext_lazy("Price of a licence for a whole term, excl. VAT"))

    def __init__(self, *args: Any, running: AmendableContract, **kwargs: Any) -> None:
        """Begin with what the contract is now."""
        self.running = running
        first = {"licences_after": running.held, "term_price": running.term_price_cents}
        kwargs["initial"] = first | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        if running.is_option:
            self.fields["licences_after"].validators = []
            self.fields["licences_after"].widget.attrs["min"] = 0

    def change(self, *, counts_from: date) -> Amendment | None:
        """Return the price and the effect, or None where nothing changes. Raises NotMore, TermOver."""
        data = self.cleaned_data
        contract = self.running.contract
        held = self.running.held
        after = data.get("licences_after")
        if after is None or after == held:
            return None
        return amendment(
            licences_before=held,
            licences_after=after,
            term_price_cents=data["term_price"],
            term_months=self.running.term_months,
            counts_from=counts_from,
            ends_on=contract.ends_on,
            term_starts_on=self.running.term_starts_on,
        )


def draft_of(form: AmendmentForm, changes: Sequence[tuple[AmendableContract, Amendment]]) -> QuoteDraft:
    """Return the draft of the quote to sign: one line per contract that changes, by school."""
    data = dict(form.cleaned_data)
    contact = data.pop("contact")
    language = data["language"]
    tenants = list({running.tenant.pk: running.tenant for running, _ in changes}.values())
    ranks = {tenant.pk: rank for rank, tenant in enumerate(tenants)}
    lines = [
        LineDraft(
            running.product.pk,
            amendment_line_text(running, each, language),
            each.added,
            each.unit_net_cents,
            site=ranks[running.tenant.pk],
            contract_id=running.contract.pk,
            licences_after=each.licences_after,
            term_net_cents=each.term_price_cents,
        )
        for running, each in changes
    ]
    sites = [SiteDraft(tenant.name, tenant.slug) for tenant in tenants]
    currency = changes[0][0].currency if changes else ""
    return QuoteDraft(
        customer_id=form.customer.pk,
        contact_id=contact.pk,
        lines=lines,
        sites=sites,
        currency=currency,
        **data,
    )


def amendment_line_text(running: AmendableContract, change: Amendment, language: str) -> str:
    """Return what the line of an amendment says: the licences before and after, and the days paid for."""
    with override(language):
        details = {
            "name": running.product.name(language),
            "before": change.licences_before,
            "after": change.licences_after,
            "start": day_text(change.starts_on, "SHORT_DATE_FORMAT"),
            "end": day_text(change.ends_on, "SHORT_DATE_FORMAT"),
            "days": change.days,
            "whole": change.days_of_term,
        }
        return (
            _(
                "%(name)s: from %(before)d to %(after)d licences, %(start)s to %(end)s (%(days)d of "
                "%(whole)d days)"
            )
            % details
        )
