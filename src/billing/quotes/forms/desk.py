"""What an act on the quote desk makes of its two sheets.

A line or a site more or less, a price from the list.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from billing.catalogue.actions.price_lines import LineDraft
from billing.quotes.actions.write_quote import SiteDraft
from billing.quotes.forms.quotes import LineForm, LineFormSet, SiteFormSet

LINE = ("product", "description", "site", "quantity", "unit_net", "listed")

SITE = ("name", "slug", "admin_email")

Rows = list[dict[str, Any]]


def sheets(sites: Rows, lines: Rows, known: dict[str, Any]) -> tuple[Any, Any]:
    """Return the two sheets, not judged: sites and lines."""
    details = known | {"sites": [site.get("name") or "" for site in sites]}
    return SiteFormSet(initial=sites, prefix="sites"), LineFormSet(
        initial=lines, prefix="lines", form_kwargs=details
    )


def changed(sites: Any, sheet: Any, act: str, known: dict[str, Any]) -> tuple[Any, Any]:
    """Return the sheets after an act: its verb, and the rank of the row where it concerns one."""
    verb, _dash, rank = act.rpartition("-") if act[-1:].isdigit() else (act, "", "")
    at = int(rank) if rank else None
    places = [{name: each[name].value() for name in SITE} for each in sites.forms]
    rows = [_row(each, anew=verb == "price" and n == at) for n, each in enumerate(sheet.forms)]
    if verb == "remove" and at is not None and at < len(rows) > 1:
        del rows[at]
    elif verb == "add":
        rows.append({"quantity": 1})
    elif verb == "site-add":
        places.append({})
        same = {name: rows[0].get(name) for name in ("product", "unit_net", "listed")} if rows else {}
        rows.append({"quantity": 1, "site": len(places) - 1} | same)
    elif verb == "site-remove" and at is not None and at < len(places) > 1:
        del places[at]
        rows = [_moved(row, at) for row in rows if str(row.get("site")) != str(at)] or [{"quantity": 1}]
    return sheets(places, rows, known)


def _row(each: LineForm, *, anew: bool) -> dict[str, Any]:
    """Return a line as it was typed, its price from the list where it was left out, filled in before, or
    asked anew.
    """
    row = {name: each[name].value() for name in LINE if name in each.fields}
    listed = _cents(row["listed"])
    asked = each.asked_now
    if anew or not row["unit_net"] or (listed is not None and _typed(each) == listed):
        row["unit_net"] = row["listed"] = asked.net_cents if asked else None
    return row


def _cents(text: Any) -> int | None:
    return int(text) if str(text or "").isdigit() else None


def _typed(each: LineForm) -> int | None:
    """Return the price that stands on a line, None where none can be read."""
    field = each.fields["unit_net"]
    try:
        cents: int | None = field.clean(field.prepare_value(each["unit_net"].value()) or "")
    except ValidationError:
        return None
    return cents


def _moved(row: dict[str, Any], gone: int) -> dict[str, Any]:
    """Return a line whose site moved up because one before it went."""
    site = str(row.get("site") or "")
    return row | {"site": int(site) - 1} if site.isdigit() and int(site) > gone else row


def say_sites_left_empty(sites: Any, sheet: Any) -> None:
    """Say at each line that is for a site left empty that it sells nothing to anybody."""
    empty = {n for n, each in enumerate(sites.forms) if each.is_valid() and each.site() is None}
    for line in sheet.forms:
        site = None if line.is_empty or "site" in line.errors else line.cleaned_data.get("site")
        if site in empty:
            words = _("Complete site %(n)d, or choose another one.") % {"n": site + 1}
            line.add_error("site", words)


def rows_of(sites: Any, sheet: Any, language: str) -> tuple[list[LineDraft], list[SiteDraft]]:
    """Return the lines and the sites that can be read, those left empty taken out and the ranks following.

    A line for a site that can't be read is none of them.
    """
    places = [each.site() if each.is_valid() else None for each in sites.forms]
    ranks = {old: new for new, old in enumerate(n for n, site in enumerate(places) if site is not None)}
    lines = [each.line(language) for each in sheet.forms if each.is_sold_known and not each.is_empty]
    known = [each for each in lines if each.site is None or each.site in ranks]
    moved = [replace(each, site=None if each.site is None else ranks[each.site]) for each in known]
    return moved, [site for site in places if site is not None]


def read(each: LineForm) -> LineDraft | None:
    """Return a line as far as it can be read, its list price standing in for the one left out."""
    try:
        product = each.fields["product"].clean(each["product"].value())
        words = each.fields["description"].clean(each["description"].value())
        quantity = each.fields["quantity"].clean(each["quantity"].value())
        cents = each.fields["unit_net"].clean(
            each.fields["unit_net"].prepare_value(each["unit_net"].value()) or ""
        )
    except (ValidationError, TypeError):  # typed wrong: it counts for nothing yet
        return None
    asked = each.asked(product, quantity) if cents is None else None
    cents = asked.net_cents if asked else cents
    return None if cents is None else LineDraft(product.pk if product else None, words, quantity, cents)
