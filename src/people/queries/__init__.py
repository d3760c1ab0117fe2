"""What pages and other apps ask about people."""

from people.queries.access import (
    accepted_versions,
    address_is_proved,
    area_here,
    circle_state,
    day_here,
    founded,
    lasting_administrators,
    lasting_grantors,
    permissions_of,
    protection_here,
    rights_promised,
    role_counts,
)
from people.queries.children import is_child
from people.queries.home import access_panel, names_by_id
from people.queries.links import house_name, url_here, zone_here
from people.queries.lists import invitation_rows, membership_rows, people_rows, session_rows
from people.queries.terms import terms_in_force_here, terms_label, terms_to_accept
from people.queries.tokens import token_shown, tokens_of

__all__ = [
    "accepted_versions",
    "access_panel",
    "address_is_proved",
    "area_here",
    "circle_state",
    "day_here",
    "founded",
    "permissions_of",
    "house_name",
    "invitation_rows",
    "is_child",
    "lasting_administrators",
    "lasting_grantors",
    "membership_rows",
    "names_by_id",
    "people_rows",
    "protection_here",
    "rights_promised",
    "role_counts",
    "session_rows",
    "terms_in_force_here",
    "terms_label",
    "terms_to_accept",
    "token_shown",
    "tokens_of",
    "url_here",
    "zone_here",
]
