"""What is said of a breach: the notice's figures in words, and the drafts a controller starts from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from contracts.labels import day_text, number_text
from contracts.policy.clauses import keeps
from contracts.registry import label_of, operator_name
from dpa.labels import CATEGORIES, HEADINGS, KINDS
from dpa.models import BreachResponse
from dpa.models.breaches import NATURES
from dpa.policy.breaches import AuthorityClock


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a breach, as it was told: facts and figures."""

    reference: str
    number: int
    facts: Mapping[str, Any]

    def moment(self, name: str) -> datetime | None:
        """Return an instant, None for one that isn't known."""
        said = self.facts.get(name)
        return datetime.fromisoformat(said) if said else None

    @property
    def people(self) -> list[str]:
        """Return how many people of each kind, a line each."""
        return [_counted(KINDS.get(kind, kind), n) for kind, n in self.facts["people"].items()]

    @property
    def records(self) -> list[str]:
        """Return how many records of each table, a line each."""
        return [_counted(label_of(label), n) for label, n in sorted(self.facts["records"].items())]

    @property
    def people_count(self) -> str:
        """Return how many people in all."""
        return number_text(sum(self.facts["people"].values()))

    @property
    def records_count(self) -> str:
        """Return how many records in all."""
        return number_text(sum(self.facts["records"].values()))

    @property
    def categories(self) -> list[str]:
        """Return the categories of data, in words."""
        return [str(CATEGORIES.get(one, one)) for one in self.facts["categories"]]

    @property
    def natures(self) -> list[str]:
        """Return what was breached, in words."""
        return [str(NATURES.get(one, one)) for one in self.facts["natures"]]

    @property
    def began_at(self) -> datetime | None:
        """Return when it began."""
        return self.moment("began_at")

    @property
    def ended_at(self) -> datetime | None:
        """Return when it ended, None while it goes on."""
        return self.moment("ended_at")

    @property
    def known_at(self) -> datetime | None:
        """Return when the operator knew of it."""
        return self.moment("known_at")


def _counted(label: object, count: int) -> str:
    said = str(label)
    words = {"label": said[:1].upper() + said[1:], "n": number_text(count)}
    return _("%(label)s: %(n)s") % words


@keeps("LG-D10.2", "LG-D1")
def authority_draft(
    told: Told,
    response: BreachResponse,
    *,
    controller: str,
    clock: AuthorityClock | None,
    now: datetime,
    language: str,
) -> dict[str, str]:
    """Return the draft for the authority in a language, by heading: what was saved, else from the figures."""
    with override(language):
        fresh = dict(_authority_texts(told, response, controller, clock, now))
    kept = response.authority_texts.get(language, {})
    return {name: kept.get(name, fresh[name]) for name in HEADINGS}


def _authority_texts(
    told: Told, response: BreachResponse, controller: str, clock: AuthorityClock | None, now: datetime
) -> Iterator[tuple[str, str]]:
    facts = told.facts
    again = response.notified_at is not None
    yield "notification", _("Complementary notification") if again else _("Initial notification")
    yield "controller", controller
    yield (
        "processor",
        _("%(operator)s, which runs the product. Reference: %(ref)s")
        % {"operator": operator_name(), "ref": told.reference},
    )
    yield "dates", "\n".join(_dates(told, clock))
    yield "circumstances", "\n".join(filter(None, [facts["facts"], facts["systems"]]))
    yield "nature", "\n".join(told.natures)
    yield "data", "\n".join([*told.categories, *told.records])
    yield "people", "\n".join([*told.people, _("Approximate numbers, counted in the product.")])
    yield (
        "before",
        _("Each customer’s data apart, encrypted connections, hashed passwords, rights by role, a trail."),
    )
    yield "effects", facts["effects"]
    yield "measures", facts["measures"]
    yield "information", _information(response)
    yield "borders", _("None: the data is hosted in France.")
    late = clock is not None and clock.is_late(response.notified_at or now)
    yield "late", _("To be said: the 72 hours are over.") if late else _("Not applicable")


def _dates(told: Told, clock: AuthorityClock | None) -> Iterator[str]:
    moments = [
        (_("Began"), told.began_at),
        (_("Ended"), told.ended_at),
        (_("Known to the processor"), told.known_at),
        (_("Known to the controller"), clock.known_at if clock else None),
    ]
    for label, at in moments:
        said = moment_text(at) if at else _("not known yet")
        yield _("%(label)s: %(n)s") % {"label": label, "n": said}


def moment_text(at: datetime) -> str:
    """Return an instant in words, in the time zone and the language in use."""
    local = timezone.localtime(at)
    return f"{day_text(local, 'DATE_FORMAT')}, {day_text(local, 'H:i')}"


def _information(response: BreachResponse) -> str:
    decision = BreachResponse.Decision
    if response.people_sent_at:
        return _("Told by e-mail on %(day)s.") % {"day": moment_text(response.people_sent_at)}
    if response.people == decision.NO:
        return _("Not told: %(reason)s") % {"reason": response.people_reason}
    return _("To be told.") if response.people == decision.YES else _("Not decided yet.")


@keeps("QW-6")
def people_drafts(told: Told, response: BreachResponse, *, controller: str, contact: str) -> dict[str, str]:
    """Return the message to people in each language: what was saved, else a draft in plain words.

    What happened, which data, what may follow, what was done, what to do and whom to ask (GDPR 34-2).
    """
    drafts = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            drafts[language] = response.people_texts.get(language) or _people_text(told, controller, contact)
    return drafts


def _people_text(told: Told, controller: str, contact: str) -> str:
    facts = told.facts
    day = told.began_at
    on = day_text(timezone.localtime(day), "DATE_FORMAT") if day else _("a day not known yet")
    effects = facts["effects"] or _("We don’t know yet.")
    measures = facts["measures"] or _("We are working on it and will write again.")
    parts = [
        (_("What happened"), facts["facts"]),
        (_("Which data"), "\n".join(told.categories)),
        (_("What may follow"), effects),
        (_("What was done"), measures),
        (_("What you can do"), _todo()),
        (_("Whom to ask"), contact or controller),
    ]
    opening = _("On %(day)s data about you or your child was affected by a security incident.") % {"day": on}
    return "\n\n".join([opening, *(f"{title}\n{text}" for title, text in parts), controller])


def _todo() -> str:
    return _(
        "Choose a new password, here and wherever you use the same one. Be wary of messages that ask for a "
        "code or money in our name: we never do. You can complain to the data protection authority (cnil.fr)."
    )
