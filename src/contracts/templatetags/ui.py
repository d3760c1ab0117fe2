"""The parts of the design system that need a little code.

Docs/design-system.md shows each with an example.
"""

import re
from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from babel.numbers import format_currency, format_percent
from django import template
from django.conf import settings
from django.core.paginator import Page, Paginator
from django.forms import BaseForm, BaseFormSet, ChoiceField, TypedChoiceField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contracts.forms import PartOfForm
from contracts.labels import day_text

register = template.Library()

MINUS = "\N{MINUS SIGN}"
ICONS = "icons.svg"  # one symbol for each, fetched once
TONES = {"good": "check", "wait": "circle-dot", "wrong": "circle-alert", "accent": "", "": ""}
THEMES = {"light", "dark"}


@cache
def icon_names() -> frozenset[str]:
    """Return the names of all icons there are."""
    sprite = (Path(settings.BASE_DIR) / "static" / ICONS).read_text(encoding="utf-8")
    return frozenset(re.findall(r'<symbol id="([a-z0-9-]+)"', sprite))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Return an icon; it is hidden from screen readers unless it has a label of its own.

    An unknown name is a programming error: ValueError.
    """
    if name not in icon_names():
        raise ValueError(f"no icon is called {name!r}")
    told = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon" width="20" height="20" focusable="false" {}><use href="{}#{}"></use></svg>',
        told,
        static(ICONS),
        name,
    )


@register.simple_tag
def chip(text: object, tone: str = "", icon_name: str = "") -> SafeString:
    """Return a state in a word: tone is good, wait, wrong, accent or nothing, and each signal has its
    sign.
    """
    sign = icon_name or TONES[tone]
    css = f"chip chip-{tone}" if tone else "chip"
    return format_html('<span class="{}">{}{}</span>', css, icon(sign) if sign else "", text)


def _locale() -> str:
    return (get_language() or settings.LANGUAGE_CODE).replace("-", "_")


@register.filter
def money(cents: int | None, currency: str = "EUR") -> SafeString | str:
    """Return an amount of cents as people write it, e.g. `1 251,98 €`; never broken over two lines."""
    if cents is None:
        return "–"
    return format_html('<span class="money">{}</span>', money_text(cents, currency))


def money_text(cents: int, currency: str = "EUR") -> str:
    """Return the amount as plain text in the active language, with a true minus, for mails and charts."""
    return format_currency(Decimal(cents) / 100, currency, locale=_locale()).replace("-", MINUS)


@register.filter
def percent(share: float | Decimal | None, digits: int = 0) -> str:
    """Return a share between 0 and 1 as a percentage in the active language."""
    if share is None:
        return "–"
    return format_percent(
        Decimal(str(share)), locale=_locale(), format=f"#,##0.{'0' * digits} %" if digits else None
    )


@register.simple_tag
def when(instant: datetime | None) -> SafeString | str:
    """Return a moment in the tenant's time zone, short, with its machine form; a dash for none."""
    if instant is None:
        return "–"
    local = timezone.localtime(instant)
    shown = f"{day_text(local, 'SHORT_DATE_FORMAT')} {day_text(local, 'H:i')}"
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), shown)


@register.simple_tag
def day(value: date | None, style: str = "DATE_FORMAT") -> SafeString | str:
    """Return a day as the language writes it; `style` is one of Django's format names. A dash for none."""
    if value is None:
        return "–"
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), day_text(value, style))


@register.simple_tag
def ago(value: date | datetime | None, today: date | None = None) -> SafeString | str:
    """Return how many days ago something was, in words, with the exact date as a machine form."""
    if value is None:
        return "–"
    on = timezone.localtime(value).date() if isinstance(value, datetime) else value
    days = ((today or timezone.localdate()) - on).days
    return format_html('<time datetime="{}">{}</time>', on.isoformat(), _days_ago(days, on))


def _days_ago(days: int, on: date) -> str:
    if days == 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    if 1 < days < 7:
        return day_text(on, "l")
    if 7 <= days < 32:
        return _("%(days)d days ago") % {"days": days}
    return day_text(on, "SHORT_DATE_FORMAT")


