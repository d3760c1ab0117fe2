"""What is given up of an invoice or a claim for late interest; the database refuses more than is left."""

import django.db.models.deletion
import uuid
from django.db import migrations, models


FITS = """
CREATE FUNCTION public.billing_write_off_fits() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE asked bigint; held bigint;
BEGIN
    IF NEW.invoice_id IS NOT NULL THEN
        SELECT gross_cents INTO asked FROM billing_invoice WHERE id = NEW.invoice_id FOR UPDATE;
        SELECT coalesce(sum(amount_cents), 0) INTO held FROM billing_allocation
            WHERE invoice_id = NEW.invoice_id AND released_at IS NULL;
    ELSE
        PERFORM 1 FROM billing_latestatement WHERE id = NEW.claim_id FOR UPDATE;
        SELECT sum(total_cents) INTO asked FROM billing_latestatement
            WHERE id = NEW.claim_id OR corrects_id = NEW.claim_id;
        SELECT coalesce(sum(amount_cents), 0) INTO held FROM billing_claimallocation
            WHERE claim_id = NEW.claim_id AND released_at IS NULL;
    END IF;
    IF NEW.amount_cents + held + (SELECT coalesce(sum(amount_cents), 0) FROM billing_writeoff
        WHERE undone_on IS NULL AND (invoice_id = NEW.invoice_id OR claim_id = NEW.claim_id)) > asked
    THEN
        RAISE EXCEPTION 'more than is left to pay' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.billing_not_written_off() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE asked bigint; held bigint; lost bigint;
BEGIN
    IF TG_TABLE_NAME = 'billing_allocation' THEN
        SELECT coalesce(sum(amount_cents), 0) INTO lost FROM billing_writeoff
            WHERE invoice_id = NEW.invoice_id AND undone_on IS NULL;
        SELECT gross_cents INTO asked FROM billing_invoice WHERE id = NEW.invoice_id;
        SELECT coalesce(sum(amount_cents), 0) INTO held FROM billing_allocation
            WHERE invoice_id = NEW.invoice_id AND released_at IS NULL;
    ELSE
        SELECT coalesce(sum(amount_cents), 0) INTO lost FROM billing_writeoff
            WHERE claim_id = NEW.claim_id AND undone_on IS NULL;
        SELECT sum(total_cents) INTO asked FROM billing_latestatement
            WHERE id = NEW.claim_id OR corrects_id = NEW.claim_id;
        SELECT coalesce(sum(amount_cents), 0) INTO held FROM billing_claimallocation
            WHERE claim_id = NEW.claim_id AND released_at IS NULL;
    END IF;
    IF lost > 0 AND NEW.amount_cents + held + lost > asked THEN
        RAISE EXCEPTION 'it was written off' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER fits BEFORE INSERT ON billing_writeoff
    FOR EACH ROW EXECUTE FUNCTION public.billing_write_off_fits();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_writeoff
    FOR EACH ROW EXECUTE FUNCTION public.billing_only('undone_on', 'undone_at', 'undo_reason');
CREATE TRIGGER not_written_off BEFORE INSERT ON billing_allocation
    FOR EACH ROW EXECUTE FUNCTION public.billing_not_written_off();
CREATE TRIGGER not_written_off BEFORE INSERT ON billing_claimallocation
    FOR EACH ROW EXECUTE FUNCTION public.billing_not_written_off();
"""

UNDO = """
DROP TRIGGER not_written_off ON billing_claimallocation;
DROP TRIGGER not_written_off ON billing_allocation;
DROP TRIGGER frozen ON billing_writeoff;
DROP TRIGGER fits ON billing_writeoff;
DROP FUNCTION public.billing_not_written_off();
DROP FUNCTION public.billing_write_off_fits();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0040_next_before'),
    ]

    operations = [
        migrations.AlterField(
            model_name='journalentry',
            name='source',
            field=models.CharField(choices=[('invoice', 'invoice or credit note'), ('payment', 'payment'), ('refund', 'refund'), ('claim', 'claim for late interest'), ('writeoff', 'write-off')], max_length=8),
        ),
        migrations.CreateModel(
            name='WriteOff',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('amount_cents', models.PositiveBigIntegerField()),
                ('on', models.DateField()),
                ('reason', models.CharField(choices=[('insolvency', 'insolvency, or liquidation'), ('untraceable', 'debtor gone, or untraceable'), ('unenforceable', 'time-barred, or refused by a court'), ('uneconomic', 'costs more to recover than it is worth'), ('goodwill', 'gesture to the client'), ('other', 'other reason')], max_length=14)),
                ('words', models.CharField(max_length=300)),
                ('is_final', models.BooleanField(default=False)),
                ('parts', models.JSONField(default=list)),
                ('made_by', models.UUIDField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('undone_on', models.DateField(blank=True, null=True)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('undo_reason', models.CharField(blank=True, max_length=300)),
                ('claim', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='write_offs', to='billing.interestclaim')),
                ('invoice', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='write_offs', to='billing.invoice')),
            ],
            options={
                'ordering': ('created_at',),
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_cents__gt', 0)), name='billing_writeoff_positive'), models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', False), ('invoice', None)), models.Q(('claim', None), ('invoice__isnull', False)), _connector='OR'), name='billing_writeoff_about_one'), models.CheckConstraint(condition=models.Q(('undone_on', None), ('undone_on__gte', models.F('on')), _connector='OR'), name='billing_writeoff_in_order')],
            },
        ),
        migrations.RunSQL(FITS, UNDO),
    ]
