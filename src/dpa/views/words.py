"""The words of a deletion's page: what exactly goes."""

from django.utils.translation import ngettext

from dpa.queries.data_inventory import Losses


def losses_in_words(lost: Losses) -> list[str]:
    """Return what would go, one sentence each, exact to the unit."""
    said = []
    if n := lost.observations:
        said.append(ngettext("%(n)d observation", "%(n)d observations", n) % {"n": n})
    if n := lost.results:
        said.append(ngettext("%(n)d result", "%(n)d results", n) % {"n": n})
    if lost.photos:
        said.append(_photos(lost))
    if n := lost.guardians:
        said.append(
            ngettext(
                "%(n)d guardian who looks after no other child",
                "%(n)d guardians who look after no other child",
                n,
            )
            % {"n": n}
        )
    if n := lost.others:
        said.append(
            ngettext("%(n)d other line (class, account…)", "%(n)d other lines (class, account…)", n)
            % {"n": n}
        )
    return said


def _photos(lost: Losses) -> str:
    said = ngettext("%(n)d photo", "%(n)d photos", lost.photos) % {"n": lost.photos}
    if not lost.photos_of_others:
        return said
    shown = ngettext(
        "of which %(n)d shows others: it goes for everyone",
        "of which %(n)d show others: they go for everyone",
        lost.photos_of_others,
    )
    return f"{said}, {shown % {'n': lost.photos_of_others}}"


def left_in_words(lost: Losses) -> str:
    """Return what stays: what is about others too."""
    if not lost.observations_left:
        return ""
    return ngettext(
        "%(n)d observation that is also about other pupils stays, without this one’s name.",
        "%(n)d observations that are also about other pupils stay, without this one’s name.",
        lost.observations_left,
    ) % {"n": lost.observations_left}
