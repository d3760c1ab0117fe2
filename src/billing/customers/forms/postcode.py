"""The postcode of a form, judged by its country."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from billing.money.policy.postcodes import WrongPostcode, postcode_of


def postcode_words(why: WrongPostcode) -> str:
    """Return what a postcode should be, for who typed another."""
    return _("A postcode there has %(digits)d digits: the VAT of a place is read from it.") % {
        "digits": why.digits
    }


def keep_postcode(
    form: forms.BaseForm, data: dict[str, Any], *, country: str = "country", postcode: str = "postcode"
) -> None:
    """Keep the postcode of a form as its country writes it, or say at its field what is wrong."""
    try:
        data[postcode] = postcode_of(data.get(country) or "", data.get(postcode) or "")
    except WrongPostcode as why:
        form.add_error(postcode, postcode_words(why))
