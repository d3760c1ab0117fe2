"""What categories of data and people are called, and the columns of tables in a spreadsheet.

Programs read their own names, in JSON.
"""

from collections.abc import Mapping
from datetime import date
from unicodedata import normalize

from babel import Locale
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from contracts.labels import day_text, number_text
from contracts.registry import label_of

_yes, _no = _("yes"), _("no")
CATEGORIES: dict[str, Promise] = {
    "identification": _("Identity: names, birth date"),
    "contact": _("Contact: e-mail address, phone"),
    "professional": _("Work: post, who teaches what"),
    "education": _("Schooling: class, group, level"),
    "learning": _("Learning: observations, photos, results"),
    "support": _("Help asked and given"),
    "connection": _("Sign-in: credentials, sessions"),
    "consent": _("Terms accepted, information, requests"),
    "social": _("Profile: age group, sector, motivations"),
}
KINDS: dict[str, Promise] = {
    "student": _("Pupils"),
    "guardian": _("Parents and guardians"),
    "teacher": _("Teachers"),
    "administrator": _("Administrators"),
    "professional": _("Professionals"),
    "learner": _("Learners"),
}
ANNEXES: dict[str, Promise] = {
    "a": _("Annex A · The controller and its contacts"),
    "b": _("Annex B · The processing"),
    "c": _("Annex C · Sub-processors"),
    "d": _("Annex D · Security measures"),
}
# The fields of the annexes, in the order they are read.
ANNEX_FIELDS: dict[str, dict[str, Promise]] = {
    "a": {
        "controller": _("Controller"),
        "address": _("Postal address"),
        "representative": _("Represented by (name and post)"),
        "email": _("E-mail address for questions on data"),
        "phone": _("Phone"),
        "without_officer": _("No data protection officer is designated"),
        "officer": _("Data protection officer"),
        "officer_email": _("E-mail address of the data protection officer"),
    },
    "b": {
        "purpose": _("Purpose"),
        "legal_basis": _("Legal basis"),
        "subjects": _("Data subjects"),
        "fields": _("Data listed"),
        "tables": _("Where it is kept"),
        "retention_days": _("Kept after leaving"),
    },
    "c": {
        "name": _("Name"),
        "registration": _("Registration number"),
        "activity": _("What it does for us"),
        "categories": _("What it gets"),
        "country": _("Where"),
        "mechanism": _("Transfer mechanism"),
        "mechanism_words": _("Which one"),
        "contract_on": _("Contract of"),
    },
    "d": {"fr": _("Measure"), "en": _("Measure")},
}
LEGAL_BASES: dict[str, Promise] = {
    "public_task": _("Task in the public interest (GDPR 6-1-e)"),
    "legal_obligation": _("Legal obligation (GDPR 6-1-c)"),
    "contract": _("Contract (GDPR 6-1-b)"),
    "legitimate_interest": _("Legitimate interest (GDPR 6-1-f)"),
    "consent": _("Consent (GDPR 6-1-a)"),
    "vital_interest": _("Vital interest (GDPR 6-1-d)"),
}
MECHANISMS: dict[str, Promise] = {
    "adequacy": _("adequacy decision"),
    "standard_clauses": _("standard contractual clauses"),
    "other": _("another mechanism"),
}
# The fields that annex B lists, as people read them.
LISTED: dict[str, Promise] = {
    "first_name": _("first name"),
    "last_name": _("last name"),
    "birth_on": _("birth date"),
    "handedness": _("handedness"),
    "username": _("user name"),
    "gender": _("gender"),
    "age_group": _("age group"),
    "sector": _("sector"),
    "motivations": _("motivations"),
    "email": _("e-mail"),
    "phone": _("phone"),
    "postcode": _("postcode"),
    "profile": _("post"),
    "class": _("class"),
    "group": _("group"),
    "level": _("level"),
    "outputs": _("work and photos"),
    "results": _("results"),
    "progress": _("progress"),
    "support": _("help asked for"),
    "credentials": _("credentials"),
    "logs": _("logs of access"),
    "device_settings": _("settings of devices"),
    "consents": _("consents"),
}
SUBJECTS: dict[str, Promise] = {
    **KINDS,
    "teacher_by_gar": _("Teachers who come through the national access manager"),
}
# The headings of the form of the French authority (CNIL), in its order.
HEADINGS: dict[str, Promise] = {
    "notification": _("Type of notification"),
    "controller": _("Controller"),
    "processor": _("Processor and others involved"),
    "dates": _("Dates of the breach"),
    "circumstances": _("Circumstances of the breach"),
    "nature": _("Nature of the breach"),
    "data": _("Personal data concerned"),
    "people": _("People concerned"),
    "before": _("Security measures before the breach"),
    "effects": _("Likely consequences"),
    "measures": _("Measures taken or proposed"),
    "information": _("Information of the people"),
    "borders": _("Other countries"),
    "late": _("Why it comes after 72 hours"),
}
# What the trail says was done.
ACTIONS: dict[str, Promise] = {
    "annex.accepted": _("Annexes accepted"),
    "annex.forgotten": _("Annexes of a place that is gone deleted"),
    "annex.changed": _("Annex B changed"),
    "annex.contacts_set": _("Annex A filled in"),
    "annex.purposes_set": _("Annex B filled in"),
    "backup.made": _("Backup made"),
    "backup.drilled": _("Restore drill written down"),
    "backup.destroyed": _("Backup destroyed"),
    "deletion.asked": _("Deletion asked for"),
    "deletion.wished": _("Deletion wished for"),
    "deletion.undone": _("Deletion undone"),
    "deletion.erased": _("Data erased"),
    "deletion.alarm": _("Alarm: an erasure is close to its limit"),
    "deletion.replayed": _("Erasure repeated after a restore"),
    "end.asked_now": _("Deletion of everything asked for"),
    "end.taken_back": _("Deletion of everything taken back"),
    "data_breach.alarm": _("Alarm: a breach isn’t told yet"),
    "data_breach.authority_decided": _("Notification to the authority decided on"),
    "data_breach.authority_drafted": _("Draft for the authority changed"),
    "data_breach.authority_notified": _("Authority notified of a breach"),
    "data_breach.changed": _("Breach of data changed"),
    "data_breach.closed": _("Breach of data closed"),
    "data_breach.notice_bounced": _("Notice of a breach came back"),
    "data_breach.notice_sent": _("Notice of a breach sent"),
    "data_breach.people_decided": _("Message to the people decided on"),
    "data_breach.people_told": _("People told of a breach"),
    "data_breach.recorded": _("Breach of data recorded"),
    "data_breach.scoped": _("Scope of a breach set"),
    "data_breach.seen": _("Breach of data seen"),
    "hold.placed": _("Data held for a dispute or the law"),
    "hold.lifted": _("Held data let go"),
    "instruction.given": _("Instruction given"),
    "instruction.settled": _("Instruction carried out, or refused"),
    "rights.alarm": _("Alarm: a request isn’t forwarded yet"),
    "rights.answered": _("Request about one’s data answered"),
    "rights.answered_by_operator": _("Request answered by the operator, as instructed"),
    "rights.dropped": _("Request that is nobody’s here closed"),
    "rights.extended": _("Time to answer a request extended"),
    "rights.forwarding_returned": _("Forwarding of a request came back"),
    "rights.frozen": _("Data frozen"),
    "rights.identity_asked": _("Proof of identity asked for"),
    "rights.identity_seen": _("Identity proved"),
    "rights.placed": _("Request handed to who answers it"),
    "rights.placed_on": _("Whom a request is about said"),
    "rights.proof_destroyed": _("Copy of identity papers destroyed"),
    "rights.received": _("Request received by the operator"),
    "rights.recorded": _("Request about one’s data recorded"),
    "rights.thawed": _("Freeze of data lifted"),
    "rights.withdrawn": _("Request taken back"),
    "retention.set": _("Retention set"),
    "retention.enforced": _("Retention enforced"),
}
COLUMNS: dict[str, Promise] = {
    "accepted_at": _("accepted on"),
    "activity__name": _("activity"),
    "answer": _("answer"),
    "answered_at": _("answered on"),
    "at": _("when"),
    "birth_on": _("birth date"),
    "cancelled_at": _("cancelled on"),
    "caption": _("what it shows"),
    "changed_at": _("changed on"),
    "changes__observation_id": _("number of the observation"),
    "changes_shared_at": _("changes shared on"),
    "competency__name_fr": _("competency"),
    "covers": _("subjects covered"),
    "created_at": _("made on"),
    "decided_at": _("decided on"),
    "declared_at": _("declared on"),
    "details": _("details"),
    "done_at": _("done on"),
    "email": _("e-mail"),
    "ends_on": _("ends on"),
    "expires_at": _("expires on"),
    "expires_on": _("expires on"),
    "file": _("file"),
    "first_name": _("first name"),
    "group__name": _("group"),
    "group__year__name": _("school year"),
    "guardian_id": _("number of the guardian"),
    "handedness": _("handedness"),
    "how": _("how"),
    "id": _("number"),
    "informed_on": _("informed on"),
    "invited_at": _("invited on"),
    "ip": _("network address"),
    "joined_at": _("joined on"),
    "kind": _("kind"),
    "language": _("language"),
    "last_name": _("last name"),
    "last_seen_at": _("last seen on"),
    "last_used_on": _("last used on"),
    "left_on": _("left on"),
    "level": _("level"),
    "levels": _("levels by number of the competency"),
    "name": _("name"),
    "observation_id": _("number of the observation"),
    "observation__observed_on": _("observed on"),
    "observation__state": _("state"),
    "observation__text": _("observation"),
    "observed_on": _("observed on"),
    "origin": _("at the word of"),
    "pending": _("since it was shared"),
    "person_id": _("number of the person"),
    "preferred_last_name": _("preferred name"),
    "proof": _("proof"),
    "read_again_at": _("read again on"),
    "read_at": _("read on"),
    "ready_at": _("ready on"),
    "reason": _("reason"),
    "requested_at": _("asked for on"),
    "revoked_at": _("revoked on"),
    "role": _("role"),
    "school_class__name": _("class"),
    "school_class__year__name": _("school year"),
    "score": _("score out of 100"),
    "seconds": _("seconds spent"),
    "sent_at": _("sent on"),
    "shared_at": _("shared on"),
    "size": _("size in bytes"),
    "starts_on": _("starts on"),
    "state": _("state"),
    "student_id": _("number of the pupil"),
    "terms_version": _("version of the terms"),
    "text": _("text"),
    "thanked_at": _("thanked on"),
    "undone_at": _("undone on"),
    "user_agent": _("browser"),
    "username": _("user name"),
    "version": _("version"),
    "what": _("what"),
}


