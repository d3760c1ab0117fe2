"""What a person types before access to a whole tenant stops or ends by hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from billing.collections.models import Suspension
from billing.collections.policy.suspension import AT_ONCE
from billing.subscriptions.policy.by_hand import CLIENT_ASKED, CONTRACT_OVER
from billing.subscriptions.queries.workspaces import circles_of, customers_in, without_contact
from contracts.forms import ReadableLines
from tenants.models import Customer, Tenant

GROUNDS = (
    (CONTRACT_OVER, _("its contract is over")),
    (CLIENT_ASKED, _("its client asked for it in writing")),
)


class _OfTenant(ReadableLines, forms.Form):
    """A form about one tenant, whose clients are told by mail."""

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tenant = tenant

    def clean_name(self) -> str:
        """Return the name as it was typed. Raises ValidationError."""
        typed: str = self.cleaned_data["name"]
        if typed != self.tenant.name:
            raise forms.ValidationError(_("Type the name exactly as it is written above."))
        return typed

    def check_told(self, customers: QuerySet[Customer]) -> None:
        """Refuse while one of these clients has nobody who could be told."""
        if names := ", ".join(customer.name for customer in without_contact(customers)):
            text = _("Nobody would be told: first give a contact to %(names)s.") % {"names": names}
            self.add_error(None, text)


def _name() -> forms.CharField:
    return forms.CharField(
        label=_("Name of the tenant, to confirm"), max_length=200, help_text=_("Exactly as written above.")
    )


class SuspendWorkspaceForm(_OfTenant):
    """A ground for stopping access to a tenant, or to what one of its clients has in it."""

    customer = forms.ModelChoiceField(
        Customer.objects.none(), label=_("Client"), required=False, empty_label=_("all clients")
    )
    cause = forms.ChoiceField(
        label=_("What for"),
        choices=[row for row in Suspension.Cause.choices if row[0] != Suspension.Cause.UNPAID],
        help_text=_(
            "Unpaid invoices stop access by themselves. A breach is told by e-mail first; access stops once "
            "the contract’s delay has run from its leaving. The others stop it at once."
        ),
    )
    reason = forms.CharField(
        label=_("Reason, as the customer will read it"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    name = _name()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the clients; where many share a tenant, its name is asked and what it closes is said."""
        super().__init__(*args, **kwargs)
        rows = customers_in(self.tenant)
        field: Any = self.fields["customer"]
        field.queryset = rows
        if not self.tenant.is_shared:
            del self.fields["name"], self.fields["customer"]
            return
        n = circles_of(self.tenant, rows)
        said = ngettext(
            "%(n)d household uses it: for all of them, for a danger or an injunction only.",
            "%(n)d households use it: for all of them, for a danger or an injunction only.",
            n,
        )
        field.help_text = said % {"n": n}

    def customers(self) -> QuerySet[Customer]:
        """Return whose access stops."""
        chosen = self.cleaned_data.get("customer")
        rows = customers_in(self.tenant)
        return rows.filter(pk=chosen.pk) if chosen else rows

    def clean(self) -> dict[str, Any]:
        """Return the data. Raises ValidationError where nobody would be told, or all for what one did."""
        data = super().clean() or {}
        everybody = self.tenant.is_shared and not data.get("customer")
        if everybody and data.get("cause") not in AT_ONCE - {"serious_breach", "repeated_breach"}:
            self.add_error("customer", _("Choose whose breach it is: it closes nobody else’s access."))
        self.check_told(self.customers())
        return data


class EndWorkspaceForm(_OfTenant):
    """The ground on which a tenant ends by hand."""

    ground = forms.ChoiceField(label=_("What for"), choices=GROUNDS)
    reason = forms.CharField(
        label=_("Reason, as the customer will read it"),
        max_length=300,
        help_text=_("Such as the day of the client’s letter. It is kept in the audit trail."),
    )
    name = _name()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the grounds: one client's word ends nothing that others share."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["ground"]
        field.choices = GROUNDS[:1] if self.tenant.is_shared else GROUNDS

    def clean(self) -> dict[str, Any]:
        """Return the data. Raises ValidationError where nobody would be told."""
        data = super().clean() or {}
        self.check_told(customers_in(self.tenant))
        return data


class DeleteWorkspaceForm(_OfTenant):
    """The written instruction by which what is left of an ended tenant is deleted before its day."""

    instruction = forms.CharField(
        label=_("The controller’s written instruction"),
        max_length=300,
        help_text=_("Who wrote it and when. Without one everything is kept as long as was promised."),
    )
    name = _name()

    def clean(self) -> dict[str, Any]:
        """Return the data. Raises ValidationError where nobody would be told."""
        data = super().clean() or {}
        self.check_told(customers_in(self.tenant))
        return data
