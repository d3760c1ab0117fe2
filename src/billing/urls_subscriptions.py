"""The addresses of subscriptions, withdrawals, registered letters and the accounts, in the console and in the
portal.
"""

from django.urls import path

from billing.views import (
    accounting,
    late,
    plans,
    portal_agreements,
    portal_plans,
    portal_subscriptions,
    subscriptions,
    withdrawals,
)

console = [
    path("accounting/", accounting.Accounting.as_view(), name="accounting"),
    path("accounting/fec/", accounting.Fec.as_view(), name="fec"),
    path("late/<uuid:invoice_id>/notice/pdf/", late.NoticePdf.as_view(), name="notice_pdf"),
    path("late/<uuid:invoice_id>/notice/letter/", late.FollowNotice.as_view(), name="notice_follow"),
    path("subscriptions/", subscriptions.SubscriptionList.as_view(), name="subscriptions"),
    path(
        "subscriptions/<uuid:subscription_id>/", subscriptions.SubscriptionPage.as_view(), name="subscription"
    ),
    path(
        "subscriptions/<uuid:subscription_id>/word/", subscriptions.RecordWord.as_view(), name="word_record"
    ),
    path(
        "subscriptions/<uuid:subscription_id>/letters/",
        subscriptions.WriteLetter.as_view(),
        name="letter_write",
    ),
    path(
        "subscriptions/<uuid:subscription_id>/events/", subscriptions.BeginEvent.as_view(), name="event_begin"
    ),
    path(
        "subscriptions/<uuid:subscription_id>/suspend/",
        subscriptions.SuspendNow.as_view(),
        name="suspend_now",
    ),
    path(
        "subscriptions/<uuid:subscription_id>/end-suspended/",
        subscriptions.EndSuspended.as_view(),
        name="end_suspended",
    ),
    path("letters/<uuid:letter_id>/", subscriptions.FollowLetter.as_view(), name="letter_follow"),
    path("letters/<uuid:letter_id>/scan/", subscriptions.LetterScan.as_view(), name="letter_scan"),
    path("letters/<uuid:letter_id>/end/", subscriptions.EndForBreach.as_view(), name="letter_end"),
    path("events/<uuid:force_majeure_id>/over/", subscriptions.EndEvent.as_view(), name="event_over"),
    path("events/<uuid:force_majeure_id>/end/", subscriptions.EndForEvent.as_view(), name="event_end"),
    path(
        "suspensions/<uuid:suspension_id>/lift/",
        subscriptions.LiftSuspension.as_view(),
        name="suspension_lift",
    ),
    path(
        "suspensions/<uuid:suspension_id>/bounce/",
        subscriptions.NoteBounce.as_view(),
        name="suspension_bounce",
    ),
    path(
        "subscriptions/<uuid:subscription_id>/quote/", plans.PrepareRenewal.as_view(), name="renewal_prepare"
    ),
    path("subscriptions/<uuid:subscription_id>/fewer/", plans.PutOff.as_view(), name="plan_put_off"),
    path(
        "orders/<uuid:order_id>/withdrawal/", withdrawals.RecordWithdrawal.as_view(), name="withdrawal_record"
    ),
    path("withdrawals/<uuid:withdrawal_id>/sent/", withdrawals.GoodsSent.as_view(), name="withdrawal_sent"),
]
portal = [
    path("contracts/", portal_agreements.PortalAgreements.as_view(), name="portal_agreements"),
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
        "subscriptions/<uuid:subscription_id>/again/", portal_plans.PortalAgain.as_view(), name="portal_again"
    ),
    path(
        "subscriptions/<uuid:subscription_id>/plan/",
        portal_plans.PortalChangePlan.as_view(),
        name="portal_plan",
    ),
    path("orders/<uuid:order_id>/withdraw/", withdrawals.PortalWithdraw.as_view(), name="portal_withdraw"),
    path(
        "orders/<uuid:order_id>/withdrawal-form/",
        withdrawals.PortalWithdrawalForm.as_view(),
        name="portal_withdrawal_form",
    ),
    path("returns/<uuid:return_id>/slip/", withdrawals.PortalReturnSlip.as_view(), name="portal_return_slip"),
]
