"""The parts of the design system: tags, forms, drawings; safe under a policy that allows no inline style."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.test import RequestFactory
from django.utils import timezone, translation

from contracts.templatetags import charts, ui

EVIL = '<script>alert("x")</script>'
INLINE = re.compile(r"\sstyle=|<style|<script|\son[a-z]+=", re.I)


def drawn(source, **context):
    return Template("{% load i18n ui charts %}" + source).render(Context(context))


class PupilForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the list.")
    born = forms.DateField(label="Born", required=False)
    agrees = forms.BooleanField(label="I agree")
    paper = forms.FileField(label="Paper")
    level = forms.MultipleChoiceField(
        label="Level", choices=[("cp", "CP"), ("ce1", "CE1")], widget=forms.CheckboxSelectMultiple
    )


def test_an_icon_is_silent_unless_it_stands_alone():
    assert 'aria-hidden="true"' in drawn('{% icon "users" %}')
    assert 'aria-label="locked"' in drawn('{% icon "lock" label="locked" %}')


@pytest.mark.parametrize("name", ["../../../etc/passwd", "no-such-icon", ""])
def test_an_unknown_icon_is_a_programming_error(name):
    with pytest.raises(ValueError):
        ui.icon(name)


def test_every_icon_named_in_a_template_or_a_room_exists():
    root = Path(settings.BASE_DIR)
    named = set()
    for path in root.glob("templates/**/*.html"):
        named |= set(re.findall(r"""\{% icon ["']([a-z0-9-]+)["']""", path.read_text()))
        named |= set(re.findall(r"""\bicon=["']([a-z0-9-]+)["']""", path.read_text()))
    for path in root.glob("src/**/*.py"):
        named |= set(re.findall(r"""\bicon=["']([a-z0-9-]+)["']""", path.read_text()))
    assert named - ui.icon_names() == set()


def test_every_icon_is_a_well_formed_drawing_of_one_sprite():
    sprite = ElementTree.parse(Path(settings.BASE_DIR) / "static" / ui.ICONS).getroot()
    symbols = list(sprite)
    assert {each.get("id") for each in symbols} == ui.icon_names()
    assert len(symbols) == len(ui.icon_names())
    assert {each.get("viewBox") for each in symbols} == {"0 0 24 24"}
    assert all(len(each) for each in symbols)


def test_an_icon_points_into_the_sprite_and_draws_nothing_itself():
    assert f'<use href="{static(ui.ICONS)}#users"></use>' in drawn('{% icon "users" %}')
    assert "<path" not in drawn('{% icon "users" %}')


def test_no_template_breaks_the_policy():
    mails = re.compile(r"templates/[a-z]+/mail/|templates/pdf/|/pdf/")
    wrong = [
        str(path.relative_to(settings.BASE_DIR))
        for path in Path(settings.BASE_DIR).glob("templates/**/*.html")
        if not mails.search(str(path))
        and re.search(r"\sstyle=\"|<style|<script(?! src)|\son(click|change|submit|load)=", path.read_text())
    ]
    assert wrong == []


@pytest.mark.parametrize("tone", ["good", "wait", "wrong"])
def test_a_signal_is_never_colour_alone(tone):
    assert "<svg" in ui.chip("state", tone)


def test_money_is_written_as_the_language_writes_it():
    with translation.override("fr"):
        assert ui.money_text(125198) == "1\u202f251,98\u00a0€"
    with translation.override("en"):
        assert ui.money_text(125198) == "€1,251.98"
        assert ui.money(None) == "–"


def test_moments_are_told_in_the_place_s_own_time():
    at = datetime(2026, 11, 16, 23, 30, tzinfo=UTC)
    with translation.override("fr"), timezone.override("Europe/Paris"):
        assert "17/11/2026 00:30" in ui.when(at)
    with translation.override("fr"), timezone.override("America/Martinique"):
        assert "16/11/2026 19:30" in ui.when(at)


@pytest.mark.parametrize(
    ("day", "said"),
    [(16, "today"), (15, "yesterday"), (13, "Friday"), (7, "9 days ago"), (20, "20/11/2026")],
)
def test_days_are_told_as_people_tell_them(day, said):
    with translation.override("en"):
        assert said in ui.ago(date(2026, 11, day), today=date(2026, 11, 16))


def test_what_people_typed_is_never_markup():
    bits = [
        ui.chip(EVIL, "good"),
        ui.icon("lock", EVIL),
        charts.sparkline([1, 2], EVIL),
        charts.year_line([(date(2026, 9, 1), 10), (date(2026, 10, 1), 20)], EVIL),
        charts.stacked_bar([(EVIL, 1, "good")], EVIL),
        charts.competency_bars([(EVIL, 1, 2, 3)]),
        charts.ageing_bar([(EVIL, 100), ("b", 200)], EVIL),
    ]
    assert all("<script" not in bit for bit in bits)


def test_drawings_carry_presentation_attributes_a_title_and_a_table():
    line = charts.year_line([(date(2026, 9, 1), 10), (date(2026, 11, 1), 60)], "Progress")
    assert not INLINE.search(line)
    assert "<title>Progress" in line
    assert "<table" in line
    assert 'stroke="#1d4c8a"' in line
    assert "<table" in charts.competency_bars([("Reading", 3, 2, 1)])


def test_a_bar_s_parts_fill_its_width():
    bar = charts.stacked_bar([("a", 1, "good"), ("b", 2, "wait"), ("c", 1, "rest")], "Reading")
    assert [float(width) for width in re.findall(r' width="([\d.]+)" height="8" fill', bar)] == [
        100,
        25,
        50,
        25,
    ]


def test_nothing_to_draw_is_said():
    with translation.override("en"):
        assert "Nothing to draw yet" in charts.year_line([], "Progress")
        assert "nothing yet" in charts.sparkline([], "Progress")
        assert "nothing yet" in charts.sparkline([None, None], "Progress")
        assert charts.stacked_bar([], "Reading")


@pytest.mark.parametrize(("used", "tone"), [(10, "accent"), (190, "wait"), (210, "wrong"), (240, "wrong")])
def test_licences_turn_to_a_signal_before_they_run_out(used, tone):
    assert f"c-{tone}" in charts.licence_bar(used, 210)


def test_a_form_says_what_is_wrong_on_top_and_next_to_the_field():
    with translation.override("en"):
        html = str(PupilForm({"born": "never"}, {}))

    assert html.index("error-summary") < html.index('name="name"')
    assert 'href="#id_name"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html
    assert html.count('class="optional"') == 1
    assert "5 things to put right" in html
    assert not INLINE.search(html)


def test_a_form_s_labels_are_tied_to_their_inputs():
    html = str(PupilForm())
    ids = set(re.findall(r'\bid="([^"]+)"', html))
    assert set(re.findall(r'for="([^"]+)"', html)) <= ids
    assert "<fieldset" in html
    assert "error-summary" not in html


def test_a_header_sorts_one_way_then_the_other():
    request = RequestFactory().get("/?sort=name&page=3&q=a")
    html = drawn('{% sort_header "name" "Name" %}{% sort_header "day" "Day" %}', request=request)
    assert 'aria-sort="ascending"' in html
    assert "?sort=-name&amp;q=a" in html
    assert "?sort=day&amp;q=a" in html
    assert "page=3" not in html


def test_pages_are_turned_without_losing_the_search():
    request = RequestFactory().get("/?q=a&page=2")
    page = Paginator(range(130), 50).page(2)
    with translation.override("en"):
        html = render_to_string("components/pager.html", {"page_obj": page}, request)
    assert "51 to 100 of 130" in html
    assert "q=a&amp;page=1" in html
    assert "q=a&amp;page=3" in html


def test_a_dangerous_act_says_what_goes_and_until_when_it_can_be_undone():
    until = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)
    context = {"title": "Delete?", "losses": ["14 students", EVIL], "undo_until": until, "submit": "Delete"}
    with translation.override("en"):
        html = render_to_string("components/confirm.html", context)
        for_good = render_to_string("components/confirm.html", {"title": "Delete?", "submit": "Delete"})
    assert "14 students" in html
    assert EVIL not in html
    assert "17/11/2026 10:00" in html
    assert "be undone" in for_good


def test_long_work_is_polled_until_it_is_done():
    going = render_to_string("components/progress.html", {"poll_url": "/p/", "done": 1200, "total": 3000})
    ready = render_to_string("components/progress.html", {"poll_url": "/p/", "finished": True, "total": 3000})
    assert 'hx-get="/p/"' in going
    assert 'max="3000" value="1200"' in going
    assert "hx-get" not in ready


def test_the_theme_is_only_ever_one_of_ours():
    request = SimpleNamespace(COOKIES={"theme": '"><script>'})
    assert ui.theme({"request": request}) == ""
    request.COOKIES["theme"] = "dark"
    assert ui.theme({"request": request}) == ' data-theme="dark"'


def test_the_stylesheet_s_colours_can_be_read():
    css = (Path(settings.BASE_DIR) / "static/css/app.css").read_text()
    light, dark = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})\b", part)) for part in _themes(css))
    for colours in (light, dark):
        for ground in ("paper", "surface"):
            for ink in ("ink", "muted", "accent", "good", "wait", "wrong"):
                assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
            assert contrast(colours["edge"], colours[ground]) >= 3
        for tone in ("good", "wait", "wrong", "accent"):
            assert contrast(colours[tone], colours[f"{tone}-soft"]) >= 4.5, tone
        assert contrast(colours["muted"], colours["quiet-soft"]) >= 4.5
        assert contrast(colours["on-accent"], colours["accent"]) >= 4.5
        assert contrast(colours["on-wrong"], colours["wrong"]) >= 4.5


def test_both_ways_to_the_dark_say_the_same():
    css = (Path(settings.BASE_DIR) / "static/css/app.css").read_text()
    assert (
        len({re.sub(r"\s+", "", block) for block in re.findall(r"color-scheme: dark;(.*?)\}", css, re.S)})
        == 1
    )


def _themes(css):
    blocks = re.findall(r"color-scheme: (?:light|dark);(.*?)\}", css, re.S)
    return blocks[0], blocks[1]


def contrast(one, other):
    """Return the WCAG contrast of two colours."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour):
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
