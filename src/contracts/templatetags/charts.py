"""Drawings made on the server: SVG with presentation attributes only, so that page and PDF show the same.

Classes let the stylesheet recolour them in dark mode; the attributes are what paper and a page without styles
show.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from contracts.templatetags.ui import money_text

register = template.Library()

PAPER = {
    "good": "#1b6e45",
    "wait": "#d9a441",
    "rest": "#dedacf",
    "wrong": "#ae231c",
    "accent": "#1d4c8a",
    "1": "#9aadcc",
    "2": "#6d8ab5",
    "3": "#3e669c",
    "4": "#ae231c",
}
LINE = "#1d4c8a"
GRID = "#e2ddd3"
MUTED = "#556070"


def _svg(
    box: tuple[float, float], css: str, label: str, body: SafeString, *, stretch: bool = False
) -> SafeString:
    fit = mark_safe(' preserveAspectRatio="none"') if stretch else ""
    return format_html(
        '<svg class="chart {}" viewBox="0 0 {} {}" width="{}" height="{}"{} '
        'role="img"><title>{}</title>{}</svg>',
        css,
        *map(_n, box),
        *map(_n, box),
        fit,
        label,
        body,
    )


def _n(value: float) -> str:
    """Return a coordinate, the same in every language."""
    return f"{value:.1f}".removesuffix(".0")


def _join(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _rect(x: float, width: float, height: float, tone: str) -> SafeString:
    return format_html(
        '<rect class="c-{}" x="{}" y="0" width="{}" height="{}" fill="{}"/>',
        tone,
        _n(x),
        _n(max(width, 0)),
        _n(height),
        PAPER[tone],
    )


def _path(points: Sequence[tuple[float, float]], width: float) -> SafeString:
    steps = "M" + " L".join(f"{_n(x)} {_n(y)}" for x, y in points)
    return format_html(
        '<path class="c-line" d="{}" fill="none" stroke="{}" stroke-width="{}" stroke-linecap="round" '
        'stroke-linejoin="round"/>',
        steps,
        LINE,
        _n(width),
    )


def _dot(point: tuple[float, float], radius: float) -> SafeString:
    return format_html(
        '<circle class="c-dot" cx="{}" cy="{}" r="{}" fill="{}"/>',
        _n(point[0]),
        _n(point[1]),
        _n(radius),
        LINE,
    )


def _told(label: str, values: Sequence[float]) -> str:
    if not values:
        return _("%(what)s: nothing yet") % {"what": label}
    if len(values) == 1:
        return _("%(what)s: %(value)d") % {"what": label, "value": values[0]}
    return _("%(what)s: from %(first)d to %(last)d") % {"what": label, "first": values[0], "last": values[-1]}


def _range(values: Sequence[float]) -> tuple[float, float]:
    """Return the part of 0–100 that a small line shows: at least 40 of it, so that little stays little."""
    low = min(values, default=0)
    high = max(values, default=100)
    missing = max(0, 40 - (high - low))
    low = max(0, low - missing / 2)
    return min(low, 60), max(high + missing / 2, low + 40)


@register.simple_tag
def sparkline(points: Sequence[float | None], label: str) -> SafeString:
    """Return a small line of values between 0 and 100, its last point marked; the line goes on over None."""
    step = 140 / max(len(points) - 1, 1)
    known = [value for value in points if value is not None]
    low, high = _range(known)
    rise = 20 / (high - low)
    places = [
        (4 + i * step, 24 - (value - low) * rise) for i, value in enumerate(points) if value is not None
    ]
    body = _join([_path(places, 2), _dot(places[-1], 3)]) if places else mark_safe("")
    return _svg((148, 28), "spark", _told(label, known), body)


def _month_marks(first: date, last: date) -> list[date]:
    months = []
    day = first.replace(day=1)
    while day <= last:
        months.append(day)
        day = day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1)
    if len(months) > 1 and (months[1] - first).days * 324 < 40 * max((last - first).days, 1):
        months = months[1:]  # no room for the name of a month that is nearly over
    return months[:: 1 if len(months) <= 6 else 2]


def _year_grid(first: date, last: date, x_of: Any) -> SafeString:
    lines = format_html_join(
        "",
        '<path class="c-grid" d="M28 {}H356" stroke="{}" fill="none"/>',
        ((_n(110 - v), GRID) for v in (0, 50, 100)),
    )
    scale = format_html_join(
        "",
        '<text x="22" y="{}" text-anchor="end" fill="{}" font-size="11">{}</text>',
        ((_n(114 - v), MUTED, v) for v in (0, 50, 100)),
    )
    months = format_html_join(
        "",
        '<text x="{}" y="128" fill="{}" font-size="11">{}</text>',
        ((_n(min(max(x_of(m), 28), 330)), MUTED, date_format(m, "N")) for m in _month_marks(first, last)),
    )
    return _join([lines, scale, months])


@register.simple_tag
def year_line(points: Sequence[tuple[date, float]], label: str) -> SafeString:
    """Return values between 0 and 100 along the days they were reached, with months below and a table
    behind.
    """
    if not points:
        return format_html('<p class="muted">{}</p>', _("Nothing to draw yet."))
    points = sorted(points)
    first = points[0][0]
    last = points[-1][0]
    span = max((last - first).days, 1)

    def x_of(on: date) -> float:
        return 28 + (on - first).days / span * 324

    places = [(x_of(on), 110 - value) for on, value in points]
    body = _join([_year_grid(first, last, x_of), _path(places, 2.5), _dot(places[-1], 4)])
    drawing = _svg((360, 132), "year", _told(label, [value for _on, value in points]), body)
    rows = [(date_format(on, "SHORT_DATE_FORMAT"), f"{value:.0f}") for on, value in points]
    return _join([drawing, _twin(label, [_("Day"), _("Value")], rows)])


def _twin(caption: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> SafeString:
    return render_to_string("components/chart_table.html", {"caption": caption, "heads": heads, "rows": rows})


def _stacked(parts: Sequence[tuple[str, float, str]], label: str) -> SafeString:
    total = sum(count for _label, count, _tone in parts)
    told = ", ".join(f"{name} {count}" for name, count, _tone in parts)
    rects = []
    x = 0.0
    for _name, count, tone in parts:
        width = count / total * 100 if total else 0
        rects.append(_rect(x, width, 8, tone))
        x += width
    rest = _rect(0, 100, 8, "rest")
    return _svg(
        (100, 8),
        "meter",
        _("%(what)s: %(told)s") % {"what": label, "told": told},
        _join([rest, *rects]),
        stretch=True,
    )


@register.simple_tag
def stacked_bar(parts: Sequence[tuple[str, float, str]], label: str) -> SafeString:
    """Return one bar made of (name, count, tone) parts, told in words; the whole width is their sum."""
    return _stacked(parts, label)


@register.simple_tag
def competency_bars(rows: Sequence[tuple[str, int, int, int]]) -> SafeString:
    """Return a bar per (competency, acquired, in progress, to come), with one legend and one table behind."""
    names = (_("acquired"), _("in progress"), _("to come"))
    tones = ("good", "wait", "rest")
    bars = [(row[0], _stacked(list(zip(names, row[1:], tones, strict=True)), row[0])) for row in rows]
    table = _twin(_("Competencies"), [_("Competency"), *names], rows)
    context = {
        "bars": bars,
        "legend": [(_swatch(t), n) for t, n in zip(tones, names, strict=True)],
        "table": table,
    }
    return render_to_string("components/competency_bars.html", context)


def _swatch(tone: str) -> SafeString:
    return format_html(
        '<svg class="chart swatch" viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">'
        '<rect class="c-{}" width="10" height="10" rx="2" fill="{}"/></svg>',
        tone,
        PAPER[tone],
    )


@register.simple_tag
def ageing_bar(rows: Sequence[tuple[str, int]], label: str, currency: str = "EUR") -> SafeString:
    """Return amounts in cents by age, the oldest last and in the colour of alarm, each written out below."""
    tones = ["1", "2", "3"][: max(len(rows) - 1, 0)] + ["4"]
    parts = [(name, cents / 100, tone) for (name, cents), tone in zip(rows, tones, strict=True)]
    told = _svg_of_ages(parts, label, [money_text(cents, currency) for _name, cents in rows])
    keys = [
        (_swatch(tone), f"{name} · {money_text(cents, currency)}")
        for (name, cents), tone in zip(rows, tones, strict=True)
    ]
    return render_to_string("components/legend_bar.html", {"bar": told, "legend": keys})


def _svg_of_ages(parts: Sequence[tuple[str, float, str]], label: str, amounts: Sequence[str]) -> SafeString:
    total = sum(share for _name, share, _tone in parts) or 1
    told = ", ".join(f"{name} {amount}" for (name, _share, _tone), amount in zip(parts, amounts, strict=True))
    rects = []
    x = 0.0
    for _name, share, tone in parts:
        width = share / total * 400
        if share:
            rects.append(_rect(x, max(width - 2, 1), 26, tone))
        x += width
    return _svg(
        (400, 26),
        "meter tall",
        _("%(what)s: %(told)s") % {"what": label, "told": told},
        _join(rects),
        stretch=True,
    )


@register.simple_tag
def licence_bar(used: int, bought: int) -> SafeString:
    """Return the licences used out of those bought, in the colour of how near the end is."""
    share = used / bought if bought else 1
    tone = "wrong" if share >= 1 else "wait" if share >= 0.9 else "accent"
    told = _("%(used)d of %(bought)d licences used") % {"used": used, "bought": bought}
    bar = _svg(
        (100, 8),
        "meter",
        told,
        _join([_rect(0, 100, 8, "rest"), _rect(0, min(share, 1) * 100, 8, tone)]),
        stretch=True,
    )
    return render_to_string("components/legend_bar.html", {"bar": bar, "text": told})


Column = tuple[date, Sequence[tuple[str, int, str]]]


@register.simple_tag
def month_columns(rows: Sequence[Column], label: str, currency: str = "EUR") -> SafeString:
    """Return a column a month, each of (name, cents, tone) parts.

    What is below zero is taken off the largest part.
    """
    if not rows:
        return format_html('<p class="muted">{}</p>', _("Nothing to draw yet."))
    drawn = [(month, _above_zero(parts)) for month, parts in rows]
    most = max([sum(cents for _name, cents, _tone in parts) for _month, parts in drawn] + [1])
    step = 680 / len(rows)
    body = [_amount_grid(most, currency)]
    for n, (month, parts) in enumerate(drawn):
        body += _column(30 + n * step, step, parts, most)
        if n % (1 + len(rows) // 13) == 0:
            body.append(_month_label(30 + (n + 0.5) * step, month))
    told = ", ".join(
        f"{date_format(month, 'N Y')} {money_text(sum(part[1] for part in parts), currency)}"
        for month, parts in rows
    )
    drawing = _svg(
        (720, 180), "columns", _("%(what)s: %(told)s") % {"what": label, "told": told}, _join(body)
    )
    boxed = format_html(
        '<div class="table-box" tabindex="0" role="region" aria-label="{}">{}</div>', label, drawing
    )
    names = list(dict.fromkeys((name, tone) for _month, parts in rows for name, _cents, tone in parts))
    return _join(
        [boxed, _legend(names), _twin(label, *_column_table(rows, [name for name, _tone in names], currency))]
    )


def _above_zero(parts: Sequence[tuple[str, int, str]]) -> list[tuple[str, int, str]]:
    """Return the parts to draw: none below zero, the same sum where it is above it."""
    found = sorted((part for part in parts if part[1] > 0), key=lambda part: -part[1])
    less = -sum(cents for _name, cents, _tone in parts if cents < 0)
    for n, (name, cents, tone) in enumerate(found):
        found[n] = (name, cents - min(less, cents), tone)
        less -= min(less, cents)
    kept = {name: (name, cents, tone) for name, cents, tone in found if cents}
    return [kept[name] for name, _cents, _tone in parts if name in kept]


def _amount_grid(most: int, currency: str) -> SafeString:
    lines = format_html_join(
        "",
        '<path class="c-grid" d="M30 {}H710" stroke="{}" fill="none"/>',
        ((_n(y), GRID) for y in (20, 85, 150)),
    )
    return _join(
        [
            lines,
            format_html(
                '<text x="30" y="14" fill="{}" font-size="11">{}</text>', MUTED, money_text(most, currency)
            ),
        ]
    )


def _column(x: float, step: float, parts: Sequence[tuple[str, int, str]], most: int) -> list[SafeString]:
    found = []
    y = 150.0
    for _name, cents, tone in parts:
        height = cents / most * 130
        y -= height
        found.append(
            format_html(
                '<rect class="c-{}" x="{}" y="{}" width="{}" height="{}" fill="{}"/>',
                tone,
                _n(x + step * 0.15),
                _n(y),
                _n(step * 0.7),
                _n(height),
                PAPER[tone],
            )
        )
    return found


def _month_label(x: float, month: date) -> SafeString:
    return format_html(
        '<text x="{}" y="166" text-anchor="middle" fill="{}" font-size="11">{}</text>',
        _n(x),
        MUTED,
        date_format(month, "N"),
    )


def _legend(names: Sequence[tuple[str, str]]) -> SafeString:
    items = format_html_join("", "<li>{} {}</li>", ((_swatch(tone), name) for name, tone in names))
    return format_html('<ul class="legend">{}</ul>', items)


def _column_table(
    rows: Sequence[Column], names: Sequence[str], currency: str
) -> tuple[list[str], list[list[object]]]:
    table: list[list[object]] = []
    for month, parts in rows:
        known = {name: cents for name, cents, _tone in parts}
        cells = [known.get(name, 0) for name in names] + ([sum(known.values())] if len(names) > 1 else [])
        table.append([date_format(month, "F Y"), *(money_text(cents, currency) for cents in cells)])
    return [_("Month"), *names, *([_("In all")] if len(names) > 1 else [])], table
