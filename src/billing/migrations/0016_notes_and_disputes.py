"""Notes on documents, and disputes of everything that asks for money."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

FROZEN = """
-- A note is never edited nor deleted: only its words can go, once.
CREATE FUNCTION public.billing_note_frozen() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE free text[] := ARRAY['text', 'erased_at', 'erased_by'];
BEGIN
    IF TG_OP = 'DELETE' OR OLD.erased_at IS NOT NULL OR NEW.erased_at IS NULL
        OR (to_jsonb(NEW) - free) IS DISTINCT FROM (to_jsonb(OLD) - free)
    THEN
        RAISE EXCEPTION 'a note is never changed, only erased' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_note
    FOR EACH ROW EXECUTE FUNCTION public.billing_note_frozen();
CREATE INDEX billing_note_words ON billing_note USING gin (to_tsvector('simple', public.name_key(text)));
"""
UNDO = """
DROP INDEX billing_note_words;
DROP TRIGGER frozen ON billing_note;
DROP FUNCTION public.billing_note_frozen();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0015_references'),
        ('tenants', '0002_public_bodies'),
    ]

    operations = [
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('customer', 'customer'), ('quote', 'quote'), ('order', 'order'), ('invoice', 'invoice'), ('payment', 'payment'), ('claim', 'claim'), ('pro_forma', 'pro forma'), ('subscription', 'subscription')], max_length=12)),
                ('subject_id', models.UUIDField()),
                ('text', models.TextField(blank=True)),
                ('written_at', models.DateTimeField()),
                ('written_by', models.UUIDField(blank=True, null=True)),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
                ('erased_by', models.UUIDField(blank=True, null=True)),
            ],
            options={
                'ordering': ('-written_at',),
            },
        ),
        migrations.AddField(
            model_name='dispute',
            name='claim',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='billing.latestatement'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='pro_forma',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='billing.proforma'),
        ),
        migrations.AlterField(
            model_name='dispute',
            name='invoice',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='billing.invoice'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('claim',), name='billing_dispute_one_a_claim'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('pro_forma',), name='billing_dispute_one_a_pro_forma'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('claim', None), ('invoice__isnull', False), ('pro_forma', None)), models.Q(('claim__isnull', False), ('invoice', None), ('pro_forma', None)), models.Q(('claim', None), ('invoice', None), ('pro_forma__isnull', False)), _connector='OR'), name='billing_dispute_about_one'),
        ),
        migrations.AddField(
            model_name='note',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='tenants.customer'),
        ),
        migrations.AddIndex(
            model_name='note',
            index=models.Index(fields=['kind', 'subject_id'], name='billing_note_subject'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('erased_at', None), models.Q(('text', ''), _negated=True)), models.Q(('erased_at__isnull', False), ('text', '')), _connector='OR'), name='billing_note_words_or_erased'),
        ),
        migrations.RunSQL(FROZEN, UNDO),
    ]
