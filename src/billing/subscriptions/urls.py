"""The addresses of subscriptions."""

from django.urls import path

from billing.subscriptions.views import (
    force_majeure,
    letters,
    plans,
    portal_plans,
    portal_subscriptions,
    renewal_notices,
    saved,
    subscriptions,
    suspensions,
    workspaces,
)

console = [
    path("tenants/<uuid:tenant_id>/access/", workspaces.WorkspaceAccess.as_view(), name="tenant_access"),
    path("tenants/<uuid:tenant_id>/end/", workspaces.EndWorkspace.as_view(), name="tenant_end"),
    path("tenants/<uuid:tenant_id>/delete/", workspaces.DeleteWorkspace.as_view(), name="tenant_delete"),
    path(
        "tenants/<uuid:tenant_id>/access/<uuid:suspension_id>/lift/",
        workspaces.LiftInWorkspace.as_view(),
        name="tenant_lift",
    ),
    path("subscriptions/", subscriptions.SubscriptionList.as_view(), name="subscriptions"),
    path(
        "subscriptions/<uuid:subscription_id>/", subscriptions.SubscriptionPage.as_view(), name="subscription"
    ),
    path(
        "subscriptions/<uuid:subscription_id>/word/",
        subscriptions.RecordTermination.as_view(),
        name="termination_record",
    ),
    path(
        "subscriptions/<uuid:subscription_id>/letters/",
        letters.WriteLetter.as_view(),
        name="letter_write",
    ),
    path(
        "subscriptions/<uuid:subscription_id>/events/",
        force_majeure.BeginEvent.as_view(),
        name="force_majeure_start",
    ),
    path(
        "subscriptions/<uuid:subscription_id>/unserved/",
        force_majeure.CreditUnserved.as_view(),
        name="unserved_credit",
    ),
    path(
        "subscriptions/<uuid:subscription_id>/suspend/",
        suspensions.SuspendNow.as_view(),
        name="suspend_now",
    ),
    path(
        "subscriptions/<uuid:subscription_id>/end-suspended/",
        suspensions.EndSuspended.as_view(),
        name="end_suspended",
    ),
    path("letters/<uuid:letter_id>/", letters.FollowLetter.as_view(), name="letter_follow"),
    path("letters/<uuid:letter_id>/scan/", letters.LetterScan.as_view(), name="letter_scan"),
    path("letters/<uuid:letter_id>/end/", letters.EndForBreach.as_view(), name="letter_end"),
    path("events/<uuid:force_majeure_id>/over/", force_majeure.EndEvent.as_view(), name="force_majeure_end"),
    path(
        "events/<uuid:force_majeure_id>/correct/",
        force_majeure.CorrectEvent.as_view(),
        name="force_majeure_correct",
    ),
    path(
        "events/<uuid:force_majeure_id>/end/",
        force_majeure.EndForEvent.as_view(),
        name="force_majeure_terminate",
    ),
    path(
        "suspensions/<uuid:suspension_id>/lift/",
        suspensions.LiftSuspension.as_view(),
        name="suspension_lift",
    ),
    path(
        "suspensions/<uuid:suspension_id>/bounce/",
        suspensions.NoteBounce.as_view(),
        name="suspension_bounce",
    ),
    path(
        "suspensions/<uuid:suspension_id>/message-bounce/",
        suspensions.NoteMessageBounce.as_view(),
        name="suspension_message_bounce",
    ),
    path(
        "renewal-notices/<uuid:notice_id>/bounce/",
        renewal_notices.NoteNoticeBounce.as_view(),
        name="renewal_notice_bounce",
    ),
    path(
        "terms-notices/<uuid:terms_notice_id>/bounce/",
        renewal_notices.NoteTermsBounce.as_view(),
        name="terms_notice_bounce",
    ),
    path(
        "subscriptions/<uuid:subscription_id>/fewer/",
        plans.SchedulePlanChange.as_view(),
        name="plan_schedule",
    ),
]

portal = [
    path("method/", saved.PortalMethod.as_view(), name="portal_method"),
    path("method/new/", saved.PortalMethodNew.as_view(), name="portal_method_new"),
    path("method/revoke/", saved.PortalMethodRevoke.as_view(), name="portal_method_revoke"),
    path("method/saved/<uuid:setup_id>/", saved.PortalMethodSaved.as_view(), name="portal_method_saved"),
    path("subscriptions/<uuid:subscription_id>/trial/", saved.PortalTrial.as_view(), name="portal_trial"),
    path("subscriptions/", portal_subscriptions.PortalSubscriptions.as_view(), name="portal_subscriptions"),
    path(
        "subscriptions/<uuid:subscription_id>/",
        portal_subscriptions.PortalSubscription.as_view(),
        name="portal_subscription",
    ),
    path(
        "subscriptions/<uuid:subscription_id>/terminate/",
        portal_subscriptions.PortalTerminate.as_view(),
        name="portal_terminate",
    ),
    path(
        "subscriptions/<uuid:subscription_id>/registrations/",
        portal_subscriptions.PortalCancelRegistrations.as_view(),
        name="portal_registrations",
    ),
    path(
        "subscriptions/<uuid:subscription_id>/event/terminate/",
        force_majeure.PortalEndForEvent.as_view(),
        name="portal_force_majeure_terminate",
    ),
    path(
        "subscriptions/<uuid:subscription_id>/plan/",
        portal_plans.PortalChangePlan.as_view(),
        name="portal_plan",
    ),
]
