"""The books are stored: entries, their lines and the VAT that falls due, written once and never changed."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

SEQUENCES = """
CREATE SEQUENCE billing_entry_rank;
CREATE SEQUENCE billing_letter_rank;
"""
NO_SEQUENCES = "DROP SEQUENCE billing_letter_rank; DROP SEQUENCE billing_entry_rank;"

FROZEN = """
-- Lines come first, then the entry that seals them.
CREATE FUNCTION public.billing_entry_line_sealed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM billing_journalentry WHERE id = NEW.entry_id) THEN
        RAISE EXCEPTION 'this entry is written: no line can be added' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.billing_entry_balances() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF (SELECT coalesce(sum(cents), 1) FROM billing_journalline WHERE entry_id = NEW.id) <> 0 THEN
        RAISE EXCEPTION 'the debits of this entry are not its credits' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

-- Validated once: the number and its day are filled in, and nothing else ever changes.
CREATE FUNCTION public.billing_entry_frozen() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE free text[] := ARRAY['number', 'validated_on'];
BEGIN
    IF TG_OP = 'DELETE' OR OLD.number IS NOT NULL
        OR (to_jsonb(NEW) - free) IS DISTINCT FROM (to_jsonb(OLD) - free)
    THEN
        RAISE EXCEPTION 'an entry is never edited nor deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER sealed BEFORE INSERT ON billing_journalline
    FOR EACH ROW EXECUTE FUNCTION public.billing_entry_line_sealed();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_journalline
    FOR EACH ROW EXECUTE FUNCTION public.billing_only('letter', 'lettered_on');
CREATE TRIGGER balances BEFORE INSERT ON billing_journalentry
    FOR EACH ROW EXECUTE FUNCTION public.billing_entry_balances();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_journalentry
    FOR EACH ROW EXECUTE FUNCTION public.billing_entry_frozen();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_vatmovement
    FOR EACH ROW EXECUTE FUNCTION public.billing_refuse();
DROP TRIGGER frozen ON billing_payment;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_payment
    FOR EACH ROW EXECUTE FUNCTION public.billing_only(
        'proof_on', 'proof_document', 'credited_on', 'bounced_on', 'bounce_reason', 'meant_for_id', 'remittance_id',
        'missing_since', 'provider_fee_cents');
"""
UNFROZEN = """
DROP TRIGGER frozen ON billing_payment;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_payment
    FOR EACH ROW EXECUTE FUNCTION public.billing_only(
        'proof_on', 'proof_document', 'credited_on', 'bounced_on', 'bounce_reason', 'meant_for_id', 'remittance_id',
        'missing_since');
DROP TRIGGER frozen ON billing_vatmovement;
DROP TRIGGER frozen ON billing_journalentry;
DROP TRIGGER balances ON billing_journalentry;
DROP TRIGGER frozen ON billing_journalline;
DROP TRIGGER sealed ON billing_journalline;
DROP FUNCTION public.billing_entry_frozen(), public.billing_entry_balances(), public.billing_entry_line_sealed();
"""

OPEN = """
CREATE TRIGGER open BEFORE INSERT ON billing_journalentry
    FOR EACH ROW EXECUTE FUNCTION public.billing_day_is_open('on');
"""
NOT_OPEN = "DROP TRIGGER open ON billing_journalentry;"


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0032_registrations_cancelled'),
        ('tenants', '0005_field_names'),
    ]

    operations = [
        migrations.RunSQL(SEQUENCES, NO_SEQUENCES),
        migrations.AddField(
            model_name='payment',
            name='provider_fee_cents',
            field=models.PositiveBigIntegerField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('journal', models.CharField(max_length=12)),
                ('fiscal_year', models.PositiveSmallIntegerField()),
                ('number', models.PositiveIntegerField(null=True)),
                ('validated_on', models.DateField(null=True)),
                ('on', models.DateField()),
                ('source', models.CharField(choices=[('invoice', 'invoice or credit note'), ('payment', 'payment'), ('refund', 'refund'), ('claim', 'claim for late interest')], max_length=8)),
                ('source_id', models.UUIDField()),
                ('event', models.CharField(max_length=80)),
                ('about_id', models.UUIDField(db_index=True, null=True)),
                ('reference', models.CharField(max_length=60)),
                ('label', models.CharField(max_length=200)),
                ('currency', models.CharField(max_length=3)),
                ('created_at', models.DateTimeField()),
                ('rank', models.BigIntegerField(db_default=models.Func(models.Value('billing_entry_rank'), function='nextval'), editable=False)),
            ],
            options={
                'ordering': ('rank',),
                'indexes': [models.Index(fields=['on'], name='billing_entry_on'), models.Index(condition=models.Q(('number', None)), fields=['rank'], name='billing_entry_waiting')],
                'constraints': [models.UniqueConstraint(fields=('source_id', 'event'), name='billing_entry_once'), models.UniqueConstraint(fields=('journal', 'currency', 'fiscal_year', 'number'), name='billing_entry_number_once'), models.CheckConstraint(condition=models.Q(models.Q(('number', None), ('validated_on', None)), models.Q(('number__isnull', False), ('validated_on__isnull', False)), _connector='OR'), name='billing_entry_numbered_when_validated')],
            },
        ),
        migrations.CreateModel(
            name='VatMovement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('on', models.DateField(db_index=True)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('rate_pct', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ('category', models.CharField(max_length=4)),
                ('tax_reason', models.CharField(blank=True, max_length=40)),
                ('nature', models.CharField(max_length=10)),
                ('base_cents', models.BigIntegerField()),
                ('vat_cents', models.BigIntegerField()),
                ('kind', models.CharField(max_length=10)),
                ('label', models.CharField(max_length=120)),
                ('key', models.UUIDField()),
                ('created_at', models.DateTimeField()),
                ('entry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='vat_movements', to='billing.journalentry')),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='vat_movements', to='billing.invoice')),
            ],
            options={
                'ordering': ('on', 'created_at'),
            },
        ),
        migrations.CreateModel(
            name='JournalLine',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField()),
                ('role', models.CharField(max_length=20)),
                ('account', models.CharField(max_length=12)),
                ('kind', models.CharField(blank=True, max_length=12)),
                ('cents', models.BigIntegerField()),
                ('letter', models.CharField(blank=True, max_length=10)),
                ('lettered_on', models.DateField(null=True)),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='journal_lines', to='tenants.customer')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='billing.journalentry')),
            ],
            options={
                'ordering': ('position',),
                'constraints': [models.UniqueConstraint(fields=('entry', 'position'), name='billing_journalline_once'), models.CheckConstraint(condition=models.Q(('cents', 0), _negated=True), name='billing_journalline_moves_something')],
            },
        ),
    ] + [
        migrations.RunSQL(FROZEN, UNFROZEN),
        migrations.RunSQL(OPEN, NOT_OPEN),
    ]
