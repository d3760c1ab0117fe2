"""A claim for late interest is paid by its own shares of payments, and corrected by a claim below zero."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import contracts.models

FITS = """
CREATE OR REPLACE FUNCTION public.billing_payment_used(payment uuid) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT coalesce((SELECT sum(amount_cents) FROM billing_allocation
            WHERE payment_id = payment AND released_at IS NULL), 0)::bigint
        + coalesce((SELECT sum(amount_cents) FROM billing_claimallocation
            WHERE payment_id = payment AND released_at IS NULL), 0)::bigint
        + coalesce((SELECT sum(amount_cents) FROM billing_refund
            WHERE payment_id = payment AND failed_on IS NULL), 0)::bigint
$$;

CREATE FUNCTION public.billing_claim_allocation_fits() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE asked bigint; brought bigint;
BEGIN
    PERFORM 1 FROM billing_latestatement WHERE id = NEW.claim_id FOR UPDATE;
    SELECT sum(total_cents) INTO asked FROM billing_latestatement
        WHERE id = NEW.claim_id OR corrects_id = NEW.claim_id;
    IF NEW.amount_cents + (SELECT coalesce(sum(amount_cents), 0) FROM billing_claimallocation
        WHERE claim_id = NEW.claim_id AND released_at IS NULL) > asked
    THEN
        RAISE EXCEPTION 'more than the claim asks' USING ERRCODE = 'check_violation';
    END IF;
    SELECT amount_cents INTO brought FROM billing_payment WHERE id = NEW.payment_id FOR UPDATE;
    IF NEW.amount_cents + public.billing_payment_used(NEW.payment_id) > brought THEN
        RAISE EXCEPTION 'more than the payment brought' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_claimallocation
    FOR EACH ROW EXECUTE FUNCTION public.billing_only('released_at', 'release_reason');
CREATE TRIGGER fits BEFORE INSERT ON billing_claimallocation
    FOR EACH ROW EXECUTE FUNCTION public.billing_claim_allocation_fits();
"""

UNDO = """
CREATE OR REPLACE FUNCTION public.billing_payment_used(payment uuid) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT coalesce((SELECT sum(amount_cents) FROM billing_allocation
            WHERE payment_id = payment AND released_at IS NULL), 0)::bigint
        + coalesce((SELECT sum(amount_cents) FROM billing_refund
            WHERE payment_id = payment AND failed_on IS NULL), 0)::bigint
$$;
DROP TRIGGER frozen ON billing_claimallocation;
DROP TRIGGER fits ON billing_claimallocation;
DROP FUNCTION public.billing_claim_allocation_fits();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0038_sent_documents")]

    operations = [
        migrations.AddField(
            model_name="interestclaim",
            name="corrects",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="billing.interestclaim",
            ),
        ),
        migrations.CreateModel(
            name="ClaimAllocation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("amount_cents", models.PositiveBigIntegerField()),
                ("allocated_at", models.DateTimeField()),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                ("release_reason", contracts.models.RedactedCharField(blank=True, max_length=300)),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocations",
                        to="billing.interestclaim",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claim_allocations",
                        to="billing.payment",
                    ),
                ),
            ],
            options={
                "ordering": ("allocated_at",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_cents__gt", 0)), name="billing_claimallocation_positive"
                    )
                ],
            },
        ),
        migrations.RunSQL(FITS, UNDO),
    ]
