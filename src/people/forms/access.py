"""Invitations, roles, accounts, the terms."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.forms import ReadableLines, TellsChanges
from contracts.models import TermsVersion
from people.gateways.passwords import HELP
from people.models import Invitation, Membership, Person, Role
from people.models.person import username_shape
from people.models.words import GROUP_NAMES, RIGHT_NAMES
from people.policy.grants import missing_permissions
from people.policy.permissions import beyond_a_circle, catalogue
from people.queries import terms_label

Holds = Mapping[str, str]
REVIEWED_A_PAGE = 100


class RoleChoice(forms.ModelChoiceField[Role]):
    """The roles that a person can give."""

    def __init__(self, **kwargs: Any) -> None:
        """Start without a choice: the form says what its reader holds."""
        super().__init__(Role.objects.none(), label=gettext_lazy("Role"), **kwargs)

    def offer(self, holds: Holds) -> None:
        """Offer the roles whose rights are all held.

        A pupil's comes with the account the class opens for them.
        """
        given = Role.objects.exclude(shipped="student")
        roles = [role.pk for role in given if not missing_permissions(holds=holds, wants=role.wants)]
        self.queryset = Role.objects.filter(pk__in=roles)

    def label_from_instance(self, role: Any) -> str:
        """Return the role's name and what it is for."""
        return f"{role.label} – {role.help}" if role.help else str(role.label)


class RoleForATime(ReadableLines, forms.Form):
    """A role, and until when."""

    role = RoleChoice()
    ends_on = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The first day without access. Leave empty for a role without an end."),
    )

    def __init__(self, *args: Any, holds: Holds, today: date, **kwargs: Any) -> None:
        """Offer what the reader could give."""
        super().__init__(*args, **kwargs)
        self.today = today
        field = self.fields["role"]
        assert isinstance(field, RoleChoice)
        field.offer(holds)

    def clean(self) -> dict[str, Any]:
        """Return the choice; a role that is only for a time needs its end."""
        cleaned = super().clean() or {}
        role = cleaned.get("role")
        ends_on = cleaned.get("ends_on")
        if role is not None and role.needs_an_end and ends_on is None:
            self.add_error("ends_on", _("This role is only given for a time: say until when."))
        if ends_on is not None and ends_on <= self.today:
            self.add_error("ends_on", _("Choose a day after today."))
        return cleaned


class InviteForm(RoleForATime):
    """An address, a role, a word of welcome."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the mail"), choices=settings.LANGUAGES)
    note = forms.CharField(
        label=gettext_lazy("A word of welcome"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ["email", "role", "ends_on", "language", "note"]


class NewPersonForm(RoleForATime):
    """An account for somebody who has no e-mail address."""

    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=100)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=100)
    username = forms.CharField(
        label=gettext_lazy("User name"),
        required=False,
        max_length=63,
        validators=[username_shape],
        help_text=gettext_lazy("Made of the names when left empty."),
    )
    field_order = ["first_name", "last_name", "username", "role", "ends_on"]

    def clean_username(self) -> str:
        """Return a user name nobody has."""
        username: str = self.cleaned_data["username"].strip().lower()
        if username and Person.objects.filter(username=username).exists():
            raise ValidationError(_("This user name is taken."))
        return username


class PersonForm(TellsChanges, ReadableLines, forms.Form):
    """Names, address and language of somebody."""

    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=100, required=False)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=100, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        """Start from what is known."""
        initial = {
            name: getattr(person, name) or "" for name in ("first_name", "last_name", "email", "language")
        }
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.person = person
        if person.kind == Person.Kind.GUARDIAN:  # of a parent the address is kept, no name
            del self.fields["first_name"], self.fields["last_name"]

    def clean_email(self) -> str:
        """Return an address nobody else has."""
        email: str = self.cleaned_data["email"].strip().lower()
        if email and Person.objects.filter(email=email).exclude(pk=self.person.pk).exists():
            raise ValidationError(_("Somebody here has this address already."))
        return email


class AccountForm(PersonForm):
    """One's own names and language; the address has a page of its own, as it is proved by a link."""

    email = None  # type: ignore[assignment]


