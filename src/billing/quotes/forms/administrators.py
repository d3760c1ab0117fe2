"""What is typed to ask for a school's new administrator."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.customers.models import Contact
from billing.quotes.queries.signatories import signatories_of
from contracts.forms import ReadableLines
from tenants.models import Tenant


class AskForAdministratorForm(ReadableLines, forms.Form):
    """Who signs for the client, on which paper they asked, and who will run the school."""

    signatory = forms.ModelChoiceField(
        Contact.objects.none(),
        label=_("Signatory"),
        empty_label=None,
        help_text=_("A link of their own asks them to confirm: nothing changes before."),
    )
    document = forms.CharField(
        label=_("Reference of the demand"),
        max_length=100,
        help_text=_("Where the signed letter or e-mail is kept."),
    )
    email = forms.EmailField(label=_("E-mail address of the new administrator"))
    close_former = forms.BooleanField(
        label=_("Close the accounts of the administrators who have left"), required=False
    )

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        """Offer who is known to sign."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["signatory"]
        field.queryset = signatories_of(tenant)
        field.label_from_instance = lambda row: f"{row.name} · {row.email} · {row.customer}"
