"""Addresses of people's pages; those that allauth names itself stand outside of the namespace."""

from django.urls import include, path

from people.views import (
    account,
    home,
    invitations,
    person,
    places,
    review,
    roles,
    session,
    settings,
    terms,
    tokens,
)

_own = [
    path("me/", account.Account.as_view(), name="account"),
    path("me/sessions/end/", account.EndSessions.as_view(), name="end_my_sessions"),
    path("session/stay/", session.Stay.as_view(), name="stay"),
    path("session/locked/", session.Locked.as_view(), name="locked"),
    path("invitation/<str:token>/", invitations.Invited.as_view(), name="invited"),
]


def _access(people: str, area: str) -> list[object]:
    """Return the pages of people, invitations and roles, for a tenant or for the console."""
    of = places.view_permission(area)
    invited = f"{people}/invitations"
    held = f"{people}/roles"
    return [
        path(f"{people}/", of(person.PeopleList), name="list"),
        path(f"{people}/new/", of(person.NewPerson), name="new"),
        path(f"{people}/<uuid:person_id>/", of(person.PersonPage), name="person"),
        path(f"{people}/<uuid:person_id>/change/", of(person.ChangePerson), name="change"),
        path(f"{people}/<uuid:person_id>/roles/", of(person.GiveRole), name="give_role"),
        path(
            f"{people}/<uuid:person_id>/roles/<uuid:membership_id>/end/", of(person.EndRole), name="end_role"
        ),
        path(f"{people}/<uuid:person_id>/sessions/end/", of(person.EndSessions), name="end_sessions"),
        path(f"{people}/<uuid:person_id>/close/", of(person.Deactivate), name="deactivate"),
        path(f"{people}/<uuid:person_id>/open/", of(person.Reactivate), name="reactivate"),
        path(f"{invited}/", of(invitations.InvitationList), name="invitations"),
        path(f"{invited}/new/", of(invitations.Invite), name="invite"),
        path(f"{invited}/<uuid:invitation_id>/again/", of(invitations.ResendInvitation), name="invite_again"),
        path(f"{invited}/<uuid:invitation_id>/cancel/", of(invitations.Cancel), name="cancel_invitation"),
        path(f"{held}/", of(roles.RoleList), name="roles"),
        path(f"{held}/<uuid:role_id>/", of(roles.EditRole), name="role"),
        path(f"{held}/<uuid:role_id>/copy/", of(roles.CopyRole), name="copy_role"),
        path(f"{held}/<uuid:role_id>/remove/", of(roles.RemoveRole), name="remove_role"),
    ]


_plain = [
    path("account/", include("allauth.account.urls")),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("language/", session.SetLanguage.as_view(), name="set_language"),
]
tenant_urlpatterns = [
    path("", home.TenantHome.as_view(), name="home"),
    path("terms/accept/", terms.AcceptTerms.as_view(), name="terms"),
    path("people/review/", review.Review.as_view(), name="review"),
    path("settings/", settings.Settings.as_view(), name="settings"),
    *_own,
    *_access("people", "tenant"),
]
public_urlpatterns = [
    path("console/", home.ConsoleHome.as_view(), name="home"),
    path("me/tokens/", tokens.Tokens.as_view(), name="tokens"),
    path("me/tokens/<uuid:token_id>/revoke/", tokens.RevokeToken.as_view(), name="revoke_token"),
    *_own,
    *_access("console/people", "operator"),
]
tenant_urlpatterns_plain = _plain
public_urlpatterns_plain = _plain
