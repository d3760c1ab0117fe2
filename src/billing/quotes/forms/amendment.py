"""The forms of an amendment: how many licences each running contract comes to, and how it is agreed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from billing.catalogue.actions.price_lines import LineDraft
from billing.catalogue.policy.catalogue import FIXED
from billing.customers.models import Contact
from billing.customers.policy.clients import NOTHING_SAID, PurchaseCapacity
from billing.invoicing.policy.due import LONGEST_DAYS, PAYMENT_DAYS
from billing.money.forms.fields import MoneyField, day_field
from billing.money.labels import METHODS
from billing.orders.models import Order
from billing.quotes.actions.write_quote import QuoteDraft, SiteDraft
from billing.quotes.forms.quotes import SiteForm
from billing.subscriptions.models import Subscription
from billing.subscriptions.policy.amendment import Amendment, SiteAddition, amendment, site_addition
from billing.subscriptions.policy.trial import check_addition
from billing.subscriptions.queries.amendable import AmendableContract
from contracts.forms import ReadableLines
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
        contact_field.queryset = customer.contacts.speaking()


class ChangeForm(ReadableLines, forms.Form):
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
        self.row_name = running.tenant.name
        if running.is_option:
            self.fields["licences_after"].validators = []
            self.fields["licences_after"].widget.attrs["min"] = 0

    def change(self, *, counts_from: date, today: date) -> Amendment | None:
        """Return the price and the effect, or None where nothing changes.

        Raises NotMore, TermOver, InTrial.
        """
        data = self.cleaned_data
        contract = self.running.contract
        held = self.running.held
        after = data.get("licences_after")
        if after is None or after == held:
            return None
        check_addition(self.running.trial_ends_on, today=today)
        return amendment(
            licences_before=held,
            licences_after=after,
            term_price_cents=data["term_price"],
            term_months=self.running.term_months,
            counts_from=counts_from,
            ends_on=contract.ends_on,
            term_starts_on=self.running.term_starts_on,
        )


@dataclass(frozen=True, slots=True)
class NewSite:
    """A school an amendment adds: what is opened for it, like which contract that runs, and for how much."""

    site: SiteDraft
    like: AmendableContract
    addition: SiteAddition


class NewSiteForm(SiteForm):
    """One school more, opened like one that runs; left empty, the amendment adds none."""

    row_name = ""

    like = forms.TypedChoiceField(
        label=gettext_lazy("Opened like"), coerce=UUID, empty_value=None, required=False
    )
    licences = forms.IntegerField(
        label=gettext_lazy("Licences"), min_value=1, max_value=1_000_000, required=False
    )
    term_price = MoneyField(
        label=gettext_lazy("Price of a licence for a whole term, excl. VAT"),
        required=False,
        help_text=gettext_lazy("Empty: the price of the contract it is opened like."),
    )

    def __init__(self, *args: Any, running: Sequence[AmendableContract], **kwargs: Any) -> None:
        """Offer the contracts that run to be opened like."""
        super().__init__(*args, **kwargs)
        self.running = [each for each in running if not each.is_option]
        like: Any = self.fields["like"]
        language = get_language() or "fr"
        like.choices = [
            (str(each.contract.pk), f"{each.tenant.name}, {each.product.name(language)}")
            for each in self.running
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for how many licences where a school is named."""
        data = dict(super().clean() or {})
        if data.get("slug") and not data.get("licences") and "licences" not in self.errors:
            self.add_error("licences", forms.ValidationError(_("Say for how many.")))
        if data.get("slug") and not data.get("like") and len(self.running) != 1 and "like" not in self.errors:
            self.add_error("like", forms.ValidationError(_("Choose which contract it is opened like.")))
        return data

    def _liked(self) -> AmendableContract:
        """Return the contract it is opened like; where one runs only, no need to say so."""
        chosen = self.cleaned_data.get("like")
        return next(each for each in self.running if chosen is None or each.contract.pk == chosen)

    def added(self) -> NewSite | None:
        """Return the school it adds with its price and effect, None where none is named or it is wrong."""
        site = None if self.errors else self.site()
        if site is None:
            return None
        like = self._liked()
        typed = self.cleaned_data.get("term_price")
        price = like.term_price_cents if typed is None else typed
        licences = self.cleaned_data["licences"]
        months = like.term_months
        return NewSite(
            site, like, site_addition(licences=licences, term_price_cents=price, term_months=months)
        )


def draft_of(
    form: AmendmentForm,
    changes: Sequence[tuple[AmendableContract, Amendment]],
    new_site: NewSite | None = None,
) -> QuoteDraft:
    """Return the draft of the quote to sign: one line per contract that changes, by school, and one for a
    school it adds.
    """
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
    first = changes[0][0] if changes else new_site.like if new_site else None
    if new_site is not None:
        data |= {"term_months": new_site.addition.term_months, "renewal": _renewal_of(new_site.like)}
        sites.append(new_site.site)
        lines.append(_site_line(new_site, language, site=len(sites) - 1))
    currency = first.currency if first else ""
    said = _capacity_of([first.contract.pk] if first else [])
    return QuoteDraft(
        customer_id=form.customer.pk,
        contact_id=contact.pk,
        lines=lines,
        sites=sites,
        currency=currency,
        employees=said.employees,
        outside_main_activity=said.outside_main_activity,
        **data,
    )


def _site_line(new_site: NewSite, language: str, *, site: int) -> LineDraft:
    """Return the line of a school more: its licences for a whole term, from the day it opens."""
    product = new_site.like.product
    with override(language):
        words = _("%(name)s, %(site)s opened in addition") % {
            "name": product.name(language),
            "site": new_site.site.name,
        }
    addition = new_site.addition
    return LineDraft(product.pk, words, addition.licences, addition.unit_net_cents, site=site)


def _renewal_of(running: AmendableContract) -> str:
    subscription = Subscription.objects.filter(contract=running.contract).first()
    return subscription.renewal if subscription else FIXED


def _capacity_of(contracts: Sequence[UUID]) -> PurchaseCapacity:
    """Return in which capacity what runs was bought: more of it is bought alike."""
    order = Order.objects.filter(subscriptions__contract__in=contracts).order_by("confirmed_at").first()
    return order.purchase_capacity if order else NOTHING_SAID


def amendment_line_text(running: AmendableContract, change: Amendment, language: str) -> str:
    """Return what the line of an amendment says: the licences before and after, and the days paid for."""
    with override(language):
        details = {
            "name": running.product.name(language),
            "before": change.licences_before,
            "after": change.licences_after,
            "start": day_text(change.starts_on, "SHORT_DATE_FORMAT"),
            "end": day_text(change.last_day, "SHORT_DATE_FORMAT"),
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
