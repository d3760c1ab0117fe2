"""Money received: what it was sent for, what was given back, slips, statements, payments online."""

import django.db.models.deletion
import uuid
from django.db import migrations, models


FUNCTIONS = """
-- Nobody pays more of an invoice than it asks, nor gives or gives back more of a payment than it brought.
CREATE OR REPLACE FUNCTION public.billing_allocation_fits() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE asked bigint; brought bigint;
BEGIN
    SELECT gross_cents INTO asked FROM billing_invoice WHERE id = NEW.invoice_id FOR UPDATE;
    IF NEW.amount_cents + (SELECT coalesce(sum(amount_cents), 0) FROM billing_allocation
        WHERE invoice_id = NEW.invoice_id AND released_at IS NULL) > asked
    THEN
        RAISE EXCEPTION 'more than the invoice asks' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.payment_id IS NOT NULL THEN
        SELECT amount_cents INTO brought FROM billing_payment WHERE id = NEW.payment_id FOR UPDATE;
        IF NEW.amount_cents + public.billing_payment_used(NEW.payment_id) > brought THEN
            RAISE EXCEPTION 'more than the payment brought' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
"""

USED = """
CREATE FUNCTION public.billing_payment_used(payment uuid) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT coalesce((SELECT sum(amount_cents) FROM billing_allocation
            WHERE payment_id = payment AND released_at IS NULL), 0)::bigint
        + coalesce((SELECT sum(amount_cents) FROM billing_refund
            WHERE payment_id = payment AND failed_on IS NULL), 0)::bigint
$$;

CREATE FUNCTION public.billing_refund_fits() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE brought bigint;
BEGIN
    SELECT amount_cents INTO brought FROM billing_payment WHERE id = NEW.payment_id FOR UPDATE;
    IF NEW.amount_cents + public.billing_payment_used(NEW.payment_id) > brought THEN
        RAISE EXCEPTION 'more than the payment brought' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""

TRIGGERS = """
DROP TRIGGER frozen ON billing_payment;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_payment
    FOR EACH ROW EXECUTE FUNCTION public.billing_only(
        'proof_on', 'proof_document', 'credited_on', 'bounced_on', 'bounce_reason', 'meant_for_id', 'remittance_id',
        'missing_since');
DROP TRIGGER frozen ON billing_allocation;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_allocation
    FOR EACH ROW EXECUTE FUNCTION public.billing_only('released_at', 'release_reason');
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_refund
    FOR EACH ROW EXECUTE FUNCTION public.billing_only('made_on', 'failed_on', 'provider_id');
CREATE TRIGGER fits BEFORE INSERT ON billing_refund
    FOR EACH ROW EXECUTE FUNCTION public.billing_refund_fits();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_bankline
    FOR EACH ROW EXECUTE FUNCTION public.billing_only('state', 'reason', 'payment_id', 'remittance_id');
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_remittance
    FOR EACH ROW EXECUTE FUNCTION public.billing_only('deposited_on');
"""

MEANT = """
UPDATE billing_payment p SET meant_for_id = (
    SELECT a.invoice_id FROM billing_allocation a WHERE a.payment_id = p.id ORDER BY a.allocated_at LIMIT 1);
"""

UNDO = """
DROP TRIGGER frozen ON billing_remittance;
DROP TRIGGER frozen ON billing_bankline;
DROP TRIGGER fits ON billing_refund;
DROP TRIGGER frozen ON billing_refund;
DROP FUNCTION public.billing_refund_fits();
CREATE OR REPLACE FUNCTION public.billing_allocation_fits() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE asked bigint; brought bigint;
BEGIN
    SELECT gross_cents INTO asked FROM billing_invoice WHERE id = NEW.invoice_id FOR UPDATE;
    IF NEW.amount_cents + (SELECT coalesce(sum(amount_cents), 0) FROM billing_allocation
        WHERE invoice_id = NEW.invoice_id AND released_at IS NULL) > asked
    THEN
        RAISE EXCEPTION 'more than the invoice asks' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.payment_id IS NOT NULL THEN
        SELECT amount_cents INTO brought FROM billing_payment WHERE id = NEW.payment_id FOR UPDATE;
        IF NEW.amount_cents + (SELECT coalesce(sum(amount_cents), 0) FROM billing_allocation
            WHERE payment_id = NEW.payment_id AND released_at IS NULL) > brought
        THEN
            RAISE EXCEPTION 'more than the payment brought' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
DROP FUNCTION public.billing_payment_used(uuid);
DROP TRIGGER frozen ON billing_payment;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_payment
    FOR EACH ROW EXECUTE FUNCTION public.billing_only(
        'proof_on', 'proof_document', 'credited_on', 'bounced_on', 'bounce_reason');
