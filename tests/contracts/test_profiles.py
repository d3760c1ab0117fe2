"""Profiles: what the seven offers promise, and files that are wrong say where."""

from datetime import date
from pathlib import Path

import pytest

from contracts.gateways import profiles as gateway
from contracts.gateways.profiles import UnknownProfile
from contracts.policy.annex_b import union
from contracts.policy.profile_reader import ProfileError, parse_profile
from contracts.registry import profile, profile_names, profiles

TODAY = date(2026, 11, 16)
SCHOOL = (gateway.FOLDER / "school" / "2025-09-01.toml").read_text(encoding="utf-8")
ALL = ["campus", "family", "nursery", "practice", "residents", "school", "training"]


def parsed(text):
    return parse_profile(text, key="school", version=TODAY, source="school/2026-11-16.toml")


def by(attribute):
    """Return one parameter of every profile: profile.a.b by its dotted name."""
    found = {}
    for offer in profiles(on=TODAY):
        value = offer
        for name in attribute.split("."):
            value = getattr(value, name)
        found[offer.key] = value
    return found


def test_the_seven_offers_are_there():
    assert [offer.key for offer in profiles(on=TODAY)] == ALL
    assert profile("school", on=TODAY).version == date(2025, 9, 1)
    assert profile_names("fr")["school"] == "Préau École"


@pytest.mark.parametrize(
    ("attribute", "values"),
    [
        ("client", {"family": "consumer", "": "professional"}),
        ("controller", {"family": "operator", "": "customer"}),
        ("guardians_see", {"nursery": "shared", "family": "all", "": "nothing"}),
        (
            "guardians_see_if_added",
            {"school": "shared", "practice": "shared", "nursery": "shared", "family": "all", "": "nothing"},
        ),
        ("erasure.hours", {"": 24}),
        ("erasure.undo_hours", {"": 12}),
        (
            "erasure.who",
            {"school": "controller", "practice": "controller", "campus": "controller", "": "user"},
        ),
        ("erasure.takes_children", {"family": True, "": False}),
        ("kept_after_end.years", {"residents": 0, "training": 0, "campus": 0, "": 2}),
        ("kept_after_end.days", {"campus": 180, "": 0}),
        ("retention.collected_days", {"residents": 1095, "": 0}),
        ("rights.months", {"residents": 0, "training": 0, "": 1}),
        ("rights.days", {"residents": 30, "training": 30, "": 0}),
        ("rights.forward_hours", {"family": 0, "": 48}),
        ("terms.change", {"residents": "QZ-6t", "training": "QZ-6t", "campus": "MC-0", "": "LG-S30"}),
        (
            "audience.measure",
            {"family": "cookieless", "training": "cookieless", "residents": "consented", "": "none"},
        ),
        ("audience.staff_excluded", {"training": True, "": False}),
        ("closure.after_months", {"residents": 24, "training": 24, "": 0}),
        ("closure.set_by", {"residents": "contract", "training": "operator", "": "nobody"}),
        (
            "suspension.when",
            {"residents": "never", "training": "never", "campus": "at_once", "": "after_notice"},
        ),
        ("suspension.business_days", {"residents": 0, "training": 0, "campus": 0, "": 8}),
        (
            "prices.change",
            {
                "residents": "free",
                "training": "free_or_quoted",
                "campus": "initial_period",
                "": "announced_renewal",
            },
        ),
        ("maintenance.when", {"campus": "saturday", "": "announced"}),
        ("support.chat", {"school": "unless_gar", "residents": "never", "training": "never", "": "always"}),
        ("domain", {"family": "shared", "residents": "own", "campus": "own", "": "subdomain"}),
        ("accounts.minimum_age", {"residents": 15, "": 0}),
    ],
)
def test_the_table_of_the_offers(attribute, values):
    assert by(attribute) == {key: values.get(key, values[""]) for key in ALL}


def test_who_creates_accounts():
    found = {key: sorted(who) for key, who in by("accounts.created_by").items()}
    assert found == {
        "school": ["administrator", "gar", "import"],
        "nursery": ["administrator", "import"],
        "family": ["parent"],
        "practice": ["professional"],
        "residents": ["self"],
        "training": ["self"],
        "campus": ["administrator"],
    }


def test_support_has_an_address_of_its_own_per_offer():
    assert len(set(by("support.address").values())) == len(ALL)


def test_annex_b_of_two_products_is_their_union():
    school = profile("school", on=TODAY)
    nursery = profile("nursery", on=TODAY)
    assert school.fields["guardian"] == frozenset()
    assert "handedness" not in nursery.fields["student"]
    both = union([school.fields, nursery.fields])
    assert both["student"] == school.fields["student"] | nursery.fields["student"]
    assert "email" in both["guardian"]


def test_an_unknown_key_or_a_day_before_the_first_version():
    with pytest.raises(UnknownProfile):
        profile("circus", on=TODAY)
    with pytest.raises(UnknownProfile):
        profile("school", on=date(2025, 8, 31))
    assert profiles(on=date(2020, 1, 1)) == []


