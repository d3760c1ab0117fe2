"""The controller's answer to a person's wish to be deleted."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from agenda.actions import close_obligation, enqueue_message
from agenda.models import Obligation
from audit.actions import log_action
from dpa.actions.request_erasure import WISH, carry_out
from dpa.models import Erasure
from people.models import Person


class NothingToDecide(Exception):
    """Raised when the request was answered already."""


class ReasonMissing(Exception):
    """Raised when a refusal gives no reason."""


@transaction.atomic
def approve(*, deletion: Erasure, by: Person, now: datetime, answered: Collection[str] = ()) -> Erasure:
    """Return the deletion, carried out from now on: the controller's word starts the clock.

    `answered` says which doubtful mentions in texts go and which stay (`dpa.policy.doubts`).

    Raises NothingToDecide, LastAdministrator, CannotGive.
    """
    deletion = _waiting(deletion)
    deletion.decided_by = by.pk
    deletion.decided_at = now
    deletion.answers = list(answered)
    _answered(deletion, by, now, "deletion.approved")
    accounts = list(Person.objects.filter(pk__in=deletion.subjects).values_list("pk", flat=True))
    return carry_out(deletion, accounts, by=by, now=now)


@transaction.atomic
def refuse(*, deletion: Erasure, reason: str, by: Person, now: datetime) -> Erasure:
    """Return the deletion, refused with a reason the person is told.

    Raises NothingToDecide, ReasonMissing.
    """
    deletion = _waiting(deletion)
    if not reason.strip():
        raise ReasonMissing
    deletion.state = Erasure.State.REFUSED
    deletion.reason = reason.strip()
    deletion.decided_by = by.pk
    deletion.decided_at = now
    deletion.save()
    _answered(deletion, by, now, "deletion.refused")
    enqueue_message(
        "dpa/request_refused",
        ids={"deletion": str(deletion.pk)},
        now=now,
        key=f"deletion-refused-{deletion.pk}",
    )
    return deletion


def _waiting(deletion: Erasure) -> Erasure:
    row = Erasure.objects.select_for_update().filter(pk=deletion.pk, state=Erasure.State.WAITING).first()
    if row is None:
        raise NothingToDecide
    return row


def _answered(deletion: Erasure, by: Person, now: datetime, verb: str) -> None:
    close_obligation(WISH, kind="answer", subject=deletion.pk, now=now, state=Obligation.State.KEPT)
    personal = {"reason": deletion.reason} if deletion.reason else {}
    log_action(verb, by=by, on=deletion, at=now, personal=personal, about=deletion.subjects)
