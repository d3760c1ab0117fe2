"""What a payer's bank takes back of money that was given back before is more than the payment brought."""

from django.db import migrations

USED = """
CREATE OR REPLACE FUNCTION public.billing_payment_used(payment uuid) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT coalesce((SELECT sum(amount_cents) FROM billing_allocation
            WHERE payment_id = payment AND released_at IS NULL), 0)::bigint
        + coalesce((SELECT sum(amount_cents) FROM billing_claimallocation
            WHERE payment_id = payment AND released_at IS NULL), 0)::bigint
        + coalesce((SELECT sum(amount_cents) FROM billing_refund
            WHERE payment_id = payment AND failed_on IS NULL {apart}), 0)::bigint
$$;
"""

FITS = """
CREATE OR REPLACE FUNCTION public.billing_refund_fits() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE brought bigint;
BEGIN
    {skip}
    SELECT amount_cents INTO brought FROM billing_payment WHERE id = NEW.payment_id FOR UPDATE;
    IF NEW.amount_cents + public.billing_payment_used(NEW.payment_id) > brought THEN
        RAISE EXCEPTION 'more than the payment brought' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""

APART = "AND reason <> 'taken back beyond'"
SKIP = "IF NEW.reason = 'taken back beyond' THEN RETURN NEW; END IF;"


class Migration(migrations.Migration):
    dependencies = [("billing", "0056_administrator_demands")]

    operations = [
        migrations.RunSQL(USED.format(apart=APART), USED.format(apart="")),
        migrations.RunSQL(FITS.format(skip=SKIP), FITS.format(skip="")),
    ]
