"""Going on with a subscription, and changing what it is for.

Price and effect are shown before anything is done.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.catalogue.actions.price_lines import AmountTooLarge, cheque_fee_cents
from billing.catalogue.models.lines import totals_of
from billing.catalogue.policy.methods import CHEQUE, MethodRefused
from billing.collections.queries.blocks import DisputeOpen, OverdueOpen
from billing.customers.requests import PortalRequest
from billing.invoicing.actions.finalize_invoice import NotAnInvoice
from billing.money.views.answers import done, problem
from billing.subscriptions.actions.change_plan import (
    NotChangeable,
    PlanChangeRequest,
    change_plan,
    changes_of,
    methods_of,
    priced_changes,
)
from billing.subscriptions.forms.plans import AgreeForm, PlanForm
from billing.subscriptions.models import Subscription
from billing.subscriptions.policy.amendment import TermOver
from billing.subscriptions.policy.trial import InTrial
from billing.subscriptions.queries.plans import next_term_cents, plan_of
from billing.subscriptions.views.error_messages import order_error_message
from billing.subscriptions.views.portal_subscriptions import PortalSubscriptionView
from contracts.policy.clauses import keeps
from contracts.templatetags.ui import money_text

NOT_ORDERED = (OverdueOpen, DisputeOpen, MethodRefused, NotAnInvoice, AmountTooLarge, InTrial)


class PortalChangePlan(PortalSubscriptionView):
    """Change how many, or the options: what it costs and does is shown first."""

    def get(self, request: PortalRequest, subscription_id: UUID) -> HttpResponse:
        """Return the plan as it is."""
        subscription = get_object_or_404(self.subscriptions().select_related("order"), pk=subscription_id)
        return self._page(subscription, self._form(subscription))

    @keeps("LG-S15")
    def post(self, request: PortalRequest, subscription_id: UUID) -> HttpResponse:
        """Show price and effect, or do it."""
        subscription = get_object_or_404(self.subscriptions().select_related("order"), pk=subscription_id)
        form = self._form(subscription, request.POST)
        if not form.is_valid():
            return self._page(subscription, form)
        try:
            changes = changes_of(subscription, form.wanted(), today=request.today)
        except InTrial as why:
            form.add_error(None, order_error_message(why))
            return self._page(subscription, form)
        except (NotChangeable, TermOver):
            return problem(
                request, _("It can’t be changed here."), "billing:portal_subscription", subscription.pk
            )
        if not changes:
            form.add_error(None, _("Nothing changes yet."))
            return self._page(subscription, form)
        added = {change.key: change.after for change in changes if change.more is not None}
        methods = methods_of(subscription, added, today=request.today) if added else [subscription.method]
        cents = cheque_fee_cents([subscription.product], request.today)
        fee = money_text(cents, subscription.term.currency) if CHEQUE in methods else ""
        sent = request.POST if "confirm" in request.POST else None
        agree = AgreeForm(sent, methods=methods, cheque_fee=fee)
        details = self._told(subscription, form, changes) | {"agree": agree, "needs_payment": bool(added)}
        if "confirm" not in request.POST or (added and not agree.is_valid()):
            return self._page(subscription, form, details)
        return self._change(subscription, form, agree, details)

    def _change(
        self, subscription: Subscription, form: PlanForm, agree: AgreeForm, told: dict[str, Any]
    ) -> HttpResponse:
        request = self.request
        terms = self.terms(subscription)
        if terms is None:
            return problem(
                request, _("It can’t be changed here."), "billing:portal_subscription", subscription.pk
            )
        method = agree.cleaned_data["method"] if told["needs_payment"] else subscription.method
        asked = PlanChangeRequest(form.wanted(), method, terms.pk)
        try:
            order = change_plan(
                subscription_id=subscription.pk,
                asked=asked,
                contact=request.contact,
                now=timezone.now(),
                today=request.today,
            )
        except NOT_ORDERED as why:
            form.add_error(None, order_error_message(why))
            return self._page(subscription, form, told)
        if order is None:
            text = _("Kept. It applies from the next renewal on.")
            return done(request, text, "billing:portal_subscription", subscription.pk)
        return done(
            request, _("Thank you. It is there as soon as it is paid."), "billing:portal_order", order.pk
        )

    def _form(self, subscription: Subscription, data: Any = None) -> PlanForm:
        plan = plan_of(subscription, today=self.request.today)
        return PlanForm(data, plan=plan, language=self.request.contact.language)

    def _told(self, subscription: Subscription, form: PlanForm, changes: Any) -> dict[str, Any]:
        language = self.request.contact.language
        priced = priced_changes(subscription, changes, language=language, today=self.request.today)
        with_vat = subscription.order.is_consumer_protected
        total = totals_of(priced.values())
        names = {each.counted.key: each.product.name(language) for each in form.plan}
        return {
            "changes": [(names[change.key], change, priced.get(change.key)) for change in changes],
            "total_cents": total.gross_cents if with_vat else total.net_cents,
            "next_cents": next_term_cents(subscription, list(form.plan), form.wanted()),
        }

    def _page(
        self, subscription: Subscription, form: PlanForm, told: dict[str, Any] | None = None
    ) -> HttpResponse:
        quoted = subscription.order.version_id is not None
        context = self.details(subscription) | {
            "form": form,
            "is_quoted": quoted,
            "terms": self.terms(subscription),
        }
        agree = (told or {}).get("agree")
        wrong = bool(form.errors) or bool(agree is not None and agree.errors)
        return self.page(
            "billing/subscriptions/portal/plan.html", context | (told or {}), status=422 if wrong else 200
        )
