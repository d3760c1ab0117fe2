"""What categories of data and people are called, and the columns of tables in a spreadsheet.

Programs read their own names, in JSON.
"""

from unicodedata import normalize

from babel import Locale
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

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
