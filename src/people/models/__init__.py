"""Who may do what: people, their roles for a time, invitations, what they accepted, reviews of access."""

from people.models.acceptance import Acceptance, AccessReview
from people.models.invitation import Invitation
from people.models.person import Person
from people.models.role import Membership, Role

__all__ = ["Acceptance", "AccessReview", "Invitation", "Membership", "Person", "Role"]