@register.simple_tag(takes_context=True)
def sort_header(
    context: dict[str, Any], key: str, label: str, css: str = "", param: str = "sort"
) -> SafeString:
    """Return a table header that sorts by `key`: `?sort=key`, then `?sort=-key`."""
    query = context["request"].GET.copy()
    current = query.get(param, "")
    query[param] = f"-{key}" if current == key else key
    query.pop("page", None)
    state = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    sign = {"ascending": "arrow-up", "descending": "arrow-down", "": "arrow-up-down"}[state]
    told = format_html(' aria-sort="{}"', state) if state else ""
    klass = format_html(' class="{}"', css) if css else ""
    return format_html(
        '<th scope="col"{}{}><a href="?{}">{} {}</a></th>', klass, told, query.urlencode(), label, icon(sign)
    )


@register.simple_tag(takes_context=True)
def paged(context: Any, rows: Any, size: int, name: str) -> Page[Any]:
    """Return one page of a list that shares its screen with others.

    Which page, the address says under the list's own name: `?orders=2`.
    """
    page = Paginator(rows, size).get_page(context.request.GET.get(name))
    page.parameter = name  # type: ignore[attr-defined]
    return page


@register.simple_tag(takes_context=True)
def words_searched(context: Any) -> str:
    """Return what a list was searched for, as it was typed; "" where nothing was."""
    request = getattr(context, "request", None)
    return str(request.GET.get("q", "")).strip() if request else ""


@register.simple_tag(takes_context=True)
def page_url(context: Any, page: Page[Any], number: int) -> str:
    """Return the address of another page of a list, all else on the screen staying as it is."""
    asked = context.request.GET.copy()
    name = getattr(page, "parameter", "page")
    asked[name] = str(number)
    return f"?{asked.urlencode()}" + ("" if name == "page" else f"#{name}")


@register.simple_tag(takes_context=True)
def keep_query(context: dict[str, Any], *dropped: str) -> SafeString:
    """Return hidden inputs that carry the page's query along in a GET form, except the names given."""
    pairs = [
        (name, value)
        for name, values in context["request"].GET.lists()
        if name not in dropped and name != "page"
        for value in values
    ]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


@register.simple_tag(takes_context=True)
def theme(context: dict[str, Any]) -> SafeString | str:
    """Return the attribute that holds the theme a person chose; nothing means: as the device says."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request else ""
    return format_html(' data-theme="{}"', chosen) if chosen in THEMES else ""


@register.simple_tag
def banner() -> str:
    """Return what the banner says on an installation that is not the real one, else nothing."""
    if getattr(settings, "DEMO", False):
        return _("Demonstration: all of it is invented.")
    return str(getattr(settings, "BANNER", ""))


@register.filter
def summary_of(form: Any) -> list[tuple[str, str, str]]:
    """Return (anchor, label, message) for each error of a form, of a sheet of rows or of several of them, in
    the order they are read; a row is named after its field.
    """
    if isinstance(form, list | tuple):
        return [row for each in form for row in summary_of(each)]
    if isinstance(form, PartOfForm):
        return _errors_of(form.form, names=form.names, whole=form.is_first)
    if isinstance(form, BaseFormSet):
        rows = [("", "", str(error)) for error in form.non_form_errors()]
        return rows + [row for n, each in enumerate(form, start=1) for row in _errors_of(each, n)]
    return _errors_of(form) if isinstance(form, BaseForm) else []


def _errors_of(
    form: Any, n: int = 0, *, names: Collection[str] | None = None, whole: bool = True
) -> list[tuple[str, str, str]]:
    row = str(getattr(form, "row_name", "")).replace("%(n)s", str(n))
    rows = [("", row, error) for error in form.non_field_errors()] if whole else []
    for field in form if names is None else [form[name] for name in names if name in form.fields]:
        label = f"{field.label}, {row}" if row else field.label
        rows += [(field.id_for_label or field.auto_id, label, error) for error in field.errors]
    return rows


@register.filter
def is_optional(field: Any) -> bool:
    """Return whether the label says "optional": a visible field that may stay empty, boxes to tick aside.

    A choice that always has one of its values never is.
    """
    if field.field.required or field.widget_type in {"checkbox", "checkboxselectmultiple"}:
        return False
    if type(field.field) in {ChoiceField, TypedChoiceField}:
        return any(value in {"", None} for value, _words in field.field.choices)
    return True


@register.filter
def dash(value: Any) -> Any:
    """Return the value, or a dash where there is none."""
    return "–" if value is None or value == "" else conditional_escape(value)
