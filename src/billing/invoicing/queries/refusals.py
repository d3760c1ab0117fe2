"""Why a document can't be issued, in words a clerk understands, with what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Broken(Protocol):
    """A rule that would be broken."""

    @property
    def rule(self) -> str:
        """Return the rule's number."""

    @property
    def text(self) -> str:
        """Return what it says."""


LACKS = {
    "name": gettext_lazy("the client’s name"),
    "street": gettext_lazy("the client’s street"),
    "postcode": gettext_lazy("the client’s postcode"),
    "city": gettext_lazy("the client’s town"),
    "country": gettext_lazy("the client’s country"),
    "siren": gettext_lazy("the client’s SIREN"),
    "siret": gettext_lazy("the public body’s SIRET, by which Chorus Pro knows it"),
    "service_code": gettext_lazy("the public body’s service code, without spaces or accents"),
    "email": gettext_lazy("the client’s e-mail address"),
    "vat_number": gettext_lazy("the client’s VAT number"),
    "description": gettext_lazy("a description on each line"),
    "lines": gettext_lazy("a line"),
    "total": gettext_lazy("a total that isn’t below zero"),
    "exchange_rate": gettext_lazy("the VAT in euros: sell with VAT in euros only"),
}

TERMS = (  # what the business terms of EN 16931 are called here
    ("BT-46", "siret"),
    ("BT-47", "siren"),
    ("BT-48", "vat_number"),
    ("BT-49", "email"),
    ("BR-07", "name"),
    ("BR-10", "street"),
    ("BR-11", "country"),
    ("BR-16", "lines"),
    ("BR-25", "description"),
    ("BR-AE-02", "vat_number"),
    ("BR-IC-02", "vat_number"),
)


#: What a rule says of what was sold, in words that say what to do.
OF_THE_SALE = {
    "BR-IC-11": gettext_lazy(
        "A down payment on goods that leave for another member state has no invoice of its own: ask for none."
    ),
}


def refusal_words(missing: Sequence[str], broken: Iterable[Broken]) -> str:
    """Return one sentence per reason: what lacks and where to write it down, then the rules in their authors'
    words.
    """
    rules = list(broken)
    found = []
    if told := _lacks(missing, rules):
        found.append(
            _("This lacks: %(what)s. Complete the client’s page, then try again.") % {"what": ", ".join(told)}
        )
    found += [str(OF_THE_SALE[each.rule]) for each in rules if each.rule in OF_THE_SALE]
    found += [
        _("An electronic invoice would be refused (%(rule)s): %(text)s")
        % {"rule": each.rule, "text": each.text}
        for each in rules
        if not _lacking(each.rule) and each.rule not in OF_THE_SALE
    ]
    return " ".join(found)


def lack_words(missing: Sequence[str], broken: Iterable[Broken]) -> str:
    """Return only what lacks, for who can't mend it; the rules by their number."""
    rules = list(broken)
    return ", ".join([*_lacks(missing, rules), *(each.rule for each in rules if not _lacking(each.rule))])


def _lacks(missing: Sequence[str], rules: Iterable[Broken]) -> list[str]:
    names = [*missing, *(name for each in rules if (name := _lacking(each.rule)))]
    return list(dict.fromkeys(str(LACKS.get(name, name)) for name in names))


def _lacking(rule: str) -> str:
    return next((name for term, name in TERMS if term in rule.split("_") or rule == term), "")
