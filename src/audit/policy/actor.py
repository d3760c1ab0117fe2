"""Who acts, as far as the trail wants to know."""

from typing import Protocol
from uuid import UUID


class Actor(Protocol):
    """Anybody with an id: a person, a buyer's contact. Where nobody acts (the system), it is None."""

    @property
    def id(self) -> UUID:
        """Return the id that the trail keeps."""
