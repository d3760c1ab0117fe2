"""What a person types about tenants."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contracts.forms import ReadableLines
from contracts.models import TermsKind, TermsVersion
from contracts.registry import profile_names
from tenants.models import Contract, Tenant, slug_shape
from tenants.policy.states import may_become_by_hand


class OpenTenantForm(ReadableLines, forms.Form):
    """The address and name of a tenant, and the contract it is opened for."""

    contract = forms.ModelChoiceField(Contract.objects.none(), label=_("Contract"), empty_label=None)
    name = forms.CharField(label=_("Name shown to its people"), max_length=200)
    slug = forms.CharField(
        label=_("Address"),
        max_length=40,
        validators=[slug_shape],
        help_text=_("The first part of its host name: small letters, digits and hyphens."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the contracts that have no tenant yet."""
        super().__init__(*args, **kwargs)
        waiting = Contract.objects.filter(tenant=None).exclude(state="cancelled").select_related("customer")
        field: Any = self.fields["contract"]
        field.queryset = waiting
        field.label_from_instance = lambda row: f"{row.customer} · {row.profile_key} · {row.starts_on}"

    def clean_slug(self) -> str:
        """Return the address when nobody has it. Raises ValidationError."""
        slug: str = self.cleaned_data["slug"]
        if Tenant.objects.filter(slug=slug).exists():
            raise ValidationError(_("This address is taken: choose another one."))
        return slug


class StateForm(ReadableLines, forms.Form):
    """The state a tenant should pass to, and why."""

    state = forms.ChoiceField(label=_("New state"))
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("It is kept in the audit trail."))

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        """Offer the states this tenant may pass to."""
        super().__init__(*args, **kwargs)
        offered = [(s.value, s.label) for s in Tenant.State if may_become_by_hand(tenant.state, s.value)]
        state_field: Any = self.fields["state"]
        state_field.choices = offered


class PublishTermsForm(ReadableLines, forms.Form):
    """A new version of a document; it is never edited once it is published."""

    kind = forms.ChoiceField(label=_("Kind of document"), choices=TermsKind.choices)
    profile = forms.ChoiceField(label=_("Offer"))
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_(
            "French first: it prevails. A translation has the same version and follows its day and weight."
        ),
    )
    version = forms.CharField(
        label=_("Version"), max_length=20, help_text=_("As it is quoted, such as 2026-12 or 2026-12-01.")
    )
    is_substantial = forms.TypedChoiceField(
        label=_("Weight of the change"),
        coerce=lambda value: value == "yes",
        choices=[
            ("no", _("editorial: at once, without notice")),
            ("yes", _("substantial: announced, then at renewal")),
        ],
        widget=forms.RadioSelect(attrs={"class": "boxed"}),
    )
    in_force_on = forms.DateField(
        label=_("In force on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    text = forms.CharField(
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("The whole document; a blank line between paragraphs."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the offers by name."""
        super().__init__(*args, **kwargs)
        names = profile_names((get_language() or "fr")[:2])
        profile_field: Any = self.fields["profile"]
        profile_field.choices = sorted(names.items(), key=lambda pair: pair[1])

    def clean_text(self) -> str:
        """Return the text with line ends as they are kept."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        """Return the data; a version published already isn't published again. Raises ValidationError."""
        data = super().clean() or {}
        wanted = {name: data.get(name, "") for name in ("kind", "profile", "language", "version")}
        if all(wanted.values()) and TermsVersion.objects.filter(**wanted).exists():
            self.add_error(
                "version", _("This version is published already: a published text is never edited.")
            )
        return data
