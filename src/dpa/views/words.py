"""The words of a deletion's page: what exactly goes."""

from collections.abc import Iterator

from django.utils.translation import ngettext, ngettext_lazy

from contracts.labels import number_text
from dpa.queries.data_inventory import Losses

GOES = {
    "dpa.Hold": ngettext_lazy("%(n)s reason for holding data", "%(n)s reasons for holding data", "count"),
    "dpa.DataRequest": ngettext_lazy("%(n)s request about data", "%(n)s requests about data", "count"),
    "people.Person": ngettext_lazy("%(n)s account", "%(n)s accounts", "count"),
    "people.Membership": ngettext_lazy("%(n)s role", "%(n)s roles", "count"),
    "classrooms.Enrolment": ngettext_lazy("%(n)s class attended", "%(n)s classes attended", "count"),
    "classrooms.GroupStudent": ngettext_lazy("%(n)s group attended", "%(n)s groups attended", "count"),
    "classrooms.Teaching": ngettext_lazy(
        "%(n)s class or group taught", "%(n)s classes or groups taught", "count"
    ),
    "classrooms.ObservationStudent": ngettext_lazy(
        "%(n)s mention in an observation", "%(n)s mentions in observations", "count"
    ),
    "classrooms.ObservationChanges": ngettext_lazy(
        "%(n)s change not shared yet", "%(n)s changes not shared yet", "count"
    ),
    "classrooms.ChangesStudent": ngettext_lazy(
        "%(n)s mention in a change not shared yet", "%(n)s mentions in changes not shared yet", "count"
    ),
    "classrooms.ObservationCompetency": ngettext_lazy(
        "%(n)s competency observed", "%(n)s competencies observed", "count"
    ),
    "classrooms.ReadReceipt": ngettext_lazy("%(n)s reading or answer", "%(n)s readings or answers", "count"),
    "classrooms.Guardianship": ngettext_lazy(
        "%(n)s link between a guardian and a pupil", "%(n)s links between guardians and pupils", "count"
    ),
    "classrooms.GuardianInformation": ngettext_lazy(
        "%(n)s record that guardians were informed", "%(n)s records that guardians were informed", "count"
    ),
    "classrooms.AccountDeclaration": ngettext_lazy(
        "%(n)s declaration about an account", "%(n)s declarations about accounts", "count"
    ),
    "classrooms.ImportBatch": ngettext_lazy("%(n)s waiting import", "%(n)s waiting imports", "count"),
    "dpa.AnnexDraft": ngettext_lazy(
        "%(n)s contact named in the annexes", "%(n)s contacts named in the annexes", "count"
    ),
    "exports.ExportJob": ngettext_lazy("%(n)s export", "%(n)s exports", "count"),
    "people.Invitation": ngettext_lazy("%(n)s invitation", "%(n)s invitations", "count"),
    "people.Acceptance": ngettext_lazy("%(n)s acceptance of terms", "%(n)s acceptances of terms", "count"),
    "people.AccessToken": ngettext_lazy("%(n)s access token", "%(n)s access tokens", "count"),
    "account.EmailAddress": ngettext_lazy("%(n)s sign-in address", "%(n)s sign-in addresses", "count"),
    "mfa.Authenticator": ngettext_lazy("%(n)s second factor", "%(n)s second factors", "count"),
    "usersessions.UserSession": ngettext_lazy("%(n)s session", "%(n)s sessions", "count"),
    "audit.PersonalPart": ngettext_lazy(
        "%(n)s name in the audit trail, which stays without it",
        "%(n)s names in the audit trail, which stays without them",
        "count",
    ),
}
WITH_OTHERS = {"sessions.Session", "account.EmailConfirmation"}  # a session and an address, a second time


def losses_in_words(lost: Losses) -> list[str]:
    """Return what would go, one sentence each, exact to the unit."""
    return list(_said(lost))


def _said(lost: Losses) -> Iterator[str]:
    if n := lost.students:
        yield _counted(ngettext("%(n)s pupil", "%(n)s pupils", n), n)
    if n := lost.observations:
        yield _counted(ngettext("%(n)s observation", "%(n)s observations", n), n)
    if n := lost.results:
        yield _counted(ngettext("%(n)s result", "%(n)s results", n), n)
    if lost.photos:
        yield _photos(lost)
    if n := lost.guardians:
        words = ngettext(
            "%(n)s guardian who looks after no other child",
            "%(n)s guardians who look after no other child",
            n,
        )
        yield _counted(words, n)
    for label, goes in GOES.items():
        if n := lost.others.get(label, 0):
            yield str(goes % {"count": n, "n": number_text(n)})


def _counted(words: str, count: int) -> str:
    return words % {"n": number_text(count)}


def _photos(lost: Losses) -> str:
    said = _counted(ngettext("%(n)s photo", "%(n)s photos", lost.photos), lost.photos)
    if not lost.photos_of_others:
        return said
    shown = ngettext(
        "of which %(n)s shows others: it goes for everyone",
        "of which %(n)s show others: they go for everyone",
        lost.photos_of_others,
    )
    return f"{said}, {_counted(shown, lost.photos_of_others)}"


def left_in_words(lost: Losses) -> str:
    """Return what stays: what is about others too."""
    if not lost.observations_left:
        return ""
    words = ngettext(
        "%(n)s observation that is also about other pupils stays, without this one’s name.",
        "%(n)s observations that are also about other pupils stay, without this one’s name.",
        lost.observations_left,
    )
    return _counted(words, lost.observations_left)
