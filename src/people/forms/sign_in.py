"""How a person signs in."""

from typing import Any

from allauth.account.forms import ChangeEmailForm, LoginForm
from allauth.account.forms import ReauthenticateForm as PasswordAgain
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgain
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


class OneField:
    """A form that asks for one thing: the cursor stands in it when its page opens."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put the cursor in the first field."""
        super().__init__(*args, **kwargs)
        next(iter(self.fields.values())).widget.attrs["autofocus"] = True


class CodeForm(OneField, AuthenticateForm):  # type: ignore[misc]
    """The code of a second factor, to sign in."""


class CodeAgainForm(OneField, CodeAgain):  # type: ignore[misc]
    """The code of a second factor, before a change of how one signs in."""


class PasswordAgainForm(OneField, PasswordAgain):  # type: ignore[misc]
    """The password, before a change of how one signs in."""


class ChangeAddressForm(ChangeEmailForm):  # type: ignore[misc]
    """A new address, to be proved by a link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the field as people call it."""
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")
        self.fields["email"].widget.attrs.pop("placeholder", None)
