"""How a person signs in."""

from typing import Any

from allauth.account.forms import ChangeEmailForm, LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):  # type: ignore[misc]
    """An address or a user name, and a password."""

    def _setup_password_field(self) -> None:
        """Name the fields as people call them, without a placeholder in place of a label."""
        self.fields["login"] = forms.CharField(
            label=_("E-mail address or user name"),
            max_length=254,
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "username",
                    "autocapitalize": "none",
                    "spellcheck": "false",
                    "autofocus": True,
                }
            ),
        )
        self.fields["password"] = forms.CharField(
            label=_("Password"),
            strip=False,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        )
        self.order_fields(["login", "password"])


class ChangeAddressForm(ChangeEmailForm):  # type: ignore[misc]
    """A new address, to be proved by a link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the field as people call it."""
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")
        self.fields["email"].widget.attrs.pop("placeholder", None)
