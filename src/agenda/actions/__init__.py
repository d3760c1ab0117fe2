"""What can be done with the agenda and the outbox."""

from agenda.actions.close_obligation import close_obligation
from agenda.actions.enqueue_message import enqueue_message
from agenda.actions.open_obligation import instant, open_obligation

__all__ = ["close_obligation", "enqueue_message", "instant", "open_obligation"]
