"""Who may do what: people, their roles for a time, invitations, what they accepted, reviews of access."""

from people.models.acceptance import Acceptance, AccessReview
from people.models.invitation import Invitation
from people.models.person import Person
from people.models.role import Membership, Role
from people.models.token import AccessToken

__all__ = ["Acceptance", "AccessReview", "AccessToken", "Invitation", "Membership", "Person", "Role"]
