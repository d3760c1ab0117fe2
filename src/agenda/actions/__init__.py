"""What can be done with the agenda and the outbox."""

from agenda.actions.owe import instant, owe
from agenda.actions.post import post
from agenda.actions.settle import settle

__all__ = ["instant", "owe", "post", "settle"]
