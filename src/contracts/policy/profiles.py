"""Contract profiles: what one offer promises, as parameters; the code knows no type of customer by name.

A profile is a dated TOML file, read strictly: a parameter that is unknown, missing or of the wrong kind is an error
that names the file and the line. Units are in the names (hours, days, months, cents). The attributes:

    profile.key, profile.version        "school", the day from which the file holds
    profile.name                        {"fr": …, "en": …}, the offer's name
    profile.client                      "professional" | "consumer": whom the offer addresses
    profile.controller                  "customer" | "operator" (LG-D1)
    profile.kept_after_end_days         after the end of the contract, at most (LG-S21.2, MC-3)
    profile.guardians_see               "nothing" | "shared" | "all"; guardians_see_if_added: once in the annex
    profile.accounts.created_by         of "administrator", "import", "gar", "parent", "professional", "self"
    profile.accounts.minimum_age        0 when none
    profile.erasure.hours/.undo_hours/.alarm_hours/.backup_months   (LG-DBr)
    profile.erasure.who                 "user" | "controller": whose word suffices (LG-U4)
    profile.erasure.takes_children      an administrator's own deletion takes the child accounts along
    profile.retention.left_days         after somebody left, was archived, or nothing more was recorded
    profile.retention.collected_days    after a datum was collected; 0 when it has no such ceiling
    profile.rights.months, .days        to answer a person's request: one of them is 0
    profile.rights.forward_hours        to forward a request to the controller; 0 where the operator answers
    profile.logs.live_months, .archive_months                       (LG-DCl)
    profile.terms.change                "LG-S30" | "QZ-6t" | "MC-0"; .notice_days before a renewal
    profile.audience.measure            "none" | "cookieless" | "consented"; .staff_excluded
    profile.support.address, .chat      "always" | "unless_gar" | "never"
    profile.closure.set_by              "nobody" | "contract" | "operator"; .after_months, .notice_hours (QZ-2.3)
    profile.suspension.when             "after_notice" | "at_once" | "never"; .business_days (LG-S19)
    profile.orders.cancellable_business_days, .cheque_fee_cents     (LG-S5.2c, LG-S6.2)
    profile.late.consumer_rate          "individual" | "other": the statutory column of a late consumer
    profile.late.flat_fee_cents         per late invoice, never a consumer's (LG-S6.3p)
    profile.prices.change               "announced_renewal" | "free" | "free_or_quoted" | "initial_period"
    profile.maintenance.when            "announced" | "saturday"; .notice_hours, .max_hours (LG-U7, MC-8)
    profile.domain                      "subdomain" | "shared" | "own"
    profile.fields["student"]           the fields annex B allows per data subject; none: frozenset()
    profile.may_add["guardian"]         the fields allowed once the controller has added them to its annex
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields, is_dataclass
from datetime import date
from typing import Any, get_type_hints

from contracts.policy.annex_b import FIELDS, SUBJECTS


class ProfileError(ValueError):
    """Raised on a parameter that is unknown, missing or wrong; says the file and the line."""

    def __init__(self, source: str, line: int, reason: str) -> None:
        super().__init__(f"{source}:{line}: {reason}")
        self.source, self.line, self.reason = source, line, reason


def _one_of(*choices: str) -> Any:
    return field(metadata={"choices": choices})


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """When a new price applies to a running subscription."""

    change: str = _one_of("announced_renewal", "free", "free_or_quoted", "initial_period")


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
    client: str = _one_of("professional", "consumer")
    controller: str = _one_of("customer", "operator")
    kept_after_end_days: int
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
    prices: Prices
    maintenance: Maintenance
    fields: Mapping[str, frozenset[str]] = field(metadata={"keys": SUBJECTS | {"teacher_by_gar"}, "all": False})
    may_add: Mapping[str, frozenset[str]] = field(metadata={"keys": SUBJECTS, "all": False})


GIVEN = frozenset({"key", "version"})  # by the file's place, never by the file


class _Annex(dict[str, frozenset[str]]):
    """Allowed fields per data subject; a subject the annex doesn't name may have none."""

    def __missing__(self, subject: str) -> frozenset[str]:
        return frozenset()


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one file's tables into dataclasses and knows the line of everything."""

    source: str
    text: str

    def error(self, path: tuple[str, ...], reason: str) -> ProfileError:
        return ProfileError(self.source, _line_of(self.text, path), reason)

    def build(self, kind: type[Any], table: Mapping[str, Any], path: tuple[str, ...], **given: Any) -> Any:
        wanted = {item.name: item for item in fields(kind) if item.name not in given}
        hints = get_type_hints(kind)
        for name in table:
            if name not in wanted:
                raise self.error((*path, name), f"unknown parameter {'.'.join((*path, name))!r}")
        for name in wanted:
            if name not in table:
                raise self.error(path, f"missing parameter {'.'.join((*path, name))!r}")
        read = {name: self.value(item, hints[name], table[name], (*path, name)) for name, item in wanted.items()}
        return kind(**given, **read)

    def value(self, item: Field[Any], hint: Any, value: Any, path: tuple[str, ...]) -> Any:
        if is_dataclass(hint):
            self.expect(isinstance(value, dict), path, "a table")
            return self.build(hint, value, path)  # type: ignore[arg-type]
        if "keys" in item.metadata:
            return self.mapping(item, hint, value, path)
        if hint == frozenset[str]:
            return self.words(value, item.metadata["choices"], path)
        if hint is int:
            self.expect(type(value) is int and value >= 0, path, "a whole number, 0 or more")
        elif hint is bool:
            self.expect(type(value) is bool, path, "true or false")
        else:
            self.text_or_choice(item, value, path)
        return value

    def text_or_choice(self, item: Field[Any], value: Any, path: tuple[str, ...]) -> None:
        choices = item.metadata.get("choices", ())
        self.expect(isinstance(value, str) and bool(value), path, "a text")
        self.expect(not choices or value in choices, path, f"one of {', '.join(choices)}")

    def words(self, value: Any, choices: Any, path: tuple[str, ...]) -> frozenset[str]:
        self.expect(isinstance(value, list) and all(isinstance(word, str) for word in value), path, "a list of words")
        for word in value:
            self.expect(word in choices, path, f"words out of {', '.join(sorted(choices))} (not {word!r})")
        return frozenset(value)

    def mapping(self, item: Field[Any], hint: Any, value: Any, path: tuple[str, ...]) -> Mapping[str, Any]:
        self.expect(isinstance(value, dict), path, "a table")
        keys: frozenset[str] = item.metadata["keys"]
        for key in value:
            if key not in keys:
                raise self.error((*path, key), f"unknown parameter {'.'.join((*path, key))!r}")
        if item.metadata["all"] and (absent := sorted(keys - set(value))):
            raise self.error(path, f"missing parameter {'.'.join((*path, absent[0]))!r}")
        if hint == Mapping[str, str]:
            for key, text in value.items():
                self.expect(isinstance(text, str) and bool(text), (*path, key), "a text")
            return dict(value)
        return _Annex({key: self.words(names, FIELDS, (*path, key)) for key, names in value.items()})

    def expect(self, holds: bool, path: tuple[str, ...], wanted: str) -> None:
        if not holds:
            raise self.error(path, f"{'.'.join(path)!r} must be {wanted}")


