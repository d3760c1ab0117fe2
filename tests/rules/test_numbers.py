"""The numbers of firms: what their keys tell."""

import pytest

from billing.money.policy.numbers import (
    BadNumber,
    checked_siren,
    checked_siret,
    checked_vat_number,
)

SIREN = "908000011"
SIRET = "90800001100019"
VAT = "FR67908000011"


def test_numbers_as_people_write_them():
    assert checked_siren("908 000 011") == SIREN
    assert checked_siret("908 000 011 00019", siren=SIREN) == SIRET
    assert checked_vat_number("fr 67 908000011", country="FR") == VAT
    assert checked_vat_number(VAT, country="MC") == VAT
    assert checked_vat_number("EL 094259216", country="GR") == "EL094259216"


@pytest.mark.parametrize(
    ("judge", "text", "kind"),
    [
        (checked_siren, "908000012", "siren"),
        (checked_siren, "", "siren"),
        (checked_siret, "90800001100018", "siret"),
        (lambda text: checked_siret(text, siren="213599905"), SIRET, "siret"),
        (lambda text: checked_vat_number(text, country="FR"), "FR68908000011", "vat"),
        (lambda text: checked_vat_number(text, country="FR"), "67908000011", "vat"),
        (lambda text: checked_vat_number(text, country="DE"), VAT, "vat"),
        (lambda text: checked_vat_number(text, country="CH"), "CHE-116.281.710", "vat"),
    ],
)
def test_a_wrong_key_is_refused(judge, text, kind):
    with pytest.raises(BadNumber) as bad:
        judge(text)
    assert bad.value.kind == kind
