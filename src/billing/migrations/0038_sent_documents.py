"""What left for a customer is kept as it left, and never changes."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import uuid
from django.db import migrations, models


FROZEN = """
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_sentdocument
    FOR EACH ROW EXECUTE FUNCTION public.billing_refuse();
"""

UNDO = "DROP TRIGGER frozen ON billing_sentdocument;"


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0037_counterparts_of_lines'),
        ('tenants', '0006_notices_of_new_terms'),
    ]

    operations = [
        migrations.CreateModel(
            name='SentDocument',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('channel', models.CharField(choices=[('email', 'by e-mail'), ('letter', 'by post')], max_length=10)),
                ('key', models.CharField(max_length=200, unique=True)),
                ('kind', models.CharField(max_length=100)),
                ('recipient', models.CharField(max_length=300)),
                ('subject', models.CharField(max_length=300)),
                ('about', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ('sent_at', models.DateTimeField()),
                ('content', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sent_documents', to='tenants.customer')),
            ],
            options={
                'ordering': ('-sent_at', '-id'),
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['about'], name='billing_sent_about'), models.Index(fields=['customer', '-sent_at'], name='billing_sent_to')],
            },
        ),
        migrations.RunSQL(FROZEN, UNDO),
    ]