def parse_profile(text: str, *, key: str, version: date, source: str) -> Profile:
    """Return the profile written in a TOML text; `source` is the file's name, for errors.

    Raises ProfileError on anything unknown, missing or wrong, and when the periods contradict each other.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        line = re.search(r"line (\d+)", str(broken))
        last = text.count("\n") + 1
        raise ProfileError(source, int(line[1]) if line else last, str(broken)) from None
    reader = _Reader(source, text)
    profile: Profile = reader.build(Profile, tables, (), key=key, version=version)
    _agree(profile, reader)
    return profile


def _agree(profile: Profile, reader: _Reader) -> None:
    """Raise ProfileError when the parameters contradict each other or what every contract promises."""
    erasure, rights = profile.erasure, profile.rights
    reader.expect(0 < erasure.hours <= 24, ("erasure", "hours"), "from 1 to 24 (LG-DBr)")
    reader.expect(erasure.undo_hours < erasure.alarm_hours < erasure.hours, ("erasure", "undo_hours"),
                  "less than alarm_hours, and that less than hours")  # fmt: skip
    reader.expect((rights.months == 0) != (rights.days == 0), ("rights", "months"), "0 exactly when days is not")
    reader.expect((profile.suspension.when == "after_notice") == (profile.suspension.business_days > 0),
                  ("suspension", "business_days"), "0 exactly when no notice is given")  # fmt: skip
    reader.expect((profile.closure.set_by == "nobody") == (profile.closure.after_months == 0),
                  ("closure", "after_months"), "0 exactly when nobody set it")  # fmt: skip
    reader.expect((profile.controller == "operator") == (rights.forward_hours == 0),
                  ("rights", "forward_hours"), "0 exactly when the operator is the controller")  # fmt: skip


def _line_of(text: str, path: tuple[str, ...]) -> int:
    """Return the line of a parameter, of its table when it isn't there, or 1."""
    table: tuple[str, ...] = ()
    best, depth = 1, 0
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[\s*([\w.\-\"]+)\s*\]", line):
            table = tuple(header[1].replace('"', "").split("."))
            here = table
        elif key := re.match(r"\s*([\w\-\"]+)\s*=", line):
            here = (*table, key[1].strip('"'))
        else:
            continue
        if path[: len(here)] == here and len(here) > depth:
            best, depth = number, len(here)
    return best