def test_the_version_that_holds_on_the_day(tmp_path: Path, monkeypatch):
    for day, hours in (("2025-09-01", "24"), ("2026-11-16", "20")):
        (tmp_path / "school").mkdir(exist_ok=True)
        (tmp_path / "school" / f"{day}.toml").write_text(
            SCHOOL.replace("\nhours = 24", f"\nhours = {hours}"), encoding="utf-8"
        )
    loaded = gateway.load(tmp_path)
    monkeypatch.setattr(gateway, "load", lambda: loaded)
    assert gateway.profile("school", on=date(2026, 11, 15)).erasure.hours == 24
    assert gateway.profile("school", on=TODAY).erasure.hours == 20


def test_a_file_must_be_named_for_its_day(tmp_path: Path):
    (tmp_path / "school").mkdir()
    (tmp_path / "school" / "newest.toml").write_text(SCHOOL, encoding="utf-8")
    with pytest.raises(ProfileError, match=r"school/newest.toml:1: the file's name"):
        gateway.load(tmp_path)


def line_of(words):
    return next(number for number, line in enumerate(SCHOOL.splitlines(), 1) if line.startswith(words))


@pytest.mark.parametrize(
    ("before", "after", "at", "said"),
    [
        (
            "undo_hours = 12",
            "undo_hours = 12\nundoo_hours = 12",
            line_of("undo_hours") + 1,
            "unknown parameter 'erasure.undoo_hours'",
        ),
        ("undo_hours = 12\n", "", line_of("[erasure]"), "missing parameter 'erasure.undo_hours'"),
        (
            "undo_hours = 12",
            'undo_hours = "12"',
            line_of("undo_hours"),
            "'erasure.undo_hours' must be a whole number",
        ),
        ("undo_hours = 12", "undo_hours = -1", line_of("undo_hours"), "must be a whole number"),
        ("undo_hours = 12", "undo_hours = true", line_of("undo_hours"), "must be a whole number"),
        ("undo_hours = 12", "undo_hours = 19", line_of("undo_hours"), "less than alarm_hours"),
        ("\nhours = 24", "\nhours = 25", line_of("hours = 24"), "from 1 to 24"),
        ("takes_children = false", "takes_children = 0", line_of("takes_children"), "true or false"),
        ('who = "controller"', 'who = "nobody"', line_of("who"), "one of user, controller"),
        ('client = "professional"', 'client = ""', line_of("client"), "must be a text"),
        (
            'client = "professional"',
            'colour = "red"\nclient = "professional"',
            line_of("client"),
            "unknown parameter 'colour'",
        ),
        ('client = "professional"\n', "", 1, "missing parameter 'client'"),
        ('en = "Préau School"\n', "", line_of("[name]"), "missing parameter 'name.en'"),
        ('en = "Préau School"', "en = 3", line_of("en ="), "'name.en' must be a text"),
        ('"handedness"', '"shoe_size"', line_of("student"), "not 'shoe_size'"),
        (
            'created_by = ["administrator", "import", "gar"]',
            'created_by = "gar"',
            line_of("created_by"),
            "a list of words",
        ),
        (
            "[may_add]",
            "[may_add]\nparrot = []",
            line_of("[may_add]") + 1,
            "unknown parameter 'may_add.parrot'",
        ),
        ("[fields]", "[fields]\nparrot = []", line_of("[fields]") + 1, "unknown parameter 'fields.parrot'"),
        ("[erasure]", "[erasure", line_of("[erasure]"), ""),
        ("months = 1", "months = 0", line_of("months"), "exactly when days is not"),
        (
            "business_days = 8",
            "business_days = 0",
            line_of("business_days"),
            "exactly when no notice is given",
        ),
        ("after_months = 0", "after_months = 3", line_of("after_months"), "exactly when nobody set it"),
        (
            "forward_hours = 48",
            "forward_hours = 0",
            line_of("forward_hours"),
            "when the operator is the controller",
        ),
    ],
)
def test_a_wrong_file_says_where(before, after, at, said):
    assert before in SCHOOL
    with pytest.raises(ProfileError) as wrong:
        parsed(SCHOOL.replace(before, after, 1))
    assert str(wrong.value).startswith(f"school/2026-11-16.toml:{at}: ")
    assert said in str(wrong.value)


def test_a_table_where_a_value_belongs_and_the_other_way_round():
    with pytest.raises(ProfileError, match="'logs' must be a table"):
        parsed("logs = 3\n" + SCHOOL.replace("[logs]\nlive_months = 6\narchive_months = 12\n", ""))
    with pytest.raises(ProfileError, match="'name' must be a table"):
        parsed("name = 3\n" + SCHOOL.replace('[name]\nfr = "Préau École"\nen = "Préau School"\n', ""))


def test_a_text_cut_off_names_its_last_line():
    with pytest.raises(ProfileError) as wrong:
        parsed('client = "professional"\ncontroller = """open')
    assert wrong.value.line in {1, 2}