DROP TRIGGER frozen ON billing_allocation;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_allocation
    FOR EACH ROW EXECUTE FUNCTION public.billing_only('released_at');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0004_subscriptions'),
    ]

    operations = [
        migrations.CreateModel(
            name='BankStatement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('file_name', models.CharField(max_length=200)),
                ('format', models.CharField(max_length=20)),
                ('reference', models.CharField(blank=True, max_length=80)),
                ('starts_on', models.DateField(blank=True, null=True)),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('known_lines', models.PositiveIntegerField(default=0)),
                ('read_by', models.UUIDField(blank=True, null=True)),
                ('read_at', models.DateTimeField()),
            ],
            options={
                'ordering': ('-read_at',),
            },
        ),
        migrations.CreateModel(
            name='CsvMapping',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80, unique=True)),
                ('delimiter', models.CharField(default=';', max_length=1)),
                ('day_format', models.CharField(default='%d/%m/%Y', max_length=20)),
                ('columns', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='Remittance',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=35, unique=True)),
                ('made_on', models.DateField()),
                ('deposited_on', models.DateField(blank=True, null=True)),
                ('currency', models.CharField(default='EUR', max_length=3)),
                ('made_by', models.UUIDField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ('-created_at',),
            },
        ),
        migrations.AddField(
            model_name='allocation',
            name='release_reason',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='payment',
            name='meant_for',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='meant_payments', to='billing.invoice'),
        ),
        migrations.AddField(
            model_name='payment',
            name='missing_since',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='payment',
            name='provider_id',
            field=models.CharField(blank=True, max_length=80, null=True, unique=True),
        ),
        migrations.AlterField(
            model_name='payment',
            name='method',
            field=models.CharField(choices=[('cheque', 'cheque'), ('transfer', 'transfer'), ('card', 'card'), ('debit', 'SEPA debit')], max_length=10),
        ),
        migrations.CreateModel(
            name='Checkout',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('amount_cents', models.PositiveBigIntegerField()),
                ('currency', models.CharField(default='EUR', max_length=3)),
                ('session_id', models.CharField(blank=True, max_length=120, null=True, unique=True)),
                ('intent_id', models.CharField(blank=True, max_length=80, null=True, unique=True)),
                ('state', models.CharField(choices=[('open', 'open'), ('processing', 'on its way'), ('paid', 'paid'), ('failed', 'refused'), ('expired', 'expired')], default='open', max_length=12)),
                ('started_at', models.DateTimeField()),
                ('looked_at', models.DateTimeField(blank=True, null=True)),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='checkouts', to='billing.contact')),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checkouts', to='billing.invoice')),
                ('payment', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='checkout', to='billing.payment')),
            ],
            options={
                'ordering': ('-started_at',),
            },
        ),
        migrations.CreateModel(
            name='ProviderEvent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('event_id', models.CharField(max_length=120, unique=True)),
                ('kind', models.CharField(max_length=80)),
                ('session_id', models.CharField(blank=True, max_length=120)),
                ('intent_id', models.CharField(blank=True, max_length=80)),
                ('received_at', models.DateTimeField()),
                ('handled_at', models.DateTimeField(blank=True, null=True)),
                ('checkout', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='billing.checkout')),
            ],
            options={
                'ordering': ('-received_at',),
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('amount_cents', models.PositiveBigIntegerField()),
                ('reason', models.CharField(max_length=300)),
                ('asked_at', models.DateTimeField()),
                ('asked_on', models.DateField()),
                ('asked_by', models.UUIDField(blank=True, null=True)),
                ('made_on', models.DateField(blank=True, null=True)),
                ('failed_on', models.DateField(blank=True, null=True)),
                ('provider_id', models.CharField(blank=True, max_length=80, null=True, unique=True)),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='billing.payment')),
            ],
            options={
                'ordering': ('asked_at',),
            },
        ),
        migrations.CreateModel(
            name='BankLine',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField()),
                ('fingerprint', models.CharField(max_length=64, unique=True)),
                ('booked_on', models.DateField()),
                ('amount_cents', models.BigIntegerField()),
                ('currency', models.CharField(default='EUR', max_length=3)),
                ('name', models.CharField(blank=True, max_length=140)),
                ('text', models.CharField(blank=True, max_length=500)),
                ('reference', models.CharField(blank=True, max_length=80)),
                ('state', models.CharField(choices=[('waiting', 'to be matched'), ('applied', 'applied'), ('set_aside', 'set aside')], default='waiting', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('payment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bank_lines', to='billing.payment')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='billing.bankstatement')),
                ('remittance', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bank_lines', to='billing.remittance')),
            ],
            options={
                'ordering': ('statement', 'position'),
            },
        ),
        migrations.AddField(
            model_name='payment',
            name='remittance',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cheques', to='billing.remittance'),
        ),
        migrations.AddConstraint(
            model_name='checkout',
            constraint=models.CheckConstraint(condition=models.Q(('amount_cents__gt', 0)), name='billing_checkout_positive'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('amount_cents__gt', 0)), name='billing_refund_positive'),
        ),
        migrations.RunSQL(USED + FUNCTIONS + TRIGGERS + MEANT, UNDO),
    ]
