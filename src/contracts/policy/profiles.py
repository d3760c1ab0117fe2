"""Contract profiles: what one offer promises, as parameters; the code knows no type of customer by name.

A profile is a dated TOML file, read strictly: a parameter that is unknown, missing or of the wrong kind is an
error that names the file and the line. Units are in the names (hours, days, months, cents). The attributes:

    profile.key, profile.version        "school", the day from which the file holds
    profile.name                        {"fr": …, "en": …}, the offer's name
    profile.words                       whose words its people read: "school" | "nursery" | "household" |
                                        "practice" (`contracts.policy.words`)
    profile.client                      "professional" | "consumer": whom the offer addresses
    profile.controller                  "customer" | "operator" (LG-D1)
    profile.kept_after_end              after the end of the contract, at most: .years by the
                                        calendar, .days; .kept_after_end_by the clause that says so
    profile.ends_by_registrations       its client may end it at any time by cancelling all registrations
    profile.guardians_see               "nothing" | "shared" | "all"; guardians_see_if_added: once in the
                                        annex
    profile.accounts.created_by         of "administrator", "import", "gar", "parent", "professional", "self"
    profile.accounts.minimum_age        0 when none
    profile.erasure.hours/.undo_hours/.alarm_hours/.backup_months   (LG-DBr)
    profile.erasure.who                 "user" | "controller": whose word suffices (LG-U4)
    profile.erasure.takes_children      an administrator's own deletion takes the child accounts along
    profile.retention.left_days         after somebody left, was archived, or nothing more was recorded
    profile.retention.collected_days    after a datum was collected; 0 when it has no such ceiling
    profile.rights.months, .days        to answer a person's request: one of them is 0
    profile.rights.forward_hours        to forward a request to the controller; 0 where the operator answers
    profile.rights.clause               what says by when it is answered
    profile.logs.live_months, .archive_months                       (LG-DCl)
    profile.terms.change                "LG-S30" | "QZ-6t" | "MC-0"; .notice_days before a renewal
    profile.audience.measure            "none" | "cookieless" | "consented"; .staff_excluded
    profile.support.address, .chat      "always" | "unless_gar" | "never"
    profile.closure.set_by              "nobody" | "contract" | "operator"; .after_months, .notice_hours
                                        (QZ-2.3)
    profile.suspension.when             "after_notice" | "at_once" | "never"; .business_days (LG-S19)
    profile.suspension.notice_after_days   after the due date of an unpaid invoice, when the notice leaves
    profile.orders.cancellable_business_days, .cheque_fee_cents     (LG-S5.2c, LG-S6.2)
    profile.late.consumer_rate          "individual" | "other": the statutory column of a late consumer
    profile.late.flat_fee_cents         per late invoice, never a consumer's (LG-S6.3p)
    profile.late.first_reminder_days, .second_reminder_days   after the due date, by e-mail
    profile.renewal.notice_days, .ahead_days   before a renewal: the last day of its notice, and how much
                                        sooner it leaves, so that a bounce can still be mended (LG-S14.2n)
    profile.trial.reminder_days         before a trial's end (LG-S14.3)
    profile.termination.breach_days     after a registered letter is first presented (LG-S20.1)
    profile.termination.suspended_days  after the message that access stopped (LG-S20.3s)
    profile.termination.force_majeure_days   after the event began (LG-S20.3m)
    profile.warranty.conformity_months  from delivery; .defect_months from the discovery (LG-S9)
    profile.prices.change               "announced_renewal" | "free" | "free_or_quoted" | "initial_period"
    profile.agenda.slack_minutes        after an instant without slack in the contract, when it is still kept
    profile.maintenance.when            "announced" | "saturday"; .notice_hours, .max_hours (LG-U7, MC-8)
    profile.domain                      "subdomain" | "shared" | "own"
    profile.fields["student"]           the fields annex B allows per data subject; none: frozenset()
    profile.may_add["guardian"]         the fields allowed once the controller has added them to its annex
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from contracts.policy.annex_b import SUBJECTS
from contracts.policy.words import WORDS


def _one_of(*choices: str) -> Any:
    return field(metadata={"choices": choices})


DAYS_A_YEAR = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPeriod:
    """For how long something is kept after a day: calendar years, then days."""

    years: int = 0
    days: int = 0

    @property
    def nominal_days(self) -> int:
        """Return about how many days that is, to compare and to tell: a leap year may add one."""
        return self.years * DAYS_A_YEAR + self.days

    def until(self, day: date) -> date:
        """Return the first day after it.

        The same day so many years later, 28 February where that year has no 29th. Raises ValueError on a
        negative period.
        """
        if self.years < 0 or self.days < 0:
            raise ValueError("nothing is kept for less than no time")
        is_leap_day = (day.month, day.day) == (2, 29)
        later = day.replace(day=28 if is_leap_day and self.years else day.day, year=day.year + self.years)
        return later + timedelta(days=self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Who creates accounts, and from which age."""

    created_by: frozenset[str] = _one_of("administrator", "import", "gar", "parent", "professional", "self")
    minimum_age: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """How fast a deleted account is gone, and on whose word."""

    hours: int
    who: str = _one_of("user", "controller")
    undo_hours: int
    alarm_hours: int
    backup_months: int
    takes_children: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """The ceilings that hold while a contract runs; 0 is none."""

    left_days: int
    collected_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """How long a request may take."""

    months: int
    days: int
    forward_hours: int
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Logs:
    """How long the audit trail is live, then archived."""

    live_months: int
    archive_months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How terms change, by the clause that says so."""

    change: str = _one_of("LG-S30", "QZ-6t", "MC-0")
    notice_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """How visits are measured."""

    measure: str = _one_of("none", "cookieless", "consented")
    staff_excluded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """Where help is asked."""

    address: str
    chat: str = _one_of("always", "unless_gar", "never")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """When a silent account is closed."""

    set_by: str = _one_of("nobody", "contract", "operator")
    after_months: int
    notice_hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """When access stops for non-payment."""

    when: str = _one_of("after_notice", "at_once", "never")
    business_days: int
    notice_after_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What holds for an order made on a quote."""

    cancellable_business_days: int
    cheque_fee_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """What a late payer owes beyond the price."""

    consumer_rate: str = _one_of("individual", "other")
    flat_fee_cents: int
    first_reminder_days: int
    second_reminder_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """How long before a renewal its notice binds, and how much sooner it leaves."""

    notice_days: int
    ahead_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How long before its end the client of a trial is reminded."""

    reminder_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Termination:
    """After how many calendar days either side may end the contract, by what gives the right to."""

    breach_days: int
    suspended_days: int
    force_majeure_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Warranty:
    """For how long a consumer's guarantees on things last (LG-S9)."""

    conformity_months: int
    defect_months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """When a new price applies to a running subscription."""

    change: str = _one_of("announced_renewal", "free", "free_or_quoted", "initial_period")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """How much later than its instant a promise without slack is still kept."""

    slack_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance:
    """When planned maintenance may be."""

    when: str = _one_of("announced", "saturday")
    notice_hours: int
    max_hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One version of one offer's promises."""

    key: str
    version: date
    words: str = _one_of(*WORDS)
    client: str = _one_of("professional", "consumer")
    controller: str = _one_of("customer", "operator")
    kept_after_end: KeptPeriod
    kept_after_end_by: str = _one_of("LG-S21.2", "MC-3")
    ends_by_registrations: bool
    guardians_see: str = _one_of("nothing", "shared", "all")
    guardians_see_if_added: str = _one_of("nothing", "shared", "all")
    domain: str = _one_of("subdomain", "shared", "own")
    name: Mapping[str, str] = field(metadata={"keys": frozenset({"fr", "en"}), "all": True})
    accounts: Accounts
    erasure: Erasure
    retention: Retention
    rights: Rights
    logs: Logs
    terms: Terms
    audience: Audience
    support: Support
    closure: Closure
    suspension: Suspension
    orders: Orders
    late: Late
    renewal: Renewal
    trial: Trial
    termination: Termination
    warranty: Warranty
    prices: Prices
    agenda: Agenda
    maintenance: Maintenance
    fields: Mapping[str, frozenset[str]] = field(
        metadata={"keys": SUBJECTS | {"teacher_by_gar"}, "all": False}
    )
    may_add: Mapping[str, frozenset[str]] = field(metadata={"keys": SUBJECTS, "all": False})