class RoleForm(TellsChanges, ReadableLines, forms.Form):
    """A role's name, permissions and scope; what the reader doesn't hold can't be ticked."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80, required=False)
    scope = forms.ChoiceField(
        label=gettext_lazy("Whose things"),
        choices=Role.Scope.choices,
        widget=forms.RadioSelect(attrs={"class": "boxed"}),
        help_text=gettext_lazy(
            "Rights marked “whole place” need everyone’s: they can’t be kept to a circle."
        ),
    )

    def __init__(self, *args: Any, role: Role, holds: Holds, area: str, **kwargs: Any) -> None:
        """Draw one group of boxes per heading."""
        initial = {"name": role.name, "scope": role.scope}
        super().__init__(*args, **{**kwargs, "initial": initial})
        if role.shipped:
            self.fields["name"].help_text = _("Empty, it is called “%(name)s” in each reader’s language.") % {
                "name": Role(shipped=role.shipped).label
            }
        else:
            self.fields["name"].required = True
        for group in dict.fromkeys(permission.group for permission in catalogue(area)):
            keys = [permission.key for permission in catalogue(area) if permission.group == group]
            self.fields[f"permissions_{group}"] = forms.MultipleChoiceField(
                label=str(GROUP_NAMES[group]),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[(key, _marked(key, holds, area)) for key in keys],
                initial=[key for key in keys if key in role.permissions],
            )

    def values(self) -> dict[str, Any]:
        """Return what to change."""
        groups = (values for name, values in self.cleaned_data.items() if name.startswith("permissions_"))
        permissions = [permission for values in groups for permission in values]
        return {
            "name": self.cleaned_data["name"],
            "scope": self.cleaned_data["scope"],
            "permissions": permissions,
        }


def _marked(key: str, holds: Holds, area: str) -> str:
    name = str(RIGHT_NAMES[key])
    if area == "tenant" and beyond_a_circle([key]):
        name = _("%(right)s (whole place)") % {"right": name}
    is_mine = not missing_permissions(holds=holds, wants={key: "circle"})
    return name if is_mine else _("%(right)s (not yours to give)") % {"right": name}


class CopyRoleForm(ReadableLines, forms.Form):
    """The name of a copy."""

    name = forms.CharField(label=gettext_lazy("Name of the new role"), max_length=80)


class TermsForm(ReadableLines, forms.Form):
    """One box a text, unticked."""

    def __init__(self, *args: Any, versions: Sequence[TermsVersion], **kwargs: Any) -> None:
        """Draw the boxes."""
        super().__init__(*args, **kwargs)
        for number, version in enumerate(versions):
            self.fields[f"terms_{number}"] = forms.BooleanField(
                label=_("I have read and accept: %(terms)s") % {"terms": terms_label(version)},
                error_messages={"required": _("Tick this box to go on: nothing is accepted for you.")},
            )


class AcceptForm(TermsForm):
    """The terms first, then who you are, then a password."""

    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=100)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=100)
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        help_text=HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        """Ask only what isn't known; of a parent no name is asked."""
        super().__init__(*args, **kwargs)
        person = invitation.person
        boxes = [name for name in self.fields if name.startswith("terms_")]
        self.invitation = invitation
        self.order_fields([*boxes, "first_name", "last_name", "password"])
        if invitation.role.shipped in {"guardian", "student"} or (person is not None and person.last_name):
            del self.fields["first_name"], self.fields["last_name"]

    def clean(self) -> dict[str, Any]:
        """Return what was typed; the password is compared with what is known of the person."""
        cleaned = super().clean() or {}
        names = {name: cleaned.get(name, "") for name in ("first_name", "last_name")}
        if "password" in cleaned:
            try:
                validate_password(cleaned["password"], Person(email=self.invitation.email, **names))
            except ValidationError as refusal:
                self.add_error("password", refusal)
        return cleaned

    def values(self) -> dict[str, str]:
        """Return the names and the password."""
        return {name: self.cleaned_data.get(name, "") for name in ("first_name", "last_name", "password")}


class ReviewForm(forms.Form):
    """A ticked box for each role somebody holds, a page at a time; what was shown and is unticked ends.

    What was unticked on the pages before comes along, and ends with the last page's.
    """

    def __init__(self, *args: Any, memberships: QuerySet[Membership], **kwargs: Any) -> None:
        """Keep all memberships, and the page that was sent."""
        super().__init__(*args, **kwargs)
        self.memberships = memberships
        self.page = Paginator(memberships, REVIEWED_A_PAGE).get_page(self.data.get("page"))

    def ended(self) -> list[UUID]:
        """Return the memberships that were shown, on this page or before, and not kept."""
        data: Any = self.data
        if not self.is_bound:
            return []
        unticked = {*data.getlist("end"), *data.getlist("shown")} - {*data.getlist("keep")}
        return [pk for pk in self.memberships.values_list("pk", flat=True) if str(pk) in unticked]

    def turn(self) -> bool:
        """Turn to the next page; False where there is none."""
        if not self.page.has_next():
            return False
        self.page = self.page.paginator.page(self.page.next_page_number())
        return True