def annex_title(annex: str) -> str:
    """Return what an annex is called."""
    return str(ANNEXES[annex])


def field_label(annex: str, name: str) -> str:
    """Return what a field of an annex is called; "" for one that is not read, or not in this language."""
    if annex == "d" and name != _language():
        return ""
    return str(ANNEX_FIELDS[annex].get(name, ""))


def item_title(annex: str, key: str, item: Mapping[str, object]) -> str:
    """Return what an item of an annex is called."""
    if annex == "b":
        return str(CATEGORIES.get(key, key))
    if annex == "d":
        return str(item.get(f"title_{_language()}", key))
    return str(item.get("name" if annex == "c" else "controller", ""))


def value_text(annex: str, name: str, value: object) -> str:
    """Return a value of an annex as it is read."""
    if isinstance(value, bool):
        return str(_yes if value else _no)
    if isinstance(value, list):
        return _list_text(name, value)
    if name == "retention_days":
        days = int(str(value or 0))
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": number_text(days)}
    if name == "contract_on":
        return day_text(date.fromisoformat(str(value))) if value else ""
    if name == "country":
        return country_name(str(value))
    known: dict[str, Promise] = {"legal_basis": LEGAL_BASES, "mechanism": MECHANISMS}.get(name, {})
    return str(known.get(str(value), value))


