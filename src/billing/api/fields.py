"""Money and days as programs write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from billing.money.policy.money import CURRENCIES, BadAmount, format_amount, parse_amount
from billing.money.policy.possible_days import is_possible
from contracts.forms import check_readable

MAX_CENTS = 100_000_000_00

LONGEST_LINE = 500  # what may be longer is a text of several lines


class Strict(serializers.Serializer[Any]):
    """Reads what a program sends, and refuses a field nobody knows: nothing is lost in silence.

    Its lines of text hold only what can be read.
    """

    def get_fields(self) -> dict[str, Any]:
        """Return the fields, each line of text judged."""
        found: dict[str, Any] = super().get_fields()
        for field in found.values():
            if type(field) is serializers.CharField and (field.max_length or 0) <= LONGEST_LINE:
                field.validators.append(check_readable)
        return found

    def to_internal_value(self, data: Any) -> Any:
        """Return what was sent. Raises ValidationError for each field that is wrong or unknown."""
        told = data if isinstance(data, Mapping) else {}
        unknown: dict[str, Any] = {
            str(name): [_("There is no such field.")] for name in told if name not in self.fields
        }
        try:
            found = super().to_internal_value(data)
        except serializers.ValidationError as wrong:
            known = wrong.detail if isinstance(wrong.detail, dict) else {}
            raise serializers.ValidationError(unknown | known if known else wrong.detail) from None
        if unknown:
            raise serializers.ValidationError(unknown)
        return found


class MoneyShape(Strict):
    """An amount as a string with two decimals, and its currency."""

    amount = serializers.RegexField(r"^-?\d{1,12}([.]\d{1,2})?$")
    currency = serializers.ChoiceField(sorted(CURRENCIES))


@extend_schema_field(MoneyShape)
class Money(serializers.Field[Any, Any, Any, Any]):
    """Reads `<name>_cents` of a row with its currency.

    Cleans what is sent to cents, in the currency asked for.

    That is the one of the context, where the document has one already, else its own.
    """

    default_error_messages = {
        "amount": _("Write an amount such as “1200.00”, as a string."),
        "currency": _("The currency is %(currency)s here."),
        "range": _("This amount isn’t possible here."),
    }

    def __init__(
        self,
        cents: str = "",
        *,
        currency: str = "EUR",
        least: int = 1,
        most: int = MAX_CENTS,
        **options: Any,
    ) -> None:
        """Read from the column `cents` when it is given; accept amounts from `least` to `most` cents."""
        self.cents = cents
        self.currency = currency
        self.least = least
        self.most = most
        super().__init__(**options | ({"read_only": True} if cents else {}))

    def get_attribute(self, instance: Any) -> Any:
        """Return the cents and the currency of a row, None where it says no amount."""
        cents = getattr(instance, self.cents)
        return None if cents is None else (cents, getattr(instance, "currency", self.currency))

    def to_representation(self, value: Any) -> dict[str, str]:
        """Return the amount as a string, with its currency."""
        cents, currency = value
        return {"amount": format_amount(cents), "currency": currency}

    def to_internal_value(self, data: Any) -> int:
        """Return the cents of what was sent."""
        shape = MoneyShape(data=data)
        shape.is_valid(raise_exception=True)
        currency = self.context.get("currency", self.currency)
        if shape.validated_data["currency"] != currency:
            text = self.error_messages["currency"] % {"currency": currency}
            raise serializers.ValidationError({"currency": [text]})
        try:
            cents = parse_amount(shape.validated_data["amount"])
        except BadAmount:
            raise serializers.ValidationError({"amount": [self.error_messages["amount"]]}) from None
        if not self.least <= cents <= self.most:
            raise serializers.ValidationError({"amount": [self.error_messages["range"]]})
        return cents


class Day(serializers.DateField):
    """A day of this century."""

    default_error_messages = {"range": _("This day isn’t possible here.")}

    def to_internal_value(self, value: Any) -> date:
        """Return the day that was sent."""
        day = super().to_internal_value(value)
        if not is_possible(day):
            self.fail("range")
        return day
