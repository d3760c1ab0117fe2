"""What a professional is asked of a purchase: the small one outside their trade buys like a consumer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.customers.policy.clients import MAX_EMPLOYEES, may_be_protected
from contracts.forms import ReadableLines

CAPACITY = ("employees", "outside_main_activity")


class CapacityFields(ReadableLines, forms.Form):
    """How many employees a professional has, and whether they buy outside what they do (LG-S3)."""

    employees = forms.IntegerField(
        label=_("How many employees you have"),
        min_value=0,
        max_value=MAX_EMPLOYEES,
        required=False,
        help_text=_(
            "With at most 5, and for a purchase outside what you do, the law gives you a consumer’s prices, "
            "warranties and right to withdraw."
        ),
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    outside_main_activity = forms.BooleanField(
        label=_("This purchase is outside our main activity"), required=False
    )

    def drop_capacity(self, kind: str) -> None:
        """Ask nothing of a kind of client whom nothing said here would protect."""
        if kind == "consumer" or not may_be_protected(kind):
            for name in CAPACITY:
                self.fields.pop(name, None)

    def capacity_kept(self, kind: str) -> dict[str, Any]:
        """Return what was said, as a cart or a quote keeps it; nothing of who isn't asked."""
        if kind == "consumer" or not may_be_protected(kind):
            return {}
        return {
            "employees": self.cleaned_data.get("employees"),
            "outside_main_activity": bool(self.cleaned_data.get("outside_main_activity")),
        }