def _list_text(name: str, values: list[object]) -> str:
    if name == "fields":
        return _fields_text(values)
    known = {"subjects": SUBJECTS, "categories": CATEGORIES}.get(name, {})
    said = (str(known.get(str(one)) or label_of(str(one))) for one in values)
    return ", ".join(sorted(said, key=unaccented))


def _fields_text(values: list[object]) -> str:
    """Return which fields of whom are listed."""
    by_subject: dict[str, list[str]] = {}
    for one in values:
        subject, _dot, field = str(one).partition(".")
        by_subject.setdefault(subject, []).append(str(LISTED.get(field, field)))
    return " ; ".join(
        f"{SUBJECTS.get(subject, subject)} : {', '.join(fields)}"
        if _language() == "fr"
        else f"{SUBJECTS.get(subject, subject)}: {', '.join(fields)}"
        for subject, fields in by_subject.items()
    )


def _language() -> str:
    return "fr" if (get_language() or "fr").startswith("fr") else "en"


def column_words(name: str) -> str:
    """Return what a column is called, or its own name while nobody has found words for it."""
    return str(COLUMNS.get(name, name))


def country_name(code: str) -> str:
    """Return a country by its name in the reader's language; an unknown code stays as it is."""
    return countries().get(code, code)


def countries() -> dict[str, str]:
    """Return the countries of the world by their codes, in the reader's language and its order."""
    locale = Locale.parse((get_language() or "fr").replace("-", "_"))
    found = {code: str(name) for code, name in locale.territories.items() if is_country(code)}
    return dict(sorted(found.items(), key=lambda pair: unaccented(pair[1])))


def is_country(code: str) -> bool:
    """Return whether a code is a country's: two letters, and none of those that name a group or nobody."""
    return len(code) == 2 and code.isalpha() and code not in {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}


def unaccented(name: str) -> str:
    """Return a name as it is sorted."""
    return normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
