"""Accounts can be closed; the database itself refuses a day in them."""

import uuid

from django.db import migrations, models

OPEN = """
-- The trigger's arguments are the columns that date the row. Closing takes the same lock alone: who is dating something
-- at that moment is waited for, who comes after sees what is closed.
CREATE FUNCTION public.billing_day_is_open() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    closed date;
    new_row jsonb := to_jsonb(NEW);
    old_row jsonb := '{}';
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('billing closed periods'));
    SELECT max(ends_on) INTO closed FROM billing_closedperiod WHERE reopened_at IS NULL;
    IF closed IS NULL THEN RETURN NEW; END IF;
    IF TG_OP = 'UPDATE' THEN old_row := to_jsonb(OLD); END IF;
    FOR n IN 0 .. TG_NARGS - 1 LOOP
        IF (new_row -> TG_ARGV[n]) IS DISTINCT FROM (old_row -> TG_ARGV[n])
            AND (new_row ->> TG_ARGV[n])::date < closed
        THEN
            RAISE EXCEPTION '%.% lies in accounts closed before %', TG_TABLE_NAME, TG_ARGV[n], closed
                USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;

CREATE TRIGGER open BEFORE INSERT ON billing_invoice
    FOR EACH ROW EXECUTE FUNCTION public.billing_day_is_open('issued_on');
CREATE TRIGGER open BEFORE INSERT ON billing_proforma
    FOR EACH ROW EXECUTE FUNCTION public.billing_day_is_open('issued_on');
CREATE TRIGGER open BEFORE INSERT OR UPDATE ON billing_payment
    FOR EACH ROW EXECUTE FUNCTION public.billing_day_is_open('received_on', 'proof_on', 'credited_on', 'bounced_on');
CREATE TRIGGER open BEFORE INSERT OR UPDATE ON billing_refund
    FOR EACH ROW EXECUTE FUNCTION public.billing_day_is_open('made_on', 'failed_on');
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_closedperiod
    FOR EACH ROW EXECUTE FUNCTION public.billing_only('reopened_at', 'reopened_by', 'reopen_reason');
"""
UNDO = """
DROP TRIGGER frozen ON billing_closedperiod;
DROP TRIGGER open ON billing_refund;
DROP TRIGGER open ON billing_payment;
DROP TRIGGER open ON billing_proforma;
DROP TRIGGER open ON billing_invoice;
DROP FUNCTION public.billing_day_is_open();
"""


class Migration(migrations.Migration):
    """Keep closed periods, and closed."""

    dependencies = [("billing", "0012_where_it_is_delivered")]
    operations = [
        migrations.CreateModel(
            name="ClosedPeriod",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("closed_at", models.DateTimeField()),
                ("closed_by", models.UUIDField(blank=True, null=True)),
                ("figures", models.JSONField()),
                ("fec", models.BinaryField()),
                ("fec_sha256", models.CharField(max_length=64)),
                ("reopened_at", models.DateTimeField(blank=True, null=True)),
                ("reopened_by", models.UUIDField(blank=True, null=True)),
                ("reopen_reason", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ("-ends_on", "-closed_at"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gt", models.F("starts_on"))), name="billing_closedperiod_period"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reopened_at", None)), fields=("starts_on",), name="billing_closedperiod_once"
                    ),
                ],
            },
        ),
        migrations.RunSQL(OPEN, UNDO),
    ]
